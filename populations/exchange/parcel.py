"""A whole population in one file, for another machine: a zip of its zarr and where it was left.

Files that come from elsewhere are not trusted: nothing is written outside the new population, and
only what may be in one. The population appears only when a check of all of it has found nothing
wrong, and whatever reads a population trusts none of its numbers (`chunks.py`, `header.py`).
"""

from __future__ import annotations

import os
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from evolve.errors import ArchiveError
from evolve.regular_files import IrregularError, opened
from populations.format.failures import UnreadableError
from populations.format.files import LARGEST_FILE, is_key
from populations.format.json_texts import SENSELESS
from populations.format.snapshot import ROOT, carry
from populations.home.creation import new_folder
from populations.home.left import LEFT, copy_of_left
from populations.home.names import ZARR
from populations.repair.check import check_population

_HOSTILE = (*SENSELESS, RuntimeError, EOFError, struct.error)
"""What reading a file that is not as it seems may raise; a full disk is none of it."""
_LONGEST = 200
"""Characters of a problem that are shown."""
_TYPES = {0, stat.S_IFREG}
"""What an entry may be, by its Unix mode: unspecified, or a regular file."""


def pack(path: Path, file: Path) -> None:
    """Write the population in the folder `path` to a file; it may be open for writing meanwhile."""
    left = copy_of_left(path)  # first: it may be of a branch that is made meanwhile

    def take(files: Iterator[tuple[str, bytes]]) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
            for key, data in files:
                packed.writestr(_entry(f"{ZARR}/{key}"), data)
            if left:
                packed.writestr(_entry(LEFT), left)

    carry(path, take)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry


def unpack(
    file: Path,
    home: Path,
    name: str,
    *,
    progress: Callable[[int, int], None] = lambda done, count: None,
) -> int:
    """Make a population of what `pack` wrote; return its number of individuals.

    `progress` receives how many are verified so far, and how many there are.

    Raises:
        ArchiveError: There is no such file, it is damaged or unsafe, or the name is taken.
    """
    with new_folder(home, name) as folder:
        try:
            with _source(file) as stored, zipfile.ZipFile(stored) as packed:
                _require_safe(packed, os.fstat(stored.fileno()).st_size)
                for entry in packed.infolist():
                    target = folder / entry.filename
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with packed.open(entry) as source, target.open("xb") as sink:
                        shutil.copyfileobj(source, sink)
        except (*_HOSTILE, zipfile.BadZipFile) as error:
            why = f"{error}"[:_LONGEST]  # it may be of the names in it, which may have any length
            raise ArchiveError(f"'{file}' is not a population of fancier: {why}") from error
        report = check_population(folder, progress=progress)
        if not report.ok:
            problem = report.problems[0].replace(f"{folder}{os.sep}", "")
            raise ArchiveError(f"'{file}' is damaged ({problem}): get it again")
    return report.individuals


def _source(file: Path) -> BinaryIO:
    """Open what is to be unpacked; a person may name it through links."""
    real = file.resolve()
    try:
        with opened(real.parent) as folder:
            return open(folder.open(real.name), "rb")
    except IrregularError as error:
        what = f"'{file}' is not a file: name one that 'fancier export' wrote"
        raise ArchiveError(what) from error
    except FileNotFoundError:
        raise ArchiveError(f"there is no file '{file}'") from None
    except OSError as error:
        raise UnreadableError(error) from error


def _require_safe(packed: zipfile.ZipFile, size: int) -> None:
    entries = packed.infolist()
    names = {entry.filename.casefold() for entry in entries}
    if f"{ZARR}/{ROOT}" not in names:
        raise ValueError(f"it has no {ZARR}/{ROOT}")
    if len(names) < len(entries):
        raise ValueError("it has two files of the same name")
    for entry in entries:
        root, _, key = entry.filename.partition("/")
        if entry.filename != LEFT and (root != ZARR or not is_key(key)):
            raise ValueError(f"it has a file named {entry.filename!r}")
        if stat.S_IFMT(entry.external_attr >> 16) not in _TYPES:
            raise ValueError(f"'{entry.filename}' is not a regular file")
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
            raise ValueError("it is compressed: pack it with 'fancier export'")
        if entry.file_size > LARGEST_FILE:
            raise ValueError(f"'{entry.filename}' is larger than any file that fancier writes")
    if sum(entry.file_size for entry in entries) > size:
        raise ValueError("its files overlap")
