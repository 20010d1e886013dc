"""Is anything lost, or bred otherwise, when the program is killed while it paints ahead?

The real program in a pseudo-terminal, on `portraits`: a person rates and breeds, and it is killed
with SIGKILL at random moments and opened again. At the end each page must be what its search would
breed from what was saved before it, with nothing painted ahead (candidates that a page is chosen
among are painted again); every answer that was on the screen for half a second must be there; and
the population must be whole.

    python -m benchmarks.tui.killed [--kills 10] [--seconds 10]
"""

import os
import random
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.scripting.command_line import parser_of
from benchmarks.tui import latency
from evolve import Genome, load_renderer
from evolve.rendering.painting import OwnedRenderer
from evolve.search.individual import Individual
from evolve.session.archive import Judgement
from evolve.session.chosen_pages import ChosenPages, bear_among_painted
from evolve.taste.parents import ENOUGH
from populations import Population, check_population
from populations.studio.new import CreateRequest, config_of
from populations.studio.opening import search_on
from tui.widgets.pictures.card_caption import CURSOR, STAR

PAGE = 6
DURABLE = 0.5
"""Seconds after which an answer on the screen is surely acknowledged."""


def sit(home: Path, rng: random.Random, longest: float) -> list[tuple[int, int]]:
    """Rate and breed for some seconds, and be killed; return the ratings that were acknowledged."""
    app = latency.App("--home", str(home), "open", "killed")
    ratings: list[tuple[float, int, int]] = []
    app.wait(CURSOR)
    app.rest(1)
    app.write("g3" if rng.random() < 0.5 else "g2")
    app.wait("next (?:page ready|\\d)")  # the model is loaded, and paints ahead
    until = time.perf_counter() + rng.uniform(1, longest)
    while time.perf_counter() < until:
        rating = rng.randrange(1, 6)
        began = time.perf_counter()
        app.write(str(rating))
        while time.perf_counter() < began + 1.0:
            app.read(0.1)
            text = rf"{CURSOR} (\d+) +{re.escape(STAR * rating)}(?!\{STAR})"
            if (found := re.search(text, latency.shown(app._raw))) is not None:
                ratings.append((time.perf_counter(), int(found.group(1)), rating))
                break
        app.write(rng.choice("lllhb"))
        app.rest(rng.uniform(0.1, 0.8))
    os.kill(app.pid, signal.SIGKILL)
    now = time.perf_counter()
    os.waitpid(app.pid, 0)
    return [(individual, rating) for when, individual, rating in ratings if now - when > DURABLE]


def bred_otherwise(population: Population, renderer: OwnedRenderer) -> list[int]:
    """Return the pages that are not what is bred from what was saved when they were asked for.

    What is answered while a page is chosen is saved before it and does not count for it, so that is
    looked for from the last answer back.
    """
    painted = ChosenPages()
    births, wrong = population.births(), []
    commits: dict[int, list[int]] = {}
    for commit in range(1, len(population.history()) + 1):
        commits.setdefault(len(population.as_of(commit)), []).append(commit)
    for generation in range(1, int(births[-1].generation) + 1):
        members = [birth.id for birth in births if birth.generation == generation]
        own = [population.genome(i) for i in members]
        asked = reversed(commits[members[0]])
        if not any(bred(population.as_of(commit), own, painted, renderer) for commit in asked):
            wrong.append(generation)
    return wrong


def bred(
    before: Population,
    own: Sequence[Genome],
    painted: ChosenPages,
    renderer: OwnedRenderer,
) -> bool:
    """Return whether a page is what is bred from a past state of the population."""
    search = search_on(before.config, before)
    search.tell(before.verdicts(), forget=True)
    page = bear_among_painted(search, lambda asked: asked.ask(len(own)), renderer, painted)
    return [one.genome for one in page if isinstance(one, Individual)] == list(own)


def main() -> None:
    """Kill and look."""
    parser = parser_of(__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=10.0, help="of the longest sitting")
    args = parser.parse_args()
    kills = args.kills
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        config = config_of(CreateRequest(name="killed", prompt="a man", seed=3, page=PAGE))
        founders = search_on(config).ask(ENOUGH)
        Population.create(home, "killed", config, rows=founders).close()
        command = [*latency.FANCIER, "--home", folder, "paint", "killed"]
        subprocess.run(command, check=True, capture_output=True)
        with Population.open(home / "killed") as population:  # enough for pages by taste
            population.append(
                [
                    Judgement(individual=one.id, kind="rate", value=1 + one.id % 5, page=0)
                    for one in founders
                ]
            )
        last: dict[int, int] = {}
        lost = 0
        for _ in range(kills):
            acknowledged = sit(home, rng, args.seconds)
            last |= dict(acknowledged)
            with Population.open(home / "killed", write=False) as population:
                known = population.verdicts()
                lost += sum(i not in known or known[i].rating is None for i in last)
        with Population.open(home / "killed") as population:
            generations = int(population.births()[-1].generation)
            chosen = sum("among" in birth.origin.params for birth in population.births())
            with load_renderer("portraits") as renderer:
                wrong = bred_otherwise(population, renderer)
            answers = len(population.judgements())
        problems = check_population(home / "killed").problems
    print(
        f"{kills} kills, {generations + 1} pages, {answers} answers saved; {chosen} pictures chosen"
    )
    print(f"acknowledged answers lost: {lost}; pages bred otherwise: {len(wrong)} {wrong or ''}")
    print(f"problems that check finds: {len(problems)}")


if __name__ == "__main__":
    main()
