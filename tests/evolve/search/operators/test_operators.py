import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.genome import Genome, Prompt, noise
from evolve.genome.edit import Base, Edit
from evolve.genome.settings import GENES, SAMPLERS, Settings
from evolve.search import operators as op

SHAPE = (8, 16, 16)
TEMPLATE = Genome(noise=np.zeros(SHAPE, np.float16), prompt=Prompt.parse("a face | red hair :2"))

Mutation = Callable[[np.random.Generator, Genome, float], Genome]
MUTATIONS: dict[str, Mutation] = {
    "whole": lambda rng, g, angle: op.mutate(rng, g, angle=angle),
    "low": lambda rng, g, angle: op.mutate_band(rng, g, angle=angle, low=True),
    "high": lambda rng, g, angle: op.mutate_band(rng, g, angle=angle, low=False),
    "region": lambda rng, g, angle: op.mutate_region(rng, g, angle=angle),
}


def stream(seed: int) -> np.random.Generator:
    return noise.stream(seed, 0, "test")


def founder(seed: int) -> Genome:
    return op.found(stream(seed), TEMPLATE)


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_of_no_degrees_is_a_copy(name: str) -> None:
    parent = founder(1)
    child = MUTATIONS[name](stream(2), parent, 0.0)
    np.testing.assert_allclose(
        child.noise.astype(float), parent.noise.astype(float), atol=2e-3
    )  # bands pass through a transform
    if name in ("whole", "region"):
        assert child == parent


@pytest.mark.parametrize("name", MUTATIONS)
def test_fifty_mutations_in_a_row_keep_the_norm(name: str) -> None:
    genome = founder(3)
    for generation in range(50):
        genome = MUTATIONS[name](stream(100 + generation), genome, 30.0)
    norm = np.linalg.norm(genome.noise.astype(float)) / math.sqrt(genome.noise.size)
    assert norm == pytest.approx(1, abs=0.06)  # 4 sigma of fresh noise of this size


def test_a_region_mutation_leaves_the_rest_bit_equal() -> None:
    parent = founder(4)
    child = op.mutate_region(stream(5), parent, angle=60.0, share=0.3)
    same = (child.noise == parent.noise).all(0)
    assert 0.2 < same.mean() < 0.95
    assert not (child.noise == parent.noise).all()


def test_a_low_band_mutation_moves_less_noise_than_a_high_band_one() -> None:
    parent = founder(6)
    low = op.mutate_band(stream(7), parent, angle=60.0, low=True)
    high = op.mutate_band(stream(7), parent, angle=60.0, low=False)
    assert noise.correlation(parent.noise, low.noise) > 0.9
    assert noise.correlation(parent.noise, high.noise) < 0.7


def test_a_slerp_child_has_the_words_of_the_nearer_parent_from_half_on_the_other() -> None:
    a = replace(founder(9), prompt=Prompt.parse("a man"), settings=Settings(sampler="euler"))
    b = replace(founder(10), prompt=Prompt.parse("a hat"), settings=Settings(sampler="dpm++"))
    for share, nearer in ((0.2, a), (0.49, a), (0.5, b), (0.9, b)):
        child = op.cross_slerp(a, b, share=share)
        assert child.prompt == nearer.prompt
        assert child.settings.sampler == nearer.settings.sampler


@pytest.mark.parametrize("weight", [-0.5, 0])
def test_words_of_the_oldest_rule_have_no_mean_with_words_that_are_not_above_0(
    weight: float,
) -> None:
    a = replace(founder(9), prompt=Prompt.parse("a man | a hat"))
    b = replace(founder(10), prompt=Prompt.typed(f"a man | a hat :{weight}"))
    assert [op.cross_slerp(a, b, share=share).prompt for share in (0.3, 0.7)] == [
        a.prompt,
        b.prompt,
    ]


def test_a_slerp_child_starts_from_what_the_nearer_parent_starts_from() -> None:
    a = op.repaint(stream(2), founder(1), a_base(3), mask=None, angle=90.0)
    b = op.repaint(stream(2), founder(2), a_base(4), mask=None, angle=90.0)
    for share, nearer in ((0.49, a), (0.5, b)):
        assert op.cross_slerp(a, b, share=share).edit == nearer.edit


def test_a_slerp_child_lies_between_its_parents() -> None:
    a, b = founder(9), founder(10)
    child = op.cross_slerp(a, b, share=0.5)
    assert noise.correlation(child.noise, a.noise) == pytest.approx(math.sqrt(0.5), abs=0.05)
    assert noise.correlation(child.noise, b.noise) == pytest.approx(math.sqrt(0.5), abs=0.05)


