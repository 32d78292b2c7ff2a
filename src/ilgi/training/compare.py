"""Compares label models by cross-validation: genres of unseen films, films of people's tags of mood, time and size.

    recipes ─▶ the same reviews, read by each emotion model ─▶ folds by film ─▶ every model × every input, trained anew
            ─▶ figures with intervals, paired tests ─▶ report.json, report.md, pictures

Nothing here is the bundle that ships: what a comparison finds is put into a recipe, and `ilgi train` makes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.bundle import dump_json
from ilgi.catalog.store import embedded_catalogs, load_catalog
from ilgi.emotion.reading import Reader
from ilgi.emotion.reference import Reference
from ilgi.errors import InputError, MissingExtra, TrainingError
from ilgi.language import LANGUAGES, Language
from ilgi.ranking.cosine import CosineConfig, CosineRanker
from ilgi.steps import Query
from ilgi.training.by_item import fit_reference, standardise
from ilgi.training.compare_figures import Compared, measure_entrants
from ilgi.training.compare_plots import draw_comparison
from ilgi.training.compare_report import comparison_text
from ilgi.training.comparison import Comparison, load_comparison
from ilgi.training.crossval import CrossData, Fitted, Fold, cross_validate, folds_of, newest_fold
from ilgi.training.emotion_stage import EmotionStage
from ilgi.training.films.tags import TABLE
from ilgi.training.label_stage import soft_targets
from ilgi.training.mood_measure import TaggedCatalog
from ilgi.training.mood_queries import MoodQuery, mood_queries
from ilgi.training.prepare import Place, Scored
from ilgi.training.progress import Progress, Silent
from ilgi.training.recipe import Recipe, load_recipe
from ilgi.training.runs import Run, stage_rng
from ilgi.training.score_once import score_once
from ilgi.training.shift import likeness, measure_shift
from ilgi.vocabulary import Vocabulary
from ilgi.words import GENRES

REPORT: Final = "report.json"


@dataclass(frozen=True)
class ComparisonSummary:
    """What a comparison gave."""

    folder: Path
    """With report.json, report.md and the pictures."""
    report: dict[str, Any]
    """What report.json holds."""
    text: str
    """What report.md holds."""


def compare_recipes(
    paths: list[Path],
    *,
    data_dir: Path,
    runs_dir: Path,
    folds: int = 5,
    by_time: bool = False,
    repeats: int = 1000,
    workers: int = 1,
    progress: Progress | None = None,
    cache_dir: Path | None = None,
) -> ComparisonSummary:
    """Train and measure every row of a comparison.

    Args:
        paths: A comparison's file, or recipes; see `load_comparison`.
        data_dir: The folder that the recipes' data paths are relative to.
        runs_dir: Where run folders and scores are kept; the report comes to lie there too.
        folds: Parts of the films; each is predicted by models that were trained on the others.
        by_time: Predict the films that came out last from the earlier ones instead.
        repeats: Bootstrap samples behind each interval.
        workers: How many processes may score or train at once.
        progress: Told what is done.
        cache_dir: As for `run_recipe`.

    Raises:
        InputError: A file can't be used.
        DataError: A table can't be read or holds nothing to learn from.
        TrainingError: A loss is not finite, or a file can't be written; what is done is kept.
    """
    comparison = load_comparison(paths)
    try:
        run = Run(runs_dir / f"compare-{paths[0].stem}")
        job = _Job(comparison, run, data_dir, runs_dir, workers, progress or Silent(), cache_dir)
        return job.go(folds, by_time=by_time, repeats=repeats)
    except OSError as error:
        raise TrainingError(
            f"cannot read or write ({error.strerror or error}): mend that, then run the same command again; it goes on "
            "where it stopped"
        ) from error


@dataclass(frozen=True, eq=False)
class _Source:
    """One recipe's reading of the reviews, and of the queries."""

    stage: EmotionStage
    scored: Scored
    diary: Reference
    reader: Reader
    query_affect: FloatMatrix

    @property
    def columns(self) -> Vocabulary:
        """The columns of all that was read: the emotion model's, and those of their spread where the recipe says so."""
        return self.reader.inputs

    def texts(self) -> tuple[FloatMatrix, Sequence[Language], Mapping[Language, FloatMatrix]]:
        """Return the affect of the reviews, their languages, and the affect of diaries."""
        return self.scored.affect, self.scored.reviews.languages, self.scored.diary


