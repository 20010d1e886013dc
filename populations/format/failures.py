"""What goes wrong with files, as errors of one line."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Iterator
from pathlib import Path

from evolve.errors import ArchiveError, FancierError, SavingError
from evolve.regular_files import IrregularError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_LOST = {
    *(errno.ENOENT, errno.ENOTDIR, errno.EIO, errno.EBADMSG),
    getattr(errno, "EUCLEAN", errno.EIO),  # not on every system
}
"""Errors of a file that is gone, or that the disk has lost."""


class DamagedError(ArchiveError):
    """Files of a population are missing, cut off or altered."""

    def __init__(self, population: str, what: str) -> None:
        super().__init__(
            f"population '{population}' is damaged ({what}): "
            f"'fancier check \"{population}\"' shows what can be restored"
        )
        self.what = what


class UnreadableError(ArchiveError):
    """The system does not hand out a file that may be well, so that no repair gives it up."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"cannot read {error.filename or 'its files'} ({error.strerror}): "
            "make it readable and try again"
        )


class OvertakenError(ArchiveError):
    """Something else changed a population that is open for writing: nothing more is saved to it."""

    def __init__(self, path: Path, how: str) -> None:
        super().__init__(
            f"nothing more is saved to population '{path.name}' from here, because {how} since it "
            "was opened: what was saved is still there; close it, make sure that nothing else uses "
            f"'{path}', and open it again"
        )


class MovedError(IrregularError):
    """The folder of a population that is open is not there any more."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"population '{path.name}' is no longer in '{path.parent}': it was moved, renamed or "
            "removed while it was open; all that was saved is in its folder, open it where that is"
        )


@contextlib.contextmanager
def reading(population: str, what: Callable[[], str]) -> Iterator[None]:
    """Let nothing but damage be called damage; `what` names the file when it is."""
    try:
        yield
    except ArchiveError:
        raise  # what a link leads to, or is not handed out, may be well
    except MemoryError as error:
        raise ArchiveError(
            f"not enough memory to read population '{population}': close other programs"
        ) from error
    except Exception as error:
        raise DamagedError(population, what()) from error


def refused(error: OSError) -> OSError | UnreadableError:
    """Return the error to raise for a file: the same if it is gone, or the disk has lost it."""
    return error if error.errno in _LOST else UnreadableError(error)


def saving_failed(error: Exception, path: Path) -> FancierError:
    """Return the error to show for `error`, which stopped a commit to `path`."""
    if isinstance(error, FancierError):
        return error
    if isinstance(error, OSError) and error.errno in _FULL:
        return SavingError(
            f"no space left on the disk of population '{path.name}': "
            "free some space and try again; all that was saved before is safe",
            "disk full: free some space",
        )
    if isinstance(error, OSError) and error.errno in _FORBIDDEN:
        return SavingError(
            f"cannot write to '{path}' ({error.strerror}): "
            "make the folder writable, or copy the population to another home",
            "read-only folder: make it writable",
        )
    reason = error.strerror if isinstance(error, OSError) and error.strerror else _first_line(error)
    text = (
        f"saving to population '{path.name}' failed ({reason}): all that was saved before is safe; "
        f"'fancier check \"{path.name}\"' shows whether files are damaged"
    )
    return SavingError(text, reason) if isinstance(error, OSError) else ArchiveError(text)


def moving_failed(error: OSError, path: Path) -> ArchiveError:
    """Return the error to show when a population could not be moved."""
    reason = "no space left on the disk" if error.errno in _FULL else error.strerror
    return ArchiveError(
        f"population '{path.name}' could not be moved ({reason}): it stays as it is, in '{path}'"
    )


def unusable_home(error: OSError, home: Path) -> ArchiveError:
    """Return the error to show when a home folder cannot hold a population."""
    if error.errno in _FULL:
        return ArchiveError(f"no space left on the disk of '{home}': free some space and try again")
    return ArchiveError(
        f"cannot create a population in '{home}' ({error.strerror}): "
        "choose another home, or set $FANCIER_HOME"
    )


def _first_line(error: Exception) -> str:
    text = str(error).splitlines()
    return f"{type(error).__name__}: {text[0] if text else 'no reason given'}"
