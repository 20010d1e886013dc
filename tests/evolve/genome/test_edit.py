"""An edit carries what it starts from, and comes back equal."""

import json

import numpy as np
import pytest

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base, Edit
from evolve.search.breeding import ChildSpec, make_child
from evolve.search.operators import operator_of


def a_base(seed: int = 0) -> Base:
    rng = np.random.default_rng(seed)
    latent = rng.standard_normal((4, 6, 5)).astype(np.float16)
    return Base(latent, rng.integers(0, 256, (48, 40, 3), dtype=np.uint8))


def edited(edit: Edit | None) -> Genome:
    noise = np.random.default_rng(9).standard_normal((4, 6, 5)).astype(np.float16)
    return Genome(noise, Prompt.parse("a face"), edit=edit)


def test_a_genome_with_an_edit_comes_back_equal_from_json_and_its_base() -> None:
    mask = np.random.default_rng(1).random((6, 5)) < 0.4
    genome = edited(Edit(a_base(), 0.6, mask))
    told = json.loads(json.dumps(genome.to_json()))
    again = Genome.from_json(told, genome.noise, a_base())
    assert again == genome
    assert again.edit is not None
    assert again.edit.mask is not None
    assert np.array_equal(again.edit.mask, mask)


def test_the_digest_depends_on_every_part_of_the_edit() -> None:
    everywhere = np.ones((6, 5), bool)
    genomes = [
        edited(None),
        edited(Edit(a_base())),
        edited(Edit(a_base(1))),
        edited(Edit(Base(a_base().latent))),
        edited(Edit(a_base(), 0.5)),
        edited(Edit(a_base(), 1.0, everywhere)),
    ]
    assert len({g.digest for g in genomes}) == len(genomes)


def test_an_edit_does_not_change_with_the_arrays_it_was_made_from() -> None:
    latent, mask = np.zeros((4, 6, 5), np.float16), np.zeros((6, 5), bool)
    edit = Edit(Base(latent), mask=mask)
    before = edited(edit).digest
    latent[:], mask[:] = 1, True
    assert edited(edit).digest == before


def test_parts_that_do_not_fit_are_refused_by_name() -> None:
    with pytest.raises(GenomeError, match="depth 0 must be above 0"):
        Edit(a_base(), 0.0)
    with pytest.raises(GenomeError, match=r"mask must be bool of shape \(6, 5\)"):
        Edit(a_base(), mask=np.ones((5, 6), bool))
    with pytest.raises(GenomeError, match="latent of a base must be finite"):
        Base(np.full((4, 6, 5), np.nan, np.float16))
    with pytest.raises(GenomeError, match="picture of a base must be uint8"):
        Base(np.zeros((4, 6, 5), np.float16), np.zeros((3, 48, 40), np.uint8))
    with pytest.raises(GenomeError, match="base has a latent of shape"):
        Genome(np.zeros((4, 8, 8), np.float16), Prompt.parse("a face"), edit=Edit(a_base()))
    genome = edited(Edit(a_base()))
    with pytest.raises(GenomeError, match="is missing"):
        Genome.from_json(genome.to_json(), genome.noise)
    with pytest.raises(GenomeError, match="belongs to another base"):
        Genome.from_json(genome.to_json(), genome.noise, a_base(1))


def test_locked_noise_keeps_the_edit_that_belongs_to_it() -> None:
    rng = np.random.default_rng(0)
    noise, other, latent = rng.standard_normal((3, 4, 8, 8)).astype(np.float16)
    mask = np.zeros((8, 8), bool)
    mask[:4] = True
    plain = Genome(noise, Prompt.parse("a"))
    edited = Genome(other, Prompt.parse("a"), edit=Edit(Base(latent), 1.0, mask))
    nearer_to_the_edited = ChildSpec(
        operator=operator_of("cross_slerp"), step=35, angle=35, locked=("noise",), factor=4.0
    )
    child, *_ = make_child(rng, nearer_to_the_edited, 0, [0, 1], [plain, edited].__getitem__, plain)
    assert child == plain
