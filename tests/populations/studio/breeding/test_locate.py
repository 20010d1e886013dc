"""The place of a thing in a picture, from Python and on the command line."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeRenderer
from PIL import Image

from evolve.errors import ArchiveError, FancierError, GenomeError, RenderError
from evolve.genome import masks
from evolve.models.words.phrasing import WordChange
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process import starting
from evolve.rendering.protocol import Finished, Located, RenderEvent, Task
from populations import Studio, create_population, open_population
from populations.exchange.mask_file import read_mask, write_mask
from populations.studio.breeding.locate import save_place
from populations.studio.opening import open_saved
from tui.cli import main


class Seeing(FakeRenderer, OwnedRenderer):
    """Paints grey squares, and sees things in their lower left corner, or nowhere."""

    nowhere = False

    def poll(self, timeout: float) -> list[RenderEvent]:
        return [self._seen(event) for event in super().poll(timeout)]

    def _seen(self, event: RenderEvent) -> RenderEvent:
        if isinstance(event, Finished):
            return replace(event, picture=np.full((128, 128, 3), 100, np.uint8))
        if isinstance(event, Located):
            difference = np.zeros((16, 16), np.float32)
            difference[14, 1:3] = 0 if self.nowhere else 5
            return Located(event.id, difference, event.cost)
        return event


PLACE = np.zeros((16, 16), bool)
PLACE[14, 0:4] = PLACE[13, 1:3] = PLACE[15, 1:3] = True


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a population is that nothing here changes: one of its two pictures is painted."""
    home = tmp_path_factory.mktemp("home")
    with create_population("faces", "a woman", home=home, page=2, seed=1) as studio:
        studio._start_renderer = Seeing
        next(studio.paint([0]))
    return home


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    with Studio(open_saved(home, "faces", write=False), start_renderer=Seeing) as studio:
        yield studio


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch) -> type[Seeing]:
    monkeypatch.setattr(starting, "load_renderer", lambda *args, **kwargs: Seeing())
    return Seeing


def test_a_place_has_a_mask_and_the_words_that_were_asked(studio: Studio) -> None:
    progress: list[tuple[int, int]] = []
    place = studio.locate(
        0, WordChange(add="glasses"), on_progress=lambda *each: progress.append(each)
    )
    assert progress == [(1, 1)]
    np.testing.assert_array_equal(place.mask, PLACE)
    assert str(place.phrasings.after) == "a woman, glasses"
    assert place.base.picture is not None
    np.testing.assert_array_equal(place.base.picture, studio.population.picture(0))
    assert place.share == PLACE.mean()


@pytest.mark.parametrize(
    ("individual", "change", "why"),
    [
        (7, WordChange(add="glasses"), "there is no individual 7: ids go from 0 to 1"),
        (1, WordChange(add="glasses"), "individual 1 of 'faces' has no picture: 'fancier paint"),
        (0, WordChange("red hair", "red hair"), "'red hair' changes nothing"),
    ],
)
def test_what_makes_no_sense_is_refused(
    studio: Studio, individual: int, change: WordChange, why: str
) -> None:
    with pytest.raises(FancierError, match=why):
        studio.locate(individual, change)


def test_where_the_model_sees_no_difference_there_is_no_place(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Seeing, "nowhere", True)
    why = "portraits sees no difference in picture 0 between 'a woman, no hat' and 'a woman, a hat'"
    with pytest.raises(GenomeError, match=why):
        studio.locate(0, WordChange(add="a hat"))


def test_a_renderer_that_fails_is_replaced_by_another(home: Path) -> None:
    class Failing(Seeing):
        def submit(self, jobs: Sequence[Task]) -> None:
            self.poison.update(job.id for job in jobs)
            super().submit(jobs)

    kinds = [Failing, Seeing]
    start = lambda: kinds.pop(0)()  # noqa: E731
    with Studio(open_saved(home, "faces", write=False), start_renderer=start) as studio:
        with pytest.raises(RenderError, match="poison"):
            studio.locate(0, WordChange(add="glasses"))
        assert studio.locate(0, WordChange(add="glasses")).mask.any()


