"""One input after another: varied, used as a person would, and watched."""

import os
import random
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.fuzz.guard import Guard
from evolve import procfs
from evolve.errors import FancierError

LARGEST_MB = 500
"""Memory that one input may take more than there was before."""
SLOWEST_S = 30
"""Seconds that one input may take on a busy machine."""
LONGEST_LINE = 4000
"""Characters in the one line that says what is wrong."""


class Target(Protocol):
    """One kind of thing that strangers bring."""

    def __init__(self, sandbox: Path) -> None:
        """Make what is varied, once for many inputs, below an empty folder."""

    def vary(self, random: random.Random) -> str:
        """Make one hostile thing from whatever chance says; return what it is, in one line."""

    def use(self) -> object:
        """Do with it what a person would do.

        Raises:
            FancierError: As a person is to be answered, in one line. Anything else is a finding,
                also an AssertionError of the target's own about what it got.
        """


@dataclass(slots=True)
class Outcome:
    """What became of one input."""

    what: str
    """The input, in one line."""
    refusal: str = ""
    """The line that it was refused with."""
    seconds: float = 0.0
    megabytes: float = 0.0
    """Memory it took at most, above what there was before; 0 where that cannot be measured."""
    findings: list[str] = field(default_factory=list)
    """What must not be, one line each."""
    trace: str = ""


class Frame:
    """Runs inputs of one target in this process, below `sandbox`, an empty folder."""

    def __init__(self, name: str, sandbox: Path) -> None:
        from benchmarks.fuzz import target

        for folder in ("home", "given", "outside/.ssh", "outside/photos"):
            (sandbox / folder).mkdir(parents=True)
        for file in ("diary", ".ssh/id_rsa", "photos/a.jpg"):
            (sandbox / "outside" / file).write_text(f"precious {file}\n")
        os.environ["FANCIER_HOME"] = str(sandbox / "home")
        self.name = name
        self.target = target(name, sandbox)
        self._guard = Guard(sandbox)

    def numbered(
        self, seed: int, number: int, *, made: Callable[[str], None] = lambda what: None
    ) -> Outcome:
        """Return what becomes of an input that its number gives; see `run`."""
        return self.run(random.Random(f"{self.name}/{seed}/{number}"), made=made)

    def run(
        self, chance: random.Random, *, made: Callable[[str], None] = lambda what: None
    ) -> Outcome:
        """Return what becomes of an input that `chance` gives.

        Args:
            chance: What the input is varied by.
            made: Called with what the input is before it is used, which may end the process.
        """
        outcome = Outcome(self.target.vary(chance))
        made(outcome.what)
        before = _memory(reset=True)
        start = time.perf_counter()
        with self._guard.watching():
            try:
                self.target.use()
            except FancierError as error:
                outcome.refusal = str(error)
                if "\n" in outcome.refusal or len(outcome.refusal) > LONGEST_LINE:
                    outcome.findings.append(f"not one line: {outcome.refusal[:200]!r}")
            except Exception as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                place = f"{Path(where.filename).name}:{where.lineno}"
                outcome.findings.append(f"{type(error).__name__} at {place}: {str(error)[:200]}")
                outcome.trace = traceback.format_exc()
        outcome.seconds = time.perf_counter() - start
        outcome.megabytes = max(0.0, _memory() - before)
        outcome.findings += self._guard.found
        if outcome.megabytes > LARGEST_MB:
            outcome.findings.append(f"took {outcome.megabytes:.0f} MB")
        if outcome.seconds > SLOWEST_S:
            outcome.findings.append(f"took {outcome.seconds:.0f} s")
        return outcome


def _memory(*, reset: bool = False) -> float:
    """Return the most megabytes this process has had since the last reset, on Linux."""
    if reset and sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")
    return (procfs.size("self/status", "VmRSS" if reset else "VmHWM") or 0) / 2**20
