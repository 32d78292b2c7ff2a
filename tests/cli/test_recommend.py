import json
import os
from dataclasses import replace
from typing import Any

import pytest

from ilgi.language import LANGUAGES
from ilgi.ranking.filters import Filters

KEYS = ["language", "sure", "care", "mood", "emotions", "affect", "labels", "items"]
ITEM_KEYS = ["rank", "id", "title", "title_ko", "year", "labels", "score", "goal", "reasons", "evidence", "by"]
KOREAN = "오늘 의자를 치웠다. 방이 넓어 보여서 한참 서 있었다."
ENGLISH = "I moved his chair out today. The room looked too wide."


def test_json_has_the_promised_keys(ilgi: Any, fake: Any) -> None:
    result = ilgi("recommend", KOREAN, "--json")
    assert (result.code, result.err) == (0, "")
    answer = json.loads(result.out)
    assert list(answer)[: len(KEYS)] == KEYS
    assert answer["language"] == "ko"
    assert answer["sure"] is True
    assert answer["care"] is None
    assert list(answer["mood"]) == ["joy", "optimism", "anger", "sadness"]
    assert abs(sum(answer["mood"].values()) - 1) <= 1e-6
    assert set(answer["emotions"]) == set(fake.reader.columns)
    assert set(answer["affect"]) == {"valence", "arousal"}
    assert list(answer["labels"]) == ["Comedy", "Drama", "Horror"]
    assert [item["rank"] for item in answer["items"]] == [1, 2, 3]
    for item in answer["items"]:
        assert list(item)[: len(ITEM_KEYS)] == ITEM_KEYS
        assert item["reasons"] == list(fake.reasons)
        assert list(item["evidence"][0]) == ["sentence", "emotion", "trait", "basis"]
    first, second = answer["items"][:2]
    assert (first["id"], first["title"], first["title_ko"], first["year"]) == ("test:1", "Film 1", "영화 1", 2001)
    assert second["title_ko"] is None
    assert second["labels"] == ["Drama"]
    assert first["score"] == 0.323333


def test_json_is_readable_and_the_same_each_time(ilgi: Any, fake: Any) -> None:
    once, twice = (ilgi("recommend", KOREAN, "--json").out for _ in range(2))
    assert once == twice
    assert "영화 1" in once
    assert once.count("\n") == 1


def test_an_item_without_an_english_title_has_its_original(ilgi: Any, fake: Any) -> None:
    titles = {"en": ("",) * 7, "ko": ("",) * 7, "original": ("Yi yi",) * 7}
    fake.catalog = replace(fake.catalog, titles=titles, year=fake.catalog.year * 0)
    item = json.loads(ilgi("recommend", "x", "--json").out)["items"][0]
    assert (item["title"], item["title_ko"], item["year"]) == ("Yi yi", None, None)


NO_FILTERS = Filters(labels=[], without_labels=[], languages=[], exclude=[])


def test_options_reach_the_recommender(ilgi: Any, fake: Any) -> None:
    ilgi("recommend", KOREAN)
    usual = {"n": 3, "goal": "auto", "diversity": 0.3, "language": None, "filters": NO_FILTERS}
    assert fake.asked[-1] == (KOREAN, usual)
    ilgi("recommend", ENGLISH, "-n", "2", "--language", "ko", "--genre", "drama", "--label", "코미디")
    wanted = replace(NO_FILTERS, labels=["Drama", "Comedy"])
    assert fake.asked[-1] == (ENGLISH, {**usual, "n": 2, "language": "ko", "filters": wanted})
    ilgi("recommend", ENGLISH, "--goal", "Lift", "--diversity", "0", "--without-genre", "공포", "--original", "KO")
    wanted = replace(NO_FILTERS, without_labels=["Horror"], languages=["ko"])
    assert fake.asked[-1] == (ENGLISH, {**usual, "goal": "lift", "diversity": 0.0, "filters": wanted})
    ilgi("recommend", ENGLISH, "--years", "1990-1999")
    wanted = replace(NO_FILTERS, first_year=1990, last_year=1999)
    assert fake.asked[-1] == (ENGLISH, {**usual, "filters": wanted})


def test_years_that_are_none_are_refused(ilgi: Any, fake: Any) -> None:
    refused = ilgi("recommend", ENGLISH, "--years", "nineties")
    assert refused.code == 2
    assert "write 1999, 1990-1999" in refused.err
    assert not fake.asked


@pytest.mark.parametrize(
    "arguments",
    [
        ("x", "--exclude", "test:1", "--exclude", "test:2"),
        ("x", "--exclude", "test:1", "test:2"),
        ("--exclude", "test:1", "test:2", "x"),
        ("--exclude=test:1", "x", "--exclude=test:2"),
    ],
)
def test_ids_may_be_left_out_in_either_way_of_writing(ilgi: Any, fake: Any, arguments: Any) -> None:
    result = ilgi("recommend", "--json", *arguments)
    assert fake.asked[-1][0] == "x"
    assert [item["id"] for item in json.loads(result.out)["items"]] == ["test:3", "test:4", "test:5"]


def test_more_than_the_catalogue_gives_all_of_it(ilgi: Any, fake: Any) -> None:
    items = json.loads(ilgi("recommend", "x", "--json", "-n", "1000").out)["items"]
    assert [item["id"] for item in items] == list(fake.catalog.ids)


