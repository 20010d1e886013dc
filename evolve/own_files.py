"""Whether the program was changed on the disk since it was started, by an upgrade for example.

Modules that are imported late do not fit to those that are loaded then, or are gone.
"""

from __future__ import annotations

import os
import sys
import time

_STARTED = time.time()
_PACKAGES = ("evolve", "populations", "tui")


_SIGNS = (ImportError, AttributeError, TypeError)
"""Errors of modules that do not fit together; others are worth a traceback, whatever changed."""


def changed_since(error: BaseException | None = None) -> str:
    """Return a line if files of loaded modules were changed or removed; else an empty string.

    Empty, too, if it is not what an error is about.
    """
    if error is not None and not isinstance(error, _SIGNS):
        return ""
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and name.partition(".")[0] in _PACKAGES and _is_changed(file):
            return "the program was changed on the disk while it was open: start it again"
    return ""


def _is_changed(file: str) -> bool:
    """Return whether a file is newer than this process; packages bring times of their own."""
    try:
        return os.stat(file).st_ctime > _STARTED
    except OSError:
        return True