def test_the_command_writes_the_mask_and_an_overlay(
    home: Path, tmp_path: Path, renderer: type[Seeing], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new folder" / "glasses.png"
    line = ["--home", str(home), "locate", "faces", "0", "glasses", "--to", str(file), "--json"]
    assert main(line) == 0
    told = json.loads(capsys.readouterr().out)
    overlay = file.with_name("glasses.overlay.png")
    assert told == {
        "shape": [16, 16],
        "cells": 8,
        "share": 0.0312,
        "file": str(file),
        "overlay": str(overlay),
        "cost": 1.5,
    }
    with Image.open(file) as image:
        assert (image.mode, image.size) == ("L", (128, 128))
    np.testing.assert_array_equal(read_mask(file, (16, 16)), PLACE)
    with Image.open(overlay) as image:
        shown = np.asarray(image)
    free = masks.to_picture(PLACE, (128, 128)) > 0
    assert (shown[free] == 100).all()
    assert (shown[~free] == 35).all()


def test_words_that_the_model_has_never_seen_are_named(
    home: Path, tmp_path: Path, renderer: type[Seeing], capsys: pytest.CaptureFixture[str]
) -> None:
    to = str(tmp_path / "a.png")
    assert main(["--home", str(home), "locate", "faces", "0", "a zeppelin hat", "--to", to]) == 0
    assert "portraits has never seen 'zeppelin'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (["glasses", "--to", "glasses.jpg"], 1, "'glasses.jpg' is not the name of a PNG"),
        (["--to", "a.png"], 2, "name one thing: WORDS, --remove WORDS, or --swap OLD NEW"),
        (["hat", "--remove", "hat", "--to", "a.png"], 2, "name one thing"),
        ([" ", "--to", "a.png"], 1, "no words say what is to change"),
        (["zorgblat", "--to", "a.png"], 1, "has never seen 'zorgblat', so nothing can change"),
        (["--remove", "a woman", "--to", "a.png"], 1, "nothing remains of the words 'a woman'"),
    ],
)
def test_bad_input_gets_one_line_and_writes_nothing(
    home: Path,
    tmp_path: Path,
    renderer: type[Seeing],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    why: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--home", str(home), "locate", "faces", "0", *words]) == status
    told = capsys.readouterr().err
    assert why in told
    assert len(told.splitlines()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [["--remove", "a hat"], ["--swap", "a hat", "a bob"]])
def test_the_command_takes_what_goes_and_what_is_swapped(
    home: Path,
    tmp_path: Path,
    renderer: type[Seeing],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
) -> None:
    asked: list[WordChange] = []
    locate = Studio.locate

    def watched(studio: Studio, individual: int, change: WordChange, **others: Any) -> object:
        asked.append(change)
        return locate(studio, individual, change, **others)

    monkeypatch.setattr(Studio, "locate", watched)
    line = ["--home", str(home), "locate", "faces", "0", *words, "--to", str(tmp_path / "a.png")]
    assert main(line) == 0
    assert asked == [WordChange(remove="a hat", add="a bob" if "--swap" in words else "")]


def test_a_mask_file_may_be_drawn_with_any_program(tmp_path: Path) -> None:
    file = tmp_path / "mask.png"
    write_mask(PLACE, (128, 128), file)
    drawn = Image.open(file).convert("RGB").resize((256, 256), Image.Resampling.NEAREST)
    drawn.save(tmp_path / "larger.webp", lossless=True)
    np.testing.assert_array_equal(read_mask(tmp_path / "larger.webp", (16, 16)), PLACE)


@pytest.mark.parametrize(
    ("grey", "why"), [(0, "mask.png': the mask has nothing white"), (255, "is white everywhere")]
)
def test_a_mask_file_that_frees_nothing_or_everything_is_refused(
    tmp_path: Path, grey: int, why: str
) -> None:
    file = tmp_path / "mask.png"
    Image.new("L", (128, 128), grey).save(file)
    with pytest.raises(GenomeError, match=why):
        read_mask(file, (16, 16))


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, studio: Studio) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(ArchiveError, match=r"taken' is a file: name a folder"):
        save_place(studio.locate(0, WordChange(add="glasses")), tmp_path / "taken" / "a.png")
    with pytest.raises(ArchiveError, match=r"folder\.png' is a folder: name a file"):
        save_place(studio.locate(0, WordChange(add="glasses")), tmp_path / "folder.png")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["folder.png", "taken"]


def test_a_notebook_finds_a_place_in_a_population_that_is_open_elsewhere(
    home: Path, renderer: type[Seeing]
) -> None:
    with (
        open_population("faces", home=home),
        open_population("faces", home=home, write=False) as reader,
    ):
        assert reader.locate(0, WordChange(add="glasses")).mask.any()
