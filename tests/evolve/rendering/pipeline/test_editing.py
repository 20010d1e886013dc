"""Pictures that start from a base, on the real embedded model."""

from dataclasses import replace

import numpy as np
import pytest
from crowds import finished, paint, work
from numpy.typing import NDArray

from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base, Edit
from evolve.genome.masks import mask_of
from evolve.genome.noise import stream
from evolve.genome.settings import SAMPLERS, Settings
from evolve.models.loading import LoadedModel
from evolve.rendering.pipeline.editing import paste
from evolve.rendering.protocol import Encode, Encoded, Failed, Finished, Stepped
from evolve.search import Search
from evolve.search.operators import repaint

BOX = (0.25, 0.5, 0.75, 0.875)


def painted(model: LoadedModel, *genomes: Genome) -> list[Finished]:
    return finished(paint(model, genomes))


@pytest.fixture(scope="module")
def parent(model: LoadedModel) -> Genome:
    search = Search(
        seed=1,
        prompt=Prompt.parse("a woman"),
        shape=model.info.latent,
        settings=Settings(guidance_scale=2.0, steps=4),
    )
    return search.ask(1)[0].genome


@pytest.fixture(scope="module")
def base(model: LoadedModel, parent: Genome) -> Base:
    (event,) = painted(model, parent)
    assert event.latent is not None
    return Base(event.latent, event.picture)


def child(parent: Genome, base: Base, seed: int = 0, **changes: object) -> Genome:
    mask = mask_of(BOX, (16, 16))
    return repaint(stream(7, seed, "test"), parent, base, mask=mask, angle=90, **changes)  # type: ignore[arg-type]


def test_children_differ_from_their_parent_inside_the_mask_only(
    model: LoadedModel, parent: Genome, base: Base
) -> None:
    children = [
        replace(child(parent, base, k), settings=Settings(2.0 + k, 3 + k, sampler))
        for k, sampler in enumerate(SAMPLERS)
    ]
    mask = mask_of(BOX, (16, 16))
    pixels = mask.repeat(8, 0).repeat(8, 1)
    assert base.picture is not None
    for event in painted(model, *children):
        assert event.latent is not None
        np.testing.assert_array_equal(event.latent[:, ~mask], base.latent[:, ~mask])
        np.testing.assert_array_equal(event.picture[~pixels], base.picture[~pixels])
        assert (event.picture[pixels] != base.picture[pixels]).mean() > 0.5


def test_an_edited_genome_gives_the_same_bits_alone_as_in_a_crowd(
    model: LoadedModel, parent: Genome, base: Base
) -> None:
    one, other = child(parent, base), child(parent, base, 1, depth=0.5)
    (alone,), crowd = painted(model, other), painted(model, one, parent, other)
    np.testing.assert_array_equal(alone.picture, crowd[2].picture)


def test_the_less_deep_the_nearer_to_the_base_and_the_fewer_forwards(
    model: LoadedModel, parent: Genome, base: Base
) -> None:
    settings = replace(parent.settings, steps=8)
    distances, passes = [], []
    for depth in (0.25, 0.5, 1.0):
        edit = Edit(base, depth)
        genome = replace(parent, noise=-parent.noise, settings=settings, edit=edit)
        (event,) = painted(model, genome)
        assert base.picture is not None
        distances.append(np.abs(event.picture.astype(float) - base.picture).mean())
        passes.append(event.passes)
    assert distances == sorted(distances)
    assert passes == [3, 5, 8]  # the first is needed to know the form of an answer


def test_at_full_depth_without_a_mask_nothing_of_the_base_remains(
    model: LoadedModel, parent: Genome, base: Base
) -> None:
    other = Base(-base.latent, base.picture)
    (event,) = painted(model, replace(parent, edit=Edit(other)))
    np.testing.assert_array_equal(event.picture, base.picture)


def test_previews_show_the_base_where_it_is_held(
    model: LoadedModel, parent: Genome, base: Base
) -> None:
    events = paint(model, [parent, child(parent, base), child(parent, base, 1)])
    first = [e.preview for e in events if isinstance(e, Stepped) and e.id and e.step == 1]
    mask = mask_of(BOX, (16, 16))
    assert first[0] is not None
    assert first[1] is not None
    np.testing.assert_array_equal(first[0][~mask], first[1][~mask])


def test_an_encoded_picture_comes_back_when_nothing_of_it_is_painted_anew(
    model: LoadedModel, parent: Genome, base: Base
) -> None:
    assert base.picture is not None
    tasks = Encode(5, base.picture), Encode(6, base.picture[:99])
    failed, encoded = work(model, *tasks)  # the size is looked at before anything is computed
    assert isinstance(encoded, Encoded)
    assert encoded.id == 5
    assert isinstance(failed, Failed)
    assert "size 128x99 does not fit model 'portraits': width and height must" in failed.error
    edit = Edit(Base(encoded.base.latent), mask=np.zeros((16, 16), bool))
    (event,) = painted(model, replace(parent, edit=edit))
    assert np.abs(event.picture.astype(float) - base.picture).mean() < 20


def test_pasting_is_soft_inside_the_mask_and_hard_outside() -> None:
    mask = np.zeros((4, 4), bool)
    mask[1:3, 0:2] = True
    flat: NDArray[np.uint8] = np.full((32, 32, 3), 200, np.uint8)
    edit = Edit(Base(np.zeros((1, 4, 4), np.float16), np.zeros_like(flat)), mask=mask)
    pasted = paste(flat, edit)[..., 0]
    pixels = mask.repeat(8, 0).repeat(8, 1)
    assert (pasted[~pixels] == 0).all()
    assert list(pasted[8:14, 8]) == [40, 80, 120, 160, 200, 200]
    assert (pasted[12:20, :8] == 200).all()  # up to the border of the picture
