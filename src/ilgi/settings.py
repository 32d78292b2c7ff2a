"""Settings: one frozen object, and one order in which its values are looked for.

Nothing is read when this module is imported, and `Settings()` holds the defaults only. `load_settings` is what looks at
the world; the command line calls it, the library never does.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from ilgi.errors import DataError, InputError, UnknownName

PRECEDENCE: Final = ("flag", "environment", "secret", "ilgi.local.toml", "ilgi.toml", "default")
"""Where a value is looked for, first to last; the first place that has one wins.

A flag is an option of the command. The environment has ILGI_ before the name ("ILGI_LANGUAGE"). A secret is a file of
that name in lower case ("ilgi_language") in the folder ILGI_SECRETS_DIR, by default /run/secrets. The two files are
looked for in the working folder, then in the user's own configuration folder; `ilgi.local.toml` is the one to keep out
of version control.
"""

_PREFIX: Final = "ILGI_"


def _expanded(value: object) -> object:
    return Path(value).expanduser() if isinstance(value, str | Path) else value


Location = Annotated[Path, BeforeValidator(_expanded)]
"""A path in which a leading ~ is the user's home."""


def _default_home() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "ilgi"


def _cores() -> int:
    # Where the system can say it: the cores that this process may use, not those that exist.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Settings(BaseSettings):
    """What can be set. The description of each field is what `ilgi config show` and the docs print."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix=_PREFIX, env_ignore_empty=True)

    bundle: Location | None = Field(default=None, description="folder of the bundle to use; none is the embedded one")
    data_dir: Location | None = Field(default=None, description="training and test data outside the repository")
    home: Location = Field(default_factory=_default_home, description="where ilgi keeps its own files")
    language: Literal["auto", "ko", "en"] = Field(default="auto", description="language of the texts")
    threads: int = Field(default_factory=_cores, ge=1, description="threads for linear algebra")

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the arguments alone, so that building the object reads nothing of the world."""
        return (init_settings,)


def load_settings(*, folders: Sequence[Path] | None = None, **flags: object) -> Settings:
    """Return the settings as the world around has them, in the order of `PRECEDENCE`.

    Args:
        folders: Where `ilgi.local.toml` and `ilgi.toml` are looked for, nearest first; by default the working folder
            and the user's configuration folder.
        **flags: Options of a command by the name of their setting; None is "not given".

    Raises:
        InputError: A value is not allowed; says where it comes from.
        DataError: A file cannot be read, or is not TOML.
        UnknownName: A file has a name that is no setting.
    """
    values: dict[str, object] = {}
    found: dict[str, str] = {}
    for origin, layer in _layers(folders if folders is not None else default_folders(), flags):
        for name, value in layer.items():
            if name not in values:
                values[name], found[name] = value, origin.format(name=name, env=_PREFIX + name.upper())
    try:
        settings = Settings(**values)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0])
        raise InputError(f"setting {name!r} ({found.get(name, 'flag')}): {problem['msg'].lower()}") from None
    settings._origins.update(found)
    return settings


def origins(settings: Settings) -> dict[str, str]:
    """Return setting → where its value comes from, in words that begin with a name of `PRECEDENCE` or a file's path."""
    given = dict.fromkeys(settings.model_fields_set, "flag") | settings._origins
    return {name: given.get(name, "default") for name in type(settings).model_fields}


def apply_threads(settings: Settings) -> None:
    """Hand `threads`, where it is set, to the libraries below NumPy; of use only before NumPy is first imported."""
    if origins(settings)["threads"] != "default":
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
            os.environ[name] = str(settings.threads)


def default_folders() -> tuple[Path, ...]:
    """Return the working folder and the user's configuration folder ($XDG_CONFIG_HOME/ilgi or ~/.config/ilgi)."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return (Path.cwd(), Path(base).expanduser() / "ilgi")


def _layers(folders: Sequence[Path], flags: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield (origin, values) in the order of `PRECEDENCE`; the default layer is the fields' own."""
    yield "flag", {name: value for name, value in flags.items() if value is not None}
    yield "environment {env}", EnvSettingsSource(Settings)()
    secrets = Path(os.environ.get(f"{_PREFIX}SECRETS_DIR") or "/run/secrets")
    if secrets.is_dir():
        yield f"secret {secrets}/ilgi_{{name}}", SecretsSettingsSource(Settings, secrets_dir=secrets)()
    for file in ("ilgi.local.toml", "ilgi.toml"):
        for folder in folders:
            path = folder / file
            if path.is_file():
                # A brace in a path must not be taken for a field of `format`.
                yield str(path).replace("{", "{{").replace("}", "}}"), _read_toml(path)


def _read_toml(path: Path) -> dict[str, Any]:
    """Return the settings in a file; relative paths in it are relative to the file."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path} is not TOML: {str(error)[:1].lower()}{str(error)[1:]}") from None
    except UnicodeDecodeError:
        raise DataError(f"{path} is not TOML: it is not UTF-8 text") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    for name in values:
        if name not in Settings.model_fields:
            # Here, so that the names of the settings are at hand without NumPy on the usual path.
            from ilgi.vocabulary import nearest

            known = list(Settings.model_fields)
            raise UnknownName(f"setting in {path},", name, known, nearest(name, known))
    for name in ("bundle", "data_dir", "home"):
        if isinstance(values.get(name), str):
            values[name] = path.parent / Path(values[name]).expanduser()
    return values
