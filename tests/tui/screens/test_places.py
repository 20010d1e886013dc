"""A place on a picture: marked by keys and mouse, painted anew, edited by words, taken."""

from dataclasses import replace

import numpy as np
import pytest
from fake_session import FakeSession, flat_picture
from stage import on_stage
from textual import events as textual_events
from textual.widgets import Input, Static

from evolve.search.edits import ANEW, PaintedPlace, Taken, TakenOff
from evolve.session import events
from tui.controller.places import wishes
from tui.controller.places.how_far import FAR
from tui.controller.places.place import Box, Place, around, marked
from tui.controller.places.region import GRID, Region, framed
from tui.dialogs.ask import Ask
from tui.dialogs.prompt_editor import PromptEditor
from tui.screens.help import Help
from tui.screens.overlays.compare import Compare
from tui.screens.overlays.edit_place import EditPlace
from tui.screens.overlays.found_place import FoundPlace
from tui.screens.overlays.lineage import Lineage
from tui.screens.overlays.repaint import Repaint
from tui.screens.overlays.take_place import TakePlace
from tui.screens.overlays.zoom import Zoom
from tui.widgets.keybar import KeyBar
from tui.widgets.pictures.place_view import PlaceView
from tui.widgets.pictures.wall import Wall

FIRST = Box(4, 8, 8, 6)
"""The box that is there at first, in cells of a latent of 16 x 16."""


def box(*cells: int) -> np.ndarray:
    left, top, width, height = cells
    mask = np.zeros((16, 16), np.bool_)
    mask[top : top + height, left : left + width] = True
    return mask


async def test_keys_move_and_resize_the_box_outside_which_the_picture_is_dimmed():
    async with on_stage() as stage:
        await stage.press("R")
        picture = stage.app.screen.query_one("#picture", PlaceView)
        await stage.until(lambda: picture.pixels is not None)
        whole = stage.controller.pictures.get(0)
        assert (picture.pixels == marked(whole, box(*FIRST))).all()
        await stage.press("escape")
        for keys, expected in (
            ("right l down j", (6, 10, 8, 6)),
            ("left h up k", (2, 6, 8, 6)),
            ("shift+left H shift+up K", (4, 8, 6, 4)),
            ("shift+right L shift+down J", (4, 8, 10, 8)),
            ("o shift+right J", (5, 9, 7, 5)),
            ("o H K o L", (3, 7, 10, 7)),
            ("plus plus minus", (3, 7, 10, 8)),
            ("minus minus minus minus", (6, 10, 4, 2)),
            ("right u", FIRST),
        ):
            await stage.press("R", *keys.split())
            assert (stage.app.screen.place.mask == box(*expected)).all(), keys
            share = f"{box(*expected).mean():.0%} of the picture"
            assert share in stage.app.screen.query_one("#wish").text
            await stage.press("escape")


async def test_larger_and_smaller_undo_each_other():
    async with on_stage() as stage:
        for draw in ("", "n space left space escape", "space down space escape"):
            await stage.press("R", *draw.split())
            before = stage.app.screen.place.mask
            for keys in ("plus minus", "minus plus", "plus " * 9 + "minus " * 9):
                await stage.press(*keys.split())
                assert (stage.app.screen.place.mask == before).all(), (draw, keys)
            await stage.press("escape")


async def test_where_nothing_is_marked_no_size_is_shown():
    async with on_stage() as stage:
        await stage.press("R", "c")
        assert "nothing is marked" in stage.app.screen.query_one("#wish").text
        assert "%" not in stage.status


async def test_several_boxes_and_single_cells_are_marked_and_freed():
    async with on_stage() as stage:
        await stage.press("R", "n", *["K"] * 9, *["H"] * 9, *["right"] * 9, *["up"] * 9)
        place = stage.app.screen.place
        expected = box(*FIRST) | box(15, 0, 1, 1)
        assert (place.mask == expected).all()
        await stage.press("space")  # the brush, in the middle of what is marked
        row, column = stage.app.screen.brush
        await stage.press("space", "down", "space", "escape")
        expected[[row, row + 1], column] ^= True
        assert (stage.app.screen.place.mask == expected).all()
        assert stage.app.screen.brush is None
        await stage.press("u", "u", "u", "n", "c")
        assert not stage.app.screen.place.mask.any()
        await stage.press("enter")
        assert isinstance(stage.app.screen, Repaint)
        assert "nothing is marked" in stage.status
        assert stage.session.altered == []


