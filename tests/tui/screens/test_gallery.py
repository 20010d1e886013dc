"""Every key of the gallery, and what the session tells it."""

import pytest
from fake_session import FakeSession
from stage import on_stage, turn_wheel
from textual.command import CommandPalette
from textual.containers import VerticalScroll

from evolve.search.individual import Verdict
from evolve.session import events
from tui import keys
from tui.screens.gallery import Gallery
from tui.screens.help import Help
from tui.screens.overlays.zoom import Zoom
from tui.widgets.pictures.wall import CardView, Wall


async def test_opens_at_the_last_generation_with_its_pictures_and_ratings():
    session = FakeSession((12, 12))
    session.archive.judged = {13: Verdict(rating=4), 14: Verdict(rejected=True, pinned=True)}
    async with on_stage(session) as stage:
        assert stage.captions[:4] == ["▸ 12", "13 ****", "14 pin x", "15"]
        assert len(stage.captions) == 12
        faces = stage.gallery.query_one(Wall).faces
        assert all(f.pixels is session.archive.pictures[f.id] for f in faces)
        assert "generation 2/2  judged 2/12" in stage.status


async def test_digits_rate_on_the_page_that_is_shown():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("right")
        for digit in "12345":
            await stage.press(digit)
            judgement = stage.session.judgements[-1]
            assert (judgement.individual, judgement.kind) == (13, "rate")
            assert (judgement.value, judgement.page) == (int(digit), 1)
            assert stage.captions[1] == f"▸ 13 {'*' * int(digit)}"


async def test_zero_clears_a_rating():
    async with on_stage() as stage:
        await stage.press("3", "0")
        assert stage.judgements == [(0, "rate", 3), (0, "rate", 0)]
        assert stage.captions[0] == "▸ 0"


async def test_the_same_rating_again_says_nothing_new():
    async with on_stage() as stage:
        await stage.press("3", "3")
        assert stage.judgements == [(0, "rate", 3)]


async def test_reject_and_pin_go_on_and_off():
    async with on_stage() as stage:
        for key, kind, text in (("x", "reject", "▸ 0 x"), ("p", "pin", "▸ 0 pin")):
            await stage.press(key)
            assert stage.captions[0] == text
            await stage.press(key)
            assert stage.captions[0] == "▸ 0"
            assert stage.judgements[-2:] == [(0, kind, 1), (0, kind, 0)]


@pytest.mark.parametrize(("key", "kind", "text"), [("5", "rate", "*****"), ("o", "pick", "1st")])
async def test_a_rating_or_a_pick_takes_a_rejection_back_and_one_undo_both(key, kind, text):
    async with on_stage() as stage:
        await stage.press("x", key)
        assert stage.captions[0] == f"▸ 0 {text}"
        assert stage.judgements[1:] == [(0, kind, 5 if kind == "rate" else 1), (0, "reject", 0)]
        await stage.press("u")
        assert stage.captions[0] == "▸ 0 x"
        await stage.press("ctrl+r", "x")  # a rejection leaves what was said before
        assert stage.captions[0] == f"▸ 0 {text} x"


async def test_the_same_rating_again_takes_a_rejection_back():
    async with on_stage() as stage:
        await stage.press("5", "x", "5")
        assert stage.captions[0] == "▸ 0 *****"
        assert stage.judgements == [(0, "rate", 5), (0, "reject", 1), (0, "reject", 0)]


async def test_clearing_a_rating_leaves_a_rejection():
    async with on_stage() as stage:
        await stage.press("5", "x", "0")
        assert stage.captions[0] == "▸ 0 x"


async def test_space_marks_parents_without_saying_anything_to_the_store():
    async with on_stage() as stage:
        await stage.press("space", "right", "space", "right", "space", "space")
        assert stage.controller.pages.marked == [0, 1]
        assert stage.captions[:2] == ["+0", "+1"]
        assert stage.judgements == []
        assert "marked 2" in stage.status


MOVES = [
    ("right", 1),
    ("l", 1),
    ("right left", 0),
    ("l h", 0),
    ("left", 0),
    ("down", 4),
    ("j", 4),
    ("j k", 0),
    ("down up", 0),
    ("up", 0),
    ("G", 11),
    ("end", 11),
    ("G right", 11),
    ("G down", 11),
    ("G g", 0),
    ("end home", 0),
]


async def test_keys_move_the_cursor_and_stop_at_the_edges():
    async with on_stage() as stage:
        for keys, cursor in MOVES:
            await stage.press("g", *keys.split())
            assert (keys, stage.cursor) == (keys, cursor)
            assert stage.captions[cursor].startswith("▸")
            assert sum(caption.startswith("▸") for caption in stage.captions) == 1


