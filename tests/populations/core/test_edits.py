from pathlib import Path

import numpy as np
import pytest
import zarr
from small_population import base, edited, individual, picture, state

from evolve.errors import ArchiveError
from evolve.genome.edit import Base
from populations import Population, check_population


@pytest.mark.parametrize("with_picture", [False, True])
@pytest.mark.parametrize("with_mask", [False, True])
def test_edits_come_back_equal(
    path: Path, population: Population, with_picture: bool, with_mask: bool
) -> None:
    made = edited(8, base(1, with_picture=with_picture), with_mask=with_mask)
    population.append([made])
    population.close()
    with Population.open(path, write=False) as reader:
        saved = reader.genome(8)
    assert saved == made.genome
    assert saved.edit is not None
    assert saved.edit.base == base(1, with_picture=with_picture)
    if with_picture:
        assert np.array_equal(np.asarray(saved.edit.base.picture), picture(1))
    assert (saved.edit.mask is None) == (not with_mask)


def test_base_is_stored_once(path: Path, population: Population) -> None:
    population.append([edited(8, base(1)), edited(9, base(2)), edited(10, base(1))])
    population.append([edited(11, base(2)), edited(12, base(3))])
    population.close()
    with Population.open(path) as again:
        again.append([edited(13, base(1))])
        assert again.genome(13).edit is not None
    stored = zarr.open_array(path / "population.zarr" / "bases" / "digest", mode="r")
    assert stored.shape == (3, 32)
    assert check_population(path).problems == []


def test_base_with_and_without_picture_are_two(population: Population) -> None:
    plain = base(1, with_picture=False)
    population.append([edited(8, base(1)), edited(9, plain)])
    assert [population.genome(i) for i in (8, 9)] == [
        edited(8, base(1)).genome,
        edited(9, plain).genome,
    ]


def test_reader_finds_bases_that_came_while_it_read(path: Path, population: Population) -> None:
    population.append([edited(8, base(1))])
    with Population.open(path, write=False) as reader:
        assert reader.genome(8) == edited(8, base(1)).genome
        population.append([edited(9, base(2))])
        assert reader.refresh()
        assert reader.genome(9) == edited(9, base(2)).genome


def test_failed_commit_of_a_base_is_as_if_it_never_was(
    path: Path, population: Population, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = state(population)
    large = Base(base(1).latent, picture(1, side=4))
    monkeypatch.setattr(
        "populations.format.picture_bytes.encode", lambda _: b"x" * (64 << 20) + b"x"
    )
    with pytest.raises(ArchiveError, match="saving to population 'demo' failed"):
        population.append([edited(8, large)])
    monkeypatch.undo()
    assert state(population) == told
    population.append([edited(8, base(1))])
    assert population.genome(8) == edited(8, base(1)).genome


def test_damaged_bases_are_never_handed_out(path: Path, population: Population) -> None:
    population.append([edited(8, base(1)), individual(9)])
    population.close()
    latent = zarr.open_array(path / "population.zarr" / "latents" / "4x4x4" / "data", mode="r+")
    latent[9] = np.ones((4, 4, 4), np.float16)  # with a correct checksum of its own
    with Population.open(path) as again:
        with pytest.raises(ArchiveError, match=r"'demo' is damaged .base .* is altered"):
            again.genome(8)
        assert again.genome(9) == individual(9).genome
    problems = ["missing or damaged base of individual 8"]
    assert check_population(path).problems == problems
    (path / "population.zarr" / "bases" / "data" / "c.0.0").unlink()
    assert check_population(path).problems == problems
