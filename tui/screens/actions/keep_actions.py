"""Saving a picture as a file, copying its recipe, and writing a note on it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import cast

from evolve.errors import FancierError
from populations.core.captions import counted
from tui.controller.cards import Card
from tui.controller.population_controller import PopulationController
from tui.screens.base_screen import BaseScreen
from tui.screens.gallery_port import GalleryPort
from tui.widgets.screen_stack import Stack


def homely(path: Path) -> str:
    """Return a path as a person would write it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


class KeepActions(BaseScreen[None]):
    """A screen with a picture under the cursor that can be saved and copied."""

    controller: PopulationController

    @property
    def gallery(self) -> GalleryPort:
        """The gallery: this screen, or the one below."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Show a notice for some seconds."""
        raise NotImplementedError

    def action_save(self) -> None:
        """Save the picture under the cursor, and those that are marked, as files."""
        if ids := self.controller.pages.taken:
            folder = cast("Stack", self.app).album
            self.gallery.run_worker(partial(self._save, ids, folder), group="saving")

    async def _save(self, ids: Sequence[int], folder: Path) -> None:
        files: list[Path] = []
        problems: list[str] = []
        for id in ids:
            try:
                files.append(await asyncio.to_thread(self.controller.source.keep, id, folder))
            except FancierError as error:  # the others can be saved
                missing = self.controller.missing(self.controller.pages.cards[id])
                why = f"it {missing}" if missing else str(error)
                problems.append(f"#{id} is not saved: {why}")
        saved = f"saved {len(files)} pictures in {homely(folder)}"
        if len(files) < 2:
            saved = f"saved {homely(files[0])}" if files else ""
        if others := len(problems[1:]):  # a notice has no room for all of them
            are = "is" if others == 1 else "are"
            problems[1:] = [f"{counted(others, 'other')} {are} not saved either"]
        self.gallery.say("; ".join(filter(None, (saved, *problems))))

    def action_copy(self) -> None:
        """Put the recipe of the picture under the cursor on the clipboard of the terminal."""
        if (cursor := self.controller.pages.cursor) is None:
            return
        try:
            text = self.controller.source.recipe(cursor)
        except FancierError as error:
            self.say(str(error))
            return
        self.app.copy_to_clipboard("".join(c for c in text if c == "\n" or c.isprintable()))
        last = text.splitlines()[-1]
        self.say(f"copied #{cursor}: {last}")

    def action_note(self) -> None:
        from populations.core import notes  # for a fast start: it loads the store
        from tui.dialogs.ask import Ask  # for a fast start

        card = self.controller.pages.current
        if card is not None and self.controller.can_change():
            ask = Ask(f"A note on #{card.id}", card.note, notes.problem)
            self.app.push_screen(ask, partial(self._note, card))

    def _note(self, card: Card, text: str | None) -> None:
        if text is not None:
            self.controller.note(card, text)
            self.gallery.changed()
