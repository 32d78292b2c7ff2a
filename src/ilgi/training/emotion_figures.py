"""What was measured of an emotion model, in words: for the card of a bundle and for the end of a training."""

from collections.abc import Mapping
from typing import Any, Final

from ilgi.words import GOEMOTIONS

_FIGURES: Final[Mapping[str, str]] = {
    "macro_f1": "macro-F1, tuned thresholds",
    "macro_ap": "macro AP",
    "macro_f1_of_7": "macro-F1 of seven",
    "mood_macro_f1": "macro-F1 of the four moods",
    "mood_accuracy": "accuracy of the four moods",
    "mood_accuracy_where_it_turns": "the same where the day turns",
    "mood_ece": "ECE of the moods",
    "valence_r": "valence r",
    "arousal_r": "arousal r",
    "dominance_r": "dominance r",
    "ece": "ECE",
}


def figures_text(metrics: Mapping[str, Any]) -> list[str]:
    """Return one line for each source that was measured: its rows, and each figure with its standard error."""
    lines = []
    for source, part in metrics.items():
        if not isinstance(part, Mapping) or not isinstance(part.get("rows"), int) or source == "possible_moods":
            continue
        told = []
        for key, words in _FIGURES.items():
            if key in part:
                error = f" (s.e. {part[key + '_se']:.3f})" if key + "_se" in part else ""
                told.append(f"{words} {part[key]:.3f}{error}")
        lines.append(f"{source}, {part['rows']:,} rows: {'; '.join(told) or 'nothing to measure'}")
    return lines


def label_table(metrics: Mapping[str, Any]) -> list[str]:
    """Return a Markdown section with each emotion's figures in both languages; nothing where none was measured.

    The threshold is the one with the highest F1 on all validation rows.
    """
    parts = [(name, metrics[f"goemotions_{name}"]) for name in ("en", "ko") if f"goemotions_{name}" in metrics]
    parts = [(name, part) for name, part in parts if "threshold" in part]
    if not parts:
        return []
    head = ["emotion", *(f"{what}, {name}" for name, _ in parts for what in ("AP", "F1", "threshold"))]
    lines = ["## Emotion by emotion", "", f"| {' | '.join(head)} |", "|---|" + "---:|" * (len(head) - 1)]
    for emotion in GOEMOTIONS:
        cells = [emotion]
        for _, part in parts:
            cells += [f"{part[key][emotion]:.3f}" if emotion in part[key] else "–" for key in ("ap", "f1", "threshold")]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]
