"""The answer as people read it: what was read, each item with one sentence, and what to try next.

In the language of the text. A terminal gets lines that fit its width and a little emphasis; a pipe gets the same words
as plain text, one sentence a line. Nothing that somebody wrote, and no title, is ever taken for markup.
"""

import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from ilgi.language import Language, clean_text, with_particle
from ilgi.ranking.goals import goal_word
from ilgi.words import emotion_word, label_word

if TYPE_CHECKING:
    from ilgi.catalog.base import Catalog
    from ilgi.emotion.reading import Reader
    from ilgi.steps import RankedItem, Ranking, Reading

# Marks that turn the direction of writing: they would let a title rewrite the line it stands in.
_DIRECTION: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_PIPE_WIDTH: Final = 1_000_000
_READABLE_WIDTH: Final = 88

_NOT_SURE: Final[dict[Language, str]] = {
    "ko": "오늘 글만으로는 마음을 잘 모르겠어요. 한 단어만 알려 주면 다시 고를게요.",
    "en": "I can't quite tell from this. One word from you and I'll choose again.",
}
_NOT_SURE_ALONE: Final[dict[Language, str]] = {
    "ko": "이 글만으로는 마음을 잘 모르겠어요.",
    "en": "I can't quite tell from this.",
}
_NO_MATCH: Final[dict[Language, tuple[str, str]]] = {
    "ko": ("꼭 맞는 영화를 찾지 못했어요. 가까운 세 편을 둘게요.", "꼭 맞는 것을 찾지 못했어요. 가까운 것을 둘게요."),
    "en": ("Nothing fits closely; here are the nearest three.", "Nothing fits closely; here is what comes nearest."),
}
"""For three films, and for any other answer."""
_ORDINARY: Final[dict[Language, str]] = {
    "ko": "여느 날과 크게 다르지 않은 하루로 읽혔어요.",
    "en": "Reads as a day much like any other.",
}
_NEXT: Final[dict[tuple[Language, bool], str]] = {
    ("ko", True): "더 보려면 -n {n}, 어떻게 읽었는지는 --details 를 붙여 보세요.",
    ("ko", False): "한 단어면 돼요: ilgi recommend '외롭다'",
    ("en", True): "For more, add -n {n}; for how this was read, add --details.",
    ("en", False): "One word is enough: ilgi recommend 'lonely'",
}
_NOTHING: Final[dict[Language, str]] = {
    "ko": "이 조건에 남는 작품이 없어요. --genre 나 --exclude 를 줄여 보세요.",
    "en": "Nothing is left after these filters. Try fewer of --genre and --exclude.",
}


class _PipeConsole(Console):
    """A console whose closed pipe reaches the caller; rich's own would end the process."""

    def on_broken_pipe(self) -> None:
        """Let the `BrokenPipeError` that is being handled go on up."""
        raise


def console() -> Console:
    """Return the console on standard output: as wide as reads well on a terminal, without line breaks in a pipe."""
    terminal = sys.stdout.isatty()
    width: int | None = None if os.environ.get("COLUMNS") else _PIPE_WIDTH
    if terminal:
        width = min(Console(file=sys.stdout).width, _READABLE_WIDTH)
    return _PipeConsole(
        file=sys.stdout,
        force_terminal=terminal,
        color_system="auto" if terminal else None,
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
    )


def printable(text: str) -> str:
    """Return the text on one line, without control characters and without marks that turn the writing around."""
    return " ".join(_DIRECTION.sub("", clean_text(text)).split())


def show_ranking(out: Console, ranking: "Ranking", catalog: "Catalog", *, details: bool = False) -> None:
    """Print the answer to one text.

    Args:
        out: Where to.
        ranking: The items, best first.
        catalog: Where the items are from.
        details: Whether figures follow: then every reason is shown, and the last line does not offer them.
    """
    reading = ranking.query.reading
    out.print(Text(headline(reading) if ranking.close or not ranking.items else _no_match(ranking, catalog)))
    out.print()
    indent = len(str(len(ranking.items))) + 4
    for item in ranking.items:
        out.print(_item_line(item, catalog, reading.language, indent=indent))
        for words in item.reasons[: None if details else 1]:
            print_indented(out, Text(printable(words)), by=indent)
        if item.reasons:
            out.print()
    if not ranking.items:
        out.print(Text(_NOTHING[reading.language]))
    elif not details:
        # Twice as many as now; where that is more than there is, all come.
        out.print(Text(_NEXT[reading.language, reading.sure].format(n=2 * len(ranking.items)), style="dim"))


