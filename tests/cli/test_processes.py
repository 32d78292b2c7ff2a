"""The command line as people and scripts meet it: a process with pipes, locales and awkward input."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ILGI = [sys.executable, "-m", "ilgi"]
LONELY = "오늘 너무 외로웠다. 그냥 울었다."


@pytest.fixture
def shell(tiny: Any, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs a line of shell in which `ilgi` is the command and $flags name the tiny bundle."""

    def run(line: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
        setup = 'flags="--bundle $BUNDLE --catalog $CATALOG"; ilgi() { "$PYTHON" -m ilgi "$@"; }; '
        values = {"PYTHON": sys.executable, "BUNDLE": str(tiny.bundle), "CATALOG": str(tiny.catalog)}
        return subprocess.run(
            ["bash", "-c", setup + line, "bash", *arguments],
            capture_output=True,
            env={**os.environ, **values, **environment},
            cwd=tmp_path,
            timeout=120,
        )

    return run


def test_a_text_becomes_three_films(shell: Any) -> None:
    result = shell('ilgi recommend "$1" $flags', LONELY)
    assert (result.returncode, result.stderr) == (0, b"")
    lines = result.stdout.decode().splitlines()
    assert lines[0].startswith("슬픔")
    assert lines[0].endswith("묻어나는 하루로 읽혔어요.")
    assert sum(line[:3].strip().isdigit() for line in lines) == 3
    answer = json.loads(shell('ilgi recommend "$1" --json $flags', LONELY).stdout)
    assert max(answer["mood"], key=answer["mood"].get) == "sadness"
    assert "Drama" in answer["items"][0]["labels"]
    assert answer["items"][0]["evidence"][0]["emotion"] == "sadness"


def test_the_feeling_decides(shell: Any) -> None:
    """Over the same catalogue, joy is answered with comedy and fear with horror."""
    for text, genre in (("We laughed, it was wonderful.", "Comedy"), ("I was so scared and afraid.", "Horror")):
        answer = json.loads(shell('ilgi recommend "$1" --json $flags', text).stdout)
        assert genre in answer["items"][0]["labels"]


TRICKY = 'I can\'t say "why"; it cost $5 and `date` $(date) \\n\n! # 끝 [/x] 내\n* 100% \t ~\n'


def test_every_way_in_hands_the_text_over_unchanged(shell: Any, tmp_path: Path) -> None:
    (tmp_path / "day.txt").write_text(TRICKY, encoding="utf-8")
    answers = [
        shell(line, TRICKY).stdout
        for line in (
            "printf '%s' \"$1\" | ilgi emotions - --json --bundle $BUNDLE",
            "printf '%s' \"$1\" | ilgi emotions --json --bundle $BUNDLE",
            'ilgi emotions "$1" --json --bundle $BUNDLE',
            "ilgi emotions --file day.txt --json --bundle $BUNDLE",
        )
    ]
    assert len(set(answers)) == 1
    read = "".join(sentence["text"] for sentence in json.loads(answers[0])["sentences"])
    assert "".join(read.split()) == "".join(TRICKY.split())


@pytest.mark.parametrize("locale", ["C", "en_US.ISO-8859-1"])
def test_korean_in_any_locale(tiny: Any, locale: str) -> None:
    def run(*text: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*ILGI, "recommend", *text, *tiny.flags],
            input=LONELY.encode(),
            capture_output=True,
            env={**os.environ, **environment},
            timeout=60,
        )

    expected = run("-").stdout
    foreign = {"LANG": locale, "LC_ALL": locale}
    # Also where Python is told not to help itself.
    for result in (run("-", **foreign), run("-", **foreign, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")):
        assert (result.returncode, result.stderr) == (0, b"")
        assert result.stdout == expected
    assert run(LONELY, LANG="C", LC_ALL="C").stdout == expected


def test_invalid_bytes_in_an_argument(shell: Any) -> None:
    for command in ("recommend", "emotions"):
        for option in ("", "--json"):
            flags = "$flags" if command == "recommend" else "--bundle $BUNDLE"
            result = shell(f"ilgi {command} $'I cried \\xff\\xed\\xa0\\x80 all day' {option} {flags}")
            assert (result.returncode, result.stderr) == (0, b"")
            assert "cried" in result.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ilgi recommend <&- $flags", "standard input is closed"),
        ("ilgi recommend - <&- $flags", "standard input is closed"),
        ("ilgi emotions --jsonl <&- --bundle $BUNDLE", "standard input is closed"),
        ("ilgi recommend < /dev/null $flags", "empty"),
        ("head -c 1000 $PYTHON | ilgi recommend - $flags", "not text"),
        ("printf '\\377\\376x' | ilgi recommend - $flags", "not UTF-8"),
        ("head -c 10485761 /dev/zero | tr '\\0' a | ilgi recommend - $flags", "over 10 MiB"),
        ("ilgi recommend --file missing.txt $flags", "missing.txt"),
        ("ilgi recommend --file . $flags", "directory"),
        ("ilgi recommend x --genre Drma $flags", "did you mean 'Drama'"),
        ("ilgi recommend x --bundle nowhere", "no bundle"),
        ("ilgi recommend x --bundle $BUNDLE --catalog $BUNDLE", "no catalogue"),
        ("ilgi recommend x --bundle $BUNDLE --catalog nowhere", "no bundle"),
        ("ilgi recommend x --model nonsense $flags", "no emotion model"),
    ],
)
def test_what_the_caller_can_mend(shell: Any, line: str, message: str) -> None:
    result = shell(line)
    assert result.returncode == 2
    assert result.stdout == b""
    errors = result.stderr.decode()
    assert errors.startswith("ilgi: ")
    assert errors.count("\n") == 1
    assert message in errors


