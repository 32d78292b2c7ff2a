import pytest

from ilgi.catalog.axes import AXES, AXIS_TAGS, axis_of_tag, axis_word
from ilgi.errors import UnknownName
from ilgi.evaluation.mood_tags import GROUPS


def test_every_axis_has_tags_of_its_own_and_a_word_in_both_languages() -> None:
    tags = [tag for names in AXIS_TAGS.values() for tag in names]
    assert tuple(AXIS_TAGS) == tuple(AXES)
    assert len(set(tags)) == len(tags)
    assert all(axis_word(axis, "ko") and axis_word(axis, "en") for axis in AXES)


def test_a_tag_is_found_in_any_case() -> None:
    assert axis_of_tag(" Tear Jerker ") == "sad"
    assert axis_of_tag("based on a book") == ""


def test_the_tags_that_the_measure_asks_for_lie_on_axes() -> None:
    assert [tag for names in GROUPS.values() for tag in names if not axis_of_tag(tag)] == []


def test_an_axis_that_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'warm'"):
        axis_word("worm", "en")
