import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ilgi.cli.present import console, headline, print_indented, printable, show_ranking
from ilgi.steps import Ranking

KOREAN = "오늘 의자를 치웠다. 방이 넓어 보였다."
ANSI = re.compile(r"\x1b\[([0-9;]*)m")


def terminal(width: int) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=width, markup=False)


def shown(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


@pytest.fixture
def ranking(fake: Any) -> Callable[..., Ranking]:
    return lambda text, **options: fake.recommend(text, n=3, **options)


@pytest.mark.parametrize(
    ("leading", "korean", "english"),
    [
        ((), "여느 날과 크게 다르지 않은 하루로 읽혔어요.", "Reads as a day much like any other."),
        (("joy",), "기쁨이 묻어나는 하루로 읽혔어요.", "Reads as a day of joy."),
        (("anger",), "화가 묻어나는 하루로 읽혔어요.", "Reads as a day of anger."),
        (
            ("anger", "caring", "joy"),
            "화와 아끼는 마음이 함께 묻어나는 하루로 읽혔어요.",
            "Reads as a day of anger and tenderness.",
        ),
    ],
)
def test_headline(reading: Any, leading: tuple[str, ...], korean: str, english: str) -> None:
    assert headline(reading("비", leading=leading)) == korean
    assert headline(reading("rain", leading=leading)) == english


def test_what_is_not_sure_is_not_claimed(reading: Any) -> None:
    for text in ("비", "rain"):
        line = headline(reading(text, sure=False, leading=("sadness",)))
        assert "슬픔" not in line
        assert "sad" not in line


@pytest.mark.parametrize(
    ("text", "n", "words"),
    [
        (KOREAN, 3, "꼭 맞는 영화를 찾지 못했어요. 가까운 세 편을 둘게요."),
        (KOREAN, 2, "꼭 맞는 것을 찾지 못했어요. 가까운 것을 둘게요."),
        ("Rain.", 3, "Nothing fits closely; here are the nearest three."),
        ("Rain.", 1, "Nothing fits closely; here is what comes nearest."),
    ],
)
def test_where_nothing_fits_closely_it_says_so(fake: Any, text: str, n: int, words: str) -> None:
    out = terminal(80)
    show_ranking(out, replace(fake.recommend(text, n=n), close=False), fake.catalog)
    assert ANSI.sub("", shown(out)).splitlines()[0] == words


@pytest.mark.parametrize("width", [30, 44, 80])
def test_lines_fit_the_terminal(fake: Any, ranking: Any, width: int) -> None:
    """Korean letters are two columns wide; no reason is longer than the terminal, and none loses a word."""
    reason = "“아직 의자를 못 치웠다”에서 그리움이 읽혔어요. 비슷한 마음을 적은 감상은 가족 쪽에 많았어요."
    fake.reasons = (reason,)
    out = terminal(width)
    show_ranking(out, ranking(KOREAN), fake.catalog)
    plain = ANSI.sub("", shown(out))
    assert all(cell_len(line) <= width for line in plain.splitlines())
    assert " ".join(plain.split()).count(reason) == 3


def test_titles_on_a_terminal(fake: Any, ranking: Any) -> None:
    """In English they stand in italics, in Korean in 〈 〉 and upright."""
    out = terminal(80)
    show_ranking(out, ranking("The room looked too wide."), fake.catalog)
    assert re.search(r"\x1b\[1;3mFilm 1\x1b\[0m", shown(out))
    out = terminal(80)
    show_ranking(out, ranking(KOREAN), fake.catalog)
    assert re.search(r"\x1b\[1m〈영화 1〉\x1b\[0m", shown(out))
    assert not [codes for codes in ANSI.findall(shown(out)) if "3" in codes.split(";")]


def test_pipes_keep_a_sentence_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    written = io.StringIO()
    monkeypatch.setattr("sys.stdout", written)
    out = console()
    print_indented(out, Text("word " * 200, style="bold"), by=5)
    assert written.getvalue() == "     " + ("word " * 200).rstrip() + "\n"


def test_columns_is_respected_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert console().width == 40


def test_printable() -> None:
    assert printable("a\x1b[31mb\x00\x85c\u202e\n\n d\u2028e") == "a [31mb c d e"
    assert printable("👨‍👩‍👧 끝 [/x] 내") == "👨‍👩‍👧 끝 [/x] 내"
