from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ilgi.arrays import FloatMatrix
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.reading import Reader, score_texts
from ilgi.emotion.reference import Reference
from ilgi.emotion.spread import spread_of, with_spread
from ilgi.errors import InputError, UnknownName
from ilgi.families import FAMILIES
from ilgi.label.mlp import MlpConfig, MlpLabels
from ilgi.ranking.blend import BlendRanker, places_along
from ilgi.ranking.cosine import CosineRanker
from ilgi.ranking.filters import Filters
from ilgi.ranking.goals import VALENCE
from ilgi.recommender import EMBEDDED_BUNDLES, Recommender
from ilgi.testing import felt_catalog, small_catalog
from ilgi.training.golden import check_golden
from ilgi.vocabulary import Vocabulary

COLUMNS = Vocabulary(("joy", "fear", "neutral"), kind="emotion")


class WordModel(EmotionModel):
    """Knows two words: "happy" is joy, "afraid" is fear, everything else is neutral."""

    emotions = COLUMNS

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        rows = [[0.9 * ("happy" in t) + 0.02, 0.9 * ("afraid" in t) + 0.02, 0.05] for t in texts]
        matrix = np.array(rows, dtype=np.float32)
        matrix[:, 2] = np.where(matrix[:, :2].max(axis=1) > 0.5, 0.05, 0.9)
        return matrix


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    """Joy calls for comedy, fear for horror, as taught to a small network."""
    model = WordModel()
    texts = ["I was happy.", "I was afraid.", "It was Tuesday.", "I bought bread."] * 50
    reference = Reference.fit(COLUMNS, {"en": model.predict_proba(texts)})
    labels = MlpLabels(COLUMNS, small_catalog().labels)
    rng = np.random.default_rng(0)
    affect = reference.standardise(model.predict_proba(texts), "en")
    truth = np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 0]] * 50, dtype=np.float32)
    labels.fit(affect, truth, validation=(affect, truth), rng=rng)
    return Recommender(Reader(model, reference, sure_below=0.8), labels, CosineRanker(), small_catalog())


@pytest.fixture(scope="module")
def felt(recommender: Recommender) -> Recommender:
    """Knows how its films feel: joy is joy, fear is worry, the rest is plain."""
    reader = recommender.reader
    config = MlpConfig(layers=(), output="softmax", loss="cce", dropout=0.0, learning_rate=0.1, weight_decay=0.0)
    families = MlpLabels(COLUMNS, FAMILIES, config)
    texts = ["I was happy.", "I was afraid.", "It was Tuesday."] * 60
    assert reader.reference is not None
    affect = reader.reference.standardise(reader.model.predict_proba(texts), "en")
    truth = FAMILIES.multi_hot([("joy",), ("worry",), ("plain",)] * 60)
    families.fit(affect, truth, rng=np.random.default_rng(0))
    return Recommender(reader, recommender.label_model, BlendRanker(), felt_catalog(), families=families)


def axes_of(made: Recommender, text: str, **options: object) -> list[str]:
    return [made.catalog.title(i.row, "en").split()[0] for i in made.recommend(text, **options).items]


def test_an_unpleasant_day_gets_company_calm_and_light(felt: Recommender) -> None:
    items = felt.recommend("I was afraid of tomorrow.").items
    assert [item.goal for item in items] == ["stay", "calm", "lift"]
    assert not {"scary", "tense", "dark", "violent"} & set(axes_of(felt, "I was afraid of tomorrow."))
    assert [item.goal for item in felt.recommend("I was so happy.").items] == ["stay"] * 3


def test_a_goal_may_be_asked_for(felt: Recommender) -> None:
    assert set(axes_of(felt, "I was afraid.", goal="release")) <= {"scary", "tense"}
    assert set(axes_of(felt, "I was afraid.", goal="mirror")) <= {"scary", "tense"}
    assert {"warm"} <= set(axes_of(felt, "I was afraid.", goal="stay")) <= {"warm", "funny", "plain"}
    with pytest.raises(UnknownName, match="did you mean 'calm'"):
        felt.recommend("I was afraid.", goal="clam")
    with pytest.raises(InputError, match="between 0 and 1"):
        felt.recommend("I was afraid.", diversity=2.0)


def test_a_path_gets_more_pleasant(felt: Recommender) -> None:
    items = felt.recommend("I was afraid.", goal="path").items
    valence = places_along(felt.catalog, VALENCE)[[item.row for item in items]]
    assert [item.goal for item in items] == ["stay", "path 2", "lift"]
    assert (np.diff(valence) > 0).all()


