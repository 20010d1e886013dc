"""What persons write on pictures is kept like everything else they say."""

import json
from pathlib import Path

import pytest
from PIL import Image
from small_population import CONFIG

from evolve.errors import ArchiveError
from evolve.session.archive import Note
from populations import Population
from populations.exchange import importing
from populations.exchange.recipe import read_recipe, write_png
from populations.format.header import FORMAT
from populations.repair.check import check_population


def test_the_latest_note_counts_and_an_empty_one_takes_it_back(path: Path) -> None:
    with Population.open(path) as population:
        population.append([Note(individual=1, text="a mouth"), Note(individual=2, text="ü ❤")])
        reader = Population.open(path, write=False)
        population.append([Note(individual=1, text="the mouth"), Note(individual=2, text="")])
        assert population.notes() == {1: "the mouth"}
        assert reader.notes() == {1: "a mouth", 2: "ü ❤"}
        assert reader.refresh()
        assert reader.notes() == population.notes()
        assert population.as_of(population.commits - 1).notes() == {1: "a mouth", 2: "ü ❤"}
        assert population.branch("main").notes() == {1: "the mouth"}
    with Population.open(path, write=False) as again:
        assert again.notes() == {1: "the mouth"}
    assert not check_population(path).problems


@pytest.mark.parametrize("text", ["\x1b]0;owned\x07", "two\nlines", "\x7f", "\u202egnp", "\u2028"])
def test_a_note_that_a_terminal_would_obey_is_refused(population: Population, text: str) -> None:
    with pytest.raises(ArchiveError, match="note on individual 0: a note is one line of text"):
        population.append([Note(individual=0, text=text)])
    assert population.notes() == {}


def test_a_note_has_an_end_and_is_about_somebody(population: Population) -> None:
    with pytest.raises(ArchiveError, match="2000 characters at most, and this one 2001"):
        population.append([Note(individual=0, text="x" * 2001)])
    with pytest.raises(ArchiveError, match="there is no individual 99"):
        population.append([Note(individual=99, text="x")])


def test_a_note_goes_with_the_picture_and_comes_back(
    population: Population, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    population.append([Note(individual=3, text="the best mouth")])
    file = tmp_path / "one.png"
    write_png(file, population, 3)
    with Image.open(file) as image:
        assert image.text["Comment"] == "the best mouth"  # type: ignore[attr-defined]
    assert read_recipe(file).note == "the best mouth"
    founding = importing.Founding(CONFIG, lambda _: pytest.fail("encoded"), depth=0.5)
    rows = founding.rows([importing.read(file)], first=0, generation=0)
    with Population.create(tmp_path, "other", CONFIG, rows=rows) as other:
        assert other.notes() == {0: "the best mouth"}


def test_a_note_from_elsewhere_that_makes_no_sense_is_left_out(
    population: Population, tmp_path: Path
) -> None:
    file = tmp_path / "one.png"
    write_png(file, population, 3)
    source = importing.read(file)
    assert source.recipe is not None
    object.__setattr__(source.recipe, "note", "\x1b[2J")
    founding = importing.Founding(CONFIG, lambda _: pytest.fail("encoded"), depth=0.5)
    assert len(founding.rows([source], first=0, generation=0)) == 2
    assert founding.notes == [
        f"{file}: its note is left out: a note is one line of text, without control characters"
    ]


def test_a_lost_file_of_notes_costs_no_more_than_those_notes(path: Path) -> None:
    with Population.open(path) as population:
        population.append([Note(individual=1, text="a mouth")])
    (path / "population.zarr" / "notes" / "text" / "c.0").unlink()
    report = check_population(path, repair=True)
    assert report.ok
    assert "notes: lost row 0" in report.repaired
    with Population.open(path, write=False) as again:
        assert again.notes() == {}
        header = json.loads((path / "population.zarr" / "zarr.json").read_text())
        assert tuple(header["attributes"]["format_version"]) == FORMAT
