"""A population is opened where it was left."""

from contextlib import contextmanager

import pytest
from fake_session import FakeSession
from saved import CONFIG, born
from stage import on_stage

from evolve.genome.settings import Settings
from populations import Population
from populations.studio.showing.saved_session import open_session
from populations.studio.showing.viewing import Viewing
from tui.controller.population_controller import PopulationController


@pytest.fixture
def home(tmp_path):
    config = {**CONFIG, "latent": [4, 2, 2], "settings": Settings().to_json()}
    rows = [born(0, 0), born(1, 0), born(2, 1), born(3, 1)]
    with Population.create(tmp_path, "faces", config, rows=rows) as population:
        population.fork("old", at=1)
    return tmp_path


@contextmanager
def opened(home):
    session = open_session(home, "faces")
    yield PopulationController(session, notify=print)
    session.close()


def test_branch_and_picture_are_where_they_were_left(home):
    with opened(home) as controller:
        assert (controller.branch, controller.pages.generation) == ("main", 1)
        controller.switch("old")
    with opened(home) as controller:
        assert (controller.branch, controller.pages.shown) == ("old", [0, 1])
        controller.pages.go(1)
        controller.leave()
    with opened(home) as controller:
        assert (controller.branch, controller.pages.cursor) == ("old", 1)
    view = Viewing(Population.open(home / "faces", write=False))
    assert (view.branch, view.individual) == ("old", 1)
    view.close()
    as_it_was = Viewing(Population.open(home / "faces", write=False), moment="1")
    assert (as_it_was.branch, as_it_was.individual) == ("main", None)
    as_it_was.close()


@pytest.mark.parametrize("leaving", ["q", "ctrl+q"])
async def test_leaving_the_gallery_tells_where_the_cursor_was(leaving):
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("comma", "right", leaving)
    assert stage.session.left == [1]


async def test_a_source_that_was_left_somewhere_is_shown_there():
    session = FakeSession((12, 12))
    session.individual = 3
    async with on_stage(session) as stage:
        assert stage.captions[3].startswith("▸ 3")
        assert "generation 1/2" in stage.status