@dataclass(frozen=True, eq=False)
class _Job:
    comparison: Comparison
    run: Run
    data_dir: Path
    runs_dir: Path
    workers: int
    progress: Progress
    cache_dir: Path | None

    @property
    def seed(self) -> int:
        return self.comparison.sources[0][1].seed

    def go(self, folds: int, *, by_time: bool, repeats: int) -> ComparisonSummary:
        tagged, queries = self._queries()
        sources = [self._read(path, queries) for path in self._places()]
        reviews = sources[0].scored.reviews
        rows = np.flatnonzero((reviews.known.sum(axis=1) > 0)[reviews.film_of])
        film = reviews.film_of[rows]
        parts = (
            newest_fold(reviews.groups, reviews.years, film, seed=self.seed)
            if by_time
            else folds_of(reviews.groups, film, folds, seed=self.seed)
        )
        data = self._data(sources, parts, rows, queries)
        given: dict[str, Any] = {"folder": self.run.folder / "folds", "seed": self.seed, "workers": self.workers}
        entrants = self.comparison.entrants
        fitted = cross_validate(data, entrants, progress=self.progress, **given)
        again = [entrant for entrant in entrants if entrant.without_stars]
        starless = cross_validate(data, again, progress=self.progress, without_stars=True, **given)
        compared = Compared(
            names=tuple(entrant.name for entrant in entrants),
            entrants=entrants,
            fitted=tuple(fitted),
            starless={entrant.name: one for entrant, one in zip(again, starless, strict=True)},
            reviews=reviews,
            rows=rows,
            against=self.comparison.against,
            columns=sources[0].stage.model.emotions,
            affect=tuple(_joined(data, parts, i) for i in range(len(sources))),
        )
        report: dict[str, Any] = {
            "title": self.comparison.title,
            "split": "by time" if by_time else f"{folds} folds by film",
            "repeats": repeats,
            "reviews": len(rows),
            "films": len(np.unique(film)),
            **measure_entrants(compared, seed=self.seed, repeats=repeats, progress=self.progress),
        }
        if tagged is not None:
            self._by_tags(report, fitted, sources, tagged, queries, repeats)
        report["shift"] = self._shift(sources)
        text = comparison_text(report)
        self.run.write(REPORT, dump_json(report).encode())
        self.run.write("report.md", text.encode())
        try:
            draw_comparison(self.run.folder, report)
        except MissingExtra as missing:
            self.progress.say(f"no pictures: {missing}")
        return ComparisonSummary(self.run.folder, report, text)

    def _places(self) -> list[Place]:
        return [
            Place(
                recipe, path.resolve().parent, self.data_dir, self.runs_dir, self.workers, self.progress, self.cache_dir
            )
            for path, recipe in self.comparison.sources
        ]

    def _queries(self) -> tuple[TaggedCatalog | None, list[MoodQuery]]:
        """Return the tagged films and the texts that ask for them; neither where there is no table of tags."""
        if not (self.data_dir / TABLE).is_file():
            return None, []
        domain = self.comparison.sources[0][1].domain
        if domain not in (catalogs := embedded_catalogs()):
            return None, []
        tagged = TaggedCatalog.open(self.data_dir, load_catalog(catalogs[domain]))
        return tagged, mood_queries(self.data_dir, rng=stage_rng(0, "mood queries"))

    def _read(self, place: Place, queries: Sequence[MoodQuery]) -> _Source:
        stage = place.emotion(place.run())
        scored = place.score(stage)
        reading = place.recipe.reading
        scorer = stage.scorer(reading)
        diary = Reference.fit(scorer.columns, scored.diary)
        reader = Reader(stage.model, diary, rule=reading.rule, spread=reading.spread)
        affect = score_once(
            scorer,
            [q.text for q in queries],
            task="reading the queries",
            workers=1,
            cache_dir=self.cache_dir,
            progress=self.progress,
        )
        return _Source(stage, scored, diary, reader, affect)

    def _data(
        self, sources: Sequence[_Source], parts: tuple[Fold, ...], rows: IntVector, queries: Sequence[MoodQuery]
    ) -> CrossData:
        """Standardise each source anew for each fold."""
        reviews = sources[0].scored.reviews
        emotions = sources[0].stage.model.emotions
        if any(source.stage.model.emotions != emotions for source in sources):
            raise InputError("the recipes' emotion models give other columns: compare models of the same ones")
        inputs: dict[tuple[int, int], FloatMatrix] = {}
        asked: dict[int, FloatMatrix] = {}
        for number, source in enumerate(sources):
            for at, fold in enumerate(parts):
                # What is ordinary is learned from every review that isn't of a tested film, with labels or without.
                tested = np.isin(reviews.film_of, reviews.film_of[rows[fold.test]])
                ordinary = fit_reference(source.columns, source.scored.affect, reviews.languages, ~tested)
                inputs[number, at] = standardise(ordinary, source.scored.affect, reviews.languages)[rows]
            asked[number] = standardise(source.diary, source.query_affect, [q.language for q in queries])
        return CrossData(
            columns={number: source.columns for number, source in enumerate(sources)},
            labels=GENRES,
            folds=parts,
            inputs=inputs,
            queries=asked,
            targets=soft_targets(reviews.labels, reviews.known),
            film=reviews.film_of[rows],
            stars=_standard_stars(reviews.ratings, reviews.languages)[rows],
            odds={number: self._odds(source)[rows] for number, source in enumerate(sources)},
        )

    def _odds(self, source: _Source) -> FloatVector:
        """Return how much like a diary each review reads; 1 throughout where no row weights by it."""
        if not any(entrant.labels.likeness for entrant in self.comparison.entrants):
            return np.ones(len(source.scored.affect), dtype=np.float32)
        return likeness(*source.texts())

    def _shift(self, sources: Sequence[_Source]) -> dict[str, Any]:
        """Return each source's way from reviews to diaries; a comparison without scikit-learn goes without it."""
        try:
            return {
                _source_name(path, recipe): measure_shift(source.columns, *source.texts(), seed=self.seed)
                for (path, recipe), source in zip(self.comparison.sources, sources, strict=True)
            }
        except MissingExtra as missing:
            self.progress.say(f"the shift from reviews to diaries is not measured: {missing}")
            return {}

    def _by_tags(
        self,
        report: dict[str, Any],
        fitted: Sequence[Fitted],
        sources: Sequence[_Source],
        tagged: TaggedCatalog,
        queries: Sequence[MoodQuery],
        repeats: int,
    ) -> None:
        """Add each row's figures by people's tags of mood."""
        ranker = CosineRanker(CosineConfig(rule="lift"))
        readings = [
            [source.reader.of_whole(q.text, q.language, a) for q, a in zip(queries, source.query_affect, strict=True)]
            for source in sources
        ]
        half = np.full(len(GENRES), 0.5, dtype=np.float32)
        ways: dict[str, FloatMatrix] = {}
        for entrant, one in zip(self.comparison.entrants, fitted, strict=True):
            # By lift a ranking sees log-odds over the base rate alone, whatever that is: 0.5 stands for it here.
            p = (1.0 / (1.0 + np.exp(-one.query_lift))).astype(np.float32)
            asked = [Query(r, GENRES, row, half) for r, row in zip(readings[entrant.source], p, strict=True)]
            ways[entrant.name] = tagged.of_items(ranker.score_many(asked, tagged.catalog))
        found = tagged.measure(queries, ways, repeats=min(repeats, 300), seed=self.seed, progress=self.progress)
        for row in report["rows"]:
            row["mood_tags"] = {
                language: {name: figure for name, figure in part[row["name"]].items() if name != "by_mood"}
                for language, part in found.items()
            }


