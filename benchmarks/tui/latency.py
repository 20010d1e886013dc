"""Does the app answer at once, whatever the machine is doing for it?

The real program in a pseudo-terminal of 160x50 cells. A key is timed from being written to the
terminal until the bytes that can only be its answer are read: the caption under the cursor, with
the number or the stars that the key leads to. Pauses between keys are random, so that they fall on
any moment; the pictures have many steps, so that painting lasts as long as the keys do. Also: how
long after the start the first picture is there, and how long after `q` the program is gone.

    python -m benchmarks.tui.latency [--keys 200]
"""

import contextlib
import fcntl
import os
import pty
import random
import re
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scripting.command_line import parser_of
from populations import Population
from populations.studio.new import CreateRequest, config_of
from populations.studio.opening import search_on
from tui.widgets.pictures.card_caption import CURSOR, STAR

COLUMNS, LINES, PAGE = 160, 50, 12
FANCIER = [sys.executable, "-m", "tui.cli"]
LOADING = 4.0
"""Seconds after the first picture in which the model is surely being loaded."""
PAUSE = 0.25
"""Mean seconds between two keys."""
STARTS = 6
"""Times that the app is started for keys while the model loads: it loads for seconds only."""
STEPS = 150
"""Sampler steps of each picture."""
BEGUN = 4
"""Pictures at the beginning of a page that are painted together: others cannot be rated yet."""
ANSWERS = {b"\x1b[c": b"\x1b[?62;22c"}
"""What a terminal without graphics says of itself when it is asked."""
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?<>=]*[ -/]*[@-~]|[PX^_][^\x1b]*\x1b\\|[78=>])")


def shown(raw: bytes) -> str:
    """Return the text among the bytes that a terminal gets."""
    return _ESCAPE.sub("", raw.decode(errors="replace"))


class App:
    """The program in a pseudo-terminal."""

    def __init__(self, *arguments: str, source: Path | None = None) -> None:
        """Start it, of another checkout than this one if `source` is its folder."""
        self.pid, self._end = pty.fork()
        if not self.pid:
            environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            if source is not None:
                environ |= {"PYTHONPATH": str(source), "PYTHONSAFEPATH": "1"}
            environ.pop("TMUX", None)
            environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("4H", LINES, COLUMNS, 0, 0))
            os.execve(sys.executable, [*FANCIER, *arguments], environ)
        self._raw = b""

    def write(self, keys: str) -> None:
        """Type, and forget what was on the screen before."""
        self.read(0)
        self._raw = b""
        os.write(self._end, keys.encode())

    def read(self, seconds: float) -> bool:
        """Read what comes within this time, or at once if something is there; False at the end."""
        if select.select([self._end], [], [], seconds)[0]:
            try:
                new = os.read(self._end, 1 << 16)
            except OSError:
                return False
            for question, answer in ANSWERS.items():
                if question in new:
                    os.write(self._end, answer)
            self._raw += new
            return bool(new)
        return True

    def wait(self, text: str, seconds: float = 120) -> float:
        """Wait for a text on the screen and return when it came."""
        wanted, end = re.compile(text), time.perf_counter() + seconds
        while time.perf_counter() < end and self.read(0.5):
            now = time.perf_counter()
            if wanted.search(shown(self._raw)):
                return now
        raise SystemExit(f"'{text}' did not come within {seconds} s")

    def rest(self, seconds: float) -> None:
        """Let the app go on for a while."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
            self._raw = b""

    def leave(self) -> float:
        """Press the key that ends the app, and return the seconds until it is gone."""
        began = time.perf_counter()
        self.write("qq")  # twice, in case a page is still being bred
        while self.read(0.5):
            pass
        os.waitpid(self.pid, 0)
        return time.perf_counter() - began


class Fingers:
    """Press keys that move and rate, and time each until it is answered."""

    def __init__(self, app: App, seed: int = 0, places: int = PAGE) -> None:
        self._app, self._rng, self._places = app, random.Random(seed), places
        self._turn = self._place = self._stars = 0

    def press(self) -> float:
        """Press one key and return the milliseconds until its answer."""
        if self._turn % 2:
            self._stars = self._stars % 5 + 1
            key, answer = str(self._stars), rf" {re.escape(STAR * self._stars)}(?!\{STAR})"
        elif self._place < self._places - 1:
            self._place += 1
            key, answer = "l", r"(?!\d)"
        else:
            self._place, key, answer = 0, "g", r"(?!\d)"
        self._turn += 1
        self._app.rest(self._rng.expovariate(1 / PAUSE))
        began = time.perf_counter()
        self._app.write(key)
        took = self._app.wait(f"{CURSOR} {self._place}{answer}") - began
        return took * 1000


@contextlib.contextmanager
def population(steps: int = 8) -> Iterator[list[str]]:
    """Make a population of a page, and give the arguments that name it."""
    with tempfile.TemporaryDirectory() as folder:
        config = config_of(
            CreateRequest(name="keys", prompt="a man with a beard", seed=1, page=PAGE)
        )
        config["settings"]["steps"] = steps
        founders = search_on(config).ask(PAGE)
        Population.create(Path(folder), "keys", config, rows=founders).close()
        yield ["--home", folder]


@contextlib.contextmanager
def copied(home: list[str]) -> Iterator[list[str]]:
    """Copy a home, in which nothing is rated yet, and give the arguments that name it."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(home[1], folder, dirs_exist_ok=True)
        yield ["--home", folder]


