"""A ring of steps around a picture; further, back, and remembered directions."""

from functools import partial

import numpy as np
from fake_session import FakeSession
from stage import on_stage
from textual.widgets import Input

from evolve.genome import Genome, Prompt, noise
from evolve.genome.edit import Base
from evolve.search import operators
from evolve.search.individual import Birth, Origin
from evolve.search.plan import Plan
from evolve.session import events
from tui.controller import compass
from tui.controller.cards import Card
from tui.dialogs.ask import Ask
from tui.dialogs.list_choices import DirectionChoice
from tui.screens.overlays.ring import Ring
from tui.screens.overlays.zoom import Zoom
from tui.widgets.pictures.wall import Wall


def shown(stage):
    return [face.id for face in stage.app.screen.query_one(Wall).faces]


def around(stage):
    return isinstance(stage.app.screen, Ring) and len(shown(stage)) == 9


async def test_d_shows_eight_steps_around_a_picture_opposites_facing_each_other(stage):
    await stage.press("right", "d")
    assert stage.session.looked == [1]
    await stage.until(lambda: around(stage) and shown(stage)[1] == 12)
    assert shown(stage) == [19, 12, 13, 18, 1, 14, 17, 16, 15]
    angles = [c.birth.origin.params["angle"] for c in stage.controller.pages.showing]
    assert all(a == -b for a, b in zip(angles[:4], angles[4:], strict=True))
    assert stage.cursor == 12
    assert "around #1" in stage.status


async def test_while_the_ring_is_bred_only_the_middle_is_shown(stage):
    stage.session.holds = True
    await stage.press("d")
    await stage.until(lambda: around(stage))
    assert shown(stage) == [-1] * 4 + [0] + [-1] * 4
    await stage.pilot.click(stage.app.screen.query("CardView").first())
    assert stage.cursor == 0
    stage.session.release()
    await stage.until(lambda: 12 in shown(stage))


async def test_a_ring_that_is_refused_while_another_page_is_bred_does_not_follow_that_page(
    monkeypatch,
):
    monkeypatch.setattr("tui.screens.awaiting.BEHIND", 0.05)
    async with on_stage() as stage:
        stage.session.holds = True
        await stage.press("5", "b")
        await stage.until(lambda: not stage.app._holds)
        await stage.press("d")
        await stage.until(lambda: "already being bred" in stage.status)
        stage.session.release()
        await stage.until(lambda: not stage.controller.breeding)
        assert (type(stage.app.screen), stage.cursor) == (Ring, 0)


async def test_a_ring_over_the_zoom_follows_its_children_when_they_are_born(stage):
    await stage.press("enter", "d")
    await stage.until(lambda: 12 in shown(stage))
    assert (type(stage.app.screen), stage.cursor) == (Ring, 12)


async def test_steps_along_an_axis_say_where_they_lead_as_soon_as_that_is_known(stage):
    stage.session.axis_names = lambda around: [("lighter", "darker"), ("", "")]
    await stage.press("d")
    await stage.until(lambda: around(stage) and stage.cursor == 12)
    stage.session.finish(range(12, 20))
    await stage.until(lambda: "around #0: lighter" in stage.status)
    wall = stage.app.screen.query_one(Wall)
    await stage.until(lambda: all("ing" not in face.caption.state for face in wall.faces))
    names = {face.id: face.caption.state for face in wall.faces}
    assert (names[12], names[16], names[13], names[14]) == ("lighter", "darker", "", "")
    await stage.press("down", "down")
    assert "around #0: darker" in stage.status
    await stage.press("up")
    assert "around #0:" not in stage.status


MOVES = [
    ("down", 0),
    ("down down", 16),
    ("j j l", 15),
    ("right", 13),
    ("left", 19),
    ("left left", 19),
    ("up", 12),
    ("down right", 14),
    ("down h", 18),
    ("j k", 12),
]


async def test_the_cursor_moves_in_the_square(stage):
    await stage.press("d")
    await stage.until(lambda: stage.cursor == 12)
    for keys, cursor in MOVES:
        stage.controller.pages.go(12)
        await stage.press(*keys.split())
        assert (keys, stage.cursor) == (keys, cursor)
    await stage.pilot.click(stage.app.screen.query("CardView").first())
    assert stage.cursor == 19
    await stage.pilot.click(stage.app.screen.query("CardView").first())
    assert "around #19" in stage.status


async def test_enter_walks_there_and_a_ring_that_is_there_is_shown_again(stage):
    await stage.press("d")
    await stage.until(lambda: stage.cursor == 12)
    await stage.press("right", "enter")
    await stage.until(lambda: stage.cursor == 20)
    assert stage.session.looked == [0, 13]
    assert "around #13" in stage.status
    for back in ("escape", "q", "d"):
        await stage.press(back)
        assert stage.app.screen is stage.gallery
        stage.controller.pages.go(0)
        await stage.press("d")
        await stage.until(lambda: around(stage))
    assert stage.session.looked == [0, 13]


