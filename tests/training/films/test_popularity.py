import pytest

from ilgi.catalog.items import rank_fractions
from ilgi.training.films.popularity import fair_popularity

# Foreign films with the audience and votes 1000 : 1 apart, Korean ones with 4000 : 1, so Korean votes count twofold.
FOREIGN = [(votes, votes * 1000.0) for votes in (100, 200, 300, 400)]
KOREAN = [(50, 200_000.0), (90, 360_000.0)]
UNLISTED = [(400, None), (60, None), (None, None)]


def columns(*groups: tuple[list, bool]) -> tuple[list, list, list]:
    rows = [(votes, seen, korean) for group, korean in groups for votes, seen in group]
    return [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]


def test_a_korean_film_is_as_popular_as_the_foreign_one_with_its_audience() -> None:
    votes, audience, korean = columns((FOREIGN, False), (KOREAN, True))
    popularity, factor = fair_popularity(votes, audience, korean)
    ranks = rank_fractions(votes)
    assert factor == 2.0
    assert popularity[:4].tolist() == ranks[:4].tolist()
    # 200,000 people: half of the foreign films drew no more. The median of their ranks lies between the second's and
    # the third's.
    assert popularity[4] == pytest.approx((ranks[1] + ranks[2]) / 2)
    assert popularity[4] < popularity[5] <= popularity[3]


def test_other_korean_votes_weigh_more_up_to_the_end_of_the_list() -> None:
    votes, audience, korean = columns((FOREIGN, False), (KOREAN, True), (UNLISTED, True), (UNLISTED, False))
    popularity, factor = fair_popularity(votes, audience, korean)
    ranks = rank_fractions(votes)
    lowest = min(popularity[4:6])
    # 60 votes count as 120: six of the ten films with votes have no more than that.
    sixty = sum(v is not None and v <= 120 for v in votes) / sum(v is not None for v in votes)
    assert factor == 2.0
    assert popularity[7] == pytest.approx(min(sixty, lowest))
    assert popularity[7] > ranks[7]
    assert popularity[6] == pytest.approx(max(ranks[6], lowest))
    assert popularity[8] == 0
    assert popularity[9:].tolist() == ranks[9:].tolist()


def test_never_lowers_and_needs_both_kinds() -> None:
    votes, audience, korean = columns((FOREIGN, False), ([(10_000, 1.0)], True))
    popularity, _ = fair_popularity(votes, audience, korean)
    assert (popularity >= rank_fractions(votes)).all()
    alone, factor = fair_popularity(*columns((KOREAN, True), (UNLISTED, True)))
    assert factor == 1.0
    assert alone.tolist() == rank_fractions([50, 90, 400, 60, None]).tolist()
    assert fair_popularity([], [], [])[0].shape == (0,)
