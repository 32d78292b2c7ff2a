import numpy as np
import pytest

from ilgi.training.encoder.typing_slips import mistyped

ENGLISH = "I worked so hard today, and nobody said anything. Finally went home."
KOREAN = "오늘은 정말 힘들었다. 괜히 서운해서 잠이 안 왔어. 그래도 내일은 쉰다."


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("text", [ENGLISH, KOREAN, "", " ", "a", "가", "😭😭", "12:30  3rd\tfloor\n", "naïve café"])
def test_the_same_draw_gives_the_same_text(text: str) -> None:
    for seed in range(50):
        assert mistyped(text, rng(seed)) == mistyped(text, rng(seed))


@pytest.mark.parametrize("text", [ENGLISH, KOREAN])
def test_most_letters_stay(text: str) -> None:
    kept = []
    for seed in range(200):
        typed = mistyped(text, rng(seed))
        assert abs(len(typed) - len(text)) <= 16
        plain = {c for c in text.lower() if c.isalpha()}
        letters = [c for c in typed.lower() if c.isalpha()]
        kept.append(sum(c in plain for c in letters) / len(letters))
    assert np.mean(kept) > 0.93


def test_slips_happen_in_both_languages() -> None:
    assert len({mistyped(ENGLISH, rng(seed)) for seed in range(100)}) > 60
    assert len({mistyped(KOREAN, rng(seed)) for seed in range(100)}) > 60


def test_syllables_stay_syllables() -> None:
    for seed in range(300):
        assert all("가" <= c <= "힣" for c in mistyped(KOREAN, rng(seed)) if c.isalpha())


def test_short_words_and_names_with_digits_stay() -> None:
    for seed in range(100):
        assert mistyped("me to b2 r2-d2", rng(seed)).replace(" ", "") == "metob2r2-d2"
