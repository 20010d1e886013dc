"""Whatever is saved in whatever order, all that is open shows it, and a full disk loses nothing."""

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import MemoryArchive
from faults import FOR_EVER, ONCE, failing
from hypothesis import given, settings
from hypothesis import strategies as st
from small_population import CONFIG, individual, picture

from evolve.errors import SavingError
from evolve.judgements import JUDGEMENTS
from evolve.scoring.looks.embedding import KEY, Embedding
from evolve.search.plan import Plan
from evolve.session.archive import Archive, Judgement, Note, Render, Row, Score
from populations import Population, check_population
from populations.exchange.parcel import pack, unpack
from populations.home.names import ZARR
from populations.home.shelf import copy_population

SAVED = ("bear", "paint", "fail", *JUDGEMENTS, "note", "score", "plan", "drop", "withdraw")
OTHERS = ("reopen", "refresh", "go back", "copy", "unpack", "repair", "lose the root")
RECORD = {KEY: Embedding("clip", np.ones(2, np.float16)).to_json()}
FOUNDERS = 4

Commit = tuple[str, Sequence[Row]]


def rows_of(what: str, i: int, n: int, born: int) -> Sequence[Row]:
    """Return what is saved of individual `i`; `n` says which of several."""
    match what:
        case "bear":
            return [individual(k) for k in range(born, born + 1 + n % 2)]
        case "paint":
            return [Render(individual=i, picture=picture(n), record=RECORD)]
        case "fail":
            return [Render(individual=i, picture=None, error=f"error {n}")]
        case "note":
            return [Note(individual=i, text=str(n) if n % 3 else "")]
        case "score":
            return [Score(individual=i, scorer="clip", value=n / 3)]
        case "plan":
            return [Plan(step=1.0 + n)]
        case "drop" | "withdraw":
            return [Render(individual=i, picture=None, error=what)]
    return [Judgement(individual=i, kind=what, value=n % (1 + JUDGEMENTS[what].highest))]  # type: ignore[arg-type]


def shown(archive: Archive) -> dict[str, Any]:
    """Return all that an archive shows, comparable with ==."""
    births, ids = archive.births(), archive.ids()
    pictures = [archive.picture(i) for i in ids]
    return {
        "births": [(b.id, b.parents, b.generation, b.origin.operator) for b in births],
        "genomes": [archive.genome(i).digest for i in ids],
        "pictures": [None if each is None else each.tobytes() for each in pictures],
        "looks": [archive.embedding(i) is not None for i in ids],
        "unpainted": archive.unpainted(),
        "failed": archive.failed(),
        "verdicts": dict(archive.verdicts()),
        "notes": archive.notes(),
        "plan": archive.plan(),
    }


def expected(commits: Sequence[Commit], count: int) -> dict[str, Any]:
    """Return what is to be shown as of `count` commits, of which there are more by now."""
    archive, dropped = MemoryArchive(), set[int]()
    for what, rows in commits[:count]:
        archive.append(rows)
        for render in (row for row in rows if isinstance(row, Render)):
            i = render.individual
            if what in ("drop", "withdraw"):
                del archive.errors[i]
            if what == "withdraw":
                archive.pictures.pop(i, None)
                archive.records.pop(i, None)
            if what == "drop":
                dropped.add(i)
            elif what in ("paint", "withdraw"):
                dropped.discard(i)
    state = shown(archive)
    gone = [rows[0] for what, rows in commits[count:] if what in ("drop", "withdraw")]
    for i in dropped | {row.individual for row in gone if isinstance(row, Render)}:
        if i < len(archive.individuals):
            state["pictures"][i] = None
    state["unpainted"] = [i for i in state["unpainted"] if i not in dropped]
    return state


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("founded")
    Population.create(home, "demo", CONFIG, rows=rows_of("bear", 0, 0, 0)).close()
    return home


faults = st.none() | st.tuples(st.integers(0, 60), st.sampled_from((ONCE, FOR_EVER)))
moves = st.tuples(st.sampled_from((*SAVED, *SAVED, *OTHERS)), st.integers(0, 23), faults)


@settings(max_examples=settings.default.max_examples // 8)
@given(st.lists(moves, min_size=6, max_size=16))
def test_all_that_was_saved_is_shown_whatever_is_done_in_whatever_order(
    founded: Path, moves: Sequence[tuple[str, int, tuple[int, int] | None]]
) -> None:
    home = Path(tempfile.mkdtemp(dir=founded.parent))
    path = Path(shutil.copytree(founded / "demo", home / "demo"))
    commits: list[Commit] = [("bear", rows_of("bear", 0, 0, 0))]
    writer, reader = Population.open(path), Population.open(path, write=False)
    is_copied = True  # the root; a disk that fails may have no room for the copy alone
    for what, n, fault in moves:
        born = len(writer)
        if what in SAVED:
            commits.append((what, rows_of(what, n % born, n, born)))
            save(writer, *commits[-1], fault)
            is_copied = fault is None or what in ("drop", "withdraw")
        else:
            writer.close()
            if what in ("copy", "unpack"):
                path, is_copied = twin(path, what, f"twin {len(list(home.iterdir()))}"), True
            if what == "lose the root" and is_copied:
                (path / ZARR / "zarr.json").write_bytes(b"{")
            if what in ("repair", "lose the root"):
                assert check_population(path, repair=True).problems == []
            if what == "go back":
                reader, count = Population.open(path, write=False), 1 + n % len(commits)
                assert shown(reader.as_of(count)) == expected(commits, count)
            if what == "refresh":
                reader = reader if reader.path == path else Population.open(path, write=False)
                reader.refresh()
                assert shown(reader) == expected(commits, len(commits))
            writer = Population.open(path)
        assert shown(writer) == expected(commits, len(commits))
    writer.close()
    assert check_population(path).problems == []
    shutil.rmtree(home)


def save(
    population: Population, what: str, rows: Sequence[Row], fault: tuple[int, int] | None
) -> None:
    """Save rows, at first to a disk that fails; what seemed to fail is tried again."""
    if what in ("drop", "withdraw"):
        ids = [row.individual for row in rows if isinstance(row, Render)]
        population.drop(ids) if what == "drop" else population.withdraw(ids, "damaged")
        return
    if fault is not None:
        with suppress(SavingError), failing(*fault):
            population.append(rows)
            return
    population.append(rows)


def twin(path: Path, how: str, name: str) -> Path:
    if how == "copy":
        copy_population(path.parent, path.name, name)
    else:
        pack(path, path.parent / "parcel.zip")
        unpack(path.parent / "parcel.zip", path.parent, name)
    return path.parent / name
