"""A file that is exported: the new one or the one before, never half of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evolve.errors import ArchiveError
from populations.format.files import replacing


@contextmanager
def writing(to: Path) -> Iterator[Path]:
    """Give a file to write, which becomes `to` at the end or vanishes after an error.

    Raises:
        ArchiveError: It cannot be written.
    """
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with replacing(to) as unfinished:
            yield unfinished
    except OSError as error:
        raise ArchiveError(f"cannot write to {to}: {error.strerror or error}") from None
