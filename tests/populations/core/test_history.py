from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_population import individual, rating

from evolve.errors import ArchiveError
from populations import Population

TABLES = ("individuals", "renders", "scores", "events")


def test_rows_of_every_commit_are_known(population: Population) -> None:
    population.append([individual(8), rating(0), rating(1)])
    history = population.history()
    counts = [[history.marker(c).rows[t] for t in TABLES] for c in range(1, len(history) + 1)]
    assert counts == [[6, 0, 0, 0], [6, 4, 0, 0], [8, 6, 1, 2], [9, 6, 1, 4]]
    assert len(history) == population.commits


def test_commits_are_found_by_their_time(population: Population) -> None:
    history = population.history()
    milliseconds = [history.marker(c).time for c in (1, 2, 3)]
    times = [datetime.fromtimestamp(ms / 1000, UTC) for ms in milliseconds]
    assert [history.at(time) for time in times] == [1, 2, 3]
    assert [history.at(time - timedelta(milliseconds=1)) for time in times] == [0, 1, 2]


def test_commit_that_never_was_is_refused(population: Population) -> None:
    for commit in (-1, 0, 4):
        with pytest.raises(ArchiveError, match=f"no commit {commit}: commits go from 1 to 3"):
            population.history().marker(commit)


def test_commits_within_a_millisecond_stay_apart(path: Path, population: Population) -> None:
    for i in range(20):
        population.append([rating(0, i % 6)])
    assert len(population.history()) == 23
    with Population.open(path, write=False) as reader:
        assert reader.history().marker(23).rows["events"] == 22
