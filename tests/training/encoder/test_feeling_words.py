import pytest

from ilgi.training.encoder.feeling_words import names_feeling


@pytest.mark.parametrize("piece", ["▁행복", "슬펐", "happy", "▁Angry", "crying", "mad", "ㅋㅋㅋ"])
def test_words_of_feeling_are_known_in_any_form(piece: str) -> None:
    assert names_feeling(piece)


@pytest.mark.parametrize("piece", ["▁의자", "chair", "made", "crystal", "##ing", "▁", "a", "비가", "<mask>"])
def test_what_happened_is_not_a_feeling(piece: str) -> None:
    assert not names_feeling(piece)