def test_reasons_of_goals_name_an_axis_and_what_it_is_known_from(felt: Recommender) -> None:
    item = felt.recommend("I bought bread. Then I was afraid in the dark hall.", goal="release").items[0]
    why = item.evidence[0]
    assert (why.sentence, why.emotion) == ("Then I was afraid in the dark hall.", "fear")
    assert (why.trait, why.basis) == ("scary", "keywords")
    assert "a scary film" in item.reasons[0].casefold()
    lone = felt.recommend("I was afraid.", n=12).items
    assert len({i.reasons[0] for i in lone[:10]}) == 10


def test_where_hardly_any_feeling_is_told_nothing_fits_closely(felt: Recommender, recommender: Recommender) -> None:
    assert not felt.recommend("It was Tuesday.").close
    assert felt.recommend("I was afraid.").close
    assert recommender.recommend("It was Tuesday.").close


def test_filters_hold_under_goals_too(felt: Recommender) -> None:
    first = felt.recommend("I was afraid.").items
    again = felt.recommend("I was afraid.", filters=Filters(exclude=[item.id for item in first])).items
    assert not {item.id for item in first} & {item.id for item in again}
    assert felt.recommend("I was afraid.", filters=Filters(labels=["Horror"])).items == ()
    assert len(felt.recommend("I was afraid.", n=500).items) == len(felt.catalog)


def test_where_it_is_not_known_how_items_feel_only_the_mirror_is_left(recommender: Recommender) -> None:
    assert {item.goal for item in recommender.recommend("I was happy.").items} == {"mirror"}
    assert not recommender.has_goals
    with pytest.raises(InputError, match="'lift' cannot be had here"):
        recommender.recommend("I was happy.", goal="lift")


def labels_of(recommender: Recommender, text: str, **options: object) -> list[tuple[str, ...]]:
    ranking = recommender.recommend(text, **options)
    return [recommender.catalog.labels_of(item.row) for item in ranking.items]


def test_the_feeling_decides(recommender: Recommender) -> None:
    assert labels_of(recommender, "I was so happy today.")[0] == ("Comedy",)
    assert labels_of(recommender, "I am afraid of tomorrow.")[0] == ("Horror",)


def test_the_reason_quotes_the_sentence_that_weighed_most(recommender: Recommender) -> None:
    text = "I bought bread. Then I was afraid in the dark hall. The bus was late."
    item = recommender.recommend(text).items[0]
    assert item.evidence[0].sentence == "Then I was afraid in the dark hall."
    assert item.evidence[0].emotion == "fear"
    assert item.evidence[0].trait == "Horror"
    assert item.evidence[0].basis == "genres"
    assert "“Then I was afraid in the dark hall”" in item.reasons[0]


def test_a_plain_sentence_is_not_said_to_hold_the_feeling_of_the_whole(recommender: Recommender) -> None:
    ranking = recommender.recommend("I was afraid. I was afraid again. The bus was late.", n=99)
    assert "fear" in ranking.query.reading.leading
    plain = [i for i in ranking.items if i.evidence and i.evidence[0].sentence == "The bus was late."]
    assert plain
    assert all(item.evidence[0].emotion == "neutral" for item in plain)
    assert all("fear" not in item.reasons[0] for item in plain)


def test_without_the_cited_sentence_the_film_falls_furthest(recommender: Recommender) -> None:
    sentences = ["I was happy at lunch.", "I was afraid at night.", "The bus was late."]
    text = " ".join(sentences)
    for item in recommender.recommend(text, n=3).items:
        cited = item.evidence[0].sentence
        scores = {}
        for left_out in sentences:
            rest = " ".join(s for s in sentences if s != left_out)
            everything = recommender.recommend(rest, n=99).items
            scores[left_out] = next(i.score for i in everything if i.id == item.id)
        assert scores[cited] == min(scores.values())


def test_the_spread_is_told_without_each_sentence_too() -> None:
    model, columns = WordModel(), with_spread(COLUMNS)
    texts = ["I was happy. It rained.", "I was afraid. I was happy.", "It rained. It was Tuesday."] * 40
    scores = score_texts(model, texts)
    affect = np.stack([np.concatenate([one.affect, spread_of(one.scores, one.weights)]) for one in scores])
    reference = Reference.fit(columns, {"en": affect})
    labels = MlpLabels(Vocabulary(("joy", "fear spread", "joy spread"), kind="affect column"), small_catalog().labels)
    x = reference.standardise(affect, "en")[:, columns.columns(labels.columns)]
    truth = np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0]] * 40, dtype=np.float32)
    labels.fit(x, truth, rng=np.random.default_rng(0))
    made = Recommender(Reader(model, reference, spread=True), labels, CosineRanker(), small_catalog())
    sentences = ["I was happy at lunch.", "I was afraid at night.", "The bus was late."]
    query = made.query(made.reader.read(" ".join(sentences), "en"))
    for left_out, without in zip(sentences, made._without_each_sentence(query), strict=True):
        rest = made.query(made.reader.read(" ".join(s for s in sentences if s != left_out), "en"))
        assert without.probabilities == pytest.approx(rest.probabilities, abs=1e-4)
        assert np.abs(without.probabilities - query.probabilities).max() > 1e-3