def test_region_crossover_takes_every_cell_from_a_parent() -> None:
    a, b = founder(11), founder(12)
    child = op.cross_region(stream(13), a, b, share=0.5)
    from_a, from_b = (child.noise == a.noise).all(0), (child.noise == b.noise).all(0)
    assert (from_a | from_b).all()
    assert from_a.any()
    assert from_b.any()


def test_blending_three_parents_leans_to_the_heaviest() -> None:
    parents = [founder(seed) for seed in (14, 15, 16)]
    child = op.cross_blend(parents, [0.2, 0.7, 0.1])
    near = [noise.correlation(child.noise, p.noise) for p in parents]
    assert near[1] == max(near)
    assert np.std(child.noise.astype(float)) == pytest.approx(1, abs=0.06)


def test_operators_leave_their_parents_alone() -> None:
    a, b = founder(17), founder(18)
    before = a.digest, b.digest
    op.cross_region(stream(1), a, b)
    op.cross_band(a, b)
    op.mutate_settings(stream(2), a)
    op.mutate_weights(stream(3), a)
    assert (a.digest, b.digest) == before


@given(seed=st.integers(0, 500), strength=st.floats(0, 3))
def test_mutated_settings_stay_in_range(seed: int, strength: float) -> None:
    edge = Genome(
        noise=TEMPLATE.noise,
        prompt=TEMPLATE.prompt,
        settings=Settings(guidance_scale=29.5, steps=1, sampler="unipc"),
    )
    settings = op.mutate_settings(stream(seed), edge, strength=strength).settings
    assert GENES["guidance_scale"].low <= settings.guidance_scale <= GENES["guidance_scale"].high
    assert isinstance(settings.steps, int)
    assert settings.sampler in SAMPLERS


def test_locked_settings_do_not_mutate() -> None:
    settings = {
        op.mutate_settings(stream(seed), TEMPLATE, strength=3, locked=("steps", "sampler")).settings
        for seed in range(50)
    }
    assert {(s.steps, s.sampler) for s in settings} == {(8, "dpm++")}
    assert len({s.guidance_scale for s in settings}) > 40


def test_a_locked_setting_does_not_change_how_others_mutate() -> None:
    free = op.mutate_settings(stream(4), TEMPLATE)
    locked = op.mutate_settings(stream(4), TEMPLATE, locked=("steps",))
    assert free.settings.guidance_scale == locked.settings.guidance_scale


def test_weights_of_words_mutate_but_a_single_text_stays() -> None:
    varied = op.mutate_weights(stream(5), TEMPLATE).prompt.concepts
    assert [c.text for c in varied] == ["a face", "red hair"]
    assert [c.weight for c in varied] != [1.0, 2.0]
    single = Genome(noise=TEMPLATE.noise, prompt=Prompt.parse("a face"))
    assert op.mutate_weights(stream(5), single) == single


def a_base(seed: int) -> Base:
    return Base(founder(seed).noise)


def test_repainting_turns_the_noise_inside_the_mask_only() -> None:
    parent, mask = founder(1), np.zeros(SHAPE[1:], bool)
    mask[4:9, 2:7] = True
    child = op.repaint(stream(2), parent, a_base(3), mask=mask, angle=90.0, depth=0.7)
    np.testing.assert_array_equal(child.noise[:, ~mask], parent.noise[:, ~mask])
    assert (child.noise[:, mask] != parent.noise[:, mask]).mean() > 0.9
    assert child.edit is not None
    assert child.edit.base == a_base(3)
    assert child.edit.depth == 0.7


OPERATORS: dict[str, Callable[[Genome, Genome], Genome]] = {
    **{
        name: lambda a, b, operator=operator: operator(stream(9), a, 40.0)  # type: ignore[misc]
        for name, operator in MUTATIONS.items()
    },
    "antithetic": lambda a, b: op.antithetic(a),
    "slerp": lambda a, b: op.cross_slerp(a, b, share=0.3),
    "blend": lambda a, b: op.cross_blend([a, b], [0.7, 0.3]),
    "region crossing": lambda a, b: op.cross_region(stream(9), a, b),
    "band crossing": op.cross_band,
}


@pytest.mark.parametrize("operator", OPERATORS)
def test_children_of_an_edited_genome_are_edited_alike(operator: str) -> None:
    mask = np.zeros(SHAPE[1:], bool)
    mask[:, :8] = True
    parent = op.repaint(stream(2), founder(1), a_base(3), mask=mask, angle=90.0)
    child = OPERATORS[operator](parent, founder(5))
    assert isinstance(child.edit, Edit)
    np.testing.assert_array_equal(child.noise[:, ~mask], parent.noise[:, ~mask])
    assert (child.noise[:, mask] != parent.noise[:, mask]).any()
