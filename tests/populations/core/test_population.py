import os
import threading
from pathlib import Path

import numpy as np
import pytest
from small_population import CONFIG, PROMPT, individual, picture, rating, render, state

from evolve.errors import ArchiveError
from evolve.genome import Genome
from evolve.search.individual import Individual, Origin
from evolve.session.archive import Judgement, Render, Score
from populations import Population


def test_extreme_noise_comes_back_bit_for_bit(population: Population) -> None:
    bits = np.array([0, 0x8000, 1, 0x8001, 0x7BFF, 0xFBFF, 0x03FF, 0x3C00], dtype=np.uint16)
    genome = Genome(bits.view(np.float16).reshape(2, 2, 2), PROMPT)
    population.append([Individual(id=8, origin=Origin("found"), genome=genome)])
    assert population.genome(8).noise.tobytes() == bits.tobytes()


def test_pictures_come_back_bit_for_bit_and_read_only(population: Population) -> None:
    saved = population.picture(3)
    assert saved is not None
    assert saved.dtype == np.uint8
    assert np.array_equal(saved, picture(3))
    assert not saved.flags.writeable
    assert not population.genome(3).noise.flags.writeable


def test_picture_larger_than_one_chunk_comes_back(population: Population) -> None:
    large = picture(1, side=400)  # noise does not compress: 480 kB
    population.append([Render(individual=5, picture=large)])
    assert np.array_equal(np.asarray(population.picture(5)), large)


def test_reopened_population_says_the_same(path: Path) -> None:
    with Population.open(path) as before:
        before.append(
            [rating(2, 4), rating(2, 1, page=9), Score(individual=2, scorer="a", value=1)]
        )
        told = state(before)
    with Population.open(path) as after:
        assert state(after) == told


def test_settings_of_the_population_are_at_hand(population: Population) -> None:
    assert population.name == "demo"
    assert population.model == "portraits"
    assert population.seed == 7
    assert population.page == 6
    assert population.prompt == "a smiling woman | red hair :1.4"
    assert population.config == {**CONFIG, "name": "demo"}
    assert len(population) == 8


def test_withdrawn_pictures_are_work_to_do_again(population: Population) -> None:
    population.withdraw([0, 7], "wrong model")
    assert population.unpainted() == [0, 4, 5, 7]
    assert population.picture(0) is None
    population.append([render(0)])
    assert np.array_equal(np.asarray(population.picture(0)), picture(0))


def test_everything_said_is_kept_in_order(population: Population) -> None:
    said = [rating(0, 5), Judgement(individual=1, kind="reject", value=1, by="script")]
    assert population.judgements() == said
    population.append([rating(0, 0, page=2)])
    assert population.judgements() == [*said, rating(0, 0, page=2)]


def test_record_of_the_latest_attempt_is_kept(population: Population) -> None:
    assert population.record(3) == {"model": "portraits", "rows": 12, "n": 3}
    assert population.record(5) == {}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (rating(8), "no individual 8: ids go from 0 to 7"),
        (rating(0, 6), "'rate' takes 0 to 5, but was given 6"),
        (Judgement(individual=0, kind="pin", value=2), "'pin' takes 0 to 1"),
        (Judgement(individual=0, kind="pick", value=4), "'pick' takes 0 to 3, but was given 4"),
        (Judgement(individual=0, kind="like", value=1), "use one of rate, reject, pin"),  # type: ignore[arg-type]
        (Render(individual=0, picture=np.zeros((4, 4), np.uint8)), "must be uint8 of shape"),
        (Render(individual=0, picture=None, record={"a": {1}}), "cannot be saved as JSON"),
        (
            Individual(id=8, origin=Origin("mutate"), parents=(8,), genome=individual(8).genome),
            "must be born before it",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_all_others(
    population: Population, row: object, message: str
) -> None:
    told = state(population)
    with pytest.raises(ArchiveError, match=message):
        population.append([rating(3), row])  # type: ignore[list-item]
    assert state(population) == told


def test_asking_for_nobody_is_refused(population: Population) -> None:
    for ask in (population.genome, population.picture, population.record):
        with pytest.raises(ArchiveError, match="no individual 8 in 'demo': ids go from 0 to 7"):
            ask(8)


def test_reading_goes_on_while_another_thread_appends(population: Population) -> None:
    wrong: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            i = len(population.births()) - 1
            if (
                population.genome(i)
                != individual(i, shape=(4, 2, 8) if i == 7 else (4, 4, 4)).genome
            ):
                wrong.append(f"genome {i}")
            if not np.array_equal(np.asarray(population.picture(0)), picture(0)):
                wrong.append("picture 0")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for i in range(8, 20):
        population.append([individual(i)])
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_threads_append_without_losing_a_row(population: Population) -> None:
    def rate(i: int) -> None:
        for value in range(1, 6):
            population.append([rating(i, value, page=i)])

    threads = [threading.Thread(target=rate, args=(i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = population.judgements()[2:]
    assert len(said) == 15
    for i in range(3):
        assert [j.value for j in said if j.page == i] == [1, 2, 3, 4, 5]


def test_two_thousand_individuals_open_and_read(tmp_path: Path) -> None:
    rows = [individual(i, shape=(4, 2, 2)) for i in range(2000)]
    with Population.create(tmp_path, "many", CONFIG, rows=rows) as population:
        population.append([rating(i, 1 + i % 5) for i in range(2000)])
        population.append([Score(individual=i, scorer="clip", value=i) for i in range(2000)])
    files = sum(len(files) for _, _, files in os.walk(tmp_path))
    assert files < 100
    with Population.open(tmp_path / "many") as population:
        assert len(population) == 2000
        assert population.births()[1999].parents == (1998, 1993)
        assert len(population.verdicts("clip")) == 2000
        for i in (0, 255, 256, 1999):
            assert population.genome(i) == individual(i, shape=(4, 2, 2)).genome
