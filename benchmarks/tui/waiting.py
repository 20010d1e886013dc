"""Does a person wait for the next page, and do keys stay quick while it is painted ahead?

The real program in a pseudo-terminal of 160x50 cells, on `portraits`. A person rates all twelve
pictures of a page within some seconds, goes on with `l` and ends with `b`. Every key is timed until
the caption that answers it; after `b`, from the bytes that come, when the page is there, how many
of its pictures are missing then, and when the first and the last of them are there. Once with
painting ahead and once without; and once more, keys only, in a population with many answers.

    python -m benchmarks.tui.waiting [--pages 4] [--seconds 20] [--answers 500]
"""

import contextlib
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from benchmarks.scripting.command_line import parser_of
from benchmarks.tui import latency
from evolve.scoring.looks.embedding import KEY, Embedding
from evolve.search.search import Search
from evolve.session.archive import Judgement, Render, Row
from populations import Population
from populations.studio.new import CreateRequest, config_of
from populations.studio.opening import search_on
from tui.widgets.pictures.card_caption import CURSOR, STAR

PAGE = 12
RATINGS = (5, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1)
"""What each page is rated, in random order."""
COUNTS = "FANCIER_BENCHMARK_COUNTS"
"""Environment variable: file in which the program leaves how much it painted ahead."""


