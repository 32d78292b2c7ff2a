"""Writes the parts of the docs that come from code: `python tools/docs.py`; with `--check` it only compares.

A part stands between `<!-- begin NAME -->` and `<!-- end NAME -->` in a Markdown file. Output is what the command
prints, tables are drawn from result files and from the embedded bundle's manifest, help is what `ilgi --help` says.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ilgi.catalog.axes import AXES
from ilgi.families import FAMILIES, KOTE_WORDS, family_of, family_word
from ilgi.ranking.goals import LIMITS, TARGETS, directions, goal_word
from ilgi.training.compare_report import comparison_text
from ilgi.training.mood_measure import mood_tags_text
from ilgi.words import GOEMOTIONS, emotion_word

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = (
    "README.md", "README.ko.md", "docs/cli.md", "docs/benchmarks.md", "docs/words.md", "docs/laboratory.md",
    "docs/goals.md",
)  # fmt: skip
_PART: Final = re.compile(r"(<!-- begin ([\w-]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)
_COMMANDS: Final = (
    (), ("recommend",), ("emotions",), ("annotate",), ("train",), ("evaluate",), ("catalog",), ("catalog", "import"),
    ("catalog", "list"), ("catalog", "show"), ("catalog", "search"), ("catalog", "build"), ("bundle",),
    ("bundle", "show"), ("bundle", "verify"), ("config",), ("config", "show"),
)  # fmt: skip


def ilgi(*arguments: str, text: str = "") -> str:
    """Return what `ilgi` prints, on lines of at most 88 columns."""
    environment = {**os.environ, "COLUMNS": "88", "PYTHONUTF8": "1"}
    done = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", "ilgi", *arguments],
        input=text.encode(),
        capture_output=True,
        check=True,
        env=environment,
    )
    return done.stdout.decode().rstrip()


def sample(language: str) -> str:
    """Return the sample entry that `make run` reads in a language."""
    found = re.search(rf"^{language.upper()}_SAMPLE = (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    if found is None:
        sys.exit(f"the Makefile has no sample for {language!r}")
    return found.group(1)


def run_output(language: str) -> str:
    """Return what `make run` prints for one sample."""
    text = sample(language)
    return f"```\n“{text}”\n\n{ilgi('recommend', '-', text=text)}\n```"


def manifest() -> Mapping[str, Any]:
    """Return the embedded bundle's manifest."""
    file = ROOT / "src" / "ilgi" / "data" / "bundles" / "movies" / "manifest.json"
    content: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    return content


def quality(words: Mapping[str, str]) -> str:
    """Return the short table of label quality on the films that were never trained on."""
    report = manifest()["metrics"]["assessment"]
    rows = [f"| {words['from']} | {words['model']} | macro AP | LRAP | nDCG@5 |", "|---|---|---|---|---|"]
    for view in ("one_review", "film_mean"):
        for model in ("prior", "prototype", "ours"):
            cells = []
            for metric in ("macro_ap", "lrap", "ndcg_5"):
                figure = report[view]["all"][model][metric]
                cells.append(f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]")
            rows.append(f"| {words[view]} | {words[model]} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


EN: Final = {
    "from": "from", "model": "who predicts", "one_review": "one review", "film_mean": "all reviews of a film",
    "prior": "base rates alone", "prototype": "the prototype's rule", "ours": "ilgi",
}  # fmt: skip
KO: Final = {
    "from": "무엇으로", "model": "누가", "one_review": "리뷰 하나", "film_mean": "그 영화의 리뷰 모두",
    "prior": "기본 비율만", "prototype": "시제품의 방식", "ours": "ilgi",
}  # fmt: skip


_READ: Final = (
    ("tweeteval", "mood_macro_f1", "TweetEval emotion, 4", "macro-F1"),
    ("goemotions_en", "macro_f1", "GoEmotions, 28", "macro-F1"),
    ("goemotions_ko", "macro_f1", "GoEmotions-Korean, 28", "macro-F1"),
    ("kote_44", "macro_f1", "KOTE, 44", "macro-F1"),
    ("isear", "macro_f1_of_7", "ISEAR, 7", "macro-F1"),
    ("emobank", "valence_r", "EmoBank valence", "r"),
    ("emobank", "arousal_r", "EmoBank arousal", "r"),
    ("diaries_ko", "mood_accuracy", "diaries of ours, Korean, 4", "accuracy"),
    ("diaries_en", "mood_accuracy", "diaries of ours, English, 4", "accuracy"),
)


def reading(head: str) -> str:
    """Return the short table of how well feelings are read, on validation texts, with standard errors."""
    found = manifest()["metrics"]["emotion"]
    rows = [head, "|---|---|---:|---:|"]
    for source, key, name, metric in _READ:
        part = found.get(source, {})
        if key in part:
            rows.append(f"| {name} | {metric} | {part['rows']:,} | {part[key]:.3f} ± {part[key + '_se']:.3f} |")
    return "\n".join(rows)


def compared(name: str) -> str:
    """Return the report of a comparison that is kept, without its title."""
    report: Mapping[str, Any] = json.loads((ROOT / f"benchmarks/comparisons/{name}.json").read_text("utf-8"))
    return re.sub(r"^#", "##", comparison_text(report).partition("\n")[2].strip(), flags=re.MULTILINE)


MODELS_KO: Final = {
    "as the prototype": "시제품 그대로",
    "the same with BCE": "시제품에 BCE",
    "mixed activations": "층마다 다른 활성 함수",
    "network": "신경망",
    "network, MSE": "신경망, MSE",
    "logistic regression": "로지스틱 회귀",
    "random forest": "랜덤 포레스트",
    "extra trees": "엑스트라 트리",
    "boosted trees": "부스팅 트리",
    "nearest neighbours": "최근접 이웃",
    "base rates": "기본 비율",
}


def laboratory(head: str, names: Mapping[str, str]) -> str:
    """Return the short form of the laboratory's table: model × input, macro AP from one review.

    Args:
        head: What to call the models.
        names: Model → how it is called; a model that isn't there keeps its name.
    """
    report: Mapping[str, Any] = json.loads((ROOT / "benchmarks/comparisons/laboratory.json").read_text("utf-8"))
    inputs = list(dict.fromkeys(row["input"] for row in report["rows"] if row["input"]))
    best = max(row["one_review"]["all"]["macro_ap"]["value"] for row in report["rows"])
    cells: dict[str, dict[str, str]] = {}
    for row in report["rows"]:
        value = row["one_review"]["all"]["macro_ap"]["value"]
        cells.setdefault(row["model"], {})[row["input"]] = f"**{value:.3f}**" if value == best else f"{value:.3f}"
    lines = [f"| {head} | {' | '.join(inputs)} |", "|---|" + "---:|" * len(inputs)]
    for model, found in cells.items():
        # Base rates read no input.
        told = [found.get(name, found.get("", "")) for name in inputs]
        lines.append(f"| {names.get(model, model)} | {' | '.join(told)} |")
    return "\n".join(lines)


def mood_tags() -> str:
    """Return the kept report of the measure by tags of mood."""
    report: Mapping[str, Any] = json.loads((ROOT / "benchmarks/comparisons/mood_tags.json").read_text("utf-8"))
    return f"```\n{mood_tags_text(report)}\n```"


def help_pages() -> str:
    """Return the help of every command."""
    pages = []
    for command in _COMMANDS:
        name = " ".join(("ilgi", *command))
        pages.append(f"## `{name}`\n\n```\n{ilgi(*command, '--help')}\n```")
    return "\n\n".join(pages)


def benchmarks() -> str:
    """Return the sections of all benchmark results."""
    done = subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, str(ROOT / "benchmarks" / "table.py")], capture_output=True, check=True
    )
    return done.stdout.decode().rstrip()