async def test_the_mouse_marks_cells_and_frees_those_it_begins_on():
    async with on_stage(size=(80, 24)) as stage:
        await stage.press("R", "c")
        view = stage.app.screen.query_one(PlaceView)
        await stage.until(lambda: view.pixels is not None)
        spots = [
            (x, y, s) for x in range(view.size.width) for y in range(view.size.height)
            if (s := view.spot(x, y))
        ]  # fmt: skip

        async def drag(*shares, button=1):
            for kind, share in zip(
                ("MouseDown", *["MouseMove"] * (len(shares) - 1), "MouseUp"),
                (*shares, shares[-1]),
                strict=True,
            ):
                x, y, _ = min(
                    spots, key=lambda s: abs(s[2][0] - share[0]) + abs(s[2][1] - share[1])
                )
                x, y = x + view.region.x, y + view.region.y
                make = getattr(textual_events, kind)
                stage.app.post_message(make(None, x, y, 0, 0, button, False, False, False, x, y))
            await stage.pilot.pause()

        row = (8.5 / 16,)
        await drag((2.5 / 16, *row), (3.5 / 16, *row), (4.5 / 16, *row))
        assert (stage.app.screen.place.mask == box(2, 8, 3, 1)).all()
        await drag((3.5 / 16, *row), (4.5 / 16, *row), (8.5 / 16, *row))
        assert (stage.app.screen.place.mask == box(2, 8, 1, 1)).all()
        await drag((8.5 / 16, *row), (2.5 / 16, *row), button=3)
        assert not stage.app.screen.place.mask.any()


async def test_children_differ_in_the_place_only_which_is_enlarged_in_each():
    async with on_stage() as stage:
        await stage.press("right", "enter", "R", "down", "f", "f", "enter")
        ((parent, change, count),) = stage.session.altered
        assert (parent, count) == (1, 12)
        assert isinstance(change, PaintedPlace)
        assert (change.mask == box(4, 9, 8, 6)).all()
        assert (change.prompt, change.depth, change.depths) == (None, FAR[2].depth, ANEW)
        assert stage.app.screen is stage.gallery
        assert stage.cursor == 12
        stage.session.finish(range(12, 24))
        wall = stage.gallery.query_one(Wall)
        await stage.until(lambda: all(f.pixels is not None for f in wall.faces))
        assert wall.faces[0].pixels.shape[0] < 32
        assert "the place in each" in stage.status
        await stage.press("P")
        assert wall.faces[0].pixels.shape == (32, 32, 3)
        await stage.press("P")
        assert wall.faces[0].pixels.shape[0] < 32
        await stage.press("comma")
        assert wall.faces[0].pixels.shape == (32, 32, 3)
        await stage.press("R")  # the place is where it was, and how far, too
        assert (stage.app.screen.place.mask == box(4, 9, 8, 6)).all()
        await stage.until(lambda: FAR[2].label in stage.app.screen.query_one("#wish").text)


def test_the_frame_is_seen_on_any_picture_and_the_other_one_inside():
    grey = np.full((128, 128, 3), 100, np.uint8)
    for shown in (marked(grey, box(4, 4, 8, 8)), framed(grey, Region(4, 4, 8, 8))):
        assert (shown[0, 0] == 40).all()
        assert (shown[32, 32] == 155).all()
        assert (shown[64, 64] == 100).all()
    assert framed(flat_picture(1), Region()).shape == (32, 32, 3)
    assert marked(flat_picture(1), box(*FIRST)).shape == (32, 32, 3)
    other = marked(grey, box(4, 4, 8, 8), (5, 5), inside=np.full_like(grey, 7))
    assert (other[64, 64] == 7).all()
    assert (other[44, 44] == (255, 220, 0)).all()


