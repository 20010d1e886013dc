"""Painted founders, and a cache of trials for each module: there a model is measured once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from broods import PAGE, session_on
from fakes import MemoryArchive

from evolve.models.machine import trials
from evolve.session import events
from evolve.session.archive import Judgement


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "user_cache_path", lambda name: folder / name)
        yield folder


@pytest.fixture(scope="module")
def founded(cache: Path) -> MemoryArchive:
    """A page of painted founders, two of them rated."""
    archive = MemoryArchive()
    with session_on(archive) as (session, heard):
        session.breed(PAGE)
        heard.until(events.Painted, PAGE)
        for i in (2, 5):
            session.judge(Judgement(individual=i, kind="rate", value=5, page=0))
        heard.until(events.Judged, 2)
    return archive


@pytest.fixture
def archive(founded: MemoryArchive) -> MemoryArchive:
    return MemoryArchive(founded.commits)
