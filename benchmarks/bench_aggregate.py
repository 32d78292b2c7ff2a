"""Which way from sentences to a whole reads a diary best: every rule on diaries that no model learned from.

    python benchmarks/bench_aggregate.py [--write]

Two kinds of texts. Held-out diaries of ours where a blind second reader named the same mood: how often is it the
likeliest, in all of them and in those whose day turns, and how does valence follow the readers'. And two training
moments of ours with different moods, one behind the other, as a day that turns: how often does the later one win.
"""

import argparse
from typing import Any, Final

import numpy as np

from _common import rounded, table, write_result
from ilgi.arrays import FloatMatrix
from ilgi.emotion.aggregate import RULES, WHOLE, aggregate, sentence_weights
from ilgi.emotion.base import MOOD_PREFIX, VALENCE, EmotionModel
from ilgi.emotion.load import load_emotion_model
from ilgi.emotion.reading import score_texts, score_wholes
from ilgi.emotion.sentences import split_sentences
from ilgi.training.emotion.diaries import Entry, second_labels
from ilgi.training.emotion.diary_metrics import agreed_entries
from ilgi.training.emotion.moments import moments
from ilgi.words import MOODS

PAIRED: Final = "sentence with the one before it, mean"
"""A way that is no rule of ilgi: each sentence is read behind its predecessor."""
JOINED: Final = 300
"""How many days are made of two moments, in each language."""


def by_rule(model: EmotionModel, texts: list[str]) -> dict[str, FloatMatrix]:
    """Return way → (n, A) affect of texts."""
    scored = score_texts(model, texts)
    found: dict[str, FloatMatrix] = {}
    for rule in RULES:
        if rule == WHOLE:
            found[rule] = score_wholes(model, texts, rule=rule)
            continue
        weights = [sentence_weights(s.sentences, s.scores, model.emotions, rule) for s in scored]
        found[rule] = np.stack([aggregate(s.scores, w) for s, w in zip(scored, weights, strict=True)])
    pairs: list[str] = []
    owner: list[int] = []
    for number, text in enumerate(texts):
        sentences = split_sentences(text)
        for i, sentence in enumerate(sentences):
            pairs.append(text[sentences[max(i - 1, 0)].start : sentence.end])
            owner.append(number)
    scores, at = model.predict_proba(pairs), np.array(owner)
    found[PAIRED] = np.stack([scores[at == number].mean(axis=0) for number in range(len(texts))])
    return found


def joined_days(language: str, rng: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """Return days of two moments with different moods, and the (n,) mood of the second."""
    pool = [m for m in moments() if m.language == language and m.mood in MOODS and m.area != "language"]
    texts: list[str] = []
    ends: list[int] = []
    while len(texts) < JOINED:
        first, last = (pool[i] for i in rng.integers(0, len(pool), 2))
        if first.mood != last.mood:
            texts.append(f"{first.text} {last.text}")
            ends.append(MOODS.column(last.mood))
    return texts, np.array(ends)


def figures(model: EmotionModel, entries: list[Entry], language: str, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return one row for each way."""
    second = second_labels()
    moods = model.emotions.columns([f"{MOOD_PREFIX}{mood}" for mood in MOODS])
    truth = np.array([MOODS.column(e.mood) for e in entries])
    turns = np.array([e.turn in ("up", "down") for e in entries])
    valence = np.array([(e.valence + second[e.id].valence) / 2.0 for e in entries])
    days, ends = joined_days(language, rng)
    whole, joined = by_rule(model, [e.text for e in entries]), by_rule(model, days)
    return [
        {
            "rule": rule,
            "language": language,
            "mood accuracy": rounded(float((p[:, moods].argmax(axis=1) == truth).mean())),
            "on days that turn": rounded(float((p[:, moods].argmax(axis=1) == truth)[turns].mean())),
            "valence r": rounded(float(np.corrcoef(p[:, model.emotions.column(VALENCE)], valence)[0, 1])),
            "later of two wins": rounded(float((joined[rule][:, moods].argmax(axis=1) == ends).mean())),
        }
        for rule, p in whole.items()
    ]


def run(spec: str, *, most: int | None = None) -> dict[str, Any]:
    """Measure every way in both languages."""
    model, rng = load_emotion_model(spec), np.random.default_rng(0)
    rows: list[dict[str, Any]] = []
    for language in ("ko", "en"):
        rows += figures(model, agreed_entries(language)[:most], language, rng)
    return {
        "title": "From sentences to the whole: held-out diaries by rule",
        "rows": rows,
        "notes": [
            f"{len(agreed_entries('ko'))} Korean and {len(agreed_entries('en'))} English held-out entries whose mood "
            f"two readers agree on; {JOINED} days a language made of two moments from the training themes.",
        ],
    }


def main() -> None:
    """Measure, print, and keep the result if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="embedded:ko-en", help="emotion model to measure with")
    parser.add_argument("--write", action="store_true", help="keep the result in results/aggregate.json")
    options = parser.parse_args()
    result = run(options.model)
    print(table(result["rows"]))
    if options.write:
        path = write_result("aggregate", "python benchmarks/bench_aggregate.py --write", result)
        print(f"written: {path.name}")


if __name__ == "__main__":
    main()
