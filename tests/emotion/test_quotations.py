import pytest

from ilgi.emotion.quotations import PROTECTED, find_quotations


def inside(text: str) -> list[str]:
    return [text[a + 1 : b] for a, b in find_quotations(text, 0, len(text)).spans]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('그가 "응" 하고', ["응"]),
        ('"a" and "b"', ["a", "b"]),
        ("“a (b) c” 「d」", ["a (b) c", "d"]),
        ("((a))", ["(a)"]),
        ("‘I don’t know’ he said", ["I don’t know"]),
        ("don’t", []),
        ("a) b (c", []),
        ('5" wide', []),
        ('he said "no and never closed. "Yes" came later', ["Yes"]),
        ("", []),
    ],
)
def test_pairs(text: str, found: list[str]) -> None:
    assert inside(text) == found


def test_a_long_quotation_is_not_protected_but_a_short_one_inside_is() -> None:
    text = "“" + "가" * PROTECTED + "(나)”"
    assert inside(text) == ["나"]


def test_straight_quotes_tell_which_opens() -> None:
    text = '갔다."안녕" 하고'
    assert find_quotations(text, 0, len(text)).straight_openers == {3}


def test_only_the_stretch_asked_for_is_looked_at() -> None:
    text = '"a" "b" "c"'
    assert find_quotations(text, 4, 7).spans == ((4, 6),)
