"""The populations of a home folder, as the list of populations shows and changes them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from evolve.session.archive import Picture
from populations.core.population import Population
from populations.home import shelf
from populations.home.names import population_path
from populations.home.thumbnail import newest_picture
from populations.studio.showing.viewing import Viewing


class SavedShelf:
    """The populations of a home folder, as a whole."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def thumbnail(self, name: str) -> Picture | None:
        """Return the newest picture of a population, None if there is none."""
        return newest_picture(population_path(self._home, name))

    def view(self, name: str) -> Viewing:
        """Open a population read-only where it was left, also while it is open elsewhere."""
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

    def trashed(self) -> list[tuple[str, datetime]]:
        """Return what can be taken back, the latest first, and when it was deleted."""
        return [(each.name, each.deleted) for each in shelf.trashed(self._home)]
