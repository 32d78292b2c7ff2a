"""From a recipe and raw tables to a bundle, in stages that a killed run takes up again.

    emotion model ─▶ review tables ─▶ scores ─▶ split by film ─▶ references ─▶ label model ─▶ assessment ─▶ bundle

Each stage that takes long keeps its result in the run folder; what is quick is done again. Both give the same values,
so a run that was killed and one that went through end with the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, IntVector
from ilgi.bundle import State
from ilgi.emotion.reference import Reference
from ilgi.errors import MissingExtra, TrainingError
from ilgi.label.base import LabelModel
from ilgi.language import LANGUAGES
from ilgi.nn.history import draw_history
from ilgi.training.assess import Truth, assess, response
from ilgi.training.bundle_stage import Parts, write_bundle
from ilgi.training.by_item import mean_by, one_row_each
from ilgi.training.card import MODELS
from ilgi.training.domain_bundle import write_domain_bundle
from ilgi.training.emotion_bundle import write_emotion_bundle
from ilgi.training.family_stage import fit_families
from ilgi.training.gather import Gathered
from ilgi.training.label_stage import (
    Fitted,
    fit_labels,
    fit_prior,
    fit_prototype,
    moods_of,
    rare_labels,
)
from ilgi.training.plots import draw_reliability
from ilgi.training.prepare import Place
from ilgi.training.progress import Progress, Silent
from ilgi.training.recipe import Recipe, load_recipe
from ilgi.training.runs import Made, Run, digest_of, stage_rng
from ilgi.training.scoring import source_of
from ilgi.training.summary import summary_text
from ilgi.words import GENRES


@dataclass(frozen=True)
class TrainSummary:
    """What a training gave."""

    out: Path
    """The bundle."""
    run: Path
    """The run folder, with the pictures and the stages."""
    metrics: Mapping[str, Any]
    """What was measured, as in the bundle's manifest."""
    text: str
    """All of it for people."""


def run_recipe(
    recipe: Path,
    *,
    data_dir: Path,
    out: Path,
    runs_dir: Path,
    workers: int = 1,
    progress: Progress | None = None,
    seed: int | None = None,
    cache_dir: Path | None = None,
) -> TrainSummary:
    """Make the bundle that a recipe describes.

    Args:
        recipe: The recipe's TOML file.
        data_dir: The folder that its data paths are relative to.
        out: The bundle to write; an earlier one there is replaced at the very end.
        runs_dir: Where run folders and scores are kept.
        workers: How many processes may score texts.
        progress: Told what is done.
        seed: Instead of the recipe's.
        cache_dir: Scores that `ilgi annotate` and other trainings share; None: only those in `runs_dir`.

    Raises:
        InputError: The recipe can't be used.
        DataError: A table can't be read or holds nothing to learn from.
        TrainingError: The loss is not finite, or a file can't be written; the stages that are done are kept, and `out`
            is as it was.
    """
    chosen = load_recipe(recipe)
    if seed is not None:
        chosen = chosen.model_copy(update={"seed": seed})
    try:
        place = Place(chosen, recipe.resolve().parent, data_dir, runs_dir, workers, progress or Silent(), cache_dir)
        return _Training(place, out).go()
    except OSError as error:
        where = f" {error.filename!r}" if isinstance(error.filename, str) else ""
        raise TrainingError(
            f"cannot read or write{where} ({error.strerror or error}): mend that, then run the same command again; it "
            "goes on where it stopped"
        ) from error


