"""What a person sees first: the page with its pictures, or without them if they take long."""

import threading
from contextlib import asynccontextmanager

import pytest
from fake_session import FakeSession
from stage import CountingApp, until

from evolve.session.archive import Picture
from tui.screens.gallery import Gallery
from tui.screens.overlays.lineage import Lineage
from tui.screens.overlays.take_place import TakePlace
from tui.widgets.pictures.drawn_on import DrawnOn
from tui.widgets.pictures.wall import Wall


@pytest.fixture
def slow() -> FakeSession:
    """A population whose pictures cannot be read until its gate opens."""
    session = FakeSession()
    session.gate = threading.Event()
    read = session.archive.picture

    def wait_and_read(individual: int) -> Picture | None:
        session.gate.wait(60)
        return read(individual)

    session.archive.picture = wait_and_read
    return session


@asynccontextmanager
async def opened(session: FakeSession):
    """Open the gallery until it is laid out."""
    gallery = Gallery(session, name="faces")
    app = CountingApp(gallery)
    app.draws = True
    async with app.run_test(size=(120, 36)) as pilot:
        try:
            await until(pilot, lambda: gallery.query_one(Wall).faces)
            yield app, gallery, pilot
        finally:
            session.gate.set()


async def test_the_gallery_is_painted_with_its_pictures_and_not_before(slow, monkeypatch):
    monkeypatch.setattr("tui.screens.curtain.CURTAIN", 600)
    async with opened(slow) as (app, gallery, pilot):
        await pilot.pause(0.1)
        assert not app.sent
        slow.gate.set()
        await until(pilot, lambda: app.sent)
        assert all(face.pixels is not None for face in gallery.query_one(Wall).faces)


async def test_the_gallery_is_painted_without_pictures_that_take_long(slow, monkeypatch):
    monkeypatch.setattr("tui.screens.curtain.CURTAIN", 0.01)
    async with opened(slow) as (app, gallery, pilot):
        await until(pilot, lambda: app.sent)
        assert all(face.pixels is None for face in gallery.query_one(Wall).faces)


async def test_a_lineage_is_painted_with_its_pictures_and_not_before(slow, monkeypatch):
    monkeypatch.setattr("tui.screens.curtain.CURTAIN", 600)
    slow.archive.add(12, (0, 1))
    slow.archive.pictures |= {id: slow.picture(id) for id in range(12, 24)}
    slow.gate.set()
    async with opened(slow) as (app, _, pilot):
        await until(pilot, lambda: app.sent)
        slow.gate.clear()
        app.sent = 0
        await pilot.press("t")
        await until(pilot, lambda: app.screen.query_one(Wall).faces)
        await pilot.pause(0.1)
        assert isinstance(app.screen, Lineage)
        assert not app.sent
        slow.gate.set()
        await until(pilot, lambda: app.sent)
        faces = app.screen.query_one(Wall).faces
        assert all(face.pixels is not None for face in faces if face.id >= 0)


async def test_what_changes_the_layout_of_a_new_screen_holds_it_back_again(slow, monkeypatch):
    monkeypatch.setattr("tui.screens.curtain.CURTAIN", 0.1)
    async with opened(slow) as (app, gallery, pilot):
        monkeypatch.setattr("tui.screens.curtain.CURTAIN", 600)
        gallery.close_curtain()
        app.sent = 0
        await pilot.pause(0.3)
        assert not app.sent
        slow.gate.set()
        await until(pilot, lambda: app.sent)
        assert all(face.pixels is not None for face in gallery.query_one(Wall).faces)


async def test_a_place_taken_is_painted_with_both_pictures_and_not_before(slow, monkeypatch):
    monkeypatch.setattr("tui.screens.curtain.CURTAIN", 600)
    slow.archive.add(12, (0, 1))
    slow.archive.pictures |= {id: slow.picture(id) for id in range(12, 24)}
    slow.gate.set()
    async with opened(slow) as (app, gallery, pilot):
        await until(pilot, lambda: app.sent)
        await pilot.press("comma", "space", "full_stop")
        slow.gate.clear()
        gallery.controller.pictures.discard(0)  # as after many others
        app.sent = 0
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, TakePlace) and gallery.reader.reads)
        await pilot.pause(0.1)
        assert not app.sent
        slow.gate.set()
        await until(pilot, lambda: app.sent)
        drawn, inside = app.screen.query_one(DrawnOn).pixels, (9 * 2 + 1, 8 * 2)
        assert (drawn[inside] == gallery.controller.pictures.get(0)[inside]).all()
