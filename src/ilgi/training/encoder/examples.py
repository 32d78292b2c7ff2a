"""The labelled texts as an encoder is trained on them: which source says what, and how often a text is drawn.

A network reads one language; a source counts for it by its share below. Shares are how often each of its texts is seen
in one pass: rare and telling sources (our diaries, events) are seen several times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.language import Language, clean_text
from ilgi.training.emotion.data import EmotionData, Split

EXCLUSIVE: Final = frozenset({"isear", "carer", "brighter", "xed"})
"""Sources that speak of few labels only: theirs compete among themselves, and the others are left out. A lone yes with
nothing beside it would only teach that this way of writing means that label."""

OWN: Final = ("diary", "entries", "moments")
"""How the names of our own sources begin."""

SHARES: Final[Mapping[Language, Mapping[str, float]]] = {
    "en": {
        "goemotions_en": 1.0, "tweeteval": 3.0, "isear": 2.5, "carer": 0.4, "brighter": 1.5, "xed": 0.3,
        "emobank": 1.5, "diary_en": 1.0, "entries_en": 4.0, "moments_en": 3.0,
    },
    "ko": {
        "goemotions_ko": 1.0, "kote": 3.0, "diary_ko": 1.0, "entries_ko": 4.0, "moments_ko": 3.0, "entries_en": 1.5,
        "moments_en": 1.0, "isear": 0.7, "tweeteval": 0.7, "brighter": 0.4, "emobank": 0.4, "diary_en": 0.2,
    },
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Examples:
    """n texts of one network."""

    texts: tuple[str, ...]
    """(n) clean."""
    sources: tuple[str, ...]
    """Names of the S sources."""
    source: IntVector
    """(n,) number of each text's source."""
    share: FloatMatrix
    """(n,) how often it is seen in one pass."""
    exclusive: FloatMatrix
    """(n,) 1 where the labels compete."""
    targets: FloatMatrix
    """(n, C), NaN where nothing is said."""

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.texts)

    @property
    def own(self) -> NDArray[np.bool_]:
        """(n,) whether a text was written for ilgi."""
        return np.array([name.startswith(OWN) for name in self.sources], dtype=bool)[self.source]


def examples_of(
    data: EmotionData, language: Language, split: Split, extra: FloatMatrix, shares: Mapping[str, float] | None = None
) -> Examples:
    """Return the texts of a split that the network of a language is trained on.

    Args:
        data: n labelled texts.
        language: Whose network.
        split: "train" or "validation".
        extra: (n, X) further label columns, put before the last three (the dimensions); NaN where nothing is said.
        shares: Source → share; `SHARES` of the language if None.
    """
    wanted = SHARES[language] if shares is None else shares
    names = [_named(source, lang) for source, lang in zip(data.source, data.language, strict=True)]
    rows = np.array([i for i, name in enumerate(names) if name in wanted and data.split[i] == split], dtype=np.int64)
    sources = tuple(sorted({names[i] for i in rows}))
    targets = np.concatenate([data.targets[:, :-3], extra, data.targets[:, -3:]], axis=1)[rows]
    return Examples(
        texts=tuple(clean_text(data.texts[i]) for i in rows),
        sources=sources,
        source=np.array([sources.index(names[i]) for i in rows], dtype=np.int64),
        share=np.array([wanted[names[i]] for i in rows], dtype=np.float32),
        exclusive=np.array([float(data.source[i] in EXCLUSIVE) for i in rows], dtype=np.float32),
        targets=targets,
    )


def _named(source: str, language: Language) -> str:
    return f"{source}_{language}" if source in OWN else source


def drawn(share: FloatMatrix, rng: np.random.Generator) -> IntVector:
    """Return the rows of one pass, shuffled: a share of 2.5 is twice for sure and a third time by a coin."""
    whole = np.floor(share)
    times = whole.astype(np.int64) + (rng.random(len(share)) < share - whole)
    rows = np.repeat(np.arange(len(share)), times)
    rng.shuffle(rows)
    return rows


def batches_of(
    rows: IntVector, lengths: Sequence[int], rng: np.random.Generator, *, texts: int, tokens: int
) -> list[IntVector]:
    """Return the rows cut into batches of texts of about one length, in random order.

    Args:
        rows: As drawn.
        lengths: Tokens of each text.
        rng: Shuffles the batches.
        texts: Most texts in a batch.
        tokens: Most tokens in a batch, padding counted; a longer text is a batch alone.
    """
    size = np.asarray(lengths)
    batches: list[IntVector] = []
    for start in range(0, len(rows), texts * 64):
        part = rows[start : start + texts * 64]
        part = part[np.argsort(size[part], kind="stable")]
        at = 0
        while at < len(part):
            end = at + 1
            while end < len(part) and end - at < texts and (end - at + 1) * size[part[end]] <= tokens:
                end += 1
            batches.append(part[at:end])
            at = end
    return [batches[i] for i in rng.permutation(len(batches))]
