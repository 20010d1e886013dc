"""What a person said, in order, so that it can be taken back and said again."""

from __future__ import annotations

from dataclasses import dataclass

from tui.board import Kind


@dataclass(frozen=True, slots=True)
class Change:
    """One thing said about one individual."""

    individual: int
    kind: Kind
    before: int
    after: int
    page: int
    """Generation on the screen when it was said."""

    def reverse(self) -> Change:
        """Return the change that takes this one back."""
        return Change(self.individual, self.kind, self.after, self.before, self.page)


class History:
    """Changes done and undone in this session."""

    def __init__(self) -> None:
        self._done: list[Change] = []
        self._undone: list[Change] = []

    def add(self, change: Change) -> None:
        """Remember a new change; what was undone cannot be redone any more."""
        self._done.append(change)
        self._undone.clear()

    def undo(self) -> Change | None:
        """Return the change to make to take the last one back, or None."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1].reverse()

    def redo(self) -> Change | None:
        """Return the change to make again, or None."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]
