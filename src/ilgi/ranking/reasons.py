"""One sentence that says why, such as a friend could say it, from the evidence beside it.

It claims only what the evidence holds. Here the basis is the catalogue's genres and what reviews taught about them, so
a reason may say that a feeling leans towards a genre; it says nothing of the film's story or of what its viewers felt.
"""

from typing import Final

from ilgi.language import Language, quote, with_particle
from ilgi.steps import Evidence
from ilgi.words import emotion_word, label_word

_NEUTRAL: Final = "neutral"

# {q} is the quoted sentence, {e} the emotion, {g} the genre. A pair such as {e:이/가} takes its particle from {e}.
# The three forms of a list go to the three films, so that no two sound alike.
_FORMS: Final[dict[tuple[Language, str], tuple[str, ...]]] = {
    ("ko", "felt"): (
        "{q}에서 {e:이/가} 읽혔어요. 비슷한 마음을 적은 감상은 {g} 쪽에 많았어요.",
        "{q}에는 {e:이/가} 묻어 있어요. 장르로 짐작하면 {g:이/가} 가까워요.",
        "{q:이라는/라는} 말에 마음이 머물렀어요. {e:과/와} 자주 함께 가는 {g} 쪽에서 골랐어요.",
    ),
    ("ko", "near"): (
        "{q:을/를} 읽고 골랐어요. 꼭 맞지는 않아도 {g} 쪽이 가장 가까워요.",
        "{q}에서 출발했어요. 장르만 보고 짐작한 {g} 영화예요.",
        "{q:이라는/라는} 말 곁에 둘 만한 {g} 영화예요. 장르로 짐작했어요.",
    ),
    ("en", "felt"): (
        "{q} reads as {e}. People who wrote of that feeling were often writing about {g}.",
        "There is {e} in {q}. Judged by genre, {g} sits close to it.",
        "{q} is the line that stayed. It leans towards {e}, and {e} often keeps company with {g}.",
    ),
    ("en", "near"): (
        "Chosen from {q}. Not a close fit, but {g} comes nearest.",
        "It starts from {q}. Judged by genre alone, {g} is the nearest.",
        "Something in {g} to set beside {q}. Judged by genre alone.",
    ),
}


def _fill(form: str, words: dict[str, str]) -> str:
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
    felt = lifted and evidence.emotion != _NEUTRAL
    forms = _FORMS[reader, "felt" if felt else "near"]
    # The quote goes in last: what a person wrote may itself hold braces.
    words = {"e": emotion_word(evidence.emotion, reader), "g": label_word(evidence.trait, reader)}
    return _fill(_fill(forms[form % len(forms)], words), {"q": quote(evidence.sentence, text_language)})
