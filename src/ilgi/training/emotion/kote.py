"""The 44 labels of KOTE (Jeon et al. 2022), which know feelings that the 28 don't: 서러움, 뿌듯함, 힘듦, 어이없음."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from ilgi.arrays import FloatMatrix
from ilgi.errors import DataError
from ilgi.training.emotion.data import find_table
from ilgi.training.tables import read_rows
from ilgi.vocabulary import Vocabulary

KOTE: Final = Vocabulary(
    (
        "감동/감탄", "경악", "고마움", "공포/무서움", "귀찮음", "기대감", "기쁨", "깨달음", "놀람", "당황/난처",
        "부끄러움", "부담/안_내킴", "불쌍함/연민", "불안/걱정", "불평/불만", "비장함", "뿌듯함", "서러움",
        "슬픔", "신기함/관심", "아껴주는", "안심/신뢰", "안타까움/실망", "어이없음", "없음", "역겨움/징그러움",
        "우쭐댐/무시함", "의심/불신", "재미없음", "절망", "존경", "죄책감", "즐거움/신남", "증오/혐오",
        "지긋지긋", "짜증", "패배/자기혐오", "편안/쾌적", "한심함", "행복", "화남/분노", "환영/호의",
        "흐뭇함(귀여움/예쁨)", "힘듦/지침",
    ),
    kind="KOTE label",
)  # fmt: skip
"""In alphabetical order."""
_STEM: Final = "kote_train"


def kote_targets(data_dir: Path, texts: Sequence[str], sources: Sequence[str]) -> FloatMatrix:
    """Return (n, 44): 1 or 0 for the texts of KOTE, NaN for all others.

    Args:
        data_dir: The data directory; without KOTE's file every row is NaN.
        texts: n texts as the source has them.
        sources: (n) name of each text's data set.

    Raises:
        DataError: The file holds a label that KOTE does not have.
    """
    labels: dict[str, list[str]] = {}
    file = find_table(data_dir / "emotion", _STEM)
    if file is not None:
        labels = {row["text"]: str(row.get("labels", row.get("label"))).split("|") for row in read_rows(file)}
    targets = np.full((len(texts), len(KOTE)), np.nan, dtype=np.float32)
    for i, (text, source) in enumerate(zip(texts, sources, strict=True)):
        if source == "kote" and text in labels:
            unknown = [name for name in labels[text] if name not in KOTE]
            if unknown:
                raise DataError(f"{_STEM} holds a label that KOTE does not have: {unknown[0][:40]!r}")
            targets[i] = 0.0
            targets[i, KOTE.columns(labels[text])] = 1.0
    return targets
