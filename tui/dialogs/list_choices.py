"""Boxes with a list, of which one line is chosen: how many newcomers, a branch, a direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import shorten
from typing import TYPE_CHECKING, ClassVar, Generic

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ScreenResultType
from textual.widgets import Label

from evolve.text import one_line
from tui import keys
from tui.controller.population_controller import PopulationController
from tui.dialogs.dialog import Dialog
from tui.widgets.chooser import BarMoved, Chooser

if TYPE_CHECKING:
    from populations.core.branches import Branch

MOST = 12
"""Lines of the list that are seen at once."""
SIZES = (12, 24, 48)
"""Newcomers at once, beside the size of a page."""
WORDS = 110
"""Characters of the prompt that are shown."""


class ListChoice(
    BarMoved[ScreenResultType | None], Dialog[ScreenResultType | None], Generic[ScreenResultType]
):
    """Dismissed with the value of the chosen line, None if none was chosen."""

    def choices(self) -> Sequence[tuple[str, ScreenResultType]]:
        """Return the lines with their values."""
        raise NotImplementedError

    def first(self) -> int:
        """Return the place of the line that is selected at first."""
        return 0

    def content(self) -> ComposeResult:
        chooser = Chooser(id="list")
        chooser.styles.height = max(1, min(MOST, len(self.choices())))
        chooser.selected = self.first()
        yield chooser

    def draw(self) -> None:
        chooser = self.query_one(Chooser)
        chooser.fill([line for line, _ in self.choices()], chooser.selected)

    @property
    def chosen(self) -> ScreenResultType | None:
        """The value of the selected line; None if there is none."""
        choices = self.choices()
        return choices[self.query_one(Chooser).selected][1] if choices else None

    @on(Chooser.Pointed)
    def _show_bar(self) -> None:
        """Scroll to the bar, if the box is higher than the screen and not being closed."""
        if self.is_there:
            chooser = self.query_one(Chooser)
            self.show_line(chooser, chooser.selected - chooser.seen.start)

    @on(Chooser.Chosen)
    def action_choose(self) -> None:
        self.dismiss(self.chosen)

    def action_back(self) -> None:
        self.dismiss(None)


class AnotherPage(ListChoice[int]):
    """Chooses how many newcomers; dismissed with their number, None for none."""

    TITLE_LINE = "Another page of this prompt"
    HINT = "enter paints newcomers · N more · escape goes back"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.ANOTHER]

    def __init__(self, controller: PopulationController) -> None:
        super().__init__(controller)
        self.sizes = sorted({controller.page, *SIZES})

    def content(self) -> ComposeResult:
        if words := self.controller.words:
            shown = shorten(one_line(words), WORDS, placeholder=" …")
            yield Label(shown, id="prompt", markup=False)
        yield from super().content()

    def choices(self) -> list[tuple[str, int]]:
        return [(f" {size:>3} pictures", size) for size in self.sizes]

    def first(self) -> int:
        return self.sizes.index(self.controller.page)

    def action_move(self, by: int) -> None:
        chooser = self.query_one(Chooser)
        chooser.select((chooser.selected + by) % len(self.sizes))


class BranchChoice(ListChoice[str]):
    """Chooses a branch to go on in; dismissed with its name."""

    TITLE_LINE = "Go on in another branch"
    HINT = "enter goes there · escape goes back\na new one: t, and there B"
    READ_ONLY_HINT = "enter goes there · escape goes back"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.BRANCHES]

    def __init__(self, controller: PopulationController, branches: Sequence[Branch]) -> None:
        super().__init__(controller)
        if controller.read_only:
            self.TITLE_LINE = "Show another branch"
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


class DirectionChoice(ListChoice[str]):
    """Chooses a direction to turn the picture under the cursor in; dismissed with its name."""

    TITLE_LINE = "Turn this picture in a direction"
    HINT = "enter steps both ways · x forgets it · escape goes back"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.DIRECTIONS]

    def choices(self) -> list[tuple[str, str]]:
        known = self.controller.plan.directions
        return [(f" {name:<24} #{a} → #{b}", name) for name, (a, b) in known.items()]

    def action_forget(self) -> None:
        """Forget the direction; what was made with it stays."""
        kept = {n: pair for n, pair in self.controller.plan.directions.items() if n != self.chosen}
        self.controller.replan(replace(self.controller.plan, directions=kept))
        self.draw()
