import json
from pathlib import Path

import numpy as np
import pytest

from ilgi.errors import DataError
from ilgi.training.emotion.kote import KOTE, kote_targets


def write(folder: Path, *rows: tuple[str, str]) -> Path:
    (folder / "emotion").mkdir()
    lines = [json.dumps({"text": text, "labels": labels}, ensure_ascii=False) for text, labels in rows]
    (folder / "emotion" / "kote_train.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_only_texts_of_kote_have_targets(tmp_path: Path) -> None:
    data = write(tmp_path, ("비가 와요", "슬픔|힘듦/지침"))
    targets = kote_targets(data, ["비가 와요", "비가 와요", "새 글"], ["kote", "isear", "kote"])
    assert targets.shape == (3, 44)
    assert set(np.flatnonzero(targets[0])) == set(KOTE.columns(["슬픔", "힘듦/지침"]))
    assert np.isnan(targets[1:]).all()


def test_a_label_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="a label that KOTE does not have: '기쁨이'"):
        kote_targets(write(tmp_path, ("글", "기쁨이")), ["글"], ["kote"])


def test_without_the_file_nothing_is_known(tmp_path: Path) -> None:
    assert np.isnan(kote_targets(tmp_path, ["글"], ["kote"])).all()
