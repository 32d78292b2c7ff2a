from collections.abc import Sequence

import numpy as np
import pytest

from ilgi.arrays import FloatMatrix
from ilgi.emotion.base import EmotionModel
from ilgi.emotion.reading import Reader, leading_emotions, score_texts, score_wholes
from ilgi.emotion.reference import Reference
from ilgi.emotion.spread import spread_of, with_spread
from ilgi.errors import InputError, UnknownName
from ilgi.vocabulary import Vocabulary

NAMES = ("joy", "sadness", "fear", "anger", "neutral")
KEYS = {"happy": 0, "기뻐": 0, "sad": 1, "슬퍼": 1, "afraid": 2, "angry": 3}


class Keywords(EmotionModel):
    """Gives 0.8 to each emotion whose keyword the text holds; without any, neutral is 0.9."""

    emotions = Vocabulary(NAMES, kind="emotion")

    def __init__(self) -> None:
        self.batches: list[int] = []

    def _predict_batch(self, texts: Sequence[str]) -> FloatMatrix:
        self.batches.append(len(texts))
        scores = np.full((len(texts), len(NAMES)), 0.02, dtype=np.float32)
        for row, text in enumerate(texts):
            for key, column in KEYS.items():
                if key in text:
                    scores[row, column] = 0.8
            if scores[row].max() < 0.5:
                scores[row, 4] = 0.9
        return scores


def ordinary(**means: float) -> Reference:
    """Diaries whose columns spread evenly by ±0.05 around 0.1, or around the mean given."""
    rows = np.linspace(-0.05, 0.05, 1001)[:, None] + np.array([means.get(name, 0.1) for name in NAMES])
    return Reference.fit(Keywords.emotions, {"en": rows.astype(np.float32)})


def test_sentences_of_all_texts_go_through_the_model_together() -> None:
    model = Keywords()
    results = score_texts(model, ["I am sad. I am happy.", "", "It rained. It rained. It rained."])
    assert model.batches == [6]
    assert [len(r.sentences) for r in results] == [2, 1, 3]
    assert results[0].scores[:, 1] == pytest.approx([0.8, 0.02])
    # "I am sad." has 7 letters and marks, "I am happy." 9.
    assert results[0].weights == pytest.approx([7 / 16, 9 / 16])
    assert results[0].affect[1] == pytest.approx(0.8 * 7 / 16 + 0.02 * 9 / 16)


def test_a_text_scores_the_same_among_others() -> None:
    texts = ["I am sad. It rained.", "나는 기뻐. 비가 왔다.", "ok"]
    together = score_texts(Keywords(), texts)
    for text, result in zip(texts, together, strict=True):
        alone = score_texts(Keywords(), [text])[0]
        assert np.array_equal(alone.affect, result.affect)


def test_whole_reads_the_text_in_one_piece() -> None:
    texts = ["I am sad. I am happy.", " It rained.\n", ""]
    results = score_texts(Keywords(), texts, rule="whole")
    # Joined, the first has both keywords; each sentence has one.
    assert results[0].affect[:2] == pytest.approx([0.8, 0.8])
    assert results[0].scores[:, 1] == pytest.approx([0.8, 0.02])
    assert results[1].affect.tolist() == results[1].scores[0].tolist()
    model = Keywords()
    assert np.array_equal(score_wholes(model, texts, rule="whole"), np.stack([r.affect for r in results]))
    assert model.batches == [3]


def test_wholes_are_those_of_the_readings() -> None:
    texts = ["I am sad. It rained a lot.", "ok"]
    wholes = score_wholes(Keywords(), texts, rule="end")
    assert np.array_equal(wholes, np.stack([r.affect for r in score_texts(Keywords(), texts, rule="end")]))
    assert score_wholes(Keywords(), []).shape == (0, len(NAMES))
    with pytest.raises(InputError, match="in a list"):
        score_wholes(Keywords(), "one text")


def test_a_diary_of_twenty_thousand_words_is_read_whole() -> None:
    diary = "It rained and then it rained some more. " * 2499 + "And then I was sad."
    reading = Reader(Keywords(), None).read(diary)
    assert len(diary.split()) > 19_000
    assert len(reading.sentences) == 2500
    assert reading.sentences[-1].text == "And then I was sad."
    assert reading.scores[-1, 1] == pytest.approx(0.8)
    assert reading.weights.sum() == pytest.approx(1.0, abs=1e-5)


def test_a_reading_tells_the_whole() -> None:
    reading = Reader(Keywords(), ordinary()).read("I am sad.")
    assert reading.language == "en"
    assert reading.columns.names == NAMES
    assert reading.standard[1] == pytest.approx(3.09, abs=0.01)
    assert sum(reading.mood.values()) == pytest.approx(1.0)
    assert max(reading.mood, key=lambda m: reading.mood[m]) == "sadness"
    assert reading.emotions["sadness"] == pytest.approx(0.8)
    assert set(reading.emotions) == set(NAMES)
    assert reading.valence < 0.3
    assert reading.leading == ("sadness",)
    assert reading.sure


def test_languages_are_detected_or_given() -> None:
    reader = Reader(Keywords(), ordinary())
    assert [r.language for r in reader.read_many(["나는 슬퍼", "I am sad"])] == ["ko", "en"]
    assert reader.read("I am sad", "ko").language == "ko"
    with pytest.raises(InputError, match="1 languages"):
        reader.read_many(["a", "b"], ["ko"])


