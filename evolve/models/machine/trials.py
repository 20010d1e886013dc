"""Results of trials of models on this machine, kept in the user's cache folder.

Each is a JSON file, named by a digest of all that the result depends on. Losing one costs time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path


def once(
    conditions: Mapping[str, Any],
    tried: Callable[[], Mapping[str, Any]],
    is_valid: Callable[[Mapping[str, Any]], bool] = lambda found: True,
) -> Mapping[str, Any]:
    """Return the result under these conditions, or what `tried` returns, which is kept.

    Of several processes that try at once, the first decides. A result that is not valid is neither
    believed nor kept.
    """
    known = recall(conditions)
    if known is None or not is_valid(known):
        with contextlib.suppress(OSError):
            _file(conditions).unlink()
        known = tried()
        if is_valid(known):
            remember(conditions, known)
            kept = recall(conditions)
            if kept is not None and is_valid(kept):  # not one that cannot be removed
                known = kept
    return known


def recall(conditions: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the result under these conditions; None if they were never tried."""
    return _read(_file(conditions))


def remember(conditions: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """Keep a result as JSON, unless another process was first; `recall` returns what is kept."""
    file = _file(conditions)
    new = file.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):  # without it a start is slower, no more
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps({**conditions, **found}, indent=1), "utf-8")
        try:
            file.hardlink_to(new)
        except FileExistsError:
            if _read(file) is None:  # damaged: it would be tried again at every start
                new.replace(file)
        except OSError:  # a file system without links: the last one decides
            new.replace(file)
        new.unlink(missing_ok=True)


def of_model(
    pipeline: str, fingerprint: Callable[[], str], *, of: str = "rows"
) -> list[Mapping[str, Any]]:
    """Return all results for a model, the newest last.

    The fingerprint of its weights (`files/fingerprint.py`) identifies it, since its name may have
    changed; it may read gigabytes, so it is asked for only if such a pipeline was tried. What was
    tried is `rows` or `variety`.
    """
    files = sorted(_folder().glob("*.json"), key=_written)
    read = (_read(file) for file in files)
    tried = [f for f in read if f is not None and f.get("pipeline") == pipeline and of in f]
    weights = fingerprint() if tried else None
    return [found for found in tried if found.get("fingerprint") == weights]


def _folder() -> Path:
    return user_cache_path("fancier") / "trials"


def _file(conditions: Mapping[str, Any]) -> Path:
    identity = {key: value for key, value in conditions.items() if key != "model"}  # a mere name
    digest = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()
    return _folder() / f"{digest[:32]}.json"


def _written(file: Path) -> float:
    """Return when a file was written; 0 if another process has forgotten it meanwhile."""
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