def show_reading(out: Console, reading: "Reading", reader: "Reader") -> None:
    """Print what was read in one text: the whole in a line, then each sentence with what stands out in it.

    Args:
        out: Where to.
        reading: What was read.
        reader: What read it.
    """
    out.print(Text(headline(reading) if reading.sure else _NOT_SURE_ALONE[reading.language]))
    out.print()
    leading = leading_by_sentence(reading, reader, range(len(reading.sentences)))
    for sentence, names in zip(reading.sentences, leading, strict=True):
        line = Text(printable(sentence.text))
        if names:
            line.append(f"  ({', '.join(emotion_word(name, reading.language) for name in names[:2])})", style="dim")
        print_indented(out, line, by=2)


def leading_by_sentence(reading: "Reading", reader: "Reader", rows: Sequence[int]) -> list[tuple[str, ...]]:
    """Return, for some of a reading's sentences, the emotions that stand out in each, strongest first.

    Args:
        reading: What was read.
        reader: What read it.
        rows: Numbers of the sentences, from 0.
    """
    from ilgi.emotion.reading import leading_emotions

    scores = reading.scores[list(rows)]
    standard = reader.standardise(scores, reading.language)
    return [tuple(leading_emotions(reading.columns, *pair)) for pair in zip(scores, standard, strict=True)]


def print_indented(out: Console, text: Text, *, by: int) -> None:
    """Print a text wrapped to the console's width, each line behind `by` spaces."""
    if out.width == _PIPE_WIDTH:
        # Nothing to wrap and nothing to style: rich would take a minute for the sentences of 10 MB.
        out.file.write(f"{' ' * by}{text.plain.rstrip()}\n")
        return
    for line in text.wrap(out, max(out.width - by, 20)):
        line.rstrip()
        out.print(Text(" " * by) + line, soft_wrap=True)


def headline(reading: "Reading") -> str:
    """Return one sentence that says how the text reads; what is not sure is not claimed."""
    language = reading.language
    if not reading.sure:
        return _NOT_SURE[language]
    words = [emotion_word(name, language) for name in reading.leading[:2]]
    if not words:
        return _ORDINARY[language]
    if language == "ko":
        joined = " ".join([*(with_particle(word, "과/와") for word in words[:-1]), with_particle(words[-1], "이/가")])
        return f"{joined} {'함께 ' if len(words) > 1 else ''}묻어나는 하루로 읽혔어요."
    return f"Reads as a day of {' and '.join(words)}."


def _no_match(ranking: "Ranking", catalog: "Catalog") -> str:
    three, other = _NO_MATCH[ranking.query.reading.language]
    return three if len(ranking.items) == 3 and catalog.domain == "movies" else other


def _item_line(item: "RankedItem", catalog: "Catalog", language: Language, *, indent: int) -> Text:
    title = printable(catalog.title(item.row, language))
    labels = ", ".join(label_word(name, language) for name in catalog.labels_of(item.row))
    year = str(catalog.year[item.row]) if catalog.year[item.row] else ""
    line = Text(f"{item.rank:>{indent - 2}}  ")
    if language == "ko":
        line.append(f"〈{title}〉", style="bold")
    else:
        # Hangul has no italics.
        line.append(title, style="bold" if _HANGUL.search(title) else "bold italic")
    by = printable(catalog.by[item.row]) if catalog.by else ""
    rest = " · ".join(part for part in (by, year, printable(labels), goal_word(item.goal, language)) if part)
    return line.append(f"  {rest}" if rest else "", style="dim")
