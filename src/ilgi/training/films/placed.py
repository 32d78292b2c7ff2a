"""Gives the films of a catalogue their profiles: reads the tables that a recipe names, and learns from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector, logit
from ilgi.bundle import DataSource, sha256_of_file
from ilgi.catalog.base import Catalog
from ilgi.emotion.reference import Reference
from ilgi.language import LANGUAGES
from ilgi.training.emotion.diaries import diary_entries
from ilgi.training.films.features import FilmFacts, film_features
from ilgi.training.films.profiles import axis_tags, learn_profiles
from ilgi.training.films.recipe import InputTable, ProfileSection
from ilgi.training.films.tags import read_tags, rows_of_titles
from ilgi.training.progress import Progress
from ilgi.training.runs import stage_rng
from ilgi.training.score_once import score_once
from ilgi.training.scoring import Scorer, open_scorer

_LEAST: Final = 1e-4
_EXCEEDED: Final = 0.95
_AT_ONCE: Final = 1024


@dataclass(frozen=True, eq=False)
class Placed:
    """A catalogue with profiles."""

    catalog: Catalog
    metrics: Mapping[str, Any]
    """Axis → films with its tags, and how well they were found."""
    data: tuple[DataSource, ...]
    """The tables, for the manifest."""

    def text(self) -> str:
        """Return the figures for people."""
        lines = ["how films feel, learned from tags (AUC of tagged films that a model did not learn from):"]
        lines += [f"  {axis:<10} {row['films']:>4} films  AUC {row['auc']:.3f}" for axis, row in self.metrics.items()]
        return "\n".join(lines)


def place_films(
    catalog: Catalog,
    section: ProfileSection,
    films: InputTable,
    *,
    data_dir: Path,
    seed: int = 0,
    cache_dir: Path | None = None,
    progress: Progress,
) -> Placed:
    """Return the catalogue with the profiles that its recipe asks for.

    Args:
        catalog: The films.
        section: The recipe's [profiles].
        films: The TMDB-like table.
        data_dir: The folder that paths are relative to.
        seed: Of the samples.
        cache_dir: Where scores of texts are shared with other runs; None shares none.
        progress: Told of each text and model.

    Raises:
        InputError: A table is missing.
        DataError: A table can't be read, or no tagged film is in the catalogue.
        MissingExtra: scikit-learn or polars is not installed.
    """
    table = read_tags(data_dir / section.tags.path)
    rows = rows_of_titles(catalog, table.titles)
    tags = axis_tags([(int(rows[film]), tag, people) for film, tag, people in table.tags if rows[film] >= 0])
    facts = FilmFacts.read(catalog, data_dir / films.path, data_dir / section.overviews.path)
    scorer = open_scorer(section.emotion, rule=section.rule)
    feeling = _feeling(scorer, facts.overviews, cache_dir, progress)
    features = film_features(catalog, facts, feeling)
    progress.start("learning how films feel", section.samples * 10, "models")
    profiles, figures = learn_profiles(
        features,
        tags,
        catalog,
        facts,
        rng=stage_rng(seed, "profiles"),
        samples=section.samples,
        on_model=lambda: progress.advance(1),
    )
    progress.finish()
    data = tuple(
        DataSource(name=t.path, licence=t.licence, sha256=sha256_of_file(data_dir / t.path), rows=count)
        for t, count in ((section.tags, len(table.tags)), (section.overviews, sum(map(bool, facts.overviews))))
    )
    told = np.array([bool(text) for text in facts.overviews])
    affect = np.where(told[:, None], feeling, np.nan).astype(np.float32)
    level = _level(scorer, np.where(told[:, None], feeling, 0.0), cache_dir, progress)
    placed = replace(
        catalog,
        profiles=profiles,
        affect=affect,
        affect_columns=tuple(scorer.columns),
        affect_level=np.where(told, level, np.nan).astype(np.float32),
    )
    return Placed(placed, figures, data)


def _feeling(scorer: Scorer, texts: Sequence[str], cache_dir: Path | None, progress: Progress) -> FloatMatrix:
    """Return (n, A) the log-odds of each text's scores in standard deviations over the texts; zeros for no text."""
    told = [i for i, text in enumerate(texts) if text]
    result = np.zeros((len(texts), scorer.width), dtype=np.float32)
    if not told:
        return result
    task = "reading overviews"
    found = score_once(scorer, [texts[i] for i in told], task=task, workers=1, cache_dir=cache_dir, progress=progress)
    odds = logit(found)
    result[told] = (odds - odds.mean(axis=0)) / np.maximum(odds.std(axis=0), _LEAST)
    return result


def _level(scorer: Scorer, affect: FloatMatrix, cache_dir: Path | None, progress: Progress) -> FloatVector:
    """Return (n,) the cosine with each row of affect that one of our own diaries in twenty exceeds."""
    entries = [e for e in diary_entries() if not e.held_out]
    texts = [e.text for e in entries]
    found = score_once(scorer, texts, task="reading diaries", workers=1, cache_dir=cache_dir, progress=progress)
    rows = {x: [i for i, e in enumerate(entries) if e.language == x] for x in LANGUAGES}
    usual = Reference.fit(scorer.columns, {x: found[own] for x, own in rows.items()})
    asked = np.concatenate([usual.standardise(found[own], x) for x, own in rows.items()])
    asked = asked / np.maximum(np.linalg.norm(asked, axis=1, keepdims=True), _LEAST)
    own = affect / np.maximum(np.linalg.norm(affect, axis=1, keepdims=True), _LEAST)
    steps = (own[at : at + _AT_ONCE] @ asked.T for at in range(0, len(own), _AT_ONCE))
    return np.concatenate([np.quantile(cosines, _EXCEEDED, axis=1) for cosines in steps]).astype(np.float32)
