"""All files of a population as of one commit, to be carried elsewhere, also while it is bred."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from evolve.errors import ArchiveError
from populations.format.files import content, keys
from populations.format.header import Header, read_header
from populations.format.ledger import Ledger
from populations.home.names import ZARR

ROOT = "zarr.json"
"""Key of the file that makes files a population."""
_TRIES = 5


def carry(path: Path, take: Callable[[Iterator[tuple[str, bytes]]], None]) -> None:
    """Hand over the files of the population in the folder `path`, as it was last committed.

    Args:
        path: Folder of the population.
        take: Receives keys in the zarr root, and contents; and all of them again where pictures
            were given up meanwhile that counted in what it received.

    Raises:
        ArchiveError: There is none, a file cannot be read, or pictures are dropped all the time.
    """
    for _ in range(_TRIES):
        header = read_header(path)
        take(_files(path, header))
        if not _gave_up_since(path, header):
            return
    raise ArchiveError(
        f"pictures of '{path.name}' are being dropped all the time: try again after its run"
    )


def _files(path: Path, header: Header) -> Iterator[tuple[str, bytes]]:
    # The marker first: whatever is committed while the rest is read lies beyond it.
    yield ROOT, header.data
    for key in keys(path):
        if key != ROOT:
            with contextlib.suppress(FileNotFoundError):  # a picture that was just dropped
                yield key, content(path, f"{ZARR}/{key}")


def _gave_up_since(path: Path, header: Header) -> bool:
    """Return whether pictures were given up since; that is committed before their files go."""
    if read_header(path).marker.seq == header.marker.seq:
        return False  # nothing more is read of one that is damaged
    return len(Ledger(path, write=False).given_up(header.marker.rows.get("renders", 0))) > 0
