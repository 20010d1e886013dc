"""A whole population in one file, for another machine: a zip of its zarr, as it is on the disk.

Files that come from elsewhere are not trusted: nothing is written outside the new population, and
nothing is unpacked that is larger than it looks. The population appears only when a check of all of
it has found nothing wrong.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from evolve.errors import ArchiveError
from populations.check import check_population
from populations.creation import new_folder
from populations.files import files_in
from populations.header import read_header
from populations.home import ZARR

LARGEST_CHUNK = 64 << 20
"""Bytes that a file may hold when it is decompressed; ours stay far below."""

_NAME = re.compile(rf"{re.escape(ZARR)}(/\w[\w.-]*)+", re.ASCII)
_CODECS = {"bytes", "vlen-utf8", "zstd", "crc32c"}
_HOSTILE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    RuntimeError,
    EOFError,
)
"""What reading a file that is not as it seems may raise; a full disk is none of it."""
_MAGIC = b"\x28\xb5\x2f\xfd"


def pack(path: Path, file: Path) -> None:
    """Write the population in the folder `path` to a file; it may be open for writing meanwhile."""
    read_header(path)
    root = path / ZARR
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        # The marker first: whatever is committed while the rest is read lies beyond it.
        packed.write(root / "zarr.json", f"{ZARR}/zarr.json")
        for each in files_in(root):
            if each != root / "zarr.json":
                with contextlib.suppress(FileNotFoundError):  # a picture that was just dropped
                    packed.write(each, f"{ZARR}/{each.relative_to(root).as_posix()}")


def unpack(
    file: Path,
    home: Path,
    name: str,
    *,
    progress: Callable[[int, int], None] = lambda done, count: None,
) -> int:
    """Make a population of what `pack` wrote; returns its number of individuals.

    Args:
        file: What `pack` wrote, perhaps elsewhere.
        home: Folder of all populations.
        name: Name of the new one.
        progress: Called with the individuals verified so far, and their number.

    Raises:
        ArchiveError: There is no such file, it is damaged or unsafe, or the name is taken.
    """
    with new_folder(home, name) as folder:
        try:
            with zipfile.ZipFile(file) as packed:
                _require_safe(packed, file.stat().st_size)
                for entry in packed.infolist():
                    target = folder / entry.filename
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with packed.open(entry) as source, target.open("wb") as sink:
                        shutil.copyfileobj(source, sink)
            for each in (folder / ZARR).rglob("*"):
                if each.is_file():
                    _require_small(each)
        except FileNotFoundError:
            raise ArchiveError(f"there is no file {file}") from None
        except (*_HOSTILE, zipfile.BadZipFile) as error:
            raise ArchiveError(f"{file} is not a population of fancier: {error}") from error
        report = check_population(folder, progress=progress)
        if not report.ok:
            raise ArchiveError(f"{file} is damaged: {report.problems[0]}; get it once more")
    return report.individuals


def _require_safe(packed: zipfile.ZipFile, size: int) -> None:
    entries = packed.infolist()
    names = {entry.filename for entry in entries}
    if f"{ZARR}/zarr.json" not in names:
        raise ValueError(f"it has no {ZARR}/zarr.json")
    if len(names) < len(entries):
        raise ValueError("it has files of the same name")
    for entry in entries:
        if not _NAME.fullmatch(entry.filename):
            raise ValueError(f"it has a file named {entry.filename!r}")
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
            raise ValueError("it was compressed: pack it with 'fancier export' alone")
    if sum(entry.file_size for entry in entries) > size:
        raise ValueError("its files overlap")


def _require_small(file: Path) -> None:
    """Refuse what would be decompressed to more than a chunk of ours can hold."""
    if file.name == "zarr.json":
        codecs = json.loads(file.read_bytes()).get("codecs", ())
        if unknown := {str(codec["name"]) for codec in codecs} - _CODECS:
            raise ValueError(f"it is compressed by {', '.join(sorted(unknown))}")
        return
    with file.open("rb") as opened:
        head = opened.read(18)
    if head.startswith(_MAGIC) and _content(head) > LARGEST_CHUNK:
        raise ValueError(f"{file.name} is larger than it looks")


def _content(head: bytes) -> int:
    """Return the size that a Zstandard frame says it has decompressed (RFC 8878, 3.1.1.1)."""
    flags = head[4]
    single = flags >> 5 & 1
    start = 5 + (1 - single) + (0, 1, 2, 4)[flags & 3]
    length = (single, 2, 4, 8)[flags >> 6]
    if length == 0:
        return LARGEST_CHUNK + 1  # not said, and ours always say it
    return int.from_bytes(head[start : start + length], "little") + 256 * (length == 2)
