"""The branches of a population: where each left, and going on in another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from tui import keys
from tui.controller.population_controller import PopulationController
from tui.dialogs.dialog import Dialog
from tui.widgets.chooser import Chooser

if TYPE_CHECKING:
    from populations.core.branches import Branch

MOST = 12
"""Lines of the list that are seen at once."""


class BranchChoice(Dialog[str | None]):
    """Chooses a branch to go on in; dismissed with its name."""

    TITLE_LINE = "Go on in another branch"
    HINT = "enter goes there · escape goes back\na new one: t, and there B"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.BRANCHES]

    def __init__(self, controller: PopulationController, branches: Sequence[Branch]) -> None:
        super().__init__(controller)
        self._branches = branches

    def content(self) -> ComposeResult:
        """Yield the list."""
        names = [branch.name for branch in self._branches]
        chooser = Chooser(id="names")
        chooser.styles.height = max(1, min(MOST, len(self._branches)))
        chooser.selected = (
            names.index(self.controller.branch) if self.controller.branch in names else 0
        )
        yield chooser

    def draw(self) -> None:
        """Show the branches, the bar where it is: at first on the one that is bred."""
        chooser = self.query_one(Chooser)
        chooser.fill([self._line(branch) for branch in self._branches], chooser.selected)

    def _line(self, branch: Branch) -> str:
        origin = "from the beginning"
        if branch.parent >= 0:
            origin = f"left {self._branches[branch.parent].name} "
            origin += f"at #{branch.at}" if branch.at >= 0 else f"when there were {branch.fork}"
        return f" {branch.name:<20} {origin}"

    def action_move(self, by: int) -> None:
        """Move in the list."""
        chooser = self.query_one(Chooser)
        chooser.select(chooser.selected + by)

    @on(Chooser.Chosen)
    def action_choose(self) -> None:
        """Go on in this branch."""
        self.dismiss(self._branches[self.query_one(Chooser).selected].name)

    def action_back(self) -> None:
        """Go back to the same branch."""
        self.dismiss(None)
