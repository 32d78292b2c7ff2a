from collections import Counter

import pytest

from ilgi.errors import DataError
from ilgi.evaluation.behaviour import behaviour_cases
from ilgi.training.emotion.data import text_hash
from ilgi.training.emotion.diaries import diary_entries
from ilgi.training.emotion.moments import NO_MOOD, moment_of, moments
from ilgi.words import MOODS

ROW = {"mood": "joy", "emotions": "joy,relief", "valence": "0.8", "arousal": "0.4", "text": "It rained, at last."}


def test_there_are_many_in_each_language_and_each_stands_once() -> None:
    counts = Counter(moment.language for moment in moments())
    assert counts["ko"] >= 1500
    assert counts["en"] >= 1500
    hashes = [text_hash(moment.text) for moment in moments()]
    assert len(set(hashes)) == len(hashes)


def test_areas_of_life_have_every_mood_as_often() -> None:
    for language in ("ko", "en"):
        moods = Counter(m.mood for m in moments() if m.language == language and m.area != "language")
        assert set(moods) == set(MOODS)
        assert max(moods.values()) < 1.1 * min(moods.values())


def test_plain_facts_have_no_mood() -> None:
    plain = [m for m in moments() if m.mood == NO_MOOD]
    assert len(plain) > 100
    assert all(0.3 <= m.valence <= 0.7 for m in plain)


def test_none_is_a_diary_entry_too() -> None:
    entries = {text_hash(entry.text) for entry in diary_entries()}
    assert not entries & {text_hash(moment.text) for moment in moments()}


def test_none_is_a_behaviour_case_in_other_words() -> None:
    def pieces(text: str) -> set[str]:
        joined = "".join(text.lower().split())
        return {joined[i : i + 4] for i in range(len(joined) - 3)} or {joined}

    cases = [pieces(text) for case in behaviour_cases() for text in case.texts]
    having: dict[str, list[int]] = {}
    for number, case in enumerate(cases):
        for piece in case:
            having.setdefault(piece, []).append(number)
    for moment in moments():
        own = pieces(moment.text)
        for number, shared in Counter(n for piece in own for n in having.get(piece, ())).items():
            assert shared / (len(own) + len(cases[number]) - shared) <= 0.3, moment.text


def test_a_row_becomes_a_moment() -> None:
    moment = moment_of(ROW, "en", "home", "here")
    assert (moment.mood, moment.emotions, moment.valence) == ("joy", ("joy", "relief"), 0.8)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mood": "calm"}, "does not exist"),
        ({"emotions": "bliss"}, "does not exist"),
        ({"valence": "much"}, "is not a moment"),
        ({"valence": "It rained, at last."}, "is not a moment"),
        ({"arousal": "1.5"}, "outside"),
    ],
)
def test_a_bad_row_is_named_without_its_text(change: dict[str, str], words: str) -> None:
    with pytest.raises(DataError, match=r"en/home\.tsv row 3") as caught:
        moment_of({**ROW, **change}, "en", "home", "en/home.tsv row 3")
    assert words in str(caught.value)
    assert "rained" not in str(caught.value)
