import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from ilgi.emotion.sequence_head import SequenceHead, Window, combine, read_tokenizer, windows_of
from ilgi.errors import BundleDamaged, DataError

NAMES = {"id2label": {"0": "Joy", "1": "Remorse"}}


def test_labels_are_lower_case_and_in_the_order_of_their_numbers() -> None:
    config = {"id2label": {str(i): f"E{i}" for i in reversed(range(12))}}
    assert SequenceHead.from_config(config).labels == tuple(f"e{i}" for i in range(12))
    assert SequenceHead.from_config({"id2label": {0: "joy", 1: "fear"}}).labels == ("joy", "fear")


@pytest.mark.parametrize(
    "names",
    [
        None,
        {},
        {"0": "LABEL_0", "1": "LABEL_1"},
        {"0": "joy", "2": "fear"},
        {"zero": "joy"},
        {"0": "joy", "1": "JOY"},
        {"0": "joy", "1": " "},
        ["joy"],
    ],
)
def test_labels_without_names_are_refused(names: object) -> None:
    with pytest.raises(DataError, match="id2label"):
        SequenceHead.from_config({"id2label": names})


@pytest.mark.parametrize(
    ("config", "length"),
    [
        ({"model_type": "bert", "max_position_embeddings": 512}, 512),
        ({"model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": 1}, 512),
        ({"model_type": "roberta", "max_position_embeddings": 130, "pad_token_id": 1}, 128),
        ({"model_type": "modernbert", "max_position_embeddings": 8192}, 512),
        ({"model_type": "xlnet"}, 512),
    ],
)
def test_length_of_a_window(config: dict[str, object], length: int) -> None:
    assert SequenceHead.from_config({**NAMES, **config}).max_length == length


@pytest.mark.parametrize("config", [{"problem_type": "regression"}, {"max_position_embeddings": 4}])
def test_entries_that_cannot_be_used(config: dict[str, object]) -> None:
    with pytest.raises(DataError, match="can't be used"):
        SequenceHead.from_config({**NAMES, **config})


def test_softmax_and_sigmoid() -> None:
    logits = np.array([[0.0, np.log(3.0)], [1000.0, -1000.0]], dtype=np.float32)
    soft = SequenceHead.from_config(NAMES)
    assert soft.probabilities(logits) == pytest.approx(np.array([[0.25, 0.75], [1.0, 0.0]]))
    each = SequenceHead.from_config({**NAMES, "problem_type": "multi_label_classification"})
    assert each.probabilities(logits) == pytest.approx(np.array([[0.5, 0.75], [1.0, 0.0]]))


def test_logits_that_cannot_be_read() -> None:
    head = SequenceHead.from_config(NAMES)
    with pytest.raises(DataError, match="2 labels"):
        head.probabilities(np.zeros((1, 3), np.float32))
    with pytest.raises(DataError, match="finite"):
        head.probabilities(np.array([[0.0, np.nan]], np.float32))


def words() -> bytes:
    """A tokenizer that knows a few words and adds no special tokens."""
    tokenizer = Tokenizer(models.WordLevel({"?": 0, "a": 1, "b": 2}, unk_token="?"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_padding(length=50)
    tokenizer.enable_truncation(3)
    return tokenizer.to_str().encode()


def test_every_token_is_in_one_window() -> None:
    head = SequenceHead.from_config({**NAMES, "max_position_embeddings": 8})
    windows = windows_of(read_tokenizer(words(), head), ["a b " * 9, "", "b"], head)
    assert [(w.text, w.tokens) for w in windows] == [(0, 8), (0, 8), (0, 2), (1, 0), (2, 1)]
    assert [i for w in windows if w.text == 0 for i in w.ids] == [1, 2] * 9


def test_nothing_becomes_one_filling_token() -> None:
    head = SequenceHead.from_config({**NAMES, "pad_token_id": 2})
    assert windows_of(read_tokenizer(words(), head), [""], head) == [Window(0, (2,), (0,), 0)]


def test_windows_count_by_their_tokens_in_any_order() -> None:
    windows = [Window(1, (1,), (0,), 0), Window(0, (1,) * 3, (0,) * 3, 3), Window(0, (1,), (0,), 1)]
    mean = combine(windows, np.array([[0.5], [0.0], [1.0]], np.float32), 2)
    assert mean.dtype == np.float32
    assert mean.tolist() == [[0.25], [0.5]]


def test_a_tokenizer_that_is_none() -> None:
    with pytest.raises(BundleDamaged, match="tokenizer"):
        read_tokenizer(b"\xff", SequenceHead.from_config(NAMES))
