"""The list of populations."""

from __future__ import annotations

import asyncio
import threading

import pytest
from shelf import FakeShelf, Shelf, at_home
from stage import CountingApp, turn_wheel, type_ahead, until
from textual import events
from textual.widgets import Input, Static

from evolve.errors import ArchiveError, GenomeError, IncompleteModelError, LockedError, ModelError
from tui.dialogs import new_population
from tui.dialogs.new_population import NewPopulation
from tui.screens.gallery import Gallery
from tui.screens.help import Help
from tui.screens.population_list import PopulationList
from tui.widgets.chooser import Chooser
from tui.widgets.keybar import KeyBar
from tui.widgets.pictures.thumb import Thumb
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


async def test_a_population_is_opened_and_left_again():
    shelf = Shelf("faces", "pirates")
    async with at_home(shelf) as (home, app, pilot):
        await pilot.press("j", "enter")
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
        await until(pilot, lambda: "opening faces" in home.query_one("#message").text)
        await pilot.press("q")
    shelf.gate.set()
    await asyncio.get_running_loop().shutdown_default_executor()  # as at the end of the program
    assert [session.closed for session in shelf.sessions] == [1]


async def test_a_list_that_cannot_be_read_is_one_line():
    shelf = Shelf()

    def unreadable():
        raise ArchiveError("no right to read /populations")

    shelf.list = unreadable
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