def _standard_stars(ratings: FloatVector, languages: Sequence[str]) -> FloatVector:
    """Return stars in standard deviations of their language: one site's seven is not another's."""
    result = np.full(len(ratings), np.nan, dtype=np.float32)
    at = np.array(languages)
    for language in LANGUAGES:
        own = (at == language) & ~np.isnan(ratings)
        if own.sum() > 1 and ratings[own].std() > 0:
            result[own] = (ratings[own] - ratings[own].mean()) / ratings[own].std()
    return result


def _joined(data: CrossData, parts: Sequence[Fold], source: int) -> FloatMatrix:
    """Return (n, A) each review's inputs as they were when it was predicted; NaN where it never was."""
    joined = np.full((len(data.film), len(data.columns[source])), np.nan, dtype=np.float32)
    for at, fold in enumerate(parts):
        joined[fold.test] = data.inputs[source, at][fold.test]
    return joined


def _source_name(path: Path, recipe: Recipe) -> str:
    """Return what tells the readings of one source from those of another."""
    ways = [name for name in ("first_person", "spread") if getattr(recipe.reading, name)]
    rule = [] if recipe.reading.rule == load_recipe(path).reading.rule else [recipe.reading.rule]
    return ", ".join([path.stem, recipe.emotion.use, *rule, *(way.replace("_", " ") for way in ways)])