async def test_comma_and_full_stop_turn_generations_and_remember_the_place():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("right", "comma")
        assert (stage.cursor, stage.captions[0]) == (0, "▸ 0")
        assert "generation 1/2" in stage.status
        await stage.press("comma")
        assert "this is the first generation" in stage.status
        await stage.press("full_stop")
        assert stage.cursor == 13
        await stage.press("full_stop")
        assert "this is the last generation" in stage.status


async def test_brackets_turn_the_screens_of_a_generation_and_then_generations():
    async with on_stage(FakeSession((12, 12)), size=(80, 24)) as stage:
        assert len(stage.captions) == 6
        assert "1-6 of 12" in stage.status
        await stage.press("right_square_bracket")
        assert (stage.cursor, stage.captions[0]) == (18, "▸ 18")
        await stage.press("right_square_bracket")
        assert stage.cursor == 18
        assert "this is the last generation" in stage.status
        await stage.press("left_square_bracket")
        assert stage.captions[0] == "▸ 12"
        await stage.press("G", "pageup", "ctrl+d")
        assert stage.cursor == 18
        for page in ("2/2", "1/2"):
            stage.gallery._turned = 0.0
            for _ in range(3):  # a flick turns one screen
                turn_wheel(stage.app, stage.gallery.region.center, -1)
            await stage.pilot.pause()
            assert f"gen {page}" in stage.status


async def test_moving_over_the_edge_of_a_screen_turns_it():
    async with on_stage(size=(80, 24)) as stage:
        await stage.press("l", "l", "l", "l", "l", "l")
        assert stage.captions[0] == "▸ 6"


async def test_breeding_takes_the_marked_as_parents_and_goes_to_the_children():
    async with on_stage() as stage:
        await stage.press("space", "right", "space", "b")
        assert stage.session.bred == [(12, (0, 1))]
        assert stage.cursor == 12
        assert stage.captions[:2] == ["▸ 12 waiting", "13 waiting"]
        assert stage.controller.pages.marked == []


async def test_breeding_leaves_the_choice_to_the_engine_if_nothing_is_marked():
    async with on_stage(FakeSession(page=6)) as stage:
        await stage.press("5", "b")
        assert stage.session.bred == [(6, ())]


async def test_breeding_from_nothing_gives_a_hint():
    async with on_stage() as stage:
        await stage.press("b")
        assert stage.session.bred == []
        assert "first rate a few" in stage.status


async def test_mutating_breeds_from_the_one_under_the_cursor():
    async with on_stage() as stage:
        await stage.press("right", "m")
        assert stage.session.bred == [(12, (1,))]
        assert stage.cursor == 12


async def test_an_empty_population_breeds_its_founders():
    async with on_stage(FakeSession(())) as stage:
        await stage.press("1", "x", "right", "enter", "b")
        assert stage.session.bred == [(12, ())]
        assert len(stage.captions) == 12


async def test_the_status_says_breeding_until_the_children_are_born():
    async with on_stage() as stage:
        stage.session.holds = True
        await stage.press("m")
        assert "breeding…" in stage.status
        stage.session.release()
        await stage.until(lambda: stage.cursor == 12)
        assert "breeding" not in stage.status


async def test_a_rating_that_is_not_durable_yet_is_called_saving():
    async with on_stage() as stage:
        stage.session.holds = True
        await stage.press("3")
        assert stage.captions[0] == "▸ 0 ***"
        assert stage.status.endswith("saving")
        stage.session.release()
        await stage.until(lambda: stage.status.endswith("saved"))


async def test_undo_and_redo_walk_through_everything_said():
    async with on_stage() as stage:
        await stage.press("3", "5", "right", "x", "p", "space")
        await stage.press("u", "u", "u")
        assert stage.captions[1] == "▸ 1"
        await stage.press("left", "right", "u")
        assert (stage.cursor, stage.captions[0]) == (0, "▸ 0 ***")
        await stage.press("ctrl+r", "ctrl+r", "ctrl+r", "ctrl+r")
        assert stage.captions[:2] == ["0 *****", "▸+1 pin"]
        assert stage.judgements[-4:-2] == [(0, "rate", 5), (1, "reject", 1)]
        assert stage.judgements[-2:] == [(1, "pin", 1), (1, "reject", 0)]
        await stage.press("ctrl+r")
        assert "nothing to redo" in stage.status


async def test_undo_shows_what_it_would_take_back_before_it_does():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("4", "comma", "u")
        assert (stage.cursor, stage.judgements[-1]) == (12, (12, "rate", 4))
        assert "the last answer is 4 on #12: u takes it back" in stage.status
        await stage.press("u")
        assert stage.judgements[-1] == (12, "rate", 0)
        assert "undone: 4 on #12" in stage.status
        assert stage.session.judgements[-1].page == 1
        await stage.press("u")
        assert "nothing to undo" in stage.status
        await stage.press("comma", "ctrl+r")
        assert (stage.cursor, stage.judgements[-1]) == (12, (12, "rate", 0))
        assert "4 on #12 was undone: ctrl+r says it again" in stage.status
        await stage.press("ctrl+r")
        assert stage.judgements[-1] == (12, "rate", 4)


