"""What is told while work goes on."""

import io
import sys

import pytest

from ilgi.training.progress import LineProgress, Silent, open_progress, told_count, told_rate, told_seconds


def test_a_line_now_and_then_with_rate_and_time_left() -> None:
    now = [0.0]
    stream = io.StringIO()
    progress = LineProgress(stream, every_s=10.0, clock=lambda: now[0])
    progress.start("scoring", 1000, "reviews")
    for _ in range(25):
        now[0] += 1.0
        progress.advance(20)
    progress.finish()
    assert stream.getvalue().splitlines() == [
        "scoring: 200 of 1000 reviews, 20 a second, about 40 s left",
        "scoring: 400 of 1000 reviews, 20 a second, about 30 s left",
        "scoring: 500 reviews in 25 s",
    ]


def test_what_is_quick_needs_no_line() -> None:
    stream = io.StringIO()
    progress = LineProgress(stream, clock=lambda: 0.0)
    progress.start("x", 2, "reviews")
    progress.advance(2)
    progress.finish()
    assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar_and_text_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with open_progress() as progress:
        progress.start("scoring [/x]", 10, "reviews")
        progress.advance(5)
        progress.say("끝 [/x] [sad]")
        progress.finish()
    assert "끝 [/x] [sad]" in stream.getvalue()


def test_elsewhere_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with open_progress() as progress:
        progress.say("news")
    captured = capsys.readouterr()
    assert captured.err == "news\n"
    assert captured.out == ""
    silent = Silent()
    silent.start("x", 1, "y")
    silent.advance(1)
    silent.say("z")
    silent.finish()
    assert capsys.readouterr().err == ""


def test_words_for_numbers() -> None:
    assert [told_seconds(s) for s in (0.4, 59, 60, 200, 7500)] == [
        "0 s",
        "59 s",
        "1 min 00 s",
        "3 min 20 s",
        "2 h 05 min",
    ]
    assert [told_rate(r) for r in (0.26, 9.96, 250.4)] == ["0.3", "10.0", "250"]
    assert [told_count(n, "row") for n in (0, 1, 2048)] == ["0 rows", "1 row", "2,048 rows"]
