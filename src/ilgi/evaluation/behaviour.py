"""A checklist of behaviour: small cases that a model of emotion must pass, by class (Ribeiro et al. 2020, CheckList).

A mean over a test set hides what a model cannot do; a class of cases shows it. The cases are data of the project itself
(CC0), written for it, in `data/behaviour/cases.jsonl`. No model may learn from them. One JSON object a line:

    id          unique
    language    "ko" or "en": the one that the writer thinks in; a mixed text holds both
    class       one of `CLASSES`
    check       one of `CHECKS`
    texts       one or two first-person diary texts, as many as the check asks for
    moods       for mood_in only: one to three of joy, optimism, anger and sadness
    side        for valence_side only: "high" or "low"

The checks, on the readings of the texts in order:

    mood_in          1 text   one of `moods` is likelier than every mood that is not among them (a tie fails)
    valence_side     1 text   "high": the valence is at least 0.5; "low": it is below 0.5
    valence_above    2 texts  the first text's valence exceeds the second's, by any margin
    arousal_above    2 texts  the first text's arousal exceeds the second's, by any margin
    invariant        2 texts  both have the same likeliest mood, and their valences differ by at most 0.1
    plain            1 text   no emotion: the whole's neutrality is at least 0.5, or the reading is not sure
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

import ilgi
from ilgi.emotion.reading import Reader
from ilgi.emotion.views import neutrality
from ilgi.errors import DataError, InputError
from ilgi.language import Language
from ilgi.steps import Reading
from ilgi.words import MOODS

FILE: Final = Path(ilgi.__file__).parent / "data" / "behaviour" / "cases.jsonl"

CLASSES: Final = (
    "negation", "contrast", "intensity", "emoji_laughter", "sarcasm", "typos_spacing", "names_places", "past_present",
    "others_feeling", "mixed_language", "very_short", "very_long", "no_emotion",
)  # fmt: skip
"""What the cases try, in the order of the file."""

CHECKS: Final[Mapping[str, int]] = {
    "mood_in": 1,
    "valence_side": 1,
    "valence_above": 2,
    "arousal_above": 2,
    "invariant": 2,
    "plain": 1,
}
"""Check → how many texts it takes."""

SIDES: Final = ("high", "low")

MIDDLE: Final = 0.5
"""The least valence that counts as pleasant, and the least neutrality that counts as plain."""
INVARIANT_WITHIN: Final = 0.1
"""How far valences may lie apart where nothing should change."""

_COMMON: Final = frozenset({"id", "language", "class", "check", "texts"})
_EXTRA: Final[Mapping[str, frozenset[str]]] = {"mood_in": frozenset({"moods"}), "valence_side": frozenset({"side"})}


@dataclass(frozen=True)
class Case:
    """One case; see the module for what each field may hold."""

    id: str
    language: Language
    kind: str
    """Its class, one of `CLASSES`."""
    check: str
    """One of `CHECKS`."""
    texts: tuple[str, ...]
    """One or two texts, as many as the check takes."""
    moods: tuple[str, ...] = ()
    """What mood_in expects; empty for any other check."""
    side: str = ""
    """What valence_side expects, one of `SIDES`; "" for any other check."""


@dataclass(frozen=True)
class PassRate:
    """How many cases of one class passed."""

    total: int
    """How many there are; at least 1."""
    failed: tuple[str, ...]
    """Ids of those that did not pass, in file order."""

    @property
    def passed(self) -> int:
        """How many passed."""
        return self.total - len(self.failed)

    @property
    def rate(self) -> float:
        """The share that passed, in [0, 1]."""
        return self.passed / self.total


@cache
def behaviour_cases(file: Path = FILE) -> tuple[Case, ...]:
    """Return every case, in file order.

    Args:
        file: JSON lines in UTF-8, laid out as the module describes.

    Raises:
        DataError: The file cannot be read, a line is not a case, or its id stands twice; the error names the line,
            never the text.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file.name} cannot be read as text: {type(error).__name__}") from error
    cases: dict[str, Case] = {}
    for number, line in enumerate(lines, start=1):
        where = f"{file.name} line {number}"
        case = _case(line, where)
        if case.id in cases:
            raise DataError(f"{where}: the id {case.id!r} stands twice")
        cases[case.id] = case
    return tuple(cases.values())


