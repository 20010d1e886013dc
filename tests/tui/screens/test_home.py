"""The list of populations."""

import asyncio
import threading

import pytest
from shelf import Shelf, at_home
from stage import turn_wheel, type_ahead, until
from textual.widgets import Input, Static

from evolve.errors import ArchiveError, LockedError, SavingError
from tui.dialogs.new_population import NewPopulation
from tui.screens.gallery import Gallery
from tui.screens.help import Help
from tui.widgets.chooser import Chooser
from tui.widgets.keybar import KeyBar
from tui.widgets.pictures.thumb import Thumb
from tui.widgets.status import Status
from tui.widgets.text_lines import TextLines


async def test_the_list_shows_what_there_is():
    async with at_home(Shelf("faces", "pirates")) as (home, _, _):
        text = home.query_one(Chooser).text
        assert [line.split()[0] for line in text.splitlines()] == ["faces", "pirates"]
        for part in ("a smiling woman", "portraits", "12", "3", "never"):
            assert part in text
        assert "2 populations" in home.query_one("#title").text
        assert not home.query_one("#welcome").display


MOVES = [
    ("down", 1),
    ("j j", 2),
    ("j j j", 2),
    ("down up", 0),
    ("j k k", 0),
    ("G", 2),
    ("end home", 0),
    ("G g", 0),
]


async def test_keys_move_in_the_list():
    async with at_home(Shelf("a", "b", "c")) as (home, _, pilot):
        for keys, place in MOVES:
            await pilot.press("g", *keys.split())
            assert (keys, home.query_one(Chooser).selected) == (keys, place)


async def test_a_long_list_scrolls_with_the_bar():
    async with at_home(Shelf(*(f"p{n:02}" for n in range(60)))) as (home, app, pilot):
        chooser = home.query_one(Chooser)
        assert "p00" in chooser.text
        await pilot.press("pagedown", "down", "ctrl+u")
        assert chooser.selected == 1
        turn_wheel(app, chooser.region.center, 1)
        await until(pilot, lambda: chooser.selected == 2)
        await pilot.press("G")
        assert "p59" in chooser.text
        assert "p00" not in chooser.text
        seen = f"{61 - chooser.size.height}-60 of 60 populations"
        await until(pilot, lambda: seen in home.query_one("#title").text)


async def test_what_other_programs_make_and_delete_appears_and_the_bar_stays(monkeypatch):
    monkeypatch.setattr("tui.screens.list_view.EVERY", 0.01)
    shelf = Shelf("a", "b", "c")
    async with at_home(shelf) as (home, _, pilot):
        chooser = home.query_one(Chooser)
        await pilot.press("g", "down")
        shelf.names.insert(0, "_")
        await until(pilot, lambda: "4 populations" in home.query_one("#title").text)
        assert home._selected == "b"
        await pilot.press("down")
        shelf.names.remove("b")
        await until(pilot, lambda: "3 populations" in home.query_one("#title").text)
        assert home._selected == "c"
        shelf.names.remove("c")
        await until(pilot, lambda: "2 populations" in home.query_one("#title").text)
        assert (home._selected, chooser.selected) == ("a", 1)
        shelf.names.clear()
        await until(pilot, lambda: home.query_one("#welcome").display)


async def test_a_reading_that_ends_while_the_app_closes_is_given_up(monkeypatch):
    shelf, begun, over = Shelf("faces"), threading.Event(), threading.Event()
    read = shelf.populations

    def late():
        begun.set()
        over.wait(60)
        return read()

    async with at_home(shelf) as (home, app, pilot):
        shelf.populations = late
        home.work(home._reload())
        await until(pilot, begun.is_set)
        await home.query_one(Chooser).remove()  # widgets go first
        with monkeypatch.context() as closing:
            closing.setattr(type(app), "is_running", False)
            over.set()
            await app.workers.wait_for_complete()


async def test_a_reading_that_ends_after_a_later_one_is_made_up_for(monkeypatch):
    monkeypatch.setattr("tui.screens.list_view.EVERY", 0.01)
    shelf, begun, over, shown = Shelf("a", "b"), threading.Event(), threading.Event(), []
    read = shelf.populations

    def late():
        shelf.populations, seen = read, read()
        begun.set()
        over.wait()
        return seen

    async with at_home(shelf) as (home, _, pilot):
        fill = home._fill
        home._fill = lambda select=None: (shown.append(len(home._populations)), fill(select))
        shelf.populations = late
        shelf.names.append("c")
        try:
            await until(pilot, begun.is_set)
            shelf.names[:] = ["c"]
            await until(pilot, lambda: shown[-1:] == [1])
        finally:
            over.set()
        await until(pilot, lambda: 3 in shown)
        await until(pilot, lambda: shown[-1] == 1)