def test_the_setting_decides_where_no_language_is_given(ilgi: Any, fake: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("ILGI_LANGUAGE", "ko")
    ilgi("recommend", ENGLISH)
    assert fake.asked[-1][1]["language"] == "ko"
    ilgi("recommend", ENGLISH, "--language", "auto")
    assert fake.asked[-1][1]["language"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_get_a_line_three_films_and_what_to_try(ilgi: Any, fake: Any, language: str) -> None:
    result = ilgi("recommend", KOREAN if language == "ko" else ENGLISH)
    assert result.code == 0
    lines = result.out.splitlines()
    headline = {"ko": "슬픔과 두려움이 함께 묻어나는 하루로 읽혔어요.", "en": "Reads as a day of sadness and fear."}
    assert lines[0] == headline[language]
    films = [line for line in lines if line[:3].strip().isdigit()]
    assert len(films) == 3
    assert lines.count("     A reason that fits on one line.") == 3
    assert "Another one." not in result.out
    assert "--details" in lines[-1]
    assert "0." not in result.out
    titles = {"ko": ("〈영화 1〉", "2001 · 코미디"), "en": ("Film 1", "2001 · comedy")}
    assert all(part in films[0] for part in titles[language])


def test_not_sure_says_so_and_still_answers(ilgi: Any, fake: Any) -> None:
    fake.reader.changes = {"sure": False, "leading": ("sadness",)}
    result = ilgi("recommend", "ㅇㅇ 그냥")
    assert result.out.startswith("오늘 글만으로는 마음을 잘 모르겠어요. 한 단어만 알려 주면 다시 고를게요.\n")
    assert result.out.count("〈") == 3
    english = ilgi("recommend", "ok then")
    assert english.out.startswith("I can't quite tell from this. One word from you and I'll choose again.\n")


def test_nothing_left(ilgi: Any, fake: Any) -> None:
    everything = [argument for item in fake.catalog.ids for argument in ("--exclude", item)]
    result = ilgi("recommend", ENGLISH, *everything)
    assert result.code == 0
    assert "Nothing is left" in result.out
    assert json.loads(ilgi("recommend", ENGLISH, "--json", *everything).out)["items"] == []


def test_figures_only_with_details(ilgi: Any, fake: Any) -> None:
    result = ilgi("recommend", KOREAN, "--details")
    assert result.code == 0, result.err
    for part in ("0.33", "+1.8 σ", "0.400", "0.300", "+0.44", "0.3233", "Another one.", "0.75"):
        assert part in result.out
    assert not set("█│─┃╭|\x1b") & set(result.out)


HOSTILE = (
    "끝 [/x] 내", "[sad]", "[red]x[/red]", 'say "hi"', "it's", "\x1b[31mred\x1b[0m", "a\x07b\x08c", ":smile:",
    "\u202eevil", "{0}", "%s", "\\[x]", "https://example.com [link=https://a]b[/link]",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_what_was_written_is_never_markup(ilgi: Any, fake: Any, words: str) -> None:
    """In titles, reasons and sentences; control characters are gone, everything else stands as it was."""
    shown = " ".join("".join(c for c in words if c != "\u202e").translate(dict.fromkeys(range(32), " ")).split())
    fake.catalog = replace(fake.catalog, titles={"en": (words,) * 7, "ko": (words,) * 7})
    fake.reasons = (words,)
    for text in (f"오늘 {words}", f"today {words}"):
        for arguments in ((), ("--details",)):
            result = ilgi("recommend", text, *arguments)
            assert result.code == 0, result.err
            assert fake.asked[-1][0] == text
            assert result.out.count(shown) >= 6
            assert not [c for c in result.out if ord(c) < 32 and c != "\n"]
        assert ilgi("emotions", text).code == 0
        assert words in json.loads(ilgi("recommend", text, "--json").out)["items"][0]["title"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x", "-n", "0"), "at least 1"),
        (("x", "-n", "many"), "-n"),
        (("x", "--genre", "Drma"), "did you mean 'Drama'?"),
        (("x", "--language", "fr"), "'auto', 'ko', 'en'"),
        (("x", "--jsn"), "--json"),
        (("   ",), "empty"),
        (("",), "empty"),
        (("--file", "/no/such/file"), "No such file"),
        (("--file", os.curdir), "directory"),
        ((), "empty"),
        (("two", "texts"), "quotes"),
    ],
)
def test_what_the_caller_can_mend_is_one_line_and_code_2(ilgi: Any, fake: Any, arguments: Any, message: str) -> None:
    result = ilgi("recommend", *arguments)
    assert result.code == 2
    assert result.out == ""
    assert result.err.startswith("ilgi: ")
    assert result.err.count("\n") == 1
    assert message in result.err


def test_another_model_on_the_same_catalogue(ilgi: Any, fake: Any, monkeypatch: Any) -> None:
    """A model that cannot be found is an error of one line, before anything is read."""
    monkeypatch.undo()
    result = ilgi("recommend", "x", "--model", "onnx:/no/such/folder")
    assert result.code == 2
    assert result.err.count("\n") == 1


def test_an_id_that_is_not_there_is_said_and_the_answer_comes(ilgi: Any, fake: Any) -> None:
    result = ilgi("recommend", KOREAN, "--exclude", "429", "--exclude", "nope:1")
    assert result.code == 0
    assert result.err.count("\n") == 1
    assert "429, nope:1" in result.err
    assert KOREAN not in result.err
    assert result.out


def test_a_lone_word_that_looks_like_an_id_is_the_diary(ilgi: Any, fake: Any) -> None:
    assert ilgi("recommend", "todo:wash", "--exclude", "test:1").code == 0
    assert fake.asked[-1][0] == "todo:wash"


def test_the_offer_of_more_goes_on_from_what_was_shown(ilgi: Any, fake: Any) -> None:
    assert "-n 4" in ilgi("recommend", KOREAN, "-n", "2").out
