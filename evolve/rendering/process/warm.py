"""What a fork server imports, so that its renderers start at once.

Nothing is computed here: threads and devices in use would not survive the fork.
"""

from __future__ import annotations

import os
import sys

from evolve.rendering.process.worker import GENTLE, prepare_environment

_nowhere = os.open(os.devnull, os.O_WRONLY)
for _number, _stream in ((1, sys.stdout), (2, sys.stderr)):  # the terminal is the app's
    if _stream is not None:  # the parent may have closed it
        _stream.flush()
    os.dup2(_nowhere, _number)
prepare_environment(GENTLE)  # forked processes may become nicer, but not less nice

from evolve.rendering.process.libraries import preload  # noqa: E402

preload()