@dataclass(frozen=True, eq=False)
class _Training:
    """One training; its methods are the stages, in order."""

    place: Place
    out: Path

    @property
    def recipe(self) -> Recipe:
        """Every choice."""
        return self.place.recipe

    @property
    def progress(self) -> Progress:
        """Told what is done."""
        return self.place.progress

    def go(self) -> TrainSummary:
        """Go through all stages."""
        recipe = self.recipe
        run = self.place.run()
        if recipe.based_on:
            place = self.place
            metrics, text = write_domain_bundle(
                recipe,
                recipe_dir=place.recipe_dir,
                run=run,
                out=self.out,
                cache_dir=place.cache_dir,
                progress=self.progress,
            )
            return TrainSummary(self.out, run.folder, metrics, text)
        emotion = self.place.emotion(run)
        if not recipe.reviews:
            text = write_emotion_bundle(recipe, emotion, self.out)
            return TrainSummary(self.out, run.folder, emotion.metrics, text)
        prepared = self.place.prepare(emotion)
        scored, rows, standard = prepared.scored, prepared.rows, prepared.standard
        reviews, columns = scored.reviews, emotion.scorer(recipe.reading).columns
        diary = Reference.fit(columns, scored.diary)

        fitted = fit_labels(
            recipe.labels,
            columns,
            GENRES,
            prepared.rows_of("train", standard),
            prepared.rows_of("validation", standard),
            run=run,
            seed=recipe.seed,
            progress=self.progress,
        )
        families = None
        if recipe.families is not None:
            families = fit_families(
                recipe.families,
                emotion.scorer(recipe.reading),
                diary,
                run=run,
                seed=recipe.seed,
                cache_dir=self.place.cache_dir,
                progress=self.progress,
            )
        own = emotion.model.emotions
        moods = moods_of(own, scored.affect[:, : len(own)])
        mean, sd = moods[rows["train"]].mean(axis=0), moods[rows["train"]].std(axis=0)
        moods = (moods - mean) / np.maximum(sd, 1e-6)
        prototype = fit_prototype(
            GENRES,
            prepared.rows_of("train", moods),
            epochs=recipe.assess.prototype_epochs,
            run=run,
            seed=recipe.seed,
            progress=self.progress,
        )
        prior = fit_prior(GENRES, prepared.rows_of("train", standard))
        pick = columns.columns(fitted.model.columns)
        inputs: dict[str, tuple[LabelModel, FloatMatrix]] = {
            "prior": (prior, np.zeros((len(standard), 1), dtype=np.float32)),
            "prototype": (prototype.model, moods),
            "ours": (fitted.model, standard[:, pick]),
        }
        test = rows["test"]
        predictions = {name: model.predict_proba(x[test]) for name, (model, x) in inputs.items()}
        assessment = self._assess(run, reviews, test, predictions)
        counts = {f"reviews_{part}": len(at) for part, at in rows.items()}
        counts |= {f"items_{part}": len(np.unique(reviews.film_of[at])) for part, at in rows.items()}
        counts |= {"reviews_reference": len(reviews.texts)}
        counts |= {f"diary_{language}": len(matrix) for language, matrix in scored.diary.items()}
        learned = np.unique(reviews.film_of[rows["train"]])
        metrics = {
            "counts": counts,
            "rare_labels": rare_labels(reviews.labels[learned], reviews.known[learned], GENRES),
            "emotion": dict(emotion.metrics),
            "fit": {
                "epochs": fitted.report.epochs,
                "best_epoch": fitted.report.best_epoch,
                "stopped": fitted.report.stopped,
            },
            "assessment": assessment,
            "families": {} if families is None else dict(families.metrics),
            "response_to_diaries": {
                language: response(
                    fitted.model.predict_proba(diary.standardise(matrix, language)[:, pick]),
                    fitted.model.base_rates,
                    GENRES,
                )
                for language, matrix in scored.diary.items()
            },
        }
        self._draw(run, fitted, prototype, reviews, test, predictions)
        write_bundle(
            Parts(
                recipe,
                emotion,
                diary,
                prepared.items,
                fitted,
                None if families is None else families.fitted,
                metrics,
                (*emotion.data, *scored.sources),
            ),
            draft=run.folder / "draft",
            out=self.out,
            say=self.progress.say,
        )
        text = summary_text(recipe, metrics, reviews.reports)
        run.write("summary.txt", text.encode())
        return TrainSummary(self.out, run.folder, metrics, text)

    def _assess(
        self, run: Run, reviews: Gathered, test: IntVector, predictions: Mapping[str, FloatMatrix]
    ) -> Mapping[str, Any]:
        """Measure on the test films: from one review of each, and from all of its reviews averaged."""
        recipe = self.recipe
        films, first = np.unique(reviews.film_of[test], return_inverse=True)
        truth = Truth(reviews.labels[films], reviews.known[films], tuple(reviews.groups[int(f)] for f in films))
        languages = np.array([reviews.film_languages[int(f)] for f in films])
        cuts: dict[str, NDArray[np.bool_]] = {"all": np.ones(len(films), dtype=bool)}
        cuts |= {language: languages == language for language in LANGUAGES}
        made_from = {
            "truth": digest_of(truth.labels, truth.known, truth.groups, languages.tolist()),
            "predictions": {name: digest_of(p) for name, p in predictions.items()},
            "films": digest_of(first),
            "repeats": recipe.assess.repeats,
            "seed": recipe.seed,
            "code": source_of(Path(__file__).parent / "assess.py", Path(__file__)).hex(),
        }

        def make() -> Made:
            drawn = one_row_each(first, len(films), stage_rng(recipe.seed, "one review"))
            views = {
                "one_review": {name: p[drawn] for name, p in predictions.items()},
                "film_mean": {name: mean_by(p, first, len(films)) for name, p in predictions.items()},
            }
            report: dict[str, Any] = {}
            self.progress.start("measuring", len(views), "views")
            for view, by_model in views.items():
                report[view] = assess(
                    truth,
                    by_model,
                    cuts=cuts,
                    labels=GENRES,
                    rng=stage_rng(recipe.seed, f"assess {view}"),
                    repeats=recipe.assess.repeats,
                    metrics=("macro_ap", "micro_ap", "lrap", "ndcg_5", "brier", "ece"),
                    compare=("ours", ("prior", "prototype")),
                )
                self.progress.advance(1)
            self.progress.finish()
            return Made(State(), report=report)

        return run.stage("assessment", made_from, make).report

    def _draw(
        self,
        run: Run,
        fitted: Fitted,
        prototype: Fitted,
        reviews: Gathered,
        test: IntVector,
        predictions: Mapping[str, FloatMatrix],
    ) -> None:
        """Leave pictures for people in the run folder; a training without matplotlib goes without them."""
        films = reviews.film_of[test]
        try:
            for name, fit in (("labels", fitted), ("prototype", prototype)):
                if fit.report.history:
                    draw_history(fit.report.history, run.folder / f"{name}_curve.png", best_epoch=fit.report.best_epoch)
            draw_reliability(
                run.folder / "reliability.png",
                reviews.labels[films],
                reviews.known[films],
                {MODELS[name]: p for name, p in predictions.items() if name != "prior"},
            )
        except MissingExtra as missing:
            self.progress.say(f"no pictures: {missing}")
