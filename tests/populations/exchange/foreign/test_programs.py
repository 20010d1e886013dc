"""Recipes of other programs: read as they were written, and whatever is lost is named."""

from pathlib import Path

import numpy as np
import pytest
from foreign_founders import founder, png

from benchmarks.foreign import castle, written
from evolve.genome import Concept
from evolve.genome.seeds import cpu_noise, cuda_noise
from populations.exchange.foreign.sampler_names import sampler_of
from populations.exchange.importing import read

EULER = {
    *("A1111 1.10, hires, ControlNet, refiner", "a saver of ComfyUI, one line"),
    *("ComfyUI, custom sampler", "InvokeAI 1", "InvokeAI 2", "InvokeAI 3"),
}
NO_MODEL = {"InvokeAI 1", "InvokeAI 2, Dream alone"}
NAMED = {
    "A1111 1.10": [
        *("LoRA castles", "embedding easynegative", "Clip skip 2", "VAE vae-ft", "Karras"),
        *("emphasis", f"its model {castle.MODEL}"),
    ],
    "A1111 1.10, hires, ControlNet, refiner": [
        *("BREAK", "prompt editing", "ControlNet 0", "Refiner sd_xl", "Hires upscale 2"),
        "0.4 of the second pass",
    ],
    "A1111 1.6, img2img": ["the other picture it was painted from", "Euler a"],
    "SD.Next": ["Clip skip 2", "Sampler sigma karras"],
    "ComfyUI": ["noise schedule karras"],
    "ComfyUI, LoRA, ControlNet, two passes": [
        *("LoRA castles", "ControlNetApplyAdvanced", "another pass", "LatentUpscaleBy"),
    ],
    "ComfyUI, custom sampler": ["the shape (16, 64, 64)"],
    "SwarmUI": ["karras", "loras (castles)"],
    "Fooocus": ["styles Fooocus V2, SAI Cinematic", "loras (castles)", "sharpness 2", "karras"],
    "Fooocus, scheme a1111": ["Lora weights", "Sharpness 2", "karras"],
    "NovelAI": ["karras", "sm", "emphasis", "NovelAI Diffusion V3"],
    "InvokeAI 3": ["LoRA castles"],
    "InvokeAI 4": ["Karras"],
    "InvokeAI 5, img2img": ["the other picture it was painted from (img2img, strength 0.4)"],
}


@pytest.mark.parametrize("name", list(written.FILES))
def test_what_other_programs_write_is_read_and_what_is_lost_is_named(
    name: str, tmp_path: Path
) -> None:
    found, note = founder(written.FILES[name].save(tmp_path / "a"))
    prompt, setting = found.genome.prompt, found.genome.settings
    said = " ".join(concept.text for concept in prompt.concepts)
    assert said.replace(",", "") in ("a castle red roof", "a castle wooden roof")
    assert prompt.negative == (Concept("people"),)
    assert (setting.steps, setting.guidance_scale) == (castle.STEPS, castle.GUIDANCE)
    sampler = "unipc" if "SD.Next" in name else "euler" if name in EULER else "dpm++"
    assert setting.sampler == sampler
    tool = "A1111" if "saver" in name else name.partition(",")[0].split()[0]
    file = f"a{written.FILES[name].suffix}"
    assert found.origin.params == {"file": file, "tool": tool, "seed": castle.SEED}
    assert name in NO_MODEL or "its model" in note
    for lost in NAMED.get(name, []):
        assert lost in note
    shape = (4, 64, 64)
    cpu = any(tool in name for tool in ("Comfy", "Swarm", "Fooocus", "AI 3", "AI 4", "AI 5"))
    cpu |= "1.10" in name
    cpu &= "one line" not in name
    noise = (cpu_noise if cpu else cuda_noise)(castle.SEED, shape)
    if "custom sampler" not in name:
        np.testing.assert_array_equal(found.genome.noise, noise)
    assert ("NVIDIA" in note) is not cpu


def test_options_of_the_oldest_invokeai_may_be_glued_or_spelt_out(tmp_path: Path) -> None:
    for options in ("-s9 -S42 -C5.5 -Ak_euler", "--steps 9 --seed=42 -C 5.5 --sampler k_euler"):
        found, _ = founder(png(tmp_path / "a.png", Dream=f"a dog's house {options} -G 0.8"))
        assert str(found.genome.prompt) == "a dog's house"
        assert found.genome.settings.to_json() == {
            "guidance_scale": 5.5,
            "steps": 9,
            "sampler": "euler",
        }
        assert found.origin.params["seed"] == 42


def test_settings_may_stand_on_several_lines_and_be_quoted_or_json(tmp_path: Path) -> None:
    text = 'a cat\nSteps: 9\nSampler: Euler\nSeed: 7\nModel: "x, y: z"\nHashes: {"a": "b, c: d"}'
    recipe = read(png(tmp_path / "a.png", parameters=text)).foreign
    assert recipe is not None
    assert (recipe.steps, recipe.sampler, recipe.seed, recipe.model) == (9, "euler", 7, "x, y: z")
    assert recipe.left_out == ()


@pytest.mark.parametrize("seed", ["-1", str(2**64), ""])
def test_a_seed_that_is_none_is_drawn_and_said(seed: str, tmp_path: Path) -> None:
    file = png(tmp_path / "a.png", parameters=f"a cat\nSteps: 9, CFG scale: 2, Seed: {seed}")
    found, note = founder(file)
    assert "its seed is not recorded" in note
    assert "seed" not in found.origin.params
    assert founder(file)[0].genome == found.genome


@pytest.mark.parametrize(
    ("texts", "whose"),
    [
        ({"prompt": '{"3":{"class_type":"KSampler","inputs":{"seed":1,"x":[NaN]}}}'}, "ComfyUI"),
        ({"workflow": '{"nodes": [], "links": []}'}, "ComfyUI"),
        ({"invokeai_graph": "{}"}, "InvokeAI"),
        ({"parameters": "a cat"}, "'parameters'"),
        ({"sd_settings": "prompt = a cat; seed = 4"}, "'sd_settings'"),
        ({"parameters": '{"cat": 1}'}, "'parameters'"),
    ],
)
def test_a_recipe_that_is_not_understood_is_said(
    texts: dict[str, str], whose: str, tmp_path: Path
) -> None:
    found, note = founder(png(tmp_path / "a.png", **texts))
    assert found.genome.edit is not None
    assert note.startswith("its recipe (")
    assert whose in note
    assert note.endswith("is not understood: only its picture is used")


def test_what_is_no_recipe_is_not_called_one(tmp_path: Path) -> None:
    _, note = founder(png(tmp_path / "a.png", Software="GIMP", Comment="my cat, at 10:30"))
    assert note == ""


@pytest.mark.parametrize(
    ("name", "schedule", "expected"),
    [
        ("DPM++ 2M Karras", "", ("dpm++", "Karras")),
        ("DPM++ 2M", "Automatic", ("dpm++", "Karras")),
        ("DPM++ 2M", "", ("dpm++", "")),
        ("Euler", "Automatic", ("euler", "")),
        ("Euler", "SGM Uniform", ("euler", "SGM Uniform")),
        ("dpmpp_2m_k", "", ("dpm++", "Karras")),
        ("k_euler", "native", ("euler", "")),
        ("uni_pc", "normal", ("unipc", "")),
        ("DPM++ 2M SDE Exponential", "", (None, "Exponential")),
        ("", "", (None, "")),
    ],
)
def test_samplers_are_known_by_their_names_elsewhere(
    name: str, schedule: str, expected: tuple[str | None, str]
) -> None:
    assert sampler_of(name, schedule) == expected
