"""The form for a new population."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label, Static

from evolve.errors import FancierError
from tui import keys
from tui.stacking import Layer


class NameInput(Input):
    """Passes the focus on at enter, and with it what was typed ahead.

    A binding would act only when this widget has taken in all keys that have come by then.
    """

    def on_key(self, event: events.Key) -> None:
        """Go on to the next field at enter; hand on the keys that came after it."""
        focused = self.screen.focused
        if event.key == "enter" and focused is self:
            self.screen.focus_next()
        elif focused is None or focused is self:
            return
        else:
            focused.post_message(events.Key(event.key, event.character))
        event.stop()
        event.prevent_default()


class Form(Layer[str | None], ModalScreen[str | None]):
    """Asks what to found it on; dismissed with the name of what was made, or None.

    Args:
        create: Makes a population from a name, a prompt and the name of a model.
        list_models: Reads the names to complete; others are taken too.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.ASK]

    def __init__(
        self,
        create: Callable[[str, str, str], str],
        list_models: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        super().__init__(classes="sheet")
        self._create = create
        self._list_models = list_models
        self._busy = False

    def compose(self) -> ComposeResult:
        """Yield the two fields and a line for what is wrong."""
        with Vertical():
            yield Label("New population", classes="title")
            yield Label("name")
            yield NameInput(placeholder="red-bobs", id="name", compact=True)
            yield Label("prompt: what to paint, in a few words")
            yield Input(
                placeholder="a smiling woman with a red bob and round glasses",
                id="prompt",
                compact=True,
            )
            yield Label("model: leave it empty for the one of fancier")
            yield Input(id="model", compact=True)
            yield Static(id="error", markup=False)
            yield Label("tab goes to the model · enter goes on · escape goes back", classes="hint")

    def on_mount(self) -> None:
        """Look for the models, while the name can be typed."""
        self.run_worker(self._show_models())

    async def _show_models(self) -> None:
        try:
            models = await asyncio.to_thread(self._list_models)
        except (FancierError, OSError) as error:
            self.query_one("#error", Static).update(str(error))
            return
        field = self.query_one("#model", Input)
        field.placeholder = " · ".join(models)
        field.suggester = SuggestFromList(models)

    @on(Input.Submitted)
    def _submit(self) -> None:
        if not self._busy:
            self._busy = True
            self.query_one("#error", Static).update("making it…")
            self.run_worker(self._make())

    async def _make(self) -> None:
        fields = (self.query_one(f"#{field}", Input).value for field in ("name", "prompt", "model"))
        try:
            made = await asyncio.to_thread(self._create, *(text.strip() for text in fields))
        except FancierError as error:
            self.query_one("#error", Static).update(str(error))
            self._busy = False
        else:
            self.dismiss(made)

    def action_cancel(self) -> None:
        """Go back without a population, unless one is being made already."""
        if not self._busy:
            self.dismiss(None)
