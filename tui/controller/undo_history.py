"""The judgements of a person, in order, so that they can be undone and redone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, Self, TypeVar

from tui.controller.cards import CardKind
from tui.controller.picking import OF_A_PAGE

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change(Generic[Value]):
    """Something that is different with one individual."""

    individual: int
    before: Value
    after: Value
    page: int
    """Generation on the screen when it was made."""

    def reverse(self) -> Self:
        """Return the change that takes this one back."""
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementChange(_Change[int]):
    """A judgement."""

    kind: CardKind

    def __str__(self) -> str:
        if self.kind in OF_A_PAGE:  # of the whole page: this picture is the first of it
            return f"{'' if self.after else 'clearing '}{OF_A_PAGE[self.kind]}"
        what = str(self.after or self.before) if self.kind == "rate" else self.kind
        return f"{what if self.after else f'clearing {what}'} on #{self.individual}"


class NoteChange(_Change[str]):
    """A note."""

    def __str__(self) -> str:
        return f"the note on #{self.individual}"


class DropChange(_Change[bool]):
    """Whether its picture was dropped while it was being painted."""

    def __str__(self) -> str:
        return f"{'dropping' if self.after else 'painting'} #{self.individual}"


Change = JudgementChange | NoteChange | DropChange
Changes = tuple[Change, ...]
"""What one key did: one or more changes."""


class UndoHistory:
    """The judgements that were made, and undone, in this session."""

    def __init__(self) -> None:
        self._done: list[Changes] = []
        self._undone: list[Changes] = []
        self._bred: set[int] = set()

    def add(self, changes: Changes) -> None:
        """Remember new changes; what was undone can no longer be redone."""
        self._done.append(changes)
        self._undone.clear()

    def breed(self, generation: int) -> None:
        """Remember that this page was bred, which cannot be undone."""
        self._bred.add(generation)

    def is_fresh(self, generation: int, last: Changes | None) -> bool:
        """Return whether a page was bred after `last`, the changes that would be undone."""
        return generation in self._bred and (last is None or last[0].page < generation)

    @property
    def count(self) -> int:
        """How often can be undone."""
        return len(self._done)

    @property
    def last(self) -> Changes | None:
        """The changes that are undone next, as they were made."""
        return self._done[-1] if self._done else None

    @property
    def next(self) -> Changes | None:
        """The changes that are redone next, as they were made."""
        return self._undone[-1] if self._undone else None

    def undo(self) -> None:
        """Note that the latest changes were taken back."""
        self._undone.append(self._done.pop())

    def redo(self) -> None:
        """Note that what was taken back last was made again."""
        self._done.append(self._undone.pop())
