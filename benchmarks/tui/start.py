"""How long from a typed command to the first picture, and what does a start take?

    $ fancier new faces "a smiling woman with red hair, hand drawn"

in a pseudo-terminal of 160x50 cells, with an empty home. Seconds from the start of the program
until the app is drawn, until the renderer has begun a picture, until something of a picture is on
the screen, until the first picture is saved, and until the page is; the CPU seconds of the app and
of its renderer until the first picture was saved, and the most memory (PSS) that the renderer had
until the page was done. Medians and the range of the first picture; the checkouts take turns, after
one start of each that does not count. Below: what `fancier --help` takes.

    python -m benchmarks.tui.start [--runs 5] [CHECKOUT ...]

Each CHECKOUT is a folder with another version of this project, to compare with; all run in this
Python, with the caches of this user.
"""

import contextlib
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scripting.command_line import parser_of
from benchmarks.tui.latency import App, shown
from evolve import procfs
from tui.widgets.pictures.card_caption import CURSOR

HERE = Path(__file__).parents[2]
PROMPT = "a smiling woman with red hair, hand drawn"
PAGE = 12
LOOK_S = 0.004
"""Seconds from one look at the screen and the store to the next."""
OVERLAP = 200
"""Bytes that are looked at again, for a text may come in two parts."""
WEIGH_S = 0.1
"""Seconds from one look at the memory to the next."""
PATIENCE_S = 180.0
HELPS = 20
TICKS = os.sysconf("SC_CLK_TCK")
PICTURES = "[▗▖▄▝▐▞▟▘▚▌▙▀▜▛]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one start took: seconds since it was typed, unless noted."""

    drawn: float
    ready: float
    seen: float
    saved: float
    page: float
    app_cpu: float
    """CPU seconds of the app until the first picture was saved."""
    renderer_cpu: float
    """CPU seconds of its children until then."""
    memory: float
    """Most megabytes of the renderer."""


class Watched(App):
    """The program, with what can be seen of it from outside."""

    def __init__(self, source: Path, *arguments: str) -> None:
        self.began = time.perf_counter()
        super().__init__(*arguments, source=source)

    def since(self) -> float:
        """Return the seconds since the program was started."""
        return time.perf_counter() - self.began

    def news(self) -> str:
        """Return what has come to the screen since the last look, and some of before."""
        self.read(LOOK_S)
        raw, self._raw = self._raw, self._raw[-OVERLAP:]
        return shown(raw)

    def children(self) -> list[int]:
        """Return the processes that the app has started."""
        children = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError, ValueError):
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[1]) == self.pid:
                    children.append(int(stat.parent.name))
        return children


def cpu_seconds(pid: int) -> float:
    """Return what a process and those children that it waited for have used; 0 if it is gone."""
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / TICKS
    return 0.0


def pictures(population: Path) -> int:
    """Return how many pictures are saved."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        root = json.loads((population / "population.zarr/zarr.json").read_text("utf-8"))
        return int(root["attributes"]["commit"]["rows"]["renders"])
    return 0


def start(source: Path) -> Start:
    """Type the command, wait for its page, leave."""
    with tempfile.TemporaryDirectory() as home:
        app = Watched(source, "--home", home, "new", "faces", PROMPT)
        waiting = {"drawn": rf"{CURSOR} 0", "ready": r"\b\d+/8\b", "seen": PICTURES}
        moments: dict[str, float] = {}
        memory, weighed = 0.0, 0.0
        while "page" not in moments:
            if app.since() > PATIENCE_S:
                raise SystemExit(f"{source}: only {sorted(moments)} within {PATIENCE_S:.0f} s")
            news = app.news()
            for name, pattern in waiting.items():
                if name not in moments and re.search(pattern, news):
                    moments[name] = app.since()
            done = pictures(Path(home, "faces"))
            if done and "saved" not in moments:
                moments["saved"] = app.since()
                app_cpu = cpu_seconds(app.pid)
                renderer_cpu = sum(map(cpu_seconds, app.children()))
            if app.since() > weighed + WEIGH_S:
                weighed = app.since()
                sizes = [procfs.size(f"{pid}/smaps_rollup", "Pss") or 0 for pid in app.children()]
                memory = max(memory, *sizes, 0)
            if done >= PAGE:
                moments["page"] = app.since()
        app.leave()
    return Start(**moments, app_cpu=app_cpu, renderer_cpu=renderer_cpu, memory=memory / 1e6)


def helped(source: Path) -> float:
    """Return the CPU milliseconds of `fancier --help`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "tui.cli", "--help"],
        env={**os.environ, "PYTHONPATH": str(source), "PYTHONSAFEPATH": "1"},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime
    return 1000 * (used - before.ru_utime - before.ru_stime)


def row(name: str, figures: Sequence[float | str]) -> None:
    """Print a row of a table."""
    cells = [f"{each:.2f}" if isinstance(each, float) else each for each in figures]
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def medians(starts: Sequence[Start]) -> Iterator[float | str]:
    """Give the cells of a row."""
    for name in ("drawn", "ready", "seen", "saved"):
        yield statistics.median(getattr(each, name) for each in starts)
    saved = [each.saved for each in starts]
    yield f"{min(saved):.2f}–{max(saved):.2f}"
    for name in ("page", "app_cpu", "renderer_cpu"):
        yield statistics.median(getattr(each, name) for each in starts)
    yield f"{statistics.median(each.memory for each in starts):.0f} MB"


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--runs", type=int, default=5, help="starts of each checkout (default: 5)")
    parser.add_argument("checkouts", nargs="*", type=Path, help="other versions to compare with")
    asked = parser.parse_args()
    sources = {"here": HERE, **{str(each): each.resolve() for each in asked.checkouts}}
    for source in sources.values():
        start(source)
    starts: dict[str, list[Start]] = {name: [] for name in sources}
    for _ in range(asked.runs):
        for name, source in sources.items():
            starts[name].append(start(source))
    columns = "app drawn", "painting", "first glimpse", "first picture", "range", "page of 12"
    row("seconds from the command to", [*columns, "CPU of app", "of renderer", "its memory"])
    print("|" + "---|" * 10)
    for name, measured in starts.items():
        row(name, list(medians(measured)))
    print()
    row("`fancier --help`", ["CPU ms, median", "range"])
    print("|---|---|---|")
    for name, source in sources.items():
        took = [helped(source) for _ in range(HELPS)]
        row(name, [f"{statistics.median(took):.0f}", f"{min(took):.0f}–{max(took):.0f}"])


if __name__ == "__main__":
    main()
