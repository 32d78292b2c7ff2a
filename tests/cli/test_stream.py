import json
import os
import select
import sys
import threading
from typing import Any

import pytest

from ilgi.cli.stream import BATCH, answer_lines

KEYS = ["id", "language", "sure", "mood", "emotions", "emotions_prior", "affect", "leading", "sentences"]


def lines_of(*entries: object) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in entries)


def test_a_stream_is_answered_line_by_line_in_order(ilgi: Any, fake: Any) -> None:
    entries = [{"id": i, "text": f"day {i}"} for i in range(2 * BATCH + 3)]
    result = ilgi("emotions", "--jsonl", stdin=lines_of(*entries))
    assert (result.code, result.err) == (0, "")
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert [a["id"] for a in answers] == list(range(len(entries)))
    assert all(list(a) == KEYS for a in answers)
    assert "".join(s["text"] for s in answers[5]["sentences"]) == "day 5"


def test_a_stream_is_read_in_batches(ilgi: Any, fake: Any) -> None:
    ilgi("emotions", "--jsonl", stdin=lines_of(*({"id": i, "text": "x"} for i in range(2 * BATCH + 3))))
    assert [len(call) for call in fake.reader.calls] == [BATCH, BATCH, 3]


def test_languages_in_a_stream(ilgi: Any, fake: Any) -> None:
    stream = lines_of({"id": 1, "text": "비"}, {"id": 2, "text": "rain"})
    found = [json.loads(line)["language"] for line in ilgi("emotions", "--jsonl", stdin=stream).out.splitlines()]
    assert found == ["ko", "en"]
    forced = ilgi("emotions", "--jsonl", "--language", "en", stdin=stream).out.splitlines()
    assert [json.loads(line)["language"] for line in forced] == ["en", "en"]


def test_ids_come_back_as_they_are_and_may_be_missing(ilgi: Any, fake: Any) -> None:
    ids = ['a"b', 7, 1.5, None, ["x", {"y": 1}], "끝\u0007"]
    stream = lines_of(*({"id": i, "text": "x"} for i in ids), {"text": "no id"})
    answers = [json.loads(line) for line in ilgi("emotions", "--jsonl", stdin=stream).out.splitlines()]
    assert [a["id"] for a in answers] == [*ids, None]


def test_blank_lines_and_a_missing_last_line_break(ilgi: Any, fake: Any) -> None:
    stream = '\n{"id": 1, "text": "a"}\r\n   \n{"id": 2, "text": "b"}'
    answers = [json.loads(line)["id"] for line in ilgi("emotions", "--jsonl", stdin=stream).out.splitlines()]
    assert answers == [1, 2]


def test_an_empty_stream(ilgi: Any, fake: Any) -> None:
    result = ilgi("emotions", "--jsonl")
    assert (result.code, result.out, result.err) == (0, "", "")


def test_an_empty_day_does_not_end_the_stream(ilgi: Any, fake: Any) -> None:
    result = ilgi("emotions", "--jsonl", stdin=lines_of({"id": 1, "text": ""}, {"id": 2, "text": "x"}))
    assert result.code == 0
    assert len(result.out.splitlines()) == 2


def test_lone_surrogates_in_a_stream(ilgi: Any, fake: Any) -> None:
    result = ilgi("emotions", "--jsonl", stdin=b'{"id": "\\udc00", "text": "half \\ud83d a face \\ud83d\\ude00"}\n')
    assert result.code == 0
    answer = json.loads(result.out)
    assert answer["id"] == "\ufffd"
    assert "".join(s["text"] for s in answer["sentences"]) == "half \ufffd a face 😀"


@pytest.mark.parametrize(
    "bad",
    [
        b"not json SECRET", b'["SECRET"]', b'{"id": 1}', b'{"id": 1, "text": 5}', b'{"text": NaN}', b"\xff\xfe SECRET",
        b'{"id": NaN, "text": "SECRET"}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_bad_line_is_named_after_all_before_it_are_answered(ilgi: Any, fake: Any, bad: bytes) -> None:
    good = lines_of({"id": 1, "text": "a"}, {"id": 2, "text": "b"}).encode()
    result = ilgi("emotions", "--jsonl", stdin=good + b"\n" + bad + b"\n" + good)
    assert result.code == 2
    assert [json.loads(line)["id"] for line in result.out.splitlines()] == [1, 2]
    assert result.err.startswith("ilgi: line 4 of standard input ")
    assert result.err.count("\n") == 1
    assert "SECRET" not in result.err


def test_a_text_in_a_stream_that_is_too_long(ilgi: Any, fake: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("ilgi.cli.stream.LIMIT", 10)
    monkeypatch.setattr("ilgi.cli.stream._LINE_LIMIT", 60)
    result = ilgi("emotions", "--jsonl", stdin=lines_of({"id": 1, "text": "a"}, {"id": 2, "text": "b" * 11}))
    assert (result.code, len(result.out.splitlines())) == (2, 1)
    assert "line 2" in result.err
    result = ilgi("emotions", "--jsonl", stdin=lines_of({"id": 1, "text": "a"}) + "x" * 100)
    assert (result.code, len(result.out.splitlines())) == (2, 1)
    assert "line 2 of standard input is too long" in result.err


def test_a_writer_that_waits_gets_its_answer(fake: Any, monkeypatch: Any) -> None:
    """One line, then silence: the answer must come before the next line is written."""
    there, into = os.pipe()
    back, out = os.pipe()
    monkeypatch.setattr(sys, "stdout", os.fdopen(out, "w", encoding="utf-8"))
    with os.fdopen(there, "rb") as stream, os.fdopen(back, "rb") as answers:
        worker = threading.Thread(target=answer_lines, args=(fake.reader, stream), daemon=True)
        worker.start()
        for i in range(3):
            os.write(into, lines_of({"id": i, "text": "비"}).encode())
            assert select.select([answers], [], [], 10)[0], "no answer came"
            assert json.loads(answers.readline())["id"] == i
        # Half a line is no reason to answer, and its rest may come later.
        os.write(into, b'{"id": 9, "te')
        os.write(into, b'xt": "x"}\n')
        assert json.loads(answers.readline())["id"] == 9
        os.close(into)
        worker.join(10)
        assert not worker.is_alive()
        sys.stdout.close()


def test_a_number_too_large_for_json_is_the_callers_to_mend(ilgi: Any, fake: Any, monkeypatch: Any) -> None:
    result = ilgi("emotions", "--jsonl", stdin='{"id": 1e999, "text": "x"}\n')
    assert result.code == 2
    assert "line 1" in result.err
