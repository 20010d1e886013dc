"""Editing one thing of a picture from Python and on the command line."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeRenderer
from PIL import Image

from evolve.errors import GenomeError
from evolve.genome.masks import mask_of
from evolve.models.words.phrasing import WordChange
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.pipeline.editing import paste
from evolve.rendering.process import starting
from evolve.rendering.protocol import Finished, Job, Locate, Located, RenderEvent
from evolve.scoring.wanted import Wanted
from populations import Studio, create_population
from populations.exchange.mask_file import read_mask
from populations.studio.opening import open_saved
from populations.studio.showing.saved_session import open_session
from tui.cli import main
from tui.commands.breeding import edit as edit_command
from tui.commands.viewing import locate as locate_command

SHAPE = (16, 16)
BOX = (0.25, 0.5, 0.5, 0.75)
PLACE = mask_of(BOX, SHAPE)


class Editing(FakeRenderer, OwnedRenderer):
    """Finds everything in one place, and finds later children ever better."""

    nowhere = False
    chances: tuple[float, ...] = ()
    near: tuple[int, ...] = ()
    focused = stronger = False

    def submit(self, jobs):
        self.stronger = any(isinstance(j, Locate) and j.phrasings.stronger for j in jobs)
        self.jobs = {**getattr(self, "jobs", {}), **{j.id: j for j in jobs if isinstance(j, Job)}}
        super().submit(jobs)

    def poll(self, timeout: float) -> list[RenderEvent]:
        return [self._changed(event) for event in super().poll(timeout)]

    def _changed(self, event):
        if isinstance(event, Located):
            difference = np.zeros(SHAPE, np.float32)
            difference[9:11, 5:7] = 0 if self.nowhere else 5
            tried = self.chances if self.stronger else ()
            remark = "it hardly comes" if tried else ""
            focused = self.focused and bool(tried)
            located = Located(event.id, difference, event.cost, remark, tried, focused)
            return replace(located, near=self.near)
        if not isinstance(event, Finished):
            return event
        job = self.jobs[event.id]
        large = event.picture.repeat(16, 0).repeat(16, 1)
        picture = large if job.genome.edit is None else paste(large, job.genome.edit)
        record = {"wanted": float(event.id)} if job.wanted else {}
        return replace(event, picture=picture, record=record)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three founders, painted."""
    folder = tmp_path_factory.mktemp("original")
    with create_population("faces", "a woman", home=folder, page=3, seed=1) as studio:
        studio._start_renderer = Editing
        list(studio.paint())
    return folder


@pytest.fixture
def studio(home: Path) -> Iterator[Studio]:
    with Studio(open_saved(home, "faces"), start_renderer=Editing) as studio:
        yield studio


@pytest.fixture
def fancier(home, monkeypatch, capsys):
    """Run a command; returns its status, its JSON or output, and its errors."""
    monkeypatch.setattr(starting, "load_renderer", lambda *args, **kwargs: Editing())
    monkeypatch.setenv("FANCIER_HOME", str(home))

    def run(*argv: str):
        try:
            status = main(list(argv))
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = capsys.readouterr()
        return status, json.loads(out) if "--json" in argv and out else out, err

    return run


def test_words_find_the_place_and_are_those_of_the_children(studio):
    children = studio.edit(0, add="glasses", count=6)
    assert [child.id for child in children] == [3, 4, 5, 6, 7, 8]
    assert {str(child.genome.prompt) for child in children} == {"a woman, glasses"}
    for child in children:
        mask = child.genome.edit.mask
        assert mask[9:11, 5:7].all()
        assert mask.sum() < 20
        assert np.array_equal(child.genome.edit.base.picture, studio.population.picture(0))
        assert Wanted.of(child.origin.params) == Wanted(there="glasses")
    (again,) = studio.edit(children[2], remove="glasses", where=BOX, count=1)
    assert str(again.genome.prompt) == "a woman, no glasses"
    assert again.parents == (5,)


@pytest.mark.parametrize(
    "where", [BOX, [BOX], (32.0, 64.0, 64.0, 96.0), [PLACE], PLACE, [BOX, (0.0, 0.0, 0.1, 0.1)]]
)
def test_a_place_may_be_a_box_or_a_mask_or_several(studio, where):
    (child,) = studio.edit(1, swap=("a woman", "a man"), where=where, count=1)
    assert child.genome.edit.mask[PLACE].all()
    assert child.origin.params["swap"] == ["a woman", "a man"]
    assert child.genome.edit.mask.sum() in (PLACE.sum(), PLACE.sum() + 4)


