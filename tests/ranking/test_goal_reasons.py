import itertools
import re
from typing import Any

import pytest

from ilgi.catalog.axes import AXES
from ilgi.catalog.profiles import BASES
from ilgi.language import LANGUAGES, Language
from ilgi.ranking.goal_reasons import forms_of, goal_reason
from ilgi.ranking.goals import TARGETS
from ilgi.steps import Evidence

SENTENCE: dict[Language, str] = {"ko": "아직 의자를 못 치웠다", "en": "His chair is still by the window"}


def told(
    reader: Language, goal: str, *, trait: str = "warm", basis: str = "keywords", form: int = 0, felt: bool = True
) -> str:
    evidence = Evidence(SENTENCE[reader], "sadness" if felt else "neutral", trait, basis)
    return goal_reason(evidence, goal=goal, sure=True, text_language=reader, reader=reader, form=form)


@pytest.mark.parametrize("reader", LANGUAGES)
def test_every_goal_has_eight_wordings_and_more_for_every_basis(reader: Language) -> None:
    for goal, basis, felt in itertools.product(TARGETS, BASES[1:], (True, False)):
        words = {told(reader, goal, basis=basis, form=i, felt=felt) for i in range(forms_of(goal, reader, felt=felt))}
        assert len(words) == forms_of(goal, reader, felt=felt) >= 8


@pytest.mark.parametrize("reader", LANGUAGES)
def test_reasons_are_whole_sentences_that_quote(reader: Language) -> None:
    for goal, trait, form in itertools.product(TARGETS, (*AXES, ""), range(12)):
        words = told(reader, goal, trait=trait, form=form)
        assert f"“{SENTENCE[reader]}”" in words
        assert not re.search(r"[{}%σ/]|  |\.\.", words), words
        assert words.endswith("." if reader == "en" else "요.")
        assert "당신" not in words
        assert not re.search(r"\byou are\b", words)


@pytest.mark.parametrize("reader", LANGUAGES)
def test_a_pleasant_day_needs_no_company(reader: Language) -> None:
    evidence = Evidence(SENTENCE[reader], "joy", "warm", "keywords")
    given: dict[str, Any] = {"goal": "stay", "sure": True, "text_language": reader, "reader": reader}
    words = {goal_reason(evidence, form=i, pleasant=True, **given) for i in range(12)}
    assert len(words) == 12
    assert not any(goal_reason(evidence, form=i, **given) in words for i in range(12))


def test_songs_and_books_are_called_what_they_are() -> None:
    evidence = Evidence(SENTENCE["ko"], "joy", "dark and quiet", "listeners")
    given: dict[str, Any] = {"goal": "stay", "sure": True, "text_language": "ko", "form": 2}
    assert "쓸쓸하고 잔잔한 노래예요" in goal_reason(evidence, reader="ko", domain="music", **given)
    assert "a dark and quiet song" in goal_reason(evidence, reader="en", domain="music", **given)
    assert "책이에요" in goal_reason(evidence, reader="ko", domain="books", **given)
    assert "작품이에요" in goal_reason(evidence, reader="ko", domain="games", **given)


def test_what_it_is_known_from_is_said_and_nothing_more() -> None:
    assert "Judged by genre and keywords" in told("en", "stay")
    assert "By what people wrote" in told("en", "stay", basis="reviews")
    assert "people wrote" not in told("en", "stay", basis="genres")
    assert "본 사람들의 글" in told("ko", "stay", basis="reviews")
    assert "장르로 짐작" in told("ko", "stay", basis="genres")


def test_articles_and_particles_fit() -> None:
    assert "an uplifting film" in told("en", "stay", trait="uplifting").casefold()
    assert "a warm film" in told("en", "lift").casefold()
    assert "슬픔이 읽혔어요" in told("ko", "stay")
    assert "슬픔으로 읽혔어요" in told("ko", "stay", form=3)


def test_where_nothing_is_sure_no_feeling_is_claimed() -> None:
    evidence = Evidence("It rained.", "sadness", "warm", "genres")
    words = goal_reason(evidence, goal="stay", sure=False, text_language="en", reader="ko", form=0)
    assert "슬픔" not in words
    assert "“It rained”" in words


def test_braces_in_a_diary_stay_as_they_are() -> None:
    evidence = Evidence("I wrote {a} and {by} on the wall", "joy", "warm", "genres")
    words = goal_reason(evidence, goal="stay", sure=True, text_language="en", reader="en", form=0)
    assert "{a} and {by}" in words
