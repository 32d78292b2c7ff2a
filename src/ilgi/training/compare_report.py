"""The report of a comparison for people, in Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ilgi.training.compare_figures import GROWTH, SEVERAL

_TAG_FIGURES: Final = ("matched", "mismatched", "ndcg_10")
_SMALL: Final = 0.05
"""Differences with a smaller p are called real."""


def comparison_text(report: Mapping[str, Any]) -> str:
    """Return the report.

    Args:
        report: As `report.json` holds it.
    """
    parts = [
        f"# {report['title']}",
        f"{report['reviews']:,} reviews of {report['films']:,} films, {report['split']}; {report['films_measured']:,} "
        f"films measured, {report['films_several']:,} of them with {SEVERAL} reviews or more. Intervals are 95 % by "
        f"{report['repeats']:,} bootstrap samples of films; differences are paired on the same samples, their p "
        "corrected for the number of rows (Holm).",
        _genres(report),
        _tags(report),
        _moves(report),
        _growth(report),
        _by_label(report),
        _shift(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _genres(report: Mapping[str, Any]) -> str:
    header = ["model", "input", "macro AP, one review", f"{SEVERAL} or more", "ko", "en", "every label known"]
    if any("without_stars" in row for row in report["rows"]):
        header.append("without stars")
    header += ["best minus row", "row minus baseline", "seconds", "kB"]
    rows = []
    for row in _ranked(report):
        one = row["one_review"]
        cells = [row["model"], row["input"] or "–", _told(one["all"]["macro_ap"])]
        cells.append(_told(_at(row, "several", "all", "macro_ap")))
        cells += [_short(_at(row, "one_review", cut, "macro_ap")) for cut in ("ko", "en", "every label known")]
        if "without stars" in header:
            cells.append(_short(_at(row, "without_stars", "all", "macro_ap")))
        cells += [
            _difference(row.get("best", {}).get("one_review"), -1.0),
            _difference(row.get("against", {}).get("one_review"), 1.0),
        ]
        rows.append([*cells, f"{row['seconds']:,.1f}", f"{row['kilobytes']:,}"])
    return (
        f"## Genres of unseen films\n\nBest: {report['best']}. Baseline: {report['against']}. A difference with its p "
        f"in bold is real (p < {_SMALL}).\n\n" + _table(header, rows)
    )


def _tags(report: Mapping[str, Any]) -> str:
    if not any("mood_tags" in row for row in report["rows"]):
        return ""
    languages = list(next(row["mood_tags"] for row in report["rows"] if "mood_tags" in row))
    header = ["model", "input"] + [f"{language} {name}" for language in languages for name in _TAG_FIGURES]
    rows = [
        [row["model"], row["input"] or "–"]
        + [
            _told(row["mood_tags"][language][name]) if name == "matched" else _short(row["mood_tags"][language][name])
            for language in languages
            for name in _TAG_FIGURES
        ]
        for row in sorted(report["rows"], key=lambda row: -tag_score(row))
    ]
    return (
        "## Films that people tagged with a mood\n\nAUC of the films with a tag of the text's own mood (matched) and "
        "of other moods (mismatched); nDCG of the first ten. The best first, by matched minus mismatched over both "
        "languages.\n\n" + _table(header, rows)
    )


def tag_score(row: Mapping[str, Any]) -> float:
    """Return what rows are ordered by: matched minus mismatched AUC, the mean over languages."""
    parts = row.get("mood_tags", {}).values()
    return float(sum(part["difference"]["value"] for part in parts) / max(len(parts), 1))


def _moves(report: Mapping[str, Any]) -> str:
    header = ["model", "input", "information, bits", "distance from the base rates", "Brier", "ECE", "LRAP", "nDCG@5"]
    rows = []
    for row in _ranked(report):
        figures = row["one_review"]["all"]
        cells = [_short(figures.get(name)) for name in ("brier", "ece", "lrap", "ndcg_5")]
        rows.append([row["model"], row["input"] or "–", f"{row['information']:.3f}", f"{row['distance']:.3f}", *cells])
    return (
        "## How much the answer moves\n\nInformation: what the genre that comes first by lift tells of the emotion "
        "that stands out in the review, and the other way round. Distance: Jensen–Shannon, 0 to 1.\n\n"
        + _table(header, rows)
    )


def _growth(report: Mapping[str, Any]) -> str:
    best = next(row for row in report["rows"] if row["name"] == report["best"])
    growth = best["growth"]
    lines = ["## More reviews of a film, and the ceiling"]
    if str(GROWTH[0]) in growth:
        told = ", ".join(f"{growth[str(k)]:.3f} from {k}" for k in GROWTH if str(k) in growth)
        lines.append(f"Macro AP of {best['name']} on the {growth['films']:,} films with {GROWTH[-1]} reviews: {told}.")
    if report["ceiling"]:
        told = "; ".join(
            f"{part['agreement']:.2f} for halves of {half} ({part['films']:,} films)"
            for half, part in report["ceiling"].items()
        )
        lines.append(
            f"Two halves of a film's reviews agree on a genre's lift with a correlation of {told}. Its square root is "
            "the best that such a half could correlate with the film itself."
        )
    return "\n\n".join(lines) if len(lines) > 1 else ""


def _by_label(report: Mapping[str, Any]) -> str:
    rows = [
        [name, f"{row['films']:,}", f"{row['rate']:.3f}", f"{row['ap']:.3f}", f"{row['ap'] / row['rate']:.1f}"]
        for name, row in sorted(report["by_label"].items(), key=lambda pair: -pair[1]["ap"] / pair[1]["rate"])
    ]
    return f"## Genre by genre: {report['best']}\n\n" + _table(["genre", "films", "base rate", "AP", "times"], rows)


def _shift(report: Mapping[str, Any]) -> str:
    lines = []
    for name, languages in report.get("shift", {}).items():
        for language, found in languages.items():
            apart = sorted(found["columns"].items(), key=lambda pair: -pair[1])[:6]
            furthest = ", ".join(f"{column} {value:.2f}" for column, value in apart)
            lines.append(
                f"- {name}, {language}: a linear classifier tells diaries from reviews with an AUC of "
                f"{found['auc']:.2f}, after each was standardised by its own kind {found['auc_standardised']:.2f}; "
                f"furthest apart: {furthest}"
            )
    return "## From reviews to diaries\n\n" + "\n".join(lines) if lines else ""


def _ranked(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return sorted(report["rows"], key=lambda row: -row["one_review"]["all"]["macro_ap"]["value"])


def _at(row: Mapping[str, Any], *keys: str) -> Any:  # noqa: ANN401 (JSON)
    found: Any = row
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _told(interval: Mapping[str, float] | None) -> str:
    return "–" if interval is None else f"{interval['value']:.3f} [{interval['low']:.3f}, {interval['high']:.3f}]"


def _short(interval: Mapping[str, float] | None) -> str:
    return "–" if interval is None else f"{interval['value']:.3f}"


def _difference(found: Mapping[str, float] | None, sign: float) -> str:
    if found is None:
        return "–"
    p = f"p {found['p']:.3f}" if found["p"] >= 0.001 else "p < 0.001"
    return f"{sign * found['value']:+.3f}, " + (f"**{p}**" if found["p"] < _SMALL else p)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)
