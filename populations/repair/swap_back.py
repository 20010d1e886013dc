"""Files in each other's place are put back.

A chunk knows whether it is whole, but not where it belongs. Those that may be in a wrong place
change places two by two until what they are part of is what was saved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from populations.core.edit_sources import Bases
from populations.core.index import Index
from populations.format.columns.values import ColumnValues
from populations.format.files import keys
from populations.format.header import LARGEST
from populations.format.ledger import Ledger
from populations.format.schema import latents
from populations.format.store import DurableStore
from populations.home.names import ZARR
from populations.repair.verify import picture_is_right, wrong_noise

MOST = 64
"""Files that are tried in each other's place; more would take minutes."""


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A file that may be in the wrong place."""

    key: str
    """In the store."""
    is_right: Callable[[], bool]
    """Tests what the file is part of."""


def put_back_description(path: Path) -> list[str]:
    """Exchange a description (`zarr.json`) and the chunk in its place; return what was done.

    Before anything is opened: what is no description would be overwritten by a new one.
    """
    store = DurableStore(path / ZARR)
    if (pair := _exchanged_description(store)) is None:
        return []
    store.clear_scratch()
    store.redo()  # what an interrupted repair began comes first, and may have done it
    if _exchanged_description(store) != pair:
        return []
    one, two = pair
    store.swap(one, two)
    store.flush_as_one()
    return [f"put {one} and {two} back in their places"]


def _exchanged_description(store: DurableStore) -> tuple[str, str] | None:
    """Return where a chunk lies that is called a description, and the other way round."""
    files = list(keys(store.root.parent))
    chunks = [k for k in files if k.endswith("zarr.json") and not _is_description(store, k)]
    if len(chunks) != 1:
        return None
    others = (key for key in files if not key.endswith("zarr.json"))
    descriptions = [key for key in others if _is_description(store, key)]
    return (chunks[0], descriptions[0]) if len(descriptions) == 1 else None


def put_back(ledger: Ledger) -> list[str]:
    """Put columns, their chunks and those of noise back; return what was done."""
    actions = _exchange_columns(ledger)
    actions += _exchange(ledger, _of_columns(ledger))
    return actions + _exchange(ledger, _of_noise(ledger))


def put_back_pictures(ledger: Ledger, index: Index, damaged: Iterable[int]) -> list[str]:
    """Put files of pictures back; return what was done."""
    return _exchange(ledger, _of_pictures(ledger, index, damaged))


def _is_description(store: DurableStore, key: str) -> bool:
    try:
        data = store.content(key, LARGEST)
    except ValueError:  # far too large for one
        return False
    return data.startswith(b"{") and b'"node_type"' in data


def _exchange(ledger: Ledger, suspected: Iterable[_Suspect]) -> list[str]:
    suspects = [s for s in suspected if ledger.store.exists(s.key)]
    actions: list[str] = []
    if len(suspects) > MOST:
        return actions
    suspects = [s for s in suspects if _is_readable(ledger.store, s.key)]
    done: set[str] = set()
    for one, two in combinations(suspects, 2):
        if done.isdisjoint((one.key, two.key)):
            ledger.store.swap(one.key, two.key)
            if one.is_right() and two.is_right():
                done |= {one.key, two.key}
                actions.append(f"put {one.key} and {two.key} back in their places")
            else:
                ledger.store.swap(one.key, two.key)
    return actions


def _is_readable(store: DurableStore, key: str) -> bool:
    try:
        store.content(key)
    except ValueError:  # larger than any of a population
        return False
    return True


def _exchange_columns(ledger: Ledger) -> list[str]:
    """Put back columns all of whose files are in each other's place."""
    sums = {
        (table.name, name): survey.crc32
        for table in ledger.tables
        for name in table.columns
        if ledger.sum(table.name, name) is not None
        and (survey := ledger.survey(table.name, name)).misplaced
    }
    actions = []
    for one, two in combinations(list(sums), 2):
        if sums.get(one) == ledger.sum(*two) and sums.get(two) == ledger.sum(*one):
            files = [ledger.table(table).files(name) for table, name in (one, two)]
            for here, there in zip(*files, strict=True):
                ledger.store.swap(here, there)
            del sums[one], sums[two]
            actions.append(
                f"put the files of {'/'.join(one)} and {'/'.join(two)} back in their places"
            )
    return actions


def _of_columns(ledger: Ledger) -> Iterator[_Suspect]:
    """Yield the chunks that cannot be read, and all of columns that are not what was saved."""
    for table in ledger.tables:
        for name, column in table.columns.items():
            if ledger.sum(table.name, name) is None:
                continue
            survey = ledger.survey(table.name, name)
            files = table.files(name)
            if survey.lost:
                files = [files[start // column.chunk] for start, _ in survey.lost]
            elif not survey.misplaced:
                continue
            for file in files:
                yield _Suspect(file, lambda at=(table.name, name): ledger.is_whole(*at))  # type: ignore[misc]


def _of_noise(ledger: Ledger) -> Iterator[_Suspect]:
    """Yield the chunks of noise that are not what was saved."""
    bases, individuals = Bases(ledger), ColumnValues(ledger.table("individuals"))
    seen: set[str] = set()
    for i in wrong_noise(ledger, bases):
        name = latents(tuple(individuals.value("latent_shape", i)))
        row = individuals.value("latent_row", i)
        if not 0 <= row < ledger.marker.rows.get(name, 0):
            continue  # it is not the file that is wrong
        table = ledger.table(name)
        key = table.files("data")[row // table.columns["data"].chunk]
        if key not in seen:
            seen.add(key)
            yield _Suspect(key, lambda i=i: not wrong_noise(ledger, bases, i, i + 1))  # type: ignore[misc]


def _of_pictures(ledger: Ledger, index: Index, damaged: Iterable[int]) -> Iterator[_Suspect]:
    renders = ledger.table("renders")
    blocks = ColumnValues(renders)
    for i in damaged:
        for key in renders.blob_files(index.pictures[i], index.lengths[i]):
            yield _Suspect(key, lambda i=i: picture_is_right(renders, blocks, index, i))  # type: ignore[misc]
