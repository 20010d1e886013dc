"""One question with one line for the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input, Label, Static

from evolve.errors import FancierError
from evolve.text import clean
from tui import keys
from tui.dialogs.dialog import say_in
from tui.widgets.layer import Layer


class Form(Layer[str | None], ModalScreen[str | None]):
    """Fields that enter takes; dismissed with a text, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.ASK]

    def __init__(self) -> None:
        super().__init__(classes="sheet")
        self.busy = False
        """Whether what was typed is being acted on."""

    def action_cancel(self) -> None:
        """Go back without an answer, unless it is being acted on already."""
        if self.busy:
            say_in(self, "still working: escape has to wait", grave=False)
        else:
            self.dismiss(None)


class Ask(Form):
    """Asks for a text; dismissed with it, or with None.

    Args:
        question: What is asked.
        value: What stands there at first.
        problem: Returns what is wrong with an answer; empty if nothing is.
        do: Called with the answer on a thread of its own; if it fails, the question stays.
        hint: Shown under the line, such as what may be typed.
        completion: Completes what is typed.
        remark: Returns a remark on what is typed so far; empty for none.
    """

    def __init__(
        self,
        question: str,
        value: str = "",
        problem: Callable[[str], str] = lambda _: "",
        do: Callable[[str], object] | None = None,
        hint: str = "",
        completion: Suggester | None = None,
        remark: Callable[[str], str] = lambda _: "",
    ) -> None:
        super().__init__()
        self._question = question
        self._hint = hint
        self._value = clean(value)
        self._problem = problem
        self._do = do
        self._completion = completion
        self._remark = remark

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._question, classes="title", markup=False)
            yield Input(self._value, id="answer", compact=True, suggester=self._completion)
            if self._hint:
                yield Static(self._hint, classes="hint", markup=False)
            yield Static(id="error", markup=False)
            completes = "→ completes · " if self._completion else ""
            yield Label(f"enter takes it · {completes}escape goes back", classes="hint")

    @on(Input.Changed)
    def _watch(self, event: Input.Changed) -> None:
        """Show the remark on what is typed, instead of what was wrong before."""
        say_in(self, self._remark(event.value), grave=False)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        answer = event.value.strip()
        if self.busy:
            return
        if problem := self._problem(answer):
            say_in(self, problem)
        elif self._do is None:
            self.dismiss(answer)
        else:
            self.busy = True
            self.work(self._doing(self._do, answer), at_once=["cancel"])

    async def _doing(self, do: Callable[[str], object], answer: str) -> bool:
        try:
            await asyncio.to_thread(do, answer)
        except FancierError as error:
            say_in(self, str(error))
            self.busy = False
            return False
        self.dismiss(answer)
        return True
