"""The emotion model that ships with ilgi is what it should be, and passes the behaviour checklist, class by class."""

import pytest

from ilgi.bundle import Bundle
from ilgi.emotion.base import COLUMNS
from ilgi.emotion.encoder import EncoderEmotionModel
from ilgi.emotion.load import EMBEDDED, embedded_bundle
from ilgi.evaluation.behaviour import CLASSES, Case, behaviour_cases, check_cases
from ilgi.recommender import embedded_bundles, open_reader

LEAST = 0.80
"""Of each class."""
LEAST_INVARIANT = 0.95
"""Of all cases where nothing may change."""


@pytest.fixture(scope="module")
def passed() -> dict[str, bool]:
    """Case id → whether it passed; read once for all classes."""
    return check_cases(open_reader(Bundle.open(embedded_bundles()["movies"])))


def test_it_is_the_encoder_with_all_heads() -> None:
    bundle = Bundle.open(embedded_bundles()["movies"])
    model = open_reader(bundle).model
    assert bundle.kind("emotion") == EMBEDDED
    assert isinstance(model, EncoderEmotionModel)
    assert model.emotions == COLUMNS
    assert len(model.heads.extra) == 44


def test_it_takes_at_most_45_megabytes() -> None:
    folder = embedded_bundle("ko-en")
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 45_000_000
    # Eight bits cost less than half a point of macro-F1.
    for cost in Bundle.open(folder).manifest.metrics["int8"].values():
        assert cost["float32_macro_f1"] - cost["int8_macro_f1"] < 0.005


def _assert_rate(cases: list[Case], passed: dict[str, bool], least: float) -> None:
    failed = [case.id for case in cases if not passed[case.id]]
    rate = 1.0 - len(failed) / len(cases)
    assert rate >= least, f"{rate:.2f} of {len(cases)}; failed: {', '.join(failed)}"


@pytest.mark.parametrize("kind", CLASSES)
def test_most_cases_of_each_class_pass(passed: dict[str, bool], kind: str) -> None:
    _assert_rate([case for case in behaviour_cases() if case.kind == kind], passed, LEAST)


def test_what_should_not_matter_does_not(passed: dict[str, bool]) -> None:
    _assert_rate([case for case in behaviour_cases() if case.check == "invariant"], passed, LEAST_INVARIANT)
