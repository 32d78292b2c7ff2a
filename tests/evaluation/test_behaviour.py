import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ilgi.arrays import FloatMatrix
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.reading import Reader
from ilgi.emotion.sentences import split_sentences
from ilgi.errors import DataError, InputError
from ilgi.evaluation.behaviour import (
    CHECKS,
    CLASSES,
    Case,
    PassRate,
    behaviour_cases,
    check_case,
    check_cases,
    pass_rates,
)
from ilgi.language import detect_language
from ilgi.training.emotion.diaries import diary_entries
from ilgi.training.emotion.sentences import labelled_sentences
from ilgi.vocabulary import Vocabulary

COLUMNS = ("joy", "neutral", "mood_joy", "mood_optimism", "mood_anger", "mood_sadness", "valence", "arousal")
SCORES = {
    "glad": (0.9, 0.1, 0.7, 0.2, 0.05, 0.05, 0.9, 0.6),
    "pleased": (0.6, 0.2, 0.6, 0.2, 0.10, 0.10, 0.81, 0.5),
    "fine": (0.2, 0.4, 0.4, 0.3, 0.10, 0.20, 0.5, 0.3),
    "hopeful": (0.4, 0.2, 0.2, 0.6, 0.10, 0.10, 0.85, 0.5),
    "low": (0.0, 0.3, 0.1, 0.1, 0.20, 0.60, 0.2, 0.2),
    "torn": (0.1, 0.3, 0.1, 0.1, 0.40, 0.40, 0.3, 0.4),
    "plain": (0.0, 0.8, 0.25, 0.25, 0.25, 0.25, 0.5, 0.1),
}
"""Word → the row that a text of this word gets."""


class Known(EmotionModel):
    emotions = Vocabulary(COLUMNS, kind="emotion")

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        self.batches.append(list(texts))
        return np.array([SCORES[text] for text in texts], dtype=np.float32)


def case(check: str, *texts: str, name: str = "a", kind: str = "negation", moods: str = "", side: str = "") -> Case:
    return Case(name, "en", kind, check, texts, tuple(moods.split()), side)


@pytest.mark.parametrize(
    ("tried", "passes"),
    [
        (case("mood_in", "glad", moods="joy"), True),
        (case("mood_in", "glad", moods="optimism joy"), True),
        (case("mood_in", "glad", moods="optimism anger sadness"), False),
        (case("mood_in", "torn", moods="anger sadness"), True),
        (case("mood_in", "torn", moods="anger"), False),
        (case("mood_in", "plain", moods="joy"), False),
        (case("valence_side", "fine", side="high"), True),
        (case("valence_side", "fine", side="low"), False),
        (case("valence_side", "low", side="low"), True),
        (case("valence_side", "low", side="high"), False),
        (case("valence_above", "glad", "pleased"), True),
        (case("valence_above", "pleased", "glad"), False),
        (case("valence_above", "glad", "glad"), False),
        (case("arousal_above", "torn", "low"), True),
        (case("arousal_above", "low", "torn"), False),
        (case("arousal_above", "pleased", "hopeful"), False),
        (case("invariant", "glad", "pleased"), True),
        (case("invariant", "glad", "fine"), False),
        (case("invariant", "glad", "hopeful"), False),
        (case("plain", "plain"), True),
        (case("plain", "fine"), False),
        (case("plain", "glad"), False),
    ],
    ids=lambda value: f"{value.check} {' '.join(value.texts)}" if isinstance(value, Case) else str(value),
)
def test_each_check_is_what_it_says(tried: Case, passes: bool) -> None:
    readings = Reader(Known(), None).read_many(tried.texts)
    assert check_case(tried, readings) is passes


def test_what_is_not_sure_is_plain_too() -> None:
    assert check_case(case("plain", "fine"), Reader(Known(), None, sure_below=0.3).read_many(["fine"]))


def test_readings_must_fit_the_case() -> None:
    readings = Reader(Known(), None).read_many(["glad"])
    with pytest.raises(InputError, match="2 texts, not 1"):
        check_case(case("invariant", "glad", "low"), readings)
    with pytest.raises(InputError, match="unknown check"):
        check_case(case("guess", "glad"), readings)


