"""A file that is exported: the new one or the one before, never half of one."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from PIL import Image

from evolve.errors import ArchiveError
from populations.exchange.own_file import marked_png, require_called, require_own
from populations.format.files import sweep
from populations.format.lock import may_run

PART = ".part-"
"""How the names of files begin that are not written to their end."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_CONTAINER = Path("/proc/self/ns/pid")


def unfinished_beside(to: Path) -> Path:
    """Return the name of a file to write before it becomes `to`, which another may write, too."""
    _swept(to.parent)
    return to.with_name(f"{PART}{_here()}-{os.getpid()}-{uuid.uuid4().hex}{to.suffix}")


@cache  # once for each folder, as it may hold thousands of pictures
def _swept(folder: Path) -> None:
    """Remove what killed programs left: those of this machine at once, of others after a day."""
    sweep(folder, PART)
    with suppress(OSError):
        for left in folder.glob(f"{PART}{_here()}-*"):
            pid = left.name.removeprefix(f"{PART}{_here()}-").partition("-")[0]
            if re.fullmatch(r"[1-9]\d{0,9}", pid) and not may_run(int(pid)):
                left.unlink(missing_ok=True)


def _here() -> str:
    """Return what stands in names for this machine, and on Linux for this container of it.

    Others may have its name, and processes with the same numbers.
    """
    name = platform.node()
    for read in (_BOOT.read_text, _CONTAINER.readlink):
        with suppress(OSError):
            name += f" {read()}"
    return hashlib.sha256(name.encode()).hexdigest()[:8]


@contextmanager
def writing(to: Path, *, known: bool = False) -> Iterator[Path]:
    """Give a file to write, which becomes `to` at the end or vanishes after an error.

    Args:
        to: A new file, or one that fancier wrote.
        known: Whether what is there is known to be fancier's.

    Raises:
        ArchiveError: It cannot be written, or somebody else made what is there.
    """
    if not known:
        require_own(to)
    unfinished = unfinished_beside(to)
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        yield unfinished
        unfinished.replace(to)
    except OSError as error:
        raise ArchiveError(f"cannot write to '{to}': {error.strerror or error}") from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def save_png(image: Image.Image, file: Path) -> None:
    """Write a picture as a PNG that carries no recipe: a drawing, a mask, a sheet.

    Raises:
        ArchiveError: It cannot be written, or is not to be.
    """
    require_png(file)
    with writing(file, known=True) as unfinished:
        image.save(unfinished, "PNG", pnginfo=marked_png())


def require_png(file: Path) -> None:
    """Refuse a file whose name is not of a PNG, or that another program made.

    Raises:
        ArchiveError: Its name ends otherwise, or it exists and is not of this program.
    """
    require_called(file, ".png", "a PNG")