def test_words_are_as_strong_as_tries_showed_that_they_must_be(studio, fancier, monkeypatch):
    monkeypatch.setattr(Editing, "chances", (-4.0, -1.0, -0.9))
    children = studio.edit(0, add="a beard", count=4)
    assert [child.genome.prompt.concepts[-1].weight for child in children] == [1.5] * 4
    assert all(str(child.genome.prompt).startswith("a woman | a beard") for child in children)
    boxed = studio.edit(0, add="a beard", where=BOX, count=1)
    assert boxed[0].genome.prompt.concepts[-1].weight == 1.5
    assert np.array_equal(boxed[0].genome.edit.mask, PLACE)
    assert all("try" not in child.origin.params for child in (*children, *boxed))
    monkeypatch.setattr(Editing, "near", (3,))
    assert studio.edit(0, add="a beard", count=1)[0].origin.params["try"] == 3
    monkeypatch.setattr(Editing, "focused", True)
    alone = studio.edit(0, add="a beard", count=1)
    assert str(alone[0].genome.prompt) == "a beard"
    assert studio.locate(0, WordChange(add="a beard")).chances == ()  # the place alone is wanted
    taken = studio.edit(1, take=children[0], words="beard", count=1)
    assert str(taken[0].genome.prompt) == "a woman, a beard"
    studio.close()
    status, _, told = fancier("edit", "faces", "0", "--add", "a beard", "--count", "1")
    assert status == 0
    assert "it hardly comes" in told


def test_what_is_taken_by_words_brings_those_of_the_other(studio):
    (glasses,) = studio.edit(0, add="glasses", count=1)
    (child,) = studio.edit(1, take=glasses, words="glasses", count=1)
    assert str(child.genome.prompt) == "a woman, glasses"
    (boxed,) = studio.edit(1, take=glasses, where=BOX, count=1)
    assert str(boxed.genome.prompt) == "a woman"


def test_the_way_there_and_back_is_saved(studio, home):
    (child,) = studio.edit(1, add="glasses", count=1, depth=0.5, strength=30)
    assert (child.origin.params["depth"], child.origin.params["angle"]) == (0.5, 30)
    (plain,) = studio.take_off(child)
    list(studio.paint([child, plain]))
    assert np.array_equal(studio.population.picture(plain.id), studio.population.picture(1))
    (taken,) = studio.edit(2, take=1, where=BOX, count=1)
    assert taken.parents == (2, 1)
    studio.close()
    with Studio(open_saved(home, "faces", write=False), start_renderer=Editing) as again:
        assert again.population.genome(taken.id) == taken.genome
        assert again.population.genome(plain.id) == plain.genome


def test_children_of_an_edit_start_from_what_it_came_to(studio):
    (child,) = studio.edit(1, add="glasses", count=1)
    list(studio.paint([child]))
    for one in studio.breed(3, parents=[child]):
        assert one.genome.edit.mask is None
        assert np.array_equal(one.genome.edit.base.picture, studio.population.picture(child.id))


def test_what_cannot_be_edited_is_refused_and_nothing_is_born(studio, monkeypatch):
    with pytest.raises(GenomeError, match="no individual 99"):
        studio.edit(99, add="glasses")
    with pytest.raises(GenomeError, match="say what is to change, or where"):
        studio.edit(0)
    with pytest.raises(GenomeError, match="leave out take, or add and remove"):
        studio.edit(0, add="glasses", take=1, where=BOX)
    with pytest.raises(GenomeError, match="leave out swap, or add and remove"):
        studio.edit(0, add="glasses", swap=("red hair", "blue hair"))
    with pytest.raises(GenomeError, match="words name what is taken: give take, or use add"):
        studio.edit(0, words="glasses", where=BOX)
    with pytest.raises(GenomeError, match="is not inside the picture"):
        studio.edit(0, add="glasses", where=(0.5, 0.5, 0.4, 0.9))
    with pytest.raises(GenomeError, match="a mask of shape"):
        studio.edit(0, add="glasses", where=np.ones((4, 4), np.bool_))
    with pytest.raises(GenomeError, match="no edit that could be taken off"):
        studio.take_off(0)
    monkeypatch.setattr(Editing, "nowhere", True)
    with pytest.raises(GenomeError, match="sees no difference"):
        studio.edit(0, add="glasses")
    assert len(studio.population) == 3


def test_the_command_paints_a_page_with_the_best_first(fancier, tmp_path):
    file = tmp_path / "where.png"
    status, told, _ = fancier(
        "edit",
        "faces",
        "0",
        "--add",
        "glasses",
        "--count",
        "4",
        "--show-where",
        str(file),
        "--json",
    )
    assert status == 0
    assert told["created"] == [3, 4, 5, 6]
    assert told["painted"] == [6, 5, 4, 3]
    mask = read_mask(file, SHAPE)
    with Image.open(file) as picture:
        assert picture.size == (128, 128)
    assert told["mask"] == {
        "shape": [16, 16],
        "cells": int(mask.sum()),
        "share": round(float(mask.mean()), 4),
    }
    status, told, _ = fancier(
        "edit", "faces", "0", "--remove", "hat", "--where", str(file), "--where", "0,0,0.1,0.1",
        "--count", "2", "--no-paint", "--json",
    )  # fmt: skip
    assert status == 0
    assert told["painted"] == []
    assert told["mask"]["cells"] == mask.sum() + 4
    status, text, _ = fancier("edit", "faces", "3", "--take-off")
    assert status == 0
    assert text == "painted 9, without the latest edit\n"
    status, told, _ = fancier(
        "edit", "faces", "1", "--take", "2", "--words", "hair", "--count", "2", "--json"
    )
    assert status == 0
    assert len(told["painted"]) == 2


