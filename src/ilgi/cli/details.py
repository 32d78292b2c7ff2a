"""The figures behind an answer: what was read, how sentences weigh, what is called for, and how the items score.

Bars appear on a terminal only; a pipe gets the same figures in columns.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ilgi.arrays import logit
from ilgi.cli.present import leading_by_sentence, printable
from ilgi.language import Language, quote
from ilgi.words import emotion_word, label_word

if TYPE_CHECKING:
    from ilgi.catalog.base import Catalog
    from ilgi.emotion.reading import Reader
    from ilgi.steps import Query, Ranking, Reading

_EMOTIONS_SHOWN: Final = 6
_SENTENCES_SHOWN: Final = 8
_BAR_WIDTH: Final = 20

_VALENCE: Final[dict[Language, Sequence[str]]] = {
    "ko": ("무거운 쪽", "조금 무거운 쪽", "가운데쯤", "조금 가벼운 쪽", "가벼운 쪽"),
    "en": ("heavy", "rather heavy", "in between", "rather light", "light"),
}
_AROUSAL: Final[dict[Language, Sequence[str]]] = {
    "ko": ("고요한 쪽", "조금 고요한 쪽", "가운데쯤", "조금 술렁이는 쪽", "술렁이는 쪽"),
    "en": ("quiet", "rather quiet", "in between", "rather stirred", "stirred"),
}
_STEPS: Final = (0.3, 0.45, 0.55, 0.7)

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "mood": ("네 가지로 나누면", "In four shares"),
    "emotions": ("여느 일기와 견주면", "Beside an ordinary diary"),
    "sentences": ("무게가 실린 문장", "The sentences that weigh most"),
    "labels": ("이 마음이 부르는 장르", "What this calls for"),
    "items": ("점수", "Scores"),
    "valence": ("결", "Tone"),
    "today": ("오늘", "today"),
    "usual": ("평소", "usual"),
    "above": ("평소보다", "above"),
    "weight": ("무게", "weight"),
    "chance": ("가능성", "chance"),
    "lift": ("평소보다", "lift"),
    "score": ("점수", "score"),
}


def show_details(out: Console, ranking: "Ranking", catalog: "Catalog", reader: "Reader") -> None:
    """Print the figures behind a ranking.

    Args:
        out: Where to.
        ranking: The answer.
        catalog: Where its items are from.
        reader: What read the text; tells what is usual for a diary.
    """
    reading = ranking.query.reading
    language = reading.language
    tone = f"{_step(_VALENCE[language], reading.valence)} {reading.valence:.2f} · "
    tone += f"{_step(_AROUSAL[language], reading.arousal)} {reading.arousal:.2f}"
    out.print(Text(f"{_word('valence', language)}: {tone}"))
    for key, table in (
        ("mood", _mood_table(reading, bars=out.is_terminal)),
        ("emotions", _emotion_table(reading, reader, bars=out.is_terminal)),
        ("sentences", _sentence_table(reading, reader)),
        ("labels", _label_table(ranking.query, bars=out.is_terminal)),
        ("items", _item_table(ranking, catalog)),
    ):
        out.print()
        out.print(Text(_word(key, language), style="bold"))
        _print_table(out, table)


def _print_table(out: Console, table: Table) -> None:
    if out.is_terminal:
        out.print(table)
        return
    with out.capture() as capture:
        out.print(table)
    # rich fills cells with spaces up to the end of the line, which plain text has no use for.
    out.print(Text("\n".join(line.rstrip() for line in capture.get().splitlines())))


def bar(share: float, *, mark: float | None = None) -> Text:
    """Return a bar of up to 20 cells for a share in [0, 1], with a tick where `mark` (what is usual) lies."""
    filled = round(min(max(share, 0.0), 1.0) * _BAR_WIDTH)
    cells = ["█"] * filled + [" "] * (_BAR_WIDTH - filled)
    if mark is not None:
        cells[min(int(mark * _BAR_WIDTH), _BAR_WIDTH - 1)] = "│"
    return Text("".join(cells).rstrip())


def _mood_table(reading: "Reading", *, bars: bool) -> Table:
    table = _table()
    for name, share in reading.mood.items():
        _row(table, [emotion_word(name, reading.language), f"{share:.2f}"], bar(share) if bars else None)
    return table


def _emotion_table(reading: "Reading", reader: "Reader", *, bars: bool) -> Table:
    """The emotions that stand furthest above an ordinary diary, with their probability there and here."""
    language = reading.language
    usual = None if reader.reference is None else reader.reference.mean(language)
    table = _table("", *(_word(key, language) for key in ("today", "usual", "above")), *([""] if bars else []))
    columns = reading.columns.columns(reading.emotions)
    for column in columns[np.argsort(-reading.standard[columns], kind="stable")][:_EMOTIONS_SHOWN].tolist():
        name = reading.columns[column]
        p = reading.emotions[name]
        ordinary = None if usual is None else float(usual[column])
        figures = [
            emotion_word(name, language),
            f"{p:.3f}",
            "–" if ordinary is None else f"{ordinary:.3f}",
            f"{reading.standard[column]:+.1f} σ",
        ]
        _row(table, figures, bar(p, mark=ordinary) if bars else None)
    return table


def _sentence_table(reading: "Reading", reader: "Reader") -> Table:
    """The sentences that weigh most, in the order of the text."""
    language = reading.language
    table = _table(_word("weight", language), "", "", plain=True)
    rows = np.sort(np.argsort(-reading.weights, kind="stable")[:_SENTENCES_SHOWN]).tolist()
    for row, names in zip(rows, leading_by_sentence(reading, reader, rows), strict=True):
        word = emotion_word(names[0], language) if names else "·"
        sentence = printable(quote(reading.sentences[row].text, language))
        table.add_row(Text(f"{reading.weights[row]:.2f}"), Text(word), Text(sentence))
    return table


def _label_table(query: "Query", *, bars: bool) -> Table:
    """Every label with its probability, its base rate, and the lift: the difference of their log-odds."""
    language = query.reading.language
    table = _table("", *(_word(key, language) for key in ("chance", "usual", "lift")), *([""] if bars else []))
    lift = logit(query.probabilities) - logit(query.base_rates)
    for column in np.argsort(-lift, kind="stable").tolist():
        p, rate = float(query.probabilities[column]), float(query.base_rates[column])
        name = label_word(query.labels[column], language)
        _row(table, [name, f"{p:.3f}", f"{rate:.3f}", f"{lift[column]:+.2f}"], bar(p, mark=rate) if bars else None)
    return table


def _item_table(ranking: "Ranking", catalog: "Catalog") -> Table:
    language = ranking.query.reading.language
    parts = list(dict.fromkeys(name for item in ranking.items for name in item.parts))
    table = _table("", _word("score", language), *parts)
    for item in ranking.items:
        figures = [f"{item.score:.4f}", *(f"{item.parts[name]:.4f}" if name in item.parts else "–" for name in parts)]
        _row(table, [printable(catalog.title(item.row, language)), *figures], None)
    return table


def _table(*headings: str, plain: bool = False) -> Table:
    """Return a table without lines; figures stand right, the first column (or with `plain` the later ones) left."""
    table = Table(box=None, show_header=any(headings), header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for i, heading in enumerate(headings):
        table.add_column(Text(heading), justify="right" if (i == 0) == plain and heading else "left")
    return table


def _row(table: Table, cells: Sequence[str], graph: Text | None) -> None:
    table.add_row(*(Text(cell) for cell in cells), *([graph] if graph is not None else []))


def _word(key: str, language: Language) -> str:
    return _WORDS[key][0 if language == "ko" else 1]


def _step(words: Sequence[str], value: float) -> str:
    return words[sum(value >= step for step in _STEPS)]
