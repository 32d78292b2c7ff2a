"""What the lists that people get are like: goals, variety, and whether the cited sentence matters.

    python benchmarks/bench_answers.py [--write]

Asked with diaries of ours: the held-out ones, and for what must never happen also those that were trained on. Nothing
here says whether a film fits; that is what `ilgi evaluate --mood-tags` and people's tags are for.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from _common import rounded, table, write_result
from ilgi.arrays import FloatVector
from ilgi.language import LANGUAGES, Language
from ilgi.ranking.blend import places_along
from ilgi.ranking.goals import VALENCE, unpleasant
from ilgi.recommender import Recommender
from ilgi.steps import Query, Ranking
from ilgi.training.emotion.diaries import Entry, diary_entries, family_of_entry
from ilgi.training.emotion.moments import Moment, moments

MUST_NOT: Final = 200
"""Diaries of a language for what must never happen."""
CITED: Final = 60
"""Diaries of a language for the deletion test."""
_BLEAK: Final = {"dark": 1.0, "sad": 0.5}


def ask(recommender: Recommender, entries: Sequence[Entry | Moment], goal: str = "auto") -> list[Ranking]:
    """Return the answer to each diary."""
    return [recommender.recommend(e.text, goal=goal, language=e.language) for e in entries]


def distinct(rankings: list[Ranking]) -> tuple[int, float]:
    """Return how many items come, and the share of lists that hold the most frequent one."""
    items = Counter(item.id for ranking in rankings for item in ranking.items)
    return len(items), max(items.values()) / len(rankings)


def share_of(rankings: list[Ranking], flaw: FloatVector) -> float:
    """Return the share of items with a flaw."""
    rows = [item.row for ranking in rankings for item in ranking.items]
    return float((flaw[rows] > 0).mean())


def cited_matters(recommender: Recommender, rankings: list[Ranking], rng: np.random.Generator) -> dict[str, float]:
    """Return by how many places an item falls without the sentence that its reason cites, and without another one.

    Places are those of the whole catalogue under the item's goal, by score alone.
    """
    cited: list[int] = []
    other: list[int] = []
    for ranking in rankings:
        reading = ranking.query.reading
        if len(reading.sentences) < 3:
            continue
        item = ranking.items[0]
        names = [s.text for s in reading.sentences]
        at = names.index(item.evidence[0].sentence)
        rest = [i for i in range(len(names)) if i != at]
        for gone, falls in ((at, cited), (int(rng.choice(rest)), other)):
            text = " ".join(name for i, name in enumerate(names) if i != gone)
            query = recommender.query(recommender.reader.read(text, reading.language))
            falls.append(place_of(recommender, replace(query, goal=item.goal), item.row))
            falls[-1] -= place_of(recommender, replace(ranking.query, goal=item.goal), item.row)
    return {"cited": float(np.mean(cited)), "other": float(np.mean(other)), "items": len(cited)}


def place_of(recommender: Recommender, query: Query, row: int) -> int:
    """Return how many items stand above one."""
    scores = recommender.ranker.score(query, recommender.catalog)
    return int((scores > scores[row]).sum())


def run(recommender: Recommender, *, most: int | None = None) -> dict[str, Any]:
    """Measure in both languages."""
    rng = np.random.default_rng(0)
    catalog = recommender.catalog
    profiles = catalog.profiles
    if profiles is None:
        raise SystemExit("the catalogue says nothing of how its films feel: build it with profiles")
    valence = places_along(catalog, VALENCE)
    horror = catalog.matrix[:, catalog.labels.column("Horror")]
    place = np.nan_to_num(profiles.place)
    bleak = np.all([place[:, profiles.axes.column(axis)] > most_ for axis, most_ in _BLEAK.items()], axis=0)
    rows: list[dict[str, Any]] = []
    everything: list[Ranking] = []
    for language in LANGUAGES:
        rows.append(figures(recommender, language, valence, horror, bleak.astype(np.float32), rng, most, everything))
    films, largest = distinct(everything)
    return {
        "title": "What the lists are like",
        "rows": rows,
        "notes": [
            f"{len(everything)} held-out diaries of both languages together get {films} films, the most frequent one "
            f"in {largest:.1%} of the lists.",
            f"Horror for {MUST_NOT} diaries and moments of worry, bleak films (dark and sad) for as many diaries of "
            "sadness and longing, trained ones among them, without `release`.",
            "Brighter: mean valence of `lift` above that of `mirror` over unpleasant diaries, in standard deviations "
            "of all films. Rises: the share of `path` answers whose valence rises from film to film.",
            "Falls: by how many places of the whole catalogue the first film falls when the sentence that its reason "
            "cites is taken away, and when another one is.",
        ],
    }


def figures(
    recommender: Recommender,
    language: Language,
    valence: FloatVector,
    horror: FloatVector,
    bleak: FloatVector,
    rng: np.random.Generator,
    most: int | None,
    everything: list[Ranking],
) -> dict[str, Any]:
    """Return the row of one language."""
    own = [e for e in diary_entries() if e.language == language]
    held = [e for e in own if e.held_out][:most]
    few = min(MUST_NOT, most or MUST_NOT)
    # Diaries of worry are few; moments of fear fill up.
    afraid = [m for m in moments() if m.language == language and m.emotions[0] in ("fear", "nervousness")]
    worried = ([e for e in own if family_of_entry(e) == "worry"] + afraid)[:few]
    sad = [e for e in own if family_of_entry(e) in ("sadness", "longing")][:few]
    answers = ask(recommender, held)
    everything += answers
    films, largest = distinct(answers)
    low = [e for e, r in zip(held, answers, strict=True) if unpleasant(r.query.families) > 0.5][:100]
    bright, as_it_is = (ask(recommender, low, goal) for goal in ("lift", "mirror"))
    paths = [[valence[item.row] for item in r.items] for r in ask(recommender, low, "path")]
    fall = cited_matters(recommender, answers[:CITED], rng)
    spread = float(valence.std())
    mean = [np.mean([valence[i.row] for r in rankings for i in r.items]) for rankings in (bright, as_it_is)]
    return {
        "language": language,
        "lists": len(answers),
        "films": films,
        "largest share": rounded(largest),
        "horror for worry": rounded(share_of(ask(recommender, worried), horror)),
        "worried": len(worried),
        "bleak for sadness": rounded(share_of(ask(recommender, sad), bleak)),
        "sad": len(sad),
        "brighter": rounded(float(mean[0] - mean[1]) / spread),
        "rises": rounded(float(np.mean([(np.diff(p) > 0).all() for p in paths]))),
        "falls, cited": rounded(fall["cited"]),
        "falls, other": rounded(fall["other"]),
    }


def main() -> None:
    """Measure, print, and keep the result if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="keep the result in results/answers.json")
    options = parser.parse_args()
    result = run(Recommender.load())
    print(table(result["rows"]))
    print("\n".join(result["notes"]))
    if options.write:
        path = write_result("answers", "python benchmarks/bench_answers.py --write", result)
        print(f"written: {path.name}")


if __name__ == "__main__":
    main()
