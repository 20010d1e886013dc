"""LoRAs and models of other programs: those of the population are recognised, all others named."""

import json
from pathlib import Path

import pytest
from foreign_founders import founder, png

from benchmarks.foreign import written
from benchmarks.foreign.comfyui import comfy_graph
from evolve.genome import Prompt
from evolve.genome.settings import Settings
from populations.exchange.foreign import founder as nearest
from populations.exchange.foreign.bare_names import are_alike
from populations.exchange.importing import read


@pytest.mark.parametrize(
    ("theirs", "ours", "same"),
    [
        ("dreamshaper_8.safetensors", "/models/dreamshaper_8", True),
        ("DreamShaper 8", "x/dreamshaper_8@0123", True),
        ("sd@v2.safetensors", "/home/me@work/sd@v2.safetensors", True),
        ("me", "/home/me@work/sd.safetensors", False),
        ("other_v2", "portraits", False),
    ],
)
def test_models_are_told_apart_by_name(theirs: str, ours: str, same: bool) -> None:
    assert are_alike(theirs, ours) is same


@pytest.mark.parametrize(
    ("texts", "weight"),
    [
        ({"parameters": "a cat <lora:Castles:0.7:1>, <lora:x>\nSteps: 9, Model: a, Seed: 1"}, 0.7),
        ({"parameters": "a cat <lora:castles>\nSteps: 9, Model: a, Seed: 1"}, 1.0),
        ({"parameters": "a cat <lora:castles:9>\nSteps: 9, Model: a, Seed: 1"}, 2.0),
        (written.FILES["ComfyUI, LoRA, ControlNet, two passes"].texts, 0.8),
        ({"invokeai_metadata": json.dumps(written.INVOKE_3)}, 0.75),
    ],
)
def test_a_lora_that_the_population_has_keeps_its_weight(
    texts: dict[str, str], weight: float, tmp_path: Path
) -> None:
    recipe = read(png(tmp_path / "a.png", **texts)).foreign
    assert recipe is not None
    made, note = nearest.founder(
        recipe,
        Prompt.parse("a cat"),
        (4, 8, 8),
        Settings(lora=0.5, lora_2=0.6),
        model="/models/a+/loras/other.safetensors+owner/castles@main",
        spare_seed=1,
    )
    assert made.settings.loras == (0.5, weight)
    assert "it was painted without LoRA other" in note
    assert "lora castles" not in note.lower()
    assert ("LoRA x" in note) is ("<lora:x>" in str(texts))
    assert ("its model" in note) is (recipe.model != "a")


def test_a_lora_is_recognised_however_long_its_name_is(tmp_path: Path) -> None:
    name = "castles" * 7
    graph = comfy_graph()
    inputs = {"lora_name": f"{name}.safetensors", "strength_model": 0.5}
    graph["lora"] = {"class_type": "LoraLoader", "inputs": inputs}
    invoke = {**written.INVOKE_3, "loras": [{"model": {"name": name}, "weight": 0.5}]}
    for texts in ({"prompt": json.dumps(graph)}, {"invokeai_metadata": json.dumps(invoke)}):
        recipe = read(png(tmp_path / "a.png", **texts)).foreign
        assert recipe is not None
        assert recipe.loras[name] == 0.5
        assert not [left for left in recipe.left_out if "castles" in left]


def test_loras_that_the_population_lacks_are_named_as_far_as_a_note_has_room(
    tmp_path: Path,
) -> None:
    graph = comfy_graph()
    names = ["None", "", *(f"style{i}.safetensors" for i in range(15))]
    for i, name in enumerate(names):
        inputs = {"lora_name": name, "strength_model": 0.5}
        graph[f"lora{i}"] = {"class_type": "LoraLoader", "inputs": inputs}
    model = {"name": "n" * 10_000}
    invoke = {**written.INVOKE_3, "loras": [{"model": model, "weight": 1}]}
    _, note = founder(png(tmp_path / "a.png", prompt=json.dumps(graph)))
    assert "LoRA style11, 3 more LoRAs, its model" in note
    assert "None" not in note
    _, note = founder(png(tmp_path / "b.png", invokeai_metadata=json.dumps(invoke)))
    assert f"LoRA {'n' * 40}, its model" in note
