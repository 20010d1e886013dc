"""Does what strangers bring do any harm?

Varies archives, folders, pictures, recipes and models at random and does with them what a person
would do. Each must be taken or refused in one line: no traceback, no hang, not more than 500 MB, no
file touched outside the home, no network, nothing unpickled. Every input follows from the seed and
its number, so that it can be repeated.

    python -m benchmarks.fuzz [--minutes 60] [--target archives] [--seed 1]
    python -m benchmarks.fuzz --target archives --seed 1 --only 1234
"""

import argparse
import collections
import faulthandler
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from benchmarks.fuzz import targets
from benchmarks.fuzz.frame import LARGEST_MB, SLOWEST_S, Frame
from benchmarks.scripting.command_line import parser_of
from populations.format import files

_IN_MEMORY = Path("/dev/shm") if Path("/dev/shm").is_dir() else None
"""Where inputs lie: making and removing so many small files takes a disk most of the time."""
_EXTRA_MB = 3000
"""Memory after which a worker is stopped, for the machine's sake."""
_REASON = re.compile(
    r"[\w.]+(Error|Exception)\b|memory allocation of|thread .* panicked|Timeout|Fatal"
)
"""How lines begin that say why a process died, among traces."""


def main() -> int:
    """Run the targets, print what was found; 1 if anything was."""
    parser = parser_of(__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="for all targets together")
    parser.add_argument("--target", action="append", choices=targets(), help="default: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only", type=int, metavar="N", help="repeat one input, and show all of it"
    )
    parser.add_argument("--work", nargs=2, metavar=("FIRST", "SANDBOX"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    names = args.target or targets()
    if args.work is not None:
        work(names[0], args.seed, int(args.work[0]), Path(args.work[1]))
    if args.only is not None:
        return repeat(names[0], args.seed, args.only)
    print(f"{'target':10} {'inputs':>8} {'/s':>7} {'refused':>8} {'MB':>5} {'s':>5}  findings")
    found = [play(name, args.seed, 60 * args.minutes / len(names)) for name in names]
    return int(any(found))


def play(name: str, seed: int, seconds: float) -> int:
    """Run inputs of one target in processes of their own; return how many findings there were."""
    start, number, refused = time.monotonic(), 0, 0
    memory = slowest = 0.0
    findings: collections.Counter[str] = collections.Counter()
    examples: dict[str, str] = {}
    while time.monotonic() - start < seconds:
        what = "before the first"
        for line in _worker(name, seed, number, start + seconds):
            if "begun" in line:
                number, what = line["begun"] + 1, "while it was made"
                continue
            if "made" in line:
                what = line["made"]
                continue
            refused += bool(line["refusal"])
            memory, slowest = max(memory, line["megabytes"]), max(slowest, line["seconds"])
            for finding in line["findings"]:
                kind = finding.split(":")[0] if " at " in finding else finding[:40]
                findings[kind] += 1
                examples.setdefault(kind, f"input {number - 1} ({what[:150]}): {finding}")
    rate = number / (time.monotonic() - start)
    print(
        f"{name:10} {number:8} {rate:7.1f} {refused / max(1, number):8.1%} {memory:5.0f} "
        f"{slowest:5.1f}  {len(findings)}"
    )
    for kind, count in findings.most_common():
        print(f"    {count} x {examples[kind]}")
    if findings:
        print(f"    to repeat one: --target {name} --seed {seed} --only N")
    sys.stdout.flush()
    return len(findings)


def _worker(name: str, seed: int, first: int, until: float) -> Any:
    """Yield what a worker says, and at last why it died, if it did."""
    command = [sys.executable, "-m", "benchmarks.fuzz", "--target", name, "--seed", str(seed)]
    with (
        tempfile.TemporaryFile("w+") as errors,
        tempfile.TemporaryDirectory(prefix="fuzz-", dir=_IN_MEMORY) as sandbox,
    ):
        process = subprocess.Popen(
            [*command, "--work", str(first), sandbox],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout is not None
        with process, process.stdout:
            for line in process.stdout:
                yield json.loads(line)
                if time.monotonic() > until:
                    process.kill()
                    return
        errors.seek(0)
        died = f"the process {_ended(process.returncode)}: {_reason(errors.read().splitlines())}"
    yield {"refusal": "", "seconds": 0, "megabytes": 0, "findings": [died]}


def _ended(code: int) -> str:
    return f"died of {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"


def _reason(lines: list[str]) -> str:
    """Return the line that says why a process died, among those it wrote to stderr."""
    line = next((line for line in reversed(lines) if _REASON.match(line)), "")
    if line.startswith("Timeout"):  # of the threads, the last is the one that began
        main = "\n".join(lines).rpartition("(most recent call first):")[2].split("\n")
        line += " ".join(each.strip() for each in main[:2])
    return line or next((line for line in reversed(lines) if line.strip()), "it wrote nothing")


def work(name: str, seed: int, number: int, sandbox: Path) -> NoReturn:
    """Run inputs from a number on until killed; say what becomes of each, as lines of JSON."""
    _limit_memory()
    files.flush_file = lambda descriptor: None  # only a power cut could tell, and it takes long
    frame = Frame(name, sandbox)
    while True:
        print(json.dumps({"begun": number}), flush=True)
        faulthandler.dump_traceback_later(2 * SLOWEST_S, exit=True)
        outcome = frame.numbered(seed, number, made=_say_made)
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps(asdict(outcome)), flush=True)
        number += 1


def _say_made(what: str) -> None:
    print(json.dumps({"made": what}), flush=True)


def repeat(name: str, seed: int, number: int) -> int:
    """Run one input and show what became of it."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        frame = Frame(name, Path(folder))
        outcome = frame.numbered(seed, number, made=partial(print, flush=True))
    print(outcome.trace)
    print(f"refused: {outcome.refusal}" if outcome.refusal else "not refused")
    print(f"{outcome.megabytes:.0f} of {LARGEST_MB} MB, {outcome.seconds:.2f} s")
    print(*outcome.findings, sep="\n")
    return int(bool(outcome.findings))


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + (_EXTRA_MB << 20)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


if __name__ == "__main__":
    raise SystemExit(main())
