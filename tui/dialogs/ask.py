"""One question with one line for the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from tui import keys
from tui.widgets.screen_stack import Layer


class Ask(Layer[str | None], ModalScreen[str | None]):
    """Asks for a text; dismissed with it, or with None.

    Args:
        question: What is asked.
        value: What stands there at first.
        problem: Returns what is wrong with an answer, or nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.ASK]

    def __init__(
        self, question: str, value: str = "", problem: Callable[[str], str] = lambda _: ""
    ) -> None:
        super().__init__(classes="sheet")
        self._question = question
        self._value = value
        self._problem = problem

    def compose(self) -> ComposeResult:
        """Yield question and answer."""
        with Vertical():
            yield Label(self._question, classes="title", markup=False)
            yield Input(self._value, id="answer", compact=True)
            yield Static(id="error", markup=False)
            yield Label("enter takes it · escape goes back", classes="hint")

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        answer = event.value.strip()
        if problem := self._problem(answer):
            self.query_one("#error", Static).update(problem)
        else:
            self.dismiss(answer)

    def action_cancel(self) -> None:
        """Go back without an answer."""
        self.dismiss(None)