def test_what_is_marked_stays_on_the_picture():
    for place in (Place.of_box((16, 16)), Place(box(1, 2, 3, 4))):
        for moved in (place.moved(99, 99), place.moved(-99, -99)):
            assert moved.mask.sum() == place.mask.sum()
        assert place.stretched(99, 99).mask.any()
        assert place.stretched(-99, -99).mask.any()
        smaller = place
        for _ in range(20):
            smaller = smaller.grown(-1)
        assert smaller.mask.any()
    for moved in (Region().move(99, 99), Region().move(-99, -99), Region().grow(99, 99)):
        assert 0 <= moved.left <= moved.left + moved.width <= GRID
        assert 0 <= moved.top <= moved.top + moved.height <= GRID
    assert Region().grow(-99, -99).width == 2


@pytest.mark.parametrize("cells", [(0, 0, 2, 2), (14, 14, 2, 2), (3, 8, 9, 3), (0, 0, 16, 16)])
def test_what_is_enlarged_holds_the_place_and_has_the_pictures_proportions(cells):
    left, top, right, bottom = around(box(*cells))
    x, y, width, height = (each / 16 for each in cells)
    assert 0 <= left <= x
    assert x + width <= right + 1e-9 <= 1 + 2e-9
    assert 0 <= top <= y
    assert y + height <= bottom + 1e-9 <= 1 + 2e-9
    assert right - left == pytest.approx(bottom - top)
    assert right - left >= 0.3


async def test_words_can_be_edited_and_the_place_left():
    async with on_stage() as stage:
        for key in ("escape", "q", "R"):
            await stage.press("R", "e")
            assert isinstance(stage.app.screen, PromptEditor)
            await stage.press("escape")
            assert isinstance(stage.app.screen, Repaint)
            await stage.press(key)
            assert stage.app.screen is stage.gallery
        await stage.press("enter", "R", "escape")
        assert isinstance(stage.app.screen, Zoom)


async def test_what_is_not_painted_cannot_be_painted_over():
    session = FakeSession()
    del session.archive.pictures[0]
    async with on_stage(session) as stage:
        await stage.press("R", "enter")
        assert session.altered == []
        assert "has to be painted before" in stage.status


async def test_no_place_is_marked_on_what_will_not_be_painted_by_itself():
    session = FakeSession((2,))
    async with on_stage(session) as stage:
        session.fail(1, "out of memory")
        await stage.until(lambda: stage.controller.pages.cards[1].error)
        await stage.press("space", "l")
        for keys in (["R"], ["T"], ["z", "a"]):
            await stage.press(*keys)
            assert "#1 could not be painted: r tries again" in stage.status
            assert isinstance(stage.app.screen, Zoom if "z" in keys else type(stage.gallery))


# Words


def found(session: FakeSession, mask: np.ndarray) -> events.PlaceFound:
    individual, phrasings = session.sought[-1]
    difference = mask.astype(np.float32) * 9 + np.linspace(0, 1, 256, dtype=np.float32).reshape(
        16, 16
    )
    return events.PlaceFound(individual, phrasings, difference, 1.5)


MOUTH = box(6, 10, 3, 2)
WIDER = box(5, 9, 5, 4)
"""The mouth with its ring."""


async def test_words_find_the_place_and_a_page_is_painted_there():
    async with on_stage() as stage:
        await stage.press("enter", "a")
        assert isinstance(stage.app.screen, Ask)
        await stage.press(*"a hat", "enter")
        screen = stage.app.screen
        assert isinstance(screen, EditPlace)
        assert screen.looking
        assert "looking for the place" in screen.query_one("#wish").text
        stage.session.emit(found(stage.session, MOUTH))
        await stage.until(lambda: not screen.looking)
        assert screen.place.mask[MOUTH].all()
        assert "with a hat" in screen.query_one("#wish").text
        await stage.press("up", "enter")
        ((parent, change, _),) = stage.session.altered
        assert parent == 0
        assert change.mask[9:11, 6:9].all()
        assert "a hat" in str(change.prompt)
        assert change.told == {"add": "a hat"}
        assert stage.app.screen is stage.gallery


