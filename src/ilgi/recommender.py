"""Text → reading → labels → ranking, with the reasons. The only place where the steps meet."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

import numpy as np

from ilgi.arrays import FloatVector, logit
from ilgi.bundle import MANIFEST, Bundle
from ilgi.catalog.base import Catalog
from ilgi.catalog.store import embedded_catalogs, load_catalog
from ilgi.emotion.aggregate import without_each_sentence
from ilgi.emotion.load import emotion_from_state
from ilgi.emotion.reading import Reader, leading_emotions
from ilgi.emotion.reference import Reference
from ilgi.emotion.spread import spread_without_each_sentence
from ilgi.emotion.views import NEUTRAL
from ilgi.errors import InputError, UnknownName
from ilgi.label.base import LabelModel, label_models
from ilgi.language import Language
from ilgi.ranking.base import Ranker, rankers
from ilgi.ranking.reasons import reason
from ilgi.steps import Evidence, Query, Ranking, Reading
from ilgi.vocabulary import nearest

EMBEDDED_BUNDLES: Final = Path(__file__).parent / "data" / "bundles"
"""Where the bundles that ship with ilgi lie, one folder per domain."""

WITH_REASONS: Final = 10
"""How many items of a ranking carry reasons."""


class Recommender:
    """Everything that one domain needs to answer a text: reader, label model, ranker and catalogue."""

    def __init__(
        self, reader: Reader, label_model: LabelModel, ranker: Ranker, catalog: Catalog, *, bundle: Bundle | None = None
    ) -> None:
        """Join the steps.

        Args:
            reader: Text → reading.
            label_model: Affect → label probabilities; its affect columns must be among the reader's `inputs`.
            ranker: Query × catalogue → ranking.
            catalog: The items, with the label model's labels.
            bundle: Where they came from, if from a bundle.

        Raises:
            InputError: The steps do not fit each other.
        """
        missing = [name for name in label_model.columns if name not in reader.inputs]
        if missing:
            raise InputError(
                f"the label model reads {missing[0]!r}, which this emotion model does not give: "
                "use the bundle's own emotion model, or train a bundle with this one (ilgi train)"
            )
        if label_model.labels != catalog.labels:
            raise InputError("the catalogue's labels are not those that the label model predicts: import it again")
        self.reader = reader
        self.label_model = label_model
        self.ranker = ranker
        self.catalog = catalog
        self.bundle = bundle
        self._columns = reader.inputs.columns(label_model.columns)

    @classmethod
    def load(cls, bundle: Path | None = None, *, catalog: Path | None = None, domain: str = "movies") -> Self:
        """Load a bundle and a catalogue; both default to the ones that ship with ilgi.

        Args:
            bundle: A bundle folder.
            catalog: A catalogue folder.
            domain: Which of the embedded ones to use.

        Raises:
            UnknownName: ilgi ships nothing for this domain.
            BundleError: A folder is not a usable bundle.
        """
        opened = Bundle.open(bundle or _of_domain(embedded_bundles(), domain))
        return cls(
            open_reader(opened),
            label_models.get(opened.kind("labels")).from_state(opened.state("labels")),
            rankers.get(opened.kind("ranking")).from_state(opened.state("ranking")),
            load_catalog(catalog or _of_domain(embedded_catalogs(), domain)),
            bundle=opened,
        )

    def recommend(
        self,
        text: str,
        *,
        n: int = 3,
        language: Language | None = None,
        exclude: Collection[str] = (),
        labels: Iterable[str] = (),
        reader: Language | None = None,
    ) -> Ranking:
        """Answer a text with the n items that fit best, the first ten of them with reasons.

        Args:
            text: What somebody wrote; it is kept nowhere.
            n: How many items; all that pass the filters if there are fewer.
            language: The language of the text; found out if None.
            exclude: Ids that must not come.
            labels: Only items with every one of these labels.
            reader: The language of the reasons; the text's if None.

        Raises:
            InputError: The text is empty, or n is below 1.
            UnknownName: One of `labels` does not exist.
        """
        if not text.strip():
            raise InputError("there is no text to read: write a sentence about today")
        query = self.query(self.reader.read(text, language))
        ranking = self._rank(query, n=n, exclude=frozenset(exclude), labels=tuple(labels))
        return self.explain(ranking, reader=reader or query.reading.language)

    def query(self, reading: Reading) -> Query:
        """Return what a reading calls for in this domain."""
        inputs = np.concatenate([reading.standard, reading.spread])
        probabilities = self.label_model.predict_proba(inputs[None, self._columns])[0]
        return Query(reading, self.label_model.labels, probabilities, self.label_model.base_rates)

    def _rank(self, query: Query, *, n: int, exclude: frozenset[str], labels: Sequence[str]) -> Ranking:
        if not labels:
            return self.ranker.rank(query, self.catalog, n=n, exclude=exclude)
        wanted = self.catalog.labels.columns(labels)
        rows = np.flatnonzero((self.catalog.matrix[:, wanted] > 0).all(axis=1))
        ranking = self.ranker.rank(query, self.catalog.take(rows), n=n, exclude=exclude)
        return Ranking(query, tuple(replace(item, row=int(rows[item.row])) for item in ranking.items))

    def explain(self, ranking: Ranking, *, reader: Language) -> Ranking:
        """Return the ranking with a reason and its evidence on each of the first ten items.

        The sentence of an item is the one without which the item's score would fall furthest (leave one out, on the
        sentence scores already at hand); its trait is the item's label that the whole reading lifts most among those
        that this sentence lifts.
        """
        query, items = ranking.query, ranking.items[:WITH_REASONS]
        if not items:
            return ranking
        shown = self.catalog.take([item.row for item in items])
        without = self._without_each_sentence(query)
        scores = self.ranker.score_many(without, shown)
        fall = np.array([item.score for item in items], dtype=np.float32) - scores
        lift = logit(query.probabilities) - logit(query.base_rates)
        explained = []
        for position, item in enumerate(items):
            sentence = int(np.argmax(fall[:, position]))
            gain = logit(query.probabilities) - logit(without[sentence].probabilities)
            evidence = self._evidence(query.reading, sentence, shown, position, lift, gain)
            lifted = bool(lift[query.labels.column(evidence.trait)] > 0) if evidence.trait else False
            words = reason(
                evidence,
                lifted=lifted and query.reading.sure,
                text_language=query.reading.language,
                reader=reader,
                form=item.rank - 1,
            )
            explained.append(replace(item, reasons=(words,), evidence=(evidence,)))
        return Ranking(query, (*explained, *ranking.items[WITH_REASONS:]))

    def _without_each_sentence(self, query: Query) -> list[Query]:
        """Return the query as it would be without sentence 0, 1, …; a lone sentence leaves the base rates."""
        reading = query.reading
        affect = without_each_sentence(reading.affect, reading.scores, reading.weights)
        standard = self.reader.standardise(affect, reading.language)
        if self.reader.spread:
            spread = spread_without_each_sentence(reading.scores, reading.weights)
            spread = self.reader.standardise_spread(spread, reading.language)
            standard = np.concatenate([standard, spread], axis=1)
        probabilities = self.label_model.predict_proba(standard[:, self._columns])
        alone = len(reading.sentences) == 1
        probabilities = np.where(alone, query.base_rates, probabilities).astype(np.float32)
        return [replace(query, probabilities=p) for p in probabilities]

    def _evidence(
        self,
        reading: Reading,
        sentence: int,
        shown: Catalog,
        position: int,
        lift: FloatVector,
        gain: FloatVector,
    ) -> Evidence:
        own = np.flatnonzero(shown.matrix[position])
        helped = own[gain[own] > 0] if len(own) else own
        among = helped if len(helped) else own
        trait = shown.labels[int(among[np.argmax(lift[among])])] if len(among) else ""
        scores = reading.scores[sentence]
        standard = self.reader.standardise(scores[None], reading.language)[0]
        leading = leading_emotions(reading.columns, scores, standard)
        # Only a feeling that both this sentence and the whole show: neither may be read into the other.
        shared = [name for name in leading if name in reading.leading]
        return Evidence(reading.sentences[sentence].text, shared[0] if shared else NEUTRAL, trait, "genres")


def embedded_bundles() -> dict[str, Path]:
    """Return domain → bundle folder for each domain that ilgi ships with."""
    return {file.parent.name: file.parent for file in sorted(EMBEDDED_BUNDLES.glob(f"*/{MANIFEST}"))}


def _of_domain(folders: Mapping[str, Path], domain: str) -> Path:
    if domain not in folders:
        raise UnknownName("domain", domain, sorted(folders), nearest(domain, sorted(folders)))
    return folders[domain]


def open_reader(bundle: Bundle) -> Reader:
    """Return the reader that a bundle describes: its emotion model, aggregation rule and diary reference.

    Raises:
        BundleError: A stage is missing or not what it should be.
    """
    config = bundle.state("reading").config
    return Reader(
        emotion_from_state(bundle.kind("emotion"), bundle.state("emotion")),
        Reference.from_state(bundle.state("diary")),
        rule=str(config.get("rule", "length")),
        sure_below=config.get("sure_below"),
        mood_least=config.get("mood_least"),
        spread=bool(config.get("spread")),
    )
