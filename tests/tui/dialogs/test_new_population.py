"""The form for a new population."""

import threading

import pytest
from shelf import Shelf, at_home
from stage import until
from textual import events
from textual.widgets import Input, Static

from evolve.errors import ArchiveError, GenomeError, IncompleteModelError, ModelError
from tui.dialogs import new_population
from tui.dialogs.new_population import NewPopulation, place_of
from tui.screens.gallery import Gallery


async def test_a_new_population_is_made_and_opened():
    shelf = Shelf("faces")
    async with at_home(shelf) as (home, app, pilot):
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NewPopulation))
        await pilot.press(*"a q", "tab", *"owls", "tab", *"me/owl", "enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
        assert shelf.made == [("owls", "a q", "me/owl")]
        assert app.screen.population == "owls"
        await pilot.press("q")
        await until(pilot, lambda: app.screen is home and not home._busy)
        assert home._selected == "owls"


async def test_the_key_that_completes_takes_what_an_empty_line_shows():
    async with at_home(Shelf()) as (_, app, pilot):
        await pilot.press("n", "right")
        prompt = app.screen.query_one("#prompt", Input)
        assert prompt.value == prompt.placeholder
        await pilot.press("left", "left", "right", *"!")
        assert prompt.value == f"{prompt.placeholder[:-1]}!{prompt.placeholder[-1]}"
        await pilot.press("tab", "right")
        assert app.screen.query_one("#name", Input).value == "smiling-woman-red-hair"


async def test_the_form_is_there_before_the_names_of_the_models_are():
    gate, shelf = threading.Event(), Shelf("faces")

    def models():
        gate.wait(60)
        return ["portraits", "landscapes"]

    shelf.models = models
    async with at_home(shelf) as (_, _, pilot):
        await pilot.press("n", "x")
        form = pilot.app.screen
        assert form.styles.background.a == 1  # nothing of the list is seen beside it
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
        fields = ["prompt", "name", "model", "file"]
        assert [field.id for field in app.screen.query(Input)] == fields
        assert {field.size.height for field in app.screen.query(Input)} == {1}
        await pilot.press(*"owl", "shift+tab", *"x.png", "shift+tab", "enter")
        field = app.screen.query_one("#file", Input)  # where the error leads
        await until(pilot, lambda: app.screen.focused is field)
        assert "no file 'x.png'" in str(app.screen.query_one("#error", Static).content)
        await pilot.press(*["backspace"] * 5, "enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))


async def test_a_file_that_reads_like_the_home_of_nobody_is_reported_as_missing():
    async with at_home(Shelf()) as (_, app, pilot):
        await pilot.press("n", *"owl", "shift+tab", *"~no.png", "enter")
        error = app.screen.query_one("#error", Static)
        await until(pilot, lambda: "no file '~no.png'" in str(error.content))


async def test_files_are_looked_for_beside_the_event_loop(monkeypatch):
    asked = []
    monkeypatch.setattr(
        new_population, "dropped", lambda text: asked.append(threading.current_thread()) or ()
    )
    async with at_home(Shelf()) as (_, app, pilot):
        await pilot.press("n", *"owl", "enter")
        await until(pilot, lambda: isinstance(app.screen, Gallery))
    assert asked
    assert threading.main_thread() not in asked


@pytest.mark.parametrize("tabs", [0, 1, 3])
async def test_files_that_are_dropped_go_to_their_line(tabs):
    async with at_home(Shelf()) as (_, app, pilot):
        await pilot.press("n", *["tab"] * tabs)
        for text in ("'/my pictures/a.png' ", "/b.png"):
            app.post_message(events.Paste(text))
            await pilot.pause()
        typed = {field.id: field.value for field in app.screen.query(Input)}
        files = "'/my pictures/a.png' /b.png"
        assert typed == {"prompt": "", "name": "", "model": "", "file": files}
        app.screen.query_one("#prompt", Input).focus()
        app.post_message(events.Paste("an owl"))
        await pilot.pause()
        assert app.screen.query_one("#prompt", Input).value == "an owl"


async def test_a_file_replaces_those_that_are_selected():
    async with at_home(Shelf()) as (_, app, pilot):
        await pilot.press("n")
        file = app.screen.query_one("#file", Input)
        file.value = "/a.png"
        file.focus()
        file.select_all()
        app.post_message(events.Paste("/b.png"))
        await pilot.pause()
        assert file.value == "/b.png"


async def test_a_model_in_a_folder_can_be_pasted():
    async with at_home(Shelf()) as (_, app, pilot):
        await pilot.press("n", "tab", "tab")
        app.post_message(events.Paste("/disk/owls"))
        await pilot.pause()
        assert app.screen.query_one("#model", Input).value == "/disk/owls"
        assert app.screen.query_one("#file", Input).value == ""


async def test_what_is_wrong_is_seen_in_a_low_terminal():
    async with at_home(Shelf("faces"), (60, 16)) as (_, app, pilot):
        await pilot.press("n", "enter")
        error = app.screen.query_one("#error", Static)
        await until(pilot, lambda: "prompt is empty" in str(error.content))
        await until(pilot, lambda: error.region.y >= 0 and error.region.bottom <= 16)


async def test_what_was_wrong_in_the_form_is_no_longer_said_when_it_is_changed():
    async with at_home(Shelf()) as (_, app, pilot):
        await pilot.press("n", "enter")
        error = app.screen.query_one("#error", Static)
        await until(pilot, lambda: "prompt is empty" in str(error.content))
        await pilot.press("a")
        assert str(error.content) == ""


async def test_the_form_completes_words_of_the_built_in_model_and_names_those_it_does_not_know():
    shelf = Shelf()
    shelf.topics = {"what": ["a smiling woman", "a hat", "red hair"]}
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


async def test_the_form_names_a_weight_of_another_program_while_it_is_typed():
    shelf = Shelf()
    shelf.topics = {"what": ["a woman", "red hair"]}
    async with at_home(shelf) as (_, app, pilot):
        await pilot.press("n")
        prompt, error = (app.screen.query_one(f"#{id}") for id in ("prompt", "error"))
        await until(pilot, lambda: prompt.suggester is not None)
        prompt.value = "a woman, (red hair:1.3)"
        line = "text, not a weight: (red hair:1.3) (type | red hair :1.4)"
        await until(pilot, lambda: str(error.content) == line)
        prompt.value = "a crown, (red hair:1.3)"
        await until(pilot, lambda: str(error.content) == f"unknown to this model: crown\n{line}")
        prompt.value = "a woman | red hair :1.3"
        await until(pilot, lambda: str(error.content) == "")


async def test_words_that_come_late_leave_what_is_wrong_where_it_is():
    shelf, gate = Shelf(), threading.Event()

    def words():
        gate.wait(60)
        return {"what": ["a hat"]}

    shelf.words = words
    async with at_home(shelf) as (_, _, pilot):
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
    shelf.topics = {"what": ["a hat"]}
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

    shelf.models = models
    async with at_home(shelf) as (_, _, pilot):
        await pilot.press("n")
        error = pilot.app.screen.query_one("#error", Static)
        await until(pilot, lambda: "damaged" in str(error.content))


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

    def refuse(*_, **more):
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


async def test_a_key_right_behind_an_error_goes_to_the_field_that_it_is_about():
    async with at_home(Shelf()) as (_, app, pilot):
        await pilot.press("n", "tab")
        assert app.screen.focused is app.screen.query_one("#name", Input)
        await app.screen._make()
        assert app.screen.focused is app.screen.query_one("#prompt", Input)


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (ArchiveError("a population named 'picture' exists already: take another"), "name"),
        (ArchiveError("a population named 'my-taste' exists already: take another"), "name"),
        (ArchiveError("'owl.gif' isn't a picture that's known"), "file"),
        (GenomeError("nothing is known of your taste in 'fox'"), "taste"),
        (ArchiveError("no population named 'fox' in /home: 'fancier list' shows all"), "taste"),
        (ArchiveError("a population named 'fox' exists already: take another"), "name"),
    ],
)
def test_what_a_population_is_called_says_nothing_of_what_is_wrong(error, field):
    name = "fox" if field == "name" else "owl"
    assert place_of(error, {"name": name, "file": "owl.gif", "taste": "fox"}) == field


