"""What is not in the store is counted nowhere, and the status line says so."""

import errno
import os
import threading

from fake_session import FakeSession
from saved import CONFIG, born, painted
from stage import on_stage, until

from evolve.genome.settings import Settings
from evolve.rendering.protocol import ModelInfo, Ready
from evolve.session import events
from evolve.session.unsaved import Unsaved
from populations import Population
from populations.format import files
from populations.studio.showing import saved_session
from populations.studio.showing.saved_session import SavedSession
from tui.screens.gallery import Gallery


async def test_ratings_count_when_they_are_saved():
    session = FakeSession()
    session.holds = True
    async with on_stage(session) as stage:
        await stage.press("4", "right", "5")
        session.emit(events.SaveFailed("no space left on the disk: free some", "disk full"))
        await stage.press("right")
        assert stage.captions[:2] == ["0 ****", "1 *****"]
        assert "no space left on the disk: free some" in stage.status
        assert stage.status.endswith("2 not saved")
        stage.gallery._unsay()
        assert "judged 0/12  disk full" in stage.status
        session.release()
        session.emit(events.CaughtUp())
        await stage.until(lambda: "all is saved again" in stage.status)
        stage.gallery._unsay()
        assert "judged 2/12" in stage.status
        assert stage.status.endswith("saved")


async def test_a_rating_said_twice_counts_as_it_was_saved_last(stage):
    await stage.press("4")
    stage.session.holds = True
    await stage.press("0", "3", "0")
    assert "judged 1/12" in stage.status
    stage.session.release()
    await stage.until(lambda: "judged 0/12" in stage.status)


async def test_leaving_asks_once_where_something_is_not_saved():
    session = FakeSession()
    session.holds = True
    async with on_stage(session) as stage:
        await stage.press("4")
        session.emit(events.SaveFailed("no space left", "disk full"))
        await stage.press("q")
        assert "1 not saved (disk full): q again leaves anyway" in stage.status
        assert isinstance(stage.app.screen, Gallery)
        await stage.press("q")
        assert not stage.app.is_running or stage.app._exit


class Silent:
    """A renderer that paints nothing."""

    def __init__(self) -> None:
        self.told = [Ready(ModelInfo(name="fake", latent=(4, 2, 2), pixels=(8, 8)))]

    def submit(self, jobs): ...

    def cancel(self, ids): ...

    def poll(self, timeout):
        threading.Event().wait(timeout)
        told, self.told = self.told, []
        return told

    def close(self): ...


class Watched(SavedSession):
    """What breeds saved populations in the app, as the stage wants it."""

    @property
    def listener(self):
        return self._thread


async def test_a_disk_that_refuses_for_a_while_loses_nothing(tmp_path, monkeypatch):
    refuses, write = threading.Event(), files.write_file

    def written(path, data, scratch):
        if refuses.is_set():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, data, scratch)

    monkeypatch.setattr(files, "write_file", written)
    rows = [born(0, 0), born(1, 0), painted(0), painted(1)]
    config = CONFIG | {"latent": [4, 2, 2], "settings": Settings().to_json()}
    population = Population.create(tmp_path, "faces", config, rows=rows)
    monkeypatch.setattr(saved_session, "renderer_for", lambda *a, **k: Silent)
    session = Watched(population)
    session._unsaved = Unsaved(retry=0.05)
    async with on_stage(session) as stage:
        await stage.press("4")
        await stage.until(lambda: stage.controller.durable.missing == 0)
        refuses.set()
        await stage.press("right", "5")
        await stage.until(lambda: stage.controller.unsaved)
        await stage.press("left", "2", "p")
        stage.gallery._unsay()
        assert "judged 1/2" in stage.status
        assert stage.status.endswith("3 not saved")
        assert {i: v.rating for i, v in population.verdicts().items()} == {0: 4}
        refuses.clear()
        await until(
            stage.pilot,
            lambda: not stage.controller.unsaved and not stage.controller.durable.missing,
        )
    with Population.open(tmp_path / "faces", write=False) as again:
        assert {i: v.rating for i, v in again.verdicts().items()} == {0: 2, 1: 5}
        assert again.verdicts()[0].pinned
