import numpy as np
import pytest

from ilgi.errors import InputError
from ilgi.evaluation.mood_tags import GROUPS, MOODS, TaggedFilms, best_order, measure_tags, tagged_films

FILMS = tagged_films(
    [("a", "sad"), ("b", "Funny"), ("c", "revenge"), ("d", "hopeful"), ("e", "scary"), ("f", "dark"), ("a", "touching")]
)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def auc(score: np.ndarray, positive: np.ndarray) -> float:
    """By all pairs."""
    wins = [1.0 if p > n else 0.5 if p == n else 0.0 for p in score[positive] for n in score[~positive]]
    return float(np.mean(wins))


def test_films_and_their_groups() -> None:
    assert FILMS.ids == ("a", "b", "c", "d", "e", "f")
    carried = {
        g: [f for f, c in zip(FILMS.ids, row, strict=True) if c] for g, row in zip(GROUPS, FILMS.carries, strict=True)
    }
    assert carried == {"sadness": ["a"], "joy": ["b"], "anger": ["c"], "optimism": ["a", "d"], "fear": ["e"]}


def test_a_perfect_order_is_1_and_an_order_for_all_is_not() -> None:
    scores = FILMS.carries.astype(np.float32)
    found = measure_tags(scores, list(GROUPS), FILMS, rng=rng(), repeats=5)
    assert found["matched"]["value"] == 1.0
    assert found["mismatched"]["value"] < 0.6
    assert found["ndcg_10"]["value"] == 1.0
    alike = measure_tags(np.tile(scores[:1], (5, 1)), list(GROUPS), FILMS, rng=rng(), repeats=5)
    assert alike["matched"]["value"] == pytest.approx(0.6375)


def test_auc_is_that_of_all_pairs_with_ties_and_films_that_are_missing() -> None:
    draw = np.random.default_rng(3)
    carries = draw.random((5, 40)) < 0.3
    films = TaggedFilms(tuple(map(str, range(40))), carries)
    scores = draw.integers(0, 6, (5, 40)).astype(np.float32)
    scores[:, :7] = -np.inf
    found = measure_tags(scores, list(GROUPS), films, rng=rng(), repeats=3)
    for mood, score in zip(GROUPS, scores, strict=True):
        for group, positive in zip(GROUPS, carries, strict=True):
            assert found["by_mood"][mood][group] == pytest.approx(auc(score, positive), abs=6e-4)
        assert found["by_mood"][mood]["queries"] == 1
    by = found["by_mood"]
    assert found["matched"]["value"] == pytest.approx(np.mean([by[m][m] for m in MOODS]), abs=1e-3)
    other = np.mean([by[m][g] for m in MOODS for g in MOODS if g != m])
    assert found["mismatched"]["value"] == pytest.approx(other, abs=1e-3)
    assert found["difference"]["value"] == pytest.approx(found["matched"]["value"] - other, abs=1e-3)


def test_equal_scores_are_chance() -> None:
    found = measure_tags(np.zeros((5, 6), dtype=np.float32), list(GROUPS), FILMS, rng=rng(), repeats=20)
    assert found["matched"] == {"value": 0.5, "low": 0.5, "high": 0.5}


def test_moods_count_alike_however_many_queries_they_have() -> None:
    scores = np.zeros((7, 6), dtype=np.float32)
    moods = ["sadness", "sadness", "sadness", "sadness", "joy", "anger", "optimism"]
    scores[:4, 0] = 1.0
    found = measure_tags(scores, moods, FILMS, rng=rng(), repeats=3)
    assert found["matched"]["value"] == pytest.approx((1.0 + 0.5 * 3) / 4, abs=1e-4)
    assert "fear" not in found["by_mood"]


def test_no_order_without_reading_beats_the_best_one() -> None:
    draw = np.random.default_rng(5)
    films = TaggedFilms(tuple(map(str, range(60))), draw.random((5, 60)) < 0.2)

    def matched(order: np.ndarray) -> float:
        scores = np.tile(order.astype(np.float32), (4, 1))
        return float(measure_tags(scores, list(MOODS), films, rng=rng(), repeats=1)["matched"]["value"])

    best = matched(best_order(films))
    assert best > 0.55
    assert all(matched(draw.random(60)) < best for _ in range(100))
    near = best_order(films)
    for _ in range(100):
        i, j = draw.integers(0, 60, 2)
        other = near.copy()
        other[[i, j]] = other[[j, i]]
        assert matched(other) <= best + 1e-6


def test_the_interval_holds_the_figure_and_the_same_seed_gives_it_again() -> None:
    draw = np.random.default_rng(7)
    films = TaggedFilms(tuple(map(str, range(80))), draw.random((5, 80)) < 0.3)
    moods = [m for m in GROUPS for _ in range(6)]
    scores = films.carries[[list(GROUPS).index(m) for m in moods]] + draw.normal(size=(30, 80))
    one = measure_tags(scores.astype(np.float32), moods, films, rng=rng(), repeats=50)
    assert one == measure_tags(scores.astype(np.float32), moods, films, rng=rng(), repeats=50)
    for name in ("matched", "mismatched", "difference", "ndcg_10"):
        assert one[name]["low"] < one[name]["value"] < one[name]["high"]


def test_what_measures_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="none or all"):
        tagged_films([("a", "sad")])
    scores = np.zeros((5, 6), dtype=np.float32)
    with pytest.raises(InputError, match="one score"):
        measure_tags(scores[:, :5], list(GROUPS), FILMS, rng=rng())
    with pytest.raises(InputError, match="needs a mood"):
        measure_tags(scores, ["sadness"] * 5, FILMS, rng=rng())
    with pytest.raises(InputError, match="needs a mood"):
        measure_tags(scores, ["sadness", "joy", "anger", "optimism", "grumpy"], FILMS, rng=rng())
