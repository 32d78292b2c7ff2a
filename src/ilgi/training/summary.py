"""What a training ends with, for people: the figures beside the baselines."""

from collections.abc import Mapping
from typing import Any

from ilgi.training.card import MODELS, rare_text, told
from ilgi.training.recipe import Recipe


def summary_text(recipe: Recipe, metrics: Mapping[str, Any], reports: Mapping[str, str]) -> str:
    """Return what a training ends with: what was learned, on what, how well, beside the baselines."""
    counts = metrics["counts"]
    lines = [
        f"{recipe.name}: learned from {counts['reviews_train']:,} reviews of {counts['items_train']:,} films, "
        f"stopped by {counts['items_validation']:,} films, measured on {counts['items_test']:,} others",
        "",
        *(line for table, report in reports.items() for line in f"{table}: {report}".splitlines()),
        "",
        f"label model {recipe.labels.kind}: kept epoch {metrics['fit']['best_epoch']} of {metrics['fit']['epochs']} "
        f"({metrics['fit']['stopped']})",
    ]
    if rare := metrics.get("rare_labels"):
        lines.append(f"too rare to be learned: {rare_text(rare)}")
    width = max(map(len, MODELS.values()))
    for view, words in (("one_review", "from one review of each test film"), ("film_mean", "from all its reviews")):
        found = metrics["assessment"].get(view, {}).get("all")
        if found is None:
            continue
        lines += ["", f"{words} (95 % intervals over {found['items']:,} films)"]
        shown = [name for name in ("macro_ap", "lrap", "ndcg_5") if name in found["ours"]]
        lines.append(f"  {'':<{width}}  " + "  ".join(f"{name:<22}" for name in shown))
        for model, name in MODELS.items():
            lines.append(f"  {name:<{width}}  " + "  ".join(f"{told(found[model][metric]):<22}" for metric in shown))
    return "\n".join(line.rstrip() for line in lines) + "\n"
