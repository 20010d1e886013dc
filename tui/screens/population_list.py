"""The first screen: the populations there are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from evolve.errors import FancierError, LockedError, SavingError
from tui import keys
from tui.controller.finding.search_terms import LIST_HELP, lists, parse, problem, quoted
from tui.controller.shelf_history import ShelfHistory
from tui.dialogs.ask import Ask
from tui.dialogs.new_population import NewPopulation
from tui.drawing.blocks import Blocks
from tui.drawing.population_table import ago
from tui.screens.gallery import Gallery
from tui.screens.list_view import ListView
from tui.widgets.background import in_background
from tui.widgets.chooser import BarMoved, Chooser

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.studio.showing.saved_session import SavedSession
    from populations.studio.showing.saved_shelf import SavedShelf
    from populations.studio.showing.viewing import Viewing

SELECTED = ("view", "rename", "copy", "delete")
"""Actions on the selected population."""
WAITING = ("new", "rename", "copy", "delete", "restore")
"""Actions that are off while a population is being opened or saved."""


class PopulationList(BarMoved[None], ListView):
    """Lists the populations, opens one, makes a new one."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.HOME]

    def __init__(self, shelf: SavedShelf, blocks: Blocks = Blocks.QUADRANT) -> None:
        super().__init__(shelf, blocks)
        self._history = ShelfHistory(shelf)
        self._sought = ""
        """The last search."""
        self._since = datetime.now(UTC)
        self._offered: tuple[str, datetime] | None = None
        """What was deleted before this session and can be taken back by pressing the key again."""
        self._busy = False
        self._left = False
        self.gallery: Gallery | None = None
        """The gallery that is open, or was last."""

    def on_unmount(self) -> None:
        """Note that a session that is still being opened must be closed."""
        self._left = True

    @on(Chooser.Chosen)
    def _open_clicked(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Open the selected population, or make the first one."""
        if self._populations:
            self._begin(self._shelf.open)
        else:
            self.action_new()

    def action_view(self) -> None:
        self._begin(self._shelf.view)

    def _begin(self, way: Callable[[str], SavedSession | Viewing]) -> None:
        if self._selected is not None and not self._busy:
            self._busy = True
            self.work(self._open(self._selected, way))

    async def _open(self, name: str, way: Callable[[str], SavedSession | Viewing]) -> bool:
        self._say(f"opening {name}…", "accent")
        try:
            source = await asyncio.to_thread(self._open_unless_left, name, way)
            self.gallery = self._gallery(source, name)
        except FancierError as error:
            meanwhile, line = isinstance(error, LockedError), str(error)
            if meanwhile:
                line += ", or press v to view it"
            elif isinstance(error, SavingError):  # in a few words: what helps stands at the end
                line = f"{error.brief}, or press v to view it"
            self._say(line)
            self._busy = False
            self.refresh_bindings()
            if meanwhile:
                await self._reload(name)
            return False
        self._say("")
        self.app.push_screen(self.gallery, self._come_back)
        return True

    def _gallery(self, source: SavedSession | Viewing, name: str) -> Gallery:
        """Return the gallery of what was opened, which is closed again if it cannot be shown."""
        try:
            return Gallery(source, name=name, blocks=self._blocks, leads_to="List")
        except FancierError:
            source.close()
            raise

    def _come_back(self, _: None) -> None:
        if self.gallery is not None:
            in_background(self, partial(self._put_away, self.gallery))

    async def _put_away(self, gallery: Gallery) -> None:
        self._say(f"saving {gallery.population}…", "accent")
        await asyncio.to_thread(gallery.shut)
        self._say(gallery.bridge.ended)
        self._busy = False
        await self._reload(gallery.population)

    def _open_unless_left(
        self, name: str, way: Callable[[str], SavedSession | Viewing]
    ) -> SavedSession | Viewing:
        """Open a population (on a thread of its own), and close it if the app ended meanwhile."""
        source = way(name)
        if self._left:
            source.close()
        return source

    def action_new(self) -> None:
        if not self._busy:
            names = [str(population["name"]) for population in self._populations]
            self.app.push_screen(NewPopulation(self._shelf, names), self._made)

    def _made(self, name: str | None) -> None:
        if name is not None:
            self._busy = True
            self.work(self._open_new(name))

    async def _open_new(self, name: str) -> bool:
        await self._reload(name)
        return await self._open(name, self._shelf.open)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in SELECTED and not self._populations:
            return False
        if action in WAITING and self._busy:  # what is typed ahead is meant for its pictures
            return False
        return super().check_action(action, parameters)

    def offers(self, action: str) -> bool:
        """Return whether to name a key: enter only if there is something to open."""
        return action != "open" or bool(self._populations)

    def action_rename(self) -> None:
        if name := self._selected:
            question = f"Another name for {name}"
            self._ask(question, name, partial(self._history.rename, name))

    def action_copy(self) -> None:
        if name := self._selected:
            question = f"A name for a copy of {name}"
            self._ask(question, f"{name}-2", partial(self._history.copy, name))

    def action_delete(self) -> None:
        if name := self._selected:
            done = f"{name} is in the trash; u takes it back"
            self.work(self._doing(partial(self._history.delete, name), done))

    def action_restore(self) -> None:
        """Take back what was done last: deleted, renamed or copied."""
        if undo := self._history.latest:
            self.work(self._doing(self._history.take_back, undo.message, undo.select))
        else:
            self.work(self._take_back_trashed())

    async def _take_back_trashed(self) -> bool:
        """Take back what was deleted last before this session, if the key is pressed twice."""
        try:
            trashed = await asyncio.to_thread(self._shelf.trashed)
        except FancierError as error:
            self._say(str(error))
            return False
        name, deleted = next((each for each in trashed if each[1] < self._since), ("", self._since))
        if not name:
            self._say("nothing to take back", "label")
            return False
        if self._offered == (name, deleted):
            return await self._doing(partial(self._shelf.restore, name), f"{name} is back", name)
        self._offered = name, deleted
        when = ago(deleted.isoformat(), datetime.now(UTC))
        self._say(f"{name} was deleted {when}: u again takes it back", "accent")
        return True

    def _ask(self, question: str, value: str, do: Callable[[str], None]) -> None:
        self.app.push_screen(Ask(question, value, do=do), self._renew)

    def _renew(self, select: str | None) -> None:
        if select is not None:
            self._say("")
            self.work(self._reload(select))

    async def _doing(self, do: Callable[[], None], done: str, select: str | None = None) -> bool:
        try:
            await asyncio.to_thread(do)
        except FancierError as error:
            self._say(str(error))
            return False
        self._say(done, "accent")
        return await self._reload(select)

    def action_find(self) -> None:
        """Ask what to search for in the list, and go to the next population that matches."""
        self.app.push_screen(
            Ask("Find a population", self._sought, problem, hint=LIST_HELP), self._find
        )

    def _find(self, text: str | None) -> None:
        if text:
            self._sought = text
            self.action_found(1)

    def action_found(self, by: int) -> None:
        """Go to the next (1) or previous (-1) population that matches the search."""
        if not self._sought:
            self._say("/ searches; > and < go on", "accent")
            return
        query, chooser = parse(self._sought), self.query_one(Chooser)
        count = len(self._populations)
        places = [(chooser.selected + by * n) % count for n in range(1, count + 1)]
        matches = [place for place in places if lists(query, self._populations[place])]
        if matches:
            chooser.select(matches[0])
            self._say(f"{len(matches)} found for {quoted(self._sought)}", "accent")
        else:
            self._say(f"no population matches {quoted(self._sought)}")

    def action_cancel(self) -> None:
        """Stay: a person who leaves a gallery or a box may press escape once too often."""
        self._say("q quits", "label")

    def action_leave(self) -> None:
        self.app.exit(0)
