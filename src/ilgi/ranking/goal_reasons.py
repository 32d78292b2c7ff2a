"""One sentence or two that say why, for items whose feeling is known: what was read, and where the film leads from it.

A reason is an opening about the diary and a closing about the film; every goal has closings of its own. The closing
claims what the item's profile is known from ("judged by genre and keywords", "by what people wrote"), and nothing of
the film's story. A feeling is said to read so, never that the person is so.
"""

from typing import Final

from ilgi.catalog.axes import axis_word
from ilgi.language import Language, quote
from ilgi.ranking.reasons import fill
from ilgi.steps import Evidence
from ilgi.words import emotion_word

_NEUTRAL: Final = "neutral"

# {q} is the quoted sentence, {e} the emotion.
_OPENINGS: Final[dict[tuple[Language, bool], tuple[str, ...]]] = {
    ("ko", True): (
        "{q}에서 {e:이/가} 읽혔어요.",
        "{q}에 {e:이/가} 묻어 있어요.",
        "{q:이라는/라는} 말에 {e:이/가} 남아 있었어요.",
        "{q}, 이 대목이 {e:으로/로} 읽혔어요.",
    ),
    ("ko", False): (
        "{q:을/를} 읽고 골랐어요.",
        "{q}에서 출발했어요.",
        "{q:이라는/라는} 말 곁에 둘게요.",
        "{q:이라는/라는} 날이네요.",
    ),
    ("en", True): (
        "{q} reads as {e}.",
        "There is {e} in {q}.",
        "{q} is the line that stayed; it reads as {e}.",
        "What stands out is {q}, and it reads as {e}.",
    ),
    ("en", False): (
        "Chosen from {q}.",
        "It starts from {q}.",
        "Something to set beside {q}.",
        "A day of {q}.",
    ),
}

# {by} says what it is known from, {a} how the item is, {n} what it is: "따뜻한 영화", "a quiet song".
_CLOSINGS: Final[dict[tuple[Language, str], tuple[str, ...]]] = {
    ("ko", "stay"): (
        "{by} {a} {n:이라/라} 곁에 두기 좋아요.",
        "그 마음 옆에 가만히 있어 줄 {n:이에요/예요}. {by} {a} 쪽이에요.",
        "혼자 두지 않으려고 골랐어요. {by} {a} {n:이에요/예요}.",
    ),
    ("ko", "stay, pleasant"): (
        "그 기분을 이어 가기 좋게, {by} {a} {n:으로/로} 뒀어요.",
        "이 하루 곁에 둘게요. {by} {a} {n:이에요/예요}.",
        "{by} {a} {n:이라/라}, 오늘과 결이 잘 맞아요.",
    ),
    ("ko", "calm"): (
        "숨을 고르기 좋게, {by} {a} {n:으로/로} 뒀어요.",
        "오늘은 조용한 쪽으로 골랐어요. {by} {a} {n:이에요/예요}.",
        "{by} {a} {n:이라/라} 천천히 보기 좋아요.",
    ),
    ("ko", "path 2"): (
        "여기서 한 걸음만 옮겨 볼까요. {by} {a} {n:이에요/예요}.",
        "다음 걸음은 {by} {a} {n:이에요/예요}.",
        "서두르지 않고 한 칸 옮겼어요. {by} {a} 쪽이에요.",
    ),
    ("ko", "lift"): (
        "조금 밝은 쪽으로 골랐어요. {by} {a} {n:이에요/예요}.",
        "{by} {a} {n:이라/라}, 마음이 조금 가벼워질지도 몰라요.",
        "한 뼘만 환한 쪽으로 뒀어요. {by} {a} {n:이에요/예요}.",
    ),
    ("ko", "release"): (
        "참지 않아도 되는 밤을 위해 골랐어요. {by} {a} {n:이에요/예요}.",
        "실컷 쏟아 내도 괜찮아요. {by} {a} {n:이에요/예요}.",
        "{by} {a} {n:이라/라}, 끝까지 따라가 보기 좋아요.",
    ),
    ("ko", "mirror"): (
        "{by} 이 마음과 닮은, {a} {n:이에요/예요}.",
        "마음 그대로 골랐어요. {by} {a} {n:이에요/예요}.",
        "{by} {a} {n:이라/라} 결이 비슷해요.",
    ),
    ("en", "stay"): (
        "{by}, {an} {n}, to keep it company.",
        "This one will sit beside it: {by}, {an} {n}.",
        "So it needn't be alone tonight: {by}, {an} {n}.",
    ),
    ("en", "stay, pleasant"): (
        "To let it go on a little: {by}, {an} {n}.",
        "Something to set beside a day like this. {by}, {an} {n}.",
        "It goes well with the day: {by}, {an} {n}.",
    ),
    ("en", "calm"): (
        "Room to breathe: {by}, {an} {n}.",
        "Something quiet for tonight. {by}, {an} {n}.",
        "Nothing that hurries. {by}, {an} {n}.",
    ),
    ("en", "path 2"): (
        "One step on from there: {by}, {an} {n}.",
        "The next step is a small one. {by}, {an} {n}.",
        "No hurry, just one step: {by}, {an} {n}.",
    ),
    ("en", "lift"): (
        "A little brighter: {by}, {an} {n}.",
        "Chosen a shade lighter than the day. {by}, {an} {n}.",
        "It may weigh a little less after this: {by}, {an} {n}.",
    ),
    ("en", "release"): (
        "For a night of not holding back: {by}, {an} {n}.",
        "Let it all out with this one. {by}, {an} {n}.",
        "Go all the way with it: {by}, {an} {n}.",
    ),
    ("en", "mirror"): (
        "Close to it as it is: {by}, {an} {n}.",
        "The same colour as the day. {by}, {an} {n}.",
        "It runs alongside: {by}, {an} {n}.",
    ),
}  # fmt: skip

