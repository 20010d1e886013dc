"""Downloading models from the hub: before they are needed, whole, and never twice.

Files go where every program of the hub looks for them. Small ones are left to `huggingface_hub`;
weights are written into a partial file beside the finished ones, so that a download
that was interrupted, by ctrl-c, a lost line or a full disk, goes on where it stopped. What arrives
is compared with the checksum that the hub promises before it counts.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from filelock import FileLock

from evolve.errors import ModelError
from evolve.models.catalog import ModelCard, describe
from evolve.models.files import allowed_files, pipeline_files
from evolve.models.hub import cache
from evolve.models.hub.advice import advice
from evolve.models.model_names import HubName

SPARE = 200_000_000
"""Bytes of the disk that a download leaves free."""

PIECE = 1 << 20
"""Bytes that arrive before they are written and reported: lost when a download is interrupted."""

PATIENCE_S = 30
"""Seconds that the hub may take to list a repository."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The progress of a download."""

    name: str
    done: int
    """Bytes that are on this machine."""
    total: int
    """Bytes of all files."""


Report = Callable[[Fetched], None]


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    size: int
    sha256: str | None
    """Of a large file; None for a small one, which the hub keeps in git."""


def fetch(name: HubName, report: Report, *, weights: bool = True) -> HubName:
    """Download what is missing of a repository; return its name pinned to a commit.

    It is a pipeline, perhaps without its `weights`, or a single file in a repository (a LoRA).

    Raises:
        ModelError: It does not exist, may not be downloaded, does not fit the disk or cannot be
            reached.
    """
    if cache.is_offline():
        raise ModelError(
            f"model '{name}' is not on this machine and the network is off (HF_HUB_OFFLINE): "
            "unset it once to download the model"
        )
    locks = cache.cache_folder() / ".locks"
    try:
        locks.mkdir(parents=True, exist_ok=True)
        # A second download of a repository waits for the first, whose files it then finds.
        lock = FileLock(locks / f"fancier--{name.repo.replace('/', '--')}.lock")
        with lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is wrong is reported in one line
            return _fetch(name, report, weights)
    except ModelError:
        raise
    except Exception as error:  # of the network, the hub or the disk
        raise ModelError(advice(str(name), error)) from error


def fetch_missing(model: str, report: Report) -> ModelCard:
    """Download the missing files of a model, and return its card.

    Raises:
        ModelError: As `fetch`; or the model is unusable for another reason.
    """
    before = None
    while True:
        try:
            return describe(model)
        except cache.NotHereError as error:
            lack = error.repo, error.weights
        if lack == before:
            raise ModelError(
                f"model '{model}' is incomplete even after a second download: "
                "look for another copy of it"
            )
        fetch(lack[0], report, weights=lack[1])
        before = lack


def _fetch(name: HubName, report: Report, weights: bool) -> HubName:
    from huggingface_hub import HfApi, constants, hf_hub_download, logging
    from huggingface_hub.utils.tqdm import disable_progress_bars

    constants.DOWNLOAD_CHUNK_SIZE = min(constants.DOWNLOAD_CHUNK_SIZE, PIECE)
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    disable_progress_bars()  # they would draw on the terminal
    info = HfApi().model_info(
        name.repo, revision=name.revision, files_metadata=True, timeout=PATIENCE_S
    )
    assert info.sha is not None
    here = HubName(name.repo, info.sha, name.file)
    there = {
        s.rfilename: _File(s.rfilename, s.size or 0, s.lfs.sha256 if s.lfs else None)
        for s in info.siblings or ()
    }

    def get(file: str) -> Path:
        return Path(hf_hub_download(name.repo, file, revision=here.revision))

    wanted = _wanted(name, there, get, weights)
    large = [there[file] for file in wanted if there[file].sha256 is not None]
    small = [there[file] for file in wanted if there[file].sha256 is None]
    blobs = cache.repo_folder(name.repo) / "blobs"
    _require_room(name, large, blobs)
    total, done = sum(there[file].size for file in wanted), 0

    def progress(arrived: int) -> None:
        report(Fetched(str(name), done + arrived, total))

    progress(0)
    # The weights come last: a snapshot that has them has all it needs.
    for file in [*small, *large]:
        if file.sha256 is not None:
            _blob(here, file, blobs, progress)
        get(file.path)
        done += file.size
        progress(0)
    if not name.pinned:
        _remember(name, here.revision)
    return here


