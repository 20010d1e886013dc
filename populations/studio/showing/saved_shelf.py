"""The populations of a home folder, as the list of populations shows and changes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from evolve.models.catalog import describe, known
from evolve.models.words.vocabulary import Topics, vocabulary_of
from evolve.session.archive import Picture
from populations.core.population import Population
from populations.home import shelf
from populations.home.names import population_path
from populations.home.summary import last_changes, list_populations
from populations.home.thumbnail import newest_picture
from populations.studio.new import DEFAULT_MODEL, CreateRequest, create
from populations.studio.showing.saved_session import SavedSession, open_session
from populations.studio.showing.viewing import Viewing


class SavedShelf:
    """The populations of a home folder, as a whole."""

    def __init__(
        self, home: Path, *, ahead: bool = True, lists: tuple[str, str] = ("", "")
    ) -> None:
        """Show those of a folder; `ahead` and `lists` are as for `open_session`."""
        self._home, self._ahead, self._lists = home, ahead, lists

    def populations(self) -> list[dict[str, Any]]:
        """Return all of them as `fancier list --json` gives them."""
        return list_populations(self._home)

    def state(self) -> object:
        """Return what is another object once one was made, changed, renamed or deleted; quickly."""
        return last_changes(self._home)

    def open(self, name: str) -> SavedSession:
        """Open a population where it was left, for breeding."""
        return open_session(self._home, name, ahead=self._ahead, lists=self._lists)

    def create(
        self, name: str, prompt: str, *, model: str, taste_of: str, images: Sequence[Path]
    ) -> None:
        """Make a population; what is empty is as by default."""
        request = CreateRequest(
            name=name, prompt=prompt, model=model or None, taste_of=taste_of, images=tuple(images)
        )
        create(self._home, request).close()

    def models(self) -> list[str]:
        """Return the names of the models that are here."""
        return [card.name for card in known()]

    def words(self) -> Topics:
        """Return the words that the embedded model knows, by topic."""
        return vocabulary_of(describe(DEFAULT_MODEL))

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
        """Restore the population that was deleted last under this name."""
        shelf.restore_population(self._home, name)

    def trashed(self) -> list[tuple[str, datetime]]:
        """Return what can be restored, the latest first, and when it was deleted."""
        return [(each.name, each.deleted) for each in shelf.trashed(self._home)]
