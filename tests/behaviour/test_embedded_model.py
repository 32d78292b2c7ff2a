"""The emotion model that ships with ilgi is what it should be, and passes the behaviour checklist, class by class."""

from typing import Any

import pytest

from ilgi.bundle import Bundle
from ilgi.emotion.base import COLUMNS
from ilgi.emotion.encoder import EncoderEmotionModel
from ilgi.emotion.load import EMBEDDED, embedded_bundle, load_emotion_model
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


NOT_YET = frozenset({"sarcasm", "typos_spacing"})
"""Classes that the embedded model does not read well enough; whoever mends one takes it out."""


def _kinds() -> list[Any]:
    mark = pytest.mark.xfail(reason="the embedded model doesn't read this class well enough yet", strict=True)
    return [pytest.param(kind, marks=mark) if kind in NOT_YET else kind for kind in CLASSES]


@pytest.mark.parametrize("kind", _kinds())
def test_most_cases_of_each_class_pass(passed: dict[str, bool], kind: str) -> None:
    _assert_rate([case for case in behaviour_cases() if case.kind == kind], passed, LEAST)


@pytest.mark.xfail(reason="typing errors still change moods", strict=True)
def test_what_should_not_matter_does_not(passed: dict[str, bool]) -> None:
    _assert_rate([case for case in behaviour_cases() if case.check == "invariant"], passed, LEAST_INVARIANT)


def at(text: str) -> dict[str, float]:
    model = load_emotion_model("embedded:ko-en")
    return dict(zip(model.emotions, model.predict_proba([text])[0].tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "emotion", "ordinary"),
    [
        ("오늘 할머니 장례식에 다녀왔다. 아직 믿기지 않는다.", "sadness", "점심에 국수를 먹고 산책했다"),
        ("드디어 합격했다!! 엄마한테 제일 먼저 전화했다", "mood_joy", "점심에 국수를 먹고 산책했다"),
        ("내일 발표인데 너무 떨린다", "nervousness", "점심에 국수를 먹고 산책했다"),
        ("선배가 밥을 사줘서 너무 고마웠어요", "gratitude", "점심에 국수를 먹고 산책했다"),
        ("우리가 이겨서 정말 기뻤다", "joy", "하나도 안 기쁘다"),
        ("생일인데 하나도 기쁘지가 않네", "disappointment", "생일이라서 정말 기쁘네"),
        ("I am so happy today", "joy", "I am not happy at all"),
        ("I am not happy at all", "mood_sadness", "I am so happy today"),
        ("I went to my grandmother's funeral today. I still can't believe it.", "sadness", "I had noodles for lunch"),
        ("The presentation is tomorrow and I am so nervous", "nervousness", "I had noodles for lunch"),
        ("I shouted at my son and I regret it", "remorse", "I had noodles for lunch"),
        ("My boss blamed me again and I was furious", "anger", "I had noodles for lunch"),
    ],
)
def test_diary_sentences_read_as_people_would(text: str, emotion: str, ordinary: str) -> None:
    told, plain = at(text)[emotion], at(ordinary)[emotion]
    assert told > 2 * plain


def test_good_news_is_brighter_than_bad() -> None:
    assert at("드디어 합격했다!! 정말 행복하다")["valence"] > at("시험에 떨어져서 하루 종일 울었다")["valence"] + 0.2
    assert at("We got the house, I am so happy")["valence"] > at("I cried all night, I miss her")["valence"] + 0.1
