"""The list of branches, with where each begins, to go on in another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from tui import keys
from tui.controller.population_controller import PopulationController
from tui.dialogs.list_choice import ListChoice

if TYPE_CHECKING:
    from populations.core.branches import Branch


class BranchChoice(ListChoice[str]):
    """Chooses a branch to go on in; dismissed with its name."""

    TITLE_LINE = "Go on in another branch"
    HINT = "enter goes there · escape goes back\na new one: t, and there B"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.BRANCHES]

    def __init__(self, controller: PopulationController, branches: Sequence[Branch]) -> None:
        super().__init__(controller)
        self._branches = branches

    def choices(self) -> list[tuple[str, str]]:
        return [(self._line(branch), branch.name) for branch in self._branches]

    def first(self) -> int:
        names = [branch.name for branch in self._branches]
        return names.index(self.controller.branch) if self.controller.branch in names else 0

    def _line(self, branch: Branch) -> str:
        origin = "from the beginning"
        if branch.parent >= 0:
            origin = f"left {self._branches[branch.parent].name} "
            origin += f"at #{branch.at}" if branch.at >= 0 else f"when there were {branch.fork}"
        return f" {branch.name:<20} {origin}"
