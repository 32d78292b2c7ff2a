import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from ilgi.cli.details import bar, show_details
from ilgi.cli.present import show_ranking
from ilgi.steps import Ranking

KOREAN = "오늘 의자를 치웠다. 방이 넓어 보였다."


@pytest.fixture
def ranking(fake: Any) -> Callable[[str], Ranking]:
    return lambda text: fake.recommend(text, n=3)


def terminal(width: int) -> Console:
    return Console(file=io.StringIO(), force_terminal=True, color_system="truecolor", width=width, markup=False)


def shown(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_bars_on_a_terminal_with_details_only(fake: Any, ranking: Any) -> None:
    out = terminal(80)
    show_ranking(out, ranking(KOREAN), fake.catalog)
    assert "█" not in shown(out)
    show_details(out, ranking(KOREAN), fake.catalog, fake.reader)
    assert "█" in shown(out)


@pytest.mark.parametrize(
    ("share", "mark", "expected"),
    [
        (0.0, None, ""),
        (0.5, None, "█" * 10),
        (1.0, None, "█" * 20),
        (0.1, 0.5, "██        │"),
        (1.0, 1.0, "█" * 19 + "│"),
    ],
)
def test_bar(share: float, mark: float | None, expected: str) -> None:
    assert bar(share, mark=mark).plain == expected


def test_the_figures_are_the_rankings_own(fake: Any, ranking: Any) -> None:
    """Each figure is worked out here by hand from the fake's numbers."""
    out = Console(file=io.StringIO(), width=100, markup=False)
    answer = ranking("The room looked too wide. I sat down.")
    show_details(out, answer, fake.catalog, fake.reader)
    rows = [line.split() for line in shown(out).splitlines()]
    assert ["sadness", "0.550", "–", "+1.8", "σ"] in rows  # 0.25 · 0.1 + 0.75 · 0.7
    assert ["drama", "0.400", "0.300", "+0.44"] in rows  # log(0.4 / 0.6) - log(0.3 / 0.7)
    assert ["comedy", "0.100", "0.100", "+0.00"] in rows
    assert ["Film", "1", "0.3233"] in rows
    assert ["joy", "0.33"] in rows
    assert "Tone: heavy 0.25 · in between 0.50" in shown(out)


def test_emotions_stand_in_the_order_in_which_they_stand_out(fake: Any, ranking: Any) -> None:
    out = Console(file=io.StringIO(), width=100, markup=False)
    show_details(out, ranking("The room looked too wide."), fake.catalog, fake.reader)
    section = shown(out).partition("Beside an ordinary diary")[2].partition("The sentences")[0]
    assert [line.split()[0] for line in section.strip().splitlines()[1:]] == ["sadness", "fear", "joy", "calm"]


def test_of_a_long_text_the_heaviest_sentences_in_their_order(fake: Any, ranking: Any) -> None:
    answer = ranking("a")
    reading = answer.query.reading
    n = 30
    weights = np.full(n, 1.0, dtype=np.float32)
    heavy = [3, 7, 8, 12, 20, 21, 25, 29]
    weights[heavy] = 5.0
    sentences = tuple(replace(reading.sentences[0], text=f"sentence {i}") for i in range(n))
    long = replace(reading, sentences=sentences, weights=weights, scores=np.tile(reading.scores[:1], (n, 1)))
    out = Console(file=io.StringIO(), width=100, markup=False)
    show_details(out, replace(answer, query=replace(answer.query, reading=long)), fake.catalog, fake.reader)
    assert [int(line.split()[-1][:-1]) for line in shown(out).splitlines() if "“sentence" in line] == heavy


def test_plain_text_has_no_spaces_at_the_ends(fake: Any, ranking: Any) -> None:
    out = Console(file=io.StringIO(), width=100, markup=False)
    show_details(out, ranking(KOREAN), fake.catalog, fake.reader)
    assert not [line for line in shown(out).splitlines() if line != line.rstrip()]
