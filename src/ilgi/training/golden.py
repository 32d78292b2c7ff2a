"""Golden answers: short texts of our own, what a bundle answered to them when it was made, and whether it still does.

Numbers are rounded, because another processor adds in another order.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ilgi.bundle import MANIFEST
from ilgi.errors import BundleDamaged
from ilgi.recommender import Recommender

TEXTS: Final = (
    "비가 오는 저녁, 창가에 앉아 오래된 편지를 다시 읽었다. 네가 많이 보고 싶다.",
    "드디어 시험에 붙었다. 엄마한테 전화하는데 목소리가 떨려서 한참을 웃었다.",
    "회의에서 또 내 말을 잘랐다. 집에 오는 내내 화가 가라앉지 않는다.",
    "아무 일도 없었다. 빨래를 개고 라디오를 들었다.",
    "Rain all evening. I read the old letters again and missed her more than I expected.",
    "I passed. When I called my mother my voice shook, and then we both laughed for a long time.",
    "They talked over me in the meeting again. I was still angry when I got home.",
    "Nothing happened today. I folded the laundry and listened to the radio.",
)
TOLERANCE: Final = 2e-3
"""How far a number may move."""
_ITEMS: Final = 3
_SCORED: Final = 5
"""How many of the catalogue's first items are scored for each of `_GOALS`."""
_LOWEST: Final = -100.0
_GOALS: Final = ("mirror", "stay", "lift")
_DIGITS: Final = 6


def golden_answers(recommender: Recommender) -> list[Mapping[str, Any]]:
    """Return JSON: each text with its language, mood, label probabilities, and the ids of the first three items.

    Where items are ranked by how they feel, the scores of some of them under some goals stand for the ids.
    """
    return [{"text": text, **_answer(recommender, text, items=_ITEMS)} for text in TEXTS]


def check_golden(recommender: Recommender) -> int:
    """Ask a bundle its golden questions again.

    Args:
        recommender: Made of the bundle, over the catalogue that the answers were recorded with.

    Returns:
        How many there were.

    Raises:
        BundleDamaged: An answer is another one than was recorded; says where.
    """
    recorded = recommender.bundle.manifest.golden if recommender.bundle is not None else []
    for i, answer in enumerate(recorded, start=1):
        expected = {key: value for key, value in answer.items() if key != "text"}
        found = _answer(recommender, str(answer.get("text")), items=max(len(expected.get("items", ())), 1))
        if problem := difference(expected, found):
            raise BundleDamaged(MANIFEST, f"records another answer to golden text {i} ({problem})")
    return len(recorded)


def difference(expected: Any, found: Any, where: str = "") -> str | None:  # noqa: ANN401
    """Return the first place where `found` is not what was `expected`, as words, or None.

    Args:
        expected: JSON as it was recorded. A key that it does not have is not compared.
        found: JSON as it is now.
        where: The place of both in the whole, for the answer.
    """
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            if key not in found:
                return f"{where}{key} is missing"
            if problem := difference(value, found[key], f"{where}{key}."):
                return problem
        return None
    number = isinstance(expected, int | float) and isinstance(found, int | float)
    same = math.isclose(expected, found, rel_tol=0.0, abs_tol=TOLERANCE) if number else expected == found
    return None if same else f"{where.rstrip('.')} is {found!r}, recorded was {expected!r}"


def _answer(recommender: Recommender, text: str, *, items: int) -> dict[str, Any]:
    ranking = recommender.recommend(text, n=items)
    query = ranking.query
    answer: dict[str, Any] = {
        "language": query.reading.language,
        "mood": {name: round(float(share), _DIGITS) for name, share in query.reading.mood.items()},
        "labels": {name: round(float(p), _DIGITS) for name, p in zip(query.labels, query.probabilities, strict=True)},
    }
    if not recommender.has_goals:
        return {**answer, "items": [item.id for item in ranking.items]}
    # Thousands of items lie close together there, and which of two comes first may hang on the last digit.
    catalog = recommender.catalog
    rows = range(min(_SCORED, len(catalog)))
    for goal in _GOALS:
        scores = recommender.ranker.score(replace(query, goal=goal), catalog)
        # An item that goes too far for the goal lies far below all others; how far has no digits to compare.
        answer[goal] = {catalog.ids[row]: round(max(float(scores[row]), _LOWEST), _DIGITS) for row in rows}
    return answer
