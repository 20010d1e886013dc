from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_population import CONFIG, individual, picture, rating, render

from evolve.errors import ArchiveError
from evolve.scoring.looks.embedding import KEY, Embedding
from evolve.session.archive import Judgement, Render, Score
from populations import Population, check_population
from populations.core import retention
from populations.core.retention import BEST, drop_pictures
from populations.format.ledger import Ledger
from populations.format.tables import Table
from populations.home.names import ZARR
from populations.studio.running.run import Disk

PICTURES = f"{ZARR}/renders/data"


def large(home: Path) -> Population:
    """Return a population of 10 generations of 6, all painted and scored, two of them judged."""
    population = Population.create(home, "large", CONFIG, rows=[individual(i) for i in range(60)])
    population.append([render(i) for i in range(60)])
    population.append([Score(individual=i, scorer="clip", value=float(-i)) for i in range(60)])
    population.append([rating(40, 1), Judgement(individual=41, kind="pin", value=1)])
    return population


def test_best_spares_what_is_judged_the_best_and_the_last_generations(tmp_path: Path) -> None:
    with large(tmp_path) as population:
        dropped = drop_pictures(population, "best", population.scores()["clip"])
        spared = {*range(BEST), 40, 41, *range(48, 60)}
        assert set(dropped) == set(range(60)) - spared
        assert set(population.kept_pictures().tolist()) == spared
        assert drop_pictures(population, "best", population.scores()["clip"]) == []


def test_dropped_pictures_are_gone_but_not_to_be_painted_by_themselves(tmp_path: Path) -> None:
    with large(tmp_path) as population:
        drop_pictures(population, "none")
        assert population.picture(3) is None
        assert population.unpainted() == []
        assert population.genome(3) == individual(3).genome
        population.append([render(3)])  # it was wanted after all
        assert np.array_equal(np.asarray(population.picture(3)), picture(3))
        assert len(pictures_on_disk(population)) == 1
    with Population.open(tmp_path / "large") as population:
        assert population.unpainted() == []
        assert population.kept_pictures().tolist() == [3]
    assert check_population(tmp_path / "large").problems == []


def test_what_is_known_of_a_dropped_picture_stays_known(tmp_path: Path) -> None:
    look = Embedding("clip", np.ones(2, np.float16))
    record = {"model": "portraits", KEY: look.to_json()}
    rows = [individual(0), individual(1), replace(render(0), record=record)]
    with Population.create(tmp_path, "demo", CONFIG, rows=rows) as population:
        population.drop([0])
        for shown in (population, Population.open(tmp_path / "demo", write=False)):
            assert shown.picture(0) is None
            assert [each.of for each in shown.looks(0)] == ["clip"]
            assert shown.latest_painting() == (0, {"model": "portraits"})
        population.withdraw([0], "damaged")
        assert (population.looks(0), population.latest_painting()) == ((), None)


def pictures_on_disk(population: Population) -> list[str]:
    return sorted(file.name for file in (population.path / PICTURES).glob("c.*"))


def test_all_pictures_of_one_that_is_dropped_are_gone(tmp_path: Path) -> None:
    rows = [individual(0), individual(1), render(0), render(0), render(1)]
    with Population.create(tmp_path, "demo", CONFIG, rows=rows) as population:
        population.drop([0])
        assert pictures_on_disk(population) == ["c.2.0"]


def test_what_a_drop_reads_does_not_grow_with_the_population(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = [Render(individual=1, picture=None, error="x", record={})] * 10_000
    rows = [individual(0), individual(1), render(1), *failed, render(0)]
    with Population.create(tmp_path, "demo", CONFIG, rows=rows) as population:
        with monkeypatch.context() as patch:
            patch.setattr(Ledger, "discard_dropped", lambda self: 0)
            population.drop([0])
        scan, read = Table.scan, []
        monkeypatch.setattr(
            Table, "scan", lambda *a, **k: read.append(values := scan(*a, **k)) or values
        )
        assert population._ledger.discard_dropped() == 1
        assert 0 < sum(map(len, read)) < 10_000
        assert pictures_on_disk(population) == ["c.0.0"]


def test_drops_beyond_one_chunk_are_all_cleared(tmp_path: Path) -> None:
    rows = [individual(0), individual(1), render(0), render(1)]
    with Population.create(tmp_path, "demo", CONFIG, rows=rows) as population:
        population.drop([0, *[1] * 5000])
        assert pictures_on_disk(population) == []


@pytest.mark.parametrize("when", ["it is opened", "it is repaired later"])
def test_what_an_interrupted_drop_left_is_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    rows = [individual(0), individual(1), render(0), render(1)]
    with Population.create(tmp_path, "demo", CONFIG, rows=rows) as population:
        with monkeypatch.context() as patch:
            patch.setattr(Ledger, "discard_dropped", lambda self: 0)
            population.drop([0])
        if when == "it is repaired later":
            population.append([render(1)])
        assert pictures_on_disk(population)[0] == "c.0.0"
    if when == "it is repaired later":
        report = check_population(population.path, repair=True)
        assert report.repaired == ["removed 1 file of pictures that are not kept"]
    else:
        Population.open(population.path).close()
    assert "c.0.0" not in pictures_on_disk(population)
    assert pictures_on_disk(population)[0] == "c.1.0"
    assert check_population(population.path).problems == []


def test_an_earlier_state_does_without_pictures_dropped_since(tmp_path: Path) -> None:
    with large(tmp_path) as population:
        drop_pictures(population, "best", population.scores()["clip"])
        population.append([render(30)])
        then = population.as_of(2)
        assert (then.picture(30), then.picture(39)) == (None, None)
        assert np.array_equal(np.asarray(then.picture(41)), picture(41))
        assert (then.unpainted(), population.as_of(1).unpainted()) == ([], list(range(60)))


def test_readers_are_told_that_a_picture_went_meanwhile(tmp_path: Path) -> None:
    with large(tmp_path) as population, Population.open(population.path, write=False) as reader:
        then = population.as_of(2)
        drop_pictures(population, "best", population.scores()["clip"])
        for looker in (reader, then):
            assert looker.picture(30) is None
            assert np.array_equal(np.asarray(looker.picture(41)), picture(41))
        (population.path / "population.zarr" / "renders" / "data" / "c.41.0").unlink()
        with pytest.raises(ArchiveError, match="is damaged"):
            reader.picture(41)


def test_all_keeps_all(tmp_path: Path) -> None:
    with large(tmp_path) as population:
        assert drop_pictures(population, "all") == []
        assert len(population.kept_pictures()) == 60


def test_space_is_told_from_the_pictures_there_are(tmp_path: Path) -> None:
    with large(tmp_path) as population:
        assert 1_000 < retention.bytes_of_picture(population) < 4_000


def test_reserve_of_the_disk_is_seen(tmp_path: Path) -> None:
    assert not Disk(tmp_path, 0).is_low
    assert Disk(tmp_path, 10**9).is_low
    assert "to leave 1000000000 MB in reserve" in Disk(tmp_path, 10**9).problem
