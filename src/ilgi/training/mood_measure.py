"""A bundle's recommendations against people's tags of mood (`ilgi.evaluation.mood_tags`), beside what it must beat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ilgi.arrays import FloatMatrix, FloatVector, IntVector
from ilgi.bundle import sha256_of_file
from ilgi.catalog.base import Catalog
from ilgi.emotion.reading import Reader
from ilgi.errors import DataError
from ilgi.evaluation.mood_tags import TaggedFilms, best_order, measure_tags, tagged_films
from ilgi.families import FAMILIES
from ilgi.language import LANGUAGES
from ilgi.ranking.cosine import CosineConfig, CosineRanker
from ilgi.recommender import Recommender
from ilgi.steps import Query
from ilgi.training.card import told
from ilgi.training.films.tags import TABLE, read_tags, rows_of_titles
from ilgi.training.mood_queries import MoodQuery, mood_queries
from ilgi.training.progress import Progress, Silent
from ilgi.training.runs import stage_rng
from ilgi.training.score_once import score_once
from ilgi.training.scoring import Scorer
from ilgi.training.tables import read_rows

_FAMILY_OF_MOOD: Final = {
    "joy": "joy", "sadness": "sadness", "anger": "anger", "optimism": "hope", "fear": "worry",
}  # fmt: skip
_FIGURES: Final = ("matched", "mismatched", "difference", "ndcg_10")
_WORDS: Final = ("matched", "mismatched", "difference", "nDCG@10")


def evaluate_mood_tags(
    bundle: Path | None,
    data_dir: Path,
    *,
    catalog: Path | None = None,
    repeats: int = 300,
    seed: int = 0,
    cache_dir: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Measure how films that people tagged with a mood rank when held-out texts of that mood ask.

    The whole catalogue is scored, without filters. A tagged film that the catalogue lacks counts as last.

    Args:
        bundle: The bundle's folder; None takes the embedded one.
        data_dir: The data directory, with `TABLE`, and ISEAR among its emotion data if English events shall ask too.
        catalog: Instead of the embedded catalogue.
        repeats: Bootstrap samples of queries and films.
        seed: Of the bootstrap and of which queries are drawn.
        cache_dir: Where scores of texts are shared with other runs; None shares none.
        progress: Told of each text.

    Returns:
        JSON: "bundle", "table", "films", "films_in_catalog"; "languages": language → {"queries", way to rank → figures
        of `measure_tags`}; and "in_catalog", the same for the tagged films in the catalogue alone. The ways are
        "bundle", "lift" and "probability" (the bundle's labels by these rules of the cosine; the latter is the
        prototype's), "true mood" (the bundle's ranker, told the mood), "best order" (the best one that never reads),
        "popularity", "vote average" where the data directory has a table of it, and "random".

    Raises:
        BundleError: The bundle can't be used.
        DataError: There is no table of tags, or no tagged film is in the catalogue.
        InputError: The tags or queries measure nothing.
    """
    progress = progress or Silent()
    recommender = Recommender.load(bundle, catalog=catalog)
    tagged = TaggedCatalog.open(data_dir, recommender.catalog)
    films = tagged.films
    queries = mood_queries(data_dir, rng=stage_rng(seed, "mood queries"))
    asked = _asked(recommender, queries, cache_dir, progress)
    ways = _ways(
        recommender, queries, asked, tagged, _vote_average(data_dir, films.ids), stage_rng(seed, "random order")
    )
    given: dict[str, Any] = {"repeats": repeats, "seed": seed, "progress": progress}
    languages = tagged.measure(queries, ways, **given)
    there = tagged.rows >= 0
    known = replace(tagged, films=TaggedFilms.of(films, there), rows=tagged.rows[there])
    known_languages = known.measure(queries, {name: scores[:, there] for name, scores in ways.items()}, **given)
    opened = recommender.bundle
    return {
        "bundle": opened.manifest.name if opened is not None else "",
        "table": {"name": Path(TABLE).name, "sha256": sha256_of_file(data_dir / TABLE)},
        "films": len(films.ids),
        "films_in_catalog": int((tagged.rows >= 0).sum()),
        "repeats": repeats,
        "languages": languages,
        "in_catalog": known_languages,
    }


@dataclass(frozen=True, eq=False)
class TaggedCatalog:
    """The tagged films and where they stand in a catalogue."""

    films: TaggedFilms
    """F films."""
    rows: IntVector
    """(F,) each film's row in the catalogue, -1 where that lacks it."""
    catalog: Catalog

    @classmethod
    def open(cls, data_dir: Path, catalog: Catalog) -> "TaggedCatalog":
        """Read the tags.

        Args:
            data_dir: The data directory, with `TABLE`.
            catalog: Whose items are ranked.

        Raises:
            DataError: There is no table of tags, or no tagged film is in the catalogue.
        """
        table = read_tags(data_dir / TABLE)
        rows = rows_of_titles(catalog, table.titles)
        if not (rows >= 0).any():
            raise DataError("no tagged film is in the catalogue: the titles or years must be other ones")
        return cls(tagged_films([(table.films[film], tag) for film, tag, _ in table.tags]), rows, catalog)

    def of_items(self, scores: FloatMatrix) -> FloatMatrix:
        """Return (Q, F) the scores of the tagged films, -inf for one that the catalogue lacks; from (Q, items)."""
        there = self.rows >= 0
        result = np.full((len(scores), len(self.films.ids)), -np.inf, dtype=np.float32)
        result[:, there] = scores[:, self.rows[there]]
        return result

    def measure(
        self,
        queries: Sequence[MoodQuery],
        ways: Mapping[str, FloatMatrix],
        *,
        repeats: int,
        seed: int,
        progress: Progress,
    ) -> dict[str, Any]:
        """Return language → {"queries", way to rank → figures of `measure_tags`}.

        Args:
            queries: Q texts of known mood.
            ways: Way to rank → (Q, F) scores.
            repeats: Bootstrap samples.
            seed: Of the bootstrap: the same resamples for every way, so that they are compared on the same films.
            progress: Told of each way.
        """
        languages: dict[str, Any] = {}
        progress.start("measuring", len(ways) * len(LANGUAGES), "rankings")
        for language in LANGUAGES:
            own = [i for i, q in enumerate(queries) if q.language == language]
            moods = [queries[i].mood for i in own]
            found: dict[str, Any] = {"queries": len(own)}
            for name, scores in ways.items():
                rng = stage_rng(seed, f"mood tags {language}")
                found[name] = measure_tags(scores[own], moods, self.films, rng=rng, repeats=repeats)
                progress.advance(1)
            languages[language] = found
        progress.finish()
        return languages