def test_all_items_come_back_and_ten_carry_reasons(recommender: Recommender) -> None:
    items = recommender.recommend("I was happy.", n=1000).items
    assert len(items) == len(recommender.catalog)
    assert [bool(i.reasons) for i in items] == [True] * 7
    assert [i.score for i in items] == sorted((i.score for i in items), reverse=True)


def test_filters(recommender: Recommender) -> None:
    every = [i.id for i in recommender.recommend("I was happy.", n=99).items]
    assert every[0] not in [
        i.id for i in recommender.recommend("I was happy.", n=99, filters=Filters(exclude=[every[0]])).items
    ]
    filtered = recommender.recommend("I was happy.", n=99, filters=Filters(labels=["Horror", "Drama"])).items
    assert len(filtered) == 2
    assert all(recommender.catalog.ids[i.row] == i.id for i in filtered)
    assert all({"Horror", "Drama"} <= set(recommender.catalog.labels_of(i.row)) for i in filtered)
    with pytest.raises(UnknownName, match="did you mean 'Horror'"):
        recommender.recommend("I was happy.", filters=Filters(labels=["horor"]))


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_no_text(recommender: Recommender, text: str) -> None:
    with pytest.raises(InputError, match="no text"):
        recommender.recommend(text)


def test_reasons_come_in_the_readers_language(recommender: Recommender) -> None:
    item = recommender.recommend("I was afraid.", reader="ko").items[0]
    assert "요." in item.reasons[0]
    assert "“I was afraid”" in item.reasons[0]


def test_steps_that_do_not_fit_are_refused(recommender: Recommender) -> None:
    other = MlpLabels(Vocabulary(("joy", "pride"), kind="affect column"), small_catalog().labels)
    with pytest.raises(InputError, match="'pride'"):
        Recommender(recommender.reader, other, CosineRanker(), small_catalog())
    with pytest.raises(InputError, match="labels"):
        Recommender(recommender.reader, recommender.label_model, CosineRanker(), small_catalog(labels=("A", "B")))


def test_an_unknown_domain_brings_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'movies'"):
        Recommender.load(domain="movie")


@pytest.fixture(scope="module")
def embedded() -> Recommender:
    return Recommender.load()


class TestEmbedded:
    """What ships with ilgi."""

    def test_three_real_films_in_both_languages(self, embedded: Recommender) -> None:
        for text in (
            "오늘 면접에서 떨어졌다. 집에 오는 길에 눈물이 났다.",
            "We laughed until our sides hurt at dinner.",
        ):
            items = embedded.recommend(text).items
            assert len({i.id for i in items}) == 3
            assert all(i.reasons and i.evidence[0].sentence in text for i in items)

    def test_its_golden_answers_still_hold(self, embedded: Recommender) -> None:
        assert check_golden(embedded) == 8

    def test_its_labels_beat_the_baselines(self, embedded: Recommender) -> None:
        assert embedded.bundle is not None
        for view in ("one_review", "film_mean"):
            report = embedded.bundle.manifest.metrics["assessment"][view]["all"]
            for metric in ("macro_ap", "micro_ap", "lrap", "ndcg_5"):
                for baseline in ("prior", "prototype"):
                    # The lower end of the 95 % interval of the paired difference.
                    assert report[f"ours - {baseline}"][metric]["low"] > 0, (view, metric, baseline)

    def test_it_ships_inside_the_package(self) -> None:
        assert (EMBEDDED_BUNDLES / "movies" / "manifest.json").is_file()
        assert (Path(EMBEDDED_BUNDLES).parent / "catalogs" / "movies" / "manifest.json").is_file()

    def test_a_long_diary_is_read_whole(self, embedded: Recommender) -> None:
        text = "I walked to work and nothing much happened. " * 2500 + "Then she died and I could not stop crying."
        reading = embedded.reader.read(text)
        assert len(reading.sentences) == 2501
        assert reading.sentences[-1].text.startswith("Then she died")
