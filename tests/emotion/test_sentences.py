import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ilgi.emotion.sentence_limits import MAX
from ilgi.emotion.sentences import split_sentences
from ilgi.steps import Sentence

# The text is the left side with every " | " taken as a space and every "|" alone as nothing.
KOREAN = [
    "오늘은 회사에 갔다. | 일이 많았다. | 그래도 괜찮았다.",
    "늦잠을 잤다.|그리고 버스를 놓쳤다.|결국 걸었다.",
    "왜 그랬을까? | 나도 모르겠다! | 그냥 그랬다",
    "뭐라고?|진짜?|말도 안 돼!",
    "비가 왔다。 | 우산이 없었다。",
    "너무 웃겼다ㅋㅋㅋ | 배가 아플 정도였다.",
    "너무 웃겼다ㅋㅋㅋ|배가 아플 정도였다.",
    "회의가 또 밀렸다. ㅋㅋㅋ | 이젠 웃음만 난다.",
    "힘들다ㅠㅠ | 집에 가고 싶다",
    "힘들다 ㅠㅠ | 집에 가고 싶다ㅜㅜ",
    "힘들다ㅠ.ㅠ | 자야지 T_T",
    "엄마가 ㅋㅋㅋ 하고 웃었다.",
    "ㅋㅋㅋ 이게 뭐람",
    "오늘도 무사히^^ | 내일도 무사히^^",
    "드디어 금요일이다~ | 맥주를 마시자~",
    "3~5시 사이에 온다고 했다.",
    "시험에 붙었다. 😭😭 | 믿기지 않는다.",
    "시험에 붙었다😊 | 엄마한테 전화했다.",
    "나는 🍎 좋아하는 사람이 좋다.",
    "시험에 붙었다!🎉|다 같이 울었다.",
    "오늘은… 좀 이상한 날이었다.",
    "잘 모르겠다… | 내일 생각하자.",
    "잘 모르겠다... | 그냥... 피곤하다.",
    "잘 모르겠다..|내일 생각하자.",
    "“이제 그만하자.” 라고 그가 말했다. | 나는 대답하지 못했다.",
    '"집에 왔다."라고 적었다. | 더 쓸 말이 없었다.',
    '"밥은 먹었니?" 엄마가 물었다. | "응." | 거짓말이었다.',
    "“힘들어. 그만할래.” 하고 동생이 울었다. | 나도 울었다.",
    "“안녕?” | “응, 안녕.”",
    "「다녀왔습니다.」 | 아무도 없었다.",
    '그가 "괜찮아?" 하고 물었다.|"응" 하고 웃었다.',
    "늦게 잤다(또!). | 후회한다.",
    "새 팀장(?)이 왔다. | 사실은 잘 모른다.",
    "(오늘은 일기를 쓰기 싫다.) | 그래도 쓴다.",
    "키가 0.5cm 컸다. | 몸무게는 3.2킬로 줄었다.",
    "2024. 3. 5. 화요일에 만났다. | 벌써 일 년이다.",
    "2024.3.5. 화요일. | 맑음.",
    "10:30에 일어났다. | 7.5점짜리 하루였다.",
    "https://example.com/a.b?c=D.e 를 보냈다. | 읽지 않았다.",
    "메일은 a.b@example.co.kr 로 왔다. | 답장은 내일 쓰자.",
    "할 일: | 1. 빨래 | 2. 청소 | 3. 장보기",
    "1. 빨래 하기",
    "Dr. 김을 만났다. | 친절했다.",
    "오늘 점심은 김밥 vs. 라면이었다. | 라면이 이겼다.",
    "팀장님이 OK라고 했다. | I was so happy. | 진짜로.",
]
ENGLISH = [
    "I went to work. | It rained. | Nobody minded!",
    "i was tired. | then i went home. | nobody called",
    "I was tired.|Then it rained.",
    "Mr. Kim met Dr. Lee. | They argued.",
    "We bought fruit, e.g. apples. | They were sour.",
    "The call came at 5 p.m. on Friday. | I cried.",
    "The call came at 5 p.m. | Then I cried.",
    "We meet at 5 p.m. Friday. | I hope.",
    "I lived in the U.S. for years. | I miss it.",
    "I lived in the U.S. | It was loud.",
    "The U.S. Army band played.",
    "J. K. Rowling was on the radio. | I hummed.",
    "Nobody is as lonely as I. | They have friends.",
    "So we went with plan B. | It failed.",
    "He said no. 5 was mine. | I said No. | He laughed.",
    "We met on Jan. 5 in the rain. | It was cold.",
    "I ran 3.5 km in version 1.2.3 of my shoes. | Pain.",
    "See www.example.com/?q=Yes!No for more. | Or don't.",
    "It cost five. | 3 would do.",
    "“Why?” she asked. | I had no answer.",
    "“Because.” Mom said nothing more.",
    "“Go. Now.” he said. | I went.",
    '"I was sad. I cried." | Then I slept.',
    "(It was late.) | We left.",
    "He left (finally!) and I slept.",
    "I was... tired. | Really tired…",
    "I don't know... | Maybe tomorrow.",
    "I don’t know. | You don’t either.",
    "What a day :) | Time for bed.",
    "I love 🍕 and beer. | So happy 😊 | Tomorrow again",
    "Really?! | Yes!!! | Wow...",
    "Acme Inc. called. | I hung up.",
    "I have a Ph.D. in waiting. | It shows.",
    "Pasta, wine, etc. | Then silence.",
]


