"""Models from the hub that are on this machine, in the cache that all programs of the hub share.

Only the disk is read; `evolve.models.hub.fetch` downloads.
"""

from __future__ import annotations

import os
from pathlib import Path

from evolve.errors import IncompleteModelError
from evolve.models.model_names import HubName

SHORT = 8
"""Digits of a commit that people are shown, and may type."""


class NotHereError(IncompleteModelError):
    """Something of a model must be fetched from the hub."""

    def __init__(self, text: str, repo: HubName, *, weights: bool = True) -> None:
        """Name what is missing; without `weights` its configuration is enough."""
        super().__init__(text)
        self.repo, self.weights = repo, weights


def cache_folder() -> Path:
    """Return the folder of the hub's cache: `HF_HUB_CACHE`, `HF_HOME`, or the user's own."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def repo_folder(repo: str) -> Path:
    """Return the folder of a repository in the cache; it need not be there."""
    return cache_folder() / f"models--{repo.replace('/', '--')}"


def pinned(name: HubName) -> HubName | None:
    """Return `name` at the commit that its revision had when it was last downloaded, or None.

    The first digits of a commit in the cache are enough.
    """
    if name.pinned:
        return name
    folder = repo_folder(name.repo)
    try:
        commit = (folder / "refs" / name.revision).read_text().strip()
    except OSError:
        begun = [path.name for path in folder.glob(f"snapshots/{name.revision}*")]
        if len(begun) != 1 or len(name.revision) < SHORT:
            return None
        commit = begun[0]
    return HubName(name.repo, commit, name.file)


def snapshot(name: HubName) -> tuple[HubName, Path] | None:
    """Return a name pinned to its commit in the cache, with the folder of its files, or None.

    Some of the files may be missing.
    """
    if (here := pinned(name)) is None:
        return None
    folder = repo_folder(here.repo) / "snapshots" / here.revision
    return (here, folder) if folder.is_dir() else None


def repositories() -> list[HubName]:
    """Return every snapshot in the cache that looks like a pipeline, pinned, by name."""
    names = []
    for index in cache_folder().glob("models--*/snapshots/*/model_index.json"):
        commit, repo = index.parent.name, index.parents[2].name
        names.append(HubName(repo.removeprefix("models--").replace("--", "/"), commit))
    return sorted(names, key=str)


def is_offline() -> bool:
    """Return whether the network is not to be used."""
    from huggingface_hub import constants

    return constants.is_offline_mode()


def go_offline() -> None:
    """Forbid the libraries that are loaded from now on any use of the network."""
    from huggingface_hub import constants

    os.environ["HF_HUB_OFFLINE"] = "1"
    constants.HF_HUB_OFFLINE = True
