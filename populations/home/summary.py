"""What there is, in one line per population, without zarr and without any lock."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evolve.errors import FancierError
from populations.format.header import read_header
from populations.format.lock import last_writer, who_writes
from populations.format.snapshot import ROOT
from populations.home.moved_model import moved_to
from populations.home.names import ZARR, population_names


def list_populations(home: Path) -> list[dict[str, Any]]:
    """Return the summary of every population in `home`, in alphabetical order."""
    return [summary(Path(home) / name) for name in population_names(Path(home))]


def last_changes(home: Path) -> dict[str, object]:
    """Return what is another object once a population was committed to, opened or closed."""
    return {name: _last_change(Path(home) / name) for name in population_names(home)}


def _last_change(path: Path) -> object:
    try:
        root = (path / ZARR / ROOT).stat(follow_symlinks=False)
    except OSError:  # damaged, or gone meanwhile
        return None
    return root.st_mtime_ns, root.st_ino, who_writes(path)


def summary(path: Path) -> dict[str, Any]:
    """Return what `fancier list --json` shows about one population.

    A damaged one has the key `problem`, and None for what is not known.
    """
    summary: dict[str, Any] = {
        "name": path.name,
        "model": None,
        "prompt": None,
        "individuals": None,
        "rated": None,
        "bytes": 0,
        "last_used": None,
        "open": None,
    }
    try:
        from evolve.genome import Prompt  # here, because numpy comes with these two
        from populations.home import founding

        summary["bytes"], summary["open"] = size(path), who_writes(path)
        header = read_header(path)
        summary["individuals"] = header.marker.rows.get("individuals", 0)
        summary["rated"] = header.marker.rated
        summary["last_used"] = _last_used(path, header.marker.time)
        if wrong := founding.problem(header.config):
            summary["problem"] = wrong
            return summary
        summary["model"] = moved_to(path) or header.config["model"]
        summary["prompt"] = str(Prompt.from_json(header.config["prompt"]))
    except FancierError as error:
        summary["problem"] = str(error)
    except Exception as error:  # one that is not understood must not hide all others
        summary["problem"] = (
            f"it cannot be read ({type(error).__name__}): "
            f"'fancier check \"{path.name}\"' shows what can be restored"
        )
    return summary


def _last_used(path: Path, committed_ms: int) -> str:
    """Return the later of the last commit and the last opening for writing, ISO 8601 in UTC."""
    committed = datetime.fromtimestamp(committed_ms / 1000, UTC).isoformat(timespec="seconds")
    return max(committed, str(last_writer(path).get("since", "")))


def size(folder: Path) -> int:
    """Return the bytes of all files; those that vanish meanwhile do not count."""
    total, folders = 0, [folder]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(Path(entry.path))
                    else:
                        total += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    return total
