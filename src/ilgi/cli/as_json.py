"""Answers as JSON for scripts. Keys may be added here, never renamed or removed."""

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ilgi.cli.text_input import without_surrogates
from ilgi.families import FAMILIES

if TYPE_CHECKING:
    from ilgi.catalog.base import Catalog
    from ilgi.steps import RankedItem, Ranking, Reading

_DIGITS: Final = 6
_WEIGHT_DIGITS: Final = 9  # one sentence of a very long text weighs little


def write_json(value: object) -> None:
    """Write one JSON value on one line of standard output, as readable UTF-8."""
    sys.stdout.write(without_surrogates(json.dumps(value, ensure_ascii=False, allow_nan=False)) + "\n")


def ranking_json(ranking: "Ranking", catalog: "Catalog") -> dict[str, Any]:
    """Return what `ilgi recommend --json` writes."""
    query = ranking.query
    reading = query.reading
    return {
        "language": reading.language,
        "sure": reading.sure,
        "care": None,
        "mood": shares(reading.mood),
        "emotions": {name: number(p) for name, p in reading.emotions.items()},
        "affect": {"valence": number(reading.valence), "arousal": number(reading.arousal)},
        "labels": {name: number(p) for name, p in zip(query.labels, query.probabilities, strict=True)},
        "items": [_item_json(item, catalog) for item in ranking.items],
        "close": ranking.close,
        "families": {name: number(p) for name, p in zip(FAMILIES, query.families, strict=True)},
    }


def reading_json(reading: "Reading") -> dict[str, Any]:
    """Return what `ilgi emotions` writes for one text, without its id."""
    from ilgi.emotion.evidence import sentences_for
    from ilgi.emotion.views import mood_of

    return {
        "language": reading.language,
        "sure": reading.sure,
        "mood": shares(reading.mood),
        "emotions": {name: number(p) for name, p in reading.emotions.items()},
        "emotions_prior": {name: number(p) for name, p in reading.emotions_prior.items()} or None,
        "affect": {"valence": number(reading.valence), "arousal": number(reading.arousal)},
        "leading": [{"emotion": name, "sentences": list(sentences_for(reading, name))} for name in reading.leading],
        "sentences": [
            {
                "text": sentence.text,
                "mood": shares(mood_of(reading.columns, scores)),
                "weight": round(float(weight), _WEIGHT_DIGITS),
            }
            for sentence, scores, weight in zip(reading.sentences, reading.scores, reading.weights, strict=True)
        ],
    }


def _item_json(item: "RankedItem", catalog: "Catalog") -> dict[str, Any]:
    korean = catalog.titles["ko"][item.row] if "ko" in catalog.titles else ""
    return {
        "rank": item.rank,
        "id": item.id,
        "title": catalog.title(item.row, "en"),
        "title_ko": korean or None,
        "year": int(catalog.year[item.row]) or None,
        "labels": list(catalog.labels_of(item.row)),
        "score": number(item.score),
        "goal": item.goal,
        "reasons": list(item.reasons),
        "evidence": [
            {"sentence": e.sentence, "emotion": e.emotion, "trait": e.trait, "basis": e.basis} for e in item.evidence
        ],
        "by": (catalog.by[item.row] if catalog.by else "") or None,
    }


def number(value: float) -> float:
    """Return the value to six digits behind the point."""
    return round(float(value), _DIGITS)


def shares(values: Mapping[str, float]) -> dict[str, float]:
    """Return shares to six digits that still sum to 1: what rounding leaves over goes to the largest."""
    rounded = {name: number(value) for name, value in values.items()}
    if rounded:
        largest = max(rounded, key=rounded.__getitem__)
        rounded[largest] = number(rounded[largest] + 1.0 - sum(rounded.values()))
    return rounded
