"""A folder of pictures that a person saves one by one: each with its recipe, none over another."""

from __future__ import annotations

import io
import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from evolve.errors import ArchiveError
from populations.exchange.new_file import unfinished_beside
from populations.exchange.recipe import file_name, write_png

if TYPE_CHECKING:
    from populations.core.population import Population


def keep(population: Population, individual: int, folder: Path) -> Path:
    """Save the picture of an individual as a PNG with its recipe, and return the file.

    A file that is there stays as it is: the next free name is taken, unless it is the same picture.

    Raises:
        ArchiveError: There is no picture, or the folder cannot be written to.
    """
    png = io.BytesIO()
    write_png(png, population, individual)
    name = Path(file_name(population, individual))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for n in count(1):
            file = folder / (name if n == 1 else f"{name.stem}-{n}{name.suffix}")
            if not file.exists() and _put(file, png.getvalue()):
                return file
            if file.is_file() and file.read_bytes() == png.getvalue():
                return file
    except OSError as error:
        raise ArchiveError(
            f"cannot save pictures in '{folder}' ({error.strerror or error}): "
            "name another folder in the config file, pictures = ..."
        ) from error
    raise AssertionError("unreachable")


def _put(file: Path, data: bytes) -> bool:
    """Write a new file as a whole; return False if another has been put there meanwhile."""
    unfinished = unfinished_beside(file)
    try:
        unfinished.write_bytes(data)
        try:
            os.link(unfinished, file)
        except FileExistsError:
            raise
        except OSError:  # no second name for a file there: FAT, some network file systems
            with file.open("xb") as opened:
                opened.write(data)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink(missing_ok=True)
    return True