def word_table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def goals() -> str:
    """Return the table of every goal: family by axis, and the limits."""
    parts = []
    for goal in TARGETS:
        rows = directions(goal, AXES)
        same = bool((rows == rows[0]).all())
        shown = [("every family", rows[0])] if same else list(zip(FAMILIES, rows, strict=True))
        cells = ((name, *(f"{v:+.2f}" if v else "" for v in row)) for name, row in shown)
        title = f"## {goal}: {goal_word(goal, 'en')} · {goal_word(goal, 'ko')}"
        parts.append(f"{title}\n\n{word_table(('family', *AXES), cells)}")
    limits = ", ".join(f"{axis} {most:g}" for axis, most in LIMITS.items())
    return "\n\n".join([*parts, f"Limits, in standard deviations over all films: {limits}."])


def families() -> str:
    """Return the table of families with the emotions that lie in each."""
    return word_table(
        ("family", "한국어", "English", "emotions of the 28"),
        (
            (f, family_word(f, "ko"), family_word(f, "en"), ", ".join(e for e in GOEMOTIONS if family_of(e) == f))
            for f in FAMILIES
        ),
    )


def emotion_words() -> str:
    """Return the table of the 28 emotions' words."""
    return word_table(
        ("label", "한국어", "English", "family"),
        ((e, emotion_word(e, "ko"), emotion_word(e, "en"), family_of(e)) for e in GOEMOTIONS),
    )


def kote_words() -> str:
    """Return the table of the 44 labels' words."""
    return word_table(("label", "한국어", "English", "family"), ((k, *words) for k, words in KOTE_WORDS.items()))


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "run-ko": lambda: run_output("ko"),
    "run-en": lambda: run_output("en"),
    "quality-en": lambda: quality(EN),
    "quality-ko": lambda: quality(KO),
    "reading-en": lambda: reading("| texts | figure | rows | ilgi |"),
    "reading-ko": lambda: reading("| 글 | 지표 | 글 수 | ilgi |"),
    "help": help_pages,
    "shift": lambda: compared("shift"),
    "laboratory": lambda: compared("laboratory"),
    "mood-tags": mood_tags,
    "laboratory-en": lambda: laboratory("label model", {}),
    "laboratory-ko": lambda: laboratory("라벨 모델", MODELS_KO),
    "benchmarks": benchmarks,
    "goals": goals,
    "families": families,
    "emotion-words": emotion_words,
    "kote-words": kote_words,
}


def written(page: str) -> str:
    """Return a page with its parts as they should be now."""
    text = (ROOT / page).read_text("utf-8")
    return _PART.sub(lambda m: f"{m.group(1)}{PARTS[m.group(2)]()}\n{m.group(3)}", text)


def main() -> None:
    """Write the pages, or with `--check` name those that are out of date."""
    stale = [page for page in PAGES if written(page) != (ROOT / page).read_text("utf-8")]
    if "--check" in sys.argv[1:]:
        if stale:
            sys.exit(f"out of date: {', '.join(stale)}; run python tools/docs.py")
        return
    for page in stale:
        (ROOT / page).write_text(written(page), "utf-8")
        print(f"wrote {page}")


if __name__ == "__main__":
    main()
