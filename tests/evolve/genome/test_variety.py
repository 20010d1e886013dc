import json
from itertools import pairwise

import numpy as np
import pytest

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt
from evolve.genome.noise import correlation, stream
from evolve.genome.settings import Settings
from evolve.genome.variety import TERMS, Variety, blended, pattern
from evolve.search import Search
from evolve.search import operators as op
from evolve.search.operators.shifting import inherited

SHAPE = (77, 64)
FACE = Prompt.typed("a face")


def direction(variety: Variety) -> np.ndarray:
    return pattern(variety.draws, 0, SHAPE)


def fresh(k: int) -> Variety:
    return Variety.drawn(stream(1, k, "t"))


def test_a_direction_is_standard_normal_whatever_it_was_made_of() -> None:
    found = fresh(0)
    for k in range(1, 30):
        found = found.turned(fresh(k), 25.0)
    found = blended([found, fresh(40), found.turned(fresh(41), 10)], [0.5, 0.3, 0.2])
    values = direction(found)
    assert len(found.draws) <= TERMS
    assert values.mean() == pytest.approx(0, abs=0.05)
    assert values.std() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("angle", [0.0, 20.0, 60.0, 90.0])
def test_a_turn_by_an_angle_is_one_of_the_direction(angle: float) -> None:
    one = fresh(1)
    turned = direction(one.turned(fresh(2), angle))
    assert correlation(direction(one), turned) == pytest.approx(np.cos(np.radians(angle)), abs=0.05)
    assert correlation(direction(one), direction(one.opposite())) == pytest.approx(-1)


def test_longer_texts_have_the_direction_of_shorter_ones_where_these_are() -> None:
    np.testing.assert_array_equal(
        pattern(fresh(1).draws, 0, (9, 8))[:5], pattern(fresh(1).draws, 0, (5, 8))
    )
    assert correlation(pattern(fresh(1).draws, 0, SHAPE), pattern(fresh(1).draws, 1, SHAPE)) < 0.1


@pytest.mark.parametrize(
    "params", [{"share": "x"}, {"share": 30}, {"weights": {"a": 1}}, {"weights": ["x"]}]
)
def test_operators_of_other_packages_may_record_shares_of_something_else(params: dict) -> None:
    noise = np.zeros((1, 2, 2), np.float16)
    parents = [Genome(noise, FACE, Settings(variety=0.4), variety=fresh(k)) for k in (1, 2)]
    assert inherited(stream(1, 0, "t"), parents, params, 0.0) == parents[0].variety


def test_it_is_part_of_the_genome_and_absent_where_there_is_none() -> None:
    noise = np.zeros((1, 2, 2), np.float16)
    plain = Genome(noise, FACE)
    genome = Genome(noise, FACE, Settings(variety=0.4), variety=fresh(1).turned(fresh(2), 30))
    assert "variety" not in {**plain.to_json(), **plain.to_json()["settings"]}
    again = Genome.from_json(json.loads(json.dumps(genome.to_json())), noise)
    assert again == genome
    assert again.variety == genome.variety
    assert len({plain.digest, genome.digest, Genome(noise, FACE, genome.settings).digest}) == 3


@pytest.mark.parametrize(
    ("draws", "message"),
    [
        ([], "1 to 8 seeds, each once"),
        ([[1, 0.6], [1, 0.8]], "each once"),
        ([[-1, 1.0]], "is not between 0"),
        ([[1, 0.5]], "do not sum to 1"),
        *(([[1, x]], "do not sum to 1") for x in (float("nan"), 1e200, 10**400, "x", None)),
        ([[float("inf"), 1.0]], "is not between 0"),
        ([["1", 1.0]], "is not between 0"),
    ],
)
def test_what_cannot_be_a_direction_is_refused(draws: list[list[float]], message: str) -> None:
    with pytest.raises(GenomeError, match=message):
        Variety.from_json(draws)


def bred(settings: Settings) -> Search:
    search = Search(seed=3, prompt=FACE, shape=(1, 8, 8), settings=settings)
    search.tell({i.id: float(i.id % 5) for i in search.ask(12)})
    search.ask(24)
    search.look(0, angle=30)
    search.steer(0, start=0, end=5, angles=[20.0])
    return search


def test_founders_differ_mirrored_ones_are_opposite_and_all_children_inherit() -> None:
    search = bred(Settings(variety=0.3))
    genomes = [search.genome(i) for i in range(len(search.births))]
    assert all(genome.variety is not None for genome in genomes)
    founders = [genome.variety for genome in genomes[:12]]
    assert len({one.draws for one in founders if one}) == 12
    for one, other in list(pairwise(founders))[::2]:
        assert one is not None
        assert other == one.opposite()
    ring = [direction(genome.variety) for genome in genomes[36:44] if genome.variety]
    for k in range(4):
        assert correlation(ring[k], ring[k + 4]) == pytest.approx(0.5, abs=0.05)


def test_children_turn_their_direction_as_far_as_their_noise() -> None:
    search = bred(Settings(variety=0.3))
    births = [birth for birth in search.births if birth.origin.operator == "mutate"]
    pairs = [(search.genome(b.id).variety, search.genome(b.parents[0]).variety) for b in births]
    turned = [correlation(direction(a), direction(b)) for a, b in pairs if a and b]
    told = [np.cos(np.radians(birth.origin.params["angle"])) for birth in births]
    np.testing.assert_allclose(turned, told, atol=0.05)


def test_noise_is_what_it_is_without_variety() -> None:
    plain, varied = bred(Settings()), bred(Settings(variety=0.3))
    for i in range(12):
        np.testing.assert_array_equal(plain.genome(i).noise, varied.genome(i).noise)


def test_crossing_mixes_directions_by_the_share_of_each() -> None:
    noise = np.zeros((1, 4, 4), np.float16)
    one, other = (Genome(noise, FACE, Settings(variety=0.3), variety=fresh(i)) for i in (1, 2))
    child = op.shifting.inherited(stream(1, 0, "t"), [one, other], {"share": 0.2}, 0.0)
    assert child is not None
    near, far = (correlation(direction(child), direction(fresh(i))) for i in (1, 2))
    assert near > 0.9 > 0.5 > far


def test_crossing_with_one_that_has_none_keeps_that_of_the_other() -> None:
    noise = np.zeros((1, 4, 4), np.float16)
    one = Genome(noise, FACE, Settings(variety=0.3), variety=fresh(1))
    assert op.antithetic(one).variety == fresh(1).opposite()
    assert op.shifting.inherited(
        stream(1, 1, "t"), [one, Genome(noise, FACE)], {"share": 0.4}, 20
    ) == fresh(1)
