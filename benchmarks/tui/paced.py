"""Does a person wait for a page that is chosen among candidates, on a machine of a given pace?

A simulated person (`benchmarks.taste`) rates pages of twelve on the made-up generator, one picture
after the other, and breeds. Time is virtual: a renderer paints so many pictures a second, and each
look ahead takes some milliseconds, so that the answer does not depend on what else this machine
does. Printed: how many candidates are still missing when `b` is pressed, how long the page then
takes, and how many pictures are painted for each one shown.

    python -m benchmarks.tui.paced [--among 36] [--pace 8] [--seconds 20] [--seeds 8] [--pages 6]
"""

from collections import deque
from collections.abc import Sequence
from functools import partial

import numpy as np

from benchmarks.scripting.command_line import parser_of
from benchmarks.tasting.person import RATERS, Likes, Seen, rated
from benchmarks.tasting.ways import PAGE, World
from evolve import Genome, Search
from evolve.errors import PicturesMissing
from evolve.rendering.ahead import PaintingAhead
from evolve.rendering.protocol import Finished, Job, ModelInfo, Ready, RenderEvent, Stepped, Task
from evolve.scoring.looks.embedding import KEY, READING, Embedding, looks
from evolve.search.individual import Individual, Verdict
from evolve.session.looking_ahead import LookingAhead
from evolve.session.requests import Expect, SaveChildren, SaveJudgement
from evolve.taste.parents import ByTaste

TICK_S, LOOK_S = 0.02, 0.02
"""Seconds between two turns of a session, and that a look ahead takes."""
ROWS = 12
"""Of a forward, as `portraits` has on two cores; each picture takes two."""
STEPS = 8
BLACK = np.zeros((1, 1, 3), np.uint8)