async def test_a_population_is_opened_and_left_again():
    shelf = Shelf("faces", "pirates")
    shelf.last = "pirates"  # the bar is on what was used last
    async with at_home(shelf) as (home, app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
        assert app.screen.population == "pirates"
        assert app.screen.query_one(KeyBar).text.endswith("q list  ? help")
        await until(pilot, lambda: shelf.sessions[0].listener)
        await pilot.press("q")
        await until(pilot, lambda: app.screen is home)
        await until(pilot, lambda: shelf.sessions[0].closed == 1)
        await until(pilot, lambda: not home._busy)
        assert home.query_one(Chooser).selected == 1
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
    assert [session.closed for session in shelf.sessions] == [1, 1]


async def test_a_population_that_cannot_be_opened_is_one_line():
    shelf = Shelf("faces")
    shelf.refusal = ArchiveError("faces is open elsewhere: close it there first")
    async with at_home(shelf) as (home, app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "open elsewhere" in home.query_one("#message").text)
        assert app.screen is home
        shelf.refusal = None
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))


async def test_a_population_that_was_opened_but_cannot_be_shown_is_closed_again(monkeypatch):
    def damaged(*_, **__):
        raise ArchiveError("the births are damaged")

    monkeypatch.setattr("tui.screens.population_list.Gallery", damaged)
    shelf = Shelf("faces")
    async with at_home(shelf) as (home, _, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "births are damaged" in home.query_one("#message").text)
        assert [session.closed for session in shelf.sessions] == [1]


async def test_quitting_while_a_population_is_being_opened_closes_it():
    shelf = Shelf("faces")
    shelf.gate = threading.Event()
    async with at_home(shelf) as (home, _, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: shelf.opening)
        assert "opening faces" in home.query_one("#message").text
        await pilot.press("q")
    shelf.gate.set()
    await asyncio.get_running_loop().shutdown_default_executor()  # as at the end of the program
    assert [session.closed for session in shelf.sessions] == [1]


async def test_a_list_that_cannot_be_read_is_one_line():
    shelf = Shelf()

    def unreadable():
        raise ArchiveError("no right to read /populations")

    shelf.populations = unreadable
    async with at_home(shelf) as (home, _, pilot):
        await until(pilot, lambda: "no right to read" in home.query_one("#message").text)


async def test_without_populations_one_page_explains_everything():
    async with at_home(Shelf(), (60, 20)) as (home, app, pilot):
        assert home.query_one("#welcome").display
        text = str(home.query_one("#welcome Static", Static).visual)
        for part in ("1", "5", "x", "space", "b", "+", "Press enter to begin"):
            assert part in text
        assert home.query_one("#welcome Static").region.right <= 60  # it is wrapped, not cut
        assert "no population yet" in home.query_one("#title").text
        await pilot.press("j", "G", "pagedown")
        assert home.query_one("#message").text == ""
        assert home.query_one(KeyBar).text.split() == ["n", "new", "q", "quit", "?", "help"]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NewPopulation))


async def test_help_explains_the_list():
    async with at_home(Shelf("a")) as (home, app, pilot):
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        assert "Make a new population" in {s for ls in app.screen._sections.values() for _, s in ls}
        await pilot.press("escape")
        assert app.screen is home


async def test_escape_leaves_neither_gallery_nor_list():
    shelf = Shelf("faces")
    async with at_home(shelf) as (home, app, pilot):
        type_ahead(app, *["escape"] * 5)
        await until(pilot, lambda: "q quits" in home.query_one("#message", TextLines).text)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery) and shelf.sessions[0].listener)
        type_ahead(app, "enter", "question_mark", *["escape"] * 5)
        await until(pilot, lambda: "nothing to close; q leaves" in app.screen_stack[2].notice)
        assert isinstance(app.screen, Gallery)
        assert shelf.sessions[0].closed == 0


async def test_what_is_typed_while_a_population_is_being_opened_changes_no_other():
    shelf = Shelf("faces", "pirates")
    shelf.gate = threading.Event()
    async with at_home(shelf) as (_, app, pilot):
        type_ahead(app, "enter", "x", "r", "c", "n")
        await pilot.pause()
        shelf.gate.set()
        await until(pilot, lambda: isinstance(app.screen, Gallery))
        assert shelf.names == ["faces", "pirates"]
        assert len(app.screen_stack) == 3


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_leaving_the_list_ends_the_app_with_status_0(key):
    async with at_home(Shelf("a")) as (_, app, pilot):
        await pilot.press(key)
    assert app.return_code == 0


