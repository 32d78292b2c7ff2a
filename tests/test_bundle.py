import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ilgi import bundle as bundle_module
from ilgi.bundle import MANIFEST, Bundle, DataSource, State, save_bundle, write_atomically
from ilgi.errors import BundleDamaged, BundleError, BundleTooNew


def make(path: Path, **options: object) -> Path:
    state = State({"rule": "lift"}, {"weights": np.arange(6, dtype=np.float32).reshape(2, 3)}, {"notes.txt": b"hello"})
    save_bundle(path, {"labels": ("mlp", state)}, name="test", version="0", **options)
    return path


def edit_manifest(path: Path, **changes: object) -> None:
    file = path / MANIFEST
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    source = DataSource(name="ours", licence="CC0", sha256="0" * 64, rows=3)
    make(tmp_path / "b", data=[source], metrics={"ap": 0.5}, extra_files={"MODEL_CARD.md": b"# card"})
    opened = Bundle.open(tmp_path / "b")
    assert opened.kind("labels") == "mlp"
    state = opened.state("labels")
    assert state.config == {"rule": "lift"}
    assert state.arrays["weights"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert state.files == {"notes.txt": b"hello"}
    assert opened.manifest.data == [source]
    assert opened.manifest.metrics == {"ap": 0.5}


@given(arrays(np.float32, (3, 2), elements=st.floats(-1e6, 1e6, width=32)), st.dictionaries(st.text(), st.integers()))
def test_any_array_and_config_survive(values: np.ndarray, config: dict[str, int]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b"
        save_bundle(path, {"s": ("k", State(config, {"v": values}))}, name="n", version="0")
        state = Bundle.open(path).state("s")
        assert state.config == config
        assert np.array_equal(state.arrays["v"], values)


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    one, two = make(tmp_path / "one"), make(tmp_path / "two")
    assert sorted(p.name for p in one.iterdir()) == sorted(p.name for p in two.iterdir())
    for file in one.iterdir():
        assert file.read_bytes() == (two / file.name).read_bytes()


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    path = make(tmp_path / "b")
    file = path / "labels.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(bytes(content))
    with pytest.raises(BundleDamaged, match="another content"):
        Bundle.open(path)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda p: (p / "labels.safetensors").unlink(), "is missing"),
        (lambda p: (p / "labels.safetensors").write_bytes(b"x"), "another size"),
        (lambda p: (p / "extra.py").write_text("boom"), "not listed"),
        (lambda p: (p / "labels.notes.txt").unlink() or (p / "labels.notes.txt").symlink_to("/etc/hosts"), "is a link"),
        (lambda p: (p / MANIFEST).write_text("{"), "not JSON"),
        (lambda p: (p / MANIFEST).write_text("[]"), "not the manifest"),
        (lambda p: edit_manifest(p, surprise=1), "not valid at 'surprise'"),
        (lambda p: edit_manifest(p, files={"../x": {"size": 0, "sha256": "0" * 64}}), r"not allowed|not listed"),
    ],
)
def test_damage_is_named(tmp_path: Path, harm: object, words: str) -> None:
    path = make(tmp_path / "b")
    harm(path)
    with pytest.raises(BundleDamaged, match=words):
        Bundle.open(path)


def test_a_path_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "b")
    (tmp_path / "secret").write_text("s")
    manifest = json.loads((path / MANIFEST).read_text())
    manifest["files"]["../secret"] = {"size": 1, "sha256": "0" * 64}
    (path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BundleDamaged, match="not allowed"):
        Bundle.open(path)


def test_a_stage_cannot_point_at_an_unlisted_file(tmp_path: Path) -> None:
    path = make(tmp_path / "b")
    manifest = json.loads((path / MANIFEST).read_text())
    manifest["stages"]["labels"]["files"]["notes.txt"] = "../../etc/passwd"
    (path / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BundleDamaged, match="not listed"):
        Bundle.open(path).state("labels")


def test_a_later_schema_asks_for_an_upgrade(tmp_path: Path) -> None:
    path = make(tmp_path / "b")
    edit_manifest(path, schema=99)
    with pytest.raises(BundleTooNew, match=r"schema 99.*reads up to 1"):
        Bundle.open(path)


def test_no_bundle_there(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no bundle at"):
        Bundle.open(tmp_path / "nowhere")


def test_a_missing_stage_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleDamaged, match="no stage 'emotion'"):
        Bundle.open(make(tmp_path / "b")).state("emotion")


@pytest.mark.parametrize("shape", [(3, 2), (6,), (None, 2)])
def test_an_array_of_another_shape_is_refused(tmp_path: Path, shape: tuple[int | None, ...]) -> None:
    state = Bundle.open(make(tmp_path / "b")).state("labels")
    assert state.array("weights", shape=(None, 3)).shape == (2, 3)
    with pytest.raises(BundleDamaged):
        state.array("weights", shape=shape)


def test_a_failed_save_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "b")
    before = (path / MANIFEST).read_bytes()

    def full(target: Path, content: bytes) -> None:
        if target.name == MANIFEST:
            raise OSError(28, "No space left on device")
        write_atomically(target, content)

    monkeypatch.setattr(bundle_module, "write_atomically", full)
    with pytest.raises(OSError, match="No space"):
        save_bundle(path, {}, name="other", version="0")
    assert (path / MANIFEST).read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["b"]


def test_saving_over_a_bundle_replaces_it_whole(tmp_path: Path) -> None:
    path = make(tmp_path / "b")
    save_bundle(path, {}, name="other", version="0")
    assert [p.name for p in path.iterdir()] == [MANIFEST]
    assert [p.name for p in tmp_path.iterdir()] == ["b"]


def test_somebody_elses_folder_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("cat")
    with pytest.raises(BundleError, match="not a bundle"):
        save_bundle(tmp_path / "photos", {}, name="n", version="0")
    assert (tmp_path / "photos" / "cat.jpg").read_text() == "cat"


@pytest.mark.parametrize("name", ["../x", "a/b", MANIFEST, "", ".hidden"])
def test_a_file_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BundleError):
        save_bundle(tmp_path / "b", {}, name="n", version="0", extra_files={name: b""})
    assert list(tmp_path.iterdir()) == []