def test_a_reader_that_takes_one_line(shell: Any) -> None:
    """The third word behind the output is the exit code of `ilgi`; those before it belong to what feeds it."""
    for line in (
        'true | true | ilgi recommend "$1" -n 1000 $flags | head -1',
        'true | true | ilgi recommend "$1" --json $flags | head -c 1',
        'yes \'{"text": "I cried"}\' | head -20000 | ilgi emotions --jsonl --bundle $BUNDLE | head -1',
    ):
        result = shell(line + '; echo " ${PIPESTATUS[@]}"', LONELY)
        assert result.stderr == b""
        assert result.stdout.split(b" ")[-2:] == [b"0", b"0\n"]


@pytest.mark.parametrize("command", ["recommend", "emotions"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_is_gone_before_anything_comes(tiny: Any, command: str, unbuffered: str) -> None:
    flags = tiny.flags if command == "recommend" else tiny.flags[:2]
    process = subprocess.Popen(
        [*ILGI, command, LONELY, *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(60) == 0


def test_interrupted(tiny: Any) -> None:
    """Ctrl-C between two lines of a stream: what was answered stays, nothing else is said."""
    process = subprocess.Popen(
        [*ILGI, "emotions", "--jsonl", *tiny.flags[:2]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(b'{"id": 1, "text": "I cried"}\n')
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == 1
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    with process.stdin, process.stdout, process.stderr:
        assert process.stdout.read() == b""
        assert process.stderr.read() == b""


def test_a_terminal_is_asked_and_answered(tiny: Any) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*ILGI, "recommend", *tiny.flags],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "LC_ALL": "ko_KR.UTF-8"},
    )
    os.write(ours, f"{LONELY}\n".encode())
    output, errors = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0
    assert errors.decode() == "오늘 어떤 일이 있었나요?\n> "
    assert output.decode().count("〈") >= 3


def test_texts_of_a_stream_do_not_influence_each_other(tiny: Any) -> None:
    texts = ["오늘 너무 외로웠다.", "We laughed. It was wonderful.", "", "I was scared " * 50, "빨래를 갰다"]
    lines = [json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts)]

    def answers(stream: str) -> list[bytes]:
        result = subprocess.run(
            [*ILGI, "emotions", "--jsonl", *tiny.flags[:2]], input=stream.encode(), capture_output=True, timeout=60
        )
        assert (result.returncode, result.stderr) == (0, b"")
        return result.stdout.splitlines()

    together = answers("".join(lines))
    assert answers("".join(reversed(lines))) == together[::-1]
    assert answers(lines[1]) == [together[1]]


def test_the_imported_catalogue_by_its_name(shell: Any, tiny: Any, tmp_path: Path) -> None:
    (tmp_path / "home" / "catalogs").mkdir(parents=True)
    (tmp_path / "home" / "catalogs" / "mine").symlink_to(tiny.catalog)
    result = shell("ilgi recommend x --bundle $BUNDLE --catalog mine", ILGI_HOME=str(tmp_path / "home"))
    assert (result.returncode, result.stderr) == (0, b"")


def test_ten_megabytes_are_read_whole(tiny: Any, tmp_path: Path) -> None:
    """Nothing is cut: the last sentence, which alone says something, is in the answer."""
    line = "비가 와서 " * 20 + "나가지 않았다.\n"
    last = "마지막에는 울었다."
    times = (10 * 2**20 - len(last.encode())) // len(line.encode())
    path = tmp_path / "years.txt"
    path.write_text(line * times + last, encoding="utf-8")
    assert path.stat().st_size > 10_000_000
    started = time.monotonic()
    result = subprocess.run([*ILGI, "emotions", "--file", str(path), *tiny.flags[:2]], capture_output=True, timeout=300)
    assert (result.returncode, result.stderr) == (0, b"")
    assert time.monotonic() - started < 120
    lines = result.stdout.decode().splitlines()
    assert sum(line.count("비가") for line in lines) == 20 * times
    assert lines[-1].strip() == f"{last}  (슬픔)"


def test_no_diary_text_outside_the_answer(shell: Any, tmp_path: Path) -> None:
    """A marked text goes through every way of failing; standard error and the disk never hold it."""
    mark = "MARKED비밀4711"
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text('{"format": "ilgi-bundle", "schema": 1}')
    for line in (
        'ilgi recommend "$1" $flags',
        'ilgi recommend "$1" --details --json $flags',
        'ilgi recommend "$1" --bundle broken',
        'ilgi recommend "$1" -n 0 $flags',
        'ilgi recommend "$1" --genre Nope $flags',
        'printf "%s\\0" "$1" | ilgi recommend - $flags',
        'printf "%s\\377" "$1" | ilgi emotions - --bundle $BUNDLE',
        'printf "{\\"text\\": \\"%s" "$1" | ilgi emotions --jsonl --bundle $BUNDLE',
        'ilgi recommend "$1" $flags > /dev/full',
        'ilgi recommend "$1" $flags > /nowhere/at/all',
    ):
        result = shell(line, mark)
        assert mark not in result.stderr.decode(), line
        assert b"Traceback" not in result.stderr, line
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and mark in path.read_text(errors="replace")]


def test_the_embedded_bundle_answers_in_both_languages() -> None:
    from ilgi.catalog.store import embedded_catalogs
    from ilgi.recommender import EMBEDDED_BUNDLES

    if not (EMBEDDED_BUNDLES / "movies" / "manifest.json").is_file() or "movies" not in embedded_catalogs():
        pytest.skip("no embedded bundle or catalogue: make it with the recipe in recipes/")
    for text, language in ((LONELY, "ko"), ("I cried all evening and missed her.", "en")):
        result = subprocess.run([*ILGI, "recommend", text, "--json"], capture_output=True, timeout=60)
        assert (result.returncode, result.stderr) == (0, b"")
        answer = json.loads(result.stdout)
        assert answer["language"] == language
        assert max(answer["mood"], key=answer["mood"].get) == "sadness"
        assert len(answer["labels"]) == 19
        assert len({item["id"] for item in answer["items"]}) == 3
        assert all(item["title"] and item["year"] and item["reasons"] for item in answer["items"])
