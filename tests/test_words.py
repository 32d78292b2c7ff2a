import re

from ilgi.words import GENRES, GOEMOTIONS, MOODS, emotion_word, label_word


def test_every_emotion_and_mood_has_words_in_both_languages() -> None:
    for name in (*GOEMOTIONS, *MOODS):
        assert re.fullmatch(r"[가-힣 ]+", emotion_word(name, "ko")), name
        assert re.fullmatch(r"[a-z ]+", emotion_word(name, "en")), name


def test_every_genre_has_a_korean_word() -> None:
    assert all(label_word(name, "ko") != name or name == "SF" for name in GENRES)
    assert label_word("Science Fiction", "ko") == "SF"
    assert label_word("Science Fiction", "en") == "science fiction"
    assert label_word("TV Movie", "en") == "TV movie"


def test_words_are_chosen_for_diaries() -> None:
    assert "realization" not in {emotion_word(name, "en") for name in GOEMOTIONS}
    assert "혐오" not in {emotion_word(name, "ko") for name in GOEMOTIONS}


def test_no_two_emotions_share_a_word() -> None:
    for language in ("ko", "en"):
        words = [emotion_word(name, language) for name in GOEMOTIONS]
        assert len(set(words)) == len(words)


def test_the_sets_are_the_fields_own() -> None:
    assert (len(GOEMOTIONS), len(MOODS), len(GENRES)) == (28, 4, 19)
    assert all(name in GOEMOTIONS for name in MOODS)


def test_an_unknown_name_is_its_own_word() -> None:
    assert emotion_word("서운함", "ko") == "서운함"
    assert label_word("indie folk", "ko") == "indie folk"
