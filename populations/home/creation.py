"""A new population appears under its name only when it is complete."""

from __future__ import annotations

import contextlib
import errno
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from evolve.errors import ArchiveError, SavingError
from populations.format.failures import unusable_home
from populations.format.files import COPY, flush_all, flush_folder, sweep
from populations.home.names import ZARR, valid_name

_UNFINISHED = ".new-"


@contextlib.contextmanager
def new_folder(home: Path, name: str) -> Iterator[Path]:
    """Give a folder to fill, which becomes `home/name` at the end or vanishes after an error.

    Raises:
        ArchiveError: The name is taken or impossible, or `home` is not usable.
    """
    path = home / valid_name(name)
    unfinished = home / f"{_UNFINISHED}{uuid.uuid4().hex}"
    try:
        if path.exists():
            raise taken(path.name)
        _make(home)
        sweep(home, _UNFINISHED)
        folder = unfinished / path.name
        folder.mkdir(parents=True)
        yield folder
        shutil.copyfile(folder / ZARR / "zarr.json", folder / COPY)  # for a repair
        flush_all(folder)
        folder.rename(path)
        _keep(path, folder)
    except SavingError as error:  # its text is about what is saved: of a new one, nothing
        if isinstance(error.__cause__, OSError):
            raise unusable_home(error.__cause__, home) from error
        raise
    except OSError as error:
        faster = error.errno in (errno.EEXIST, errno.ENOTEMPTY) and path.exists()
        raise (taken(path.name) if faster else unusable_home(error, home)) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def taken(name: str) -> ArchiveError:
    """Return the error for a name that another population has."""
    return ArchiveError(
        f"a population named '{name}' exists already: "
        f"open it with 'fancier open \"{name}\"', or choose another name"
    )


def _make(home: Path) -> None:
    """Make the home and the folders it is in, if they are not there, and their names durable."""
    new = [folder for folder in (home, *home.parents) if not folder.exists()]
    home.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # one that may not be listed
        for folder in new:
            flush_folder(folder.parent)


def _keep(path: Path, folder: Path) -> None:
    """Make the name of a population durable, or take it back."""
    try:
        flush_folder(path.parent)
    except OSError:
        path.rename(folder)
        raise
