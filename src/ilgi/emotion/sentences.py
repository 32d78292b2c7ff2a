"""From a text to its sentences, Korean, English or both, with the offset of each.

A sentence ends, in this order of strength:

1. at a blank line, always; at a single line break, unless the lines are hard-wrapped prose (the line is long and the
   next goes on in lower case);
2. at . ! ? … and their full-width forms, unless the mark belongs to an abbreviation, a number, a date, an address, an
   initial, a list number, or a short quotation that the sentence goes on behind;
3. at laughter, tears and faces (ㅋㅋ ㅠㅠ ^^ ~ :) and emoji) where the word before them can end a sentence;
4. where no mark came for long: at Korean verb endings, then at clauses, then at words (`ilgi.emotion.sentence_limits`).

Closing quotes, laughter and emoji stay with the sentence that they follow. Nothing but white space lies between two
sentences, so nothing of a diary is lost. The time is linear in the length of the text, whatever it holds.
"""

import re
from collections.abc import Iterator
from typing import Final

from ilgi.emotion import sentence_marks as marks
from ilgi.emotion.quotations import find_quotations
from ilgi.emotion.sentence_limits import limit
from ilgi.steps import Sentence

_BREAKS: Final = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_LINE: Final = re.compile(rf"[^{_BREAKS}]+")
_BREAK: Final = re.compile(rf"\r\n|[{_BREAKS}]")
_SPACE: Final = re.compile(r"\s*")
_LIST_ITEM: Final = re.compile(r"[-*•·‣▪]\s|\w{1,2}[.)]\s")
_WRAPPED: Final = 50
"""A line of at least this many code points may have been broken by an editor rather than by its writer."""
_LAST_WORD: Final = re.compile(r"[A-Za-z][A-Za-z.]*\Z|[0-9]+\Z")
_DATE: Final = re.compile(r"(?:[0-9]{4}\. ?[0-9]{1,2}\. ?|[0-9]{1,4}\. )[0-9]{1,2}\Z")
_DOTTED: Final = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]\Z")
_WORD: Final = re.compile(r"[A-Za-z]+")
_INITIAL: Final = re.compile(r"[A-Z]\.")
_STRONG: Final = frozenset("!?。！？")


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text, in order.

    Args:
        text: Any text of any length.

    Returns:
        At least one sentence; a blank text gives one empty sentence at 0..0. Offsets are code points and grow strictly,
        `sentence.text == text[start:end]`, the text between two sentences is white space only, and no sentence is
        longer than `ilgi.emotion.sentence_limits.MAX`.
    """
    sentences: list[Sentence] = []
    for block in _blocks(text):
        for sentence in _marked(text, *block):
            for start, end in limit(text, *sentence):
                piece = text[start:end]
                core = piece.strip()
                if core:
                    first = start + len(piece) - len(piece.lstrip())
                    sentences.append(Sentence(core, first, first + len(core)))
    return sentences or [Sentence("", 0, 0)]


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield stretches between line breaks that end a sentence."""
    begin, end = -1, -1
    line_start = 0
    for match in _LINE.finditer(text):
        line = match[0].rstrip()
        if not line:
            continue
        if not (begin >= 0 and _goes_on(text, line_start, end, match.start())):
            if begin >= 0:
                yield begin, end
            begin = match.start()
        line_start, end = match.start(), match.start() + len(line)
    if begin >= 0:
        yield begin, end


def _goes_on(text: str, line_start: int, line_end: int, next_start: int) -> bool:
    """Tell whether the line at `next_start` continues the one before it, as in hard-wrapped prose."""
    first = _space_end(text, next_start, len(text))
    return (
        line_end - line_start >= _WRAPPED
        and text[first].islower()
        and not _LIST_ITEM.match(text, first)
        and len(_BREAK.findall(text, line_end, next_start)) == 1
    )


def _space_end(text: str, start: int, end: int) -> int:
    match = _SPACE.match(text, start, end)
    return match.end() if match else start