@pytest.mark.parametrize("key", ["b", "m", "N enter"])
async def test_undo_on_a_page_just_bred_takes_no_answer_of_another_page_back(key):
    async with on_stage() as stage:
        await stage.press("5", *key.split())
        await stage.until(lambda: stage.cursor == 12)
        for _ in range(2):
            await stage.press("u")
            assert "breeding cannot be undone; , goes back" in stage.status
            assert (stage.cursor, stage.judgements) == (12, [(0, "rate", 5)])
        stage.session.finish([12])
        await stage.press("comma", "full_stop", "3", "u")  # an answer here can be
        assert stage.judgements[-2:] == [(12, "rate", 3), (12, "rate", 0)]
        await stage.press("u")
        assert "breeding cannot be undone" in stage.status
        await stage.press("comma", "u")
        assert (stage.cursor, stage.judgements[-1]) == (0, (0, "rate", 0))


async def test_undo_takes_a_note_back():
    async with on_stage() as stage:
        await stage.press("A", *"first", "enter", "A", "end", *"ly", "enter")
        await stage.until(lambda: stage.session.archive.notes() == {0: "firstly"})
        await stage.press("right", "3", "u", "u")
        assert stage.session.archive.notes() == {0: "first"}
        assert "undone: the note on #0" in stage.status
        assert stage.controller.pages.cards[0].note == "first"
        await stage.press("u", "ctrl+r", "ctrl+r")
        assert stage.session.archive.notes() == {0: "firstly"}


async def test_auto_advance_goes_on_after_rating_and_rejecting():
    async with on_stage() as stage:
        await stage.press("a", "4", "x", "p")
        assert stage.judgements == [(0, "rate", 4), (1, "reject", 1), (2, "pin", 1)]
        assert stage.cursor == 2
        await stage.press("a", "4")
        assert stage.cursor == 2


async def test_a_population_that_was_scored_opens_at_its_best_and_shows_the_score():
    session = FakeSession((12, 12))
    session.archive.judged = {3: Verdict(score=0.3125), 15: Verdict(score=0.25)}
    async with on_stage(session) as stage:
        assert stage.cursor == 3
        assert "0.3125" in stage.details


async def test_the_inspector_follows_the_cursor_and_shows_the_parents():
    async with on_stage(FakeSession((12, 12))) as stage:
        assert stage.details.startswith("#12  generation 2")
        await stage.press("right", "4")
        assert "#13" in stage.details
        assert "****" in stage.details
        thumbs = stage.gallery.query("Parents Thumb")
        await stage.until(lambda: thumbs.first().pixels is not None)
        assert thumbs.first().pixels is stage.controller.pictures.get(0)


async def test_i_hides_and_shows_the_panel_in_a_wide_terminal():
    async with on_stage() as stage:
        width = stage.gallery.query_one(Wall).grid.width
        await stage.press("i")
        assert not stage.gallery.query_one("#side").display
        assert stage.gallery.query_one(Wall).size.width == 120
        await stage.press("i")
        assert stage.gallery.query_one("#side").display
        assert stage.gallery.query_one(Wall).grid.width == width


async def test_i_opens_the_panel_beside_the_pictures_in_a_narrow_terminal():
    async with on_stage(size=(80, 24)) as stage:
        assert not stage.gallery.query_one("#side").display
        for _ in range(2):
            await stage.press("i")
            await stage.until(lambda: "#0" in stage.details)
            wall, side = stage.gallery.query_one(Wall), stage.gallery.query_one("#side")
            assert wall.size.width + side.outer_size.width == 80
            assert all(face.pixels is not None for face in wall.faces)
            assert wall.grid.width >= 16  # smaller faces could not be told apart
            assert stage.status.endswith("saved")
            await stage.press("l")  # keys do what they did
            await stage.until(lambda: "#1" in stage.details)
            await stage.press("h", "i")
            assert not side.display


async def test_help_lists_every_key_of_the_screen():
    async with on_stage() as stage:
        await stage.press("f1", "f1", "question_mark")
        assert isinstance(stage.app.screen, Help)
        shown = {sense for lines in stage.app.screen._sections.values() for _, sense in lines}
        wanted = {b.tooltip for b in Gallery.BINDINGS if b.id != "app.help"}
        assert wanted <= shown
        assert "Find what keys do by name" in shown  # the palette
        assert {"step 35°", "judged 3/12"} <= dict(stage.app.screen._explained).keys()
        await stage.press("escape")
        assert stage.app.screen is stage.gallery