def check_case(case: Case, readings: Sequence[Reading]) -> bool:
    """Tell whether the readings are what the case expects.

    Args:
        case: A case.
        readings: Those of its texts, in order.

    Raises:
        InputError: There are more or fewer readings than texts.
    """
    if len(readings) != len(case.texts):
        raise InputError(
            f"case {case.id!r} has {len(case.texts)} texts, not {len(readings)}: give one reading for each"
        )
    first, last = readings[0], readings[-1]
    match case.check:
        case "mood_in":
            others = (share for mood, share in first.mood.items() if mood not in case.moods)
            return max(first.mood[mood] for mood in case.moods) > max(others)
        case "valence_side":
            return (first.valence >= MIDDLE) == (case.side == "high")
        case "valence_above":
            return first.valence > last.valence
        case "arousal_above":
            return first.arousal > last.arousal
        case "invariant":
            same = _likeliest(first) == _likeliest(last)
            return same and abs(first.valence - last.valence) <= INVARIANT_WITHIN
        case "plain":
            return not first.sure or float(neutrality(first.columns, first.affect[None])[0]) >= MIDDLE
        case _:
            raise InputError(f"case {case.id!r} has the unknown check {case.check!r}: use one of {', '.join(CHECKS)}")


def check_cases(reader: Reader, cases: Sequence[Case] | None = None) -> dict[str, bool]:
    """Return case id → whether it passed, in the order of the cases.

    All texts are read together (`Reader.read_many`), each in the language that is detected, as a diary would be.

    Args:
        reader: Reads the texts.
        cases: The cases, with ids of their own; all that ship with ilgi if None.
    """
    chosen = behaviour_cases() if cases is None else cases
    readings = iter(reader.read_many([text for case in chosen for text in case.texts]))
    return {case.id: check_case(case, [next(readings) for _ in case.texts]) for case in chosen}


def pass_rates(reader: Reader, cases: Sequence[Case] | None = None) -> dict[str, PassRate]:
    """Return class → how many of its cases passed, for each class that has cases, in the order of `CLASSES`.

    Args:
        reader: Reads the texts.
        cases: The cases, with ids of their own; all that ship with ilgi if None.
    """
    chosen = behaviour_cases() if cases is None else cases
    passed = check_cases(reader, chosen)
    rates = {}
    for kind in CLASSES:
        ids = [case.id for case in chosen if case.kind == kind]
        if ids:
            rates[kind] = PassRate(len(ids), tuple(i for i in ids if not passed[i]))
    return rates


def _likeliest(reading: Reading) -> str:
    return max(reading.mood, key=lambda mood: reading.mood[mood])


def _case(line: str, where: str) -> Case:
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise DataError(f"{where} is not JSON ({error})") from error
    problem = _problem(raw)
    if problem:
        raise DataError(f"{where} is not a case: {problem}")
    return Case(
        id=raw["id"],
        language=raw["language"],
        kind=raw["class"],
        check=raw["check"],
        texts=tuple(raw["texts"]),
        moods=tuple(raw.get("moods", ())),
        side=raw.get("side", ""),
    )


def _problem(raw: Any) -> str:  # noqa: ANN401 (whatever JSON holds)
    """Say what keeps this from being a case; "" where nothing does."""
    if not isinstance(raw, dict):
        return "it is no object"
    check = raw.get("check")
    if not isinstance(check, str) or check not in CHECKS:
        return "the check is unknown"
    wanted = _COMMON | _EXTRA.get(check, frozenset())
    if set(raw) != wanted:
        return f"fields missing or too many: {', '.join(sorted(set(raw) ^ wanted))}"
    if not isinstance(raw["id"], str) or not raw["id"]:
        return "the id is empty or no string"
    if raw["language"] not in get_args(Language):
        return "the language is neither ko nor en"
    if raw["class"] not in CLASSES:
        return "the class is unknown"
    texts = raw["texts"]
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        return "texts is no list of texts"
    if len(texts) != CHECKS[check]:
        return f"{check} takes {CHECKS[check]} texts, not {len(texts)}"
    if check == "valence_side" and raw["side"] not in SIDES:
        return "the side is neither high nor low"
    if check == "mood_in" and not _some_moods(raw["moods"]):
        return "moods is no list of one to three moods"
    return ""


def _some_moods(moods: object) -> bool:
    if not isinstance(moods, list) or not 1 <= len(moods) < len(MOODS):
        return False
    return all(isinstance(mood, str) and mood in MOODS for mood in moods) and len(set(moods)) == len(moods)
