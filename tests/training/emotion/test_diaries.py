from collections import Counter

import pytest

from ilgi.errors import DataError
from ilgi.language import detect_language
from ilgi.training.emotion import diaries
from ilgi.training.emotion.diaries import (
    VALIDATION_THEMES,
    _entry,
    cohens_kappa,
    diary_entries,
    second_labels,
)
from ilgi.words import GOEMOTIONS, MOODS


def test_there_are_enough_in_each_language() -> None:
    counts = Counter(entry.language for entry in diary_entries())
    assert counts["ko"] >= 1500
    assert counts["en"] >= 1500


def test_every_entry_is_written_in_its_language_and_stands_once() -> None:
    entries = diary_entries()
    assert len({entry.id for entry in entries}) == len(entries)
    assert len({entry.text for entry in entries}) == len(entries)
    wrong = [entry.id for entry in entries if detect_language(entry.text) != entry.language]
    assert wrong == []


def test_no_mood_outweighs_the_others() -> None:
    for language in ("ko", "en"):
        moods = Counter(entry.mood for entry in diary_entries() if entry.language == language)
        assert set(moods) == set(MOODS)
        assert max(moods.values()) < 1.2 * min(moods.values())


def test_most_never_name_a_feeling() -> None:
    named = [entry.named for entry in diary_entries()]
    assert sum(named) < 0.3 * len(named)


def test_held_out_themes_exist_in_both_languages() -> None:
    for language in ("ko", "en"):
        held = {entry.theme for entry in diary_entries() if entry.held_out and entry.language == language}
        assert held == VALIDATION_THEMES


GOOD = (
    '{"id": "x", "text": "Rain.", "mood": "joy", "emotions": ["joy"], "valence": 0.5, "arousal": 0.5, "turn": "none",'
    ' "named": false, "style": "plain"}'
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("{", "", 1), "line 3 is not a diary entry"),
        (('"mood": "joy"', '"mood": "calm"', 1), "does not exist"),
        (('["joy"]', "[]", 1), "does not exist"),
        (('"valence": 0.5', '"valence": 5', 1), "outside 0"),
        (('"arousal": 0.5, ', "", 1), "line 3 is not a diary entry"),
    ],
)
def test_a_line_that_is_no_entry_is_named(change: tuple[str, str, int], words: str) -> None:
    assert _entry(GOOD, "en", "t", "line 3").mood == "joy"
    with pytest.raises(DataError, match=words):
        _entry(GOOD.replace(*change), "en", "t", "line 3")


def test_they_ship_with_the_package() -> None:
    assert (diaries.FOLDER / "README.md").is_file()


def test_every_held_out_entry_has_a_blind_second_label() -> None:
    held = {entry.id for entry in diary_entries() if entry.held_out}
    assert set(second_labels()) == held
    for label in second_labels().values():
        assert label.mood in MOODS
        assert label.or_mood in {"", *MOODS}
        assert label.confidence in {1, 2, 3}
        assert 0 <= label.valence <= 1
        assert set(label.emotions) <= set(GOEMOTIONS)


def test_a_reader_of_the_text_alone_finds_the_mood() -> None:
    for language in ("ko", "en"):
        held = [entry for entry in diary_entries() if entry.held_out and entry.language == language]
        assert cohens_kappa([e.mood for e in held], [second_labels()[e.id].mood for e in held]) > 0.9


def test_kappa_by_hand() -> None:
    assert cohens_kappa("aabb", "aabb") == 1
    assert cohens_kappa("aabb", "bbaa") == -1
    assert cohens_kappa("aabb", "abab") == 0
    # Cohen's own kind of table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no.
    assert cohens_kappa("y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15) == pytest.approx(0.4)
    assert cohens_kappa("aa", "aa") == 1