class Paced:
    """Paints in virtual time, a forward's worth of pictures side by side."""

    waitables = ()

    def __init__(self, world: World, pace: float) -> None:
        self._world, self._pace = world, pace
        self._queue: deque[Job] = deque()
        self._flying: dict[int, tuple[Job, float]] = {}
        self._events: list[RenderEvent] = [
            Ready(ModelInfo(name="paced", latent=world.shape, pixels=(1, 1), record={"rows": ROWS}))
        ]
        self.now = 0.0

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs, before those that are queued."""
        self._queue.extendleft(job for job in reversed(jobs) if isinstance(job, Job))

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs."""
        gone = set(ids)
        self._queue = deque(job for job in self._queue if job.id not in gone)
        self._flying = {i: job for i, job in self._flying.items() if i not in gone}

    def advance(self, seconds: float) -> None:
        """Paint for so long."""
        self.now += seconds
        while self._queue and len(self._flying) < ROWS // 2:
            job = self._queue.popleft()
            self._flying[job.id] = job, 0.0
        # A forward takes as long however few of its rows are used.
        for i, (job, done) in list(self._flying.items()):
            after = done + seconds * self._pace / (ROWS // 2)
            self._flying[i] = job, after
            if after >= 1:
                del self._flying[i]
                self._events.append(self._finished(job))
            else:
                self._events.append(Stepped(i, int(STEPS * after), STEPS))

    def _finished(self, job: Job) -> Finished:
        (look,) = self._world.eye([job.genome]).looks
        record = {KEY: look[0].to_json(), READING: look[1].to_json()}
        return Finished(job.id, BLACK, record, 0)

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return what has happened."""
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        """Do nothing."""


class Evening:
    """One person, one search, and what is painted ahead for them."""

    def __init__(self, world: World, seed: int, times: float, pace: float) -> None:
        self._world = world
        self._looks: dict[int, tuple[Embedding, ...]] = {}
        taste = ByTaste(self._looks.get, founded="taste", times=times)
        self.search = world.search(seed, taste, taste.page)
        self.renderer = Paced(world, pace)
        self.ahead = LookingAhead(self.search, lambda: True, lambda: self.renderer.now)
        self.painting: PaintingAhead = self.ahead.begin(self.renderer)
        self.search.looks_of = self.looks_of
        self.ahead.take(Expect(partial(Search.ask, count=PAGE)))

    def looks_of(self, genome: Genome) -> Sequence[Embedding] | None:
        """Return what is known of a picture that was painted ahead."""
        kept = self.ahead.peek(genome.digest)
        return None if kept is None else looks(kept.record)

    def rest(self, seconds: float) -> None:
        """Let the machine work while the person looks."""
        until = self.renderer.now + seconds
        while self.renderer.now < until:
            before = self.ahead._futures
            self.ahead.look()
            self.renderer.advance(LOOK_S if self.ahead._futures != before else TICK_S)
            self.painting.poll(0.0)

    def see(self, born: Sequence[Individual]) -> Seen:
        """Return what is seen on a page."""
        seen = self._world.eye([one.genome for one in born])
        self._looks.update(zip((one.id for one in born), seen.looks, strict=True))
        return seen

    def say(self, one: Individual, rating: int) -> None:
        """Rate a picture."""
        self.search.tell({one.id: Verdict(rating=rating, page=one.generation)})
        self.ahead.take(SaveJudgement(()))

    def breed(self) -> tuple[list[Individual], int, float]:
        """Return the next page, how many pictures were missing for it, and the seconds it took."""
        began, missing = self.renderer.now, -1
        while True:
            try:
                born = self.search.ask(PAGE)
                break
            except PicturesMissing as wanted:
                jobs = [
                    Job(k, genome)
                    for k, genome in enumerate(wanted.genomes)
                    if not self.painting.is_painted(genome.digest)
                ]
                missing = max(missing, len(jobs))
                self._paint(jobs)
        if missing < 0:
            jobs = [
                Job(k, one.genome)
                for k, one in enumerate(born)
                if not self.painting.is_painted(one.genome.digest)
            ]
            missing = len(jobs)
            self._paint(jobs)
        for one in born:
            self.painting.take(Job(one.id, one.genome))
        self.ahead.take(SaveChildren(born))
        return born, missing, self.renderer.now - began

    def _paint(self, jobs: Sequence[Job]) -> None:
        self.painting.submit(jobs)
        left = {job.id: job.genome.digest for job in jobs}
        while left:
            for event in self.painting.poll(0.0):
                if isinstance(event, Finished) and event.id in left:
                    self.painting.keep(left.pop(event.id), event)
            if left:
                self.renderer.advance(TICK_S)


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--among", type=int, nargs="+", default=[12, 24, 36, 60])
    parser.add_argument("--pace", type=float, default=8.0, help="pictures a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="seconds a page")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--pages", type=int, default=6)
    args = parser.parse_args()
    print(
        f"{'among':>6}{'pages':>7}{'missing 50/95/max':>20}{'waits s 50/95/max':>20}{'painted':>9}"
    )
    world = World.made_up()
    for among in args.among:
        missing, waits, painted, shown = [], [], 0, 0
        for seed in range(args.seeds):
            evening = Evening(world, seed, among / PAGE, args.pace)
            likes, rng = Likes(seed, 4, world.pool), np.random.default_rng([23, seed])
            born, _, _ = evening.breed()
            for page in range(args.pages):
                seen = evening.see(born)
                kind = RATERS[seed % 4]
                ratings = rated(kind, likes(seen), np.random.default_rng([19, seed, page]))
                for place in rng.permutation(PAGE):
                    evening.rest(rng.uniform(0.6, 1.4) * args.seconds / (PAGE + 1))
                    evening.say(born[place], ratings[place])
                evening.rest(rng.uniform(0.6, 1.4) * args.seconds / (PAGE + 1))
                born, lacking, seconds = evening.breed()
                missing.append(lacking)
                waits.append(seconds)
            painted += evening.painting.painted
            shown += PAGE * args.pages
        lack, wait = np.array(missing), np.array(waits)
        print(
            f"{among:>6}{len(lack):>7}"
            f"{f'{np.median(lack):.0f} / {np.quantile(lack, 0.95):.0f} / {lack.max()}':>20}"
            f"{f'{np.median(wait):.2f} / {np.quantile(wait, 0.95):.2f} / {wait.max():.2f}':>20}"
            f"{painted / shown:>9.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