async def test_keys_typed_ahead_wait_for_the_place():
    async with on_stage() as stage:
        await stage.type_ahead("enter", "a", *"a hat", "enter", "down", "enter")
        await stage.until(lambda: stage.session.sought)
        assert stage.session.altered == []
        stage.session.emit(found(stage.session, MOUTH))
        await stage.until(lambda: stage.session.altered)
        assert stage.session.altered[0][1].mask[11:13, 6:9].all()


@pytest.mark.parametrize("patient", [True, False])
async def test_the_place_is_looked_for_once_the_picture_is_painted(patient):
    async with on_stage() as stage:
        await stage.press("5", "b")
        await stage.until(lambda: stage.cursor == 12)
        await stage.type_ahead("enter", "a", *"a hat", "enter", "down", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, EditPlace))
        await stage.until(lambda: stage.app.screen.awaiting)
        assert "waiting for the picture" in stage.app.screen.query_one("#wish").text
        assert "2 keys waiting" in stage.status
        if not patient:
            await stage.press("escape")
            assert "not looked for: a asks again" in stage.app.screen.query_one("#wish").text
        stage.session.finish([12])
        await stage.until(lambda: stage.controller.pages.cards[12].state == "painted")
        await stage.pilot.pause()
        assert bool(stage.session.sought) == patient
        if patient:
            stage.session.emit(found(stage.session, MOUTH))
            await stage.until(lambda: stage.session.altered)


async def test_escape_stops_looking_although_keys_wait_for_the_place():
    async with on_stage() as stage:
        await stage.press("enter", "a", *"a hat", "enter")
        await stage.type_ahead("down", "enter", "escape")
        assert not stage.app.screen.looking
        assert (stage.session.given_up, stage.session.cancelled) == (1, 0)
        stage.session.emit(found(stage.session, MOUTH))
        await stage.press("i")
        assert stage.session.altered == []


async def test_looking_is_left_with_escape_and_the_place_is_drawn_by_hand():
    async with on_stage() as stage:
        await stage.press("enter", "a", *"-a hat", "enter", "escape")
        screen = stage.app.screen
        assert isinstance(screen, EditPlace)
        assert not screen.looking
        assert (stage.session.given_up, stage.session.cancelled) == (1, 0)
        await stage.press("c", "space", "space", "enter")
        ((_, change, _),) = stage.session.altered
        assert change.mask.sum() == 1
        assert change.told == {"remove": "a hat"}
        stage.session.finish(range(12, 24))
        await stage.press("R")  # a picture that was edited is marked where it was
        assert stage.app.screen.place.mask.sum() == 1


async def test_tries_say_what_is_said_on_the_page_and_what_hardly_comes():
    async with on_stage() as stage:
        await stage.press("enter", "a", *"a hat", "enter")
        _, said = stage.session.sought[-1]
        assert len(said.stronger) == 2
        remark = "3 tries did not show 'a hat'"
        stage.session.emit(
            replace(found(stage.session, MOUTH), chances=(-4.0, -3.9, -0.5), remark=remark)
        )
        await stage.until(lambda: not stage.app.screen.looking)
        assert remark in stage.app.screen.query_one("#wish").text
        await stage.press("enter")
        ((_, change, _),) = stage.session.altered
        assert (change.prompt, change.others) == (said.stronger[1], ())


