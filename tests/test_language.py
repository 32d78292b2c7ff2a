import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilgi.errors import InputError
from ilgi.language import as_language, clean_text, detect_language, final_consonant, quote, shorten, with_particle


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("오늘은 비가 왔다", "ko"),
        ("It rained today", "en"),
        ("오늘 Before Sunset 봤는데 좋았다", "ko"),
        ("I ate 김밥 on the train home", "en"),
        ("ㅋㅋㅋ", "ko"),
        ("", "en"),
        ("123 !!", "en"),
        ("ㅠㅠ so tired of everything at work today", "en"),
    ],
)
def test_which_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_only_two_languages() -> None:
    assert as_language("ko") == "ko"
    with pytest.raises(InputError, match="choose ko or en"):
        as_language("fr")


@given(st.text(alphabet=st.characters(), max_size=200))
def test_clean_text_prints_and_keeps_its_length(text: str) -> None:
    clean = clean_text(text)
    assert len(clean) == len(text)
    clean.encode()
    assert "\x1b" not in clean
    assert "\x00" not in clean


def test_clean_text_leaves_text_alone() -> None:
    text = "첫째 줄\n둘째\t줄 😭👨‍👩‍👧"
    assert clean_text(text) == text
    assert clean_text("a\x1b[31mb\ud83dc") == "a [31mb\ufffdc"


def test_shorten_cuts_at_a_word() -> None:
    long = "The whole house was quiet and I walked from room to room without a reason"
    assert shorten(long, "en") == "The whole house was quiet and I walked from room to room…"
    assert len(shorten(long, "en")) <= 60
    korean = "집이 너무 조용해서 이 방 저 방을 아무 이유도 없이 걸어 다녔다"
    assert len(shorten(korean, "ko")) <= 24
    assert shorten(korean, "ko") == "집이 너무 조용해서 이 방 저 방을 아무…"
    assert shorten("짧다", "ko") == "짧다"
    assert shorten("x" * 100, "en") == "x" * 59 + "…"


def test_quote() -> None:
    assert quote("아직 의자를 못 치웠다.", "ko") == "“아직 의자를 못 치웠다”"
    assert quote('"Stay," he said.', "en") == "“'Stay,' he said”"
    assert quote("“보고 싶다”라고 말했다.", "ko") == "“‘보고 싶다’라고 말했다”"
    assert quote("나는 '행복'", "ko") == "“나는 '행복'”"
    assert quote("“보고 싶다.”", "ko") == "“보고 싶다.”"
    assert quote("...", "en") == "“...”"
    assert quote("a\nb\x1b", "en") == "“a b”"


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("그리움", "이/가", "그리움이"),
        ("기대", "이/가", "기대가"),
        ("〈1987〉", "을/를", "〈1987〉을"),
        ("〈Her〉", "을/를", "〈Her〉를"),
        ("〈업〉", "은/는", "〈업〉은"),
        ("Up", "은/는", "Up은"),
        ("Titanic", "이/가", "Titanic이"),
        ("서울", "으로/로", "서울로"),
        ("집", "으로/로", "집으로"),
        ("바다", "으로/로", "바다로"),
        ("SF", "은/는", "SF는"),
        ("“못 치웠다”", "이라는/라는", "“못 치웠다”라는"),
        ("“끝났음”", "이라는/라는", "“끝났음”이라는"),
        ("9", "을/를", "9를"),
        ("Dune", "을/를", "Dune을"),
        ("Google", "이라는/라는", "Google이라는"),
        ("time", "이라는/라는", "time이라는"),
        ("“좋았어 OK”", "이라는/라는", "“좋았어 OK”라는"),
        ("100%", "이라는/라는", "100%라는"),
        ("…", "을/를", "…를"),
        ("King", "을/를", "King을"),
        ("film", "을/를", "film을"),
    ],
)
def test_particles_follow_the_last_sound(word: str, particle: str, expected: str) -> None:
    assert with_particle(word, particle) == expected


def test_a_particle_needs_both_forms() -> None:
    with pytest.raises(InputError):
        with_particle("집", "을")


def test_final_consonant_by_syllable() -> None:
    assert [final_consonant(w) for w in ("가", "갈", "각", "")] == ["", "ㄹ", "ㄱ", ""]
