"""Advice in one line for each error by which libraries report that a model cannot be had.

Errors of the network and the hub are recognised by their type, those of loaders by their text: they
are plain `OSError` and `ValueError`.
"""

from __future__ import annotations

import errno
import re

from evolve.installed_packages import damaged_package
from evolve.rendering.batching.out_of_memory import is_memory_short

_LOADING = (
    (
        r"no file named .*safetensors",
        "has no safetensors where they should be: look for another copy, pickles are not read",
    ),
    (
        r"no such modeling files are available",
        "has no weights of that variant: remove it from the cache and get it again",
    ),
    (
        r"outgoing traffic has been disabled|not fully cached locally|cached snapshot folder",
        "is not complete on this machine: get the rest with 'fancier models --get'",
    ),
    (
        r"expected .* but only .* were passed|has been loaded as `None`",
        "lacks parts that its pipeline needs: get it again, or look for another copy of it",
    ),
    (
        r"weights for this component appear to be missing in the checkpoint",
        "holds some of its parts alone: put the weights of the others, from the model it was made "
        "of, into the folder of its configuration",
    ),
    (
        r"meta tensor; no data|have been initialized from scratch",
        "lacks some of its weights: get it again, or look for another copy of it",
    ),
    (
        r"expected shape .* but got|size mismatch",
        "has weights that do not fit its configuration: get it again, or look for another copy",
    ),
    (
        r"can't find a pipeline linked to|has no attribute \w+Pipeline|has no class",
        "is of a kind that the installed diffusers does not know: upgrade diffusers",
    ),
    (
        r"HeaderTooLarge|InvalidHeader|MetadataIncompleteBuffer|header too (large|small)|"
        r"incomplete metadata|deserializing header|unable to load weights from checkpoint",
        "has a damaged safetensors file: remove it and get it again",
    ),
    (r"remote code", "needs code of its own to be run, which fancier never does"),
)
_LATER = "try again later; what has been downloaded is kept"
_LIBRARY = re.compile(r"requires the ([\w-]+) library|No module named '([\w-]+)'", re.I)


def advice(name: str, error: BaseException) -> str:
    """Return what happened to the model `name` in one line: what was wrong, and the cure."""
    known = _of_the_hub(name, error) or _of_the_system(name, error)
    if known:
        return known
    if damaged := damaged_package():  # no model can be had then: torch cannot be imported
        return damaged
    text = str(error)
    missing = _LIBRARY.search(text)
    if missing:
        library = missing[1] or missing[2]
        return f"model '{name}' needs the library {library}: pip install {library.lower()}"
    for words, cure in _LOADING:
        if re.search(words, text, re.I | re.S) or re.search(words, type(error).__name__, re.I):
            return f"model '{name}' {cure}"
    first = next(filter(None, map(str.strip, text.splitlines())), "no reason given")
    return f"model '{name}' cannot be used: {type(error).__name__}: {first}"


def _of_the_hub(name: str, error: BaseException) -> str | None:
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return (
            f"model '{name}' is gated: accept its terms on its page on the hub, then log in here "
            "with 'hf auth login' (or set HF_TOKEN)"
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return f"model '{name}' has no such revision on the hub: leave out @... for its newest"
    if isinstance(error, errors.RepositoryNotFoundError | errors.HFValidationError):
        return (
            f"there is no model '{name}' on the hub: check the spelling; "
            "if it is private, log in with 'hf auth login'"
        )
    if isinstance(error, errors.HfHubHTTPError):
        status = getattr(error.response, "status_code", 0)
        if status in (401, 403):
            return f"the hub refuses model '{name}' ({status}): log in again with 'hf auth login'"
        return f"the hub could not deliver model '{name}' ({status}): {_LATER}"
    return None


def _of_the_system(name: str, error: BaseException) -> str | None:
    if is_memory_short(error):
        return (
            f"model '{name}' does not fit into memory: "
            "close other programs, or choose a smaller model"
        )
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return (
            f"the disk is full before model '{name}' is complete: "
            "free some space and try again; what has been downloaded is kept"
        )
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"model '{name}' cannot be stored: {error}: set HF_HOME to a folder of your own"
    if type(error).__name__ == "LocalEntryNotFoundError":  # neither in the cache nor reachable
        return f"the hub cannot be reached for model '{name}': {_LATER}"
    kind = f"{type(error).__module__}.{type(error).__name__}"
    if kind.startswith(("httpx", "httpcore")) or "Consistency check failed" in str(error):
        lost = "Connect" in kind or "NetworkError" in kind or "Proxy" in kind
        what = "the hub cannot be reached" if lost else "the download was interrupted"
        return f"{what} for model '{name}': {_LATER}"
    return None