def _asked(
    recommender: Recommender, queries: Sequence[MoodQuery], cache_dir: Path | None, progress: Progress
) -> list[Query]:
    """Return what each text calls for; texts are read as wholes only, which is all that rankers look at."""
    reader: Reader = recommender.reader
    scorer = Scorer(reader.model, reader.rule, spread=reader.spread)
    texts = [q.text for q in queries]
    task = "reading the queries"
    affect = score_once(scorer, texts, task=task, workers=1, cache_dir=cache_dir, progress=progress)
    return [recommender.query(reader.of_whole(q.text, q.language, a)) for q, a in zip(queries, affect, strict=True)]


def _ways(
    recommender: Recommender,
    queries: Sequence[MoodQuery],
    asked: Sequence[Query],
    tagged: TaggedCatalog,
    votes: FloatVector | None,
    rng: np.random.Generator,
) -> Mapping[str, FloatMatrix]:
    """Return way to rank → (Q, F) scores of the tagged films, -inf for one that the catalogue lacks."""
    catalog, of_items = recommender.catalog, tagged.of_items
    there = tagged.rows >= 0

    def of_films(scores: FloatVector) -> FloatMatrix:
        return np.tile(np.where(there, scores, -np.inf).astype(np.float32), (len(asked), 1))

    ways = {"bundle": of_items(np.stack([recommender.ranker.score(query, catalog) for query in asked]))}
    for rule in ("lift", "probability"):
        ways[rule] = of_items(CosineRanker(CosineConfig(rule=rule)).score_many(asked, catalog))
    if recommender.has_goals:
        # What is lost in reading: the same ranker, told the mood that the text was written from.
        told = [_told(query, one.mood) for query, one in zip(asked, queries, strict=True)]
        ways["true mood"] = of_items(np.stack([recommender.ranker.score(query, catalog) for query in told]))
    ways["best order"] = of_films(best_order(tagged.films))
    ways["popularity"] = of_items(np.tile(catalog.popularity, (len(asked), 1)))
    if votes is not None:
        ways["vote average"] = of_films(votes)
    ways["random"] = of_items(rng.random((len(asked), len(catalog)), dtype=np.float32))
    return ways


def _told(query: Query, mood: str) -> Query:
    """Return the query with nothing but the family of a mood."""
    families = FAMILIES.multi_hot([(_FAMILY_OF_MOOD[mood],)])[0]
    return replace(query, families=families, families_prior=np.zeros_like(families))


def _vote_average(data_dir: Path, ids: Sequence[str]) -> FloatVector | None:
    """Return (F,) what people voted on average, 0 where unknown; None without the table of films."""
    path = data_dir / "catalog" / "films.tsv"
    if not path.is_file():
        return None
    votes = {str(row["ml_id"]): float(str(row["vote_average"] or 0)) for row in read_rows(path)}
    return np.array([votes.get(film, 0.0) for film in ids], dtype=np.float32)


def mood_tags_text(report: Mapping[str, Any]) -> str:
    """Return a report of `evaluate_mood_tags` for people."""
    lines = [
        f"{report['bundle']} on {report['table']['name']}: {report['films']:,} tagged films, "
        f"{report['films_in_catalog']:,} of them in the catalogue"
    ]
    for language, found in report["languages"].items():
        ways = [name for name in found if name != "queries"]
        lines += ["", f"{language}: {found['queries']} texts ask (95 % intervals over texts and films)"]
        width = max(map(len, ways))
        lines.append("  " + " " * width + "".join(f"  {word:<20}" for word in _WORDS))
        for name in ways:
            cells = "".join(f"  {told(found[name][figure]):<20}" for figure in _FIGURES)
            lines.append(f"  {name:<{width}}{cells}")
        lines += ["", "  of the films in the catalogue alone:"]
        for name in ways:
            cells = "".join(f"  {told(report['in_catalog'][language][name][figure]):<20}" for figure in _FIGURES)
            lines.append(f"  {name:<{width}}{cells}")
        by_mood = report["in_catalog"][language]["bundle"]["by_mood"]
        groups = [name for name in next(iter(by_mood.values())) if name != "queries"]
        lines += ["", "  bundle, asked with      " + "".join(f"{f'{g} tags':>15}" for g in groups)]
        lines += [
            f"  {mood:<10} ({row['queries']:>3} texts)  " + "".join(f"{row[g]:>15.3f}" for g in groups)
            for mood, row in by_mood.items()
        ]
    return "\n".join(line.rstrip() for line in lines)
