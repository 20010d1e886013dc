"""A population that is shown read-only: as another process breeds it, or as it once was."""

from __future__ import annotations

import threading
from collections.abc import Callable

from evolve.errors import FancierError
from evolve.session.events import Event, Notice, Renewed, Stopped, Switched
from populations.core.population import Population
from populations.format.lock import who_writes, written_by
from populations.home.left import Left, where_left
from populations.home.names import MAIN
from populations.studio.showing.shown_population import ShownPopulation

EVERY = 1.0
"""Seconds between two readings of what was saved meanwhile."""


class Viewing(ShownPopulation):
    """A read-only population, which reports as events what others save meanwhile."""

    def __init__(
        self,
        population: Population,
        branch: str | None = None,
        *,
        moment: str | None = None,
        every: float = EVERY,
    ) -> None:
        """Take over a population that is open read-only; `moment` is the state that it shows."""
        left = where_left(population, branch) if moment is None else Left(branch or MAIN)
        self.archive = population.branch(left.branch)
        self._show_at(population, left)
        self._moment = moment
        self.past = moment is not None
        self._every = every
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._listener: Callable[[Event], None] = lambda event: None

    def start(self, listener: Callable[[Event], None]) -> None:
        """Begin to read, in a thread of its own; first report the state, or the writer."""
        self._listener = listener
        if self._moment is not None:
            commit = "commit " * self._moment.isdecimal()
            listener(Notice(f"as it was at {commit}{self._moment}"))
        elif writer := who_writes(self._population.path):
            who = written_by(writer)
            listener(Notice(f"open elsewhere ({who}): what is saved there appears here"))
        self._thread = threading.Thread(target=self._look, name="fancier-viewing", daemon=True)
        self._thread.start()

    def switch(self, branch: str) -> None:
        """Show another branch.

        Raises:
            ArchiveError: It cannot be read.
        """
        self.archive, self.branch = self._population.branch(branch), branch
        self._listener(Switched(branch))

    def close(self, timeout: float = 2.0) -> None:
        """Stop reading."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(timeout)
        self._population.close()

    def _look(self) -> None:
        while not self._closing.wait(self._every):
            try:
                if self._population.refresh():
                    self._listener(Renewed())
            except FancierError as error:  # it was renamed, say, or deleted
                self._listener(Stopped(str(error)))
                return
            except Exception as error:
                what = f"{type(error).__name__}: {error}"
                self._listener(Stopped(f"reading stopped ({what}): open the population again"))
                return