def _wanted(
    name: HubName, there: dict[str, _File], get: Callable[[str], Path], weights: bool
) -> list[str]:
    if name.file:
        if name.file not in there:
            raise ModelError(
                f"there is no '{name.file}' in {name.repo} on the hub: its page lists the files"
            )
        return [name.file]
    if pipeline_files.INDEX not in there:
        adapters = [f for f in there if f.endswith(".safetensors") and "/" not in f]
        if len(adapters) == 1:  # a repository with one LoRA
            return adapters
        raise ModelError(
            f"'{name.repo}' on the hub is not a diffusers pipeline: "
            f"it has no {pipeline_files.INDEX}"
            + (f"; a LoRA there is named {name.repo}/{adapters[0]}" if adapters else "")
        )
    index = allowed_files.read_json(get(pipeline_files.INDEX), str(name))
    chosen = pipeline_files.choose(str(name), index, {f.path: f.size for f in there.values()})
    return [*chosen.data, *(chosen.weights if weights else ())]


def _require_room(name: HubName, files: list[_File], blobs: Path) -> None:
    missing = 0
    for file in files:
        for path in (blobs / str(file.sha256), _partial(blobs, file)):
            if path.exists():
                missing -= path.stat().st_size
                break
        missing += file.size
    there = next(p for p in (blobs, *blobs.parents) if p.exists())
    free = shutil.disk_usage(there).free
    if missing > free - SPARE and missing > 0:
        raise ModelError(
            f"model '{name}' needs {(missing + SPARE) / 1e9:.1f} GB more on the disk of "
            f"'{cache.cache_folder()}', {SPARE / 1e9:.1f} of them in reserve, "
            f"and only {free / 1e9:.1f} GB are free: "
            "free some space, or set HF_HUB_CACHE to a folder on a larger disk"
        )


def _partial(blobs: Path, file: _File) -> Path:
    return blobs / f"{file.sha256}.part"


def _blob(name: HubName, file: _File, blobs: Path, progress: Callable[[int], None]) -> None:
    """Download a large file to where the cache keeps its content, going on where it stopped."""
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils._headers import build_hf_headers

    finished, partial = blobs / str(file.sha256), _partial(blobs, file)
    if finished.exists():
        return
    blobs.mkdir(parents=True, exist_ok=True)
    with partial.open("ab") as stream:
        if stream.tell() > file.size:
            stream.truncate(0)
            stream.seek(0)
        progress(stream.tell())
        http_get(
            hf_hub_url(name.repo, file.path, revision=name.revision),
            _Watched(stream, progress),  # type: ignore[arg-type]  # all of a file that is used
            resume_size=stream.tell(),
            headers=build_hf_headers(),
            expected_size=file.size,
        )
        stream.flush()
        os.fsync(stream.fileno())
    with partial.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != file.sha256:
        partial.unlink()
        raise ModelError(
            f"what arrived as '{file.path}' of '{name}' does not match what the hub announced: "
            "run the command again to download the file from scratch"
        )
    partial.replace(finished)


def _remember(name: HubName, commit: str) -> None:
    """Record the commit of a branch or tag in the cache, once all files are there."""
    ref = cache.repo_folder(name.repo) / "refs" / name.revision
    ref.parent.mkdir(parents=True, exist_ok=True)
    new = ref.with_name(f"{ref.name}.new")
    new.write_text(commit)
    new.replace(ref)


class _Watched:
    """A binary file that reports its length after every write."""

    def __init__(self, stream: IO[bytes], progress: Callable[[int], None]) -> None:
        self._stream = stream
        self._progress = progress

    def write(self, data: bytes) -> int:
        written = self._stream.write(data)
        self._progress(self._stream.tell())
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
