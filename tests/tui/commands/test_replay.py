"""Painting again from the record, with a renderer that only pretends."""

from __future__ import annotations

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

    def __init__(self, rows: int | None) -> None:
        self.rows = rows

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
        return [flat(0 if self.rows is None else self.rows + 1) for _ in genomes]


def flat(colour: int) -> Picture:
    return np.full((8, 8, 3), colour, np.uint8)


def test_each_picture_is_painted_with_the_rows_of_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path))
    main(["new", "faces", "a man", "--no-open", "--page", "8"])
    records: list[dict[str, Any]] = [
        *({"rows": 8}, {"rows": 4}, {"rows": None}, {}),
        *({"rows": "8"}, {"rows": True}, {"rows": 10**9}),  # of a damaged file: as if not there
        {"rows": 8},
    ]
    colours = [9, 5, 1, 0, 0, 0, 0, 8]
    with Population.open(population_path(tmp_path, "faces")) as population:
        population.append(
            [
                Render(individual=i, picture=flat(colour), record=record)
                for i, (colour, record) in enumerate(zip(colours, records, strict=True))
            ]
        )
    started: list[int | None] = []

    def load_renderer(
        model: str, *, rows: int | None, threads: int | None, divides: bool, manner: Manner
    ) -> Flat:
        assert manner == Manner()
        started.append(rows)
        assert threads is None
        return Flat(rows)

    monkeypatch.setattr(starting, "load_renderer", load_renderer)
    capsys.readouterr()
    assert main(["replay", "faces", "--json"]) == 1
    results = json.loads(capsys.readouterr().out)["results"]
    assert [r["identical"] for r in results] == [True] * 7 + [False]
    assert results[-1]["max_pixel_difference"] == 1
    assert started == [8, 4, 0, None]


def test_what_other_weights_painted_is_not_called_different(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path))
    main(["new", "faces", "a man", "--no-open", "--page", "4"])
    now = identity(describe("portraits"))
    records: list[dict[str, Any]] = [
        {**now, "rows": 8},
        {**now, "fingerprint": "ab" * 32, "rows": 8},
        {**now, "configuration": "ab" * 32, "rows": 8},
        {"fingerprint": now["fingerprint"], "rows": 8},  # of a version that recorded weights alone
    ]
    with Population.open(population_path(tmp_path, "faces")) as population:
        population.append(
            [Render(individual=i, picture=flat(9), record=r) for i, r in enumerate(records)]
        )
    painted: list[int] = []

    class Counting(Flat):
        def paint(
            self, genomes: Sequence[Genome], done: Callable[[], None] = lambda: None
        ) -> list[Picture]:
            painted.append(len(genomes))
            return super().paint(genomes, done)

    monkeypatch.setattr(starting, "load_renderer", lambda model, *, rows, **_: Counting(rows))
    capsys.readouterr()
    assert main(["replay", "faces"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "model 'portraits' has changed since 2 pictures were painted: "
        "saved pictures are kept, but it would paint different ones today",
        "2 of 2 identical",
    ]
    assert painted == [2]
    assert main(["replay", "faces", "1"]) == 1
    assert "has changed since 1 was painted" in capsys.readouterr().out
    assert painted == [2]
    assert main(["replay", "faces", "--json"]) == 1
    results = json.loads(capsys.readouterr().out)["results"]
    assert [r["identical"] for r in results] == [True, None, None, True]
    assert main(["replay", "faces", "0", "3"]) == 0


def test_threads_are_those_of_the_record_and_a_difference_says_what_else_is_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path))
    main(["new", "faces", "a man", "--no-open", "--page", "5"])
    here = dict(way_of("portraits", device="cpu").record)
    elsewhere = {"device": "cpu x86_64 AVX2", "versions": {"torch": "2.0.0"}}
    versions = dict.fromkeys(here["versions"], "1")
    records: list[dict[str, Any]] = [
        {**here, "rows": 8, "threads": 3, "manner": {"decode_rows": 4, "tiled": "often"}},
        {**here, "rows": 8, "threads": 10**9, "pieces": 2},  # a stranger's: not started
        {**here, "rows": 7, "threads": 3},
        {**here, "rows": 7, "threads": 3, **elsewhere},
        {**here, "rows": 7, "threads": 3, "versions": {**versions, "openvino": "9"}},
    ]
    with Population.open(population_path(tmp_path, "faces")) as population:
        population.append(
            [Render(individual=i, picture=flat(9), record=r) for i, r in enumerate(records)]
        )
    started: list[tuple[int | None, int | None, bool]] = []
    manners: list[Manner] = []

    def load_renderer(
        model: str, *, rows: int | None, threads: int | None, divides: bool, manner: Manner
    ) -> Flat:
        started.append((rows, threads, divides))
        manners.append(manner)
        return Flat(rows)

    monkeypatch.setattr(starting, "load_renderer", load_renderer)
    monkeypatch.setenv("FANCIER_DEVICE", "cpu")
    capsys.readouterr()
    assert main(["replay", "faces"]) == 1
    plain, otherwise, library, same = capsys.readouterr().out.splitlines()
    assert started == [(8, 3, False), (8, None, True), (7, 3, False)]
    assert manners == [Manner(decode_rows=4), Manner(), Manner()]
    assert plain == "2: differs by up to 1 of 255"
    assert otherwise.startswith(
        "3: differs by up to 1 of 255 (painted on cpu x86_64 AVX2 without diffusers"
    )
    assert f"here on {here['device']} with diffusers {here['versions']['diffusers']}" in otherwise
    assert "with openvino 9" in library
    assert same == "2 of 5 identical"


@pytest.mark.parametrize("altered", [False, True])
def test_a_file_that_was_altered_since_its_export_is_named_as_a_reason(
    altered: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path))
    main(["new", "faces", "a man", "--no-open", "--page", "1"])
    file = tmp_path / "face.png"
    with Population.open(population_path(tmp_path, "faces")) as population:
        population.append([Render(individual=0, picture=flat(5), record={"rows": 8})])
        write_png(file, population, 0)
    if altered:
        with Image.open(file) as image:
            texts = PngImagePlugin.PngInfo()
            for name, text in image.text.items():  # type: ignore[attr-defined]
                texts.add_itxt(name, text)
            image.putpixel((0, 0), (255, 255, 255))
            image.save(file, pnginfo=texts)
    monkeypatch.setattr(starting, "load_renderer", lambda model, **way: Flat(8))
    capsys.readouterr()
    assert main(["replay", str(file)]) == 1
    printed = capsys.readouterr().out
    assert ("the file was altered after it was exported" in printed) == altered


def test_few_pictures_are_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path))
    main(["new", "faces", "a man", "--no-open", "--page", "5"])
    with Population.open(population_path(tmp_path, "faces")) as population:
        population.append(
            [Render(individual=i, picture=flat(9), record={"rows": 8}) for i in range(5)]
        )
    counts: list[int] = []

    class Counted(Flat):
        def paint(
            self, genomes: Sequence[Genome], done: Callable[[], None] = lambda: None
        ) -> list[Picture]:
            counts.append(len(genomes))
            return super().paint(genomes, done)

    monkeypatch.setattr(starting, "load_renderer", lambda model, **way: Counted(8))
    monkeypatch.setattr(replay, "TOGETHER", 2)
    capsys.readouterr()
    assert main(["replay", "faces"]) == 0
    assert "5 of 5 identical" in capsys.readouterr().out
    assert counts == [2, 2, 1]
