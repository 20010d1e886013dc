import numpy as np
import pytest

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt, noise
from evolve.genome.edit import Base
from evolve.search import Policy, Search
from evolve.search.edits import Repainted
from evolve.search.individual import Individual, Verdict

SHAPE = (4, 16, 16)


def fresh(seed: int = 1, **policy: object) -> Search:
    return Search(
        seed=seed,
        prompt=Prompt.parse("a face"),
        shape=SHAPE,
        policy=Policy(**policy),  # type: ignore[arg-type]
    )


@pytest.fixture
def search() -> Search:
    return fresh()


def landscape(individual: Individual) -> float:
    """A smooth score with one direction that is good."""
    direction = noise.draw(noise.stream(99, 0, "landscape"), SHAPE).ravel()
    return float(individual.genome.noise.astype(float).ravel() @ direction) / direction.size**0.5


def breed(search: Search, generations: int, count: int = 12) -> list[Individual]:
    """Let the landscape judge `generations` pages; returns the last one."""
    page: list[Individual] = []
    for _ in range(generations):
        page = search.ask(count)
        search.tell({i.id: landscape(i) for i in page})
    return page


def test_another_seed_breeds_others() -> None:
    assert not {i.genome for i in breed(fresh(5), 3)} & {i.genome for i in breed(fresh(6), 3)}


def test_a_resumed_search_goes_on_as_if_never_stopped() -> None:
    whole = fresh(7)
    genomes: dict[int, Genome] = {}
    for _ in range(4):
        page = whole.ask(12)
        genomes |= {i.id: i.genome for i in page}
        whole.tell({i.id: landscape(i) for i in page})
    resumed = Search(
        seed=7,
        prompt=Prompt.parse("a face"),
        shape=SHAPE,
        births=list(whole.births),
        genome_of=genomes.__getitem__,
    )
    resumed.tell(whole.verdicts)
    assert [(i.genome, i.parents, i.origin) for i in resumed.ask(12)] == [
        (i.genome, i.parents, i.origin) for i in whole.ask(12)
    ]


def test_the_first_page_is_made_of_antithetic_pairs() -> None:
    page = fresh().ask(6)
    for z, mirror in zip(page[::2], page[1::2], strict=True):
        assert noise.correlation(z.genome.noise, mirror.genome.noise) == pytest.approx(-1)


def test_ids_follow_each_other_and_each_page_is_a_generation(search: Search) -> None:
    pages = [search.ask(5), search.ask(3)]
    assert [[i.id for i in page] for page in pages] == [[0, 1, 2, 3, 4], [5, 6, 7]]
    assert [{i.generation for i in page} for page in pages] == [{0}, {1}]


def test_nothing_is_bred_before_something_is_judged(search: Search) -> None:
    search.ask(12)
    assert all(not i.parents for i in search.ask(12))


def test_one_rating_is_enough_to_breed(search: Search) -> None:
    search.ask(12)
    search.tell({3: Verdict(rating=5)})
    children = search.ask(12)
    assert sum(3 in c.parents for c in children) >= 10
    assert any(not c.parents for c in children)  # a newcomer


def test_evolution_climbs_higher_than_as_many_random_draws() -> None:
    wins = 0
    for seed in range(6):
        evolved, random = fresh(seed), fresh(1000 + seed, founders=10**6, antithetic=False)
        breed(evolved, 8)
        breed(random, 8)
        best = [max(v.score or -9 for v in s.verdicts.values()) for s in (evolved, random)]
        wins += best[0] > best[1] + 0.5
    assert wins >= 5


def test_twenty_generations_do_not_collapse_to_one_picture() -> None:
    page = breed(fresh(3), 20)
    pairs = [
        noise.correlation(a.genome.noise, b.genome.noise)
        for k, a in enumerate(page)
        for b in page[:k]
    ]
    assert np.mean(pairs) < 0.5