async def test_a_new_population_is_made_and_opened():
    shelf = Shelf("faces")
    async with at_home(shelf) as (home, app, pilot):
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NewPopulation))
        await pilot.press(*"a q", "tab", *"owls", "enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
        assert shelf.made == [("owls", "a q", "")]
        assert app.screen.population == "owls"
        await pilot.press("q")
        await until(pilot, lambda: app.screen is home and not home._busy)
        assert home._selected == "owls"


async def test_a_new_population_may_have_another_model():
    shelf = Shelf()
    async with at_home(shelf) as (_, app, pilot):
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NewPopulation))
        await pilot.press(*"a q", "tab", *"owls", "tab", *"me/owl", "enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
        assert shelf.made == [("owls", "a q", "me/owl")]


async def test_the_form_is_there_before_the_names_of_the_models_are():
    gate, shelf = threading.Event(), Shelf("faces")

    def models():
        gate.wait(5)
        return ["portraits", "landscapes"]

    home = PopulationList(
        shelf.open, shelf.list, shelf.create, models=models, shelf=FakeShelf(shelf)
    )
    async with CountingApp(home).run_test() as pilot:
        await until(pilot, lambda: home.query_one(Chooser).text)
        await pilot.press("n", "x")
        form = pilot.app.screen
        assert form.query_one("#prompt", Input).value == "x"
        gate.set()
        await until(pilot, lambda: "landscapes" in form.query_one("#model", Input).placeholder)
        await pilot.press("tab", "tab", *"land")
        await until(pilot, lambda: form.query_one("#model", Input)._suggestion == "landscapes")
    assert shelf.names == ["faces"]


async def test_a_population_begins_with_the_taste_of_another_only_if_that_is_asked_for():
    shelf = Shelf("faces")
    async with at_home(shelf) as (_, app, pilot):
        await pilot.press("n", *"owl", "tab", "tab", "tab", *"fox", "enter")
        error = app.screen.query_one("#error", Static)
        await until(pilot, lambda: "taste in 'fox'" in str(error.content))
        assert app.screen.focused is app.screen.query_one("#taste", Input)
        await pilot.press(*["backspace"] * 3, *"faces", "enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
    assert shelf.tastes == ["faces"]


async def test_the_form_asks_for_the_taste_in_another_population_only_where_there_is_one():
    async with at_home(Shelf()) as (_, app, pilot):
        await pilot.press("n")
        assert [field.id for field in app.screen.query(Input)] == ["prompt", "name", "model"]
        await pilot.press(*"owl", "enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))


async def test_what_was_wrong_in_the_form_is_no_longer_said_when_it_is_changed():
    async with at_home(Shelf()) as (_, app, pilot):
        await pilot.press("n", "enter")
        error = app.screen.query_one("#error", Static)
        await until(pilot, lambda: "prompt is empty" in str(error.content))
        await pilot.press("a")
        assert str(error.content) == ""


async def test_the_form_completes_words_of_the_built_in_model_and_names_those_it_does_not_know():
    shelf = Shelf()
    shelf.words = {"what": ["a smiling woman", "a hat", "red hair"]}
    async with at_home(shelf) as (_, app, pilot):
        await pilot.press("n")
        form = app.screen
        prompt, error = form.query_one("#prompt", Input), form.query_one("#error", Static)
        await until(pilot, lambda: prompt.suggester is not None)
        await pilot.press(*"a smi")
        await until(pilot, lambda: prompt._suggestion == "a smiling woman")
        assert str(error.content) == ""  # it may still become a word
        await pilot.press("right", *", a crown ")
        assert str(error.content) == "unknown to this model: crown"
        await pilot.press("tab", "tab", *"me/owl")
        assert str(error.content) == ""  # another model, of whose words nothing is known
        assert prompt.suggester is None


async def test_words_that_come_late_leave_what_is_wrong_where_it_is():
    shelf, gate = Shelf(), threading.Event()

    def words():
        gate.wait(5)
        return {"what": ["a hat"]}

    home = PopulationList(shelf.open, shelf.list, shelf.create, words=words, shelf=FakeShelf(shelf))
    async with CountingApp(home).run_test() as pilot:
        await until(pilot, lambda: home.query_one("#title").text)
        await pilot.press("n", "enter")
        error = pilot.app.screen.query_one("#error", Static)
        await until(pilot, lambda: "prompt is empty" in str(error.content))
        gate.set()
        prompt = pilot.app.screen.query_one("#prompt", Input)
        await until(pilot, lambda: prompt.suggester is not None)
        assert "prompt is empty" in str(error.content)


async def test_a_key_in_the_form_looks_again_only_at_what_it_changed(monkeypatch):
    looks = []
    monkeypatch.setattr(new_population, "unknown", lambda *args: looks.append(args) or "")
    shelf = Shelf()
    shelf.words = {"what": ["a hat"]}
    async with at_home(shelf) as (_, app, pilot):
        await pilot.press("n")
        prompt = app.screen.query_one("#prompt", Input)
        await until(pilot, lambda: prompt.suggester is not None)
        suggester, before = prompt.suggester, len(looks)
        await pilot.press(*"owl", "tab", *"name")
        assert prompt.suggester is suggester
        assert len(looks) == before + 3


async def test_models_that_cannot_be_listed_are_a_line_in_the_form():
    shelf = Shelf()

    def models():
        raise ModelError("the model 'portraits' is damaged")

    home = PopulationList(shelf.open, shelf.list, shelf.create, models=models)
    async with CountingApp(home).run_test() as pilot:
        await pilot.press("n")
        error = pilot.app.screen.query_one("#error", Static)
        await until(pilot, lambda: "damaged" in str(error.content))


async def test_what_is_typed_ahead_goes_where_it_belongs():
    shelf = Shelf()
    async with at_home(shelf) as (_, app, pilot):
        type_ahead(app, "n", "a", "space", *"red", "space", *"owl", "enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
        assert shelf.made == [("red-owl", "a red owl", "")]


async def test_the_name_comes_from_the_words_unless_one_is_typed():
    shelf = Shelf("red-owl", "Red-Owl-2")
    async with at_home(shelf) as (_, app, pilot):
        await pilot.press("n", "a", "space", *"red", "space", *"owl")
        assert app.screen.query_one("#name", Input).placeholder == "red-owl-3"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
        assert shelf.made == [("red-owl-3", "a red owl", "")]


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (GenomeError("the prompt is empty"), "prompt"),
        (ArchiveError("there is a population 'owls' already"), "name"),
        (IncompleteModelError("of model 'owls' a file is missing"), "model"),
    ],
)
async def test_the_form_says_what_is_wrong_goes_there_and_keeps_what_was_typed(error, field):
    shelf = Shelf()

    def refuse(*_):
        raise error

    shelf.create = refuse
    async with at_home(shelf) as (home, app, pilot):
        await pilot.press("n")
        form = app.screen
        await pilot.press(*"an owl", "tab", *"owls", "tab", *"owls", "shift+tab", "enter")
        await until(pilot, lambda: str(error) in str(form.query_one("#error", Static).content))
        assert form.focused is form.query_one(f"#{field}", Input)
        await pilot.press("s")
        values = {name: form.query_one(f"#{name}", Input).value for name in ("name", "prompt")}
        expected = {"name": "owls", "prompt": "an owl"}
        assert values == {name: text + "s" * (name == field) for name, text in expected.items()}
        await pilot.press("escape")
        assert app.screen is home


@pytest.mark.parametrize(
    ("pasted", "stands"),
    [
        ("a woman\nwith glasses", "a woman with glasses"),
        ("a woman,\r\n\r\n\twith glasses \r\n", "a woman, with glasses"),
        ("two  spaces", "two  spaces"),
        ("\n", ""),
    ],
)
@pytest.mark.parametrize("key", ["n", "r"])
async def test_what_is_pasted_becomes_one_line_in_every_field(key, pasted, stands):
    async with at_home(Shelf("faces")) as (_, app, pilot):
        await pilot.press(key, "end", "ctrl+u")
        app.post_message(events.Paste(pasted))
        await pilot.pause()
        assert app.screen.query(Input).first().value == stands


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


async def test_populations_are_renamed_copied_deleted_and_taken_back():
    shelf = Shelf("faces", "pirates")
    async with at_home(shelf) as (home, _, pilot):
        chooser = home.query_one(Chooser)
        await pilot.press("r", "end", *"-2", "enter")
        await until(pilot, lambda: shelf.names == ["faces-2", "pirates"])
        await until(pilot, lambda: "faces-2" in chooser.text)
        await pilot.press("down", "c", "enter")
        await until(pilot, lambda: "pirates-2" in chooser.text)
        await pilot.press("g", "x")
        await until(pilot, lambda: shelf.names == ["pirates", "pirates-2"])
        await until(
            pilot, lambda: "in the trash; u takes it back" in home.query_one("#message").text
        )
        await pilot.press("u")
        await until(pilot, lambda: "faces-2" in shelf.names)


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


async def test_a_population_open_elsewhere_can_be_looked_at():
    shelf = Shelf("faces")
    shelf.refusal = LockedError("population 'faces' is open in another process")
    async with at_home(shelf) as (home, app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "v looks at it" in home.query_one("#message").text)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
        assert shelf.viewed == ["faces"]


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
