"""The card says what may be done with a bundle, and no more than was measured."""

from pathlib import Path

import pytest

from ilgi.bundle import DataSource
from ilgi.training.card import is_open, told, write_card
from ilgi.training.recipe import load_recipe
from ilgi.words import GENRES


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("CC0 (e9t/nsmc)", True),
        ("MIT", True),
        ("Apache-2.0 (GoEmotions, Google)", True),
        ("CC BY 4.0", True),
        ("public domain (Standard Ebooks, CC0)", True),
        ("CC BY-NC-SA 3.0", False),
        ("research use", False),
        ("none stated", False),
        ("without any restrictions; Twitter's terms apply", False),
        ("", False),
    ],
)
def test_which_licences_are_open(licence: str, expected: bool) -> None:
    assert is_open(licence) is expected


def interval(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


def test_the_card() -> None:
    counts = {"reviews_train": 1234, "items_train": 500, "items_validation": 60, "items_test": 70}
    found = {name: {"lrap": interval(x)} for name, x in (("prior", 0.5), ("prototype", 0.51), ("ours", 0.6))}
    found |= {"ours - prior": {"lrap": interval(0.1)}, "ours - prototype": {"lrap": interval(0.09)}}
    metrics = {"counts": counts, "assessment": {"one_review": {"all": {"items": 70, "labels_counted": [], **found}}}}
    data = [
        DataSource(name=name, licence=licence, sha256="ab" * 32, rows=9)
        for name, licence in (("open", "CC0"), ("closed", "research use"))
    ]
    recipe = load_recipe(Path(__file__).parent / "tiny.toml")
    card = write_card(recipe, data=data, metrics=metrics, columns=4, labels=list(GENRES))
    assert card.startswith("# tiny\n")
    assert "| this bundle | 0.600 [0.590, 0.610] |" in card
    assert "| this bundle minus base rates alone | 0.100 [0.090, 0.110] |" in card
    assert "| closed | 9 | research use | `abababababab…` |" in card
    assert "a platform's terms): closed." in card
    assert "1,234 reviews of 500 items" in card
    free = write_card(recipe, data=data[:1], metrics=metrics, columns=4, labels=list(GENRES))
    assert "All of these licences allow commercial use" in free
    assert told(None) == "–"


def test_the_card_tells_how_feelings_are_read() -> None:
    counts = {"reviews_train": 1, "items_train": 1, "items_validation": 1, "items_test": 1}
    metrics = {
        "counts": counts,
        "assessment": {},
        "emotion": {"isear": {"rows": 30, "macro_f1_of_7": 0.5}},
        "behaviour": {"very_short": {"passed": 20, "total": 22, "failed": ["a", "b"]}},
        "emotions_prior": {"ko": {"joy": 0.2}, "en": {"joy": 0.125}},
    }
    recipe = load_recipe(Path(__file__).parent / "tiny.toml")
    card = write_card(recipe, data=[], metrics=metrics, columns=4, labels=list(GENRES))
    assert "- isear, 30 rows: macro-F1 of seven 0.500" in card
    assert "| very short | 20 of 22 |" in card
    assert "| joy | 0.200 | 0.125 |" in card
