"""Does the app survive an evening of keys and clicks in any order, faster than it can follow?

Random keys at 20 a second, every tenth time several at once and one twice, and every fifth time
clicks instead, up to three in one place; on a real population that is being painted and bred,
without a terminal but with everything drawn. At the end nothing has crashed, memory in use has not
grown by more than a twentieth in the second half (every screen was opened in the first), `fancier
check` finds nothing, and the store has the judgements of every picture that were on the screen. In
use is what is left once garbage is collected, which the app does seldom (it keeps keys waiting),
and what was freed is given back to the system. The caches of the app, pictures and the styles that
they are drawn in, are filled with noise before the first key: they fill for an hour, which would
look like a leak.

    python -m benchmarks.tui.soak [--minutes 10]
"""

import asyncio
import contextlib
import ctypes
import gc
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from textual.cache import LRUCache

from benchmarks.scripting.command_line import parser_of
from evolve import procfs
from evolve.search.individual import Verdict
from populations import Population, check_population, create_population, population_path
from tui.drawing import blocks, terminal

if TYPE_CHECKING:
    from textual.app import App
    from textual.pilot import Pilot

WAY_OUT = 24
"""Cells at the right end of the key bar that are not clicked on: quit is there."""
KEYS = (
    *"12345" * 2,
    *"0xpubmoncdfvywestRDairgGhjklNSCAF",
    *["left", "right", "up", "down"] * 5,
    *["comma", "full_stop", "space", "enter", "ctrl+r", "equals_sign"] * 2,
    *["left_square_bracket", "right_square_bracket", "question_mark", "tab"],
    *["escape"] * 12,
)
"""Whatever leads into a screen is outweighed by what leads out. What ends the app is left out."""


def tidied() -> float:
    """Collect garbage, give back what is free, and return the megabytes that are in use."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # another libc
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    return megabytes()


def megabytes() -> float:
    """Return what this process holds of the memory."""
    held = procfs.size("self/status", "VmRSS")
    if held is None:
        raise RuntimeError("this needs /proc")
    return held / 2**20


def fill(pictures: LRUCache[int, np.ndarray], console: Console) -> None:
    """Fill the caches of pictures and styles, as an evening does."""
    rng = np.random.default_rng(0)
    for n in range(1, 300):
        noise = rng.integers(0, 256, (128, 128, 3), np.uint8)
        pictures[-n] = noise
        for strip in blocks.to_strips(noise, 40, 20):
            strip.render(console)


def type_ahead(app: "App[int]", keys: Sequence[str]) -> None:
    """Send keys without waiting for what they do."""
    from textual import events
    from textual.keys import key_to_character

    for key in keys:
        app.post_message(events.Key(key, key_to_character(key)))


def click(app: "App[int]", rng: random.Random) -> None:
    """Click once to three times somewhere, but not where the key bar has what ends the app."""
    from textual import events

    width, height = app.size
    x, y = rng.randrange(width - WAY_OUT), rng.randrange(height)
    for kind in (events.MouseDown, events.MouseUp) * rng.choice((1, 1, 2, 2, 3)):
        app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))


async def disturb(pilot: "Pilot[int]", rng: random.Random) -> int:
    """Press a key, several ahead, or click; return how many of these it was."""
    chance = rng.random()
    if chance < 0.1:
        ahead = rng.choices(KEYS, k=rng.randint(1, 6))
        twice = rng.choice(KEYS)
        type_ahead(pilot.app, [*ahead, twice, twice])
        await pilot.pause()
        return len(ahead) + 2
    if chance < 0.3:
        click(pilot.app, rng)
        await pilot.pause()
    else:
        await pilot.press(rng.choice(KEYS))
    return 1


def compare(home: Path, shown: Mapping[int, Verdict]) -> None:
    """Refuse a store whose judgements are not those of the screen."""
    with Population.open(population_path(home, "soak"), write=False) as population:
        verdicts = dict(population.verdicts())
    for id, seen in shown.items():
        saved = verdicts.get(id, Verdict())
        for name in ("rating", "rejected", "pinned", "place", "none", "same"):
            assert getattr(saved, name) == getattr(seen, name), (id, name, saved, seen)


async def soak(home: Path, minutes: float, seed: int) -> list[float]:
    """Press keys and return the memory in use, a value for each tenth of the time."""
    terminal.prepare()  # before textual is imported
    from populations.studio.showing.saved_session import open_session
    from tui.app.application import Fancier
    from tui.screens.gallery import Gallery

    terminal.settle()
    rng = random.Random(seed)
    gallery = Gallery(open_session(home, "soak"), name="soak")
    app = Fancier(gallery)
    app.album = home / "album"
    fill(gallery.controller.pictures, app.console)
    used: list[float] = []
    pressed = 0
    async with app.run_test(size=(120, 36)) as pilot:
        begun = time.monotonic()
        while (passed := time.monotonic() - begun) < minutes * 60:
            if passed >= (len(used) + 1) * minutes * 6:
                held = megabytes()
                used.append(tidied())
                print(
                    f"{passed:5.0f} s  {pressed} keys and clicks  {held:.0f} MB, "
                    f"{used[-1]:.0f} in use  "
                    f"{len(gallery.controller.pages.cards)} individuals  "
                    f"on {type(app.screen).__name__}",
                    flush=True,
                )
            pressed += await disturb(pilot, rng)
            if app.return_value is not None or app.return_code:
                raise SystemExit("the app has ended by itself")
            await asyncio.sleep(max(0.0, begun + pressed / 20 - time.monotonic()))
        gallery.come_back()
        while gallery.controller.durable.missing:
            await pilot.pause(0.1)
        shown = {card.id: card.verdict for card in gallery.controller.pages.cards.drawn}
        await asyncio.to_thread(gallery.bridge.close)
    compare(home, shown)
    print(
        f"{pressed} keys and clicks; the store has what was on the screen of {len(shown)} pictures"
    )
    return used


def main() -> None:
    """Soak, and report."""
    parser = parser_of(__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        create_population("soak", "a man with a beard", home=home, seed=1).close()
        used = asyncio.run(soak(home, args.minutes, args.seed))
        problems = check_population(population_path(home, "soak")).problems
    half = used[len(used) // 2]
    growth = used[-1] / half - 1
    print(
        f"in use {half:.0f} MB after the first half, {used[-1]:.0f} MB at the end ({growth:+.0%})"
    )
    print(f"check: {'; '.join(problems) or 'nothing wrong'}")
    sys.exit(bool(problems) or growth > 0.05)


if __name__ == "__main__":
    main()
