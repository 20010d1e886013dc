"""Does a whole evening go through, in terminals of three sizes?

Drives the real program by keys: a new population, five pages rated and bred, undone and done
again, compared, the lineage, a branch from an ancestor, other words, quit, resumed. Stops at the
first thing that does not come, and leaves a picture of each screen to be looked at.

    python -m benchmarks.tui.evening --to FOLDER [--sizes 160x50 120x36 80x24]
"""

import tempfile
import time
from pathlib import Path

from benchmarks.scripting.command_line import parser_of
from benchmarks.tui.driven import BUSY, Terminal

PAGES = 5


def evening(t: Terminal) -> None:
    """Spend an evening."""
    found(t)
    breed(t)
    look(t)
    branch(t)
    decide(t)
    resume(t)


def found(t: Terminal) -> None:
    """Make a population in the form."""
    t.start()
    t.wait("to begin")
    t.shot("welcome")
    t.press("n")
    t.wait("New population")
    t.type("a smiling woman with red hair and glasses, hand drawn")
    t.press("Tab")
    t.type("evening")
    t.shot("form")
    t.press("Enter")
    t.wait("judged 0", without=BUSY)
    t.shot("first-page")


def breed(t: Terminal) -> None:
    """Rate and breed, undo and redo."""
    for page in range(PAGES):
        t.press("4", "l", "l", "5", "l", "x", "l", "2", "p")
        t.wait("judged 4")
        t.press("b")
        t.wait(rf"(?:generation|gen) {page + 2}/{page + 2}")
        if page == PAGES - 1:
            t.shot("painting")
        t.wait("judged 0", without=BUSY)
    t.press("3", "u", "C-r", "l", "4")
    t.wait("judged 2")
    t.shot("gallery")


def look(t: Terminal) -> None:
    """Look closer at pictures."""
    t.press("i")
    t.shot("info")
    t.press("i", "Enter")
    t.shot("zoom")
    t.press("Escape", "Space", "h", "Space", "c")
    t.shot("compare")
    t.press("d")
    t.shot("difference")


def branch(t: Terminal) -> None:
    """Go back to an ancestor, and breed on from it in a branch."""
    t.press("d", "Escape", "t")
    t.shot("lineage")
    t.press("h", "h", "B")
    t.type("older")
    t.press("Enter")
    t.wait("'older' goes on from")
    t.press("Escape", "B")
    t.shot("branches")
    t.press("Down", "Enter")
    t.wait("· older")
    t.press("5", "b")
    t.wait("judged 0", without=BUSY)


def decide(t: Terminal) -> None:
    """Decide about the pages to come."""
    t.press("e")
    t.shot("words")
    t.type(" | blue background")
    t.press("Enter", "d")
    t.shot("around")
    t.press("Escape", "w")
    t.shot("recipe")
    t.press("Escape", "s")
    t.shot("settings")
    t.press("Escape", "R")
    t.shot("region")
    t.press("Escape", "?")
    t.shot("help")


def resume(t: Terminal) -> None:
    """Leave, and open the branch again."""
    t.press("Escape", "q")
    t.wait("evening", without="saving")
    t.shot("list")
    t.press("q")
    t.gone()
    t.start("open", "evening", "--branch", "older")
    t.wait("· older")
    t.shot("resumed")
    t.press("q")
    t.gone()


def main() -> None:
    """Spend an evening in each size."""
    parser = parser_of(__doc__)
    parser.add_argument("--to", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--sizes", nargs="+", default=["160x50", "120x36", "80x24"])
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    for size in args.sizes:
        began = time.monotonic()
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
            Terminal(size, home, args.to) as terminal,
        ):
            evening(terminal)
        print(f"{size}: {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
