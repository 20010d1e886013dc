"""Sessions for the app: a population opened for writing, with all that breeds it."""

from __future__ import annotations

from pathlib import Path

from evolve.models.catalog import describe
from evolve.session import Session
from populations import Population, population_path
from tui.opening import renderer_for, search_on
from tui.vocabulary import of_model


class SavedSession(Session):
    """A session that owns its population and closes it at the end."""

    def __init__(self, population: Population) -> None:
        """Take over an open population."""
        super().__init__(
            population, search_on(population.config, population), renderer_for(population)
        )
        self._population = population
        self.page = int(population.config["page"])
        """Pictures on a page, unless its plan says otherwise."""
        self.vocabulary = of_model(describe(population.model))
        """The words that its model knows."""

    def close(self, timeout: float = 2.0) -> None:
        """End the session and give the population free."""
        super().close(timeout)
        if self._thread is not None:
            self._thread.join()  # whatever it still has to save is saved
        self._population.close()


def open_session(home: Path, name: str) -> SavedSession:
    """Open a population for breeding.

    Raises:
        ArchiveError: There is no such population, it is damaged, or it is open elsewhere.
    """
    return SavedSession(Population.open(population_path(home, name)))
