"""Diary-like texts: entries are cut at their dates, rows joined within their group."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ilgi.errors import DataError
from ilgi.training.recipe import DiarySource
from ilgi.training.references import cut_entries, join_rows, read_diary_texts

PRINTED = (
    "March 3rd (Sunday). Walked to the harbour and back. It took 2 hours, no more. 4th. Rain. Stayed in and mended the "
    "net; on the 5th of last month it tore. March 6 A letter at last! She is well. May 9 I slept."
)


def source(**changes: Any) -> DiarySource:
    return DiarySource(**{"name": "s", "path": "t.csv", "licence": "CC0", "language": "en", **changes})


def write(folder: Path, rows: list[tuple[str, str]]) -> Path:
    lines = [f'"{text}",{label}' for text, label in rows]
    (folder / "t.csv").write_text("\n".join(["text,label", *lines]) + "\n", encoding="utf-8")
    return folder


def test_entries_are_cut_at_dates_that_open_them() -> None:
    assert cut_entries(PRINTED) == [
        "Walked to the harbour and back. It took 2 hours, no more.",
        "Rain. Stayed in and mended the net; on the 5th of last month it tore.",
        "A letter at last! She is well.",
    ]


def test_each_row_is_used_once_and_only_with_its_like() -> None:
    rows = [f"row {i}" for i in range(40)]
    groups = ["sad" if i % 2 else "glad" for i in range(40)]
    joined = join_rows(rows, groups, most=3, rng=np.random.default_rng(0))
    pieces = [piece for text in joined for piece in text.removesuffix(".").split(". ")]
    assert sorted(pieces) == sorted(rows)
    assert {text.count("row") for text in joined} == {1, 2, 3}
    assert all(len({int(piece.split()[1]) % 2 for piece in text.removesuffix(".").split(". ")}) == 1 for text in joined)


def test_only_who_speaks_of_themselves(tmp_path: Path) -> None:
    write(tmp_path, [("I went home early today", "a"), ("The shop was shut today", "a"), ("This is my only hat", "a")])
    found = read_diary_texts(source(first_person=True), tmp_path, np.random.default_rng(0))
    assert found == ["I went home early today", "This is my only hat"]
    write(
        tmp_path, [("나는 일찍 왔다", "a"), ("가게가 닫혀 있었다", "a"), ("그건 내가 했다", "a"), ("나무가 컸다", "a")]
    )
    found = read_diary_texts(source(first_person=True, language="ko"), tmp_path, np.random.default_rng(0))
    assert found == ["나는 일찍 왔다", "그건 내가 했다"]


def test_draws_no_more_than_asked_the_same_for_the_same_seed(tmp_path: Path) -> None:
    write(tmp_path, [(f"text number {i}", "a") for i in range(50)])
    one, two = (read_diary_texts(source(rows=10, join=2), tmp_path, np.random.default_rng(4)) for _ in range(2))
    assert one == two
    assert len(one) == 10
    numbers = [int(text.split()[2].rstrip(".")) for text in one]
    assert numbers == sorted(numbers)


def test_a_source_without_a_text_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, [("", "a")])
    with pytest.raises(DataError, match=r"'s'.*no text"):
        read_diary_texts(source(), tmp_path, np.random.default_rng(0))
    with pytest.raises(DataError, match="has no column 'txt'"):
        read_diary_texts(source(text_column="txt"), tmp_path, np.random.default_rng(0))
