"""Every key of every screen does what its binding says, and some test asserts what that changes."""

import ast

import pytest
from fake_session import FakeSession
from places import ROOT
from shelf import Shelf, at_home
from stage import on_stage
from textual.binding import Binding

from evolve.search.individual import Verdict
from evolve.search.plan import Plan
from tui import keys
from tui.app.application import Fancier
from tui.dialogs.another_page import AnotherPage
from tui.dialogs.ask import Ask
from tui.dialogs.branch_choice import BranchChoice
from tui.dialogs.breeding_settings import BreedingSettings
from tui.dialogs.direction_choice import DirectionChoice
from tui.dialogs.new_population import NewPopulation
from tui.dialogs.page_recipe import PageRecipe
from tui.dialogs.prompt_editor import PromptEditor
from tui.screens.gallery import Gallery
from tui.screens.help import Help
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
SHARED = (
    "test_part test_gallery test_picking test_directions test_plans test_compare test_places "
    "test_lineage_screen test_keep_actions test_favourites test_finding test_another"
)
TESTED_IN = {
    Fancier: "test_app",
    Gallery: f"test_gallery_painting test_branch_choice {SHARED}",
    Zoom: f"test_zoom {SHARED}",
    Compare: f"test_compare {SHARED}",
    Ring: f"test_directions {SHARED}",
    Lineage: f"test_lineage_screen {SHARED}",
    Favourites: f"test_favourites {SHARED}",
    Repaint: "test_places test_gallery",
    EditPlace: "test_places test_gallery",
    TakePlace: "test_places test_gallery",
    PartChoice: "test_places test_part test_gallery",
    PageRecipe: "test_plans",
    BreedingSettings: "test_plans",
    AnotherPage: "test_another",
    PromptEditor: "test_plans",
    DirectionChoice: "test_directions",
    BranchChoice: "test_branch_choice",
    Ask: "test_directions",
    Help: "test_gallery",
    PopulationList: "test_home test_finding",
    NewPopulation: "test_home",
}
"""Where tests assert what the keys of a screen change."""


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


@pytest.mark.parametrize("screen", OVER_GALLERY, ids=lambda screen: screen.__name__)
async def test_every_key_reaches_its_action(screen, monkeypatch):
    session = FakeSession((12, 12))
    session.archive.judged = {12: Verdict(rating=5)}
    session.archive.plans = [Plan(directions={"older": (0, 12)})]
    async with on_stage(session) as stage:
        await stage.press(*OVER_GALLERY[screen].split())
        await stage.until(lambda: isinstance(stage.app.screen, screen))
        await press_all(stage.app, stage.pilot, monkeypatch)


@pytest.mark.parametrize("screen", [PopulationList, NewPopulation])
async def test_every_key_reaches_its_action_at_home(screen, monkeypatch):
    async with at_home(Shelf("faces")) as (_, app, pilot):
        if screen is NewPopulation:
            await pilot.press("n")
            await pilot.pause()
        await press_all(app, pilot, monkeypatch)


def pressed(module: str) -> set[str]:
    """Return every text in a test module, and its words: keys are written in either way."""
    tree = ast.parse(next((ROOT / "tests/tui").rglob(f"{module}.py")).read_text("utf-8"))
    found = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
    texts = {value for value in found if isinstance(value, str)}
    return texts | {word for text in texts for word in text.split()}


@pytest.mark.parametrize("screen", TESTED_IN, ids=lambda screen: screen.__name__)
def test_what_every_action_changes_is_asserted_somewhere(screen):
    known = set().union(*(pressed(module) for module in TESTED_IN[screen].split()))
    other = {"equals_sign": "=", "question_mark": "?", "comma": ",", "full_stop": "."}
    for binding in screen.BINDINGS:
        assert isinstance(binding, Binding)
        names = {name for key in binding.key.split(",") for name in (key, other.get(key, key))}
        assert names & known, f"no test presses {binding.key} ({binding.id}) of {screen.__name__}"


def test_every_key_can_be_set_in_the_config_file():
    listed = {binding.id for binding in keys.everything()}
    for screen in TESTED_IN:
        for binding in screen.BINDINGS:
            assert binding.id in listed, f"{binding.id} of {screen.__name__}"
