"""What `recipes/catalog-movies.toml` may say."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ilgi.errors import InputError


class InputTable(BaseModel):
    """One table that goes in."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    path: str
    """Relative to the data folder."""
    licence: str
    """As its source states it; goes into the catalogue's manifest."""


class FilmInputs(BaseModel):
    """The tables by what they are for."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    films: InputTable
    wikipedia: InputTable
    kobis: InputTable
    crosscheck: InputTable
    kmrd_movies: InputTable
    kmrd_genres: InputTable
    kmrd_countries: InputTable
    reviewed: InputTable

    def tables(self) -> dict[str, InputTable]:
        """Return the tables by name, in a fixed order."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class ProfileSection(BaseModel):
    """How it is learned how films feel."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    tags: InputTable
    """People's tags of mood."""
    overviews: InputTable
    """Overviews, of which nothing but what is learned from them goes into the catalogue."""
    emotion: str = "embedded:ko-en"
    """The emotion model that reads the overviews, as `--model` takes it."""
    rule: str = "whole"
    """Its rule of aggregation."""
    samples: int = Field(default=24, ge=2)
    """Models of each axis, each learned from films drawn anew."""


class FilmRecipe(BaseModel):
    """What `recipes/catalog-movies.toml` says: inputs and rules."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    inputs: FilmInputs
    year_tolerance: int = Field(default=1, ge=0, le=3)
    """By how many years two sources may differ about one film."""
    adult_keywords: frozenset[str]
    """A film with one of these TMDB keywords is an adult film: they say what it is, not what it tells of."""
    adult_ids: frozenset[str] = frozenset()
    """Adult films that no keyword shows, found by looking."""
    adult_genres: frozenset[str] = frozenset()
    """Genres of Naver and Wikipedia that mark an adult film."""
    drop_ids: Mapping[str, str] = {}
    """Id → why this film is left out, for mistakes in the tables."""
    profiles: ProfileSection | None = None
    """How films feel; None leaves that unknown."""

    @classmethod
    def load(cls, path: Path) -> "FilmRecipe":
        """Read a recipe.

        Raises:
            InputError: There is no such file, it isn't TOML, or a key is missing, unknown or wrong.
        """
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise InputError(f"{path} cannot be opened ({error.strerror}): name the file of a recipe") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{path} is not TOML: {error}") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(f"{path.name}: {where}: {first['msg'].lower()}") from error
