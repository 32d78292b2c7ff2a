from ilgi.emotion.sentence_limits import MAX, SOFT, limit


def pieces(text: str) -> list[str]:
    spans = list(limit(text, 0, len(text)))
    assert [a for a, _ in spans] == [0, *(b for _, b in spans[:-1])]
    assert spans[-1][1] == len(text)
    return [text[a:b] for a, b in spans]


def test_what_is_short_enough_stays_whole() -> None:
    text = "비가 왔다 집에 있었다 " * 4
    assert len(text) <= SOFT
    assert pieces(text) == [text]


def test_english_stays_whole_up_to_the_limit() -> None:
    text = ("word and " * 40)[:MAX]
    assert pieces(text) == [text]


def test_a_long_run_is_cut_before_a_conjunction() -> None:
    text = "i walked along the river for a while " * 6 + "and the light was kind " + "to nobody in particular " * 6
    first, second = pieces(text)
    assert first.endswith("for a while ")
    assert second.startswith("and the light")


def test_a_comma_will_do() -> None:
    text = "x" * 150 + ", " + "y" * 250
    assert pieces(text) == ["x" * 150 + ",", " " + "y" * 250]


def test_korean_connectives_will_do() -> None:
    text = "가" * 180 + "했는데 " + "나" * 200
    assert pieces(text)[0] == "가" * 180 + "했는데"


def test_otherwise_at_a_word() -> None:
    text = "word " * 100
    parts = pieces(text.strip())
    assert all(len(p) <= MAX for p in parts)
    assert all(set(p.split()) == {"word"} for p in parts)


def test_a_cut_never_divides_one_character() -> None:
    family = "👩‍👩‍👧"
    for shift in range(len(family)):
        for part in pieces("a" * shift + family * 200):
            assert part.lstrip("a").replace(family, "") == ""
    accents = "e\u0301"
    assert all(not part.startswith("\u0301") for part in pieces("a" + accents * 400))
    # A character that never ends is cut all the same.
    assert max(map(len, pieces("\u0301" * 5000))) <= MAX


def test_words_that_only_look_like_endings() -> None:
    text = "날마다 우리 동네 바다 마음 다음 처음 게임 모임 필요 포함 " * 4
    assert len(pieces(text)) == 1
    assert len(pieces("날마다 오래 걸었다 " * 20)) == 20 + 1