@pytest.mark.parametrize(
    ("argv", "status", "why"),
    [
        ([], 2, "say what is to change: --add, --remove, --swap, --take or --take-off"),
        (["--add", "a hat", "--remove", "a hat"], 2, "not allowed with"),
        (["--take", "1"], 2, "say what to take: a place with --where, or what it is with --words"),
        (["--add", "a hat", "--words", "hair"], 2, "--words say what is taken"),
        (["--take-off", "--where", "0,0,1,1"], 2, "has the place of the edit"),
        (["--add", "a hat", "--where", "nowhere.png"], 2, "there is no file 'nowhere.png'"),
        (["--add", "a hat", "--depth", "2"], 2, "2 is not between 0.01 and 1"),
        (["--add", "a hat", "--show-where", "place.jpg"], 1, "is not the name of a PNG"),
        (
            ["--add", "zorgblat"],
            1,
            "has never seen 'zorgblat', so nothing can change: 'fancier models",
        ),
        (["--remove", "zorgblat", "--where", "0,0,1,0.5"], 1, "has never seen 'zorgblat'"),
        (["--swap", "a hat", "a zorgblat"], 1, "has never seen 'zorgblat'"),
        (["--take", "1", "--words", "zorgblat"], 1, "has never seen 'zorgblat'"),
        (["--take", "77", "--where", "0,0,1,1"], 1, "no individual 77"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_nothing_is_born(fancier, home, argv, status, why):
    got, out, err = fancier("edit", "faces", "0", *argv)
    assert got == status
    assert why in err
    assert err.count("\n") == 1
    assert not out
    with open_saved(home, "faces", write=False) as population:
        assert len(population) == 3


def test_a_region_is_painted_in_other_words(fancier, home):
    region = ["--region", "0.25,0.5,0.5,0.75"]
    status, told, _ = fancier(
        "breed", "faces", "--parents", "0", *region, "--words", "a man", "--count", "2", "--json"
    )
    assert status == 0
    with open_saved(home, "faces", write=False) as population:
        for id in told["created"]:
            assert str(population.genome(id).prompt) == "a man"
            assert (population.genome(id).edit.mask == PLACE).all()
    status, _, err = fancier("breed", "faces", "--words", "a man")
    assert status == 1
    assert "give a region or a depth" in err


def test_the_app_is_told_what_the_model_has_never_seen_together(tmp_path):
    create_population("ears", "a man, big ears style", home=tmp_path, page=1, seed=1).close()
    session, change = open_session(tmp_path, "ears"), WordChange(add="glasses")
    (line,) = session.change_remarks(0, change, session.phrasings(0, change))
    session.close()
    assert "has never seen 'glasses'" in line


def test_the_app_looks_for_no_place_of_words_that_the_model_does_not_know(home):
    session = open_session(home, "faces", lists=("e completes", "→ completes"))
    with pytest.raises(GenomeError, match=r"can change: → completes the words it knows$"):
        session.phrasings(0, WordChange(add="a zorgblat"))
    change = WordChange(add="a zorgblat hat")
    doubts = session.change_remarks(0, change, session.phrasings(0, change))
    assert "; → completes the words it knows" in doubts[0]
    session.close()


def test_what_is_taken_from_a_place_needs_no_known_words(studio):
    (child,) = studio.edit(1, take=0, words="zorgblat", where=BOX, count=1)
    assert child.parents == (1, 0)


@pytest.mark.parametrize(
    "command",
    [
        ("edit", "faces", "0", "--add", "a chin"),
        ("locate", "faces", "0", "a chin", "--to", "{}/p.png"),
    ],
)
def test_what_is_not_known_is_shown_before_the_place_is_looked_for(
    fancier, home, monkeypatch, command
):
    shown: list[str] = []

    def start(*args, **kwargs):
        shown.append("started")
        return Editing()

    @contextlib.contextmanager
    def counting(what):
        yield lambda done, total: shown.append(f"{what} {done}/{total}")

    monkeypatch.setattr(starting, "load_renderer", start)
    for module in (edit_command, locate_command):
        monkeypatch.setattr(module, "note", shown.append)
        monkeypatch.setattr(module, "counting", counting)
    assert fancier(*(word.format(home) for word in command))[0] == 0
    remark, looking, started, *_ = filter(None, shown)
    assert "does not know 'chin' by itself, only 'chin length hair'" in remark
    assert looking == "looking for the place 0/1"
    assert started == "started"
