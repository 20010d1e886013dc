"""A population that is bred at a size, and what was measured of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from fakes import MemoryArchive

from evolve import Prompt
from evolve.rendering.protocol import Finished, Job, ModelInfo, Renderer, as_render
from evolve.scoring.looks.distance import Distances
from evolve.search import Policy, Search
from evolve.search.individual import Individual
from evolve.search.sized.brood import Brood
from evolve.session.sizing.sizing import Sizing
from populations.studio.breeding.sized import deliver

PAGE = 12


@dataclass(slots=True)
class Row:
    """What was measured of an operator at a size."""

    degrees: list[float] = field(default_factory=list)
    curve: list[float] = field(default_factory=list)
    signed: list[float] = field(default_factory=list)
    """Those of the curve, above 0 for too far."""
    gated: list[float] = field(default_factory=list)
    one_way: list[float] = field(default_factory=list)
    short: int = 0
    drafts: int = 0

    def text(self) -> str:
        """Return the row of the table."""

        def middle(errors: list[float], share: float = 50) -> str:
            return f"{np.percentile(errors, share):8.0%}" if errors else "       –"

        count = len(self.gated)
        return (
            f"{count:6}{middle(self.degrees)}{middle(self.curve)}{np.median(self.signed):+8.0%}"
            f"{middle(self.gated)}"
            f"{middle(self.one_way)}{middle(self.gated, 90)}"
            f"{self.short / count:8.0%}{self.drafts / count:9.2f}"
        )


class Bench:
    """One population, painted."""

    def __init__(self, renderer: Renderer, info: ModelInfo, prompt: str, seed: int) -> None:
        """Found a page and paint it."""
        self.renderer, self.info = renderer, info
        self.archive = MemoryArchive()
        self.prompt, self.seed = Prompt.typed(prompt), seed
        self.add(self.search().ask(PAGE))
        self.founded = len(self.archive.commits)

    def search(self, operator: str = "mutate", *, other_ways: bool = True) -> Search:
        """Return a search whose pages hold children of one operator."""
        return Search(
            seed=self.seed,
            prompt=self.prompt,
            shape=self.info.latent,
            settings=self.info.settings,
            policy=Policy(menu={operator: 1.0}, other_ways=other_ways),
            births=self.archive.births(),
            genome_of=self.archive.genome,
        )

    def add(self, individuals: Sequence[Individual]) -> None:
        """Save individuals and paint them."""
        self.archive.append(individuals)
        self.renderer.submit([Job(i.id, i.genome) for i in individuals])
        missing = {i.id for i in individuals}
        while missing:
            for event in self.renderer.poll(0.1):
                if isinstance(event, Finished):
                    self.archive.append([as_render(event)])
                    missing.discard(event.id)

    def forget(self) -> None:
        """Go back to the first page."""
        self.archive.commits = self.archive.commits[: self.founded]

    def distances(self, first: int) -> list[float]:
        """Return how far individuals from an id on are from their parents."""
        far = Distances(self.search().births, self.archive.sight)
        ids = range(first, len(self.archive.individuals))
        return [d for i in ids if (d := far.to_parent(i)) is not None]

    def sized(
        self,
        row: Row,
        size: float,
        ask: Callable[[Search], Brood],
        operator: str,
        *,
        keep: bool = False,
        other_ways: bool = True,
    ) -> None:
        """Breed by size and add to a row what became of it; later pages know of it to `keep`."""
        search = self.search(operator, other_ways=other_ways)
        brood, first = ask(search), len(self.archive.individuals)
        seen: list[Sizing] = []
        deliver(search, self.archive, brood, self.renderer, self.info, on_begin=seen.append)
        asked = [abs(child.size) for child in brood.children]
        realised = self.distances(first)
        ways = [seen[0].ways[place] for place in range(len(asked))]
        row.gated += [abs(d - s) / s for d, s in zip(realised, asked, strict=True)]
        firsts = [way.aims[0] for way in ways]
        signed = [(aim.tries[0][1] - aim.size) / aim.size for aim in firsts]
        row.signed += signed
        row.curve += map(abs, signed)
        row.drafts += sum(len(way.tries) for way in ways)
        best = [way.aims[way.best[0]] for way in ways]
        row.short += sum(aim.best[0] >= 1 and aim.best[1] < aim.size for aim in best)
        self.curves = seen[0].curves
        if keep:
            self.founded = len(self.archive.commits)
        self.forget()

    def by_degrees(self, row: Row, size: float, operator: str, parents: Sequence[int]) -> None:
        """Breed by the angle whose children are so far away on the median."""
        assert self.curves is not None
        angle = 90 * self.curves.by_operator["mutate"].reach(size)
        first = len(self.archive.individuals)
        self.add(self.search(operator).ask(PAGE, parents=parents, strength=angle))
        row.degrees += [abs(d - size) / size for d in self.distances(first)]
        self.forget()
