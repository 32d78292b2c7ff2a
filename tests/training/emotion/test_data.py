"""Data sets become one table, train and validation stay apart."""

import json
from pathlib import Path

import numpy as np
import pytest

from ilgi.bundle import sha256_of_file
from ilgi.emotion.base import COLUMNS
from ilgi.errors import DataError, InputError
from ilgi.training.emotion.data import label_sentences, load_emotion_data, text_hash


def write(folder: Path, name: str, rows: list[dict[str, object]]) -> Path:
    folder = folder / "emotion"
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return file


def small(folder: Path) -> None:
    write(
        folder,
        "goemotions_en_train",
        [
            {"text": "What a day", "labels": "joy|neutral"},
            {"text": "The dog ate it!", "labels": "amusement"},
            {"text": "So sad now", "labels": "sadness"},
        ],
    )
    write(folder, "goemotions_en_dev", [{"text": "the DOG ate it", "labels": "amusement"}])
    write(
        folder,
        "goemotions_ko_train",
        [
            {"text": "참 좋은 날", "labels": "joy|neutral"},
            {"text": "개가 먹었다", "labels": "amusement"},
            {"text": "이제 슬프다", "labels": "sadness"},
        ],
    )
    write(folder, "goemotions_ko_dev", [{"text": "그 개가 그걸 먹었어", "labels": "amusement"}])
    write(folder, "emobank_train", [{"text": "calm sea", "V": 4.0, "A": 1.0, "D": 3.0}])
    write(
        folder,
        "brighter_en_dev",
        [
            {"text": "A loud bang", "anger": 0, "fear": 1, "joy": 0, "sadness": 0, "surprise": 1},
        ],
    )
    write(folder, "kote_train", [{"text": f"문장 {i} 이다", "labels": "기쁨"} for i in range(60)])


def test_sources_become_one_table(tmp_path: Path) -> None:
    small(tmp_path)
    data = load_emotion_data(tmp_path)
    value = {
        (s, t): dict(zip(COLUMNS, y.tolist(), strict=True))
        for s, t, y in zip(data.source, data.texts, data.targets, strict=True)
    }
    assert value["goemotions_en", "What a day"]["joy"] == 1.0
    sea = value["emobank", "calm sea"]
    assert (sea["valence"], sea["arousal"], sea["dominance"]) == (0.75, 0.0, 0.5)
    assert np.isnan(sea["joy"])
    bang = value["brighter", "A loud bang"]
    assert (bang["fear"], bang["joy"]) == (1.0, 0.0)
    assert np.isnan(bang["remorse"])
    own = value["diary", "기쁘다"]
    assert own["joy"] == 1.0
    assert own["neutral"] == 0.0
    assert own["valence"] > 0.8
    assert np.isnan(own["dominance"])
    assert data.targets.dtype == np.float32
    assert set(data.language) == {"ko", "en"}


def test_a_text_of_a_validation_part_is_not_learned_nor_its_translation(tmp_path: Path) -> None:
    small(tmp_path)
    data = load_emotion_data(tmp_path)
    train = [data.texts[i] for i in data.rows("train")]
    assert "The dog ate it!" not in train
    assert "개가 먹었다" not in train
    assert [data.texts[i] for i in data.rows("validation", "goemotions_en")] == ["the DOG ate it"]


def test_translations_know_their_originals(tmp_path: Path) -> None:
    small(tmp_path)
    data = load_emotion_data(tmp_path)
    pairs = {data.texts[i]: data.texts[j] for i, j in enumerate(data.original) if j >= 0}
    assert pairs == {"참 좋은 날": "What a day", "이제 슬프다": "So sad now", "그 개가 그걸 먹었어": "the DOG ate it"}


def test_a_source_of_one_file_is_split_by_hash(tmp_path: Path) -> None:
    small(tmp_path)
    one, two = load_emotion_data(tmp_path), load_emotion_data(tmp_path)
    held = one.rows("validation", "kote")
    assert 1 <= len(held) <= 15
    assert held.tolist() == two.rows("validation", "kote").tolist()


def test_files_are_named_with_hash_and_licence(tmp_path: Path) -> None:
    small(tmp_path)
    data = load_emotion_data(tmp_path)
    by_name = {source.name: source for source in data.data}
    assert by_name["kote_train"].sha256 == sha256_of_file(tmp_path / "emotion" / "kote_train.jsonl")
    assert by_name["kote_train"].licence == "MIT"
    assert by_name["kote_train"].rows == 60
    assert by_name["diary_sentences"].licence == "Apache-2.0"


def test_text_hash_is_blind_to_case_and_marks() -> None:
    assert text_hash("So, SAD!") == text_hash("so sad")
    assert text_hash("so sad") != text_hash("so bad")
    assert text_hash("!!") != text_hash("??")


def test_handful_of_sentences() -> None:
    data = label_sentences([("I am glad", ["joy"]), ("비가 온다", ["neutral"])])
    assert data.language == ("en", "ko")
    assert data.targets.shape == (2, 35)
    assert data.rows("train").tolist() == [0, 1]
    assert label_sentences([]).targets.shape == (0, 35)


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("goemotions_en_train", {"text": "a", "labels": "happiness"}, "does not have"),
        ("goemotions_en_train", {"text": "a"}, "without a label"),
        ("goemotions_en_train", {"labels": "joy"}, "no text"),
        ("emobank_train", {"text": "a", "V": "high", "A": 1, "D": 1}, "number in column 'V'"),
        ("brighter_en_train", {"text": "a", "anger": 1}, "number in column"),
    ],
)
def test_rows_that_cannot_be_read(tmp_path: Path, name: str, row: dict[str, object], message: str) -> None:
    write(tmp_path, name, [row])
    with pytest.raises(DataError, match=message):
        load_emotion_data(tmp_path)


def test_no_data_says_where_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no emotion data"):
        load_emotion_data(tmp_path)


def test_the_real_files_are_read_and_kept_apart(data_dir: Path) -> None:
    pytest.importorskip("polars", reason="needs the extra 'train'")
    data = load_emotion_data(data_dir)
    held = {text_hash(data.texts[i]) for i in data.rows("validation")}
    assert not held & {text_hash(data.texts[i]) for i in data.rows("train")}
    for source in ("goemotions_en", "goemotions_ko", "tweeteval", "kote", "isear", "carer", "brighter", "emobank"):
        assert len(data.rows("train", source)) > 2000, source
        assert len(data.rows("validation", source)) > 100, source
    assert np.nanmin(data.targets) == 0.0
    assert np.nanmax(data.targets) == 1.0
    at = np.flatnonzero(data.original >= 0)[:200]
    same = (data.targets[at] == data.targets[data.original[at]]) | np.isnan(data.targets[at])
    assert same.all()
