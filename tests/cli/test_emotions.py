import json
from typing import Any

import pytest

KEYS = ["language", "sure", "mood", "emotions", "emotions_prior", "affect", "leading", "sentences"]


def test_json(ilgi: Any, fake: Any) -> None:
    result = ilgi("emotions", "오늘은 비. 내일도 비.", "--json")
    assert (result.code, result.err) == (0, "")
    answer = json.loads(result.out)
    assert list(answer) == KEYS
    assert abs(sum(answer["mood"].values()) - 1) <= 1e-6
    assert len(answer["sentences"]) == 2
    for sentence in answer["sentences"]:
        assert list(sentence) == ["text", "mood", "weight"]
        assert abs(sum(sentence["mood"].values()) - 1) <= 1e-6
    assert sum(s["weight"] for s in answer["sentences"]) == pytest.approx(1)


def test_people_see_each_sentence_with_what_stands_out(ilgi: Any, fake: Any) -> None:
    result = ilgi("emotions", "비 왔다" + "울었다.")
    lines = result.out.splitlines()
    assert lines[0] == "슬픔과 두려움이 함께 묻어나는 하루로 읽혔어요."
    assert len([line for line in lines if line.startswith("  ")]) == 2
    assert "(슬픔" in lines[-1]


def test_a_stream_takes_no_other_text(ilgi: Any, fake: Any) -> None:
    assert ilgi("emotions", "SECRET", "--jsonl").code == 2
