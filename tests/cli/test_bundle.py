import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ilgi.recommender import Recommender, embedded_bundles
from ilgi.training.golden import check_golden


@pytest.fixture
def copy(tiny: Any, tmp_path: Path) -> Path:
    """A copy of the tiny bundle that a test may damage."""
    return Path(shutil.copytree(tiny.bundle, tmp_path / "copy"))


def test_show_for_people(ilgi: Any, tiny: Any) -> None:
    result = ilgi("bundle", "show", str(tiny.bundle))
    assert (result.code, result.err) == (0, "")
    for part in (
        "tiny",
        "schema 1",
        "emotion",
        "linear",
        "mlp",
        "joy, sadness, fear, neutral",
        "test.macro_ap",
        "0.1235",
    ):
        assert part in result.out
    assert "MODEL_CARD.md" in result.out
    assert "7 bytes" in result.out


def test_show_json_is_the_manifest(ilgi: Any, tiny: Any) -> None:
    shown = json.loads(ilgi("bundle", "show", str(tiny.bundle), "--json").out)
    assert shown == json.loads((tiny.bundle / "manifest.json").read_text(encoding="utf-8"))


def test_the_bundle_of_the_settings_is_the_default(ilgi: Any, tiny: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("ILGI_BUNDLE", str(tiny.bundle))
    assert str(tiny.bundle) in ilgi("bundle", "show").out


def test_verify_asks_the_golden_questions_again(ilgi: Any, tiny: Any) -> None:
    result = ilgi("bundle", "verify", str(tiny.bundle), "--catalog", str(tiny.catalog))
    assert (result.code, result.err) == (0, "")
    assert "8 golden answers as recorded" in result.out


def test_a_catalogue_is_a_bundle_without_questions(ilgi: Any, tiny: Any) -> None:
    result = ilgi("bundle", "verify", str(tiny.catalog))
    assert result.code == 0
    assert "0 golden answers" in result.out


def _change(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(bytes(content))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: _change(folder / "emotion.safetensors"), "emotion.safetensors"),
        (lambda folder: (folder / "labels.safetensors").unlink(), "labels.safetensors"),
        (lambda folder: (folder / "extra.bin").write_bytes(b"x"), "extra.bin"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json"),
        (lambda folder: (folder / "manifest.json").unlink(), "no bundle"),
        (lambda folder: shutil.rmtree(folder), "no bundle"),
    ],
)
@pytest.mark.parametrize("command", ["show", "verify", "recommend", "emotions"])
def test_a_damaged_bundle_is_one_line_and_code_2(
    ilgi: Any, tiny: Any, copy: Path, damage: Any, message: str, command: str
) -> None:
    damage(copy)
    if command in ("show", "verify"):
        result = ilgi("bundle", command, str(copy))
    elif command == "recommend":
        result = ilgi("recommend", "SECRET words", "--bundle", str(copy), "--catalog", str(tiny.catalog))
    else:
        result = ilgi("emotions", "SECRET words", "--bundle", str(copy))
    assert result.code == 2
    assert result.out == ""
    assert result.err.startswith("ilgi: ")
    assert result.err.count("\n") == 1
    assert message in result.err
    assert "SECRET" not in result.err


def test_a_bundle_cannot_write_to_the_terminal(ilgi: Any, copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["name"] = "tiny \x1b]0;owned\x07"
    manifest["metrics"] = {"\x1b[2J": "\x9b31m"}
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    shown = ilgi("bundle", "show", str(copy))
    assert shown.code == 0
    missing = ilgi("bundle", "show", "no\x1b[31mwhere")
    assert missing.code == 2
    assert not {"\x1b", "\x07", "\x9b"} & set(shown.out + missing.err)


def test_all_as_recorded(tiny: Any) -> None:
    recommender = Recommender.load(tiny.bundle, catalog=tiny.catalog)
    assert check_golden(recommender) == 8
    recommender.bundle = None
    assert check_golden(recommender) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda golden: golden[2]["labels"].update(Drama=golden[2]["labels"]["Drama"] + 0.01),
            "text 3 (labels.Drama is",
        ),
        (lambda golden: golden[0]["items"].reverse(), "text 1 (items is"),
        (lambda golden: golden[7].update(language="ko"), "text 8 (language is 'en', recorded was 'ko'"),
        (lambda golden: golden[1].update(colour="red"), "text 2 (colour is missing"),
    ],
)
def test_another_answer_than_recorded_is_damage(ilgi: Any, tiny: Any, copy: Path, change: Any, message: str) -> None:
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    change(manifest["golden"])
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    result = ilgi("bundle", "verify", str(copy), "--catalog", str(tiny.catalog))
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert result.err.count("\n") == 1


def test_every_bundle_inside_is_verified_with_its_own_catalogue(ilgi: Any) -> None:
    for domain, folder in embedded_bundles().items():
        result = ilgi("bundle", "verify", str(folder))
        assert result.code == 0, result.err
        assert f"{domain} is whole" in result.out
        assert "8 golden answers as recorded" in result.out