async def test_the_mouse_selects_and_opens():
    async with at_home(Shelf("a", "b")) as (home, app, pilot):
        await pilot.click(Chooser, offset=(3, 1))
        assert home.query_one(Chooser).selected == 1
        await pilot.click(Chooser, offset=(3, 1))
        await until(pilot, lambda: isinstance(app.screen, Gallery))


async def test_what_was_done_last_is_taken_back_first():
    shelf = Shelf("faces", "pirates", "owls")
    async with at_home(shelf) as (home, _, pilot):
        message = home.query_one("#message")
        type_ahead(pilot.app, "G", "x", "g", "r", "end", "s", "enter", "c", "enter")
        await until(pilot, lambda: shelf.names == ["facess", "pirates", "facess-2"])
        for said, names in (
            ("the copy facess-2 is in the trash", ["facess", "pirates"]),
            ("facess is faces again", ["faces", "pirates"]),
            ("owls is back", ["faces", "pirates", "owls"]),
            ("nothing to take back", ["faces", "pirates", "owls"]),
        ):
            await pilot.press("u")
            await until(pilot, lambda said=said: said in message.text)
            assert shelf.names == names


async def test_what_was_deleted_another_day_is_offered_first_and_taken_back_then():
    shelf = Shelf("faces")
    async with at_home(shelf) as (home, _, pilot):
        home._shelf.trash[:], home._shelf.old = ["owls", "cats"], {"owls"}
        for said in ("owls was deleted 2 days ago: u again", "owls is back", "nothing to take"):
            await pilot.press("u")
            await until(pilot, lambda said=said: said in home.query_one("#message").text)
        assert shelf.names == ["faces", "owls"]
        assert home._selected == "owls"


async def test_what_could_not_be_deleted_is_not_taken_back():
    shelf = Shelf("faces")
    shelf.locked = "faces"
    async with at_home(shelf) as (home, _, pilot):
        await pilot.press("x")
        await until(pilot, lambda: "open elsewhere" in home.query_one("#message").text)
        await pilot.press("u")
        await until(pilot, lambda: "nothing to take back" in home.query_one("#message").text)
        assert shelf.names == ["faces"]


async def test_what_could_not_be_taken_back_can_be_later():
    shelf = Shelf("faces")
    async with at_home(shelf) as (home, _, pilot):
        message = home.query_one("#message")
        await pilot.press("x")
        await until(pilot, lambda: "in the trash" in message.text)
        shelf.locked = "faces"
        await pilot.press("u")
        await until(pilot, lambda: "open elsewhere" in message.text)
        shelf.locked = ""
        await pilot.press("u")
        await until(pilot, lambda: shelf.names == ["faces"])


async def test_a_name_that_is_taken_is_refused_in_a_line():
    shelf = Shelf("faces", "pirates")
    async with at_home(shelf) as (home, _, pilot):
        await pilot.press("r")
        await pilot.pause()
        pilot.app.screen.query_one(Input).value = "pirates"
        await pilot.press("enter")
        error = pilot.app.screen.query_one("#error", Static)
        await until(pilot, lambda: "exists already" in str(error.content))
        await pilot.press("end", "x", "s")
        assert pilot.app.screen.query_one(Input).value == "piratesxs"
        assert shelf.names == ["faces", "pirates"]
        await pilot.press("enter")
        await until(pilot, lambda: shelf.names == ["piratesxs", "pirates"])
        await until(pilot, lambda: pilot.app.screen is home)


@pytest.mark.parametrize(
    "error",
    [
        LockedError("population 'faces' is open elsewhere: close it there"),
        SavingError(f"cannot write to {'long/' * 40}: make it so", "read-only folder"),
    ],
)
async def test_a_population_that_cannot_be_changed_now_can_be_viewed(error):
    shelf = Shelf("faces")
    shelf.refusal = error
    async with at_home(shelf) as (home, app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "press v to view it" in home.query_one("#message").text)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
        assert shelf.viewed == ["faces"]
        await until(pilot, lambda: "read-only" in app.screen.query_one(Status).text)


async def test_a_picture_that_is_read_too_late_is_not_shown():
    async with at_home(Shelf("faces")) as (home, _, _):
        pass
    await home._read_picture("faces")
    assert not home.is_there


async def test_more_is_told_of_the_selected_population_where_there_is_room():
    async with at_home(Shelf("faces", "pirates"), size=(100, 40)) as (home, _, pilot):
        newest, facts = home.query_one("#newest", Thumb), home.query_one("#facts")
        await until(pilot, lambda: newest.pixels is not None)
        assert "painted by portraits" in facts.text
        await pilot.press("j")
        await until(pilot, lambda: "pirates" in facts.text)
        assert newest.pixels is None
    async with at_home(Shelf("faces"), size=(80, 24)) as (home, _, _):
        assert not home.query_one("#preview").display
