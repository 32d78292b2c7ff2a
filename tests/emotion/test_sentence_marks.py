import pytest

from ilgi.emotion import sentence_marks as marks


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("갔다.", "stop", "."),
        ("뭐?! 왜", "stop", "?!"),
        ("음… 글쎄", "stop", "…"),
        ("좋다ㅋㅋ ㅋㅋ 😂 진짜", "face", "ㅋㅋ ㅋㅋ 😂"),
        ("힘들다ㅠ.ㅠ", "face", "ㅠ.ㅠ"),
        ("ok :-) bye", "face", ":-)"),
        ("I <3 you", "face", "<3"),
        ("https://example.com/a?b=C.", "url", "https://example.com/a?b=C"),
    ],
)
def test_candidates(text: str, kind: str, found: str) -> None:
    match = marks.CANDIDATE.search(text)
    assert match is not None
    assert (match.lastgroup, match[0]) == (kind, found)


@pytest.mark.parametrize("text", ["2:3", "10:30", "a <300", "ATT_TX", "it's-fine", "foo:bar", "x;y", "ㅡ"])
def test_what_only_looks_like_a_face(text: str) -> None:
    assert marks.CANDIDATE.search(text) is None


def test_a_tail_takes_closing_marks_and_faces_but_no_words() -> None:
    for text in ("”) ㅋㅋ 😭", "'", "ㅠㅠ", ""):
        match = marks.TAIL.match(text + " 그리고")
        assert match is not None
        assert match[0] == text


@pytest.mark.parametrize(
    "after", ["라고 했다", "라는 말", "이라고", "하고 웃었다", "했다", "엄마가 물었다", "고 한다", "말했다"]
)
def test_korean_goes_on_behind_a_quotation(after: str) -> None:
    assert marks.QUOTATIVE.match(after)


@pytest.mark.parametrize(
    "after", ["라면을 먹었다", "물을 마셨다", "외로웠다", "그리고", "나는 웃었다", "라디오를 켰다", "고양이"]
)
def test_korean_starts_anew_behind_a_quotation(after: str) -> None:
    assert marks.QUOTATIVE.match(after) is None
