"""The model card of a bundle: what it is, what it learned from, how good it is, what it is not."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ilgi.bundle import DataSource
from ilgi.training.emotion_figures import figures_text
from ilgi.training.recipe import Recipe

# What a licence begins with where it lets anybody use the data for any purpose, under conditions that weights meet.
_OPEN: Final = ("cc0", "public domain", "mit", "apache-2.0", "apache 2.0", "cc by 4.0", "cc by-sa 4.0", "bsd")
MODELS: Final[Mapping[str, str]] = {
    "prior": "base rates alone",
    "prototype": "the prototype's rule (four moods, MSE)",
    "ours": "this bundle",
}
"""How the models of an assessment are called for people, worst first."""
_METRICS: Final = {"macro_ap": "macro AP", "micro_ap": "micro AP", "lrap": "LRAP", "ndcg_5": "nDCG@5"}
_CUTS: Final = {"all": "all test films", "en": "films with English reviews", "ko": "films with Korean reviews"}
_VIEWS: Final = {"one_review": "from one review of a film", "film_mean": "from all reviews of a film, averaged"}


def is_open(licence: str) -> bool:
    """Tell whether a licence, as its source states it, plainly allows commercial use."""
    return licence.casefold().startswith(_OPEN)


def write_card(
    recipe: Recipe, *, data: Sequence[DataSource], metrics: Mapping[str, Any], columns: int, labels: Sequence[str]
) -> str:
    """Return the card as Markdown.

    Args:
        recipe: What the bundle was made by.
        data: What it learned from.
        metrics: What was measured (`ilgi.training.pipeline`).
        columns: A, the number of affect columns.
        labels: The labels that it predicts.
    """
    counts = metrics["counts"]
    parts = [
        f"# {recipe.name}",
        recipe.title or "A bundle of ilgi.",
        (
            f"It reads the feeling in a Korean or English text ({columns} affect columns), and predicts which of "
            f"{len(labels)} labels ({', '.join(labels)}) that feeling goes with. It learned the second step from "
            f"{counts['reviews_train']:,} reviews of {counts['items_train']:,} items, and stopped by "
            f"{counts['items_validation']:,} others."
        ),
        "한국어와 영어 글에 담긴 마음을 읽고, 그 마음에 어울리는 장르를 짐작해요. 쓴 글은 이 모델 안에 남지 않아요.",
        "## How good it is",
        (
            f"Measured on {counts['items_test']:,} films that no part of it was trained on: films were split, not "
            "reviews, and films that share a title and year or a review were kept together. In brackets: 95 % "
            "bootstrap intervals over films. Predicting a genre from a feeling is hard, and most of each figure is "
            "known from the base rates alone; what the reading adds is the difference."
        ),
        *_tables(metrics["assessment"]),
        *_reading(metrics),
        "## What it learned from",
        _data_table(data),
        _licences(data),
        "## Limits",
        (
            "- A feeling says little about a genre. The bundle ranks; it doesn't know what somebody will like.\n"
            "- It learned from reviews, in which people write about films, and is asked about diaries. Both are told "
            "against what is ordinary among their own kind: how unusual a feeling is carries over, its cause doesn't.\n"
            "- Korean reviews are one line long and few; for Korean the intervals are wide.\n"
            "- Emotion labels are what raters or hashtags said of Reddit posts, tweets and comments of the 2010s, and "
            "part of the Korean data is machine translation. Irony, dialect and old words are read badly.\n"
            "- It is no measure of health and no judge of a person."
            + (f"\n- Too rare to be learned: {rare_text(rare)}." if (rare := metrics.get("rare_labels")) else "")
        ),
    ]
    return "\n\n".join(parts) + "\n"


def rare_text(rare: Mapping[str, int]) -> str:
    """Return labels with too few training items as words: "TV Movie (3 films), Western (no film)"."""
    words = {0: "no film", 1: "1 film"}
    return ", ".join(f"{label} ({words.get(count, f'{count} films')})" for label, count in rare.items())


def told(interval: Mapping[str, float] | None) -> str:
    """Return "0.312 [0.301, 0.322]", or "–" where there was nothing to measure."""
    return "–" if interval is None else f"{interval['value']:.3f} [{interval['low']:.3f}, {interval['high']:.3f}]"


def _reading(metrics: Mapping[str, Any]) -> list[str]:
    """Return the sections about the first step, as far as it was measured."""
    parts = []
    if lines := figures_text(metrics.get("emotion", {})):
        note = "On validation texts; thresholds are tuned on one half of the rows and scored on the other."
        parts += ["## How well it reads feelings", note, "\n".join(f"- {line}" for line in lines)]
    if rates := metrics.get("behaviour"):
        rows = [f"| {kind.replace('_', ' ')} | {rate['passed']} of {rate['total']} |" for kind, rate in rates.items()]
        note = "Short cases of our own in both languages, each with what a reader would expect (`ilgi.data/behaviour`)."
        parts += ["### Behaviour", note, "\n".join(["| class | passed |", "|---|---|", *rows])]
    if prior := metrics.get("emotions_prior"):
        languages = list(prior)
        rows = [
            f"| {name} | " + " | ".join(f"{prior[x][name]:.3f}" for x in languages) + " |"
            for name in prior[languages[0]]
        ]
        head = [f"| emotion | {' | '.join(languages)} |", "|---|" + "---:|" * len(languages)]
        note = "Mean probability over ordinary diaries: compare an emotion with it, not with another emotion."
        parts += ["### Base rates of the emotions", note, "\n".join([*head, *rows])]
    return parts


def _tables(assessment: Mapping[str, Any]) -> list[str]:
    parts = []
    for view, view_words in _VIEWS.items():
        for cut, cut_words in _CUTS.items():
            found = assessment.get(view, {}).get(cut)
            if not found:
                continue
            shown = [name for name in _METRICS if name in found["ours"]]
            lines = [
                f"**{cut_words[0].upper()}{cut_words[1:]}, {view_words}** ({found['items']:,} films)",
                "",
                "| | " + " | ".join(_METRICS[name] for name in shown) + " |",
                "|---|" + "---|" * len(shown),
            ]
            for model, words in MODELS.items():
                lines.append(f"| {words} | " + " | ".join(told(found[model][name]) for name in shown) + " |")
            for other in ("prior", "prototype"):
                difference = found.get(f"ours - {other}")
                if difference:
                    cells = " | ".join(told(difference[name]) for name in shown)
                    lines.append(f"| this bundle minus {MODELS[other]} | {cells} |")
            parts.append("\n".join(lines))
    return parts


def _data_table(data: Sequence[DataSource]) -> str:
    lines = ["| data | rows | licence as its source states it | sha256 |", "|---|---|---|---|"]
    lines += [f"| {d.name} | {d.rows:,} | {d.licence} | `{d.sha256[:12]}…` |" for d in data]
    return "\n".join(lines)


def _licences(data: Sequence[DataSource]) -> str:
    closed = [source for source in data if not is_open(source.licence)]
    if not closed:
        return "All of these licences allow commercial use under their conditions (naming the authors, for most)."
    names = ", ".join(source.name for source in closed)
    return (
        "No text of these data sets is in the bundle; what is in it are weights and statistics. Whether weights are "
        "bound by the licence of what they learned from is not settled law. The following state no licence, or one "
        f"that restricts use (research, non-commercial, a platform's terms): {names}. Who needs to be sure, for "
        "commercial use above all, should train a bundle without them: leave them out and run `ilgi train`."
    )
