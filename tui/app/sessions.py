"""Sessions for the app: a population opened for writing, with all that breeds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evolve.errors import ArchiveError, ModelError
from evolve.models.catalog import describe
from evolve.models.reach import Reach
from evolve.models.vocabulary import Topics, vocabulary_of
from evolve.session.archive import Picture
from evolve.session.events import Event, Notice
from evolve.session.session import Session
from populations import Population, population_path
from populations.core.branches import Branch
from populations.exchange import album, recipe
from populations.home import shelf
from populations.home.left import leave, where_left
from populations.home.thumbnail import newest_picture
from tui.app.viewing import Viewing
from tui.cli import opening


class SavedSession(Session):
    """A session that owns its population and closes it at the end."""

    def __init__(self, population: Population, branch: str | None = None) -> None:
        """Take over an open population, to breed one of its branches, or the one that was left."""
        left = where_left(population, branch)
        super().__init__(
            population.branch(left.branch),
            opening.search_on(population.config, population),
            opening.renderer_for(population, behind_app=True),
        )
        self._population = population
        self.page = int(population.config["page"])
        """Pictures on a page, unless its plan says otherwise."""
        self.vocabulary = _vocabulary(population.model)
        """The words that its model knows."""
        self.seed = population.seed
        """What all of its noise follows from."""
        self.words = population.prompt
        """What newcomers show, unless its plan says otherwise."""
        self.reach = _reach(population.model)
        """What its model reads of a text."""
        self.branch = left.branch
        """The branch that is bred."""
        self.individual = left.individual
        """Where it was left; None for its newest page."""

    def start(self, listener: Callable[[Event], None]) -> None:
        """Begin; at the very first time say which words and weights of the prompt do nothing."""
        untouched = len(self._population.unpainted()) == len(self._population)
        config = self._population.config
        if untouched and (said := _remarks(config)):
            listener(Notice("; ".join(said)))
        super().start(listener)

    def fork(self, name: str, at: int) -> None:
        """Make a branch that goes on from an individual's page; this session goes on as it was."""
        self._population.fork(name, at=at)

    def branches(self) -> Sequence[Branch]:
        """Return all branches, the main one first."""
        return self._population.branches()

    def switch(self, branch: str) -> None:
        """Go on in another branch."""
        self.go_on_in(self._population.branch(branch), branch)
        self.branch = branch
        leave(self._population, branch)

    def leave(self, individual: int | None) -> None:
        """Remember where the person was, for the next time."""
        leave(self._population, self.branch, individual)

    def keep(self, individual: int, folder: Path) -> Path:
        """Save the picture of an individual with its recipe as a new file, and return it."""
        return album.keep(self._population, individual, folder)

    def recipe(self, individual: int) -> str:
        """Return the recipe of an individual as text."""
        return recipe.in_words(self._population, individual)

    def close(self, timeout: float = 2.0) -> None:
        """End the session and give the population free."""
        super().close(timeout)
        if self._thread is not None:
            self._thread.join()  # whatever it still has to save is saved
        self._population.close()


def _vocabulary(model: str) -> Topics:
    try:
        return vocabulary_of(describe(model))
    except ModelError:  # not here, perhaps: the renderer says what is wrong
        return {}


def _reach(model: str) -> Reach | None:
    try:
        return Reach(describe(model))
    except ModelError:
        return None


def _remarks(config: Mapping[str, Any]) -> list[str]:
    try:
        return opening.remarks(config)
    except (ModelError, KeyError):
        return []


class SavedShelf:
    """The populations of a home folder, as a whole."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def thumbnail(self, name: str) -> Picture | None:
        """Return the newest picture of a population, None if there is none."""
        return newest_picture(population_path(self._home, name))

    def view(self, name: str) -> Viewing:
        """Open a population for looking only where it was left, whoever writes to it."""
        return Viewing(Population.open(population_path(self._home, name), write=False))

    def rename(self, name: str, new: str) -> None:
        """Give a population another name."""
        shelf.rename_population(self._home, name, new)

    def copy(self, name: str, new: str) -> None:
        """Copy a population."""
        shelf.copy_population(self._home, name, new)

    def delete(self, name: str) -> None:
        """Move a population to the trash."""
        shelf.delete_population(self._home, name)

    def restore(self, name: str) -> None:
        """Take the population that was deleted last under this name back."""
        shelf.restore_population(self._home, name)


def open_session(home: Path, name: str, branch: str | None = None) -> SavedSession:
    """Open a branch of a population for breeding, or the one that was left.

    Raises:
        ArchiveError: There is no such population or branch, it is damaged, or open elsewhere.
    """
    population = Population.open(population_path(home, name))
    try:
        return SavedSession(population, branch)
    except ArchiveError:
        population.close()
        raise
