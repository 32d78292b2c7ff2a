"""The benchmarks run at tiny sizes, and what is kept of them can be drawn; no time is asserted."""

import importlib
import importlib.util
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
RESULTS = sorted((FOLDER / "results").glob("*.json"))


def test_the_table_is_markdown(load: Callable[[str], ModuleType]) -> None:
    rows = [{"name": "a|b", "items": 1583, "ms": 0.00031}, {"name": "c", "items": 1_000_000, "ms": None}]
    assert load("_common").table(rows).splitlines() == [
        "| name | items | ms |",
        "|---|---:|---:|",
        "| a\\|b | 1,583 | 0.00031 |",
        "| c | 1,000,000 | – |",
    ]


def test_medians_are_taken_in_turns(load: Callable[[str], ModuleType]) -> None:
    order: list[str] = []
    taken = load("_common").median_seconds({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, repeats=3)
    assert order == ["a", "b"] * 4
    assert set(taken) == {"a", "b"}


def test_a_result_is_kept_and_drawn(
    load: Callable[[str], ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    common, table = load("_common"), load("table")
    monkeypatch.setattr(common, "RESULTS", tmp_path)
    data = {"title": "How long", "rows": [{"what": "nothing", "s": 0.5}], "notes": ["One run."]}
    path = common.write_result("nothing", "python benchmarks/bench_nothing.py", data)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["machine"]["libraries"] == {"numpy": np.__version__}
    drawn = table.draw(["nothing"], tmp_path)
    assert drawn.startswith(
        "### How long\n\n| what | s |\n|---|---:|\n| nothing | 0.5 |\n\n- One run.\n- `python bench"
    )
    assert table.draw(folder=tmp_path) == drawn
    with pytest.raises(ValueError, match="notes"):
        common.write_result("nothing", "", {"title": "", "rows": []})
    with pytest.raises(ValueError, match="same keys"):
        common.write_result("nothing", "", data | {"rows": [{"a": 1}, {"b": 1}]})


def test_rank_measures_what_finds_the_same(load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    bench = load("bench_rank")
    if not all(map(importlib.util.find_spec, ("sklearn", "pandas"))):
        # No extra of ilgi brings pandas; without it a plain sort stands in.
        monkeypatch.setattr(bench, "pair", by_sorting)
    sets, popularity = bench.made_up_sets()
    row = bench.measure("as films", sets[:300], popularity[:300], 1)
    assert (row["items"], row["distinct sets"]) == (300, len(np.unique(sets[:300])))
    assert all(value > 0 for key, value in row.items() if "(ms)" in key or key.startswith("×"))
    monkeypatch.setattr(bench, "matvec", lambda unit, normalised: [0.5, 0.4, 0.3])
    with pytest.raises(AssertionError, match="matvec finds other scores"):
        bench.measure("as films", sets[:300], popularity[:300], 1)


def test_forest_measures_only_what_agrees(load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn", reason="needs the extra 'train'")
    bench = load("bench_forest")
    monkeypatch.setattr(bench, "GROWN_ON", 500)
    monkeypatch.setattr(bench, "SIZES", (1, 20))
    few, grown = bench.forest(5), bench.forest
    monkeypatch.setattr(bench, "boosted", lambda: few)
    monkeypatch.setattr(bench, "forest", lambda _: few)
    rows = bench.run(1)["rows"]
    assert [row["rows"] for row in rows] == [1, 20, 1, 20]
    assert all(row["ilgi / scikit-learn"] > 0 for row in rows)
    monkeypatch.setattr(bench, "boosted", lambda: (few[0], grown(4)[1]))
    with pytest.raises(SystemExit, match="the answers differ"):
        bench.run(1)


def by_sorting(query: np.ndarray, matrix: np.ndarray) -> list[float]:
    length = np.linalg.norm(query) * np.linalg.norm(matrix, axis=1)
    return np.sort(matrix @ query[0] / length)[::-1][:3].tolist()


def test_start_says_what_fails(load: Callable[[str], ModuleType]) -> None:
    bench = load("bench_start")
    assert list(bench.commands()) == list(bench.TARGETS_S)
    with pytest.raises(SystemExit, match=r"'ilgi dance' doesn't work here.*exit code 3\): no such step"):
        bench.run_once(
            "ilgi dance", [sys.executable, "-c", "import sys; print('no such step', file=sys.stderr); sys.exit(3)"], {}
        )


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_kept_results_can_be_drawn_and_name_no_place_of_one_machine(
    path: Path, load: Callable[[str], ModuleType]
) -> None:
    assert load("table").draw([path.stem]).startswith("### ")
    text = path.read_text(encoding="utf-8")
    assert re.search(r"(?<![\w.])/(?:\w+/)+|[A-Z]:\\", text) is None
    command = json.loads(text)["command"]
    script = re.fullmatch(r"python (benchmarks/bench_\w+\.py)( --?[\w-]+| [\w.]+)*", command)
    assert script is not None
    assert (FOLDER.parent / script[1]).is_file()
