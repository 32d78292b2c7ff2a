"""Text → reading → labels → ranking, with the reasons. The only place where the steps meet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector, IntVector, logit
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
from ilgi.families import FAMILIES
from ilgi.label.base import LabelModel, label_models
from ilgi.language import Language
from ilgi.ranking.base import Ranker, rankers, top_rows
from ilgi.ranking.blend import BlendRanker, has_sound, places_along, shrunk_places
from ilgi.ranking.filters import Filters
from ilgi.ranking.goal_reasons import goal_reason
from ilgi.ranking.goals import VALENCE, check_goal, directions, plan, unpleasant
from ilgi.ranking.reasons import reason
from ilgi.ranking.variety import choose
from ilgi.steps import Evidence, Query, RankedItem, Ranking, Reading
from ilgi.vocabulary import nearest

EMBEDDED_BUNDLES: Final = Path(__file__).parent / "data" / "bundles"
"""Where the bundles that ship with ilgi lie, one folder per domain."""

WITH_REASONS: Final = 10
"""How many items of a ranking carry reasons."""

DIVERSITY: Final = 0.3
"""How much fit is given up for variety, if nobody says: see `ilgi.ranking.variety`."""

SHORTLIST: Final = 500
"""Among how many of the best for a goal a place is filled."""

PLAIN_MOST: Final = 0.6
"""From this share of the plain family on, nothing fits closely. Texts without feeling reach 0.85, one diary in forty
0.4."""
_PLAIN: Final = FAMILIES.column("plain")

THEME: Final = 5.0
"""How much it counts there that an item has to do with what the day was about."""


@dataclass(frozen=True, eq=False)
class _Allowed:
    """The items that may come."""

    rows: IntVector | None
    """Their rows in the catalogue; None: all."""
    exclude: frozenset[str]
    """Ids among them that must not come."""

    def best(self, scores: FloatVector, catalog: Catalog, *, n: int) -> IntVector:
        """Return the rows of the best n of them, in the stated order."""
        if self.rows is None:
            return top_rows(scores, catalog, n=n, exclude=self.exclude)
        masked = np.full(len(scores), -np.inf, dtype=np.float32)
        masked[self.rows] = scores[self.rows]
        rows = top_rows(masked, catalog, n=n, exclude=self.exclude)
        return rows[np.isfinite(masked[rows])]


class Recommender:
    """Everything that one domain needs to answer a text: reader, label model, ranker and catalogue."""

    def __init__(
        self,
        reader: Reader,
        label_model: LabelModel,
        ranker: Ranker,
        catalog: Catalog,
        *,
        families: LabelModel | None = None,
        bundle: Bundle | None = None,
    ) -> None:
        """Join the steps.

        Args:
            reader: Text → reading.
            label_model: Affect → label probabilities; its affect columns must be among the reader's `inputs`.
            ranker: Query × catalogue → ranking.
            catalog: The items, with the label model's labels.
            families: Affect → shares of the ten families of feelings; without it there are no goals but `mirror`.
            bundle: Where they came from, if from a bundle.

        Raises:
            InputError: The steps do not fit each other.
        """
        asked = [*label_model.columns, *(families.columns if families is not None else ())]
        missing = [name for name in asked if name not in reader.inputs]
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
        self.families = families
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
            families=_families_of(opened),
            bundle=opened,
        )

    @property
    def has_goals(self) -> bool:
        """Whether more can be asked for than the feeling as it is: it must be known how the items feel."""
        return self.families is not None and self.catalog.profiles is not None and isinstance(self.ranker, BlendRanker)

    def recommend(
        self,
        text: str,
        *,
        n: int = 3,
        goal: str = "auto",
        diversity: float = DIVERSITY,
        language: Language | None = None,
        filters: Filters | None = None,
        reader: Language | None = None,
    ) -> Ranking:
        """Answer a text with n items, the first ten of them with reasons.

        Args:
            text: What somebody wrote; it is kept nowhere.
            n: How many items; all that pass the filters if there are fewer.
            goal: Where to go from the feeling, one of `ilgi.ranking.goals.GOALS`. Where it isn't known how the items
                feel, "auto" is "mirror".
            diversity: 0 … 1: how much fit may be given up so that the items differ.
            language: The language of the text; found out if None.
            filters: Which items may come; all if None.
            reader: The language of the reasons; the text's if None.

        Raises:
            InputError: The text is empty, n is below 1, diversity is out of range, or the goal cannot be had here.
            UnknownName: A label of the filters or the goal does not exist.
        """
        if not text.strip():
            raise InputError("there is no text to read: write a sentence about today")
        if not 0.0 <= diversity <= 1.0:
            raise InputError(f"diversity must lie between 0 and 1, not {diversity:g}")
        query = self.query(self.reader.read(text, language))
        filters = filters or Filters()
        allowed = _Allowed(filters.rows(self.catalog), frozenset(filters.exclude))
        goals = self._plan(check_goal(goal), query, n)
        if goals is None:
            ranking = self._rank(query, n=n, allowed=allowed)
        else:
            ranking = self._compose(query, goals, diversity=diversity, allowed=allowed)
        ranking = replace(ranking, close=self.families is None or float(query.families[_PLAIN]) < PLAIN_MOST)
        return self.explain(ranking, reader=reader or query.reading.language)

    def _plan(self, goal: str, query: Query, n: int) -> tuple[str, ...] | None:
        """Return the goal of each place; None where items are ranked for the feeling as it is."""
        if self.has_goals and n >= 1:
            return None if goal == "mirror" else plan(goal, query.families, n)
        if goal in ("auto", "mirror"):
            return None
        raise InputError(f"the goal {goal!r} cannot be had here: it isn't known how these items feel; use 'mirror'")

    def query(self, reading: Reading) -> Query:
        """Return what a reading calls for in this domain."""
        inputs = np.concatenate([reading.standard, reading.spread])
        probabilities = self.label_model.predict_proba(inputs[None, self._columns])[0]
        families = self._shares(inputs[None])
        query = Query(reading, self.label_model.labels, probabilities, self.label_model.base_rates)
        if families is None or self.families is None:
            return query
        return replace(query, families=families[0], families_prior=self.families.base_rates)

    def _shares(self, inputs: FloatMatrix) -> FloatMatrix | None:
        """Return (n, 10) the families' shares of rows of the reader's inputs; None where nothing tells them."""
        if self.families is None:
            return None
        return self.families.predict_proba(inputs[:, self.reader.inputs.columns(self.families.columns)])

    def _rank(self, query: Query, *, n: int, allowed: "_Allowed") -> Ranking:
        if allowed.rows is None:
            return self.ranker.rank(query, self.catalog, n=n, exclude=allowed.exclude)
        ranking = self.ranker.rank(query, self.catalog.take(allowed.rows), n=n, exclude=allowed.exclude)
        return Ranking(query, tuple(replace(item, row=int(allowed.rows[item.row])) for item in ranking.items))

    def _compose(self, query: Query, goals: Sequence[str], *, diversity: float, allowed: "_Allowed") -> Ranking:
        """Return a list in which each place serves its own goal, chosen among the best for it."""
        fit: dict[str, FloatVector] = {}
        best: list[IntVector] = []
        for goal in dict.fromkeys(goals):
            scores = self.ranker.score(replace(query, goal=goal), self.catalog)
            fit[goal] = np.full(len(scores), -np.inf, dtype=np.float32)
            rows = allowed.best(scores, self.catalog, n=SHORTLIST + 2 * len(goals))
            fit[goal][rows] = scores[rows]
            best.append(rows)
        rows = np.unique(np.concatenate(best))
        theme = np.zeros(len(rows), dtype=np.float32)
        if isinstance(self.ranker, BlendRanker):
            theme = np.float32(THEME) * self.ranker.theme(query, self.catalog, rows)
        rising = places_along(self.catalog, VALENCE)[rows] if "path 2" in goals else None
        asked = [fit[goal][rows] + theme for goal in goals]
        chosen = choose(asked, self.catalog, rows, diversity=diversity, rising=rising)
        filled = [(int(rows[at]), goal) for at, goal in zip(chosen.tolist(), goals, strict=True) if at >= 0]
        items = [
            RankedItem(rank, self.catalog.ids[row], row, float(fit[goal][row]), goal)
            for rank, (row, goal) in enumerate(filled, start=1)
        ]
        return Ranking(query, tuple(items))

    def explain(self, ranking: Ranking, *, reader: Language) -> Ranking:
        """Return the ranking with a reason and its evidence on each of the first ten items.

        The sentence of an item is the one without which the item's score would fall furthest (leave one out, on the
        sentence scores already at hand). Its trait is the axis that brings the item nearest to its goal; where it isn't
        known how items feel, the item's label that the whole reading lifts most among those that this sentence lifts.
        """
        query, items = ranking.query, ranking.items[:WITH_REASONS]
        if not items:
            return ranking
        shown = self.catalog.take([item.row for item in items])
        without = self._without_each_sentence(query)
        scores = {
            goal: self.ranker.score_many([replace(other, goal=goal) for other in without], shown)
            for goal in {item.goal for item in items}
        }
        told = []
        for position, item in enumerate(items):
            fall = np.float32(item.score) - scores[item.goal][:, position]
            why = self._why(query, without, item, int(np.argmax(fall)), shown, position)
            words = self._words(why, query, item, reader, felt=self._is_placed(shown, position))
            told.append(replace(item, reasons=(words,), evidence=(why,)))
        return replace(ranking, items=(*told, *ranking.items[WITH_REASONS:]))

    def _why(
        self, query: Query, without: Sequence[Query], item: RankedItem, sentence: int, shown: Catalog, position: int
    ) -> Evidence:
        profiles = shown.profiles
        if profiles is not None and self._is_placed(shown, position):
            if has_sound(shown):
                trait = (*shown.labels_of(position), "")[0]
            else:
                asked = query.families @ directions(item.goal, profiles.axes)
                helped = np.where(asked > 0, asked * shrunk_places(shown)[position], 0.0)
                best = int(np.argmax(helped))
                trait = profiles.axes[best] if helped[best] > 0 else ""
            felt, known = self._felt(query.reading, sentence), profiles.basis_of(position)
            return Evidence(query.reading.sentences[sentence].text, felt, trait, known)
        lift = logit(query.probabilities) - logit(query.base_rates)
        gain = logit(query.probabilities) - logit(without[sentence].probabilities)
        own = np.flatnonzero(shown.matrix[position])
        helpful = own[gain[own] > 0] if len(own) else own
        among = helpful if len(helpful) else own
        trait = shown.labels[int(among[np.argmax(lift[among])])] if len(among) else ""
        return Evidence(query.reading.sentences[sentence].text, self._felt(query.reading, sentence), trait, "genres")

    def _felt(self, reading: Reading, sentence: int) -> str:
        """Return the feeling that both a sentence and the whole show: neither may be read into the other."""
        scores = reading.scores[sentence]
        standard = self.reader.standardise(scores[None], reading.language)[0]
        leading = leading_emotions(reading.columns, scores, standard)
        shared = [name for name in leading if name in reading.leading]
        return shared[0] if shared else NEUTRAL

    def _is_placed(self, shown: Catalog, position: int) -> bool:
        """Return whether it is known how an item feels, and the answer goes by it."""
        return self.has_goals and shown.profiles is not None and bool(shown.profiles.basis[position] > 0)

    def _words(self, why: Evidence, query: Query, item: RankedItem, reader: Language, *, felt: bool) -> str:
        reading = query.reading
        form = item.rank - 1
        if felt:
            return goal_reason(
                why,
                goal=item.goal,
                sure=reading.sure,
                text_language=reading.language,
                reader=reader,
                form=form,
                pleasant=unpleasant(query.families) <= 0.5,
                domain=self.catalog.domain,
            )
        lift = logit(query.probabilities) - logit(query.base_rates)
        lifted = bool(lift[query.labels.column(why.trait)] > 0) if why.trait else False
        return reason(why, lifted=lifted and reading.sure, text_language=reading.language, reader=reader, form=form)

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
        families = self._shares(standard)
        if len(reading.sentences) == 1:
            probabilities = query.base_rates[None]
            families = None if families is None else query.families_prior[None]
        if families is None:
            return [replace(query, probabilities=p) for p in probabilities]
        return [replace(query, probabilities=p, families=f) for p, f in zip(probabilities, families, strict=True)]


def embedded_bundles() -> dict[str, Path]:
    """Return domain → bundle folder for each domain that ilgi ships with."""
    return {file.parent.name: file.parent for file in sorted(EMBEDDED_BUNDLES.glob(f"*/{MANIFEST}"))}


def _of_domain(folders: Mapping[str, Path], domain: str) -> Path:
    if domain not in folders:
        raise UnknownName("domain", domain, sorted(folders), nearest(domain, sorted(folders)))
    return folders[domain]


def _families_of(bundle: Bundle) -> LabelModel | None:
    if "families" not in bundle.manifest.stages:
        return None
    return label_models.get(bundle.kind("families")).from_state(bundle.state("families"))


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
