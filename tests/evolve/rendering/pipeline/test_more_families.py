"""What is new in each of some more families; `benchmarks/families.py` tries all of them in full."""

import numpy as np
import pytest
import torch
from crowds import finished, one_by_one, paint
from families import FAMILIES, model_of
from plain import plain_call

from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.models.loading import LoadedModel, cast
from evolve.rendering.pipeline.asked import called_scale
from evolve.rendering.tuning.self_test import why_one_by_one
from evolve.session.archive import Picture

pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    # of diffusers about its own parts
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore:Initializing zero-element tensors"),
]

PROMPT, SETTINGS = Prompt.parse("a cat", "ugly"), Settings(3.0, 2, "euler")
NEW = (
    "Flux Kontext",
    "Hunyuan-DiT",
    "HunyuanImage",
    "Krea 2",
    "Bria",
    "FIBO",
    "HiDream",
    "Kandinsky 5",
    "ERNIE-Image",
)
NOISY = ("LCM", "Sana Sprint")
"""Whose samplers draw noise of their own."""


def painted(model: LoadedModel, *genomes: Genome) -> list[Picture]:
    return [event.picture for event in finished(paint(model, genomes))]


@pytest.mark.parametrize("family", [*(each for each in FAMILIES if each not in NOISY), *NEW])
def test_a_picture_is_what_its_pipeline_paints_by_itself(family: str) -> None:
    model = model_of(family)
    theirs, genome = plain_call(model, PROMPT, SETTINGS)
    (ours,) = painted(one_by_one(model), genome)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("family", ["Hunyuan-DiT", "Kandinsky 5", "HiDream"])
def test_denoisers_that_keep_a_type_for_themselves_paint_in_bfloat16(family: str) -> None:
    noise = np.random.default_rng(0).standard_normal((4, 8, 8)).astype(np.float16)
    genome = Genome(noise, PROMPT, SETTINGS)
    (half,) = painted(one_by_one(model_of(family, dtype=torch.bfloat16)), genome)
    (exact,) = painted(one_by_one(model_of(family)), genome)
    assert np.abs(half.astype(int) - exact).max() < 16


def test_texts_by_layer_are_painted_one_by_one() -> None:
    assert why_one_by_one(model_of("HiDream")).startswith("painted together: ")


def test_guiders_count_the_steps_of_one_call_and_guide_as_each_genome_says() -> None:
    model = model_of("HunyuanImage")
    before = dict(model.pipeline.guider.config)
    noise = np.random.default_rng(0).standard_normal((4, 8, 8)).astype(np.float16)
    weak, strong = (Genome(noise, PROMPT, Settings(scale, 3)) for scale in (1.0, 9.0))
    alone = [painted(model, genome)[0] for genome in (weak, strong)]
    np.testing.assert_array_equal(painted(model, weak, strong), alone)
    assert (alone[0] != alone[1]).any()
    assert dict(model.pipeline.guider.config) == before


def test_a_guidance_of_1_is_none_also_where_pipelines_begin_at_0() -> None:
    assert called_scale(model_of("Krea 2").pipeline, 1.0) == 0.0
    assert called_scale(model_of("Z-Image").pipeline, 1.0) == 0.0
    assert called_scale(model_of("Krea 2").pipeline, 4.5) == 4.5
    assert called_scale(model_of("Stable Diffusion").pipeline, 1.0) == 1.0
    assert called_scale(model_of("Flux dev").pipeline, 1.0) == 1.0  # an input of its denoiser


def test_a_prompt_is_not_rewritten_by_a_language_model() -> None:
    model = model_of("LongCat")
    model.pipeline.rewire_prompt = lambda *_: pytest.fail("it was asked to")
    noise = np.zeros(model.info.latent, np.float16)
    painted(model, Genome(noise, PROMPT, SETTINGS))


def test_what_a_library_keeps_in_float32_stays_there() -> None:
    transformer = model_of("Kandinsky 5").denoiser
    cast(transformer, torch.bfloat16)
    types = {name: values.dtype for name, values in transformer.named_parameters()}
    assert types["time_embeddings.in_layer.weight"] == torch.float32
    assert types["visual_embeddings.in_layer.weight"] == torch.bfloat16
    cast(transformer, torch.float32)
    assert {values.dtype for values in transformer.parameters()} == {torch.float32}
