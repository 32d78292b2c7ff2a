import pytest

from ilgi.language import Language
from ilgi.training.first_person import own_sentences, speaks_of_self


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("I loved it.", "en", True),
        ("The Iliad is long.", "en", False),
        ("It reminded me of home.", "en", True),
        ("나는 울었다.", "ko", True),
        ("나무가 자란다.", "ko", False),
        ("친구랑 봤는데 내가 더 울었다.", "ko", True),
    ],
)
def test_who_is_spoken_of(text: str, language: Language, expected: bool) -> None:
    assert speaks_of_self(text, language) is expected


def test_the_sentences_about_oneself_are_kept() -> None:
    text = "The plot is thin. I cried all the same! The music is loud. My mother would have liked it."
    assert own_sentences(text, "en") == "I cried all the same! My mother would have liked it."
    assert own_sentences("배우가 좋다. 나는 많이 울었다.", "ko") == "나는 많이 울었다."
    assert own_sentences("The plot is thin.", "en") == "The plot is thin."
