"""Pictures of our own, of other programs, and of none."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from small_population import CONFIG, edited, individual, picture, render

from evolve.errors import ArchiveError
from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base
from evolve.genome.settings import Settings
from evolve.models.catalog import ModelCard
from evolve.search.individual import Individual
from evolve.session.archive import Picture, Render
from populations import Population
from populations.exchange import parameters_text
from populations.exchange.foreign import a1111
from populations.exchange.importing import Founding, read
from populations.exchange.picture_file import files_in, fitted, read_picture
from populations.exchange.recipe import write_png

LARGE = {**CONFIG, "latent": [4, 64, 64], "size": [512, 512]}


def encode(given: Picture) -> Base:
    mean = given.reshape(-1, 3).mean(0) / 255
    return Base(np.full((4, 4, 4), mean[0], np.float16), given)


def founding(config: dict[str, Any] = CONFIG, **options: Any) -> Founding:
    return Founding(config, encode, **{"depth": 0.5, **options})


def founders(file: Path, config: dict[str, Any] = CONFIG, **options: Any) -> list[Any]:
    return founding(config, **options).rows([read(file)], first=0, generation=0)


def save(file: Path, **texts: str) -> Path:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_text(key.replace("__", "-"), text)
    Image.new("RGB", (16, 16), "red").save(file, pnginfo=info)
    return file


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    rows = [*(individual(i) for i in range(3)), edited(3), *(render(i) for i in range(4))]
    with Population.create(tmp_path / "old", "faces", CONFIG, rows=rows) as population:
        for i in range(4):
            write_png(tmp_path / f"{i}.png", population, i)
    return tmp_path


def test_our_pictures_come_back_as_they_were(ours: Path) -> None:
    files = [read(ours / f"{i}.png") for i in range(4)]
    rows = founding().rows(files, first=0, generation=0)
    with Population.create(ours / "new", "again", CONFIG, rows=rows) as again:
        for i in range(4):
            expected = (edited if i == 3 else individual)(i).genome
            assert again.genome(i).digest == expected.digest
            assert again.births()[i].origin.params["individual"] == i
            np.testing.assert_array_equal(again.picture(i), picture(i))
            assert again.record(i) == render(i).record
        assert again.unpainted() == []


def test_a_picture_of_ours_that_was_painted_over_becomes_what_a_founder_starts_from(
    ours: Path,
) -> None:
    with Image.open(ours / "2.png") as image:
        info = PngImagePlugin.PngInfo()
        for key, text in image.text.items():  # type: ignore[attr-defined]
            info.add_itxt(key, text)
        image.putpixel((0, 0), (1, 2, 3))
        image.save(ours / "2.png", pnginfo=info)
    made = founding()
    (found,) = made.rows([read(ours / "2.png")], first=0, generation=0)
    assert made.notes == [f"{ours / '2.png'}: the picture was changed since its export"]
    assert found.genome.prompt == individual(2).genome.prompt
    assert found.genome.edit.depth == 0.5
    assert tuple(found.genome.edit.base.picture[0, 0]) == (1, 2, 3)


def test_a_recipe_for_another_model_or_shape_is_refused(ours: Path) -> None:
    with pytest.raises(ArchiveError, match=r"painted by model 'portraits', .* has '/other'"):
        founders(ours / "0.png", {**CONFIG, "model": "/other"})
    with pytest.raises(ArchiveError, match=r"noise of shape \(4, 4, 4\), .* \(8, 4, 4\)"):
        founders(ours / "0.png", {**CONFIG, "latent": [8, 4, 4]})


def test_a_recipe_guided_by_cuts_needs_a_model_with_a_clip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = individual(0)
    settings = replace(plain.genome.settings, cut_guidance=0.3)
    guided = replace(plain, genome=replace(plain.genome, settings=settings))
    with Population.create(tmp_path / "old", "faces", CONFIG, rows=[guided, render(0)]) as old:
        write_png(tmp_path / "0.png", old, 0)
    found, _ = founders(tmp_path / "0.png")
    assert found.genome.digest == guided.genome.digest
    monkeypatch.setattr(ModelCard, "clip", None)
    with pytest.raises(ArchiveError, match="guided by cuts, and model 'portraits' brings no CLIP"):
        founders(tmp_path / "0.png")


A1111 = """a castle, (red roof:1.3), [fog] <lora:old:0.8>
Negative prompt: people, (text)
Steps: 28, Sampler: {sampler}, CFG scale: 6.5, Seed: 12345, Size: 512x512, Model: "a, b"{more}"""


def test_founders_from_files_have_variety_where_the_population_has_it(tmp_path: Path) -> None:
    varied = {**LARGE, "settings": {**LARGE["settings"], "variety": 0.3}}
    text = A1111.format(sampler="DPM++ 2M Karras", more=", RNG: CPU")
    (plain,) = founders(save(tmp_path / "a.png", parameters=text), LARGE)
    (found,) = founders(tmp_path / "a.png", varied)
    assert (plain.genome.variety, found.genome.settings.variety) == (None, 0.3)
    assert found.genome.variety is not None
    np.testing.assert_array_equal(found.genome.noise, plain.genome.noise)


def test_what_cannot_be_taken_over_is_said(tmp_path: Path) -> None:
    text = A1111.format(sampler="Euler a", more=", Variation seed: 3, RNG: CPU")
    made = founding()
    source = read(save(tmp_path / "a.png", parameters=text))
    (found,) = made.rows([source], first=0, generation=0)
    (said,) = made.notes
    assert "its sampler (Euler a) is unknown here: painted with dpm++" in said
    assert "Variation seed 3" in said
    assert "its noise has the shape (4, 64, 64), not (4, 4, 4)" in said
    assert "emphasis" in said
    assert found.genome.noise.shape == (4, 4, 4)


INVOKE = {
    "generation_mode": "txt2img",
    "positive_prompt": "a (wooden)1.2 boat++ on a lake",
    "negative_prompt": "",
    "width": 512,
    "height": 512,
    "seed": 99,
    "rand_device": "cpu",
    "cfg_scale": 7.5,
    "steps": 30,
    "scheduler": "dpmpp_2m_k",
    "model": {"name": "stable-diffusion-v1-5"},
}


def test_any_picture_becomes_what_a_founder_starts_from(tmp_path: Path) -> None:
    Image.new("RGB", (90, 30), "red").save(tmp_path / "photo.webp", lossless=True)
    (found,) = founders(tmp_path / "photo.webp", prompt="a flag", depth=0.3)
    assert isinstance(found, Individual)
    assert found.genome.edit is not None
    assert found.genome.edit.depth == 0.3
    assert found.genome.edit.base.picture.shape == (16, 16, 3)  # type: ignore[union-attr]
    assert str(found.genome.prompt) == "a flag"
    assert found.origin.params == {"file": "photo.webp", "depth": 0.3}


def test_founders_of_one_picture_share_its_base_and_differ_in_noise(tmp_path: Path) -> None:
    source = read(save(tmp_path / "a.png"))
    a, b = founding().rows([source, source], first=0, generation=0)
    assert a.genome.edit.base is b.genome.edit.base  # type: ignore[union-attr]
    assert not np.array_equal(a.genome.noise, b.genome.noise)  # type: ignore[union-attr]


def test_a_picture_can_be_taken_without_what_it_says(ours: Path) -> None:
    rows = founding().rows([read(ours / "0.png", plainly=True)], first=0, generation=0)
    assert len(rows) == 1
    assert rows[0].genome.edit is not None  # type: ignore[union-attr]


def test_a_folder_stands_for_its_pictures(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(ArchiveError, match=r"there are no pictures in '.*inner'"):
        files_in([inner])
    for name in ("b.PNG", "a.jpg", "notes.txt"):
        (inner / name).touch()
    alone = tmp_path / "none.png"
    assert files_in([alone, inner]) == [alone, inner / "a.jpg", inner / "b.PNG"]


def test_pictures_stand_upright_on_white_and_keep_their_middle(tmp_path: Path) -> None:
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (20, 0, 40, 20))  # right half red
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its left side
    image.save(tmp_path / "photo.png", exif=exif)
    upright = np.asarray(read_picture(tmp_path / "photo.png").image)
    assert upright.shape == (40, 20, 3)
    assert (upright[:20] == 255).all()
    assert (upright[20:] == [255, 0, 0]).all()
    middle = fitted(read_picture(tmp_path / "photo.png").image, 16, 16)
    assert tuple(middle[0, 8]) == (255, 255, 255)
    assert tuple(middle[15, 8]) == (255, 0, 0)


def test_sixteen_bits_of_grey_are_not_clipped(tmp_path: Path) -> None:
    grey = np.full((8, 8), 0x8000, np.uint16)
    Image.fromarray(grey).save(tmp_path / "grey.png")
    assert (np.asarray(read_picture(tmp_path / "grey.png").image) == 128).all()


def test_what_others_read_names_model_and_loras_as_they_do() -> None:
    settings = Settings(lora=0.8, lora_2=-0.25)
    genome = Genome(
        noise=np.zeros((4, 8, 8), np.float16), prompt=Prompt.parse("a cat"), settings=settings
    )
    for model, name in (
        ("/m/sd v1.safetensors+/loras/ink.safetensors+owner/hands/h2.safetensors@0a", "sd v1"),
        ("owner/sd-turbo@0123+ink+owner/h2", "sd-turbo"),
        ("/home/me@work/sd.ckpt+/home/me@work/ink+owner/h2", "sd"),
    ):
        lines = parameters_text.write(genome, (64, 64), model, 7).splitlines()
        assert lines[0] == "a cat <lora:ink:0.8> <lora:h2:-0.25>"
        assert f"Model: {name}, " in lines[-1]


def test_what_others_read_names_prompt_and_settings(ours: Path) -> None:
    with Image.open(ours / "1.png") as image:
        text = image.text[parameters_text.KEY]  # type: ignore[attr-defined]
    assert text == (
        "a smiling woman, (red hair:1.4)\n"
        "Negative prompt: glasses\n"
        "Steps: 2, Sampler: DPM++ 2M, CFG scale: 4, Seed: 7, Size: 16x16, "
        "Model: portraits, Version: fancier"
    )
    said = a1111.read(text)
    assert said is not None
    assert (said.prompt, said.negative) == (
        (("a smiling woman, red hair", 1.0),),
        (("glasses", 1.0),),
    )
    assert said.seed is None  # no seed gives its noise


@pytest.mark.parametrize(
    ("prompt", "negative", "lines"),
    [
        ("a man | glasses :-0.5", "", ("a man", "Negative prompt: (glasses:0.5)")),
        ("a man | glasses :-1 | bald :.5", "", ("a man, (bald:0.5)", "Negative prompt: glasses")),
        ("a man | hat :-1.5", "ugly", ("a man", "Negative prompt: ugly, (hat:1.5)")),
        ("a man | hat :0", "ugly | old :-0.3", ("a man, (old:0.3)", "Negative prompt: ugly")),
    ],
)
def test_what_a_prompt_leads_away_from_is_exported_as_unwanted(prompt, negative, lines):
    genome = Genome(
        noise=np.zeros((4, 8, 8), np.float16),
        prompt=Prompt.typed(prompt, negative),
        settings=Settings(),
    )
    text = parameters_text.write(genome, (64, 64), "portraits", 7)
    assert tuple(text.splitlines()[:-1]) == lines
    again = a1111.read(text)
    assert again is not None
    written = tuple(re.sub(r"[(]|:[0-9.]+[)]|Negative prompt: ", "", line) for line in lines)
    assert tuple(each[0][0] for each in (again.prompt, again.negative)) == written


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"invokeai_metadata": "{"}, r"is damaged \(JSONDecodeError"),
        ({"invokeai_metadata": "[]"}, r"is damaged \(TypeError"),
        ({"invokeai_metadata": '{"seed": 1}'}, r"is damaged \(KeyError"),
        (
            {"invokeai_metadata": '{"seed": 1e999, "positive_prompt": "a", "steps": 1}'},
            r"is damaged \(OverflowError",
        ),
        (
            {"parameters": f"a\nSteps: {10**400}, Seed: 1, X: 1"},
            r"is damaged \(ValueError: its number of steps is invalid",
        ),
        ({"sd__metadata": '{"image": 3}'}, r"is damaged \(TypeError"),
        ({"Dream": '"unfinished'}, r"is damaged \(ValueError"),
        ({"parameters": "a\nSteps: many, Seed: 1, CFG scale: 1"}, r"is damaged \(ValueError"),
    ],
)
def test_damaged_metadata_gets_one_clear_line(
    tmp_path: Path, texts: dict[str, str], message: str
) -> None:
    with pytest.raises(ArchiveError, match=message) as caught:
        founders(save(tmp_path / "a.png", **texts))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", ["parameters", "Dream", "sd-metadata", "invokeai_metadata"])
def test_a_text_of_megabytes_is_refused_before_it_is_read(tmp_path: Path, key: str) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text(key, "a " * 5_000_000)
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png", pnginfo=info)
    with pytest.raises(
        ArchiveError, match=rf"'{key}' has 10000000 characters, but at most 65536 are allowed"
    ):
        read(tmp_path / "a.png")
    assert read(tmp_path / "a.png", plainly=True).foreign is None


def test_a_thousandfold_damaged_pictures_never_break_the_import(ours: Path) -> None:
    """Cut, overwritten or mixed files: refused in one line, or read as what they are."""
    texts = {
        "invokeai_metadata": json.dumps(INVOKE),
        "parameters": A1111.format(sampler="x", more=""),
    }
    files = [ours / "0.png", ours / "3.png", save(ours / "i.png", **texts)]
    wholes, chance = [file.read_bytes() for file in files], random.Random(11)
    genomes = {edited(3).genome.digest, individual(0).genome.digest}
    refusals = []
    for _ in range(200):
        damaged = bytearray(chance.choice(wholes))
        fate = chance.random()
        if fate < 0.3:
            del damaged[chance.randrange(len(damaged)) :]
        elif fate < 0.8:
            for _ in range(chance.randint(1, 20)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        else:
            other = chance.choice(wholes)
            damaged[chance.randrange(len(damaged)) :] = other[chance.randrange(len(other)) :]
        file = ours / "damaged.png"
        file.write_bytes(damaged)
        try:
            rows = founders(file)
        except ArchiveError as error:
            refusals.append(str(error))
            continue
        recipe = read(file).recipe
        assert recipe is None or recipe.genome.digest in genomes
        if len(rows) == 2:  # with its picture: then it is the one that was exported
            assert isinstance(rows[1], Render)
            assert rows[0].genome.digest in genomes
    assert refusals
    assert not any("\n" in line for line in refusals)
