"""What a recipe's training starts from: reviews as rows of standardised affect with labels, split by film."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.bundle import DataSource, dump_json, sha256_of_file
from ilgi.emotion.reference import Reference
from ilgi.language import LANGUAGES, Language
from ilgi.training.by_item import fit_reference, standardise
from ilgi.training.emotion_stage import EmotionStage, prepare_emotion
from ilgi.training.first_person import own_sentences
from ilgi.training.gather import Gathered, gather_reviews, split_films
from ilgi.training.label_stage import Rows, row_weights, soft_targets
from ilgi.training.progress import Progress
from ilgi.training.recipe import Recipe, resolve_inside
from ilgi.training.references import read_diary_texts
from ilgi.training.runs import Run, stage_rng
from ilgi.training.score_store import ScoreStore
from ilgi.training.scoring import CACHE_BYTES, ScorerPool, score_all
from ilgi.training.shift import likeness


@dataclass(frozen=True, eq=False)
class Place:
    """Where a recipe's training reads and keeps its things."""

    recipe: Recipe
    recipe_dir: Path
    data_dir: Path
    runs_dir: Path
    workers: int
    progress: Progress
    cache_dir: Path | None

    def run(self) -> Run:
        """Return the run folder: named by the recipe and the tables that it reads."""
        return Run(self.runs_dir / f"{self.recipe.name}-{self._hash()}")

    def _hash(self) -> str:
        """Return what names the run folder: the recipe and the tables that it reads."""
        digest = hashlib.sha256(dump_json(self.recipe.model_dump(mode="json")).encode())
        paths = [table.path for table in self.recipe.reviews]
        paths += [table.labels_from.path for table in self.recipe.reviews if table.labels_from is not None]
        paths += [source.path for source in self.recipe.diary]
        for path in sorted(set(paths)):
            digest.update(f"{path}\0{sha256_of_file(resolve_inside(self.data_dir, path))}".encode())
        return digest.hexdigest()[:12]

    def emotion(self, run: Run) -> EmotionStage:
        """Return the recipe's emotion model, trained now where the recipe says so."""
        return prepare_emotion(
            self.recipe.emotion,
            recipe_dir=self.recipe_dir,
            data_dir=self.data_dir,
            run=run,
            seed=self.recipe.seed,
            progress=self.progress,
        )

    def prepare(self, emotion: EmotionStage) -> "Prepared":
        """Return all rows of the recipe, scored, standardised and split.

        Raises:
            DataError: A table can't be read or holds nothing to learn from.
            OSError: A score can't be written.
        """
        recipe, columns = self.recipe, emotion.scorer(self.recipe.reading).columns
        scored = self.score(emotion)
        reviews = scored.reviews
        parts = split_films(reviews, recipe.split, seed=recipe.seed)
        part_of: NDArray[np.str_] = np.empty(len(reviews.films), dtype="<U10")
        for part, films in parts.items():
            part_of[films] = part
        review_part: NDArray[np.str_] = part_of[reviews.film_of]
        items = fit_reference(columns, scored.affect, reviews.languages, np.equal(review_part, "train"))
        labelled = (reviews.known.sum(axis=1) > 0)[reviews.film_of]
        return Prepared(
            scored=scored,
            items=items,
            standard=standardise(items, scored.affect, reviews.languages),
            targets=soft_targets(reviews.labels, reviews.known),
            rows={part: np.flatnonzero(np.logical_and(labelled, np.equal(review_part, part))) for part in parts},
            recipe=recipe,
        )

    def score(self, emotion: EmotionStage) -> "Scored":
        """Read all texts and score them; what was scored before is taken from the store."""
        self.progress.say("reading the review tables")
        reviews = gather_reviews(self.recipe, self.data_dir)
        for table, report in reviews.reports.items():
            self.progress.say(f"{table}: {report}")
        diary_texts: dict[Language, list[str]] = {}
        sources = list(reviews.data)
        for source in self.recipe.diary:
            rng = stage_rng(self.recipe.seed, f"diary {source.name}")
            texts = read_diary_texts(source, self.data_dir, rng)
            diary_texts.setdefault(source.language, []).extend(texts)
            file = resolve_inside(self.data_dir, source.path)
            sources.append(
                DataSource(
                    name=f"diary-{source.name}", licence=source.licence, sha256=sha256_of_file(file), rows=len(texts)
                )
            )
        scorer = emotion.scorer(self.recipe.reading)
        fingerprint = scorer.fingerprint()
        store = ScoreStore(self.runs_dir / "scores", fingerprint, width=scorer.width)
        cache = None
        if self.cache_dir is not None:
            cache = ScoreStore(self.cache_dir, fingerprint, width=scorer.width, limit_bytes=CACHE_BYTES)
        with ScorerPool(scorer, workers=self.workers) as pool:
            read: Sequence[str] = reviews.texts
            if self.recipe.reading.first_person:
                read = [own_sentences(t, language) for t, language in zip(read, reviews.languages, strict=True)]
            self.progress.start("scoring reviews", len(read), "reviews")
            affect = score_all(read, pool, store, cache=cache, progress=self.progress)
            self.progress.finish()
            diary: dict[Language, FloatMatrix] = {}
            self.progress.start("scoring diary texts", sum(map(len, diary_texts.values())), "texts")
            for language in LANGUAGES:
                if language in diary_texts:
                    texts = diary_texts[language]
                    diary[language] = score_all(texts, pool, store, cache=cache, progress=self.progress)
            self.progress.finish()
        return Scored(reviews, affect, diary, tuple(sources))


@dataclass(frozen=True, eq=False)
class Scored:
    """The texts of a recipe with their affect, (n, A) in [0, 1]: the columns of the recipe's scorer."""

    reviews: Gathered
    affect: FloatMatrix
    diary: Mapping[Language, FloatMatrix]
    sources: tuple[DataSource, ...]


@dataclass(frozen=True, eq=False)
class Prepared:
    """n reviews of F films, ready to learn from."""

    scored: Scored
    items: Reference
    """What is ordinary in a review of the training films."""
    standard: FloatMatrix
    """(n, A) normal scores against `items`."""
    targets: FloatMatrix
    """(F, L) in [0, 1]: labels, and rates where it is not known whether a film has one."""
    rows: Mapping[str, IntVector]
    """Part ("train", "validation", "test") → its reviews of films with labels."""
    recipe: Recipe

    def rows_of(self, part: str, affect: FloatMatrix) -> Rows:
        """Return a part's reviews with their targets and weights.

        Args:
            part: "train", "validation" or "test".
            affect: (n, k) what is to be learned from, a row for each review.
        """
        at = self.rows[part]
        films = self.scored.reviews.film_of[at]
        weight = row_weights(films, self.recipe.labels.weighting)
        if self.recipe.labels.likeness > 0:
            weight = weight * self.odds[at] ** self.recipe.labels.likeness
        return Rows(affect[at], self.targets[films], weight)

    @cached_property
    def odds(self) -> FloatVector:
        """(n,) how much like a diary each review reads."""
        return likeness(self.scored.affect, self.scored.reviews.languages, self.scored.diary)