async def test_words_are_tried_in_a_place_that_was_not_found_before_it_is_painted():
    async with on_stage(size=(80, 24)) as stage:
        await stage.press("enter", "a", *"a hat", "enter", "escape", "c", "space", "space", "enter")
        screen = stage.app.screen
        assert "trying the words there" in screen.query_one("#wish").text
        (_, said), place = stage.session.sought[-1], stage.session.sought_in[-1]
        assert place.sum() == 1
        assert stage.session.altered == []
        tried = replace(found(stage.session, place), chances=(-4.0, -0.5, -0.4), near=(2, 0))
        stage.session.emit(replace(tried, remark="it seldom comes"))
        await stage.until(lambda: "enter paints it all the same" in stage.status)
        assert "it seldom comes" in screen.query_one("#wish").text
        assert stage.session.altered == []
        await stage.press("escape", "up", "up", "enter")  # elsewhere: it is tried again
        assert len(stage.session.sought) == 3
        await stage.press("escape", "enter")  # what escape stopped was not tried
        assert len(stage.session.sought) == 4
        await stage.press("escape", "u", "u", "enter")
        stage.session.emit(tried)
        await stage.until(lambda: stage.session.altered)
        ((_, change, _),) = stage.session.altered
        assert (change.prompt, *change.others) == said.stronger[:1]
        assert change.near == (2, 0)
        assert (change.mask == stage.session.sought_in[-1]).all()
        assert stage.app.screen is stage.gallery


async def test_words_that_the_model_does_not_know_are_named_until_they_are_painted():
    async with on_stage(size=(80, 24)) as stage:
        line = (
            "portraits has never seen 'xyzzy' and says so in a line that is longer than the screen"
        )
        stage.session.unknown["xyzzy"] = line
        await stage.press("enter", "a", *"xyzzy", "enter")
        screen = stage.app.screen
        assert screen.looking
        for _ in range(2):
            written = screen.query_one("#wish")
            assert " ".join(written.text.split()).endswith(line)
            assert written.region.height == 3
            stage.session.emit(found(stage.session, MOUTH))
            await stage.until(lambda: not screen.looking)
            await stage.press("down")
        await stage.press("a", *["backspace"] * 5, *"a hat", "enter")
        assert screen.query_one("#wish").text.count("\n") == 0


async def test_what_is_to_change_is_completed_and_what_is_unknown_of_it_named_while_it_is_typed():
    async with on_stage(size=(80, 24)) as stage:
        stage.gallery.vocabulary = {"things": ["a hat", "glasses"]}
        await stage.press("enter", "a", *"-gla")
        answer = stage.app.screen.query_one("#answer", Input)
        error = stage.app.screen.query_one("#error", Static)
        await stage.until(lambda: answer._suggestion == "-glasses")
        assert str(error.content) == ""
        await stage.press(*[" "], *"crown")
        assert str(error.content) == "unknown to this model: gla, crown"
        await stage.press(*["backspace"] * 10, "enter")
        assert "type what is to change" in str(error.content)
        await stage.press("a")
        assert str(error.content) == ""


async def test_from_the_gallery_a_key_leads_to_an_edit_and_escape_back():
    async with on_stage(size=(80, 24)) as stage:
        assert "+ add" in stage.gallery.query_one(KeyBar).text
        await stage.press("plus", *"a hat", "enter")
        assert isinstance(stage.app.screen, EditPlace)
        await stage.press("escape", "escape")
        assert stage.app.screen is stage.gallery


@pytest.mark.parametrize("keys", [["plus", *"a hat", "enter", "escape"], ["space", "right", "T"]])
async def test_where_a_place_is_found_e_completes_too_as_notices_about_words_say(keys):
    async with on_stage() as stage:
        stage.gallery.vocabulary = {"things": ["a hat", "glasses"]}
        await stage.press(*keys)
        assert isinstance(stage.app.screen, FoundPlace)
        await stage.press("e")
        assert isinstance(stage.app.screen, Ask)
        assert stage.app.screen.query_one("#answer", Input).suggester is not None


@pytest.mark.parametrize("typed", ["remove glasses", "no glasses", "with a hat", "+glasses"])
async def test_the_word_that_says_what_to_do_is_not_called_unknown(typed):
    async with on_stage() as stage:
        stage.gallery.vocabulary = {"things": ["a hat", "glasses"]}
        await stage.press("enter", "a", *typed)
        assert str(stage.app.screen.query_one("#error", Static).content) == ""


