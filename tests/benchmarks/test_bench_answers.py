"""The benchmark of answers runs on a few diaries of the embedded bundle."""

from collections.abc import Callable
from types import ModuleType

from ilgi.recommender import Recommender


def test_measures_both_languages(load: Callable[[str], ModuleType]) -> None:
    result = load("bench_answers").run(Recommender.load(), most=12)
    assert [row["language"] for row in result["rows"]] == ["ko", "en"]
    for row in result["rows"]:
        assert row["lists"] == 12
        assert 0 < row["films"] <= 36
        assert (row["horror for worry"], row["bleak for sadness"]) == (0.0, 0.0)