_KNOWN_FROM: Final[dict[tuple[Language, str], str]] = {
    ("ko", "genres"): "장르로 짐작하면",
    ("ko", "keywords"): "장르와 키워드로 짐작하면",
    ("ko", "reviews"): "본 사람들의 글을 보면",
    ("ko", "playlists"): "이 노래가 담긴 목록들을 보면",
    ("ko", "listeners"): "들은 사람들이 붙인 태그를 보면",
    ("en", "genres"): "judged by genre",
    ("en", "keywords"): "judged by genre and keywords",
    ("en", "reviews"): "by what people wrote",
    ("en", "playlists"): "by the playlists it is on",
    ("en", "listeners"): "by what listeners tagged it",
}
_NOUNS: Final[dict[tuple[Language, str], str]] = {
    ("ko", "movies"): "영화", ("ko", "music"): "노래", ("ko", "books"): "책",
    ("en", "movies"): "film", ("en", "music"): "song", ("en", "books"): "book",
}  # fmt: skip
_SOMETHING: Final[dict[Language, str]] = {"ko": "작품", "en": "pick"}
"""What an item of another domain is called."""
_MILD: Final[dict[Language, str]] = {"ko": "무겁지 않은", "en": "gentle"}
"""What is said of a film that was chosen for what it is not."""


def forms_of(goal: str, language: Language, *, felt: bool) -> int:
    """Return how many wordings a goal has."""
    return len(_OPENINGS[language, felt]) * len(_CLOSINGS[language, goal])


def goal_reason(
    evidence: Evidence,
    *,
    goal: str,
    sure: bool,
    text_language: Language,
    reader: Language,
    form: int,
    pleasant: bool = False,
    domain: str = "movies",
) -> str:
    """Return the reason of an item whose trait is an axis.

    Args:
        evidence: What proves it: its trait is an axis, or "" for an item chosen for what it is not; its basis one of
            `ilgi.catalog.profiles.BASES` but "none". Where its emotion is "neutral", no feeling is named.
        goal: The goal that the item serves.
        sure: Whether a feeling may be claimed at all.
        text_language: The language of the quoted sentence.
        reader: The language to answer in.
        form: Which wording to use; neighbours in a list should have neighbouring numbers.
        pleasant: Whether the day is one to stay with.
        domain: What the items are.
    """
    felt = sure and evidence.emotion != _NEUTRAL
    told_as = "stay, pleasant" if goal == "stay" and pleasant else goal
    openings, closings = _OPENINGS[reader, felt], _CLOSINGS[reader, told_as]
    # Both change from one number to the next; four and three have no common factor, so all twelve pairs come.
    opening, closing = openings[form % len(openings)], closings[form % len(closings)]
    adjective = axis_word(evidence.trait, reader) if evidence.trait else _MILD[reader]
    words = {
        "by": _KNOWN_FROM[reader, evidence.basis],
        "an": f"{'an' if adjective[0] in 'aeiou' else 'a'} {adjective}",
        "a": adjective,
        "n": _NOUNS.get((reader, domain), _SOMETHING[reader]),
    }
    told = _capitalised(fill(closing, words))
    start = fill(opening, {"e": emotion_word(evidence.emotion, reader)})
    return fill(f"{start} {told}", {"q": quote(evidence.sentence, text_language)})


def _capitalised(text: str) -> str:
    """Return the text with a capital at the start of each sentence."""
    parts = text.split(". ")
    return ". ".join(part[:1].upper() + part[1:] for part in parts)
