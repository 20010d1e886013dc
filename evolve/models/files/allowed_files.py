"""Which files of a model's folder may be read: regular ones inside it, of a sane size.

A stranger's folder may hold pipes, devices, links to private files, and files without end.
`evolve.models.files.pipeline_files` chooses among the files that may be read.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from evolve.errors import IncompleteModelError, ModelError
from evolve.regular_files import opened_file

LARGEST_JSON = 64 << 20
"""Bytes that a configuration or an index of shards has at most."""

MOST = 10_000
"""Files that a pipeline may have; real ones have some dozens."""

DEEPEST = 4
"""Levels of folders that are looked into below a part."""


def read_bytes(path: Path, name: str) -> bytes:
    """Return the content of a file of the model `name`.

    Raises:
        FileNotFoundError: It is not there.
        ModelError: It is not a regular file, larger than `LARGEST_JSON`, or cannot be read.
    """
    try:
        with opened_file(path) as stream:
            if (size := os.fstat(stream.fileno()).st_size) > LARGEST_JSON:
                raise ModelError(
                    f"model '{name}' cannot be read: '{path}' has {size / 1e6:.0f} MB, "
                    f"but at most {LARGEST_JSON / 1e6:.0f} are allowed"
                )
            return stream.read(LARGEST_JSON)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
        raise ModelError(f"model '{name}' cannot be read: '{path}': {error}") from None


def read_json(path: Path, name: str) -> dict[str, Any]:
    """Return the JSON object in a file of the model `name`.

    Raises:
        IncompleteModelError: The file is missing.
        ModelError: It holds no such object, or may not be read (see `read_bytes`).
    """
    try:
        data = json.loads(read_bytes(path, name).decode("utf-8"))
    except FileNotFoundError:
        raise IncompleteModelError(f"model '{name}' is incomplete: '{path}' is missing") from None
    except (ValueError, RecursionError) as error:
        raise ModelError(f"model '{name}' cannot be read: '{path}': {error}") from None
    if not isinstance(data, dict):
        raise ModelError(f"model '{name}' cannot be read: '{path}' is not a JSON object")
    return data


def files_of(
    name: str, folder: Path, parts: Iterable[str], *, ours: bool = False
) -> dict[str, int]:
    """Return the files at the top of a model's folder and in its parts, with their sizes.

    Pipes, devices, and links that lead nowhere are left out. If a model is `ours`, it came with
    fancier: then links may lead anywhere, as installers make them.

    Raises:
        ModelError: A link leads out of the folder, or there are too many files.
    """
    root = folder.resolve()
    # The hub's cache keeps what its snapshots hold in a folder beside them.
    roots = [root, root.parents[1] / "blobs"] if root.parent.name == "snapshots" else [root]
    sizes: dict[str, int] = {}
    for entry in _entries(folder, parts):
        there = entry.relative_to(folder).as_posix()
        try:
            real, what = entry.resolve(strict=True), entry.stat()
        except (OSError, RuntimeError):  # leads nowhere, or in a circle
            continue
        if not ours and not any(real.is_relative_to(each) for each in roots):
            raise ModelError(
                f"model '{name}' has a link that leads out of its folder, '{folder / there}': "
                "put the file itself there if you trust it"
            )
        if stat.S_ISREG(what.st_mode):
            sizes[there] = what.st_size
        if len(sizes) > MOST:
            raise ModelError(f"model '{name}' has more than {MOST} files: it is not a pipeline")
    return sizes


def _entries(folder: Path, parts: Iterable[str]) -> Iterator[Path]:
    """Yield files and links, those to folders included, at the top and in the parts."""
    waiting = [(folder, -1)]
    for part in parts:
        if (folder / part).is_symlink():
            yield folder / part
        waiting.append((folder / part, 0))
    while waiting:
        place, depth = waiting.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    path = place / entry.name
                    if not entry.is_dir(follow_symlinks=False):
                        yield path
                    elif 0 <= depth < DEEPEST:
                        waiting.append((path, depth + 1))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise ModelError(f"a folder of the model cannot be read: {error}") from None
