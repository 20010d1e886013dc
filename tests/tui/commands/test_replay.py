"""Painting again from the record, with a renderer that only pretends."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from evolve.genome import Genome
from evolve.models.catalog import describe
from evolve.models.files.fingerprint import identity
from evolve.models.loading import way_of
from evolve.rendering.manner import Manner
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process import starting
from evolve.rendering.protocol import RenderEvent, Task
from evolve.session.archive import Picture, Render
from populations import Population, population_path
from populations.exchange.recipe import write_png
from populations.studio import replay
from tui.cli import main


class Flat(OwnedRenderer):
    """Paints the colour of the rows it was started with."""

    def __init__(self, rows: int | None, counts: list[int]) -> None:
        self.rows, self.counts = rows, counts

    def submit(self, jobs: Sequence[Task]) -> None:
        raise NotImplementedError

    def cancel(self, ids: Sequence[int]) -> None:
        raise NotImplementedError

    def poll(self, timeout: float) -> list[RenderEvent]:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing to stop."""

    def paint(
        self, genomes: Sequence[Genome], done: Callable[[], None] = lambda: None
    ) -> list[Picture]:
        self.counts.append(len(genomes))
        return [flat(0 if self.rows is None else self.rows + 1) for _ in genomes]


def flat(colour: int) -> Picture:
    return np.full((8, 8, 3), colour, np.uint8)


Record = dict[str, Any]
Save = Callable[..., Population]


@pytest.fixture
def save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Save:
    """Make a population of pictures with these records, all of colour 9 or of these colours."""
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path))

    def make(records: Sequence[Record], colours: Sequence[int] = ()) -> Population:
        main(["new", "faces", "a man", "--no-open", "--page", str(len(records))])
        capsys.readouterr()
        with Population.open(population_path(tmp_path, "faces")) as population:
            population.append(
                [
                    Render(individual=i, picture=flat(colours[i] if colours else 9), record=record)
                    for i, record in enumerate(records)
                ]
            )
        return Population.open(population_path(tmp_path, "faces"), write=False)

    return make


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    """How renderers are started."""
    started: list[Record] = []

    def load_renderer(model: str, **way: Any) -> Flat:
        started.append({**way, "counts": []})
        return Flat(way["rows"], started[-1]["counts"])

    monkeypatch.setattr(starting, "load_renderer", load_renderer)
    return started


def results(capsys: pytest.CaptureFixture[str]) -> list[Record]:
    found: list[Record] = json.loads(capsys.readouterr().out)["results"]
    return found


def test_each_picture_is_painted_with_the_rows_of_its_record(save, started, capsys):
    records: list[Record] = [
        *({"rows": 8}, {"rows": 4}, {"rows": None}, {}),
        *({"rows": "8"}, {"rows": True}, {"rows": 10**9}),  # of a damaged file: as if not there
        {"rows": 8},
    ]
    save(records, [9, 5, 1, 0, 0, 0, 0, 8])
    assert main(["replay", "faces", "--json"]) == 1
    replayed = results(capsys)
    assert [r["identical"] for r in replayed] == [True] * 7 + [False]
    assert replayed[-1]["max_pixel_difference"] == 1
    assert [way["rows"] for way in started] == [8, 4, 0, None]
    assert all(way["manner"] == Manner() and way["threads"] is None for way in started)


def test_what_other_weights_painted_is_not_called_different(save, started, capsys):
    now = identity(describe("portraits"))
    save(
        [
            {**now, "rows": 8},
            {**now, "fingerprint": "ab" * 32, "rows": 8},
            {**now, "configuration": "ab" * 32, "rows": 8},
            {"fingerprint": now["fingerprint"], "rows": 8},  # of a version that kept weights alone
        ]
    )
    assert main(["replay", "faces"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "model 'portraits' has changed since 2 pictures were painted: "
        "saved pictures are kept, but it would paint different ones today",
        "2 of 2 identical",
    ]
    assert main(["replay", "faces", "1"]) == 1
    assert "has changed since 1 was painted" in capsys.readouterr().out
    assert [way["counts"] for way in started] == [[2]]
    assert main(["replay", "faces", "--json"]) == 1
    assert [r["identical"] for r in results(capsys)] == [True, None, None, True]
    assert main(["replay", "faces", "0", "3"]) == 0


def test_threads_are_those_of_the_record_and_a_difference_says_what_else_is_otherwise(
    save, started, monkeypatch, capsys
):
    here = dict(way_of("portraits", device="cpu").record)
    elsewhere = {"device": "cpu x86_64 AVX2", "versions": {"torch": "2.0.0"}}
    versions = dict.fromkeys(here["versions"], "1")
    save(
        [
            {**here, "rows": 8, "threads": 3, "manner": {"decode_rows": 4, "tiled": "often"}},
            {**here, "rows": 8, "threads": 10**9, "pieces": 2},  # a stranger's: not started
            {**here, "rows": 7, "threads": 3},
            {**here, "rows": 7, "threads": 3, **elsewhere},
            {**here, "rows": 7, "threads": 3, "versions": {**versions, "openvino": "9"}},
        ]
    )
    monkeypatch.setenv("FANCIER_DEVICE", "cpu")
    assert main(["replay", "faces"]) == 1
    plain, otherwise, library, same = capsys.readouterr().out.splitlines()
    ways = [(way["rows"], way["threads"], way["divides"], way["manner"]) for way in started]
    assert ways == [
        (8, 3, False, Manner(decode_rows=4)),
        (8, None, True, Manner()),
        (7, 3, False, Manner()),
    ]
    assert plain == "2: differs by up to 1 of 255"
    assert otherwise.startswith(
        "3: differs by up to 1 of 255 (painted on cpu x86_64 AVX2 without diffusers"
    )
    assert f"here on {here['device']} with diffusers {here['versions']['diffusers']}" in otherwise
    assert "with openvino 9" in library
    assert same == "2 of 5 identical"


@pytest.mark.parametrize("altered", [False, True])
@pytest.mark.usefixtures("started")
def test_a_file_that_was_altered_since_its_export_is_named_as_a_reason(
    altered: bool, save: Save, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "face.png"
    write_png(file, save([{"rows": 8}], [5]), 0)
    if altered:
        with Image.open(file) as image:
            texts = PngImagePlugin.PngInfo()
            for name, text in image.text.items():  # type: ignore[attr-defined]
                texts.add_itxt(name, text)
            image.putpixel((0, 0), (255, 255, 255))
            image.save(file, pnginfo=texts)
    assert main(["replay", str(file)]) == 1
    printed = capsys.readouterr().out
    assert ("the file was altered after it was exported" in printed) == altered


def test_few_pictures_are_held_in_memory(save, started, monkeypatch, capsys):
    save([{"rows": 8}] * 5)
    monkeypatch.setattr(replay, "TOGETHER", 2)
    assert main(["replay", "faces"]) == 0
    assert "5 of 5 identical" in capsys.readouterr().out
    assert started[0]["counts"] == [2, 2, 1]