def test_children_of_marked_parents_come_from_them_alone(search: Search) -> None:
    search.ask(12)
    children = search.ask(9, parents=[2, 5, 7])
    assert {p for c in children for p in c.parents} == {2, 5, 7}
    assert [sum(c.parents[0] == p for c in children) for p in (2, 5, 7)] == pytest.approx(
        [3, 3, 3], abs=1
    )


def test_many_marked_parents_are_blended_a_few_at_a_time(search: Search) -> None:
    search.ask(40)
    children = search.ask(40, parents=range(40))
    blends = [c for c in children if c.origin.operator == "cross_blend"]
    assert blends
    for child in blends:
        weights = child.origin.params["weights"]
        assert len(child.parents) == len(weights) <= 8
        assert weights == sorted(weights, reverse=True)


def test_a_single_parent_is_only_mutated(search: Search) -> None:
    search.ask(12)
    assert all(c.parents == (4,) for c in search.ask(12, parents=[4]))


def test_strength_sets_the_angle_and_zero_copies(search: Search) -> None:
    page = search.ask(4)
    copies = search.ask(6, parents=[1], strength=0)
    for child in copies:
        assert noise.correlation(child.genome.noise, page[1].genome.noise) == pytest.approx(
            1, abs=1e-5
        )
    near = [
        noise.correlation(c.genome.noise, page[1].genome.noise)
        for c in search.ask(6, parents=[1], strength=20)
        if c.origin.operator == "mutate"
    ]
    assert near == pytest.approx([np.cos(np.radians(20))] * len(near), abs=0.05)


def test_a_page_shows_near_and_far_children(search: Search) -> None:
    search.ask(12)
    angles = [
        c.origin.params["angle"]
        for c in search.ask(12, parents=[0])
        if c.origin.operator == "mutate"
    ]
    assert max(angles) > 1.8 * min(angles)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"count": 0}, r"0 individuals cannot be bred"),
        ({"count": 2, "parents": [12]}, r"there is no individual 12: ids go from 0 to 11"),
        ({"count": 2, "strength": 91.0}, r"a step of 91 degrees is not between 0 and 90"),
    ],
)
def test_impossible_requests_are_refused(
    search: Search, arguments: dict[str, object], message: str
) -> None:
    search.ask(12)
    with pytest.raises(GenomeError, match=message):
        search.ask(**arguments)  # type: ignore[arg-type]


def test_what_is_asked_of_an_individual_that_is_not_there_is_refused(search: Search) -> None:
    with pytest.raises(GenomeError, match=r"there is no individual 0: found some first"):
        search.tell({0: 1.0})
    search.ask(12)
    with pytest.raises(GenomeError, match=r"there is no individual 12: ids go from 0 to 11"):
        search.genome(12)


def test_repainting_makes_children_of_one_parent_near_and_far(search: Search) -> None:
    search.ask(4)
    base = Base(np.zeros(search.template.noise.shape, np.float16))
    children = search.alter(2, Repainted(base=base, box=(0, 0, 0.5, 0.5)), 6)
    assert [c.id for c in children] == [4, 5, 6, 7, 8, 9]
    assert {c.parents for c in children} == {(2,)}
    assert len({c.genome.digest for c in children}) == 6
    angles = [c.origin.params["angle"] for c in children]
    assert min(angles) < 45 < 75 < max(angles) <= 90
    assert all(c.generation == 1 for c in children)
    page = search.alter(2, Repainted(base=base, angle=20), 2)
    assert [c.origin.params["angle"] for c in page] == [20, 20]


def test_what_cannot_be_repainted_is_refused(search: Search) -> None:
    search.ask(2)
    base = Base(np.zeros(search.template.noise.shape, np.float16))
    with pytest.raises(GenomeError, match="there is no individual 5"):
        search.alter(5, Repainted(base=base), 1)
    with pytest.raises(GenomeError, match="is not inside the picture"):
        search.alter(0, Repainted(base=base, box=(0.4, 0, 0.2, 1)), 1)
    with pytest.raises(GenomeError, match="a step of 99 degrees"):
        search.alter(0, Repainted(base=base, angle=99), 1)
