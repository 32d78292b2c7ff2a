"""What the embedded bundle answers to whole diaries: who is told that nothing fits, and what never comes."""

import numpy as np
import pytest

from ilgi.evaluation.behaviour import behaviour_cases
from ilgi.families import FAMILIES
from ilgi.language import LANGUAGES, Language
from ilgi.ranking.blend import too_far
from ilgi.ranking.filters import Filters
from ilgi.recommender import PLAIN_MOST, Recommender
from ilgi.training.emotion.diaries import diary_entries, family_of_entry


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    return Recommender.load()


def told_plain(recommender: Recommender, texts: list[str]) -> float:
    """Return the share of texts that are told that nothing fits closely."""
    readings = recommender.reader.read_many(texts)
    plain = [recommender.query(reading).families[FAMILIES.column("plain")] for reading in readings]
    return float((np.array(plain) >= PLAIN_MOST).mean())


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_fits_closely_is_said_of_plain_texts_and_hardly_of_diaries(
    recommender: Recommender, language: Language
) -> None:
    plain = [c.texts[0] for c in behaviour_cases() if c.check == "plain" and c.language == language]
    diaries = [e.text for e in diary_entries() if e.held_out and e.language == language]
    assert told_plain(recommender, plain) >= 0.8
    assert told_plain(recommender, diaries) <= 0.05


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_worried_diary_gets_nothing_that_frightens(recommender: Recommender, language: Language) -> None:
    worried = [e.text for e in diary_entries() if e.language == language and family_of_entry(e) == "worry"][:40]
    flaw = too_far(recommender.catalog)
    rows = [item.row for text in worried for item in recommender.recommend(text, language=language).items]
    assert len(rows) == 3 * len(worried)
    assert not flaw[rows].any()


@pytest.mark.parametrize("language", LANGUAGES)
def test_songs_come_in_both_languages_and_follow_the_goal(language: Language) -> None:
    songs = Recommender.load(domain="music")
    assert len(songs.catalog) >= 3000
    assert sum(code == "ko" for code in songs.catalog.language) >= 400
    assert songs.catalog.profiles is not None
    bright = songs.catalog.profiles.place[:, 0]
    low = [e.text for e in diary_entries() if e.held_out and e.language == language and e.mood == "sadness"][:15]
    place = {
        goal: np.mean([bright[item.row] for text in low for item in songs.recommend(text, goal=goal).items])
        for goal in ("lift", "mirror")
    }
    assert place["lift"] > place["mirror"] + 0.5
    reasons = {item.reasons[0] for text in low for item in songs.recommend(text).items}
    assert all(("노래" if language == "ko" else "song") in words for words in reasons)
    korean = songs.recommend(low[0], filters=Filters(languages=("ko",)))
    assert len(korean.items) == 3
