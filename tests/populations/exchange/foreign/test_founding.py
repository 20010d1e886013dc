"""Founders of many files: what is asked for beside them, and what is said of all."""

from pathlib import Path

import pytest
from foreign_founders import CONFIG, encode, png
from PIL import Image

from benchmarks.foreign import written
from evolve.errors import ArchiveError
from evolve.genome import Prompt
from evolve.search.individual import Individual
from populations.exchange.importing import Founding, read, read_all


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


def test_each_bad_file_of_many_is_named_with_how_to_go_on(tmp_path: Path) -> None:
    good = png(tmp_path / "good.png")
    bad = png(tmp_path / "bad.png", invokeai_metadata="{")
    (tmp_path / "cut.png").write_bytes(good.read_bytes()[:40])
    with pytest.raises(
        ArchiveError, match=r"2 of 3 files cannot be imported, so nothing is"
    ) as caught:
        read_all([good, bad, tmp_path / "cut.png"])
    assert "bad.png' is damaged (" in str(caught.value)
    assert "import only the picture" in str(caught.value)
    assert "cut.png' cannot be read" in str(caught.value)
    assert "\n" not in str(caught.value)
