"""The same seeds breed the same individuals, for ever: digests of some 200 births, written down.

A search that is resumed must go on as if it had never stopped, also by a later version. So what is
here may only change with the way children are made, and then the format's minor version does too.
"""

import hashlib
import json
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fakes import FakeRenderer, MemoryArchive, RedScorer, look_of
from sittings import search_on, session_on

from evolve.errors import PicturesMissing
from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base
from evolve.genome.settings import Settings
from evolve.scoring.looks.embedding import Embedding
from evolve.search import Policy, Search
from evolve.search.edits import Repainted
from evolve.search.individual import Individual, Verdict
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.headless.run import Run
from evolve.strategies.registry import strategy_of
from evolve.taste.attributes import Attributes
from evolve.taste.learning import Learning
from evolve.taste.parents import ByTaste

SHAPE = (4, 8, 8)
BIRTHS = 200
PROMPT = Prompt.parse("a woman | red hair :1.4 | round glasses", "hat")


def draw(*key: object) -> float:
    """Return a number in [0, 1) that depends on `key` alone."""
    return zlib.crc32(repr(key).encode()) / 2**32


def scores(page: list[Individual]) -> dict[int, Verdict]:
    return {i.id: Verdict(score=draw("score", i.id)) for i in page}


def ratings(page: list[Individual]) -> dict[int, Verdict]:
    """Two thirds rated, one rejected, one pinned."""
    told = {i.id: Verdict(rating=1 + int(5 * draw("rating", i.id))) for i in page[::3] + page[1::3]}
    return {
        **told,
        page[2].id: Verdict(rejected=True),
        page[5].id: Verdict(rating=4, pinned=True),
    }


def picks(page: list[Individual]) -> dict[int, Verdict]:
    return {page[k].id: Verdict(place=place) for place, k in enumerate((3, 0, 6), start=1)}


def base(individual: Individual) -> Base:
    latent = np.random.default_rng(individual.id).standard_normal(SHAPE).astype(np.float16)
    return Base(latent, np.full((64, 64, 3), individual.id % 256, np.uint8))


def by_page(search: Search, judge: Callable[[list[Individual]], dict[int, Verdict]]) -> None:
    while len(search.births) < BIRTHS:
        search.tell(judge(search.ask(10)))


def by_hand(search: Search, judge: Callable[[list[Individual]], dict[int, Verdict]]) -> None:
    """Everything a person can ask for, in turn."""
    page = search.ask(10)
    while len(search.births) < BIRTHS:
        search.tell(judge(page))
        first = page[0].id
        search.tell(judge(search.ask(9, parents=[first, first + 4], strength=25)))
        ring = search.look(first, angle=20)
        search.steer(ring[2].id, start=first, end=ring[1].id, angles=(-15, 10, 30))
        edited = search.alter(first, Repainted(base=base(page[0]), box=(0.25, 0.5, 0.75, 1.0)), 7)
        search.alter(first, Repainted(base=base(page[0]), depth=0.5, angle=40), 3)
        search.tell(judge(search.ask(8, parents=[edited[1].id, first], strength=12)))
        page = search.ask(10, strength=35)


def digest(of: Search | MemoryArchive) -> str:
    total = hashlib.sha256()
    for birth in of.births if isinstance(of, Search) else of.births():
        how = [birth.id, birth.generation, birth.parents, birth.origin.operator]
        total.update(json.dumps([*how, dict(birth.origin.params)], sort_keys=True).encode())
        total.update(of.genome(birth.id).digest.encode())
    return total.hexdigest()[:16]


MENU = {"cross_band": 0.4, "mutate_region": 0.3, "mutate": 0.3}
REWORDED = Plan(prompt=Prompt.parse("a man | a hat :0.7"), since=30, page=10)
PLACES = Plan(
    slots=("keep", "mutate", "cross", "new", "auto", "cross", "mutate"),
    strengths={"mutate": 2.0, "cross_region": 0.5, "mutate_band": 3.0},
    locked=("sampler", "weights"),
)
LOCKED = Plan(locked=("noise",), step=20.0)
STEADY = Plan(step=30.0)
SETTINGS = Settings(guidance_scale=6.0, steps=12, sampler="euler")


