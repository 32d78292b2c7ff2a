import numpy as np

from ilgi.training.emotion.data import EmotionData
from ilgi.training.encoder.distil import taught_rows, with_teacher

N = 35


def data() -> EmotionData:
    targets = np.full((4, N), np.nan, dtype=np.float32)
    targets[:, :28] = 0.0
    targets[1, 3] = targets[2, 3] = 1.0
    return EmotionData(
        texts=("a", "가", "나", "다"),
        source=("goemotions_en", "goemotions_ko", "goemotions_ko", "goemotions_ko"),
        language=("en", "ko", "ko", "ko"),
        split=("train", "train", "train", "validation"),
        targets=targets,
        original=np.array([-1, 0, -1, 0]),
    )


def test_only_training_rows_with_an_original_are_taught() -> None:
    assert taught_rows(data()).tolist() == [1]


def test_known_labels_are_met_halfway_and_unknown_ones_taken_over() -> None:
    before = data()
    scores = np.full((1, N), 0.25, dtype=np.float32)
    after = with_teacher(before, np.array([1]), scores)
    assert after.targets[1, 3] == 0.625
    assert after.targets[1, 4] == 0.125
    assert after.targets[1, 28:].tolist() == [0.25] * 7
    assert np.array_equal(np.delete(after.targets, 1, 0), np.delete(before.targets, 1, 0), equal_nan=True)
    assert before.targets[1, 3] == 1.0