def _marked(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences in text[start:end] that marks and faces end, without a gap."""
    quotations = find_quotations(text, start, end)
    quotes = iter(quotations.spans)
    quote = next(quotes, None)
    begin = _space_end(text, start, end)
    number = 0  # the list number that the current sentence started with
    done = begin
    for match in marks.CANDIDATE.finditer(text, start, end):
        at, stop = match.span()
        if match.lastgroup == "url" or at < done:
            continue
        tail = stop if stop in quotations.straight_openers else _tail_end(text, stop, end)
        while quote is not None and quote[1] < at:
            quote = next(quotes, None)
        if quote is not None and quote[0] < at and tail <= quote[1]:
            continue
        if tail >= end:
            break
        if match.lastgroup == "face":
            ends = _face_ends(text, begin, at, tail, end)
        else:
            listed = _list_number(text, begin, at, stop) if match[0] == "." else 0
            split = at - len(str(listed))
            if listed and (split == begin or listed == number + 1 > 1 or text[max(begin, split - 2)] == ":"):
                if split > begin:
                    yield begin, split
                    begin = split
                number = listed
                continue
            ends = _stop_ends(text, begin, at, stop, tail, end)
        if ends:
            yield begin, tail
            begin = done = _space_end(text, tail, end)
            number = 0
    if begin < end:
        yield begin, end


def _tail_end(text: str, stop: int, end: int) -> int:
    match = marks.TAIL.match(text, stop, end)
    return match.end() if match else stop


def _is_syllable(char: str) -> bool:
    return "가" <= char <= "힣"


def _face_ends(text: str, begin: int, at: int, tail: int, end: int) -> bool:
    """Tell whether laughter, tears or emoji at `at` end the sentence that began at `begin`."""
    before = text[max(begin, at - 40) : at].rstrip()
    if sum(map(str.isalnum, before)) < 2:
        return False
    last = before[-1]
    following = text[_space_end(text, tail, end)]
    if _is_syllable(last):
        if marks.LAUGH.match(text, at):
            return last not in marks.PARTICLES
        return last in marks.ENDINGS and (text[tail].isspace() or text[at] != "~")
    return text[tail].isspace() and (following.isupper() or _is_syllable(following))


def _stop_ends(text: str, begin: int, at: int, stop: int, tail: int, end: int) -> bool:
    """Tell whether the marks text[at:stop], with a tail up to `tail` < end, end the sentence that began at `begin`."""
    before = text[at - 1] if at > begin else ""
    if not before or before in marks.OPENERS:
        return False  # "… and so", "(?)"
    if stop < tail and text[stop] in marks.CLOSERS:
        return not _embedded(text, tail, end)
    strong = not _STRONG.isdisjoint(text[at:stop])
    if not text[tail].isspace():
        return tail > stop or _glued_ends(text, at, stop, strong=strong)
    following = _space_end(text, tail, end)
    if strong:
        return True
    if text[at:stop] != ".":
        return before in marks.ENDINGS if _is_syllable(before) else not text[following].islower()
    return _full_stop_ends(text, begin, at, following)


def _embedded(text: str, at: int, end: int) -> bool:
    """Tell whether a sentence goes on at `at`, behind the closing mark of a quotation or bracket."""
    if not text[at].isspace():
        return text[at].isalnum() or text[at] in ",;:~-—.!?…"
    following = _space_end(text, at, end)
    char = text[following]
    if char.islower() or char in ",;:—–-":
        return True
    rules = marks.QUOTATIVE if _is_syllable(char) else marks.SPEECH
    return rules.match(text, following, end) is not None


def _glued_ends(text: str, at: int, stop: int, *, strong: bool) -> bool:
    """Tell whether marks end a sentence although the next letter follows without a space ("했다.그리고")."""
    before, after = text[at - 1], text[stop]
    opens = after in marks.OPENERS or after == '"'
    if _is_syllable(before):
        if not strong and text[at:stop] != ".":
            return before in marks.ENDINGS and (_is_syllable(after) or opens)
        return _is_syllable(after) or after.isupper() or opens or (after.isdigit() and not strong)
    if strong:
        return _is_syllable(after) or (after.isupper() and before.islower()) or opens
    # "tired.Then" but not "Ph.D", "example.com" or "3.5".
    return before.islower() and text[at - 2].islower() and after.isupper() and text[stop + 1 : stop + 2].islower()


def _list_number(text: str, begin: int, at: int, stop: int) -> int:
    """Return the number in front of the full stop at `at` if it may number a list item ("2. "), else 0."""
    word = _LAST_WORD.search(text[max(begin, at - 3) : at])
    if word is None or not word[0].isdigit() or len(word[0]) > 2 or word[0].startswith("0"):
        return 0
    before = at - len(word[0]) - 1
    if not text[stop].isspace() or (before >= begin and not text[before].isspace()):
        return 0
    following = _space_end(text, stop, len(text))
    return 0 if text[following : following + 1].isdigit() else int(word[0])


def _full_stop_ends(text: str, begin: int, at: int, following: int) -> bool:
    """Tell whether the single full stop at `at`, with white space behind it, ends the sentence."""
    char = text[following]
    recent = text[max(begin, at - 16) : at]
    match = _LAST_WORD.search(recent)
    if match is None:
        return True
    word = match[0]
    if word.isdigit():
        # "2024. 3. 5. 금요일": a date, and no sentence ends with a number in front of another.
        return not char.isdigit() and _DATE.search(recent) is None
    folded = word.lower()
    if folded in marks.NEVER_END or word in marks.NEVER_END:
        return False
    if folded in marks.BEFORE_DIGIT and char.isdigit():
        return False
    if folded in marks.MAY_END:
        return not char.islower() and not char.isdigit() and not marks.CALENDAR.match(text, following)
    if word == "I":
        return not _INITIAL.match(text, following)
    if _DOTTED.fullmatch(word) and (len(word) > 1 or word.isupper()):
        starter = _WORD.match(text, following)
        return _is_syllable(char) if starter is None else starter[0] in marks.STARTERS
    return True
