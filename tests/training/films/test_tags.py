from pathlib import Path

import pytest

from ilgi.errors import DataError
from ilgi.testing import small_catalog
from ilgi.training.films.tags import names_of, read_tags, rows_of_titles


def test_titles_as_tables_write_them() -> None:
    catalog = small_catalog()
    title, year = catalog.title(0, "en"), int(catalog.year[0])
    named = [(title, year), (f"{title} The", year + 1), (f"Other (a.k.a. {title}", year), (title, year + 2)]
    assert rows_of_titles(catalog, named).tolist() == [0, 0, 0, -1]
    assert names_of("Boot Das (Boat The") == ["Das Boot", "The Boat"]
    assert "The Empire Strikes Back" in names_of("Star Wars: Episode V - The Empire Strikes Back")


def test_a_table_is_read_film_by_film(tmp_path: Path) -> None:
    file = tmp_path / "tags.tsv"
    file.write_text("ml_id\ttitle\tyear\ttag\tcount\n7\tA\t1990\tsad\t3\n7\tA\t1990\tfunny\t\n9\tB\t1991\tdark\t1\n")
    table = read_tags(file)
    assert table.films == ("7", "9")
    assert table.titles == (("A", 1990), ("B", 1991))
    assert table.tags == ((0, "sad", 3.0), (0, "funny", 1.0), (1, "dark", 1.0))


def test_a_table_that_is_missing_or_wrong(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no catalog/mood_tags.tsv"):
        read_tags(tmp_path / "tags.tsv")
    (tmp_path / "tags.tsv").write_text("ml_id\ttitle\ttag\n1\tA\tsad\n")
    with pytest.raises(DataError, match="row 2 has no 'year'"):
        read_tags(tmp_path / "tags.tsv")
