import dataclasses

import numpy as np

from ilgi.emotion.base import COLUMNS
from ilgi.training.emotion.data import EmotionData
from ilgi.training.encoder.examples import SHARES, batches_of, drawn, examples_of


def labelled() -> EmotionData:
    rng = np.random.default_rng(0)
    return EmotionData(
        texts=("a", "b", "c", "d", "e"),
        source=("isear", "entries", "entries", "xed", "isear"),
        language=("en", "ko", "en", "en", "en"),
        split=("train", "train", "train", "train", "validation"),
        targets=rng.random((5, len(COLUMNS)), dtype=np.float32),
        original=np.full(5, -1),
    )


def test_only_named_sources_of_the_split_are_taken() -> None:
    data = labelled()
    extra = np.full((5, 2), 7.0, dtype=np.float32)
    found = examples_of(data, "ko", "train", extra, {"isear": 0.5, "entries_ko": 3.0})
    assert found.texts == ("a", "b")
    assert found.sources == ("entries_ko", "isear")
    assert found.source.tolist() == [1, 0]
    assert found.share.tolist() == [0.5, 3.0]
    assert found.exclusive.tolist() == [1.0, 0.0]
    np.testing.assert_array_equal(found.targets[0], [*data.targets[0, :-3], 7.0, 7.0, *data.targets[0, -3:]])


def test_a_share_is_how_often_a_row_is_seen() -> None:
    rows = drawn(np.array([0.5, 2.0, 2.25] * 400, dtype=np.float32), np.random.default_rng(0))
    seen = np.bincount(rows, minlength=1200).reshape(-1, 3).mean(axis=0)
    assert seen[1] == 2.0
    np.testing.assert_allclose(seen, [0.5, 2.0, 2.25], atol=0.08)


def test_batches_hold_every_row_once_within_their_limits() -> None:
    lengths = [3, 40, 5, 8, 200, 7, 6, 3]
    rows = np.arange(8)
    batches = batches_of(rows, lengths, np.random.default_rng(0), texts=3, tokens=60)
    assert sorted(np.concatenate(batches).tolist()) == list(range(8))
    for batch in batches:
        assert len(batch) <= 3
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 60


def test_a_text_longer_than_a_batch_is_one_alone() -> None:
    batches = batches_of(np.array([1, 0, 2, 0]), [5, 900, 6], np.random.default_rng(0), texts=8, tokens=64)
    assert sorted(batch.tolist() for batch in batches) == [[0, 0, 2], [1]]


def test_nothing_drawn_makes_no_batch() -> None:
    assert batches_of(np.array([], dtype=np.int64), [], np.random.default_rng(0), texts=8, tokens=64) == []


def test_a_language_has_its_own_sources() -> None:
    data, extra = labelled(), np.zeros((5, 0), dtype=np.float32)
    assert examples_of(data, "ko", "train", extra).sources == ("entries_en", "entries_ko", "isear")
    english = examples_of(data, "en", "train", extra)
    assert english.sources == ("entries_en", "isear", "xed")
    assert [english.sources[s] for s in english.source] == ["isear", "entries_en", "xed"]
    np.testing.assert_allclose(english.share, [SHARES["en"][name] for name in ("isear", "entries_en", "xed")])
    assert len(examples_of(data, "en", "validation", extra)) == 1


def test_texts_are_cleaned() -> None:
    data = dataclasses.replace(labelled(), texts=("a\x00b",) * 5)
    assert examples_of(data, "en", "train", np.zeros((5, 0), dtype=np.float32)).texts[0] == "a b"
