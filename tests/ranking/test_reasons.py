import itertools
import re

import pytest

from ilgi.ranking.reasons import _FORMS, reason
from ilgi.steps import Evidence
from ilgi.words import GENRES, GOEMOTIONS

CHAIR = Evidence("아직 의자를 못 치웠다.", "sadness", "Drama", "genres")
FRIDAY = Evidence("The results come on Friday.", "nervousness", "Thriller", "genres")


def test_a_korean_reason_quotes_names_and_claims_only_the_genre() -> None:
    words = reason(CHAIR, lifted=True, text_language="ko", reader="ko", form=0)
    assert words == "“아직 의자를 못 치웠다”에서 슬픔이 읽혔어요. 이렇게 읽히는 감상에는 드라마가 여느 때보다 많았어요."


def test_an_english_reason() -> None:
    words = reason(FRIDAY, lifted=True, text_language="en", reader="en", form=1)
    assert words == "There is worry in “The results come on Friday”. Judged by genre, thrillers sit closer than usual."


def test_without_lift_it_says_nearest() -> None:
    words = reason(CHAIR, lifted=False, text_language="ko", reader="ko", form=0)
    assert "슬픔" not in words
    assert "가장 가까워요" in words


def test_no_emotion_is_claimed_where_none_stands_out() -> None:
    plain = Evidence("우유를 샀다.", "neutral", "Comedy", "genres")
    words = reason(plain, lifted=True, text_language="ko", reader="ko", form=1)
    assert words == "“우유를 샀다”에서 출발했어요. 장르로 짐작하면 코미디 영화 쪽이 평소보다 가까워요."


def test_neighbours_in_a_list_differ() -> None:
    for reader, lifted in itertools.product(("ko", "en"), (True, False)):
        forms = {reason(CHAIR, lifted=lifted, text_language="ko", reader=reader, form=f) for f in range(3)}
        assert len(forms) == 3


def test_every_form_reads_well_with_every_word() -> None:
    for reader, lifted, form in itertools.product(("ko", "en"), (True, False), range(3)):
        for emotion, genre in itertools.product(GOEMOTIONS, GENRES):
            words = reason(
                Evidence("Rain {e} all {g:이/가} day", emotion, genre, "genres"),
                lifted=lifted,
                text_language="en",
                reader=reader,
                form=form,
            )
            assert "Rain {e} all {g:이/가} day" in words, "what a person wrote is quoted as it is"
            rest = words.replace("Rain {e} all {g:이/가} day", "")
            assert not re.search(r"[{}!%]|score|model|당신|점수|모델|you are|  ", rest), rest


@pytest.mark.parametrize("key", list(_FORMS))
def test_there_is_a_form_for_each_of_three_films(key: tuple[str, str]) -> None:
    assert len(_FORMS[key]) >= 3
