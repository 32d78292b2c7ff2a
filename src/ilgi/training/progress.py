"""How long work tells how far it is: a bar on a terminal, a line now and then elsewhere, or nothing.

Everything goes to standard error, so that a result on standard output stays clean.
"""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import IO, Protocol, Self

_TENTHS_BELOW = 10.0


class Progress(Protocol):
    """One reporter serves many tasks, one after the other."""

    def say(self, line: str) -> None:
        """Show one line of news."""

    def start(self, what: str, total: int, unit: str) -> None:
        """Begin a task of `total` units ("reviews"); the one before has ended."""

    def advance(self, amount: int) -> None:
        """Say that `amount` more units are done."""

    def finish(self) -> None:
        """End the task."""


class Silent:
    """Shows nothing."""

    def say(self, line: str) -> None:
        """Ignore the line."""

    def start(self, what: str, total: int, unit: str) -> None:
        """Ignore the task."""

    def advance(self, amount: int) -> None:
        """Ignore the amount."""

    def finish(self) -> None:
        """Ignore the end."""


class LineProgress:
    """Writes a plain line at most every few seconds, for logs."""

    def __init__(self, stream: IO[str], *, every_s: float = 10.0, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep where to write and how often.

        Args:
            stream: Usually standard error.
            every_s: Seconds between two lines of one task.
            clock: Seconds that only grow; a test brings its own.
        """
        self._stream = stream
        self._every_s = every_s
        self._clock = clock
        self._what, self._unit, self._total, self._done = "", "", 0, 0
        self._began = self._last = 0.0
        self._told = False

    def say(self, line: str) -> None:
        """Write the line."""
        print(line, file=self._stream, flush=True)

    def start(self, what: str, total: int, unit: str) -> None:
        """Begin a task without a word: one that is quick needs none."""
        self._what, self._unit, self._total, self._done = what, unit, total, 0
        self._began = self._last = self._clock()
        self._told = False

    def advance(self, amount: int) -> None:
        """Count, and write a line when the last one is old enough."""
        self._done += amount
        now = self._clock()
        if now - self._last >= self._every_s:
            self._last = now
            self._told = True
            rate = self._done / max(now - self._began, 1e-9)
            left = (self._total - self._done) / rate if rate > 0 else 0.0
            self.say(
                f"{self._what}: {self._done} of {self._total} {self._unit}, {told_rate(rate)} a second, "
                f"about {told_seconds(left)} left"
            )

    def finish(self) -> None:
        """Write a last line where the task was long enough for one before."""
        if self._told:
            self.say(f"{self._what}: {self._done} {self._unit} in {told_seconds(self._clock() - self._began)}")


class BarProgress:
    """Draws a bar with rate and time left (rich). Use it as a context manager."""

    def __init__(self) -> None:
        """Prepare the bar; it appears with the first task."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TaskID, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars
        from rich.progress import Task as BarTask
        from rich.text import Text

        class _Rate(ProgressColumn):
            def render(self, task: BarTask) -> Text:
                speed = task.finished_speed or task.speed
                return Text(f"{told_rate(speed)} {task.fields['unit']}/s" if speed else "")

        self._text = Text
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            speed_estimate_period=60.0,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Start drawing."""
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop drawing and give the terminal back."""
        self._bars.stop()

    def say(self, line: str) -> None:
        """Print the line above the bar, as it is."""
        self._bars.console.print(self._text(line), highlight=False)

    def start(self, what: str, total: int, unit: str) -> None:
        """Draw a new bar."""
        self.finish()
        self._task = self._bars.add_task(what, total=total, unit=unit)

    def advance(self, amount: int) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bars.advance(self._task, amount)

    def finish(self) -> None:
        """Take the bar away."""
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None


@contextlib.contextmanager
def open_progress() -> Iterator[Progress]:
    """Give the reporter that suits standard error: a bar on a terminal, lines elsewhere."""
    if sys.stderr.isatty():
        with BarProgress() as bar:
            yield bar
    else:
        yield LineProgress(sys.stderr)


def told_rate(rate: float) -> str:
    """Return a rate with as many digits as mean something ("3.4", "250")."""
    return f"{rate:.1f}" if rate < _TENTHS_BELOW else f"{rate:.0f}"


def told_seconds(seconds: float) -> str:
    """Return a duration in words ("45 s", "3 min 20 s", "2 h 05 min")."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def told_count(count: int, noun: str) -> str:
    """Return a number with its noun ("1 review", "2,048 reviews")."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
