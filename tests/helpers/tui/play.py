"""Run the app on a population in memory.

As `python tests/helpers/tui/play.py [gallery|home|empty|new]`.

Faces are drawn, painting takes a few seconds, and nothing is saved.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

_HELPERS = Path(__file__).parents[1]
sys.path[:0] = [str(_HELPERS / "tui"), str(_HELPERS / "evolve"), str(_HELPERS.parents[1])]

# The folders have to be found first.
from fake_session import PROMPT, FakeSession  # noqa: E402

from evolve.errors import GenomeError  # noqa: E402
from evolve.rendering.protocol import ModelInfo  # noqa: E402
from evolve.session import events  # noqa: E402
from evolve.session.archive import Picture  # noqa: E402
from tui.app.start import run_gallery, run_home  # noqa: E402


def face(id: int) -> Picture:
    """Draw a face that depends on the id."""
    rng = np.random.default_rng(id)

    def colour(low: int, high: int) -> tuple[int, ...]:
        return tuple(int(v) for v in rng.integers(low, high, 3))

    image = Image.new("RGB", (128, 128), colour(120, 250))
    draw = ImageDraw.Draw(image)
    skin = [(242, 211, 177), (237, 185, 138), (174, 93, 41), (97, 67, 54)][int(rng.integers(4))]
    hair, shirt = colour(10, 140), colour(30, 230)
    draw.ellipse((18, 98, 110, 180), fill=shirt)
    top = int(rng.integers(10, 22))
    draw.ellipse((26, top, 102, 100 + int(rng.integers(-20, 20))), fill=hair)
    draw.rectangle((54, 84, 74, 108), fill=skin)
    draw.ellipse((36, 26, 92, 98), fill=skin)
    draw.pieslice((32, top + 2, 96, 76), 180, 360, fill=hair)
    for x in (52, 76):
        draw.ellipse((x - 4, 56, x + 4, 63), fill=(255, 255, 255))
        draw.ellipse((x - 2, 57, x + 2, 62), fill=(30, 30, 40))
        if rng.random() < 0.3 or id % 3 == 0:
            draw.ellipse((x - 10, 50, x + 10, 70), outline=(20, 20, 20), width=2)
    draw.arc((50, 66, 78, 88), 20, 160, fill=(150, 40, 40), width=3)
    return np.asarray(image)


class LiveSession(FakeSession):
    """Paints in a thread, four pictures at a time."""

    def __init__(self, generations: Sequence[int], unpainted: int = 0) -> None:
        super().__init__(generations, picture=face)
        self._queue = [i.id for i in self.archive.individuals][-unpainted:] if unpainted else []
        for id in self._queue:
            del self.archive.pictures[id]
        self._wake, self._stop = threading.Event(), threading.Event()

    def start(self, listener: Callable[[events.Event], None]) -> None:
        super().start(listener)
        threading.Thread(target=self._run, daemon=True).start()

    def breed(
        self,
        count: int,
        *,
        parents: Sequence[int] = (),
        by_places: bool = True,
    ) -> None:
        first = len(self.archive.individuals)
        super().breed(count, parents=parents, by_places=by_places)
        self.paint(range(first, first + count))

    def newcomers(self, count: int) -> None:
        first = len(self.archive.individuals)
        super().newcomers(count)
        self.paint(range(first, first + count))

    def look(self, around: int, *, angle: float | None = None) -> None:
        first = len(self.archive.individuals)
        super().look(around, angle=angle)
        self.paint(range(first, first + 8))

    def steer(self, individual: int, *, start: int, end: int, angles: Sequence[float]) -> None:
        first = len(self.archive.individuals)
        super().steer(individual, start=start, end=end, angles=angles)
        self.paint(range(first, first + len(angles)))

    def paint(self, ids: Sequence[int]) -> None:
        self._queue += ids
        self._wake.set()

    def cancel(self) -> None:
        self._queue.clear()

    def close(self, timeout: float = 2.0) -> None:
        self._stop.set()
        self._wake.set()

    def _run(self) -> None:
        self._stop.wait(1.0)
        self.emit(events.Ready(ModelInfo(name="fake", latent=(4, 16, 16), pixels=(128, 128))))
        while not self._stop.is_set():
            batch = self._queue[:4]
            if not batch:
                self._wake.wait()
                self._wake.clear()
                continue
            for step in range(1, 9):
                if self._stop.wait(0.15):
                    return
                for id in batch:
                    blurred = Image.fromarray(face(id)).filter(
                        ImageFilter.GaussianBlur(24 - 3 * step)
                    )
                    self.emit(events.Stepped(id, step, 8, np.asarray(blurred.resize((32, 32)))))
            for id in batch:
                if id in self._queue:
                    self._queue.remove(id)
                    if id % 12 == 7 and id not in self.archive.errors:
                        self.fail(id, "out of memory: 2.1 GB wanted, 1.4 GB free")
                    else:
                        self.finish([id])


def main(what: str = "gallery") -> int:
    """Run one of the ways into the app."""
    if what == "gallery":
        return run_gallery(LiveSession([12, 12, 12]), name="red-bobs")
    if what == "new":
        return run_gallery(LiveSession([12], unpainted=12), name="red-bobs")
    now = datetime.now(UTC)
    names = ["red-bobs", "portraits-of-pirates", "glasses"] if what == "home" else []
    rows = [
        {
            "name": name,
            "prompt": f"{PROMPT}, micah style",
            "model": "portraits",
            "individuals": 36 * (place + 1),
            "rated": 11 * (place + 1),
            "bytes": 1 << 20,
            "last_used": (now - timedelta(minutes=7 * 50**place)).isoformat(),
        }
        for place, name in enumerate(names)
    ]

    def create(name: str, prompt: str, model: str, taste_of: str = "") -> str:
        if not prompt:
            raise GenomeError("the prompt is empty: describe what to paint in a few words")
        rows.insert(0, {**(rows[0] if rows else {}), "name": name, "prompt": prompt})
        return name

    return run_home(lambda name: LiveSession([12, 12, 12]), lambda: rows, create)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