def expected(case: str) -> tuple[str, list[str]]:
    text = case.replace(" | ", " ").replace("|", "")
    return text, [part.strip() for part in case.split("|")]


@pytest.mark.parametrize("case", KOREAN + ENGLISH)
def test_cases(case: str) -> None:
    text, parts = expected(case)
    assert [s.text for s in split_sentences(text)] == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("오늘 한 일\n- 빨래\n- 청소", ["오늘 한 일", "- 빨래", "- 청소"]),
        ("* milk\n• bread\n1. Call Mom\n2) sleep", ["* milk", "• bread", "1. Call Mom", "2) sleep"]),
        ("비가 왔다\n우산이 없었다", ["비가 왔다", "우산이 없었다"]),
        ("first\r\nsecond\rthird\u2028fourth", ["first", "second", "third", "fourth"]),
        ("It rained\n\n\n  \nIt stopped", ["It rained", "It stopped"]),
        (
            "This is a line of prose that an editor broke at its width and\nwhich goes on in lower case. Then it ends.",
            [
                "This is a line of prose that an editor broke at its width and\nwhich goes on in lower case.",
                "Then it ends.",
            ],
        ),
        (
            "This is a line of prose that an editor broke at its width and\n\nwhich goes on behind a blank line",
            ["This is a line of prose that an editor broke at its width and", "which goes on behind a blank line"],
        ),
        (
            "This is a line of prose that someone ended with the enter key\nThis is the next one",
            ["This is a line of prose that someone ended with the enter key", "This is the next one"],
        ),
        ("short line\nlower case but short", ["short line", "lower case but short"]),
        ("  \n 비가 왔다.  \n ", ["비가 왔다."]),
    ],
)
def test_lines(text: str, parts: list[str]) -> None:
    assert [s.text for s in split_sentences(text)] == parts


@pytest.mark.parametrize("text", ["", " ", "\n\t\r\n", "\u3000"])
def test_a_blank_text_is_one_empty_sentence(text: str) -> None:
    assert split_sentences(text) == [Sentence("", 0, 0)]


def test_offsets_are_code_points() -> None:
    text = "  😭 울었다. 그리고 잤다.\n끝"
    assert split_sentences(text) == [
        Sentence("😭 울었다.", 2, 8),
        Sentence("그리고 잤다.", 9, 16),
        Sentence("끝", 17, 18),
    ]


