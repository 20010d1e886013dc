"""Errors that a person is meant to read.

FancierError                  one line: what was wrong, and the cure
├── GenomeError               a genome, prompt or setting that is invalid
│   └── NoiseShapeError       noise of another shape than the model's
├── ModelError                a model that is unknown, incomplete or does not fit
│   └── IncompleteModelError  files of it are missing
├── BaseMissing               the latent of a picture is unknown until it is painted again
├── PicturesMissing           the candidates of a page have to be painted first
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
    """Base of all errors that a person is meant to read; the text is one line.

    It may quote a stranger, so control characters are spelled out, and the middle of a long text is
    left out: the cure stands at the end.
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*(_shown(each) if isinstance(each, str) else each for each in args))


def _shown(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST // 2]}…{shown[-LONGEST // 2 :]}"


@contextlib.contextmanager
def ordinary_errors() -> Iterator[None]:
    """Raise a RuntimeError for a panic of a library in Rust, which is no `Exception`."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise RuntimeError(f"a library gave up: {error}") from None


class GenomeError(FancierError, ValueError):
    """A genome, prompt or setting that is invalid."""


class NoiseShapeError(GenomeError):
    """Noise of another shape than the model's."""


class ModelError(FancierError):
    """A model that is unknown, incomplete, or does not fit the population."""


class IncompleteModelError(ModelError):
    """A model with missing files."""


class BaseMissing(FancierError):
    """The latent of a picture is unknown until it is painted again.

    Args:
        individual: Of that picture.
    """

    def __init__(self, individual: int) -> None:
        super().__init__(f"the latent of picture {individual} is unknown: paint it again")
        self.individual = individual


class PicturesMissing(FancierError):
    """The candidates of a page have to be painted first.

    Args:
        genomes: Of all candidates, painted or not.
    """

    def __init__(self, genomes: Sequence[Any]) -> None:  # genomes import this module
        super().__init__(f"a page is chosen among {len(genomes)} candidates: paint them first")
        self.genomes = genomes


class RenderError(FancierError):
    """The renderer could not start, or died too often to go on."""


class NotPaintedError(RenderError):
    """A picture that could not be painted, encoded or searched; the renderer goes on."""


class ArchiveError(FancierError):
    """A saved population that cannot be opened, read or written."""


class LockedError(ArchiveError):
    """The population is open for writing in another process."""


class SavingError(ArchiveError):
    """Rows that could not be saved, none of them; another attempt may succeed.

    Args:
        text: The line for a person.
        brief: The same in a few words, for a status line.
    """

    def __init__(self, text: str, brief: str) -> None:
        super().__init__(text)
        self.brief = brief