def test_rates_count_by_class_and_read_all_texts_together() -> None:
    cases = [
        case("valence_side", "glad", name="s1", kind="sarcasm", side="low"),
        case("valence_above", "glad", "low", name="n1"),
        case("valence_above", "low", "glad", name="n2"),
        case("invariant", "glad", "pleased", name="n3"),
        case("mood_in", "low", name="n4", moods="sadness"),
    ]
    model = Known()
    rates = pass_rates(Reader(model, None), cases)
    assert list(rates.items()) == [("negation", PassRate(4, ("n2",))), ("sarcasm", PassRate(1, ("s1",)))]
    assert (rates["negation"].passed, rates["negation"].rate) == (3, 0.75)
    assert [len(batch) for batch in model.batches] == [8]
    passed = check_cases(Reader(model, None), cases)
    assert passed == {"s1": False, "n1": True, "n2": False, "n3": True, "n4": True}
    assert pass_rates(Reader(model, None), []) == {}


GOOD = {"id": "a", "language": "en", "class": "negation", "check": "mood_in", "texts": ["secret"], "moods": ["joy"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": ""}, "id"),
        ({"id": 3}, "id"),
        ({"language": "fr"}, "language"),
        ({"class": "irony"}, "class"),
        ({"class": ["negation"]}, "class"),
        ({"check": "guess"}, "check"),
        ({"check": []}, "check"),
        ({"check": "plain"}, "too many: moods"),
        ({"side": "low"}, "too many: side"),
        ({"texts": "secret"}, "list of texts"),
        ({"texts": ["secret", " "]}, "list of texts"),
        ({"texts": ["secret", "secret too"]}, "takes 1 texts, not 2"),
        ({"moods": []}, "moods"),
        ({"moods": ["fear"]}, "moods"),
        ({"moods": ["joy", "joy"]}, "moods"),
        ({"moods": ["joy", "optimism", "anger", "sadness"]}, "moods"),
    ],
)
def test_a_bad_line_is_named_without_its_text(tmp_path: Path, change: dict[str, object], words: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in (GOOD, GOOD | {"id": "b"} | change)))
    with pytest.raises(DataError, match=f"cases.jsonl line 2.*{words}") as caught:
        behaviour_cases(file)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 1 is not JSON"),
        ("[]", "line 1 .* no object"),
        (json.dumps(GOOD) + "\n" + json.dumps(GOOD), "line 2.*twice"),
    ],
)
def test_lines_that_are_no_new_object(tmp_path: Path, line: str, words: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(line)
    with pytest.raises(DataError, match=words):
        behaviour_cases(file)


def test_a_side_and_a_missing_field(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    sided = {key: value for key, value in GOOD.items() if key != "moods"} | {"check": "valence_side"}
    file.write_text(json.dumps(sided))
    with pytest.raises(DataError, match="side"):
        behaviour_cases(file)
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps(sided | {"side": "left"}))
    with pytest.raises(DataError, match="neither high nor low"):
        behaviour_cases(other)
    with pytest.raises(DataError, match="cannot be read"):
        behaviour_cases(tmp_path / "none.jsonl")


def test_there_are_enough_cases_of_each_class_in_both_languages() -> None:
    cases = behaviour_cases()
    assert len(cases) >= 240
    assert {c.check for c in cases} == set(CHECKS)
    counts = Counter((c.kind, c.language) for c in cases)
    assert set(counts) == {(kind, language) for kind in CLASSES for language in ("ko", "en")}
    assert min(counts.values()) >= 9
    assert all(counts[kind, "ko"] == counts[kind, "en"] for kind in CLASSES)


def test_no_id_and_no_text_stands_twice() -> None:
    cases = behaviour_cases()
    texts = [text for c in cases for text in c.texts]
    assert len({c.id for c in cases}) == len(cases)
    assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_every_text_is_in_its_language_and_of_its_length() -> None:
    for c in behaviour_cases():
        for text in c.texts:
            assert detect_language(text) == c.language, text
            if c.kind == "very_long":
                assert 8 <= len(split_sentences(text)) <= 14, text
            if c.kind == "very_short":
                assert len(text.split()) <= 3, text
            if c.kind == "mixed_language" and not set("ㅋㅠ") & set(text):
                assert any("가" <= letter <= "힣" for letter in text), text
                assert any("a" <= letter <= "z" for letter in text), text


def test_names_and_places_never_matter() -> None:
    assert {c.check for c in behaviour_cases() if c.kind == "names_places"} == {"invariant"}
    assert {c.check for c in behaviour_cases() if c.kind == "no_emotion"} == {"plain"}


def test_no_model_of_ours_learns_from_a_case() -> None:
    def letters(text: str) -> str:
        return "".join(filter(str.isalnum, text.casefold()))

    learned = {letters(entry.text) for entry in diary_entries()} | {letters(text) for text, _ in labelled_sentences()}
    assert [c.id for c in behaviour_cases() if any(letters(text) in learned for text in c.texts)] == []
