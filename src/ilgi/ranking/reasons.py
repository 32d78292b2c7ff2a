"""One sentence that says why, such as a friend could say it, from the evidence beside it.

It claims only what the evidence holds. Here the basis is the catalogue's genres and what reviews taught about them: a
genre may be likelier than usual for a text that reads like this. That is said of the whole text and never of one
emotion alone; nothing is said of the film's story, or of what its viewers felt.
"""

from typing import Final

from ilgi.language import Language, quote, with_particle
from ilgi.steps import Evidence
from ilgi.words import emotion_word, items_with

_NEUTRAL: Final = "neutral"

# {q} is the quoted sentence, {e} the emotion, {g} the films of the genre. A pair such as {e:이/가} takes its particle
# from {e}. The three forms of a list go to the three films, so that no two sound alike. "felt": the sentence shows a
# feeling, and the genre is likelier than usual; "lifted": only the latter; "near": not even that.
_FORMS: Final[dict[tuple[Language, str], tuple[str, ...]]] = {
    ("ko", "felt"): (
        "{q}에서 {e:이/가} 읽혔어요. 이렇게 읽히는 감상에는 {g:이/가} 여느 때보다 많았어요.",
        "{q}에는 {e:이/가} 묻어 있어요. 장르로 짐작하면 {g} 쪽이 평소보다 가까워요.",
        "{q:이라는/라는} 말에 마음이 머물렀어요. {e:이/가} 읽히는 글이라 {g} 쪽에서 골랐어요.",
    ),
    ("ko", "lifted"): (
        "{q:을/를} 읽고 골랐어요. 이렇게 읽히는 감상에는 {g:이/가} 여느 때보다 많았어요.",
        "{q}에서 출발했어요. 장르로 짐작하면 {g} 쪽이 평소보다 가까워요.",
        "{q:이라는/라는} 말 곁에 두려고 골랐어요. 장르로 짐작한 {g:이에요/예요}.",
    ),
    ("ko", "near"): (
        "{q:을/를} 읽고 골랐어요. 꼭 맞지는 않아도 {g} 쪽이 가장 가까워요.",
        "{q}만으로는 또렷하지 않아서, 장르가 가까운 쪽을 뒀어요. {g:이에요/예요}.",
        "{q} 곁에 둘게요. 꼭 맞는지는 모르겠지만 {g} 쪽이에요.",
    ),
    ("en", "felt"): (
        "{q} reads as {e}. Reviews that read like this were about {g} more often than usual.",
        "There is {e} in {q}. Judged by genre, {g} sit closer than usual.",
        "{q} is the line that stayed. It reads as {e}, and the day leans towards {g}.",
    ),
    ("en", "lifted"): (
        "Chosen from {q}. Reviews that read like this were about {g} more often than usual.",
        "It starts from {q}. Judged by genre, {g} sit closer than usual.",
        "Something to set beside {q}. Judged by genre, the day leans towards {g}.",
    ),
    ("en", "near"): (
        "Chosen from {q}. Not a close fit, but {g} come nearest.",
        "{q} alone doesn't say much. Judged by genre, {g} are the nearest.",
        "Something to set beside {q}. Hard to say whether it fits; the nearest are {g}.",
    ),
}


def fill(form: str, words: dict[str, str]) -> str:
    """Return a wording with its words put in; "{x:이/가}" takes the particle that fits what x stands for."""
    for name, word in words.items():
        form = form.replace("{" + name + "}", word)
        start = form.find("{" + name + ":")
        while start >= 0:
            end = form.index("}", start)
            form = form[:start] + with_particle(word, form[start + len(name) + 2 : end]) + form[end + 1 :]
            start = form.find("{" + name + ":")
    return form


def reason(evidence: Evidence, *, lifted: bool, text_language: Language, reader: Language, form: int) -> str:
    """Return the reason as one or two short sentences.

    Args:
        evidence: What proves it; where its emotion is "neutral", no feeling is named.
        lifted: Whether the reading makes the trait likelier than usual. Otherwise the reason says "nearest" only.
        text_language: The language of the quoted sentence, which decides how much of it is quoted.
        reader: The language to answer in.
        form: Which wording to use; counts round, so that neighbours in a list differ.
    """
    kind = "near" if not lifted else "lifted" if evidence.emotion == _NEUTRAL else "felt"
    forms = _FORMS[reader, kind]
    # The quote goes in last: what a person wrote may itself hold braces.
    words = {"e": emotion_word(evidence.emotion, reader), "g": items_with(evidence.trait, reader)}
    return fill(fill(forms[form % len(forms)], words), {"q": quote(evidence.sentence, text_language)})
