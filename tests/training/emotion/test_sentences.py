"""Our own sentences cover every emotion in both languages."""

from ilgi.language import detect_language
from ilgi.training.emotion.sentences import OPENINGS, labelled_sentences, sentences
from ilgi.words import GOEMOTIONS


def test_every_emotion_has_sentences_in_both_languages() -> None:
    assert {label for _, label, _ in sentences()} == set(GOEMOTIONS)
    counts: dict[tuple[str, str], int] = {}
    for text, labels in labelled_sentences():
        for label in labels:
            counts[detect_language(text), label] = counts.get((detect_language(text), label), 0) + 1
    assert len(counts) == 56
    assert min(counts.values()) >= 20


def test_each_sentence_stands_alone_and_behind_three_openings() -> None:
    rows = [text for text, labels in labelled_sentences() if text.endswith("기쁘다") and labels == ("joy",)]
    assert rows[0] == "기쁘다"
    assert len(rows) == 4
    assert all(row.removesuffix(" 기쁘다") in OPENINGS["ko"] for row in rows[1:])


def test_openings_are_shared_evenly() -> None:
    """An opening that stood before one emotion more than others would come to mean it."""
    counts = dict.fromkeys(OPENINGS["ko"], 0)
    for text, _ in labelled_sentences():
        for opening in counts:
            counts[opening] += text.startswith(f"{opening} ")
    assert max(counts.values()) - min(counts.values()) <= 4


def test_nothing_stands_twice_with_different_labels() -> None:
    seen: dict[str, tuple[str, ...]] = {}
    for text, labels in labelled_sentences():
        assert seen.setdefault(text, labels) == labels
    assert len({sentence for _, _, sentence in sentences()}) == len(sentences())


def test_languages_are_those_of_the_sentences() -> None:
    for language, _, sentence in sentences():
        if any(c.isalpha() for c in sentence):
            assert detect_language(sentence) == language, sentence