def test_korean_without_any_mark_ends_at_its_verbs() -> None:
    text = (
        "오늘은 아침부터 비가 와서 버스를 놓쳤다 회사에 늦었는데 아무도 뭐라고 하지 않았다 점심은 혼자 먹었어요 "
        "다음 주에는 동네 친구를 만나기로 했다 마음이 조금 놓였음 필요 없는 걱정이었다 내일은 일찍 "
        "일어나야지 하면서 누웠다"
    )
    assert [s.text for s in split_sentences(text)] == [
        "오늘은 아침부터 비가 와서 버스를 놓쳤다",
        "회사에 늦었는데 아무도 뭐라고 하지 않았다",
        "점심은 혼자 먹었어요",
        "다음 주에는 동네 친구를 만나기로 했다",
        "마음이 조금 놓였음",
        "필요 없는 걱정이었다",
        "내일은 일찍 일어나야지 하면서 누웠다",
    ]
    short = "비가 왔다 그래서 집에 있었다"
    assert [s.text for s in split_sentences(short)] == [short]


def check(text: str) -> None:
    sentences = split_sentences(text)
    assert sentences
    if not text.strip():
        assert sentences == [Sentence("", 0, 0)]
        return
    end = 0
    for sentence in sentences:
        assert sentence.start >= end
        assert not text[end : sentence.start].strip()
        assert sentence.end > sentence.start
        assert sentence.text == text[sentence.start : sentence.end]
        assert sentence.text == sentence.text.strip()
        assert len(sentence.text) <= MAX
        end = sentence.end
    assert not text[end:].strip()


PIECES = [
    "갔다", "요", "좋음", "오늘은", "라고", "Mr", "U.S", "I", "3", "12", "the", "Then", "a.m", "http://", "www.",
    "ㅋㅋ", "ㅠ.ㅠ", "^^", "~", ":)", "😭", "👩\u200d👩\u200d👧", "🇰🇷", "\ud83d", "\x00", "e\u0301",
    ".", "...", "…", "?", "!", "。", ",", "'", '"', "“", "”", "‘", "’", "(", ")", "「", "」", "-", "- ", "1. ",
    " ", "  ", "\n", "\n\n", "\r\n", "\t", "\x1c", "\u2028", "\u200b",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=120).map("".join))
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost_of_what_diaries_are_made_of(text: str) -> None:
    check(text)


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_of_any_text(text: str) -> None:
    check(text)


@given(st.sampled_from(PIECES), st.sampled_from(PIECES), st.integers(100, 900))
@settings(max_examples=100, deadline=None)
def test_nothing_is_lost_of_endless_repetition(one: str, two: str, times: int) -> None:
    check((one + two) * times)


@pytest.mark.parametrize(
    "unit",
    [
        "오늘은 회사에 갔다. 엄마가 “밥 먹었니?” 하고 물었다ㅋㅋㅋ ",
        "I met Mr. Kim at 5 p.m. and it was 3.5 km. ",
        "가", "a", ".", ". ", "x 3. 5. ", '"', "(", "“ ", "a.", "ㅋ ", "😭", "\n", ".      ", "http://!!! ",
        "1. a ", "그냥... ",
    ],
)  # fmt: skip
def test_time_grows_with_the_length_and_no_faster(unit: str) -> None:
    """Processor time for 250,000 code points and for four times as many; a quadratic rule would take sixteen times."""

    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.process_time()
        split_sentences(text)
        return time.process_time() - start

    assert seconds(200_000) < 8 * seconds(50_000) + 0.2


def test_a_word_of_a_megabyte_is_cut() -> None:
    text = "하" * 1_000_000
    sentences = split_sentences(text)
    assert max(len(s.text) for s in sentences) <= MAX
    assert "".join(s.text for s in sentences) == text