async def test_nothing_of_one_edit_leaks_into_the_next():
    async with on_stage() as stage:
        await stage.press("enter", "a", *"a hat", "enter")
        stage.session.emit(found(stage.session, MOUTH))
        await stage.until(lambda: not stage.app.screen.looking)
        await stage.press("f", "enter")
        stage.session.finish(range(12, 24))
        await stage.press("z", "a", *"a smile", "enter", "escape")
        screen = stage.app.screen
        assert screen.far is FAR[0]
        assert "with a smile  nothing is marked" in screen.query_one("#wish").text
        await stage.press("n", "a", *["backspace"] * 7, *"a hat", "enter", "escape", "u")
        assert not screen.place.mask.any()  # what was marked was of other words
        await stage.press("escape", "escape", "space", "right", "T")
        assert isinstance(stage.app.screen, TakePlace)
        assert (stage.app.screen.place.mask == box(*FIRST)).all()
        assert stage.app.screen.far is FAR[0]


async def test_help_opens_while_the_place_is_looked_for():
    async with on_stage() as stage:
        await stage.press("enter", "a", *"a hat", "enter", "question_mark")
        assert isinstance(stage.app.screen, Help)
        await stage.press("escape")
        assert stage.app.screen.looking


async def test_where_nothing_stands_out_it_is_said():
    async with on_stage() as stage:
        await stage.press("enter", "a", *"a hat", "enter", "enter")
        individual, phrasings = stage.session.sought[-1]
        flat = np.zeros((16, 16), np.float32)
        stage.session.emit(events.PlaceFound(individual, phrasings, flat, 1.5))
        await stage.until(lambda: "no place stands out" in stage.status)
        assert stage.session.altered == []  # what was typed ahead was meant for the place


async def test_the_edit_is_left_without_a_word():
    async with on_stage() as stage:
        await stage.press("enter", "a", "escape")
        assert isinstance(stage.app.screen, Zoom)
        await stage.press("a", *"a hat", "enter", "escape", "a")
        assert stage.app.screen.query_one("#answer").value == "a hat"
        await stage.press("escape", "q")
        assert isinstance(stage.app.screen, Zoom)


async def test_what_cannot_be_looked_for_is_said_and_can_be_said_otherwise():
    async with on_stage() as stage:
        await stage.press("enter", "a", *"red hair >", "enter")
        assert isinstance(stage.app.screen, Ask)
        await stage.press("escape", "a", *"a hat", "enter")
        stage.session.emit(events.Refused("the renderer died"))
        await stage.until(lambda: "the renderer died" in stage.status)
        assert isinstance(stage.app.screen, EditPlace)
        assert not stage.app.screen.looking


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("glasses", {"add": "glasses"}),
        ("+ a smile", {"add": "a smile"}),
        ("-glasses", {"remove": "glasses"}),
        ("− glasses", {"remove": "glasses"}),
        ("no glasses", {"remove": "glasses"}),
        ("without a hat", {"remove": "a hat"}),
        ("red hair > blue hair", {"swap": ["red hair", "blue hair"]}),
        ("red hair→blue hair", {"swap": ["red hair", "blue hair"]}),
        ("notebook", {"add": "notebook"}),
        ("T-shirt", {"add": "T-shirt"}),
    ],
)
def test_a_wish_is_read_as_it_is_typed(text, told):
    wish = wishes.read(text)
    assert wish.told == told
    assert wishes.read(str(wish)) == wish
    assert wishes.problem(text) == ""


@pytest.mark.parametrize("text", ["", "  ", "-", "red hair >", "> blue", "a > b > c", "the"])
def test_half_a_wish_is_no_wish(text):
    assert wishes.problem(text)


async def test_the_best_of_a_page_of_edits_come_first():
    async with on_stage() as stage:
        await stage.press("R", "enter")
        for id in range(12, 24):
            stage.session.archive.pictures[id] = flat_picture(id)
            score = -1.0 if id % 2 else float(id)
            stage.session.emit(events.Painted(id, flat_picture(id), score))
        await stage.until(lambda: stage.captions[0].endswith("22"))
        assert [int(c.split()[-1]) for c in stage.captions[:6]] == [22, 20, 18, 16, 14, 12]
        assert stage.cursor == 22


