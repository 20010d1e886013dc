"""The embedded model as it ships: it loads as any other model would, and follows the words."""

import json
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionPipeline
from transformers import CLIPImageProcessor, CLIPModel, CLIPTokenizer

from evolve.models.portraits import WEIGHTS

FACTS = json.loads((WEIGHTS / "fancier.json").read_text())


@pytest.fixture(scope="module")
def pipeline() -> Any:
    loaded = StableDiffusionPipeline.from_pretrained(WEIGHTS)
    loaded.set_progress_bar_config(disable=True)
    return loaded


def paint(
    pipeline: Any, prompts: list[str], steps: int = FACTS["defaults"]["steps"]
) -> np.ndarray[Any, Any]:
    """(n, 128, 128, 3) in 0..1; the same noise for every prompt."""
    draw = torch.Generator().manual_seed(5)
    noise = torch.randn(1, *FACTS["latent"], generator=draw).repeat(len(prompts), 1, 1, 1)
    images: np.ndarray[Any, Any] = pipeline(
        prompts,
        latents=noise,
        num_inference_steps=steps,
        guidance_scale=FACTS["defaults"]["guidance_scale"],
        output_type="np",
    ).images
    return images


def test_paints_pictures_of_the_stated_size_twice_the_same(pipeline: Any) -> None:
    first = paint(pipeline, ["a woman with red hair"], steps=2)
    assert first.shape == (1, *FACTS["pixels"], 3)
    assert np.array_equal(first, paint(pipeline, ["a woman with red hair"], steps=2))


def test_a_changed_caption_changes_the_picture(pipeline: Any) -> None:
    pink, blue = paint(pipeline, ["a man, pink background", "a man, blue background"])
    assert np.abs(pink - blue).mean() > 0.02
    corner = np.s_[2:10, 2:10]
    assert pink[corner][..., 0].mean() > blue[corner][..., 0].mean()


def test_clip_tells_red_hair_from_blue(pipeline: Any) -> None:
    clip = CLIPModel.from_pretrained(WEIGHTS / "clip")
    tokenizer = CLIPTokenizer.from_pretrained(WEIGHTS / "clip")
    processor = CLIPImageProcessor.from_pretrained(WEIGHTS / "clip")
    words = ["a woman with red hair", "a woman with blue hair"]
    images = torch.from_numpy(paint(pipeline, words)).permute(0, 3, 1, 2)
    with torch.no_grad():
        scores = clip(
            **tokenizer(words, padding=True, return_tensors="pt"),
            **processor(images=images, do_rescale=False, return_tensors="pt"),
        ).logits_per_image
    assert scores[0, 0] > scores[0, 1]
    assert scores[1, 1] > scores[1, 0]


def test_the_text_encoder_is_the_text_tower_of_the_clip(pipeline: Any) -> None:
    clip = CLIPModel.from_pretrained(WEIGHTS / "clip")
    ids = torch.tensor([[1127, 320, 1128]])
    ours = pipeline.text_encoder(ids).last_hidden_state
    assert torch.equal(ours, clip.text_model(ids).last_hidden_state)


@pytest.mark.parametrize(
    "text", ["", "xyzzyplugh", "Üñïcode 漢字 😀", "one " * 200, "\u0000\ufffd"]
)
def test_any_text_is_taken(pipeline: Any, text: str) -> None:
    ids = pipeline.tokenizer(
        text, padding="max_length", truncation=True, return_tensors="pt"
    ).input_ids
    assert ids.shape == (1, pipeline.tokenizer.model_max_length)
    assert int(ids.max()) < pipeline.text_encoder.config.vocab_size


def test_the_words_it_knows_are_single_tokens(pipeline: Any) -> None:
    topics = json.loads((WEIGHTS / "vocabulary.json").read_text())
    words = {w for phrases in topics.values() for p in phrases for w in p.split() if w.isalpha()}
    single = [w for w in words if len(pipeline.tokenizer.tokenize(w)) == 1]
    assert len(single) > 0.95 * len(words)


def test_the_weights_stay_small() -> None:
    size = sum(f.stat().st_size for f in WEIGHTS.rglob("*") if f.is_file())
    assert size <= 60e6
