"""Tables come together, and films that belong together are never divided."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.errors import DataError
from ilgi.training.gather import SHARED_WORDS, film_key, gather_reviews, split_films
from ilgi.training.recipe import Recipe, SplitSection, load_recipe
from ilgi.words import GENRES


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Guardian;The (2006)", "guardian 2006"),
        ("The Guardian, 2006", "guardian 2006"),
        ("Cinema Paradiso , 1988", "cinema paradiso 1988"),
        ("Thirst (Bakjwi) (2009)", "thirst 2009"),
        ("2001: A Space Odyssey (1968)", "2001 a space odyssey 1968"),
        ("1984", ""),
        ("Guardian", ""),
        ("", ""),
    ],
)
def test_a_film_is_known_by_title_and_year(title: str, key: str) -> None:
    assert film_key(title) == key


def test_what_is_gathered(world: Any) -> None:
    found = gather_reviews(load_recipe(world.recipe), world.data_dir)
    n, films = len(found.texts), len(found.films)
    assert (n, films) == (270, 90)
    assert found.labels.shape == found.known.shape == (films, len(GENRES))
    assert set(found.film_languages) == {"ko", "en"}
    for film, name in enumerate(found.films):
        assert name.startswith("korean/" if found.film_languages[film] == "ko" else "english/")
        assert (found.film_of == film).sum() == 3
        assert found.labels[film].sum() == 1
    history = GENRES.column("History")
    places = [int(found.known[film, history]) for film in range(films)]
    # Only TMDB could have said that a film is historical; MovieLens and Naver have no such genre.
    assert sum(places) == sum(int(name[10:]) % 2 == 0 for name in found.films if name.startswith("english/tt"))
    assert [source.rows for source in found.data] == [180, 60, 90]
    assert "without labels" not in "".join(found.reports.values())


def tables(root: Path, english: list[str], korean: list[str], titles: str = "film,title,tmdb,ml\n") -> Recipe:
    """A recipe over a few rows."""
    for name, header, rows in (
        ("english", "film,review", english),
        ("korean", "film,title,genres,review", korean),
    ):
        path = root / "reviews" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (root / "reviews/titles.csv").write_text(titles, encoding="utf-8")
    return load_recipe(Path(__file__).parent / "tiny.toml")


def test_films_are_tied_by_title_and_by_a_longer_review(tmp_path: Path) -> None:
    long = " ".join(f"word{i}" for i in range(SHARED_WORDS))
    recipe = tables(
        tmp_path,
        ["a,good film", f"b,{long}", "c,good film", f"d,{long.upper()}!", "e,something else entirely"],
        ['x,"Two , 2002",코미디,좋았다', 'y,"Nine , 1999",공포,무서웠다'],
        'film,title,tmdb,ml\na,"One (2001)",Comedy,\nb,"Two (2002)",Drama,\ne,"Nine (1998)",,Horror\n',
    )
    found = gather_reviews(recipe, tmp_path)
    group = dict(zip(found.films, found.groups, strict=True))
    # b and d share a review; b and x are one film in two tables; a and c share what anybody might say.
    assert group["english/b"] == group["english/d"] == group["korean/x"]
    assert len({group["english/a"], group["english/b"], group["english/c"], group["english/e"]}) == 4
    assert group["korean/y"] not in (group["english/b"], group["english/e"])


def test_no_group_is_ever_divided(world: Any) -> None:
    found = gather_reviews(load_recipe(world.recipe), world.data_dir)
    parts = split_films(found, SplitSection(train=0.5, validation=0.25, test=0.25), seed=1)
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(90))
    owners: dict[str, set[str]] = {}
    for part, films in parts.items():
        for film in films:
            owners.setdefault(found.groups[int(film)], set()).add(part)
    assert all(len(parts) == 1 for parts in owners.values())


def test_a_limit_draws_the_same_rows_each_time(world: Any) -> None:
    recipe = load_recipe(world.recipe)
    first = recipe.reviews[0].model_copy(update={"limit": 20})
    limited = recipe.model_copy(update={"reviews": (first,)})
    one, two = (gather_reviews(limited, world.data_dir) for _ in range(2))
    assert len(one.texts) == 20
    assert one.texts == two.texts
    assert set(one.texts) < set(gather_reviews(recipe, world.data_dir).texts)


def test_only_reviews_of_labelled_items_can_be_used(world: Any) -> None:
    titles = world.data_dir / "reviews/titles.csv"
    lines = titles.read_text(encoding="utf-8").splitlines()
    # Half of the films are known to no place.
    titles.write_text("\n".join(lines[:1] + lines[1::2]) + "\n", encoding="utf-8")
    recipe = load_recipe(world.recipe)
    english = recipe.reviews[0]
    found = {}
    for labelled in (False, True):
        table = english.model_copy(update={"labelled": labelled, "limit": 40})
        found[labelled] = gather_reviews(recipe.model_copy(update={"reviews": (table,)}), world.data_dir)
    assert found[True].known.any(axis=1).all()
    assert not found[False].known.any(axis=1).all()
    assert len(found[True].texts) == len(found[False].texts) == 40


def test_no_labels_at_all_is_an_error(tmp_path: Path) -> None:
    recipe = tables(tmp_path, ["a,a film that was seen"], ["x,X,,봤다"])
    with pytest.raises(DataError, match="no reviewed item has labels"):
        gather_reviews(recipe, tmp_path)
