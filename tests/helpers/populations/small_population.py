"""Tiny rows whose content follows from their number: any process knows what is right."""

from dataclasses import replace
from typing import Any

import numpy as np

from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base, Edit
from evolve.genome.settings import Settings
from evolve.search.individual import Individual, Origin
from evolve.session.archive import Judgement, Picture, Render, Score
from populations import Population

PROMPT = Prompt.parse("a smiling woman | red hair :1.4", negative="glasses")

SHAPE = (4, 4, 4)
CONFIG: dict[str, Any] = {
    "model": "portraits",
    "prompt": PROMPT.to_json(),
    "seed": 7,
    "page": 6,
    "size": [16, 16],
    "latent": list(SHAPE),
    "settings": Settings().to_json(),
}


def individual(i: int, *, shape: tuple[int, int, int] = SHAPE) -> Individual:
    noise = np.random.default_rng(i).standard_normal(shape).astype(np.float16)
    return Individual(
        id=i,
        origin=Origin("mutate", {"angle": i / 7, "mark": "ü"}) if i >= 6 else Origin("found"),
        parents=(i - 1, i - 6) if i >= 6 else (),
        generation=i // 6,
        genome=Genome(noise, PROMPT, Settings(steps=1 + i % 20)),
    )


def base(i: int, *, with_picture: bool = True) -> Base:
    latent = np.random.default_rng(-i % 2**32).standard_normal(SHAPE).astype(np.float16)
    return Base(latent, picture(i) if with_picture else None)


def edited(i: int, of: Base | None = None, *, with_mask: bool = True) -> Individual:
    """Return an individual whose picture starts from that of a base."""
    plain = individual(i)
    mask = np.random.default_rng(i).random((4, 4)) < 0.5 if with_mask else None
    edit = Edit(of or base(i), depth=0.7, mask=mask)
    return replace(plain, genome=replace(plain.genome, edit=edit))


def picture(i: int, *, side: int = 16) -> Picture:
    return np.random.default_rng(i).integers(0, 256, (side, side, 3), dtype=np.uint8)


def render(i: int) -> Render:
    record = {"model": "portraits", "rows": 12, "n": i}
    return Render(individual=i, picture=picture(i), record=record)


def rating(i: int, value: int = 3, *, page: int | None = None) -> Judgement:
    return Judgement(individual=i, kind="rate", value=value, page=page)


def mixed(first: int) -> list[Any]:
    """Return rows of every kind, among them noise of a new shape."""
    return [
        individual(first),
        individual(first + 1, shape=(4, 2, 2 + first)),
        render(first),
        Render(individual=first + 1, picture=None, error="not a number"),
        Score(individual=first, scorer="clip", value=0.1 + 0.2),
        rating(0, 5),
        Judgement(individual=1, kind="reject", value=1, by="script"),
    ]


def state(population: Population) -> dict[str, Any]:
    """Return all that a population says of itself, comparable with ==."""
    births = list(population.births())
    pictures = [population.picture(b.id) for b in births]
    return {
        "births": births,
        "genomes": [population.genome(b.id).digest for b in births],
        "pictures": [None if p is None else p.tobytes() for p in pictures],
        "records": [population.record(b.id) for b in births],
        "unpainted": population.unpainted(),
        "failed": population.failed(),
        "verdicts": population.verdicts("clip"),
        "scores": population.scores(),
        "judgements": population.judgements(),
        "commits": population.commits,
    }
