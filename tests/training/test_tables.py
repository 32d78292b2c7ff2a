import csv
import gzip
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.errors import DataError, InputError
from ilgi.training.tables import columns_of, read_rows, unwrap


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), max_size=6)


@given(ROWS)
def test_csv_comes_back_as_it_was_written(rows: list[tuple[str, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("a", "b", "c"), *rows])
        assert [tuple(row[c] or "" for c in "abc") for row in read_rows(path)] == rows


@given(st.lists(st.tuples(CELL, CELL), max_size=6))
def test_quoted_tsv_comes_back(rows: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.tsv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter="\t", quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
        assert [tuple(row[c] or "" for c in "ab") for row in read_rows(path)] == rows


@given(st.lists(st.dictionaries(st.sampled_from("abc"), CELL | st.integers() | st.none()), max_size=6))
def test_jsonl_comes_back(rows: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        assert list(read_rows(path)) == rows


def test_byte_order_mark_and_nameless_first_column(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", b"\xef\xbb\xbf,text\r\n0,\xed\x95\x9c\xea\xb8\x80\r\n")
    assert columns_of(path) == ["", "text"]
    assert list(read_rows(path)) == [{"": "0", "text": "한글"}]


def test_a_lone_quote_in_unquoted_tsv_swallows_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "t.tsv", 'a\tb\n"lone\t1\n5" record\t2\n""\t3\n"a ""b"" c"\t4\n"x" and "y"\t5\n')
    assert [row["a"] for row in read_rows(path)] == ['"lone', '5" record', None, 'a "b" c', '"x" and "y"']


def test_tsv_with_tabs_and_breaks_inside_quotes(tmp_path: Path) -> None:
    path = write(tmp_path, "t.tsv", 'a\tb\n"one\ttwo"\t"three\nfour"\n5\t6\n')
    assert list(read_rows(path)) == [{"a": "one\ttwo", "b": "three\nfour"}, {"a": "5", "b": "6"}]


def test_cells_longer_than_the_library_allows(tmp_path: Path) -> None:
    long = "word " * 60_000
    path = write(tmp_path, "t.csv", f'a,b\n"{long}",1\n')
    assert next(read_rows(path))["a"] == long


def test_only_the_columns_that_are_needed(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", "a,b,c\n1,2,3\n")
    assert list(read_rows(path, columns=["c", "a"])) == [{"c": "3", "a": "1"}]
    with pytest.raises(DataError, match="no column 'tezt'"):
        list(read_rows(path, columns=["tezt"]))


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path, "t.jsonl", '{"review": "x"}\n')
    with pytest.raises(DataError, match="did you mean 'review'"):
        list(read_rows(path, columns=["reviews"]))


def test_jsonl_rows_may_leave_out_what_they_do_not_know(tmp_path: Path) -> None:
    path = write(tmp_path, "t.jsonl", '{"a": 1, "b": 2}\n\n{"a": 3}\n')
    assert list(read_rows(path, columns=["a", "b"])) == [{"a": 1, "b": 2}, {"a": 3, "b": None}]


def test_compressed_tables(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv.gz", gzip.compress(b"a\n1\n"))
    assert list(read_rows(path)) == [{"a": "1"}]
    whole = gzip.compress(b"a\n" + b"1\n" * 5000)
    for broken in (whole[:-12], b"not gzip at all"):
        with pytest.raises(DataError, match="gzip"):
            list(read_rows(write(tmp_path, "b.csv.gz", broken)))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.csv", b"a,b\n1,2\n1,\xff\n", "line 3: byte 3 is not UTF-8"),
        ("t.csv", b"a,b\n1,\xed\xa0\xbd\n", "line 2: byte 3 is not UTF-8"),
        ("t.csv", "a,b\n1,2\n".encode("utf-16"), "not UTF-8|NUL"),
        ("t.csv", b"a,b\n1,\x00\n", "line 2: holds a NUL"),
        ("t.csv", b"a,b\n1,2\n1\n", "line 3: has 1 cells where the header has 2"),
        ("t.csv", b"a,b\n1,2,3\n", "line 2: has 3 cells"),
        ("t.csv", b'a,b\n1,2\n"never,ends\n3,4\n', "line 3: a quoted cell"),
        ("t.csv", b'a,b\n1,"x" y\n', "line 2: a quoted cell"),
        ("t.csv", b"a,b\r1,2\r", "line ends"),
        ("t.csv", b"a,a\n1,2\n", "two columns named 'a'"),
        ("t.csv", b"", "is empty"),
        ("t.csv", b"\xef\xbb\xbf", "is empty"),
        ("t.tsv", b'a\tb\n"lone\t1\n2\n3\t4\n', "line 3: has 1 cells where the header has 2"),
        ("t.jsonl", b'{"a": 1}\n{"a": \n', "line 2: is not JSON"),
        ("t.jsonl", b"[1]\n", "line 1: is not a JSON object"),
        ("t.jsonl", rb'{"a": "half \ud83d"}', "line 1: holds half of a surrogate pair"),
        ("t.jsonl", b"[" * 100_000, "line 1: is not JSON"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    with pytest.raises(DataError, match=says):
        list(read_rows(write(tmp_path, name, content)))


def test_errors_do_not_quote_cells(tmp_path: Path) -> None:
    for name, content in (
        ("t.csv", "a,b\nsecret\n"),
        ("t.csv", 'a\n"secret" secret\n'),
        ("t.tsv", "a\tb\nsecret\n"),
        ("t.jsonl", "secret\n"),
        ("t.csv", b"a\nsecret \xff\n"),
    ):
        with pytest.raises(DataError) as caught:
            list(read_rows(write(tmp_path, name, content)))
        assert "secret" not in str(caught.value)


def test_missing_and_unknown_files(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name, says in (
        ("none.csv", "does not exist"),
        ("folder.csv", "is a folder"),
        ("t.xlsx", "no known kind"),
        ("t", "no known kind"),
        ("t.parquet.gz", "no known kind"),
    ):
        with pytest.raises(InputError, match=says):
            read_rows(tmp_path / name)


def test_rows_come_one_by_one(tmp_path: Path) -> None:
    """A fault far down does not keep the rows before it."""
    path = write(tmp_path, "t.csv", "a,b\n" + "1,2\n" * 1000 + "1\n")
    rows = read_rows(path)
    assert sum(1 for _, _ in zip(range(1000), rows, strict=False)) == 1000
    with pytest.raises(DataError, match="line 1002"):
        next(rows)


def test_unwrap() -> None:
    assert [unwrap(c) for c in ('""', '"a"', '"a""b"', '"a', 'a"b"', '"a" b "c"')] == [
        "", "a", 'a"b', '"a', 'a"b"', '"a" b "c"',
    ]  # fmt: skip


def test_parquet(tmp_path: Path) -> None:
    pl = pytest.importorskip("polars", reason="needs the extra 'train'")
    path = tmp_path / "t.parquet"
    pl.DataFrame({"a": ["x", "", None], "b": [1, 2, 3], "c": [["p"], [], None]}).write_parquet(path)
    assert columns_of(path) == ["a", "b", "c"]
    assert list(read_rows(path)) == [
        {"a": "x", "b": 1, "c": ["p"]},
        {"a": None, "b": 2, "c": []},
        {"a": None, "b": 3, "c": None},
    ]
    assert next(read_rows(path, columns=["b"])) == {"b": 1}
    with pytest.raises(DataError, match="no column"):
        list(read_rows(path, columns=["z"]))
    for content in (b"", b"PAR1 and then nothing"):
        with pytest.raises(DataError):
            list(read_rows(write(tmp_path, "bad.parquet", content)))
        with pytest.raises(DataError):
            columns_of(tmp_path / "bad.parquet")
