"""Files that changed places are noticed, and put back."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from damaging import remove, root
from small_population import individual, picture, rating, state

from evolve.errors import ArchiveError
from evolve.session.archive import Judgement
from populations import Population, check_population
from populations.format.ledger import MISPLACED


def test_pictures_that_changed_places_are_noticed(path: Path) -> None:
    first, second = (root(path) / "renders" / "data" / f"c.{row}.0" for row in (1, 2))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    with Population.open(path) as population:
        for i in (1, 2):
            with pytest.raises(ArchiveError, match=f"the picture of individual {i}"):
                population.picture(i)
        assert np.array_equal(np.asarray(population.picture(3)), picture(3))
    assert check_population(path).problems == ["no readable picture of individuals 1 to 2"]


@pytest.mark.parametrize("other", ["origin", "crc32", "latent_row"])
def test_columns_that_changed_places_are_noticed(path: Path, other: str) -> None:
    first, second = (root(path) / "individuals" / c / "c.0" for c in (other, "genome"))
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    with (
        Population.open(path) as population,
        pytest.raises(ArchiveError, match="'demo' is damaged"),
    ):
        population.genome(0)
    assert not check_population(path).ok


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("individuals/generation", "individuals/crc32"),
        ("individuals/generation", "individuals/branch"),
        ("individuals/created", "individuals/latent_row"),
        ("renders/created", "events/created"),
        ("renders/width", "renders/height"),
        ("renders/individual", "scores/individual"),
        ("events/individual", "events/value"),
        ("events/info", "renders/error"),
    ],
)
def test_files_of_columns_of_one_kind_that_changed_places_are_noticed(
    path: Path, one: str, two: str
) -> None:
    files = [root(path) / column / "c.0" for column in (one, two)]
    before = [file.read_bytes() for file in files]
    for file, data in zip(files, reversed(before), strict=True):
        file.write_bytes(data)
    different = before[0] != before[1]
    report = check_population(path)
    told = {f"{c}: {MISPLACED}" for c in (one, two)}
    assert told <= set(report.problems) or not different
    after = check_population(path, repair=True)
    assert after.repaired or after.problems or not different


def test_a_repair_puts_columns_back_that_changed_places(path: Path) -> None:
    with Population.open(path, write=False) as population:
        told = state(population)
    files = [root(path) / "individuals" / column / "c.0" for column in ("generation", "branch")]
    first, second = (file.read_bytes() for file in files)
    files[0].write_bytes(second)
    files[1].write_bytes(first)
    with pytest.raises(ArchiveError, match="individuals/generation: it is not what was saved"):
        Population.open(path)
    assert check_population(path, repair=True).repaired == [
        "put the files of individuals/generation and individuals/branch back in their places",
    ]
    assert [file.read_bytes() for file in files] == [first, second]
    assert check_population(path).ok
    with Population.open(path) as population:
        assert state(population) == told
        population.append([individual(8), rating(0)])
    assert check_population(path).ok


def exchange(*files: Path) -> None:
    """Give each file what is in the next one."""
    data = [file.read_bytes() for file in files]
    for file, other in zip(files, [*data[1:], data[0]], strict=True):
        file.write_bytes(other)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("events/value/c.0", "events/value/c.1"),
        ("events/value/c.1", "events/page/c.1"),
        ("events/individual/c.2", "events/value/c.0"),
        ("individuals/genome/c.0", "events/info/c.0"),
        ("individuals/origin/c.0", "scores/value/c.0"),
        ("latents/4x4x4/data/c.0.0.0.0", "latents/4x4x4/data/c.1.0.0.0"),
        ("renders/data/c.1.0", "renders/data/c.3.0"),
        ("individuals/genome/zarr.json", "individuals/genome/c.0"),
        ("latents/zarr.json", "renders/data/c.1.0"),
        ("zarr.json", "events/value/c.1"),
    ],
)
def test_a_repair_puts_single_files_back_that_changed_places(
    large: Path, tmp_path: Path, one: str, two: str
) -> None:
    path = Path(shutil.copytree(large, tmp_path / "demo"))
    before = content(path)
    exchange(root(path) / one, root(path) / two)
    report = check_population(path, repair=True)
    assert (report.problems, report.repaired) == (
        [],
        [f"put {one} and {two} back in their places"],
    )
    assert content(path) == before


@pytest.fixture(scope="module")
def large(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The population `demo` with so many rows that columns have several chunks; to be copied."""
    path = Path(shutil.copytree(original / "demo", tmp_path_factory.mktemp("large") / "demo"))
    judgements = [
        Judgement(individual=n % 8, kind="rate", value=1 + n // 2000) for n in range(9000)
    ]
    with Population.open(path) as population:
        population.append([*judgements, *(individual(i) for i in range(8, 300))])
    return path


def content(path: Path) -> dict[str, bytes]:
    """Return all files of the zarr root but the header, in which a repair counts as a commit."""
    files = (file for file in root(path).rglob("*") if file.is_file())
    return {str(f.relative_to(path)): f.read_bytes() for f in files if f.parent != root(path)}


def test_a_repair_loses_nothing_where_chunks_changed_places(large: Path, tmp_path: Path) -> None:
    path = Path(shutil.copytree(large, tmp_path / "demo"))
    with Population.open(path) as population:
        told = population.judgements()
    chunks = [root(path) / "events" / "value" / f"c.{n}" for n in range(3)]
    lost = root(path) / "events" / "page" / "c.1"
    exchange(*chunks)
    kept = lost.read_bytes()
    remove(lost)
    report = check_population(path, repair=True)
    assert report.repaired == []
    assert f"events/value: {MISPLACED}" in report.problems
    assert "events/page: file c.1 is missing" in report.problems
    lost.write_bytes(kept)
    exchange(*reversed(chunks))
    assert check_population(path).ok
    with Population.open(path, write=False) as population:
        assert population.judgements() == told


def test_descriptions_that_changed_places_along_one_path_are_written_anew(path: Path) -> None:
    with Population.open(path) as population:
        told = state(population)
    above = root(path) / "latents" / "zarr.json"
    below = next(root(path).glob("latents/*/data/zarr.json"))
    one, two = above.read_bytes(), below.read_bytes()
    above.write_bytes(two)
    below.write_bytes(one)
    assert check_population(path, repair=True).ok
    with Population.open(path) as population:
        assert state(population) == told
