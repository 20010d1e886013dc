"""Whole mixed populations on small pipelines of many families, through their real classes."""

import functools
from dataclasses import replace

import numpy as np
import pytest
import torch
from crowds import Desk, forwards, latents, one_by_one, paint, population, repainted
from families import FAMILIES, model_of

from evolve.genome import Genome, Prompt
from evolve.genome.prompt import WRITTEN
from evolve.genome.settings import Settings
from evolve.genome.variety import Variety
from evolve.models.loading import LoadedModel
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings
from evolve.rendering.finding import finder
from evolve.rendering.pipeline import locating
from evolve.rendering.pipeline.call import KnownPipeline, call
from evolve.rendering.pipeline.encoding import painted, way_of
from evolve.rendering.pipeline.guiding import CutGuide
from evolve.rendering.protocol import Failed, Finished, Job, Locate, Located, RenderEvent, Stepped
from evolve.rendering.tuning.independence import denoiser_dependence
from evolve.rendering.tuning.self_test import denoiser_calls, why_one_by_one

pytestmark = [
    pytest.mark.parametrize("family", FAMILIES),
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),  # of diffusers about its own parts
]

load = functools.cache(model_of)


@functools.cache
def together(family: str) -> list[RenderEvent]:
    """Paint the population at once."""
    model = load(family)
    return paint(model, population(model))


@functools.cache
def alone(family: str) -> list[RenderEvent]:
    """Paint the population one by one."""
    model = load(family)
    return paint(one_by_one(model), population(model))


def crowd(family: str) -> list[np.ndarray]:
    return latents(together(family))


def known(model: LoadedModel) -> KnownPipeline:
    return KnownPipeline(
        pipeline=model.pipeline,
        denoiser_name=model.denoiser_name,
        scale=model.scale,
        device=torch.device("cpu"),
    )


def test_a_mixed_population_agrees_with_one_by_one(family: str) -> None:
    for one, other in zip(latents(alone(family)), crowd(family), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-3 * np.abs(one).max())


def test_bits_depend_neither_on_the_crowd_nor_on_the_order(family: str) -> None:
    model = load(family)
    genomes = population(model)
    reverse = latents(paint(model, genomes[::-1]))[::-1]
    np.testing.assert_array_equal(np.stack(reverse), np.stack(crowd(family)))
    np.testing.assert_array_equal(latents(paint(model, genomes[1:2]))[0], crowd(family)[1])


def test_merging_takes_fewer_forwards_than_one_by_one(family: str) -> None:
    assert forwards(together(family)) < 0.8 * forwards(alone(family))


def test_weight_one_paints_what_the_whole_text_paints_and_weight_zero_what_the_base_does(
    family: str,
) -> None:
    model = load(family)
    texts = (
        "a cat | snow | fog",
        "a cat, snow, fog",
        "a cat | fog :0",
        "a cat",
        "a cat | fog :0.3",
    )
    noise = population(model)[0].noise
    genomes = [Genome(noise, Prompt.typed(text), Settings(2.0, 2, "euler")) for text in texts]
    one, written, zero, base, some = latents(paint(model, genomes))
    np.testing.assert_array_equal(one, written)
    np.testing.assert_array_equal(zero, base)
    assert (some != base).any()
    assert (some != written).any()


def test_below_0_is_the_negative_prompt_or_leads_away_where_that_does_not_count(
    family: str,
) -> None:
    model = load(family)
    below, plain = Prompt.typed("a cat | fog :-1"), Prompt.typed("a cat")
    prompts = plain, below, Prompt.typed("a cat", "fog"), replace(below, rule=WRITTEN)
    noise = population(model)[0].noise
    for guidance in (2.0, 1.0):
        settings = Settings(guidance, 2, "euler")
        genomes = [Genome(noise, prompt, settings) for prompt in prompts]
        base, found, negative, away = latents(paint(model, genomes))
        counts = (negative != base).any()
        assert not (counts and guidance == 1)
        np.testing.assert_array_equal(found, negative if counts else away)
        assert (found != base).any()


def test_variety_moves_the_picture_in_any_crowd_alike(family: str) -> None:
    model = load(family)
    noise, variety = population(model)[0].noise, Variety(((7, 1.0),))
    settings = Settings(2.0, 2, "euler")
    plain = Genome(noise, Prompt.typed("a cat"), settings)
    varied = replace(plain, settings=replace(settings, variety=0.5), variety=variety)
    base, moved, again = latents(paint(model, [plain, varied, varied]))
    assert (base != moved).any()
    np.testing.assert_array_equal(moved, again)
    np.testing.assert_array_equal(latents(paint(model, [varied]))[0], moved)


