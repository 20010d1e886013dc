"""Guidance by cuts, on the real embedded model and its CLIP."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from crowds import finished, paint, work
from PIL import Image

from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base
from evolve.genome.masks import mask_of
from evolve.genome.noise import stream
from evolve.genome.settings import Settings
from evolve.models.loading import LoadedModel
from evolve.rendering.pipeline.guiding import CutGuide, views_of
from evolve.rendering.pipeline.noise_levels import Level
from evolve.rendering.protocol import Failed, Finished, Job, Stepped
from evolve.scoring.clip import Clip
from evolve.scoring.cut_score import CutScore
from evolve.scoring.cuts import Cut
from evolve.search import Search
from evolve.search.operators import repaint

pytestmark = pytest.mark.usefixtures("one_thread")

SETTINGS = Settings(guidance_scale=3.0, steps=3)


def founders(model: LoadedModel, seed: int, count: int) -> list[Genome]:
    prompt = Prompt.parse("a smiling woman with red hair and glasses")
    search = Search(seed=seed, prompt=prompt, shape=model.info.latent, settings=SETTINGS)
    return [individual.genome for individual in search.ask(count)]


def guided(genome: Genome, strength: float = 0.3) -> Genome:
    return replace(genome, settings=replace(genome.settings, cut_guidance=strength))


@pytest.fixture(scope="module")
def crowd(model: LoadedModel) -> list[Finished]:
    """Two genomes, each without guidance and then with it."""
    plain = founders(model, 1, 2)
    return finished(paint(model, [each for one in plain for each in (one, guided(one))]))


def test_guided_pictures_agree_better_with_their_words(
    model: LoadedModel, crowd: list[Finished]
) -> None:
    assert model.clip is not None
    scorer = CutScore(Clip(model.clip))
    genomes = founders(model, 1, 1) * len(crowd)  # all of them have the same words
    scores = scorer.score([event.picture for event in crowd], genomes).reshape(-1, 2)
    assert (scores[:, 1] > scores[:, 0] + 1).all()


def test_bits_of_guided_and_unguided_pictures_depend_on_no_neighbour(
    model: LoadedModel, crowd: list[Finished]
) -> None:
    (one,) = founders(model, 1, 1)
    for genome, event in zip((one, guided(one)), crowd[:2], strict=True):
        (alone,) = finished(paint(model, [genome]))
        np.testing.assert_array_equal(alone.picture, event.picture)


def test_the_record_names_the_clip_where_one_guided(crowd: list[Finished]) -> None:
    assert "clip" not in crowd[0].record
    assert len(crowd[1].record["clip"]) == 64


def test_what_is_held_on_a_base_is_not_led_away(model: LoadedModel, crowd: list[Finished]) -> None:
    (parent,) = founders(model, 1, 1)
    mask = mask_of((0.25, 0.25, 0.75, 0.75), model.info.latent[1:])
    assert crowd[0].latent is not None
    base = Base(crowd[0].latent, crowd[0].picture)
    child = repaint(stream(3, 0, "t"), parent, base, mask=mask, angle=90, depth=0.6)
    events = paint(model, [child, guided(child)])
    plain, led = (event.latent for event in finished(events))
    assert plain is not None
    assert led is not None
    np.testing.assert_array_equal(led[:, ~mask], base.latent[:, ~mask])
    assert (led[:, mask] != plain[:, mask]).mean() > 0.5
    assert [e.step for e in events if isinstance(e, Stepped) and e.id == 1] == [0, 1, 2, 3]


def test_a_model_without_a_clip_fails_what_is_to_be_guided_alone(model: LoadedModel) -> None:
    (genome,) = founders(model, 1, 1)
    events = work(replace(model, clip=None), Job(0, guided(genome)), Job(1, genome))
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert failed.id == 0
    assert "'portraits' brings no CLIP to guide by" in failed.error
    assert [event.id for event in finished(events)] == [1]  # it needs none


def test_the_step_falls_with_the_noise_and_goes_uphill() -> None:
    def brightness(views: torch.Tensor) -> torch.Tensor:
        return views.mean((1, 2, 3))

    guide = CutGuide(lambda latent: latent, brightness, side=8, strength=0.5)
    clean = torch.full((3, 16, 16), 0.5)
    early = guide(1, Level(0.0, 1.0), clean) - clean
    late = guide(1, Level(0.8, 0.6), clean) - clean
    assert float(early.square().mean().sqrt()) == pytest.approx(0.5)
    assert float(late.square().mean().sqrt()) == pytest.approx(0.3)
    assert float(early.mean()) > 0


@pytest.mark.parametrize("number", [0.0, torch.nan])
def test_where_there_is_no_way_up_nothing_is_moved(number: float) -> None:
    guide = CutGuide(lambda x: x, lambda v: number * v.mean((1, 2, 3)), side=8, strength=0.5)
    clean = torch.rand(3, 16, 16)
    torch.testing.assert_close(guide(1, Level(0.0, 1.0), clean), clean, rtol=0, atol=0)


def test_views_are_those_that_a_score_looks_at() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    cuts = [Cut(1.0, 0.5, 0.5), Cut(0.7, 0.2, 0.9, flipped=True), Cut(0.3, 1.0, 0.0)]
    views = views_of(torch.from_numpy(picture).permute(2, 0, 1) / 255, cuts, 24)
    for view, cut in zip(views, cuts, strict=True):
        image = Image.fromarray(picture)
        seen = image.resize((24, 24), Image.Resampling.BILINEAR, box=cut.box(64, 48))
        if cut.flipped:
            seen = seen.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        expected = torch.from_numpy(np.asarray(seen).copy()).permute(2, 0, 1) / 255
        torch.testing.assert_close(view, expected, rtol=0, atol=0.01)
