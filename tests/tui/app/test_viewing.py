"""A population that is only looked at, beside one who breeds it."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from damaging import flip, root
from saved import CONFIG, born, painted
from stage import CountingApp, until
from textual.widgets import Label

from evolve.errors import FancierError
from evolve.genome import Prompt
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Judgement, Render
from evolve.session.drafting import DROPPED
from populations import Population
from populations.home import shelf
from populations.studio.showing.viewing import Viewing
from tui.controller.cards import State
from tui.controller.population_controller import PopulationController
from tui.screens.event_bridge import EventBridge
from tui.screens.gallery import Gallery
from tui.screens.overlays.lineage import Lineage
from tui.widgets.inspector import Inspector
from tui.widgets.keybar import KeyBar
from tui.widgets.messages import PaintingMoved
from tui.widgets.status import status_row
from tui.widgets.text_lines import Span


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home, rows = tmp_path_factory.mktemp("original"), [born(0, 0), born(1, 0)]
    with Population.create(home, "faces", CONFIG, rows=rows) as population:
        population.append([painted(0), painted(1)])
    return home


@pytest.fixture
def faces(home: Path) -> Iterator[Population]:
    """A page of two, painted, and open for writing."""
    with Population.open(home / "faces") as population:
        yield population


class Looker:
    """A controller on a view, with what it says."""

    def __init__(self, population: Population) -> None:
        self.notices: list[str] = []
        self._happened: queue.Queue[events.Event] = queue.Queue()
        self.view = Viewing(Population.open(population.path, write=False), every=0.001)
        self.controller = PopulationController(self.view, notify=self.notices.append)
        self.view.start(self._happened.put)

    def wait(self, kind: type) -> None:
        """Take events in up to the next of a kind."""
        while True:
            event = self._happened.get(timeout=20)
            self.controller.receive(event)
            if isinstance(event, kind):
                return


@pytest.fixture
def looker(faces: Population) -> Iterator[Looker]:
    it = Looker(faces)
    yield it
    it.view.close()


def test_what_another_saves_appears_and_the_cursor_stays(faces, looker):
    controller = looker.controller
    controller.pages.move(1)
    controller.mark()
    faces.append([born(2, 1, 0), born(3, 1, 1), Judgement(individual=0, kind="rate", value=4)])
    looker.wait(events.Renewed)
    assert controller.pages.generations == [0, 1]
    assert (controller.pages.cursor, controller.pages.marked) == (1, [1])
    assert controller.pages.cards[0].rating == 4
    assert controller.pages.cards[2].state is State.WAITING
    faces.append([painted(2)])
    looker.wait(events.Renewed)
    assert controller.pages.cards[2].state is State.PAINTED


def test_the_cursor_of_every_page_is_kept(faces, looker):
    pages = looker.controller.pages
    pages.move(1)
    faces.append([born(2, 1, 0), born(3, 1, 1)])
    looker.wait(events.Renewed)
    pages = looker.controller.pages
    pages.turn(1)
    pages.move(1)
    faces.append([painted(2)])
    looker.wait(events.Renewed)
    pages = looker.controller.pages
    assert pages.cursor == 3
    pages.turn(-1)
    assert pages.cursor == 1
    pages.turn(1)
    assert pages.cursor == 3


def test_news_are_taken_up_once(faces):
    view, messages = Viewing(Population.open(faces.path, write=False)), []
    bridge = EventBridge(view)
    bridge.start(messages.append)
    messages.clear()
    view.close()
    for _ in range(3):
        bridge._listen(events.Renewed())
    assert messages == [PaintingMoved()]
    assert bridge.take() == [events.Renewed()]
    assert bridge.take() == []
    bridge._listen(events.Renewed())
    assert messages == [PaintingMoved(), PaintingMoved()]


async def test_what_another_saves_appears_on_the_screen(faces):
    view = Viewing(Population.open(faces.path, write=False), every=0.001)
    gallery = Gallery(view, name="faces")
    async with CountingApp(gallery).run_test(size=(120, 36)) as pilot:
        faces.append([born(2, 1, 0)])
        await until(pilot, lambda: gallery.controller.pages.generations == [0, 1])


@pytest.mark.parametrize("column", ["origin", "parents"])
async def test_a_damaged_birth_ends_nothing(faces, column):
    faces.append([born(2, 1, 0), born(3, 1, 1), painted(2), painted(3)])
    faces.append([Plan(prompt=Prompt.parse("an owl"), since=2)])
    for file in (root(faces.path) / "individuals" / column).glob("c.*"):
        flip(file)
    view = Viewing(Population.open(faces.path, write=False))
    gallery = Gallery(view, name="faces")
    app = CountingApp(gallery)
    async with app.run_test(size=(120, 36)) as pilot:
        gallery.notices.text = ""
        for key in [
            "i",
            "comma",
            "full_stop",
            "enter",
            "i",
            "escape",
            "T",
            "up",
            "escape",
            "c",
            "escape",
        ]:
            await pilot.press(key)
            await pilot.pause()
        assert app.screen is gallery
        await until(pilot, lambda: "unknown: because" in gallery.query_one(Inspector).text)


async def test_no_key_is_named_that_would_paint_in_a_read_only_population(faces, tmp_path):
    faces.append([born(2, 0), Render(individual=2, picture=None, error=DROPPED)])
    gallery = Gallery(Viewing(Population.open(faces.path, write=False)), name="faces")
    app = CountingApp(gallery)
    app.album = tmp_path
    async with app.run_test(size=(120, 36)) as pilot:
        gallery.controller.pages.go(2)
        await pilot.press("S")
        await until(pilot, lambda: gallery.notice == "#2 is not saved: it was dropped")
        await pilot.press("5")
        await until(pilot, lambda: gallery.notice == "read-only: nothing can be changed")


def test_a_view_that_breaks_says_so(looker, monkeypatch):
    monkeypatch.setattr(looker.view._population, "refresh", lambda: 1 / 0)
    looker.wait(events.Stopped)
    assert "reading stopped (ZeroDivisionError: " in looker.controller.ended


def test_it_says_first_who_has_it_open(faces, looker):
    looker.wait(events.Notice)
    assert "open elsewhere (pid " in looker.notices[0]


def test_nothing_can_be_changed(faces, looker):
    commits, controller = faces.commits, looker.controller
    for ask in (
        lambda: controller.rate(5),
        controller.pin,
        lambda: controller.answer("none"),
        controller.mutate,
        lambda: controller.look(0),
    ):
        looker.notices.clear()
        ask()
        assert looker.notices[-1] == "read-only: nothing can be changed"
    with pytest.raises(FancierError, match="read-only: nothing can be changed"):
        controller.fork("second", 0)
    assert controller.pages.cards[0].rating == 0
    assert not controller.stop_painting()
    assert not controller.breeding
    assert faces.commits == commits


async def test_no_box_is_opened_for_what_could_not_be_saved(faces):
    view = Viewing(Population.open(faces.path, write=False))
    gallery = Gallery(view, name="faces")
    app = CountingApp(gallery)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: gallery.notice)
        for keys in ("w", "e", "s", "R", "d", "a", "b", "D", "T", "t B"):
            gallery.notices.text = ""
            await pilot.press(*keys.split())
            await until(pilot, lambda: "read-only" in gallery.notice)
            assert isinstance(app.screen, Gallery | Lineage)
        await pilot.press("escape")
        offered = gallery.query_one(KeyBar).text.split()
        assert {"around", "auto-advance", "breed"}.isdisjoint(offered)
        assert not gallery.controller.advances


def test_the_status_line_says_so_instead_of_what_is_painted(faces, looker):
    faces.append([born(2, 1, 0)])
    looker.wait(events.Renewed)
    row, _ = status_row(looker.controller, name="faces", place="", notice="", width=120)
    told = "".join(part.text for part in row)
    assert Span("read-only ", "accent") in row
    assert "loading" not in told
    assert "saved" not in told


def test_another_branch_is_shown_without_writing(faces, looker):
    faces.fork("old", at=1)
    faces.append([born(2, 1, 0), painted(2)])
    controller, commits = looker.controller, faces.commits
    while controller.pages.generations != [0, 1]:
        looker.wait(events.Renewed)
    assert [branch.name for branch in controller.branches()] == ["main", "old"]
    controller.switch("old")
    looker.wait(events.Switched)
    assert (controller.branch, controller.pages.shown) == ("old", [0, 1])
    faces.branch("old").append([born(3, 1, 1), painted(3)])
    while controller.pages.generations != [0, 1]:
        looker.wait(events.Renewed)
    assert not controller.pages.shows(2)
    with pytest.raises(FancierError, match="no branch named 'new'"):
        controller.switch("new")
    assert (faces.commits, controller.branch) == (commits + 1, "old")


async def test_another_branch_is_chosen_in_a_read_only_population(faces):
    faces.fork("old", at=1)
    faces.append([born(2, 1, 0), painted(2)])
    view = Viewing(Population.open(faces.path, write=False))
    gallery = Gallery(view, name="faces")
    app = CountingApp(gallery)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("B")
        lines = [str(label.content) for label in app.screen.query(Label)]
        assert lines == ["Show another branch", "enter goes there · escape goes back"]
        await pilot.press("down", "enter")
        await until(pilot, lambda: gallery.controller.branch == "old")
        await until(pilot, lambda: gallery.controller.pages.shown == [0, 1])


@pytest.mark.parametrize("key", ["L", "B"])
async def test_boxes_name_no_keys_that_would_change_a_read_only_population(faces, key):
    faces.fork("old", at=1)
    gallery = Gallery(Viewing(Population.open(faces.path, write=False)), name="faces")
    app = CountingApp(gallery)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: app.screen is not gallery)
        hint = str(app.screen.query_one(".hint", Label).content)
        assert "escape goes back" in hint
        assert not any(words in hint for words in ("breeds", "forgets", "a new one"))


def test_a_population_that_goes_away_ends_the_view(faces, looker):
    faces.close()
    shelf.rename_population(faces.path.parent, "faces", "heads")
    looker.wait(events.Stopped)
    assert "population 'faces' is no longer in" in looker.controller.ended


def test_an_earlier_state_is_looked_at_too(faces):
    faces.append([born(2, 1, 0)])
    view, told = Viewing(faces.as_of(2), moment="2"), []
    assert PopulationController(view, notify=print).pages.generations == [0]
    view.start(told.append)
    view.close()
    assert told == [events.Notice("as it was at commit 2")]


def test_what_was_not_painted_by_then_does_not_wait_for_anybody(faces):
    faces.append([born(2, 1, 0)])
    faces.fork("old", at=0)
    controller = PopulationController(Viewing(faces.as_of(3), moment="3"), notify=print)
    assert controller.pages.cards[2].state is State.NOT_YET
    assert controller.pages.cards[1].state is State.PAINTED
    faces.append([painted(2)])
    controller = PopulationController(Viewing(faces.as_of(5), moment="5"), notify=print)
    assert controller.pages.cards[2].state is State.PAINTED