def test_without_a_reference_there_are_no_normal_scores() -> None:
    reading = Reader(Keywords(), None).read("I am sad. I am sad and angry.")
    assert np.isnan(reading.standard).all()
    assert reading.leading == ("sadness", "anger")


def test_leading_is_what_is_unusual_rather_than_what_is_likely() -> None:
    columns = Keywords.emotions
    scores = np.array([0.9, 0.3, 0.5, 0.14, 0.9], dtype=np.float32)
    standard = np.array([0.4, 2.0, 1.0, 3.0, 3.0], dtype=np.float32)
    # joy is nothing unusual, anger is next to nothing, neutral never leads.
    assert leading_emotions(columns, scores, standard) == ("sadness", "fear")
    tied = np.full(5, 3.09, dtype=np.float32)
    assert leading_emotions(columns, scores, tied) == ("joy", "fear", "sadness")
    four = np.array([0.6, 0.9, 0.7, 0.8, 0.9], dtype=np.float32)
    assert leading_emotions(columns, four, np.full(5, np.nan, np.float32)) == ("sadness", "anger", "fear")


def test_a_feeling_in_one_sentence_of_many_can_lead() -> None:
    text = "It rained. " * 10 + "I was afraid."
    reference = ordinary(joy=0.05, sadness=0.05, fear=0.05, anger=0.05, neutral=0.8)
    reading = Reader(Keywords(), reference).read(text)
    assert reading.emotions["fear"] < 0.15
    assert reading.leading == ("fear",)


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("It rained.", False),
        ("It rained. " * 50, False),
        ("It rained. " * 50 + "I am sad.", True),
        ("I am sad.", True),
        ("", False),
        ("   \n ", False),
        ("123 !!! 😭", False),
        ("ㅠㅠ", False),
        ("슬퍼", True),
    ],
)
def test_sure_needs_one_sentence_that_is_not_neutral(text: str, sure: bool) -> None:
    assert Reader(Keywords(), None, sure_below=0.8).read(text).sure is sure


def test_without_a_limit_letters_are_enough() -> None:
    reader = Reader(Keywords(), None)
    assert reader.read("It rained.").sure
    assert not reader.read("123 !!!").sure


def test_parts_that_do_not_fit() -> None:
    other = Reference.fit(Vocabulary(("joy", "fear")), {"en": np.eye(2, dtype=np.float32)})
    with pytest.raises(InputError, match="other columns"):
        Reader(Keywords(), other)
    with pytest.raises(UnknownName, match="rule"):
        Reader(Keywords(), None, rule="median")
    with pytest.raises(UnknownName, match="rule"):
        score_texts(Keywords(), ["a"], rule="median")
    with pytest.raises(InputError, match="sure_below"):
        Reader(Keywords(), None, sure_below=1.5)
    with pytest.raises(InputError, match="sequence of strings"):
        score_texts(Keywords(), "one text")


def test_a_wish_in_a_sad_text_is_not_read_as_something_bright() -> None:
    columns = Vocabulary(["desire", "sadness", "gratitude", "mood_joy", "mood_optimism", "mood_anger", "mood_sadness"])
    standard = np.array([2.0, 1.5, 1.0, 0, 0, 0, 0], np.float32)
    sad = np.array([0.4, 0.5, 0.4, 0.1, 0.1, 0.1, 0.7], np.float32)
    assert leading_emotions(columns, sad, standard) == ("sadness", "gratitude")
    hopeful = np.array([0.4, 0.5, 0.4, 0.3, 0.4, 0.1, 0.2], np.float32)
    assert leading_emotions(columns, hopeful, standard) == ("desire", "sadness", "gratitude")


def test_a_reading_tells_the_spread_where_that_is_asked_for() -> None:
    texts = ["I am sad. It rained.", "I am happy. It rained.", "It rained. It poured."] * 20
    columns = with_spread(Keywords.emotions)
    scores = score_texts(Keywords(), texts)
    rows = np.stack([np.concatenate([one.affect, spread_of(one.scores, one.weights)]) for one in scores])
    reference = Reference.fit(columns, {"en": rows})
    plain = Reader(Keywords(), reference.only(Keywords.emotions))
    reader = Reader(Keywords(), reference, spread=True)
    assert plain.inputs == plain.columns == reader.columns == Keywords.emotions
    assert reader.inputs == columns

    text = "I am sad. It rained."
    without, reading = plain.read(text, "en"), reader.read(text, "en")
    assert without.spread.shape == (0,)
    for part in ("scores", "affect", "standard"):
        assert np.array_equal(getattr(reading, part), getattr(without, part))
    both = np.concatenate([reading.standard, reading.spread])
    assert np.array_equal(both, reference.standardise(rows[:1], "en")[0])
    whole = reader.of_whole(text, "en", rows[0])
    assert np.array_equal(whole.spread, reading.spread)
    assert np.array_equal(whole.affect, reading.affect)
    assert np.isnan(Reader(Keywords(), None, spread=True).read(text).spread).all()
    with pytest.raises(InputError, match="one score for each of"):
        reader.of_whole(text, "en", reading.affect)
    with pytest.raises(InputError, match="other columns"):
        Reader(Keywords(), reference)
