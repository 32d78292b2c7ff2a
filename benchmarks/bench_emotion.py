"""How many texts a second the embedded emotion model reads, beside the prototype's kind of model on the same cores.

    python benchmarks/bench_emotion.py [--write] [--texts 64] [--repeats 5]

The peer is RoBERTa-base (Liu et al. 2019) as the prototype used it: PyTorch, float32, batches of 16. Its weights are
drawn at random, because speed does not depend on them; its texts are 100 tokens of its own, ours are texts that our
tokenizers cut into 100 tokens, read from the text on. All take turns. Needs the extra `hf`.
"""

import argparse
import os
from collections.abc import Callable
from typing import Any, Final

from _common import median_seconds, rounded, table, write_result

TOKENS: Final = 100
BATCH: Final = 16
PEER: Final = "RoBERTa-base, PyTorch float32, batches of 16"
TARGET: Final = 12.0
"""How many times the peer's throughput ours should have."""
WORDS: Final = {
    "en": "today the rain came and i walked home with my sister and we talked about the old house",
    "ko": "오늘 비가 와서 동생과 집까지 걸으며 옛날 집 이야기를 오래 했다",
}
"""What the texts are made of."""


def text_of(tokenizer: Any, language: str, start: int) -> str:  # noqa: ANN401
    """Return a text that a tokenizer cuts into exactly 100 tokens, or the longest that stays below."""
    words = WORDS[language].split()
    text = words[start % len(words)]
    for i in range(1, TOKENS):
        longer = f"{text} {words[(start + i) % len(words)]}"
        if len(tokenizer.encode(longer).ids) > TOKENS:
            break
        text = longer
    return text


def peer(texts: int, threads: int) -> Callable[[], object]:
    """Return a call that reads so many texts of 100 tokens with RoBERTa-base."""
    import torch
    from transformers import RobertaConfig, RobertaForSequenceClassification

    torch.manual_seed(0)
    torch.set_num_threads(threads)
    model = RobertaForSequenceClassification(
        RobertaConfig(vocab_size=50265, max_position_embeddings=514, type_vocab_size=1, num_labels=4)
    ).eval()
    ids = torch.randint(10, 50000, (texts, TOKENS))

    def read() -> None:
        with torch.inference_mode():
            for start in range(0, texts, BATCH):
                model(input_ids=ids[start : start + BATCH])

    return read


def run(texts: int, repeats: int, spec: str = "embedded:ko-en") -> dict[str, Any]:
    """Measure both in turns."""
    from tokenizers import Tokenizer

    from ilgi.emotion.load import load_emotion_model

    threads = os.cpu_count() or 1
    model: Any = load_emotion_model(spec)
    calls: dict[str, Callable[[], object]] = {PEER: peer(texts, threads)}
    for language in ("en", "ko"):
        tokenizer = Tokenizer.from_buffer(model.state().files[f"tokenizer-{language}.json"])
        own = [text_of(tokenizer, language, i) for i in range(texts)]
        calls[f"ilgi, {language}, text to scores"] = lambda own=own: model.predict_proba(own)  # type: ignore[misc]
    taken = median_seconds(calls, repeats=repeats)
    return {
        "title": f"Texts of {TOKENS} tokens a second, {threads} threads",
        "rows": [
            {
                "model": name,
                "texts/s": rounded(texts / taken[name]),
                "× RoBERTa-base": rounded(taken[PEER] / taken[name]),
                "target ×": None if name == PEER else TARGET,
            }
            for name in calls
        ],
        "notes": [f"Medians of {repeats} runs over {texts} texts, in turns."],
        "texts": texts,
        "repeats": repeats,
    }


def main() -> None:
    """Measure, print, and keep the result if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="keep the result in results/emotion.json")
    options = parser.parse_args()
    result = run(options.texts, options.repeats)
    print(table(result["rows"]))
    if options.write:
        libraries = ("numpy", "onnxruntime", "torch", "transformers", "ilgi")
        path = write_result("emotion", "python benchmarks/bench_emotion.py --write", result, libraries=libraries)
        print(f"written: {path.name}")


if __name__ == "__main__":
    main()
