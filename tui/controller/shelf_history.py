"""Changes of populations as a whole, which can be taken back, the latest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.studio.showing.saved_shelf import SavedShelf


@dataclass(frozen=True, slots=True)
class Undo:
    """How one change is taken back."""

    do: Callable[[], None]
    message: str
    """Shown once it is taken back."""
    select: str
    """The population that it is about."""


class ShelfHistory:
    """A shelf that remembers its changes. All methods may raise `FancierError`."""

    def __init__(self, shelf: SavedShelf) -> None:
        self._shelf = shelf
        self._done: list[Undo] = []

    @property
    def latest(self) -> Undo | None:
        """How the latest change is taken back; None if there is none left."""
        return self._done[-1] if self._done else None

    def rename(self, name: str, new: str) -> None:
        """Give a population another name."""
        self._shelf.rename(name, new)
        if new != name:
            do = partial(self._shelf.rename, new, name)
            self._done.append(Undo(do, f"{new} is {name} again", name))

    def copy(self, name: str, new: str) -> None:
        """Copy a population."""
        self._shelf.copy(name, new)
        do = partial(self._shelf.delete, new)
        self._done.append(Undo(do, f"the copy {new} is in the trash", name))

    def delete(self, name: str) -> None:
        """Move a population to the trash."""
        self._shelf.delete(name)
        self._done.append(Undo(partial(self._shelf.restore, name), f"{name} is back", name))

    def take_back(self) -> None:
        """Take the latest change back; one that cannot be taken back stays the latest."""
        self._done[-1].do()
        self._done.pop()
