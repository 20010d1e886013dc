"""The Textual app: its screens, its style sheet, its commands."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual._styles_cache import StylesCache
from textual._xterm_parser import XTermParser
from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen
from textual.theme import ThemeProvider
from textual.widgets import Input
from textual.widgets.input import Selection
from textual.worker import WorkerFailed

from evolve.own_files import changed_since
from tui import keys
from tui.app import after_escape
from tui.app.config import Config
from tui.app.palette import Palette, commands
from tui.drawing.pixels.canvas import Canvas
from tui.drawing.pixels.graphics import Surface
from tui.drawing.plain import HarmlessFilter, PlainFilter
from tui.drawing.terminal import MIN_HEIGHT, MIN_WIDTH
from tui.screens.gallery import Gallery
from tui.screens.population_list import PopulationList
from tui.widgets.layer import Layer
from tui.widgets.screen_stack import Stack

after_escape.distinguish()


class Fancier(Stack):
    """Shows one gallery, or the list of populations from which galleries are opened."""

    TITLE = "fancier"
    ALLOW_SELECT = False
    """Whether texts are selected with the mouse: terminals do that, with shift or option."""
    CSS_PATH = Path(__file__).with_name("app.tcss")
    BINDINGS: ClassVar[list[BindingType]] = [*keys.actions.ANYWHERE]
    # Textual declares these as instance variables.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (MIN_WIDTH, "-normal"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (MIN_HEIGHT, "-high"), (30, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        first: Gallery | PopulationList,
        config: Config | None = None,
        surface: Surface | None = None,
    ) -> None:
        super().__init__()
        self._first = first
        self.canvas = Canvas(surface) if surface and surface.graphics else None
        """Draws pictures in real pixels; None where the terminal has none."""
        self._typed = surface.typed if surface else b""
        config = config or Config()
        self.album = config.album()
        """The folder where pictures are saved."""
        self.set_keymap(dict(config.keys))
        if config.theme:
            self.theme = config.theme
        self._plain = config.blocks == "ascii"
        self._last_filters = [HarmlessFilter(), *[PlainFilter()] * self._plain]

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line goes through; nothing comes after the filters of this app."""
        return [*super().get_line_filters(), *self._last_filters]

    def on_load(self) -> None:
        """Leave when the terminal is lost, from before the app takes it, and so gives it back."""
        if sys.platform != "win32":
            loop = asyncio.get_running_loop()
            for lost in (signal.SIGHUP, signal.SIGTERM):
                loop.add_signal_handler(lost, self.exit, 128 + lost)

    def on_mount(self) -> None:
        """Show the first screen; leaving it ends the app."""
        if self.canvas is not None and self._driver is not None:
            self.canvas.attach(self._driver.write)
        self.push_screen(self._first, lambda _: self.exit(0))
        if self._typed:
            parser = XTermParser()
            for data in (self._typed.decode(errors="ignore"), ""):
                for event in parser.feed(data):
                    self.post_message(event)

    def on_unmount(self) -> None:
        if self.canvas is not None:
            self.canvas.close()

    def _fatal_error(self) -> None:
        """End with a traceback, or with one line where that would show two versions at once."""
        error = self._exception
        if line := changed_since(error.error if isinstance(error, WorkerFailed) else error):
            self.panic(f"fancier: {line}")
        else:
            super()._fatal_error()

    async def on_event(self, event: events.Event) -> None:
        """Take keys for what a person pressed, not for what the terminal made of them."""
        if not isinstance(event, events.Key):
            await super().on_event(event)
            return
        if event.key == "ctrl+c" and self._copy_selected():
            return
        if event.key == "ctrl+j":
            event = events.Key("enter", "\r")  # pressed before the terminal was set for the app
        for key in after_escape.parted(event, typing=isinstance(self.focused, Input)):
            await super().on_event(key)

    def _copy_selected(self) -> bool:
        """Copy what is selected in a field; return whether anything was: else the key quits."""
        field = self.focused
        if not isinstance(field, Input) or field.selection.is_empty:
            return False
        field.action_copy()
        field.selection = Selection.cursor(field.cursor_position)
        return True

    def explain(self, screen: Layer[Any]) -> None:
        from tui.screens.help import Help  # for a fast start

        self.push_screen(Help(screen))

    def push_screen(self, screen: Any, *args: Any, **kwargs: Any) -> Any:
        """Show a screen, styled for the size there is: else it would be drawn twice."""
        if isinstance(screen, Screen):
            screen.add_class(
                _fitting(self.HORIZONTAL_BREAKPOINTS, self.size.width),
                _fitting(self.VERTICAL_BREAKPOINTS, self.size.height),
            )
        return super().push_screen(screen, *args, **kwargs)

    def pop_screen(self) -> AwaitComplete:
        """Close the screen on top, and free what was drawn on it.

        Textual caches two colours for each of the last thousand widgets, and with them all lines
        that they drew.
        """
        StylesCache.get_inner_outer.cache_clear()
        return super().pop_screen()

    def get_key_display(self, binding: Binding) -> str:
        """Return the name of a key; the sign for enter is spelled out, as few people know it."""
        name = super().get_key_display(binding)
        return keys.SPELLED.get(name, name) if self._plain or name == "⏎" else name

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer in the palette the actions of keys on this screen, and the theme."""
        return commands(self, screen)

    def action_command_palette(self) -> None:
        self.push_screen(Palette())

    def search_themes(self) -> None:
        """Show the themes in a palette."""
        self.push_screen(Palette([ThemeProvider], placeholder="Search for themes…"))


def _fitting(breakpoints: Sequence[tuple[int, str]], size: int) -> str:
    """Return the class of the largest breakpoint that the size reaches."""
    return max(each for each in breakpoints if each[0] <= size)[1]
