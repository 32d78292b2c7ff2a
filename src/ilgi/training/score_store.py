"""Scores that were computed once, kept by the hash of their text, so that nothing is scored twice.

A store is a folder of *segments*: safetensors files with the keys and scores of some texts, each written in one piece
and named after the hash of its own content. A kill at any moment leaves whole segments only; a segment whose content
does not match its name is thrown away. Several processes may add to one store at once.

    <root>/<fingerprint>/<first 32 digits of sha256>.scores

Keys are keyed hashes (BLAKE2b under the fingerprint of the model); no text is ever written.
"""

import contextlib
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from ilgi.arrays import FloatMatrix
from ilgi.bundle import sha256_of, write_atomically

KEY_BYTES: Final = 16
_SUFFIX: Final = ".scores"


def text_key(text: str, fingerprint: str) -> bytes:
    """Return the 16 bytes that stand for a text under one model."""
    content = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=KEY_BYTES, key=fingerprint.encode()[:64]).digest()


class ScoreStore:
    """Scores of texts by key, for one model and one way of reading with it."""

    def __init__(self, root: Path, fingerprint: str, *, width: int, limit_bytes: int | None = None) -> None:
        """Open the store and read what is in it.

        Args:
            root: The folder of all fingerprints; made when the first scores come.
            fingerprint: What the scores depend on besides the text.
            width: A, the number of scores of a text.
            limit_bytes: What all segments under `root` may take up; the oldest go first. None: no limit.
        """
        self._root = root
        self._folder = root / fingerprint
        self._width = width
        self._limit_bytes = limit_bytes
        self._scores: dict[bytes, NDArray[np.float32]] = {}
        if self._folder.is_dir():
            for segment in sorted(self._folder.glob("*" + _SUFFIX)):
                self._read(segment)

    def __len__(self) -> int:
        """Return how many texts are known."""
        return len(self._scores)

    def __contains__(self, key: bytes) -> bool:
        """Tell whether a text is known."""
        return key in self._scores

    def get(self, keys: Sequence[bytes]) -> FloatMatrix:
        """Return the (len(keys), A) scores of texts that are all known.

        Raises:
            KeyError: One is not.
        """
        if not keys:
            return np.zeros((0, self._width), dtype=np.float32)
        return np.stack([self._scores[key] for key in keys])

    def add(self, keys: Sequence[bytes], scores: FloatMatrix) -> None:
        """Keep the scores of some texts, on disk before this returns.

        Args:
            keys: One per text.
            scores: (len(keys), A).

        Raises:
            OSError: The segment cannot be written; the store stays as it was.
        """
        fresh = [i for i, key in enumerate(keys) if key not in self._scores]
        if not fresh:
            return
        rows = np.ascontiguousarray(scores[fresh], dtype=np.float32)
        packed = np.frombuffer(b"".join(keys[i] for i in fresh), dtype=np.uint8).reshape(-1, KEY_BYTES)
        content = save({"keys": packed, "scores": rows})
        write_atomically(self._folder / (sha256_of(content)[:32] + _SUFFIX), content)
        self._keep(packed, rows)
        if self._limit_bytes is not None:
            self._make_room(self._limit_bytes)

    def _keep(self, packed: NDArray[np.uint8], rows: NDArray[np.float32]) -> None:
        for key, row in zip(packed, rows, strict=True):
            self._scores[key.tobytes()] = row

    def _read(self, segment: Path) -> None:
        try:
            content = segment.read_bytes()
            if sha256_of(content)[:32] + _SUFFIX != segment.name:
                raise ValueError("content and name differ")
            arrays = load(content)
            packed, rows = arrays["keys"], arrays["scores"]
            if packed.shape != (len(rows), KEY_BYTES) or rows.shape[1:] != (self._width,) or rows.dtype != np.float32:
                raise ValueError("not scores of this model")
        except (OSError, ValueError, KeyError, SafetensorError):
            # It can be computed again, so a segment that is not sound is no reason to stop.
            with contextlib.suppress(OSError):
                segment.unlink()
            return
        self._keep(packed, rows)

    def _make_room(self, limit_bytes: int) -> None:
        """Delete the oldest segments of any model until all of them fit; what is in memory stays."""
        found = []
        for segment in self._root.glob("*/*" + _SUFFIX):
            with contextlib.suppress(OSError):
                stat = segment.stat()
                found.append((stat.st_mtime_ns, segment.name, stat.st_size, segment))
        total = sum(size for _, _, size, _ in found)
        for _, _, size, segment in sorted(found):
            if total <= limit_bytes:
                return
            with contextlib.suppress(OSError):
                segment.unlink()
            total -= size
