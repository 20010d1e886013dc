"""The judgements of a person, in order, so that they can be undone and redone."""

from __future__ import annotations

from dataclasses import dataclass

from tui.controller.cards import CardKind


@dataclass(frozen=True, slots=True)
class JudgementChange:
    """One judgement on one individual."""

    individual: int
    kind: CardKind
    before: int
    after: int
    page: int
    """Generation on the screen when it was made."""

    def reverse(self) -> JudgementChange:
        """Return the change that takes this one back."""
        return JudgementChange(self.individual, self.kind, self.after, self.before, self.page)


Changes = tuple[JudgementChange, ...]
"""What one key did: one or more changes."""


class UndoHistory:
    """The judgements that were made, and undone, in this session."""

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
