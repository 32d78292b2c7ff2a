"""What `recipes/catalog-music.toml` may say."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from ilgi.training.films.recipe import InputTable


class SongInputs(BaseModel):
    """The tables by what they are for."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    rated: InputTable
    """Songs with valence and arousal: dzr_sng_id, artist_name, track_name, valence, arousal."""
    playlists: InputTable
    """Songs of Korean playlists with the playlist's tags: title, artist, genre, tags."""


class SongRecipe(BaseModel):
    """Inputs and rules of the catalogue of songs."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    domain: str = "music"
    inputs: SongInputs
    fewest_by_artist: int = Field(default=3, ge=1)
    """Rated songs come in only of artists with so many among them: those that people are likely to find."""
    region: str = "국내"
    """First tag of the playlists whose songs come in."""
    moods: Mapping[str, tuple[tuple[float, float], tuple[float, float]]]
    """Tag that names a mood → how bright and how lively its songs sound, -1 … 1, as two readers said who knew nothing
    of each other. Tags that are not here name none."""
    rated_spread: float = Field(default=0.5, gt=0)
    """How far a rated song's place may be off, in standard deviations."""
    playlist_spread: float = Field(default=0.9, gt=0)
    """How far the place of a song may be off that is known from one playlist."""
