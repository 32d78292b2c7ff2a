import json

import pytest

from ilgi.cli.as_json import shares, write_json


@pytest.mark.parametrize(
    "values",
    [(1 / 3, 1 / 3, 1 / 3, 0.0), (0.9999996, 1e-7, 2e-7, 1e-7), (1 / 7, 2 / 7, 3 / 7, 1 / 7), (0.25,) * 4],
)
def test_shares_still_sum_to_one(values: tuple[float, ...]) -> None:
    rounded = shares(dict(zip("abcd", values, strict=True)))
    assert sum(rounded.values()) == pytest.approx(1, abs=1e-9)
    for name, value in zip("abcd", values, strict=True):
        assert rounded[name] == pytest.approx(value, abs=3e-6)
        assert len(str(rounded[name])) <= 8


def test_json_is_one_line_of_readable_utf8(capsys: pytest.CaptureFixture[str]) -> None:
    write_json({"b": "끝\n", "a": "half \ud83d"})
    written = capsys.readouterr().out
    assert written == '{"b": "끝\\n", "a": "half \ufffd"}\n'
    assert json.loads(written)["b"] == "끝\n"


def test_a_number_that_json_does_not_have_is_a_fault() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"score": float("nan")})
