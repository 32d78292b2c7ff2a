from typing import Any

from ilgi.training.compare_report import comparison_text, tag_score


def interval(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def row(name: str, value: float, difference: float) -> dict[str, Any]:
    tags = {"matched": interval(0.6), "mismatched": interval(0.6 - difference), "difference": interval(difference)}
    figures = {name: interval(0.1) for name in ("brier", "ece", "lrap", "ndcg_5")}
    return {
        "name": name, "model": name, "input": "", "seconds": 1.25, "kilobytes": 1200,
        "one_review": {"all": {"macro_ap": interval(value), **figures}, "ko": {"macro_ap": None}},
        "several": {"all": {"macro_ap": interval(value + 0.1)}},
        "without_stars": {"all": {"macro_ap": interval(value - 0.02)}},
        "growth": {"films": 40, "1": 0.2, "3": 0.3, "10": 0.4},
        "information": 0.5, "distance": 0.2,
        "mood_tags": {"en": {**tags, "ndcg_10": interval(0.3)}},
    }  # fmt: skip


def report() -> dict[str, Any]:
    better, worse = row("better", 0.2, 0.05), row("worse", 0.1, 0.08)
    worse["best"] = {"one_review": {"value": -0.1, "low": -0.2, "high": 0.0, "p": 0.004}}
    better["against"] = {"one_review": {"value": 0.1, "low": 0.0, "high": 0.2, "p": 0.0004}}
    return {
        "title": "Two models", "reviews": 12_345, "films": 678, "films_measured": 678, "films_several": 90,
        "split": "5 folds by film", "repeats": 1000, "best": "better", "against": "worse", "rows": [worse, better],
        "ceiling": {"1": {"films": 90, "agreement": 0.36, "at_best": 0.6}},
        "by_label": {"Drama": {"ap": 0.5, "rate": 0.4, "films": 300}, "Horror": {"ap": 0.2, "rate": 0.05, "films": 30}},
        "shift": {"tiny.toml": {"en": {"auc": 0.9, "auc_standardised": 0.6, "columns": {"joy": 0.4, "fear": 0.1}}}},
    }  # fmt: skip


def test_the_best_stands_first_with_what_is_real_in_bold() -> None:
    text = comparison_text(report())
    genres = text.split("## Genres of unseen films")[1].split("## ")[0].splitlines()
    rows = [line for line in genres if line.startswith("| ") and not line.startswith("| model")]
    assert rows[0].startswith(
        "| better | – | 0.200 [0.190, 0.210] | 0.300 [0.290, 0.310] | – | – | – | 0.180 | – | +0.100"
    )
    assert "**p < 0.001**" in rows[0]
    assert "+0.100, **p 0.004** | – | 1.2 | 1,200 |" in rows[1]
    assert "12,345 reviews of 678 films" in text


def test_by_tags_another_one_may_stand_first() -> None:
    made = report()
    assert tag_score(made["rows"][0]) > tag_score(made["rows"][1])
    tags = comparison_text(made).split("people tagged")[1].split("## ")[0]
    assert tags.index("| worse") < tags.index("| better")
    for each in made["rows"]:
        del each["mood_tags"]
    assert "people tagged" not in comparison_text(made)
    assert tag_score(made["rows"][0]) == 0.0


def test_more_reviews_the_ceiling_genres_and_the_shift_are_told() -> None:
    text = comparison_text(report())
    assert "0.200 from 1, 0.300 from 3, 0.400 from 10" in text
    assert "0.36 for halves of 1 (90 films)" in text
    # Horror is told best, measured by its base rate.
    assert text.index("| Horror | 30 | 0.050 | 0.200 | 4.0 |") < text.index("| Drama | 300 |")
    assert "AUC of 0.90, after each was standardised by its own kind 0.60; furthest apart: joy 0.40, fear 0.10" in text
    made = report() | {"shift": {}, "ceiling": {}}
    for each in made["rows"]:
        each["growth"] = {"films": 0}
    assert "From reviews to diaries" not in comparison_text(made)
    assert "the ceiling" not in comparison_text(made)