@pytest.mark.parametrize(
    ("seed", "options", "breed", "judge", "expected"),
    [
        (1, {}, by_page, scores, "2c0a814827d2810a"),
        (11, {"plan": STEADY}, by_page, scores, "da37f77fb5eb4a64"),
        (12, {"plan": STEADY}, by_page, ratings, "5bb2214f9648c744"),
        (13, {"plan": STEADY}, by_hand, picks, "f7fc7294e996357e"),
        (2**40 + 7, {}, by_page, scores, "e6e927df507e7833"),
        (2, {}, by_page, ratings, "04dbbcc67e56cfd8"),
        (3, {}, by_page, picks, "b213c032f5656d9c"),
        (
            4,
            {"policy": Policy(menu=MENU, antithetic=False, founders=10)},
            by_page,
            scores,
            "76c4be7fbda17568",
        ),
        (5, {"policy": Policy(parents=2)}, by_page, scores, "db7574b90faa7aed"),
        (6, {"plan": PLACES}, by_page, ratings, "5fbba865d3318143"),
        (7, {"plan": REWORDED}, by_page, ratings, "4a7f0968ed4baff6"),
        (8, {"plan": LOCKED}, by_page, ratings, "83d7fe956bfc4ed9"),
        (9, {}, by_hand, ratings, "7ef201b96add6c0c"),
        (10, {"plan": PLACES, "settings": SETTINGS}, by_hand, scores, "c69ebe2a5ead88d0"),
    ],
)
def test_a_seed_breeds_what_it_always_bred(seed, options, breed, judge, expected):
    search = Search(seed=seed, prompt=PROMPT, shape=SHAPE, **options)
    breed(search, judge)
    assert digest(search) == expected


def looks_of(genome: Genome) -> tuple[Embedding, ...]:
    """What a picture is like, with a reading of two attributes of two values each."""
    look = look_of(genome)
    return look, Embedding("reader", np.abs(look.vector[:4]))


READ = Learning(30, Attributes("reader", ("hat", "hair"), (2, 2)))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "95b4352d7dae0af1"),
        ({"apart": True}, "7bf1bea13812925e"),
        ({"learning": READ}, "44a3fe277e1fc8eb"),
        ({"times": 3.0}, "6ee43f006a8880e7"),
        ({"times": 3.0, "learning": READ}, "8c137071b11d4723"),
    ],
)
def test_a_taste_breeds_what_it_always_bred(options: dict[str, Any], expected: str) -> None:
    looks: dict[int, tuple[Embedding, ...]] = {}
    painted: dict[str, tuple[Embedding, ...]] = {}
    taste = ByTaste(looks.get, founded="taste", **options)
    settings = Settings(variety=0.5)
    search = Search(
        seed=1, prompt=PROMPT, shape=SHAPE, settings=settings, rank=taste, page=taste.page
    )
    search.looks_of = lambda genome: painted.get(genome.digest)
    for judge in (ratings, picks, ratings, picks, ratings):
        try:
            page = search.ask(12)
        except PicturesMissing as missing:
            painted |= {genome.digest: looks_of(genome) for genome in missing.genomes}
            page = search.ask(12)
        looks |= {one.id: looks_of(one.genome) for one in page}
        search.tell(judge(page))
    assert digest(search) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("evolve", "132b29a4272331bf"),
        ("best-of-n", "6e96cbff5420fc2e"),
        ("half-steps", "3982b43dffd175c2"),
        ("psp", "81bb74a18cad63cb"),
        ("zero-order", "a69a18f49fd8f350"),
        ("evosearch", "b04087233f6e01c9"),
        ("slerp-ga", "2c73071fed83d0fa"),
        ("pages", "0211d9584218a4fd"),
    ],
)
def test_a_strategy_breeds_what_it_always_bred(name: str, expected: str) -> None:
    archive = MemoryArchive()
    strategy = strategy_of(name)
    run = Run(archive, search_on(archive), FakeRenderer(), RedScorer(), page=6, strategy=strategy)
    assert run.to(None, forwards=60 * 8)
    assert digest(archive) == expected


def test_children_of_a_size_are_those_that_they_always_were() -> None:
    archive = MemoryArchive()
    with session_on(archive) as (session, heard):
        session.breed(6)
        heard.until(events.Painted, 6)
        session.breed(6, parents=[1, 4], size=0.4)
        session.look(2, size=0.3)
        session.walk(3, start=0, end=5, sizes=(0.2, 0.4, -0.3))
        heard.until(events.Painted, 6 + 8 + 3)
    assert digest(archive) == "70000f75e8af8f36"
