"""What Korean and English say about where a sentence ends: the marks, faces, endings and abbreviations.

Facts only; `ilgi.emotion.sentences` decides with them. The lists are short on purpose: each entry is there because
diaries hold it, and a word that is missing costs one cut too many, never a lost character.
"""

import re
from typing import Final


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


OPENERS: Final = "([{<“‘「『《〈【（"
CLOSERS: Final = ")]}>”’」』》〉】）\"'"

_EMOJI: Final = "\U0001f000-\U0001faff\U000e0020-\U000e007f\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3"
_EMOTICON: Final = (
    r"[ㅠㅜㅡ^][_.][ㅠㅜㅡ^]|\bT[_.]T\b|-_-+|[:;=]['-]?[)(DPp](?![A-Za-z0-9])|<3(?!\d)"  # ㅠ.ㅠ  T_T  -_-  :-)  <3
)
_LAUGH: Final = r"[ㅋㅎㅠㅜ]+|ㅡㅡ+|\^\^+|;;+"
_FACE: Final = rf"(?:{_EMOTICON}|{_LAUGH}|~+|[{_EMOJI}]+)"

CANDIDATE: Final = re.compile(
    # A full stop behind an address isn't part of it, so an address ends with a letter, a digit or a slash.
    r"(?P<url>(?:https?://|www\.)[!-~]*[A-Za-z0-9/=&#_%+-])"
    r"|(?P<stop>[.!?。．！？…‥]+)"
    rf"|(?P<face>{_FACE}(?:[^\S\n]*{_FACE})*)"
)
"""Every place where a sentence may end, and the addresses in which it may not."""
TAIL: Final = re.compile(rf"[{re.escape(CLOSERS)}]*(?:[^\S\n]*{_FACE}[{re.escape(CLOSERS)}]*)*")
"""What still belongs to a sentence behind its mark: closing quotes and brackets, then laughs, tears and emoji."""
LAUGH: Final = re.compile(_LAUGH)

PARTICLES: Final = frozenset("가이은는을를에서로도만의와과랑게면며고")
"""Last syllables of words that lean on what follows: laughter behind one of them is a comma, not an end."""
ENDINGS: Final = frozenset("다요죠네음함임됨어아여해지까냐자라군걸듯워봐돼줘야니데마")
"""Last syllables with which a Korean sentence often ends; needed where the mark alone (…, emoji, ~) doesn't tell."""

_LONG_ENDING: Final = (
    r"(?<=[가-힣])(?:"
    r"(?<!마)(?<!보)(?<!바)(?<!수)(?<!에)다"  # not 날마다, 어제보다, 바다, 수다, 거기에다
    r"|(?<!필)(?<!중)(?<!주)(?<!수)(?<!월)(?<!화)(?<!목)(?<!금)(?<!토)(?<!일)요"  # not 필요, 중요, 월요, …
    r"|죠"
    r"|(?<!동)(?<!우리)(?<!니)(?<!너)(?<!걔)(?<!얘)(?<!쟤)네"  # not 동네, 언니네, 걔네
    r"|(?<=[었았했겠있없좋같많싶였셨렸졌났왔])음"  # not 마음, 다음, 처음
    r"|(?<!포)(?<!명)(?<!편)함"
    r"|(?<!게)(?<!모)(?<!책)(?<!타)임"  # not 게임, 모임, 책임, 타임
    r")(?=\s)"
)
LONG_ENDING: Final = re.compile(_LONG_ENDING)
"""Korean endings in front of white space; they end a sentence only where it has grown long without any mark."""

QUOTATIVE: Final = re.compile(
    r"이?라(?:고|는|며|면서|던|니|서)[가-힣]?(?![가-힣])|이?[라란]\b|하(?:고|며|면서|는|던|길래|시)|했|한다|해서|고\b|며\b"
    r"|(?:[가-힣]{1,6}[가이은는]\s)?(?:말(?:했|하|씀|을|이|도)|물(?:었|어|으)|대답|소리(?:쳤|치|를)|외[쳤치]|속삭|중얼)"
)
"""How Korean goes on behind a quotation that is part of the sentence: “…” 라고 했다, “…” 엄마가 물었다."""
SPEECH: Final = re.compile(
    r"(?:[A-Z][a-z]*\s){1,2}(?:said|says|asked|replied|answered|whispered|shouted|yelled|cried|thought|told|wrote)\b"
)
"""How English goes on behind one with a capital: “…” Mom said."""

NEVER_END: Final = _words(
    "mr mrs ms dr prof messrs vs e.g i.e cf approx viz St Mt Ft Gen Sen Rep Rev Capt Lt Col Sgt Hon Gov Pres"
)
"""Abbreviations that a sentence doesn't end with; those with a capital count only so written."""
BEFORE_DIGIT: Final = _words(
    "no nos p pp fig vol ch jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun"
)
"""Abbreviations if a digit follows (No. 5, Jan. 3), ordinary words otherwise."""
MAY_END: Final = _words("a.m p.m etc inc ltd co jr sr ph.d b.a m.a dept est")
"""Abbreviations that may stand last: a capital behind them starts a sentence."""
CALENDAR: Final = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August"
)
"""A capital that starts no sentence: 5 p.m. Friday."""
STARTERS: Final = _words(
    "The A An I It He She We They You My His Her Our Their This That These Those There Then But And So Or If When While"
    " After Before In On At For With As What Why How Who Where No Not Yes Now Today Tomorrow Yesterday Still Just Even"
    " Maybe"
)
"""Words that show that a sentence starts behind an initial or U.S., where a capital alone proves nothing."""
