"""The embedded catalogue of songs, built from tables: titles, artists, and where each song stands on the axes of sound.

Songs whose valence and arousal are known from listeners' tags stand where those do among all such songs: percentiles as
normal scores, so that a diary and a song are compared quantile to quantile. A Korean song stands where the mood tags of
its playlists say, as two readers placed the tags; a tag belongs to the playlist and not to the song, so such a place is
less sure, and surer the more playlists the song is on. What a song is labelled follows from its place.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import NormalDist
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix
from ilgi.bundle import DataSource, sha256_of_file
from ilgi.catalog.axes import SOUND_AXES, SOUNDS, sound_of
from ilgi.catalog.base import Catalog, Row
from ilgi.catalog.items import clean_title, rank_fractions, text_cell
from ilgi.catalog.profiles import BASES, Profiles
from ilgi.errors import DataError
from ilgi.training.songs.recipe import SongRecipe
from ilgi.training.tables import read_rows

_FEWEST_PAIRS: Final = 5


@dataclass(frozen=True)
class Song:
    """One song with its place."""

    id: str
    title: str
    artist: str
    korean: bool
    place: tuple[float, float]
    """How bright and how lively, in standard deviations over all songs."""
    spread: float
    basis: str


@dataclass(frozen=True)
class SongReport:
    """What came of the tables."""

    rated: int
    korean: int
    playlists: int
    agreement: Mapping[str, float]
    """Axis → correlation of the two readers over the mood tags."""
    left_out: Mapping[str, Any]
    """How well the playlists of a song agree: {"songs" on several, axis → correlation of one with the others}."""
    data: tuple[DataSource, ...] = field(default=(), repr=False)

    def metrics(self) -> dict[str, Any]:
        """Return the figures as JSON, for the manifest."""
        return {
            "songs": self.rated + self.korean,
            "rated": self.rated,
            "korean": self.korean,
            "playlists": self.playlists,
            "agreement": dict(self.agreement),
            "left_out": dict(self.left_out),
        }

    def text(self) -> str:
        """Return the report for people."""
        agreement = ", ".join(f"{axis} r {r:.2f}" for axis, r in self.agreement.items())
        others = ", ".join(f"{axis} r {r:.2f}" for axis, r in self.left_out.items() if axis != "songs")
        return "\n".join(
            [
                f"{self.rated + self.korean:,} songs, {self.korean:,} of them Korean, from {self.playlists} playlists",
                f"two readers of the mood tags agree: {agreement}",
                f"{self.left_out['songs']} songs on several playlists, one playlist against the others: {others}",
            ]
        )


def build_songs(data_dir: Path, recipe: SongRecipe) -> tuple[Catalog, SongReport]:
    """Build the catalogue. The same tables and the same recipe give the same catalogue.

    Args:
        data_dir: The folder that the recipe's paths are relative to.
        recipe: Inputs and rules.

    Raises:
        InputError: A table is missing.
        DataError: A table isn't what the recipe takes it for.
    """
    tables = (recipe.inputs.rated, recipe.inputs.playlists)
    rows = [list(read_rows(data_dir / table.path)) for table in tables]
    rated = rated_songs(rows[0], recipe)
    korean, playlists, left_out = playlist_songs(rows[1], recipe)
    maps = np.array(list(recipe.moods.values()), dtype=np.float64)
    agreement = {
        axis: round(float(np.corrcoef(maps[:, 0, i], maps[:, 1, i])[0, 1]), 3) for i, axis in enumerate(SOUND_AXES)
    }
    data = tuple(
        DataSource(name=t.path, licence=t.licence, sha256=sha256_of_file(data_dir / t.path), rows=len(own))
        for t, own in zip(tables, rows, strict=True)
    )
    report = SongReport(len(rated), len(korean), playlists, agreement, left_out, data)
    return catalog_of_songs([*korean, *rated], recipe.domain), report


def rated_songs(rows: Iterable[Row], recipe: SongRecipe) -> list[Song]:
    """Return the rated songs of artists with enough of them; a song that stands twice comes once.

    Places are percentiles among all rated songs, as normal scores.

    Raises:
        DataError: A row has no valence or arousal.
    """
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    values: list[tuple[float, float]] = []
    for number, row in enumerate(rows, start=2):
        title, artist = clean_title(text_cell(row, "track_name")), clean_title(text_cell(row, "artist_name"))
        key = (title.casefold(), artist.casefold())
        try:
            place = (float(row["valence"]), float(row["arousal"]))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"the rated songs' row {number} has no number ({error}): check the column") from error
        if title and artist and key not in found:
            found[key] = (text_cell(row, "dzr_sng_id"), title, artist)
            values.append(place)
    places = normal_scores(np.array(values, dtype=np.float64).reshape(-1, 2))
    by_artist = Counter(artist for _, artist in found)
    return [
        Song(f"deezer:{key}", title, artist, False, (float(at[0]), float(at[1])), recipe.rated_spread, "listeners")
        for (key, title, artist), at in zip(found.values(), places, strict=True)
        if by_artist[artist.casefold()] >= recipe.fewest_by_artist
    ]


def playlist_songs(rows: Iterable[Row], recipe: SongRecipe) -> tuple[list[Song], int, Mapping[str, Any]]:
    """Return the songs of playlists whose tags name a mood, how many playlists those are, and how they agree.

    A playlist stands at the mean of what both readers said of its mood tags, a song at the mean of its playlists.
    Places are told in standard deviations over the playlists, and are the surer the more playlists a song is on.

    Raises:
        DataError: A row lacks a column, or no playlist names a mood.
    """
    names: dict[tuple[str, str], tuple[str, str]] = {}
    on: dict[tuple[str, str], list[str]] = {}
    for number, row in enumerate(rows, start=2):
        if not {"title", "artist", "tags"} <= row.keys():
            raise DataError(f"the playlists' row {number} lacks title, artist or tags: check the columns")
        tags = text_cell(row, "tags")
        title, artist = clean_title(text_cell(row, "title")), clean_title(text_cell(row, "artist"))
        if tags.split()[:1] == [recipe.region] and title and artist:
            key = (title.casefold(), artist.casefold())
            names.setdefault(key, (title, artist))
            if tags not in on.setdefault(key, []):
                on[key].append(tags)
    lists = sorted({tags for own in on.values() for tags in own})
    places = {tags: place for tags in lists if (place := _of_tags(tags, recipe.moods)) is not None}
    if not places:
        raise DataError("no playlist has a tag that the recipe gives a place: check region and moods")
    table = np.array(list(places.values()))
    center, scale = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-6)
    placed = {tags: (place - center) / scale for tags, place in places.items()}
    songs = []
    for key, own in on.items():
        known = [placed[tags] for tags in own if tags in placed]
        if known:
            bright, lively = np.mean(known, axis=0)
            spread = recipe.playlist_spread / np.sqrt(len(known))
            title, artist = names[key]
            song = f"song:{_slug(title)}:{_slug(artist)}"
            songs.append(Song(song, title, artist, True, (float(bright), float(lively)), float(spread), "playlists"))
    return songs, len(placed), _left_out([[placed[t] for t in own if t in placed] for own in on.values()])


def catalog_of_songs(songs: Sequence[Song], domain: str) -> Catalog:
    """Return the catalogue of some songs; of songs with one id, the first."""
    chosen = list({song.id: song for song in reversed(songs)}.values())[::-1]
    place = np.array([song.place for song in chosen], dtype=np.float32).reshape(-1, 2)
    spread = np.array([[song.spread] * 2 for song in chosen], dtype=np.float32).reshape(-1, 2)
    # Nobody counted listeners; an artist with many songs here is known to more people than one with a single song.
    songs_by = Counter(song.artist.casefold() for song in chosen)
    return Catalog(
        domain=domain,
        ids=tuple(song.id for song in chosen),
        titles={
            "en": tuple("" if song.korean else song.title for song in chosen),
            "ko": tuple(song.title if song.korean else "" for song in chosen),
            "original": tuple(song.title for song in chosen),
        },
        year=np.zeros(len(chosen), dtype=np.int16),
        language=tuple("ko" if song.korean else "" for song in chosen),
        labels=SOUNDS,
        matrix=SOUNDS.multi_hot([(sound_of(*song.place),) for song in chosen]),
        popularity=rank_fractions([float(songs_by[song.artist.casefold()]) for song in chosen]),
        affect=np.zeros((len(chosen), 0), dtype=np.float32),
        by=tuple(song.artist for song in chosen),
        profiles=Profiles(
            SOUND_AXES,
            place,
            spread,
            np.array([BASES.index(song.basis) for song in chosen], dtype=np.uint8),
            np.zeros(len(chosen), dtype=np.int64),
        ),
    )


def normal_scores(values: FloatMatrix | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n, k): each column's mid-ranks as quantiles of the normal distribution; equal values stay equal."""
    result = np.zeros(values.shape, dtype=np.float64)
    inverse = NormalDist().inv_cdf
    for column in range(values.shape[1]):
        own = np.sort(values[:, column])
        low = np.searchsorted(own, values[:, column], side="left")
        high = np.searchsorted(own, values[:, column], side="right")
        result[:, column] = [inverse(p) for p in (low + high) / (2.0 * len(own))]
    return result


def _of_tags(tags: str, moods: Mapping[str, tuple[tuple[float, float], tuple[float, float]]]) -> Any:  # noqa: ANN401
    """Return (2,) the mean of what both readers said of a playlist's mood tags; None where it has none."""
    told = [moods[tag] for tag in dict.fromkeys(tags.split()) if tag in moods]
    return np.mean(told, axis=(0, 1)) if told else None


def _left_out(places: Sequence[Sequence[NDArray[np.float64]]]) -> dict[str, Any]:
    """Return how a playlist's place goes along with that of a song's other playlists."""
    pairs = [
        (own[i], np.mean([*own[:i], *own[i + 1 :]], axis=0)) for own in places if len(own) > 1 for i in range(len(own))
    ]
    several = sum(len(own) > 1 for own in places)
    if len(pairs) < _FEWEST_PAIRS:
        return {"songs": several}
    one, others = (np.array(side) for side in zip(*pairs, strict=True))
    return {
        "songs": several,
        **{axis: round(float(np.corrcoef(one[:, i], others[:, i])[0, 1]), 3) for i, axis in enumerate(SOUND_AXES)},
    }


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
