"""The form for a new population."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.widgets import Input, Label, Static

from evolve.errors import ArchiveError, FancierError, GenomeError, ModelError
from evolve.genome.prompt_syntax import read
from evolve.models.words.vocabulary import Topics
from tui.cli.values import dropped
from tui.dialogs.ask import Form
from tui.dialogs.dialog import say_in
from tui.dialogs.naming import name_for
from tui.dialogs.word_completion import Completion, unknown, unweighted
from tui.widgets.background import in_background

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.studio.showing.saved_shelf import SavedShelf

_ABOUT_FILES = re.compile(r"\b(file|pictures?)\b")
_WEIGHTED = "| red hair :1.4"
"""How a weight is typed."""
_QUOTED = re.compile(r"(?<!\w)'[^']*'(?!\w)")
"""Quoted names, which do not show what an error is about."""


def place_of(error: FancierError, typed: Mapping[str, str]) -> str:
    """Return the field that an error is about; of optional ones, only one that is filled in."""
    text = _QUOTED.sub("", str(error))
    if typed.get("file") and isinstance(error, ArchiveError) and _ABOUT_FILES.search(text):
        return "file"
    other = typed.get("taste")
    named = f"'{other}'" in str(error) and other != typed.get("name")
    if other and ("taste" in text or named):
        return "taste"
    if isinstance(error, GenomeError):
        return "prompt"
    return "model" if isinstance(error, ModelError) else "name"


class _Line(Input):
    """A line of text; the key that completes takes what an empty one shows.

    Terminals paste the paths of files that are dropped: they go to the line for pictures from any
    line but that for the model, which may be a folder. There they stand behind what it has, unless
    that is selected.
    """

    def __init__(self, place: str, placeholder: str = "") -> None:
        super().__init__(id=place, placeholder=placeholder, compact=True, select_on_focus=False)

    def action_cursor_right(self, select: bool = False) -> None:
        if not self.value and self.placeholder:
            self.value = self.placeholder
            self.cursor_position = len(self.value)
        else:
            super().action_cursor_right(select)

    def _on_paste(self, event: events.Paste) -> None:
        files = self.screen.query_one("#file", Input)
        replaces = self is files and not self.selection.is_empty
        is_path = event.text.strip().lstrip("'\"").startswith("/")
        if is_path and self.id != "model" and not replaces:
            files.value = f"{files.value} {event.text.strip()}".strip()
            event.prevent_default().stop()


class NewPopulation(Form):
    """Asks for prompt, name and model; dismissed with the name of the new population, or None."""

    def __init__(self, shelf: SavedShelf, taken: Sequence[str]) -> None:
        """Ask for a population beside those whose names are `taken`."""
        super().__init__()
        self._shelf, self._taken = shelf, taken
        self._topics: Topics = {}
        """The words that the built-in model knows."""
        self._wrong = False
        """Whether the line shows an error of the last entry."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label("New population", classes="title")
            yield Label("prompt: what to paint, in a few words (→ takes the example)")
            yield _Line("prompt", "a smiling woman with red hair and glasses, hand drawn")
            yield Label("name (empty = taken from the prompt)")
            yield _Line("name")
            yield Label("model (empty = built-in portraits)")
            yield _Line("model")
            if self._taken:
                yield Label("begin with what you like in another (empty = nothing)")
                yield _Line("taste")
            yield Label("begin with a picture: its file, or a folder (empty = none)")
            yield _Line("file")
            yield Static(id="error", markup=False)
            yield Label(
                "enter makes it · tab next line · → completes · escape back",
                classes="hint",
            )

    def on_mount(self) -> None:
        """Look for models and words in the background."""
        for field in self.query("#taste").results(Input):
            field.suggester = SuggestFromList(self._taken)
        in_background(self, self._show_models)
        in_background(self, self._show_words)

    async def _show_models(self) -> None:
        try:
            models = await asyncio.to_thread(self._shelf.models)
        except (FancierError, OSError) as error:
            say_in(self, str(error))
            return
        for field in self.query("#model").results(Input):  # none if it was closed meanwhile
            field.placeholder = " · ".join(models)
            field.suggester = SuggestFromList(models)

    async def _show_words(self) -> None:
        with suppress(FancierError):  # a damaged model is reported where it is used
            self._topics = await asyncio.to_thread(self._shelf.words)
        self._complete()
        if not self._wrong:
            self._review()

    @on(Input.Changed, "#model")
    def _complete(self) -> None:
        """Complete the prompt with the words of the built-in model, unless another is named."""
        topics = self._known
        for prompt in self.query("#prompt").results(Input):
            prompt.suggester = Completion(topics) if topics else None

    @on(Input.Changed)
    def _watch(self, event: Input.Changed) -> None:
        """Update the remark on unknown words, and clear an error that may be mended."""
        if self._wrong or event.input.id in ("prompt", "model"):
            self._review()

    def _review(self) -> None:
        if self.busy:
            return
        texts = [
            text for each in self.query("#prompt").results(Input) for text, _ in read(each.value)
        ]
        weight = unweighted(texts)
        cure = f"{weight} (type {_WEIGHTED})" if weight else ""
        remark = "\n".join(filter(None, (unknown(self._known, texts), cure)))
        if remark or self._wrong:
            self._wrong = bool(remark)
            say_in(self, remark, grave=False)

    @property
    def _known(self) -> Topics:
        """The words that the named model is known to know."""
        named = any(model.value.strip() for model in self.query("#model").results(Input))
        return {} if named else self._topics

    @on(Input.Changed, "#prompt")
    def _propose(self, event: Input.Changed) -> None:
        proposed = name_for(event.value, self._taken) if event.value.strip() else ""
        self.query_one("#name", Input).placeholder = proposed

    @on(Input.Submitted)
    def _submit(self) -> None:
        if not self.busy:
            self.busy = True
            say_in(self, "making it…", grave=False)
            self.work(self._make(), at_once=["cancel"])

    async def _make(self) -> bool:
        typed = {str(field.id): field.value.strip() for field in self.query(Input)}
        name = typed["name"] or name_for(typed["prompt"], self._taken)

        def make() -> None:
            self._shelf.create(
                name,
                typed["prompt"],
                model=typed["model"],
                taste_of=typed.get("taste", ""),
                images=dropped(typed["file"]),
            )

        try:
            await asyncio.to_thread(make)
        except FancierError as error:
            say_in(self, str(error))
            self._wrong = True
            self.set_focus(self.query_one(f"#{place_of(error, typed)}", Input))  # at once
            self.busy = False
            return False
        self.dismiss(name)
        return True