# Taken from others


async def test_a_place_is_taken_from_the_marked_picture():
    async with on_stage() as stage:
        await stage.press("T")
        assert "mark the picture" in stage.status
        await stage.press("right", "space", "right")
        for key in ("escape", "q", "T"):
            await stage.press("T", key)
            assert stage.app.screen is stage.gallery
        await stage.press("T")
        screen = stage.app.screen
        assert isinstance(screen, TakePlace)
        view = screen.query_one(PlaceView)
        await stage.until(lambda: view.pixels is not None)
        inside, outside = (9 * 2 + 1, 8 * 2), (0, 0)
        whole = {id: stage.controller.pictures.get(id) for id in (1, 2)}
        assert (view.pixels[inside] == whole[1][inside]).all()
        assert (view.pixels[outside] == (whole[2][outside] * 0.4).astype(np.uint8)).all()
        await stage.press("f", "enter")
        ((parent, change, _),) = stage.session.altered
        assert parent == 2
        assert isinstance(change, Taken)
        assert (change.other, change.depth) == (1, FAR[1].taken)
        assert (change.mask == box(*FIRST)).all()


async def test_words_find_what_is_taken():
    async with on_stage() as stage:
        stage.session.unknown["a hat"] = "there is little to take"
        await stage.press("space", "right", "T")
        assert "a by words" in stage.keys
        await stage.press("a", *"-hat", "enter")
        assert isinstance(stage.app.screen, Ask)
        await stage.press(*["backspace"] * 4, *"a hat", "enter", "enter")
        assert stage.session.altered == []  # keys wait for the place
        assert stage.session.sought[0][0] == 1
        written = stage.app.screen.query_one("#wish").text
        assert "a hat taken from #0  looking" in written
        assert "there is little to take of #0" in written
        stage.session.emit(found(stage.session, MOUTH))
        await stage.until(lambda: stage.session.altered)
        ((parent, change, _),) = stage.session.altered
        assert (parent, change.other, change.told) == (1, 0, {"words": "a hat"})
        assert change.prompt == stage.session.words_taken(1, 0, "a hat")
        assert change.mask[MOUTH].all()
        assert change.mask.sum() < 40


async def test_a_place_is_taken_from_what_is_compared():
    async with on_stage() as stage:
        await stage.press("space", "right", "c")
        assert isinstance(stage.app.screen, Compare)
        await stage.press("T", "enter")
        ((parent, change, _),) = stage.session.altered
        assert (parent, change.other) == (1, 0)


async def test_a_part_of_every_ancestor_is_seen_and_taken_from_one():
    async with on_stage(FakeSession((12, 12)), (160, 50)) as stage:
        await stage.press("t")
        assert isinstance(stage.app.screen, Lineage)
        await stage.press("T")
        assert "go to the picture" in stage.status
        await stage.press("P", "down", "enter")
        await stage.until(lambda: stage.gallery.part)
        wall = stage.app.screen.query_one(Wall)
        await stage.until(lambda: all(f.pixels.shape[0] < 32 for f in wall.faces if f.id >= 0))
        await stage.press("left", "T")
        screen = stage.app.screen
        assert isinstance(screen, TakePlace)
        assert screen.other == 0
        assert (screen.place.mask == box(4, 9, 8, 6)).all()
        await stage.press("enter")
        assert stage.session.altered[0][0] == 12


async def test_the_latest_edit_is_taken_off():
    async with on_stage() as stage:
        await stage.press("R", "enter", "X")
        stage.session.finish([12])
        await stage.press("X")
        parent, change, _ = stage.session.altered[-1]
        assert parent == 12
        assert isinstance(change, TakenOff)
        assert stage.cursor == 24
        assert "#24 is without the edit of #12; , goes back to that" in stage.status
        stage.session.finish([24])
        await stage.press("comma", "comma", "X")
        await stage.until(lambda: "no edit that could be taken off" in stage.status)