async def test_pictures_of_the_ring_are_judged_and_bred_from(stage):
    await stage.press("d")
    await stage.until(lambda: stage.cursor == 12)
    stage.session.finish([12, 13])
    await stage.press("4", "x", "p", "space", "u", "0", "right", "m")
    assert stage.app.screen is stage.gallery
    assert stage.judgements[:3] == [(12, "rate", 4), (12, "reject", 1), (12, "pin", 1)]
    assert stage.session.bred == [(12, (13,))]


async def test_undoing_what_was_said_elsewhere_leaves_the_ring(stage):
    await stage.press("5", "right", "d")
    await stage.until(lambda: stage.cursor == 12)
    await stage.press("u")
    assert "breeding cannot be undone" in stage.status
    stage.controller.pages.go(1)  # the middle
    await stage.press("u")
    await stage.until(lambda: stage.app.screen is stage.gallery)
    assert stage.cursor == 0


def test_a_child_that_differs_in_a_part_is_turned_by_less_than_that_part():
    rng = noise.stream(1, 0, "test")
    parent = Genome(noise.stored(noise.draw(rng, (4, 16, 16))), Prompt.parse("a face"))

    def turn(child, operator, angle):
        birth = Birth(id=1, origin=Origin(operator, {"angle": angle}), parents=(0,))
        return compass.turn(Card(1, [birth, birth]), child, parent)

    local = operators.mutate_region(rng, parent, angle=90)
    assert 35 < turn(local, "mutate_region", 90.0) < 65
    assert turn(operators.mutate(rng, parent, angle=40), "mutate", 40.0) == 40
    mask = np.zeros((16, 16), bool)
    mask[:4] = True
    base = Base(np.zeros((4, 16, 16), np.float16))
    touched = operators.repaint(rng, parent, base, mask=mask, angle=90)
    assert 20 < turn(operators.mutate(rng, touched, angle=90), "mutate", 90.0) < 60
    assert turn(parent, "keep", 0.0) == compass.ANGLE


async def test_further_and_the_other_way_make_steps_of_growing_angle(stage):
    await stage.press("d")
    await stage.until(lambda: stage.cursor == 12)
    await stage.press("f")
    assert stage.session.steered == [(12, 0, 12, (15, 30, 45, 60, 75, 90))]
    assert stage.app.screen is stage.gallery
    stage.controller.pages.go(12)
    await stage.press("v")
    assert stage.session.steered[1] == (0, 0, 12, (-15, -30, -45, -60, -75, -90))


async def test_a_founder_leads_in_no_direction(stage):
    for key in ("f", "v", "y"):
        await stage.press(key)
        assert "it has no parent" in stage.status
    assert stage.session.steered == []


async def test_a_direction_is_remembered_by_name_and_turns_another_picture():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("D")
        assert "no direction is remembered" in stage.status
        await stage.press("right", "y")
        assert isinstance(stage.app.screen, Ask)
        await stage.press("enter")
        assert "give it a name" in str(stage.app.screen.query_one("#error").render())
        await stage.press(*"older", "enter")
        assert stage.session.archive.plan() == Plan(directions={"older": (0, 13)})
        await stage.press("comma", "G", "D")
        assert isinstance(stage.app.screen, DirectionChoice)
        await stage.press("enter")
        assert stage.session.steered == [(11, 0, 13, (-45, -30, -15, 15, 30, 45))]
        assert stage.app.screen is stage.gallery


async def test_a_direction_named_after_the_end_of_the_session_is_not_remembered():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("y")
        stage.session.emit(events.Stopped("its process ended"))
        await stage.until(lambda: stage.controller.ended)
        await stage.press(*"older", "enter")
        assert "the session has ended: its process ended" in stage.status


async def test_the_list_of_directions_is_moved_in_and_forgets():
    session = FakeSession((12, 12))
    session.archive.plans = [Plan(directions={"a": (0, 12), "b": (0, 13), "c": (1, 14)})]
    async with on_stage(session) as stage:
        await stage.press("D", "down", "j", "k", "up", "down", "x")
        assert list(session.archive.plan().directions) == ["a", "c"]
        await stage.press("delete", "escape", "enter")
        assert isinstance(stage.app.screen, Zoom)
        await stage.press("D", "q")
        assert session.steered == []
        await stage.press("D", "space")
        assert session.steered[0][1:3] == (0, 12)


async def test_asking_for_a_name_can_be_left():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("y", "a", "escape")
        assert stage.session.archive.plans == []
        assert not stage.app.screen.query(Input)


def test_steps_both_ways_leave_the_picture_itself_out_and_are_never_too_large():
    assert compass.both_ways(partial(compass.steps, 20)) == [-30, -20, -10, 10, 20, 30]
    assert compass.both_ways(partial(compass.sizes, 0.7)) == [-1.0, -0.7, -0.35, 0.35, 0.7, 1.0]


async def test_a_direction_is_for_the_picture_that_it_was_asked_for():
    session = FakeSession()
    session.archive.plans = [Plan(directions={"older": (0, 1)})]
    async with on_stage(session) as stage:
        await stage.press("right", "D")
        stage.controller.pages.go(3)  # as when a page is born meanwhile
        await stage.press("enter")
        assert session.steered[0][0] == 1