def test_a_locked_region_leaves_the_latents_outside_bit_equal(family: str) -> None:
    model = load(family)
    genomes, mask = repainted(model, crowd(family))
    for child, parent in zip(latents(paint(model, genomes)), crowd(family), strict=True):
        np.testing.assert_array_equal(child[:, ~mask], parent[:, ~mask])
        assert (child[:, mask] != parent[:, mask]).mean() > 0.5


def test_the_clean_latent_is_predicted_at_every_step(family: str) -> None:
    model = load(family)
    noise = torch.from_numpy(population(model)[0].noise.astype(np.float32))
    seen: list[torch.Tensor] = []

    def before(step: int, of: int, clean: torch.Tensor | None) -> None:
        assert of == 4
        assert clean is not None
        seen.append(clean)

    with torch.no_grad():
        painted = call(
            known(model),
            model.denoiser,
            noise,
            Prompt.parse("a cat"),
            Settings(2.0, 4, "dpm++"),
            before=before,
        )
    assert len(seen) == 4
    if family != "LCM":  # it mixes the last prediction with the sample
        torch.testing.assert_close(seen[-1], painted.latent, rtol=1e-3, atol=1e-3)


def test_what_the_vae_decodes_leads_back_to_the_latent(family: str) -> None:
    model = load(family)
    latent = torch.from_numpy(crowd(family)[0].astype(np.float32))
    decoded: list[torch.Tensor] = []
    vae = model.pipeline.vae.decode

    def decode(values: torch.Tensor, *args: object, **kwargs: object) -> object:
        decoded.append(values)
        return vae(values, *args, **kwargs)

    with torch.no_grad():
        way = way_of(known(model), model.denoiser, torch.zeros_like(latent))
        painted = call(
            known(model),
            model.denoiser,
            latent,
            Prompt.parse("a cat"),
            Settings(1.0, 2),
            decode=decode,
        )
    torch.testing.assert_close(way.latent(decoded[0]), painted.latent, rtol=1e-3, atol=1e-3)


def test_a_picture_can_be_led_at_every_step_through_its_decoder(family: str) -> None:
    model = load(family)
    noise = torch.from_numpy(population(model)[0].noise.astype(np.float32))
    prompt, settings = Prompt.parse("a cat"), Settings(2.0, 2, "dpm++")
    with torch.no_grad():
        way = way_of(known(model), model.denoiser, torch.zeros_like(noise))
        guide = CutGuide(
            functools.partial(painted, model.pipeline.vae, way),
            lambda views: views.mean((1, 2, 3)),
            side=16,
            strength=0.5,
        )
        dark, bright = (
            call(known(model), model.denoiser, noise, prompt, settings, steer=steer)
            for steer in (None, guide)
        )
    assert bright.picture.mean() > dark.picture.mean()


def test_every_step_is_reported_and_pictures_are_seen_to_come(family: str) -> None:
    model = load(family)
    stepped = [event for event in together(family) if isinstance(event, Stepped)]
    for i, genome in enumerate(population(model)):
        steps = [event.step for event in stepped if event.id == i]
        assert steps == list(range(genome.settings.steps + 1))
    last = stepped[-1]
    assert last.preview is not None
    assert last.preview.shape == (*model.info.latent[1:], 3)


def test_merging_passes_the_self_test(family: str) -> None:
    model = load(family)
    assert why_one_by_one(model) == ""
    assert denoiser_dependence(model, denoiser_calls(model)) == ""


def test_a_place_is_sought_on_the_trajectory_of_the_picture(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locating, "STEPS", 12)  # fewer samplers, of fewer steps
    monkeypatch.setattr(locating, "FRESH", 1)
    monkeypatch.setattr(finder, "PICTURES", 0)  # random weights show nothing in any picture
    model = load(family)
    genome = population(model)[1]
    latent = crowd(family)[1]
    said = phrasings(genome.prompt, WordChange(add="a ball"))
    desk = Desk(model)
    change, nothing = (
        Locate(id=k, genome=genome, latent=latent, phrasings=Phrasings(*words))
        for k, words in enumerate(
            [(said.before, said.after, said.before), (said.before, said.before, said.after)]
        )
    )
    desk.work(change)
    desk.work(nothing, Job(9, genome), replace(change, id=2))
    events = desk.events
    assert not [e.error for e in events if isinstance(e, Failed)]
    found = {e.id: e.difference for e in events if isinstance(e, Located)}
    np.testing.assert_array_equal(found[0], found[2])  # in a crowd, and when asked again
    assert (found[0] > 0).all()
    assert (found[1] < 0).all()  # the same words differ less than others
    (finished,) = [e for e in events if isinstance(e, Finished)]
    np.testing.assert_array_equal(finished.latent, latent)
