import os
import subprocess
import sys
from pathlib import Path

import pytest

from ilgi import settings as module
from ilgi.errors import DataError, InputError, UnknownName
from ilgi.settings import PRECEDENCE, Settings, apply_threads, default_folders, load_settings, origins


@pytest.fixture(autouse=True)
def _empty_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("ILGI_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ILGI_SECRETS_DIR", str(tmp_path / "no-secrets"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_order_is_the_promised_one() -> None:
    assert PRECEDENCE == ("flag", "environment", "secret", "ilgi.local.toml", "ilgi.toml", "default")


def test_each_place_wins_over_all_that_come_after_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Fills the places from the last to the first; each time the value and the origin must be the newest."""

    def threads() -> tuple[int, str]:
        settings = load_settings()
        return settings.threads, origins(settings)["threads"]

    assert threads()[1] == "default"
    far = write(tmp_path / "config" / "ilgi" / "ilgi.toml", "threads = 2")
    assert threads() == (2, str(far))
    near = write(tmp_path / "ilgi.toml", "threads = 3")
    assert threads() == (3, str(near))
    far_local = write(tmp_path / "config" / "ilgi" / "ilgi.local.toml", "threads = 4")
    assert threads() == (4, str(far_local))
    near_local = write(tmp_path / "ilgi.local.toml", "threads = 5")
    assert threads() == (5, str(near_local))
    secrets = tmp_path / "secrets"
    write(secrets / "ilgi_threads", "6\n")
    monkeypatch.setenv("ILGI_SECRETS_DIR", str(secrets))
    assert threads() == (6, f"secret {secrets}/ilgi_threads")
    monkeypatch.setenv("ILGI_THREADS", "7")
    assert threads() == (7, "environment ILGI_THREADS")
    settings = load_settings(threads=8)
    assert (settings.threads, origins(settings)["threads"]) == (8, "flag")


def test_the_object_itself_reads_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(tmp_path / "ilgi.toml", 'language = "ko"')
    monkeypatch.setenv("ILGI_LANGUAGE", "en")
    settings = Settings()
    assert settings.language == "auto"
    assert set(origins(settings).values()) == {"default"}
    assert origins(Settings(language="ko"))["language"] == "flag"


def test_importing_reads_no_file_and_no_environment() -> None:
    assert not [name for name, value in vars(module).items() if isinstance(value, Settings)]


def test_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere/share")
    settings = load_settings()
    assert settings.home == Path("/somewhere/share/ilgi")
    assert settings.bundle is None
    assert settings.data_dir is None
    assert 1 <= settings.threads <= (os.cpu_count() or 1)
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/people/mina")
    assert load_settings().home == Path("/people/mina/.local/share/ilgi")


def test_none_as_a_flag_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILGI_LANGUAGE", "ko")
    assert load_settings(language=None).language == "ko"


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILGI_BUNDLE", "")
    assert load_settings().bundle is None


def test_paths(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a file they are relative to the file; ~ is the home; what a variable says is taken as it is."""
    write(tmp_path / "config" / "ilgi" / "ilgi.toml", 'bundle = "mine"\nhome = "~/diary"')
    monkeypatch.setenv("HOME", "/people/mina")
    monkeypatch.setenv("ILGI_DATA_DIR", "~/data")
    settings = load_settings()
    assert settings.bundle == tmp_path / "config" / "ilgi" / "mine"
    assert settings.home == Path("/people/mina/diary")
    assert settings.data_dir == Path("/people/mina/data")


def test_a_folder_with_braces_in_its_name(tmp_path: Path) -> None:
    path = write(tmp_path / "{name}" / "ilgi.toml", "threads = 2")
    assert origins(load_settings(folders=[path.parent]))["threads"] == str(path)


def test_an_unknown_name_in_a_file_is_refused_with_the_right_one(tmp_path: Path) -> None:
    path = write(tmp_path / "ilgi.toml", 'langauge = "ko"')
    with pytest.raises(UnknownName, match="did you mean 'language'") as caught:
        load_settings()
    assert str(path) in str(caught.value)


def test_broken_toml_names_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path / "ilgi.toml", 'language = "ko"\nthreads = = 2\n')
    with pytest.raises(DataError, match="line 2") as caught:
        load_settings()
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "ilgi.toml").write_bytes('language = "한"'.encode("cp949"))
    with pytest.raises(DataError, match="UTF-8"):
        load_settings()


@pytest.mark.parametrize(("name", "value"), [("threads", "0"), ("threads", "many"), ("language", "fr")])
def test_a_value_that_is_not_allowed_says_where_it_stands(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ILGI_{name.upper()}", value)
    with pytest.raises(InputError, match=f"'{name}' \\(environment ILGI_{name.upper()}\\)") as caught:
        load_settings()
    assert "\n" not in str(caught.value)


def test_an_unknown_flag_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(InputError, match="colour"):
        load_settings(colour="red")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().threads = 3


def test_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert default_folders() == (tmp_path, tmp_path / "config" / "ilgi")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", "/people/mina")
    assert default_folders()[1] == Path("/people/mina/.config/ilgi")


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_threads_reach_the_libraries_below_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    for name in names:
        monkeypatch.setenv(name, "7")
    apply_threads(load_settings())
    assert [os.environ[name] for name in names] == ["7"] * 4
    apply_threads(load_settings(threads=3))
    assert [os.environ[name] for name in names] == ["3"] * 4


def test_reading_settings_leaves_numpy_alone() -> None:
    """Else it would be too late for `threads`."""
    code = "import sys; from ilgi.settings import load_settings; load_settings(); print('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"False\n"