@pytest.mark.parametrize(
    ("method", "keys"), [("create", ["n", *"owl", "enter"]), ("rename", ["r", *"2", "enter"])]
)
async def test_escape_reports_that_it_has_to_wait_for_what_is_being_made(method, keys):
    shelf, gate = Shelf("faces"), threading.Event()
    make = getattr(shelf, method)

    def slowly(*args, **more):
        gate.wait(60)
        make(*args, **more)

    setattr(shelf, method, slowly)
    async with at_home(shelf) as (home, app, pilot):
        await pilot.press(*keys)
        form = app.screen
        await until(pilot, lambda: form.busy)
        await pilot.press("escape")
        error = form.query_one("#error", Static)
        await until(pilot, lambda: str(error.content) == "still working: escape has to wait")
        assert app.screen is form
        gate.set()
        if method == "create":
            await until(pilot, lambda: isinstance(app.screen, Gallery))
        else:
            await until(pilot, lambda: app.screen is home and not home._busy)


@pytest.mark.parametrize("key", ["n", "r"])
async def test_what_is_pasted_becomes_one_line_in_every_field(key):
    async with at_home(Shelf("faces")) as (_, app, pilot):
        await pilot.press(key)
        for pasted, stands in (
            ("a woman\nwith glasses", "a woman with glasses"),
            ("a woman,\r\n\r\n\twith glasses \r\n", "a woman, with glasses"),
            ("a woman,\r\r  with glasses\r", "a woman, with glasses"),
            ("face.png\r", "face.png"),
            ("two  spaces", "two  spaces"),
            ("\n", ""),
        ):
            await pilot.press("end", "ctrl+u")
            app.post_message(events.Paste(pasted))
            await pilot.pause()
            assert app.screen.query(Input).first().value == stands
