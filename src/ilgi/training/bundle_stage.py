"""The bundle of a recipe, put together from its stages and written in one piece."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import ilgi
from ilgi.bundle import Bundle, DataSource, Persistent, State, save_bundle
from ilgi.catalog.store import embedded_catalogs
from ilgi.emotion.reading import Reader
from ilgi.emotion.reference import Reference
from ilgi.emotion.views import emotions_of
from ilgi.evaluation.behaviour import pass_rates
from ilgi.ranking.base import rankers
from ilgi.recommender import Recommender, open_reader
from ilgi.training.card import write_card
from ilgi.training.emotion.certainty_metrics import measure_certainty
from ilgi.training.emotion_stage import EmotionStage
from ilgi.training.family_stage import STAGE as FAMILIES_STAGE
from ilgi.training.golden import golden_answers
from ilgi.training.label_stage import Fitted
from ilgi.training.recipe import Recipe
from ilgi.words import GENRES

CARD: Final = "MODEL_CARD.md"


@dataclass(frozen=True, eq=False)
class Parts:
    """What a bundle is made of."""

    recipe: Recipe
    emotion: EmotionStage
    diary: Reference
    """What is ordinary for diary text."""
    items: Reference
    """What is ordinary for reviews."""
    fitted: Fitted
    families: Fitted | None
    """The model of families, where the recipe asks for one."""
    metrics: Mapping[str, Any]
    data: Sequence[DataSource]


def write_bundle(parts: Parts, *, draft: Path, out: Path, say: Callable[[str], None]) -> None:
    """Write the bundle: first as a draft, which answers the golden texts, then with those answers to its place.

    Args:
        parts: What goes in.
        draft: Folder for the draft.
        out: Where the bundle goes; what was there stays until the new one is whole.
        say: Takes news for people.

    Raises:
        BundleError: `out` holds something that isn't a bundle.
        OSError: It can't be written.
    """
    stages = _stages(parts)
    recipe, columns = parts.recipe, list(parts.emotion.model.emotions)
    data = list({source.name: source for source in parts.data}.values())

    def save(path: Path, metrics: Mapping[str, Any], golden: Sequence[Mapping[str, Any]]) -> None:
        card = write_card(recipe, data=data, metrics=metrics, columns=len(columns), labels=list(GENRES))
        save_bundle(
            path,
            stages,
            name=recipe.name,
            version=ilgi.__version__,
            vocabularies={"affect": columns, "labels": list(GENRES)},
            data=data,
            metrics=metrics,
            golden=golden,
            extra_files={CARD: card.encode()},
        )

    save(draft, parts.metrics, ())
    metrics = {**parts.metrics, **_read(open_reader(Bundle.open(draft)))}
    golden: Sequence[Mapping[str, Any]] = ()
    if recipe.domain in embedded_catalogs():
        golden = golden_answers(Recommender.load(draft, domain=recipe.domain))
    else:
        say(f"no catalogue of {recipe.domain!r} is embedded: the bundle gets no golden answers")
    save(out, metrics, golden)


def _read(reader: Reader) -> dict[str, Any]:
    """Return what can only be measured of a whole reader: behaviour by class, and the emotions' base rates."""
    known = reader.reference
    prior = {} if known is None else {x: emotions_of(reader.columns, known.mean(x)) for x in known.languages}
    return {
        "behaviour": {
            kind: {"passed": rate.passed, "total": rate.total, "failed": list(rate.failed)}
            for kind, rate in pass_rates(reader).items()
        },
        "certainty": measure_certainty(reader),
        "emotions_prior": {x: {name: round(p, 4) for name, p in means.items()} for x, means in prior.items()},
    }


def _stages(parts: Parts) -> dict[str, tuple[str, State]]:
    recipe = parts.recipe
    # Not every ranker has something to keep; one that a bundle names must.
    ranker = cast("type[Persistent]", rankers.get(recipe.ranking.kind)).from_state(State(recipe.ranking.config))
    families = {}
    if parts.families is not None and recipe.families is not None:
        families = {FAMILIES_STAGE: (recipe.families.kind, parts.families.model.state())}
    return {
        "emotion": (parts.emotion.done.kind, parts.emotion.done.state),
        "reading": ("reader", State(recipe.reading.model_dump(mode="json"))),
        "diary": ("reference", parts.diary.state()),
        "items": ("reference", parts.items.state()),
        "labels": (recipe.labels.kind, parts.fitted.model.state()),
        **families,
        "ranking": (recipe.ranking.kind, ranker.state()),
    }