def show_row(moment: str, took: list[float]) -> None:
    """Print a row of the table."""
    took.sort()
    figures = statistics.median(took), took[int(len(took) * 0.95)], took[-1]
    print(f"{moment:<28}{len(took):>6}" + "".join(f"{ms:>10.0f}" for ms in figures), flush=True)


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--keys", type=int, default=200, help="keys while painting, and at rest")
    count = parser.parse_args().keys
    print(f"{'a key':<28}{'keys':>6}{'median ms':>10}{'95 %':>10}{'worst':>10}")
    with population() as home:
        subprocess.run([*FANCIER, *home, "paint", "keys"], check=True, capture_output=True)
        compiling = App(*home, "open", "--read-only", "keys")
        compiling.wait(CURSOR)
        compiling.leave()
        shown, loading = [], []
        for turn in range(STARTS):
            with copied(home) as fresh:
                began, app = time.perf_counter(), App(*fresh, "open", "keys")
                first = app.wait("[▗▖▄▝▐▞▟▘▚▌▙▀▜▛]")
                shown.append(first - began)
                fingers = Fingers(app, seed=turn)
                while time.perf_counter() < first + LOADING:
                    loading.append(fingers.press())
                app.rest(1)
                app.leave()
        show_row("while the model loads", loading)
        app = App(*home, "open", "keys")
        app.wait(CURSOR)
        app.rest(3 * LOADING)
        fingers = Fingers(app)
        show_row("when nothing is painted", [fingers.press() for _ in range(count)])
        at_rest = app.leave()
        app = App(*home, "open", "keys")
        app.wait(CURSOR)
        app.rest(1)
        while_loading = app.leave()
    with population(STEPS) as home:
        app = App(*home, "open", "keys")
        app.wait(f"3/{STEPS}")
        app.rest(2)
        fingers = Fingers(app, places=BEGUN)
        show_row("while painting", [fingers.press() for _ in range(count)])
        while_painting = app.leave()
    print(
        f"first picture {statistics.median(shown):.2f} s after the start (median of {len(shown)}, "
        f"worst {max(shown):.2f}); gone {at_rest:.2f} s after q,",
        end=" ",
    )
    print(f"{while_loading:.2f} s while the model loads, {while_painting:.2f} s while painting")


if __name__ == "__main__":
    main()
