import pytest

from ilgi.errors import UnknownName
from ilgi.families import FAMILIES, KOTE_WORDS, family_of, family_word
from ilgi.training.emotion.kote import KOTE
from ilgi.words import GOEMOTIONS, emotion_word


def test_every_label_of_both_heads_has_one_family() -> None:
    assert len(FAMILIES) == 10
    assert set(KOTE_WORDS) == set(KOTE)
    assert {family_of(name) for name in (*GOEMOTIONS, *KOTE)} == set(FAMILIES)
    assert family_of("some other label") == "plain"


def test_one_feeling_lies_in_one_family_whichever_head_names_it() -> None:
    by_word = {emotion_word(name, "ko"): family_of(name) for name in GOEMOTIONS}
    for word, _, family in KOTE_WORDS.values():
        assert by_word.get(word, family) == family


def test_families_have_a_word_in_each_language() -> None:
    assert [family_word(f, "ko") for f in FAMILIES] == [
        "기쁨", "설렘", "고마움", "평온", "그리움", "슬픔", "불안", "화", "지침", "그냥",
    ]  # fmt: skip
    assert [family_word(f, "en") for f in FAMILIES] == list(FAMILIES)
    with pytest.raises(UnknownName):
        family_word("bliss", "en")