class Recorded(latency.App):
    """The program, with all that it writes and when."""

    def __init__(self, *arguments: str) -> None:
        self.chunks: list[tuple[float, bytes]] = []
        super().__init__(*arguments)

    def read(self, seconds: float) -> bool:
        """Read as before, and keep what came."""
        before = len(self._raw)
        alive = super().read(seconds)
        if len(self._raw) > before:
            self.chunks.append((time.perf_counter(), self._raw[before:]))
        return alive

    def came(self, text: str, seconds: float = 60) -> tuple[float, str] | None:
        """Wait for a text on the screen; return when it came, and it, or None."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and self.read(0.5):
            if found := re.search(text, latency.shown(self._raw)):
                return time.perf_counter(), found.group()
        return None


@dataclass
class Evening:
    """What a person at the terminal met with."""

    keys: list[float] = field(default_factory=list)
    """Milliseconds until each rating was answered."""
    missing: list[int] = field(default_factory=list)
    """Pictures that were not there yet when each page appeared."""
    first: list[float] = field(default_factory=list)
    """Seconds from `b` until the first picture was there."""
    last: list[float] = field(default_factory=list)
    """Seconds from `b` until all of them were there."""
    painted: int = 0
    shown: int = 0
    """Pictures painted ahead, and those of them that were shown."""


def sit(app: Recorded, pages: int, seconds: float, seed: int, *, breeds: bool = True) -> Evening:
    """Rate pages and breed from them."""
    evening, rng, pressed = Evening(), random.Random(seed), []
    for page in range(pages):
        first = page * PAGE if breeds else 0
        ratings = rng.sample(RATINGS, PAGE)
        if not breeds:  # the same page again: each rating is another one than before
            ratings = [(place + page) % 5 + 1 for place in range(PAGE)]
        for place, rating in enumerate(ratings):
            app.rest(rng.uniform(0.6, 1.4) * seconds / (PAGE + 1))
            evening.keys.append(rated(app, rating))
            if place < PAGE - 1:
                app.write("l")
                app.wait(rf"{CURSOR} \d+")
            elif not breeds:
                app.write("g")
        if not breeds:
            continue
        app.rest(rng.uniform(0.6, 1.4) * seconds / (PAGE + 1))
        pressed.append((time.perf_counter(), page + 2))
        app.write("b")
        app.wait(rf"{CURSOR} {first + PAGE}(?!\d)")
    if pressed:
        app.rest(8.0)
        look(app.chunks, pressed, evening)
    return evening


def rated(app: Recorded, rating: int) -> float:
    """Rate the picture under the cursor as soon as it can be seen; return the milliseconds."""
    caption = rf"{CURSOR} \d+ +{re.escape(STAR * rating)}(?!\{STAR})"
    while True:
        began = time.perf_counter()
        app.write(str(rating))
        if (answered := app.came(f"{caption}|not painted yet")) is not None:
            if answered[1].endswith(STAR):
                return (answered[0] - began) * 1000
            app.rest(0.3)


def look(
    chunks: Sequence[tuple[float, bytes]], pressed: Sequence[tuple[float, int]], evening: Evening
) -> None:
    """Look at the screen after `b`, chunk by chunk."""
    import pyte

    screen = pyte.Screen(latency.COLUMNS, latency.LINES)
    stream = pyte.ByteStream(screen)
    waiting, appeared = list(pressed), False
    for when, data in chunks:
        stream.feed(data)
        if not waiting or when < waiting[0][0]:
            continue
        began, generation = waiting[0]
        status = screen.display[-2]
        if not re.search(rf"generation {generation}/{generation}\b", status):
            continue
        captions = "\n".join(screen.display[:-2])
        missing = len(re.findall(r"\d+ +(?:waiting|\d+/\d+)", captions))
        if not appeared:
            appeared = True
            evening.missing.append(missing)
        if missing < PAGE and len(evening.first) < len(evening.missing):
            evening.first.append(when - began)
        if not missing:
            evening.last.append(when - began)
            waiting.pop(0)
            appeared = False


@contextlib.contextmanager
def painted() -> Iterator[Path]:
    """Make a population of one painted page."""
    with latency.population() as home:
        command = [*latency.FANCIER, *home, "paint", "keys"]
        subprocess.run(command, check=True, capture_output=True)
        yield Path(home[1])


@contextlib.contextmanager
def answered(answers: int) -> Iterator[Path]:
    """Make a population of many rated pages and one that is not.

    Its pictures are of one colour, with random embeddings, so that a taste learns from all of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        config = config_of(CreateRequest(name="keys", prompt="a man", seed=1, page=PAGE))
        search: Search = search_on(config)
        rng, picture = random.Random(0), np.full((128, 128, 3), 120, np.uint8)
        with Population.create(Path(folder), "keys", config) as population:
            for page in range(answers // PAGE + 1):
                born = search.ask(PAGE)
                rows: list[Row] = [*born]
                looks = [Embedding("any", each).to_json() for each in unit_vectors(page)]
                rows += [
                    Render(individual=i.id, picture=picture, record={KEY: look})
                    for i, look in zip(born, looks, strict=True)
                ]
                if page < answers // PAGE:
                    rows += [
                        Judgement(individual=i.id, kind="rate", value=value, page=page)
                        for i, value in zip(born, rng.sample(RATINGS, PAGE), strict=True)
                    ]
                population.append(rows)
                search.tell(population.verdicts())
        yield Path(folder)


def unit_vectors(seed: int) -> NDArray[np.float16]:
    """Return random embeddings for the pictures of a page."""
    vectors = np.random.default_rng(seed).standard_normal((PAGE, 192))
    return (vectors / np.linalg.norm(vectors, axis=1)[:, None]).astype(np.float16)


def opened(folder: Path, *more: str) -> Recorded:
    """Open the population, and wait until the model is loaded."""
    app = Recorded("--home", str(folder), "open", "keys", *more)
    app.wait(CURSOR)
    return app


def row(name: str, evening: Evening) -> None:
    """Print a row of the table."""
    keys = sorted(evening.keys)
    cells = [
        f"{statistics.median(keys):.0f} / {keys[int(len(keys) * 0.95)]:.0f} / {keys[-1]:.0f}",
        f"{statistics.median(evening.missing):g} / {max(evening.missing)}"
        if evening.missing
        else "",
        *(
            f"{statistics.median(t):.2f} / {max(t):.2f}" if t else ""
            for t in (evening.first, evening.last)
        ),
        f"{1 - evening.shown / evening.painted:.0%} of {evening.painted}"
        if evening.painted
        else "",
    ]
    print(f"{name:<26}{len(keys):>5}" + "".join(f"{cell:>19}" for cell in cells), flush=True)


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=20.0, help="seconds a page")
    parser.add_argument("--answers", type=int, default=500)
    args = parser.parse_args()
    heads = ("key ms 50/95/max", "missing 50/max", "first s 50/max", "all s 50/max", "never shown")
    print(f"{'':<26}{'keys':>5}" + "".join(f"{head:>19}" for head in heads))
    with tempfile.NamedTemporaryFile("r") as counts:
        os.environ[COUNTS] = counts.name
        latency.FANCIER[1:] = ["-m", "benchmarks.tui.waiting", "inside"]
        with painted() as folder:
            app = opened(folder)
            app.rest(10.0)
            evening = sit(app, args.pages, args.seconds, 1)
            app.leave()
            evening.painted, evening.shown = json.loads(counts.read())
            row(f"ahead, {args.seconds:g} s a page", evening)
        with painted() as folder:
            app = opened(folder, "--no-ahead")
            app.rest(10.0)
            row("not ahead", sit(app, 2, args.seconds / 4, 1))
            app.leave()
        with answered(args.answers) as folder:
            app = opened(folder)
            app.rest(10.0)
            evening = sit(app, 3, args.seconds / 2, 2, breeds=False)
            row(f"ahead, {args.answers} answers", evening)
            app.leave()


def inside() -> int:
    """Be the program, and leave how much was painted ahead at its end."""
    from evolve.rendering.ahead import PaintingAhead
    from tui.cli import main as program

    close = PaintingAhead.close

    def counted(self: PaintingAhead) -> None:
        Path(os.environ[COUNTS]).write_text(json.dumps([self.painted, self.used]))
        close(self)

    with mock.patch.object(PaintingAhead, "close", counted):
        return program(sys.argv[2:])


if __name__ == "__main__":
    if sys.argv[1:2] == ["inside"]:
        sys.exit(inside())
    main()
