"""Does a run of any strategy that is killed again and again end as one that never was?

For each strategy a run breeds once undisturbed. Then once more, killed with SIGKILL at moments
spread over the run, until enough kills are done (one that is ready before its time is begun again);
then it is let finish. Genomes, pictures, scores and what drafts cost are compared, and the
population is checked after each kill. One kill in four is a SIGTERM instead.

With `--real` it is `fancier run` with the embedded model that is killed, and after a SIGTERM it
must have ended by itself with status 143. Otherwise a small program does the same with a renderer
that paints flat colours (`flat`), so that many kills take little time.

    python -m benchmarks.running.kills [--kills 60] [--images 60] [--strategies psp,evolve] [--real]
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.running.contents import contents
from benchmarks.scripting.command_line import parser_of
from evolve.strategies.names import NAMES
from populations import check_population, population_path

FANCIER = [sys.executable, "-m", "tui.cli"]
PROMPT = "a smiling woman with red hair and glasses"
LEAST = 0.5
"""Seconds: before that a run has only imported libraries."""


def command(name: str, strategy: str, images: int, real: bool) -> list[str]:
    """Return the command that breeds a population."""
    if not real:
        flat = [sys.executable, "-m", "benchmarks.running.flat_run"]
        return [*flat, name, strategy, str(images)]
    return [
        *(*FANCIER, "run", name, "--prompt", PROMPT, "--seed", "3", "--page", "8", "--json"),
        *("--images", str(images), "--fitness", "words", "--strategy", strategy),
    ]


def start(command: list[str], home: Path) -> subprocess.Popen[bytes]:
    """Start to breed; what goes wrong is in a file beside the populations."""
    home.mkdir(parents=True, exist_ok=True)
    with home.with_suffix(".txt").open("wb") as errors:
        return subprocess.Popen(
            command,
            env={**os.environ, "FANCIER_HOME": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )


class Killer:
    """Breeds by one strategy under kills; what is done before its time is begun again."""

    def __init__(
        self, home: Path, strategy: str, images: int, chance: random.Random, *, real: bool
    ) -> None:
        """Breed undisturbed first."""
        self.home, self.chance = home, chance
        self._how = strategy, images, real
        self.count: Counter[str] = Counter()
        self.differing: set[str] = set()
        began = time.monotonic()
        self._start("whole").wait()
        self._most = max(2 * LEAST, time.monotonic() - began)
        self._scorer = "words" if real else "clip"
        self._wanted = self._contents("whole")

    @property
    def _name(self) -> str:
        return f"killed-{self.count['runs']}"

    def kill(self, kills: int) -> None:
        """Kill so many times, then let it finish."""
        while self.count["SIGKILL"] + self.count["SIGTERM"] < kills:
            process = self._start(self._name)
            time.sleep(self.chance.uniform(LEAST, self._most))
            if process.poll() is not None:
                self._finish(process)
                continue
            kind = signal.SIGTERM if self.chance.random() < 0.25 else signal.SIGKILL
            process.send_signal(kind)
            process.wait()
            self.count[kind.name] += 1
            # Before it listens, a signal ends it as any other program.
            usual = kind is signal.SIGKILL or process.returncode in (0, 143, -signal.SIGTERM)
            self.count["status"] += not usual
            if population_path(self.home, self._name).exists():
                self._check()
        self._finish(self._start(self._name))

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        return start(command(name, *self._how), self.home)

    def _finish(self, process: subprocess.Popen[bytes]) -> None:
        """Compare what is bred to the end with the undisturbed one."""
        if process.wait():
            raise RuntimeError(self.home.with_suffix(".txt").read_text()[-2000:])
        self._check()
        got = self._contents(self._name)
        self.differing |= {what for what in got if got[what] != self._wanted[what]}
        self.count["runs"] += 1

    def _contents(self, name: str) -> dict[str, list[Any]]:
        # Second looks at the leaders come with each end of a run; nothing is bred by them.
        return contents(population_path(self.home, name), self._scorer)

    def _check(self) -> None:
        self.count["damaged"] += not check_population(population_path(self.home, self._name)).ok


def main() -> None:
    """Kill and compare."""
    parser = parser_of(__doc__)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--images", type=int, default=60)
    parser.add_argument("--strategies", default=",".join(NAMES))
    parser.add_argument("--real", action="store_true")
    args = parser.parse_args()
    names = args.strategies.split(",")
    chance = random.Random(1)
    columns = ("SIGKILL", "SIGTERM", "runs", "damaged", "status")
    print(f"{'strategy':<14}" + "".join(f"{name:>9}" for name in columns) + "  as undisturbed")
    with tempfile.TemporaryDirectory(prefix="fancier-kills-") as folder:
        for n, strategy in enumerate(names):
            home = Path(folder) / strategy
            killer = Killer(home, strategy, args.images, chance, real=args.real)
            killer.kill(args.kills // len(names) + (n < args.kills % len(names)))
            counts = "".join(f"{killer.count[name]:>9}" for name in columns)
            differing = ", ".join(sorted(killer.differing))
            same = f"but for {differing}" if differing else "all of it"
            print(f"{strategy:<14}{counts}  {same}", flush=True)


if __name__ == "__main__":
    main()
