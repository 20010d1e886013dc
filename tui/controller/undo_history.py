"""What a person said, in order, so that it can be taken back and said again."""

from __future__ import annotations

from dataclasses import dataclass

from tui.controller.cards import CardKind


@dataclass(frozen=True, slots=True)
class JudgementChange:
    """One thing said about one individual."""

    individual: int
    kind: CardKind
    before: int
    after: int
    page: int
    """Generation on the screen when it was said."""

    def reverse(self) -> JudgementChange:
        """Return the change that takes this one back."""
        return JudgementChange(self.individual, self.kind, self.after, self.before, self.page)


Changes = tuple[JudgementChange, ...]
"""What one key said, one or more changes."""


class UndoHistory:
    """What was said and taken back in this session."""

    def __init__(self) -> None:
        self._done: list[Changes] = []
        self._undone: list[Changes] = []

    def add(self, saying: Changes) -> None:
        """Remember something new; what was undone cannot be redone any more."""
        self._done.append(saying)
        self._undone.clear()

    def undo(self) -> Changes | None:
        """Return the changes to make to take the last saying back, or None."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return tuple(change.reverse() for change in self._undone[-1])

    def redo(self) -> Changes | None:
        """Return the changes to make again, or None."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]
