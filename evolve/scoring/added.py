"""Added scorers: of an installed package by name, or any object by MODULE:NAME.

A package adds one by an entry point of the group `fancier.scorers`, which is imported only when a
person names it. A MODULE that is not installed is looked for in the working folder, after all other
places, so that a file there replaces no module of a library.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve import installed_packages
from evolve.errors import ModelError
from evolve.genome import Genome
from evolve.scoring.fitness_text import BUILT_IN
from evolve.scoring.protocol import Scorer
from evolve.session.archive import Picture
from evolve.text import acts, one_line

GROUP = "fancier.scorers"
LONGEST = 100
"""Characters of a name."""


def added(place: str) -> Scorer:
    """Return the scorer at MODULE:NAME, or the installed one of a name.

    Raises:
        ModelError: There is none, it cannot be loaded, or it is no scorer.
    """
    try:
        with _working_folder() if _is_only_here(place) else nullcontext():
            found = _at(place) if ":" in place else _entry(place).load()
            made = found() if isinstance(found, type) else found
            name = getattr(made, "name", None)
    except ModelError:
        raise
    # Another package's module may do anything when it is imported, even call `sys.exit`.
    except (Exception, SystemExit) as error:
        reason = installed_packages.reason(error)
        raise ModelError(f"the scorer {place} cannot be loaded ({reason}): mend it") from None
    kind = CheckedTwice if callable(getattr(made, "again", None)) else Checked
    return kind(made, place, _usable(name, made, place))


class Checked:
    """An added scorer whose every answer is checked."""

    def __init__(self, scorer: Any, place: str, name: str) -> None:
        self._scorer, self._place, self.name = scorer, place, name

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return one score per picture, (n,).

        Raises:
            ModelError: The scorer raises, or answers anything else than n finite numbers.
        """
        try:
            answer = self._scorer.score([p.copy() for p in pictures], list(genomes))
            scores = np.array(answer, dtype=np.float64)
        except Exception as error:
            raise self._wrong(f"failed ({installed_packages.reason(error)})") from None
        if scores.shape != (len(pictures),):
            raise self._wrong(f"answered an array of shape {scores.shape}, not ({len(pictures)},)")
        if not np.isfinite(scores).all():
            bad = scores[~np.isfinite(scores)][0]
            raise self._wrong(f"answered {bad}, which is not a finite number")
        return scores

    def _wrong(self, what: str) -> ModelError:
        return ModelError(
            f"the scorer {self._place} {what}: mend it and run the same command; what was painted "
            "and scored is saved"
        )


class CheckedTwice(Checked):
    """A checked scorer that can look a second time."""

    def again(self) -> Scorer:
        """Return the same scorer over other views.

        Raises:
            ModelError: What the scorer returns is no scorer.
        """
        try:
            other = self._scorer.again()
        except Exception as error:
            raise self._wrong(f"failed ({installed_packages.reason(error)})") from None
        if not callable(getattr(other, "score", None)):
            raise self._wrong("has a method again() that returns no scorer")
        return Checked(other, self._place, self.name)


def require(place: str) -> None:
    """Refuse an unknown name of a scorer without importing any; MODULE:NAME passes.

    Raises:
        ModelError: There is none of that name.
    """
    if ":" not in place:
        _entry(place)


def _entry(name: str) -> EntryPoint:
    entries, problems = installed_packages.entry_points_of(GROUP)
    if found := next((entry for entry in entries if entry.name == name), None):
        return found
    known = ", ".join(dict.fromkeys([*BUILT_IN, *(entry.name for entry in entries)]))
    damaged = f" ({problems[0]})" if problems else ""
    raise ModelError(
        f"unknown fitness '{name}': use {known}, one of them with :TEXT or :FILE, or MODULE:NAME, "
        f"or several joined by + or a comma{damaged}"
    )


def _at(place: str) -> Any:
    module, _, path = place.partition(":")
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise  # the module is there, but not what it imports
        raise ModelError(
            f"there is no module '{module}' for the scorer {place}: install it, or run in the "
            "folder where it lies"
        ) from None
    for name in path.split("."):
        if not hasattr(found, name):
            raise ModelError(f"the module '{module}' has no '{path}': give MODULE:NAME of a scorer")
        found = getattr(found, name)
    return found


def _usable(name: Any, made: Any, place: str) -> str:
    """Return the name of a scorer, or raise what is wrong with it."""
    if not callable(getattr(made, "score", None)):
        raise ModelError(f"{place} is not a scorer: give it a method score(pictures, genomes)")
    if not isinstance(name, str) or not name.strip():
        raise ModelError(f"the scorer {place} has no name: give it a text 'name'")
    if len(name) > LONGEST or acts(name) or one_line(name) != name:
        raise ModelError(
            f"the name of the scorer {place} is not one line of at most {LONGEST} characters"
        )
    if name.partition(":")[0].strip() in BUILT_IN:
        raise ModelError(f"the scorer {place} has the name of a built-in one, '{name}': rename it")
    return name


def _is_only_here(place: str) -> bool:
    """Return whether a scorer is named by a module that is not installed.

    Only then is the working folder searched: an installed package may import modules that are not
    installed, and one of that name in a stranger's folder must not run.
    """
    module, colon, _ = place.partition(":")
    return bool(colon) and find_spec(module.partition(".")[0]) is None


@contextmanager
def _working_folder() -> Iterator[None]:
    """Look for modules in the working folder too, after all other places."""
    here = os.getcwd()
    sys.path.append(here)
    try:
        yield
    finally:
        sys.path.remove(here)
