"""What can go wrong, as a person should read it.

FancierError                  one line: what was wrong, and the cure
├── GenomeError               a genome, prompt or setting that is invalid
│   └── NoiseShapeError       noise of another shape than the model begins with
├── ModelError                a model that is unknown, incomplete or does not fit
│   └── IncompleteModelError  files of it are missing
├── BaseMissing               what a picture came to has to be found out first, by painting it
├── PicturesMissing           what a page is chosen among has to be painted first
├── RenderError               painting failed for reasons other than the genome
│   └── NotPaintedError       one picture could not be painted; others may
└── ArchiveError              a saved population that cannot be opened, read or written
    ├── LockedError           it is open elsewhere
    └── SavingError           nothing was saved, and it may be tried again
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from evolve.text import visible

LONGEST = 2000
"""Characters of an error that are shown."""


class FancierError(Exception):
    """Base of every error a person is meant to read; its text is one clear line.

    It often quotes what a stranger wrote, so that control characters in it are spelled out and the
    middle of a text without end is left out: the cure stands at the end.
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*(_shown(each) if isinstance(each, str) else each for each in args))


def _shown(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST // 2]}…{shown[-LONGEST // 2 :]}"


@contextlib.contextmanager
def ordinary_errors() -> Iterator[None]:
    """Raise what ends a library in Rust as a RuntimeError: its own panics are no `Exception`."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise RuntimeError(f"a library gave up: {error}") from None


class GenomeError(FancierError, ValueError):
    """A genome, prompt or setting outside what is possible."""


class NoiseShapeError(GenomeError):
    """Noise of another shape than the model begins with."""


class ModelError(FancierError):
    """A model that is unknown, incomplete, or does not fit the population."""


class IncompleteModelError(ModelError):
    """A model of which files are missing here."""


class BaseMissing(FancierError):
    """What a picture came to is not known at present; painting it again shows it.

    Args:
        individual: Whose picture it is.
    """

    def __init__(self, individual: int) -> None:
        super().__init__(f"what {individual} came to is not known: paint it again")
        self.individual = individual


class PicturesMissing(FancierError):
    """A page is chosen among pictures that are not there yet.

    Args:
        genomes: Whose pictures they are: all that the page is chosen among, painted or not.
    """

    def __init__(self, genomes: Sequence[Any]) -> None:  # errors know no genomes, which raise them
        super().__init__(f"a page is chosen among {len(genomes)} pictures: paint them first")
        self.genomes = genomes


class RenderError(FancierError):
    """The renderer could not start, or died too often to go on."""


class NotPaintedError(RenderError):
    """One picture could not be painted, encoded or searched; the renderer goes on with others."""


class ArchiveError(FancierError):
    """A saved population that cannot be opened, read or written."""


class LockedError(ArchiveError):
    """The population is open for writing in another process."""


class SavingError(ArchiveError):
    """Something could not be saved, and nothing of it was; later it may go well.

    Args:
        text: The line for a person.
        brief: The same in a few words, for a status line.
    """

    def __init__(self, text: str, brief: str) -> None:
        super().__init__(text)
        self.brief = brief
