"""What a person said, in order, so that it can be taken back and said again."""

from __future__ import annotations

from dataclasses import dataclass

from tui.controller.cards import Kind


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


Saying = tuple[Change, ...]
"""What one key said, one or more changes."""


class History:
    """What was said and taken back in this session."""

    def __init__(self) -> None:
        self._done: list[Saying] = []
        self._undone: list[Saying] = []

    def add(self, saying: Saying) -> None:
        """Remember something new; what was undone cannot be redone any more."""
        self._done.append(saying)
        self._undone.clear()

    def undo(self) -> Saying | None:
        """Return the changes to make to take the last saying back, or None."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return tuple(change.reverse() for change in self._undone[-1])

    def redo(self) -> Saying | None:
        """Return the changes to make again, or None."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]
