"""Every key of every screen does what its binding says, and that can be seen."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from fake_session import FakeSession
from shelf import Shelf, at_home
from stage import CountingApp, on_stage, type_ahead, until
from textual.binding import Binding
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from evolve.genome import Prompt
from evolve.search.individual import Verdict
from evolve.search.plan import Plan
from tui import keys
from tui.app.application import Fancier
from tui.dialogs.ask import Ask
from tui.dialogs.breeding_settings import BreedingSettings
from tui.dialogs.list_choices import AnotherPage, BranchChoice, DirectionChoice
from tui.dialogs.new_population import NewPopulation
from tui.dialogs.page_recipe import PageRecipe
from tui.dialogs.prompt_editor import PromptEditor
from tui.screens.curtain import CURTAIN, Curtained
from tui.screens.gallery import Gallery
from tui.screens.help import Help, HelpPage
from tui.screens.overlays.compare import Compare
from tui.screens.overlays.edit_place import EditPlace
from tui.screens.overlays.favourites import Favourites
from tui.screens.overlays.lineage import Lineage
from tui.screens.overlays.part_choice import PartChoice
from tui.screens.overlays.repaint import Repaint
from tui.screens.overlays.ring import Ring
from tui.screens.overlays.take_place import TakePlace
from tui.screens.overlays.zoom import Zoom
from tui.screens.population_list import PopulationList

OVER_GALLERY = {
    Gallery: "",
    Zoom: "enter",
    Compare: "c",
    Ring: "d",
    Lineage: "t",
    Favourites: "F",
    Repaint: "R",
    EditPlace: "enter a x enter escape",
    TakePlace: "right space left T",
    PartChoice: "P",
    PageRecipe: "w",
    BreedingSettings: "s",
    AnotherPage: "N",
    PromptEditor: "e",
    DirectionChoice: "D",
    BranchChoice: "B",
    Ask: "y",
    Help: "question_mark",
}
"""Screens by the keys that open them."""
AT_HOME = {PopulationList: "", NewPopulation: "n"}
FIRST = ("right", "down", "G", "J", "5", "d", "x", "u", "space")
"""What others undo: pressed before them, for at an edge, say, a key changes nothing."""
MIDDLE = 17
"""The picture that screens are opened on: others are on all sides of it."""


def distinct_keys() -> dict[type[Screen], list[str]]:
    """Return one key for everything that can be done, by the first screen on which it can."""
    known: set[tuple[str, object]] = set()
    keys_of: dict[type[Screen], list[str]] = {}
    for screen in (*OVER_GALLERY, *AT_HOME):
        for binding in sorted(screen.BINDINGS, key=_order):
            done_by = getattr(screen, f"action_{binding.action.partition('(')[0]}")
            if (binding.action, done_by) not in known and binding.action != "leave":
                known.add((binding.action, done_by))
                keys_of.setdefault(screen, []).append(binding.key.partition(",")[0])
    return keys_of


def _order(binding: Binding) -> tuple[bool, bool]:
    """Those that end a screen come last."""
    return binding.id == "app.back", not set(binding.key.split(",")) & set(FIRST)


DISTINCT = distinct_keys()


async def press_all(app, pilot, monkeypatch):
    """Press every key of the screen; its actions are noted and not done."""
    done = []

    async def run_action(action, *_, **__):
        done.append(action)
        return True

    monkeypatch.setattr(app, "run_action", run_action)
    for binding in app.screen.BINDINGS:
        for key in binding.key.split(","):
            done.clear()
            await pilot.press(key)
            assert done == [binding.action], f"{key} on {app.screen}"
            action = binding.action.partition("(")[0]
            assert hasattr(app.screen, f"action_{action}")
    monkeypatch.undo()


def seen(app: CountingApp, asked: object) -> tuple[object, ...]:
    """Return what a key can change: the screen and what is drawn on it, and what was asked for."""
    return app.screen, app.refreshes, app._exit, repr(vars(asked))


async def changes(app: CountingApp, pilot: Pilot[int], key: str, asked: object) -> bool:
    """Return whether something is shown, said or asked for when a key is pressed."""
    await pilot.pause()
    before = seen(app, asked)
    type_ahead(app, key)
    for _ in range(4):
        await pilot.pause()
        if seen(app, asked) != before:
            return True
    if isinstance(app.screen, Curtained):  # it may hold back what a key has changed
        await pilot.pause(CURTAIN)
    return seen(app, asked) != before


async def idle_keys(
    app: CountingApp,
    pilot: Pilot[int],
    screen: type[Screen],
    asked: object,
    reopen: Callable[[], Awaitable[None]],
) -> list[str]:
    """Press keys on a screen, and again from other places; return those that change nothing."""
    idle = DISTINCT.get(screen, [])
    for moved in ("", "down", "up", "left", "right", "G"):
        keys, idle = idle, []
        for key in keys:
            await reopen()
            while isinstance(app.focused, Input) and screen not in (NewPopulation, PromptEditor):
                await pilot.press("escape")  # a key opened a field: others would be typed into it
            if moved:
                await pilot.press(moved)
            if not await changes(app, pilot, key, asked):
                idle.append(key)
    return idle


def peopled() -> FakeSession:
    """Return a session in which everything can be done."""
    session = FakeSession((12, 12, 24))
    session.fork("second", 12)
    session.archive.judged = dict.fromkeys(range(36), Verdict(rating=5))
    first = session.archive.individuals[0]
    other = replace(first.genome, prompt=Prompt.parse("a man with a beard"))
    session.archive.individuals[0] = replace(first, genome=other)
    session.archive.plans = [
        Plan(directions=dict.fromkeys(("older", "fuller", "paler", "redder"), (0, 12)))
    ]
    return session


@pytest.mark.parametrize("screen", OVER_GALLERY, ids=lambda screen: screen.__name__)
async def test_every_key_reaches_its_action_and_changes_something(screen, monkeypatch):
    session = peopled()
    async with on_stage(session) as stage:
        app, gallery = stage.app, stage.gallery

        async def reopen() -> None:
            """Close what a key opened, open what it closed, paint what it asked for."""
            cards = stage.controller.pages.cards.drawn
            session.finish([card.id for card in cards if card.is_under_way])
            if screen not in map(type, app.screen_stack):
                gallery.come_back()
                stage.controller.pages.go(MIDDLE)
                gallery.part = None
                await stage.press(*OVER_GALLERY[screen].split())
                await stage.until(lambda: isinstance(app.screen, screen))
            while type(app.screen) is not screen:
                await app.pop_screen()
            gallery._unsay()

        await reopen()
        await press_all(app, stage.pilot, monkeypatch)
        assert await idle_keys(app, stage.pilot, screen, session, reopen) == []
        if screen is Gallery:
            await reopen()
            assert await changes(app, stage.pilot, "q", session)


@pytest.mark.parametrize("screen", AT_HOME)
async def test_every_key_of_the_list_reaches_its_action_and_changes_something(screen, monkeypatch):
    shelf = Shelf("faces", "birds", "cats")
    async with at_home(shelf) as (_, app, pilot):

        async def reopen() -> None:
            if screen not in map(type, app.screen_stack):
                await pilot.press(*AT_HOME[screen].split())
                await until(pilot, lambda: type(app.screen) is screen)
            while type(app.screen) is not screen:
                if isinstance(app.screen, Gallery):
                    await pilot.press("q")
                    await until(pilot, lambda: not isinstance(app.screen, Gallery))
                else:
                    await app.pop_screen()

        await reopen()
        await pilot.pause()
        await press_all(app, pilot, monkeypatch)
        assert await idle_keys(app, pilot, screen, shelf, reopen) == []
        if screen is PopulationList:
            await reopen()
            assert await changes(app, pilot, "q", shelf)


def test_every_key_can_be_set_in_the_config_file():
    listed = {binding.id for binding in keys.everything()}
    for screen in (Fancier, HelpPage, *OVER_GALLERY, *AT_HOME):
        for binding in screen.BINDINGS:
            assert binding.id in listed, f"{binding.id} of {screen.__name__}"
