"""The app on a fake population, driven by keys."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from fake_session import FakeSession
from textual import events as keyboard
from textual._compositor import Compositor, CompositorUpdate
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.keys import key_to_character
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tui.app.application import Fancier
from tui.controller.population_controller import PopulationController
from tui.drawing.blocks import Blocks
from tui.drawing.pixels.graphics import Surface
from tui.drawing.terminal import too_small
from tui.screens.gallery import Gallery
from tui.widgets.inspector import Inspector
from tui.widgets.keybar import KeyBar
from tui.widgets.pictures.wall import Wall
from tui.widgets.status import Status


class SheetReadOnce(Stylesheet):
    """Styles of widgets, parsed for the first app alone, not for each of a thousand."""

    _known: ClassVar[dict[tuple[object, ...], list[RuleSet]]] = {}

    def _parse_rules(self, *args: Any, **kwargs: Any) -> list[RuleSet]:
        key = (*args, *kwargs.values(), *self._variables.items())
        if key not in self._known:
            self._known[key] = super()._parse_rules(*args, **kwargs)
        return self._known[key]


class CountingApp(Fancier):
    """Counts what would be sent to the terminal, where a test looks at that.

    Drawing takes half of the time of a test, and a headless app shows nothing: Textual has no
    setting for that.
    """

    draws = False
    refreshes = 0
    """How often something was drawn, or would have been."""
    sent = 0
    """Bytes that were drawn."""
    drawn = ""
    """What was drawn last."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stylesheet = SheetReadOnce(variables=self.get_css_variables())

    def push_screen(self, screen: Any, *args: Any, **kwargs: Any) -> Any:
        compositor = screen._compositor
        compositor.render_update = partial(self._render, compositor, compositor.render_update)
        return super().push_screen(screen, *args, **kwargs)

    def _render(self, compositor: Compositor, render: Callable[..., Any], **kwargs: Any) -> Any:
        self.refreshes += bool(compositor._dirty_regions)
        if self.draws:
            return render(**kwargs)
        compositor._dirty_regions.clear()
        return None

    def _display(self, screen: Screen, renderable: object) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            self.drawn = renderable.render_segments(self.console)
            self.sent += len(self.drawn.encode())
        super()._display(screen, renderable)


@dataclass
class Stage:
    """A running app with shortcuts to what tests look at."""

    app: CountingApp
    pilot: Pilot
    session: FakeSession
    gallery: Gallery

    @property
    def controller(self) -> PopulationController:
        return self.gallery.controller

    @property
    def cursor(self) -> int | None:
        return self.controller.pages.cursor

    @property
    def captions(self) -> list[str]:
        """What is written under the pictures."""
        return [
            " ".join(f"{face.caption.left} {face.caption.state}".split())
            for face in self.gallery.query_one(Wall).faces
        ]

    @property
    def status(self) -> str:
        return self.app.screen.query_one(Status).text

    @property
    def keys(self) -> str:
        return self.app.screen.query_one(KeyBar).text

    @property
    def details(self) -> str:
        return self.app.screen.query_one(Inspector).text

    @property
    def judgements(self) -> list[tuple[int, str, int]]:
        return [(j.individual, j.kind, j.value) for j in self.session.judgements]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type_ahead(self, *keys: str) -> None:
        """Press keys faster than the app can take them."""
        type_ahead(self.app, *keys)
        await self.pilot.pause()

    async def click(self, widget: Widget, times: int = 1) -> None:
        """Click in the middle of a widget, again before anything came of it."""
        self.click_at(widget.region.center, times)
        await self.pilot.pause()

    def click_at(self, at: tuple[float, float], times: int = 1) -> None:
        """Click at a place of the screen."""
        click(self.app, at, times)

    async def drag(self, *cells: tuple[int, int], button: int = 1, let_go: bool = True) -> None:
        """Drag the mouse from one cell of the screen to others."""
        steps = [(keyboard.MouseDown, *cells[0]), *((keyboard.MouseMove, *at) for at in cells[1:])]
        for event, x, y in [*steps, *[(keyboard.MouseUp, *cells[-1])] * let_go]:
            self.app.post_message(event(None, x, y, 0, 0, button, False, False, False, x, y))
            await self.pilot.pause()

    async def quiet(self) -> None:
        """Wait until nothing more is drawn."""
        before = -1
        while before != self.app.refreshes:
            before = self.app.refreshes
            await self.pilot.pause(0.3)

    async def sent_by_moving(self) -> int:
        """Return how many bytes a move of the cursor sends once all that comes late is drawn.

        What the first move finds drawn late, the parents beside the gallery among it, is drawn once
        more with it.
        """
        await self.press("right", "left")
        await self.quiet()
        self.app.sent, self.app.drawn = 0, ""
        await self.press("right")
        return self.app.sent

    async def until(self, condition: Callable[[], object]) -> None:
        await until(self.pilot, condition)


def type_ahead(app: Fancier, *keys: str) -> None:
    """Send keys without waiting for what they do."""
    for key in keys:
        app.post_message(keyboard.Key(key, key_to_character(key)))


def click(app: Fancier, at: tuple[float, float], times: int = 1) -> None:
    """Send clicks without waiting for what they do."""
    x, y = map(int, at)
    for event in (keyboard.MouseDown, keyboard.MouseUp) * times:
        app.post_message(event(None, x, y, 0, 0, 1, False, False, False, x, y))


def turn_wheel(app: Fancier, at: tuple[float, float], by: int) -> None:
    """Turn the mouse wheel down (1) or up (-1)."""
    x, y = map(int, at)
    turned = keyboard.MouseScrollDown if by > 0 else keyboard.MouseScrollUp
    app.post_message(turned(None, x, y, 0, by, 0, False, False, False, x, y))


async def until(pilot: Pilot, condition: Callable[[], object]) -> None:
    """Let the app run until something holds; give up after some seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.005)
    raise AssertionError("waited in vain")


@asynccontextmanager
async def on_stage(
    session: FakeSession | None = None,
    size: tuple[int, int] = (120, 36),
    blocks: Blocks = Blocks.QUADRANT,
    surface: Surface | None = None,
    *,
    draws: bool = False,
) -> AsyncIterator[Stage]:
    """Open the gallery and wait until its pictures are there; real pixels are always drawn."""
    session = session or FakeSession()
    gallery = Gallery(session, name="faces", blocks=blocks)
    app = CountingApp(gallery, surface=surface)
    app.draws = draws or surface is not None
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: session.listener is not None)
        stage = Stage(app, pilot, session, gallery)

        def filled() -> bool:
            faces = gallery.query_one(Wall).faces
            return all(face.pixels is not None or face.caption.state for face in faces)

        await until(pilot, lambda: too_small(*size) or filled())
        await pilot.pause()
        yield stage