async def test_help_says_that_it_scrolls_where_there_is_no_room_for_all_of_it():
    async with on_stage(size=(80, 24)) as stage:
        await stage.press("question_mark")
        hint = stage.app.screen.query_one(".hint")
        await stage.until(lambda: hint.display)
        for height, more in ((100, False), (24, True)):
            await stage.pilot.resize_terminal(80, height)
            await stage.until(lambda more=more: hint.display == more)
        await stage.press("end")
        assert stage.app.screen.query_one(VerticalScroll).scroll_y > 0


def test_every_binding_can_be_remapped_and_explains_itself():
    for screen in (Gallery, Zoom):
        ids = [binding.id for binding in screen.BINDINGS]
        assert None not in ids
        assert len(ids) == len(set(ids))
        assert all(binding.tooltip for binding in screen.BINDINGS)


async def test_a_remapped_key_works_and_is_shown():
    async with on_stage() as stage:
        stage.app.set_keymap({"breed.breed": "B"})
        await stage.press("5", "B")
        assert len(stage.session.bred) == 1
        assert "B breed" in stage.keys


async def test_the_key_bar_shows_the_important_keys_whole():
    async with on_stage(size=(60, 24)) as stage:
        for width in (60, 200):
            await stage.pilot.resize_terminal(width, 24)
            await stage.until(lambda width=width: width - 6 < len(stage.keys) <= width)
            assert stage.keys.startswith(" 1-5 rate  b breed  m mutate  enter zoom")
            assert stage.keys.endswith("q quit  ? help")


async def test_the_mouse_points_zooms_and_presses_keys():
    async with on_stage() as stage:
        view = [v for v in stage.gallery.query(CardView) if v.display][2]
        await stage.pilot.click(view)
        assert stage.cursor == 2
        await stage.pilot.click("#keys", offset=(1, 0))
        assert stage.judgements == [(2, "rate", 1)]
        await stage.pilot.click(view)
        await stage.pilot.pause()
        assert isinstance(stage.app.screen, Zoom)


async def test_the_palette_has_the_commands_of_the_app():
    async with on_stage() as stage:
        titles = [c.title for c in stage.app.get_system_commands(stage.gallery)]
        assert any(title.startswith("Breed the next page") for title in titles)
        await stage.press("ctrl+p")
        assert isinstance(stage.app.screen, CommandPalette)


async def test_the_key_of_the_palette_is_one_that_can_be_remapped():
    async with on_stage() as stage:
        assert keys.PALETTE in keys.everything()  # so 'fancier keys' lists it
        stage.app.set_keymap({keys.PALETTE.id: "ctrl+o"})
        await stage.press("ctrl+p")
        assert stage.app.screen is stage.gallery
        await stage.press("ctrl+o")
        assert isinstance(stage.app.screen, CommandPalette)


async def test_a_resize_keeps_the_cursor_on_the_same_individual():
    async with on_stage(size=(160, 50)) as stage:
        await stage.press("G", "left")
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: len(stage.captions) == 6)
        assert stage.cursor == 10
        assert stage.captions[4] == "▸ 10"
        assert "7-12 of 12" in stage.status
        await stage.pilot.resize_terminal(200, 60)
        await stage.until(lambda: len(stage.captions) == 12)
        assert stage.cursor == 10


async def test_a_tiny_terminal_gets_one_clear_line_and_rates_nothing_blindly():
    async with on_stage(size=(20, 5)) as stage:
        message = stage.gallery.query_one("TooSmall")
        assert message.display
        assert str(message.content) == "this terminal is 20x5: fancier needs at least 60x16"
        assert not stage.gallery.query_one("#table").display
        await stage.press("5", "b")
        assert stage.session.judgements == []
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: len(stage.captions) == 6)
        assert not message.display
        await stage.press("5")
        assert stage.judgements == [(0, "rate", 5)]


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_leaving_closes_the_session_once(key):
    async with on_stage() as stage:
        await stage.press("5", "b", key)
    assert stage.app._exit
    assert stage.session.closed == 1
    stage.gallery.bridge.close()
    assert stage.session.closed == 1


async def test_quitting_works_in_a_tiny_terminal():
    async with on_stage(size=(20, 5)) as stage:
        await stage.press("q")
    assert stage.session.closed == 1


async def test_events_after_the_end_are_ignored():
    async with on_stage() as stage:
        await stage.press("q")
        await stage.until(lambda: stage.session.closed)
    stage.session.emit(events.Stopped())


async def test_taking_back_says_what_and_where():
    async with on_stage() as stage:
        await stage.press("5", "l", "p", "u")
        assert "undone: pin on #1" in stage.status
        await stage.press("u")
        assert "undone: 5 on #0" in stage.status
