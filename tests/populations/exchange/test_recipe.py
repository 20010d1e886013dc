import base64
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from places import FIXTURES
from small_population import CONFIG, edited, individual, picture, render

from evolve.errors import ArchiveError
from evolve.genome import Prompt
from populations import Population
from populations.exchange.contact_sheet import contact_sheet
from populations.exchange.recipe import KEY, read_recipe, write_png


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("home")
    rows = [*(individual(i) for i in range(5)), edited(5), *(render(i) for i in range(6))]
    with Population.create(home, "faces", CONFIG, rows=rows) as made:
        yield made


def test_an_exported_picture_brings_back_its_genome_bit_for_bit(
    population: Population, tmp_path: Path
) -> None:
    write_png(tmp_path / "one.png", population, 3)
    recipe = read_recipe(tmp_path / "one.png")
    assert recipe.genome == population.genome(3)
    assert recipe.individual == 3
    assert recipe.model == population.config["model"]
    np.testing.assert_array_equal(recipe.picture, population.picture(3))
    assert recipe.untouched
    assert recipe.record == population.record(3)


def test_a_picture_that_starts_from_another_carries_that_one_too(
    population: Population, tmp_path: Path
) -> None:
    write_png(tmp_path / "edited.png", population, 5)
    recipe = read_recipe(tmp_path / "edited.png")
    assert recipe.genome.digest == population.genome(5).digest
    assert recipe.genome.edit is not None
    np.testing.assert_array_equal(recipe.genome.edit.base.picture, picture(5))


def test_a_recipe_whose_words_are_added_is_refused_by_programs_that_would_mix_them(
    tmp_path: Path,
) -> None:
    formats = []
    for prompt in (individual(0).genome.prompt, Prompt.typed("a face | a hat :-0.5")):
        one = replace(individual(0), genome=replace(individual(0).genome, prompt=prompt))
        name = f"p{len(formats)}"
        with Population.create(tmp_path, name, CONFIG, rows=[one, render(0)]) as made:
            write_png(tmp_path / f"{name}.png", made, 0)
        with Image.open(tmp_path / f"{name}.png") as image:
            formats.append(json.loads(image.text[KEY])["format"])  # type: ignore[attr-defined]
        assert read_recipe(tmp_path / f"{name}.png").genome == one.genome
    assert formats == [2, 3]


def test_recipes_of_format_1_are_read_for_ever() -> None:
    recipe = read_recipe(FIXTURES / "recipe-1.png")
    assert recipe.genome == individual(3).genome
    assert recipe.individual == 3
    assert recipe.untouched is None
    np.testing.assert_array_equal(recipe.picture, picture(3))


def test_a_picture_without_a_recipe_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "plain.png")
    with pytest.raises(ArchiveError, match=r"carries no recipe"):
        read_recipe(tmp_path / "plain.png")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"there is no file '.*nowhere\.png'"):
        read_recipe(tmp_path / "nowhere.png")


def resave(file: Path, text: str) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt(KEY, text)
    Image.new("RGB", (8, 8)).save(file, pnginfo=info)


def test_a_changed_recipe_is_refused(population: Population, tmp_path: Path) -> None:
    file = tmp_path / "one.png"
    write_png(file, population, 0)
    with Image.open(file) as image:
        recipe = json.loads(image.text[KEY])  # type: ignore[attr-defined]
    recipe["genome"]["settings"]["steps"] = 9
    resave(file, json.dumps(recipe))
    with pytest.raises(ArchiveError, match=r"its parts do not belong together"):
        read_recipe(file)


def test_a_recipe_that_hides_a_huge_picture_is_refused(
    population: Population, tmp_path: Path
) -> None:
    file = tmp_path / "one.png"
    write_png(file, population, 5)
    with Image.open(file) as image:
        recipe = json.loads(image.text[KEY])  # type: ignore[attr-defined]
    huge = io.BytesIO()
    Image.new("RGB", (5000, 5000)).save(huge, "PNG")
    recipe["base"]["picture"] = base64.b64encode(huge.getvalue()).decode()
    resave(file, json.dumps(recipe))
    with pytest.raises(ArchiveError, match=r"what it starts from has another size"):
        read_recipe(file)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 1}', '{"format": 99}', "null", "[" * 9999]
)
def test_a_damaged_recipe_is_refused(tmp_path: Path, text: str) -> None:
    resave(tmp_path / "one.png", text)
    with pytest.raises(ArchiveError, match=r"is damaged|carries no recipe"):
        read_recipe(tmp_path / "one.png")


def test_a_contact_sheet_shows_every_picture(population: Population) -> None:
    sheet = np.asarray(contact_sheet(population, [0, 2, 4]))
    for i in (0, 2, 4):
        picture = population.picture(i)
        assert picture is not None
        height, width = picture.shape[:2]
        found = any(
            np.array_equal(sheet[y : y + height, x : x + width], picture)
            for y in range(sheet.shape[0] - height)
            for x in range(sheet.shape[1] - width)
        )
        assert found
