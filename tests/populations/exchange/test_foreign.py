"""Recipes of other programs: read as they were written, and whatever is lost is named."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from benchmarks.foreign import castle, written
from benchmarks.foreign.comfyui import comfy_graph
from benchmarks.foreign.readers import hostile
from evolve.errors import ArchiveError
from evolve.genome import MAX_PROMPT, Concept, Prompt
from evolve.genome.edit import Base
from evolve.genome.seeds import cpu_noise, cuda_noise
from evolve.genome.settings import Settings
from evolve.search.individual import Individual
from evolve.session.archive import Picture
from populations.exchange.foreign import a1111, programs, prompts
from populations.exchange.foreign import founder as nearest
from populations.exchange.foreign.bare_names import are_alike
from populations.exchange.foreign.sampler_names import sampler_of
from populations.exchange.importing import Founding, read, read_all
from populations.exchange.picture_file import MALFORMED
from populations.exchange.picture_texts import decoded

CONFIG = castle.STABLE_DIFFUSION


def encode(given: Picture) -> Base:
    return Base(np.zeros((4, 64, 64), np.float16), given)


def founder(file: Path, **options: Any) -> tuple[Individual, str]:
    """Return what a file founds, and its note."""
    founding = Founding(CONFIG, encode, **{"depth": 0.5, **options})
    (found,) = founding.rows([read(file)], first=0, generation=0)
    assert isinstance(found, Individual)
    notes = [note for note in founding.notes if note.startswith(str(file))]
    assert len(notes) < 2
    return found, notes[0].removeprefix(f"{file}: ") if notes else ""


def png(file: Path, **texts: str) -> Path:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_itxt(key.replace("__", "-"), text)
    Image.new("RGB", (8, 8)).save(file, pnginfo=info)
    return file


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
    assert found.origin.params["seed"] == castle.SEED
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


def test_weights_of_invokeai_become_weighted_concepts(tmp_path: Path) -> None:
    found, _ = founder(written.FILES["InvokeAI 2"].save(tmp_path / "a"))
    assert found.genome.prompt.concepts == (Concept("a castle"), Concept("red roof", 0.3))
    blend = {**written.INVOKE_4, "positive_prompt": '("a cat", "a (big)1.2 dog").blend(0.5, 2)'}
    found, note = founder(png(tmp_path / "b.png", invokeai_metadata=json.dumps(blend)))
    assert found.genome.prompt.concepts == (Concept("a cat", 0.5), Concept("a big dog", 2.0))
    assert "emphasis" in note
    found, note = founder(png(tmp_path / "c.png", Dream='"a cat:2 a dog:-0.5 a tree" -s9 -S1'))
    assert found.genome.prompt.concepts == (Concept("a cat", 2.0), Concept("a tree"))
    assert found.genome.prompt.unwanted == "a dog"
    assert "weights below 0" in note


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


@pytest.mark.parametrize("prompt", [None, "", "  "])
def test_a_prompt_that_is_null_or_empty_is_none(prompt: str | None, tmp_path: Path) -> None:
    data = {**written.INVOKE_3, "positive_prompt": prompt, "negative_prompt": "hat"}
    file = png(tmp_path / "a.png", invokeai_metadata=json.dumps(data))
    assert read(file).prompt is None
    found, note = founder(file)
    assert found.genome.prompt == Prompt.parse("a house", "hat")
    assert "carries no prompt" in note


def test_only_a_line_begins_what_is_not_wanted(tmp_path: Path) -> None:
    text = "a poster that says Negative prompt: no\nNegative prompt: hat\nSteps: 9, Seed: 1"
    found, _ = founder(png(tmp_path / "a.png", parameters=text))
    assert found.genome.prompt == Prompt.parse(
        "a poster that says Negative prompt: no".replace(":", "\\:"), "hat"
    )
    text = "Steps: to heaven\na stair\nSteps: 9, Seed: 1"
    found, _ = founder(png(tmp_path / "a.png", parameters=text))
    assert str(found.genome.prompt) == "Steps: to heaven a stair"


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


def test_a_bar_and_a_weight_of_others_are_no_syntax_of_ours(tmp_path: Path) -> None:
    text = "a woman | red hair :1.4 | hat\nSteps: 9, Seed: 1"
    found, note = founder(png(tmp_path / "a.png", parameters=text))
    prompt = found.genome.prompt
    assert prompt.concepts == (Concept("a woman | red hair | hat"),)
    assert Prompt.parse(str(prompt)) == prompt
    assert "emphasis" in note


def test_a_long_prompt_is_cut_and_said(tmp_path: Path) -> None:
    file = png(tmp_path / "a.png", parameters=f"{'red hat, ' * 400}\nSteps: 9, Seed: 1")
    found, note = founder(file)
    assert MAX_PROMPT - 20 < len(found.genome.prompt.concepts[0].text) <= MAX_PROMPT
    assert "its prompt has 3598 characters: the first 2000 are used (or import only" in note


def test_what_is_asked_for_applies_to_files_that_do_not_say_it(tmp_path: Path) -> None:
    says = written.FILES["ComfyUI"].save(tmp_path / "says")
    silent = tmp_path / "photo.png"
    Image.new("RGB", (512, 512)).save(silent)
    founding = Founding(CONFIG, encode, prompt="a dog", negative="hat", depth=0.5)
    a, b = founding.rows([read(says), read(silent)], first=0, generation=0)
    assert isinstance(a, Individual)
    assert isinstance(b, Individual)
    assert a.genome.prompt == Prompt.parse("a castle, red roof", "people | hat")
    assert b.genome.prompt == Prompt.parse("a dog", "hat")
    assert not any("prompt is not used" in note for note in founding.notes)
    founding = Founding(CONFIG, encode, prompt="a dog", depth=0.5)
    founding.rows([read(says)], first=0, generation=0)
    assert "the prompt is not used: every file carries its own" in founding.notes


def test_what_is_so_of_several_files_is_said_once(tmp_path: Path) -> None:
    recipe = "a cat\nSteps: 9, Sampler: Euler, Seed: 1"
    files = [png(tmp_path / f"in: {n}.png", parameters=recipe) for n in range(3)]
    files.insert(1, written.FILES["ComfyUI"].save(tmp_path / "other"))
    founding = Founding(CONFIG, encode, prompt="a dog", depth=0.5)
    founding.rows([read(file) for file in files], first=0, generation=0)
    alike, other, *general = founding.brief
    assert alike == founding.notes[0].replace("0.png", "0.png and 2 more")
    assert other == founding.notes[1]
    assert general == founding.notes[4:] == ["the prompt is not used: every file carries its own"]


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


TEXT = "a café 猫\nNegative prompt: hat\nSteps: 9, Sampler: Euler, Seed: 42"


@pytest.mark.parametrize(
    "comment",
    [
        b"UNICODE\0" + TEXT.encode("utf-16-be"),
        b"UNICODE\0" + TEXT.encode("utf-16-le"),
        b"UNICODE\0\xff\xfe" + TEXT.encode("utf-16-le"),
        b"UNICODE\0\xfe\xff" + TEXT.encode("utf-16-be"),
        b"UNICODE\0" + TEXT.encode(),
        b"ASCII\0\0\0" + TEXT.encode(),
        b"\0" * 8 + TEXT.encode(),
        TEXT.encode(),
        TEXT.encode("utf-16-le") + b"\0\0",
        TEXT.encode().decode("latin-1"),
        TEXT,
        tuple(TEXT.encode()),
    ],
)
def test_comments_are_read_in_every_encoding(comment: object) -> None:
    assert decoded(comment) == TEXT


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".png"])
@pytest.mark.parametrize("inner", [True, False])
def test_comments_are_read_wherever_they_stand(suffix: str, inner: bool, tmp_path: Path) -> None:
    exif, comment = Image.Exif(), b"UNICODE\0" + TEXT.encode("utf-16-le")
    exif[0x0131] = "a program"
    if inner:
        exif.get_ifd(0x8769)[0x9286] = comment
    else:
        exif[0x9286] = comment
    file = tmp_path / f"a{suffix}"
    Image.new("RGB", (8, 8)).save(file, exif=exif)
    found, _ = founder(file)
    assert found.genome.prompt == Prompt.parse("a café 猫", "hat")


def test_texts_and_profiles_of_megabytes_do_not_keep_a_picture_out(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    image = Image.new("RGB", (8, 8), "red")
    image.putpixel((0, 0), (1, 2, 3))
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a" * 2_000_000, zip=True)
    image.save(file, pnginfo=info, icc_profile=b"\0" * 3_000_000)
    for plainly in (True, False):
        source = read(file, plainly=plainly)
        assert source.outside.image.getpixel((0, 0)) == (1, 2, 3)
    _, note = founder(file)
    assert "too large to be read" in note


def test_each_bad_file_of_many_is_named_with_how_to_go_on(tmp_path: Path) -> None:
    good = png(tmp_path / "good.png")
    bad = png(tmp_path / "bad.png", invokeai_metadata="{")
    (tmp_path / "cut.png").write_bytes(good.read_bytes()[:40])
    with pytest.raises(
        ArchiveError, match=r"2 of 3 files cannot be imported, so nothing is"
    ) as caught:
        read_all([good, bad, tmp_path / "cut.png"])
    assert "bad.png is damaged (" in str(caught.value)
    assert "import only the picture" in str(caught.value)
    assert "cut.png cannot be read" in str(caught.value)
    assert "\n" not in str(caught.value)


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


@pytest.mark.parametrize(
    ("prompt", "texts", "lost"),
    [
        ("a (red:1.2) hat", (("a red hat", 1.0),), ("emphasis in its prompt",)),
        (r"a hat \(blue\)", (("a hat (blue)", 1.0),), ()),
        ("[dawn:night:0.4] sky", (("dawn sky", 1.0),), ("prompt editing",)),
        ("[:stars:9] sky", (("stars sky", 1.0),), ("prompt editing",)),
        ("a [cat|dog]", (("a cat", 1.0),), ("prompt editing",)),
        ("a cat BREAK a dog", (("a cat, a dog", 1.0),), ("BREAK",)),
        (
            "a cat :1.2 AND a dog",
            (("a cat", 1.2), ("a dog", 1.0)),
            ("AND (its parts become weighted concepts)",),
        ),
        ("embedding:easy, a cat", (("a cat", 1.0),), ("embedding easy",)),
        ("<hypernet:x:1> a <3 cat", (("a <3 cat", 1.0),), ("hypernetwork x",)),
    ],
)
def test_the_syntax_of_the_web_ui_is_taken_out_and_named(
    prompt: str, texts: tuple[tuple[str, float], ...], lost: tuple[str, ...]
) -> None:
    plain = prompts.web_ui(prompt)
    assert (plain.texts, plain.lost) == (texts, lost)


@pytest.mark.parametrize(
    ("prompt", "negative", "both"),
    [
        ("a man, (hat:-0.5)", "", ("a man", "hat")),
        ("a man (big (hat:1.2): -1), bald", "ugly", ("a man, bald", "ugly, big hat")),
        ("a man, (a hat:-.5), (cat ears :-2.)", "ugly", ("a man", "ugly, a hat, cat ears")),
        (r"a man, (hat \(blue\):-1)", "", ("a man", "hat (blue)")),
        ("a man", "ugly, (hat:-1)", ("a man, hat", "ugly")),
        ("(hat:-1)", "", ("", "hat")),
        ("a man AND a hat :-0.5", "ugly", ("a man", "ugly, a hat")),
    ],
)
def test_what_a_prompt_leads_away_from_is_imported_as_unwanted(prompt, negative, both):
    recipe = a1111.read(f"{prompt}\nNegative prompt: {negative}\nSteps: 8, Seed: 1")
    assert recipe is not None
    assert tuple(", ".join(t for t, _ in x) for x in (recipe.prompt, recipe.negative)) == both
    assert "weights below 0 (their words are in the opposite prompt)" in recipe.left_out


def test_novelai_leads_away_with_weights_below_0_too():
    plain = prompts.novelai("a man, -1.5::hat, glasses::, 2::smiling::")
    assert plain.texts == (("a man, smiling", 1.0),)
    assert plain.away == ("hat, glasses",)


def test_a_long_prompt_of_brackets_is_read_at_once():
    for piece in ("(", "(a", "(a ", "(a:-", "((", "(a(b)", "(\\"):
        prompts.web_ui(piece * (60_000 // len(piece)))


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


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("key", "data"),
    [
        ("invokeai_metadata", written.INVOKE_3),
        ("sd-metadata", written.INVOKE_2["image"]),
        ("parameters", written.SWARM["sui_image_params"]),
        ("parameters", written.FOOOCUS),
        ("Comment", written.NOVELAI),
        ("prompt", comfy_graph()["3"]["inputs"]),
    ],
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chance=st.data())
def test_any_value_in_any_field_is_read_or_is_damage(
    key: str, data: dict[str, Any], chance: st.DataObject
) -> None:
    field = chance.draw(st.sampled_from(sorted(data)))
    changed = {**data, field: chance.draw(values)}
    graph = {**comfy_graph(), "3": {"class_type": "KSampler", "inputs": changed}}
    wrap: dict[str, Callable[[], Any]] = {
        "sd-metadata": lambda: {"image": changed},
        "prompt": lambda: graph,
    }
    whole = wrap.get(key, lambda: changed)()
    if "cfgscale" in data:
        whole = {"sui_image_params": changed}
    texts = {key: json.dumps(whole), "Software": "NovelAI"}
    try:
        recipe = programs.read(texts)
    except MALFORMED:
        return
    if recipe is not None:
        recipe.words(Prompt.parse("a cat"))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(list(' \n,:()[]{}<>|"\\-1.') + TEXT.split(" ")), max_size=60))
def test_any_text_is_read_or_is_damage(pieces: list[str]) -> None:
    text = "".join(pieces)
    for key in ("parameters", "Dream", "prompt", "workflow", "sd-metadata"):
        try:
            recipe = programs.read({key: text})
        except MALFORMED:
            continue
        if recipe is not None:
            recipe.words(Prompt.parse("a cat"))


def test_hostile_texts_are_read_or_refused_in_no_time() -> None:
    some = ("a", "a: ", '\\"', "(", "<", "[", "1", ":1", " ,", "[a:1]", "AND ", "a:[1,", "<a:")
    texts = [
        {key: head + piece * (60_000 // len(piece))}
        for piece in some
        for key, head in (("parameters", "x\nSteps: 1, Seed: 1, a:"), ("Dream", "a -s 1 "))
    ]
    texts += [{"parameters": f"{piece * 20_000}\nSteps: 1, Seed: 1"} for piece in some]
    texts += [{"Dream": f"{piece * 20_000} -s1"} for piece in some]
    for each in [*texts, *hostile().values()]:
        start = time.process_time()
        with contextlib.suppress(MALFORMED):
            programs.read(each)
        assert time.process_time() - start < 3, str(each)[:80]


def test_a_note_is_one_line_whatever_the_recipe_says(tmp_path: Path) -> None:
    sampler = {
        "seed": 5,
        "steps": 8,
        "cfg": 6.5,
        "sampler_name": "one\ntwo",
        "scheduler": "kar\nras",
        "denoise": 1.0,
        "positive": ["6", 0],
        "negative": ["6", 0],
        "latent_image": ["5", 0],
    }
    graph = {
        "3": {"class_type": "KSampler", "inputs": sampler},
        "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 512}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a cat"}},
    }
    _, note = founder(png(tmp_path / "a.png", prompt=json.dumps(graph)))
    assert "sampler (one two)" in note
    assert "schedule kar ras" in note
    assert len(note.splitlines()) == 1
