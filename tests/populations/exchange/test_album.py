"""Pictures that are saved one by one: with their recipe, and none over another."""

import os
from pathlib import Path

import pytest
from small_population import CONFIG, individual, render

from evolve.errors import ArchiveError
from populations import Population
from populations.exchange import album
from populations.exchange.recipe import in_words, read_recipe


def test_a_saved_picture_brings_its_recipe(population: Population, tmp_path: Path) -> None:
    file = album.keep(population, 3, tmp_path / "new" / "folder")
    assert file == tmp_path / "new" / "folder" / "demo-00003.png"
    assert read_recipe(file).genome == population.genome(3)
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.parametrize("links", [True, False])
def test_no_file_is_ever_written_over(
    population: Population, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "demo-00003.png").write_bytes(b"mine")
    (tmp_path / "demo-00003-2.png").mkdir()
    for _ in range(2):  # the very same is not saved again
        assert album.keep(population, 3, tmp_path) == tmp_path / "demo-00003-3.png"
    assert (tmp_path / "demo-00003.png").read_bytes() == b"mine"
    assert read_recipe(tmp_path / "demo-00003-3.png").individual == 3


def test_what_has_no_picture_is_refused(population: Population, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="individual 5 of 'demo' has no picture"):
        album.keep(population, 5, tmp_path)
    assert not (tmp_path / "demo-00005.png").exists()


def test_a_folder_that_cannot_be_made_is_named(population: Population, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match=r"cannot save pictures in .*file.*: name another"):
        album.keep(population, 3, tmp_path / "file")


def test_the_recipe_in_words_is_that_in_the_file_and_says_whose_it_is(tmp_path: Path) -> None:
    with Population.create(tmp_path, "my faces", CONFIG, rows=[individual(0), individual(1)]) as p:
        p.append([render(0)])
        assert in_words(p, 0) == (
            "a smiling woman, (red hair:1.4)\nNegative prompt: glasses\n"
            "Steps: 1, Sampler: DPM++ 2M, CFG scale: 4, Seed: 7, Size: 16x16, Model: portraits, "
            "Version: fancier, Population: my faces, Individual: 0"
        )
        assert "Size: 16x16" in in_words(p, 1)  # also where there is no picture
