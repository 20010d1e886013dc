"""Children of a size of a picture that was edited."""

import pytest
from broods import PAGE, Held, bred, digests, session_on, wait_for_births
from fakes import MemoryArchive

from evolve.genome.edit import Base
from evolve.search.edits import Repainted
from evolve.search.plan import Plan
from evolve.session import events


@pytest.fixture
def edited(archive: MemoryArchive) -> MemoryArchive:
    """The same with a picture in which a place was painted again."""
    base = Base(archive.genome(2).noise, archive.pictures[2])
    edit = Repainted(base=base, box=(0.25, 0.25, 0.75, 0.75), angle=60.0, depth=1.0, prompt=None)
    with session_on(archive) as (session, heard):
        session._latents[2] = archive.genome(2).noise
        session.alter(2, edit, 1)
        heard.until(events.Painted)
    return archive


def test_children_of_an_edited_picture_wait_until_it_is_known_what_it_came_to(
    edited: MemoryArchive,
) -> None:
    ready = MemoryArchive(edited.commits)
    bred(ready, parents=(PAGE,))  # a session that has not painted it paints it again first
    children = ready.individuals[PAGE + 1 :]
    assert len(children) == PAGE
    assert all("depth" in i.origin.params for i in children)
    for length in (len(edited.commits) + 1, len(ready.commits) - 2):
        resumed = MemoryArchive(ready.commits[:length])
        missing = 2 * PAGE + 1 - len(resumed.individuals)
        with session_on(resumed) as (_, heard):
            wait_for_births(heard, missing)
        assert digests(resumed) == digests(ready)


@pytest.mark.parametrize("ends", ["born", "stopped"])
def test_what_is_decided_while_a_page_waits_for_its_parent_is_kept(
    edited: MemoryArchive, ends: str
) -> None:
    renderer = Held()
    with session_on(edited, renderer) as (session, heard):
        heard.until(events.Ready)
        renderer.is_held = True
        session.breed(2, parents=(PAGE,), size=0.4)
        session.plan(Plan(step=9.0))
        heard.until(events.Planned)
        if ends == "stopped":
            session.cancel()
            heard.until(events.Refused)
        else:
            renderer.is_held = False
            wait_for_births(heard, 2)
    assert edited.plan() == Plan(step=9.0)
