"""Places found by words: the embedded model knows where a face has its mouth."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from crowds import work

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt, masks
from evolve.genome.noise import draw, stored, stream
from evolve.genome.settings import Settings
from evolve.models.catalog import describe
from evolve.models.loading import LoadedModel
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings
from evolve.rendering.pipeline.locating import FRESH, LEVELS, changes, look
from evolve.rendering.pipeline.painter import Painter
from evolve.rendering.pipeline.ready_model import ReadyModel
from evolve.rendering.pipeline.samplers import make_sampler
from evolve.rendering.protocol import (
    Failed,
    Finished,
    Job,
    Locate,
    Located,
    RenderEvent,
    Stepped,
)
from evolve.scoring.wanted import HARDLY
from evolve.scoring.wanted_scores import SELDOM, WantedScores

FACE = "a woman with a black bob, micah style, white background"


@pytest.fixture(scope="module")
def genome(model: LoadedModel) -> Genome:
    noise = stored(draw(stream(3, 0, "test"), model.info.latent))
    return Genome(noise, Prompt.parse(FACE), Settings(guidance_scale=2.0, steps=4))


def words(add: str, *, tried: bool = False) -> Phrasings:
    known = meanings_of(describe("portraits"))
    said = phrasings(Prompt.parse(FACE), WordChange(add=add), known)
    return said if tried else said.plain


@pytest.fixture(scope="module")
def latent(model: LoadedModel, genome: Genome) -> np.ndarray:
    *_, finished = work(model, Job(0, genome))
    assert isinstance(finished, Finished)
    assert finished.latent is not None
    return finished.latent


@pytest.fixture(scope="module")
def mouth(model: LoadedModel, genome: Genome, latent: np.ndarray) -> list[RenderEvent]:
    return work(model, Locate(id=7, genome=genome, latent=latent, phrasings=words("a smile")))


def test_the_mouth_is_small_and_in_the_lower_half_of_the_face(mouth: list[RenderEvent]) -> None:
    located = mouth[-1]
    assert isinstance(located, Located)
    assert located.difference.shape == (16, 16)
    assert located.difference.dtype == np.float32
    mask = masks.located(located.difference)
    rows, columns = np.nonzero(mask)
    assert 7 <= rows.mean() <= 13
    assert 4 <= columns.mean() <= 11
    assert mask.mean() <= 0.2


def test_it_reports_how_far_it_is_and_what_it_cost(mouth: list[RenderEvent]) -> None:
    *steps, located = mouth
    rows = (2 * (1 + FRESH) + 1) * len(LEVELS)
    assert all(isinstance(step, Stepped) and step.id == 7 for step in steps)
    assert steps[-1].steps == rows  # type: ignore[union-attr]
    assert isinstance(located, Located)
    assert located.cost == rows / 8  # a picture of four guided steps has eight rows


def test_stronger_words_are_tried_out_in_the_place(
    model: LoadedModel, genome: Genome, latent: np.ndarray, mouth: list[RenderEvent]
) -> None:
    said = words("a smile", tried=True)
    *steps, located = work(model, Locate(id=7, genome=genome, latent=latent, phrasings=said))
    *alone_steps, alone = mouth
    assert len(steps) == len(alone_steps)  # tries are no steps of looking
    assert isinstance(located, Located)
    assert isinstance(alone, Located)
    assert len(located.chances) == len(said.stronger) + 1
    assert max(located.chances) > SELDOM  # so there is no remark
    assert (alone.chances, located.remark) == ((), "")
    assert (alone.guidance, located.guidance) == (
        None,
        2 * describe("portraits").settings.guidance_scale,
    )
    np.testing.assert_array_equal(located.difference, alone.difference)
    assert located.cost == alone.cost + 3


def test_in_a_known_place_words_are_tried_and_nothing_is_looked_for(
    model: LoadedModel, genome: Genome, latent: np.ndarray
) -> None:
    said = words("a smile", tried=True)
    said = replace(said, stronger=said.stronger[:1])
    place = np.zeros((16, 16), np.bool_)
    place[9:12, 6:11] = True
    task = Locate(id=7, genome=genome, latent=latent, phrasings=said, place=place)
    (*_, located) = work(model, task)
    assert isinstance(located, Located)
    assert located.cost == len(located.chances) == len(said.stronger) + 1
    assert max(located.chances) > SELDOM
    corner = np.zeros((16, 16), np.bool_)
    corner[:2, :2] = True
    (*_, there) = work(model, replace(task, place=corner))
    assert isinstance(there, Located)
    assert max(there.chances) < min(located.chances)


def test_of_a_hat_one_piece_stands_out_and_hair_reaches_a_cell_further() -> None:
    before, after = torch.zeros(1, 1, 4, 16, 16), torch.zeros(1, 1, 4, 16, 16)
    after[..., 2:6, 5:11] = 9.0  # the hat
    after[..., 11:14, 6:10] = 8.0  # a moustache whose colour went with the words for the hair
    neutral = torch.rand(1, 1, 4, 16, 16, generator=torch.Generator().manual_seed(0)) / 9
    said = words("a turban")
    assert (said.is_whole, said.is_large) == (True, True)

    def place(phrasings: Phrasings) -> np.ndarray:
        return masks.located(changes(phrasings, before, after, neutral), ring=0)

    parts = place(replace(said, is_whole=False, is_large=False))
    assert parts[11, 7]
    hat = parts.copy()
    hat[9:] = False
    np.testing.assert_array_equal(place(replace(said, is_large=False)), hat)
    assert place(said)[masks.grow(hat)].all()
    assert not place(said)[10:].any()
    assert words("long hair").is_large
    assert not words("glasses").is_large


def test_what_no_try_shows_is_tried_by_words_for_it_alone(
    model: LoadedModel, genome: Genome, latent: np.ndarray
) -> None:
    smile, glasses = words("a smile", tried=True), words("glasses", tried=True)
    assert glasses.focused is not None
    assert str(glasses.focused.after) == "micah style, glasses"
    said = replace(smile, thing="glasses", focused=glasses.focused)  # by smiles none come
    task = Locate(id=7, genome=genome, latent=latent, phrasings=said)
    located = work(model, task)[-1]
    assert isinstance(located, Located)
    assert located.focused
    assert max(located.chances) >= HARDLY
    colours = WantedScores(lambda: describe("portraits")).view(task).colours
    assert colours.startswith("black hair")  # as is seen: what comes is of no other
    assert located.look == colours
    focused = said.found(focused=True, look=colours)
    assert str(focused.after) == f"micah style, glasses, {colours}"
    assert located.remark == f"it comes by words for it alone: '{focused.after}'"
    alone = work(model, replace(task, phrasings=focused.plain))
    np.testing.assert_array_equal(located.difference, alone[-1].difference)  # type: ignore


def test_where_words_name_no_style_the_one_that_is_seen_is_added(
    model: LoadedModel, genome: Genome, latent: np.ndarray
) -> None:
    silent = Prompt.parse(FACE.replace(", micah style", ""))
    known = meanings_of(describe("portraits"))
    said = phrasings(silent, WordChange(add="a smile"), known)
    place = np.zeros((16, 16), np.bool_)
    place[9:12, 6:11] = True
    task = Locate(id=7, genome=genome, latent=latent, phrasings=said, place=place)
    scores = WantedScores(lambda: describe("portraits"))
    look = scores.view(task).look
    assert look in describe_style("micah")
    assert look in str(scores.view(task).phrasings.after)
    assert work(model, task)[-1].look == look  # type: ignore[union-attr]
    for named in (words("a smile", tried=True), said.plain):  # named already; nothing is tried
        assert scores.view(replace(task, phrasings=named)).look == ""
    never = phrasings(silent, WordChange(add="a beret"), known)
    assert scores.view(replace(task, phrasings=never)).look == ""


def test_words_for_the_style_that_is_seen_ask_for_nothing_but_the_style(
    model: LoadedModel, genome: Genome
) -> None:
    painted = replace(
        genome, prompt=Prompt.parse("a sad woman with a black bob, side view cartoon")
    )
    *_, finished = work(model, Job(0, painted))
    assert isinstance(finished, Finished)
    assert finished.latent is not None
    silent = Prompt.parse("a sad woman with a black bob")
    said = phrasings(silent, WordChange(add="glasses"), meanings_of(describe("portraits")))
    task = Locate(id=7, genome=genome, latent=finished.latent, phrasings=said)
    look = WantedScores(lambda: describe("portraits")).view(task).look
    assert look in describe_style("big-smile")
    assert "smile" not in look


def describe_style(style: str) -> tuple[str, ...]:
    known = meanings_of(describe("portraits"))
    assert known is not None
    return tuple(known.phrases["style"][style])


def test_what_hardly_comes_is_said_before_it_is_painted(genome: Genome, latent: np.ndarray) -> None:
    scores = WantedScores(lambda: describe("portraits"))
    task = Locate(id=7, genome=genome, latent=latent, phrasings=words("a smile", tried=True))
    view = scores.view(task)
    said = scores.remark(view, (-4.0, -3.9, -4.0))
    assert said.startswith("tries did not show 'a smile': portraits seldom paints it")
    assert scores.remark(view, (-4.0, -0.1, -4.0)) == ""


def test_the_map_is_the_same_alone_and_in_a_crowd_and_so_are_pictures_beside_it(
    model: LoadedModel, genome: Genome, latent: np.ndarray, mouth: list[RenderEvent]
) -> None:
    task = Locate(id=7, genome=genome, latent=latent, phrasings=words("a smile"))
    other = Locate(id=8, genome=genome, latent=latent, phrasings=words("glasses"))
    events = work(model, Job(1, genome), other, task)
    (finished,) = [e for e in events if isinstance(e, Finished)]
    np.testing.assert_array_equal(finished.latent, latent)
    found = {e.id: e.difference for e in events if isinstance(e, Located)}
    alone = mouth[-1]
    assert isinstance(alone, Located)
    np.testing.assert_array_equal(found[7], alone.difference)
    assert (found[8] != found[7]).any()


def test_one_that_is_cancelled_reports_nothing_more(
    model: LoadedModel, genome: Genome, latent: np.ndarray
) -> None:
    task = Locate(id=7, genome=genome, latent=latent, phrasings=words("a smile"))
    events: list[RenderEvent] = []

    def report(event: RenderEvent) -> None:
        events.append(event)
        painter.cancelled.add(7)

    painter = Painter(model, report=report)
    painter.take([task])
    painter.paint()
    assert [type(e) for e in events] == [Stepped]
    painter.report = events.append
    painter.take([task])
    painter.paint()
    assert isinstance(events[-1], Located)


def test_a_latent_of_another_shape_fails_with_the_reason(
    model: LoadedModel, genome: Genome, latent: np.ndarray
) -> None:
    task = Locate(id=7, genome=genome, latent=latent[:, :8], phrasings=words("a smile"))
    failed = work(model, task)[-1]
    assert isinstance(failed, Failed)
    assert "the latent has shape (8, 8, 16)" in failed.error


def test_words_that_say_the_same_have_no_place(
    model: LoadedModel, genome: Genome, latent: np.ndarray
) -> None:
    said = words("a smile")
    same = Phrasings(said.before, said.before, said.neutral)
    located = work(model, Locate(id=7, genome=genome, latent=latent, phrasings=same))[-1]
    assert isinstance(located, Located)
    with pytest.raises(GenomeError, match="nothing in the map of differences stands out"):
        masks.located(located.difference)


def test_what_is_looked_at_is_the_flow_on_the_trajectory(
    model: LoadedModel, genome: Genome, latent: np.ndarray
) -> None:
    """Asked of the denoiser itself, at a level and with words."""
    ready = ReadyModel(model.with_rows(8))
    sampler = make_sampler(model.pipeline.scheduler, genome.settings.sampler)
    sampler.set_timesteps(20)
    prompt, settings = words("a smile").after, genome.settings
    asked = [(prompt, genome.noise)]
    bodies = [(0, lambda: look(asked, latent, settings, ready))]
    with torch.no_grad():
        ((_, outcome),) = ready.hub.run(lambda: bodies.pop() if bodies else None)
        (found,) = outcome.result
        text, _ = model.pipeline.encode_prompt(str(prompt), "cpu", 1, False)
        clean, noise = (torch.from_numpy(x.astype(np.float32)) for x in (latent, genome.noise))
        for k, level in enumerate(reversed(LEVELS)):
            step = int((sampler.sigmas[:-1] - level).abs().argmin())
            share = sampler.sigmas[step]
            sample = ((1 - share) * clean + share * noise).to(model.dtype)
            flow = model.denoiser(
                sample.expand(8, -1, -1, -1),
                sampler.timesteps[step].expand(8),
                text.to(model.dtype).expand(8, -1, -1),
            )[0]
            torch.testing.assert_close(found[k], flow[0].float(), rtol=1e-4, atol=1e-4)
    assert len(found) == len(LEVELS)


def test_what_the_model_does_not_read_to_its_end_is_found_by_words_for_it_alone(
    model: LoadedModel, genome: Genome, latent: np.ndarray
) -> None:
    """Beyond the limit of the text encoder nothing that is added changes anything."""
    long = Prompt.parse(f"{FACE}, a blue shirt, brown eyes, {'a small nose, ' * 12}earrings")
    said = phrasings(long, WordChange(add="glasses"), meanings_of(describe("portraits"))).plain
    task = Locate(id=7, genome=genome, latent=latent, phrasings=said)
    found = work(model, task)[-1]
    assert isinstance(found, Located)
    assert found.focused
    assert 0.05 < masks.located(found.difference).mean() < 0.4


def test_what_has_no_place_in_a_picture_is_placed_as_in_another(
    model: LoadedModel, genome: Genome, latent: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    flat, blob = np.zeros((16, 16), np.float32), np.zeros((16, 16), np.float32)
    blob[9:12, 6:11] = 9
    seen: list[Locate] = []

    def locate(task: Locate, *_: object, **__: object) -> Located:
        seen.append(task)
        return Located(task.id, blob if len(seen) == 3 else flat, 1.5)

    monkeypatch.setattr("evolve.rendering.finding.finder.locate", locate)
    said = replace(words("a smile"), focused=None)
    found = work(model, Locate(id=7, genome=genome, latent=latent, phrasings=said))[-1]
    assert isinstance(found, Located)
    np.testing.assert_array_equal(found.difference, blob)
    assert found.remark == "no place stands out in this picture: placed as in another one"
    assert found.cost == 3 * 1.5 + 2  # two pictures were painted
    _, own, other = (task.genome for task in seen)
    assert own.prompt == other.prompt == said.after
    np.testing.assert_array_equal(own.noise, genome.noise)
    assert (other.noise != own.noise).any()
    same = replace(said, after=said.before)
    nowhere = work(model, Locate(id=7, genome=genome, latent=latent, phrasings=same))[-1]
    assert isinstance(nowhere, Located)
    assert nowhere.cost == 1.5
