"""Pictures side by side, in one place, and their difference."""

from dataclasses import replace

import numpy as np
from fake_session import FakeSession, flat_picture
from stage import on_stage, turn_wheel

from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base, Edit
from evolve.genome.masks import mask_of
from evolve.genome.settings import Settings
from tui.drawing.differences import changed_share, difference, differences
from tui.screens.overlays.compare import Compare
from tui.screens.overlays.lineage import Lineage
from tui.widgets.pictures.wall import Wall
from tui.widgets.text_lines import TextLines


def shown(stage):
    return [face.id for face in stage.app.screen.query_one(Wall).faces]


async def test_a_picture_is_compared_with_its_parent():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("right", "c")
        assert isinstance(stage.app.screen, Compare)
        await stage.until(lambda: shown(stage) == [0, 13])
        told = stage.app.screen.query_one("#differences", TextLines)
        await stage.until(lambda: "#0 → #13" in told.text and "of the picture differs" in told.text)


async def test_a_founder_is_compared_with_its_neighbour(stage):
    for keys, pair in (("g", [0, 1]), ("G", [10, 11])):
        await stage.press(keys, "c")
        await stage.until(lambda: shown(stage) == pair)  # noqa: B023
        await stage.press("escape")


async def test_up_to_four_marked_pictures_stand_side_by_side_and_the_cursor_stays_among_them(stage):
    await stage.press("space", "l", "l", "space", "l", "space", "l", "space", "G", "c")
    await stage.until(lambda: shown(stage) == [0, 2, 3, 11])
    for key, cursor in (("h", 3), ("g", 0), ("left", 0), ("l", 2), ("j", 3), ("k", 2)):
        await stage.press(key)
        assert (key, stage.cursor) == (key, cursor)
    await stage.press("end", "right")
    assert stage.cursor == 11
    assert "comparing 4 of 4" in stage.status


async def test_flicker_shows_them_in_one_place_in_turn_and_back_goes_to_side_by_side(stage):
    await stage.press("space", "right", "c", "f")
    await stage.until(lambda: shown(stage) == [1])
    await stage.press("f")
    await stage.until(lambda: shown(stage) == [0])
    await stage.press("f")
    await stage.until(lambda: shown(stage) == [1])
    await stage.press("escape")
    await stage.until(lambda: shown(stage) == [0, 1])
    await stage.press("escape")
    assert stage.app.screen is stage.gallery
    assert stage.cursor == 1


async def test_who_compared_with_a_parent_is_back_where_they_were_and_rates_there():
    async with on_stage(FakeSession((12, 12))) as stage:
        for keys in ("right", "home right enter"):
            await stage.press(*keys.split(), "c", "g")
            assert stage.cursor == 0
            await stage.press("escape")
            assert stage.cursor == 13
            await stage.until(lambda: "2/2" in stage.status)
            await stage.press("escape", "4", "0")
        assert stage.judgements == [(13, "rate", 4), (13, "rate", 0)] * 2


async def test_enter_goes_to_the_page_of_a_picture_that_was_compared():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("right", "c", "g", "enter")
        assert stage.app.screen is stage.gallery
        await stage.until(lambda: stage.captions[0] == "▸ 0")
        assert "generation 1/2" in stage.status


async def test_the_difference_is_shown_as_a_picture(stage):
    await stage.press("c", "right", "d")
    await stage.until(lambda: shown(stage) == [1])
    (face,) = stage.app.screen.query_one(Wall).faces
    pixels = stage.controller.pictures.get(0), stage.controller.pictures.get(1)
    assert (face.pixels == difference(*pixels)).all()
    assert face.caption.number == "1 against 0"
    await stage.press("d")
    await stage.until(lambda: shown(stage) == [0, 1])


async def test_verdicts_work_and_auto_advance_stays_among_those_compared(stage):
    await stage.press("space", "G", "c", "a", "g", "5", "x", "u", "ctrl+r", "p", "a", "3")
    assert stage.judgements == [
        (0, "rate", 5),
        (11, "reject", 1),
        (11, "reject", 0),
        (11, "reject", 1),
        (11, "pin", 1),
        (11, "reject", 0),
        (11, "rate", 3),
    ]
    await stage.press("space", "0")
    assert stage.controller.pages.marked == [0, 11]


async def test_undoing_what_was_said_elsewhere_goes_back_to_the_gallery(stage):
    await stage.press("5", "right", "right", "c", "u")
    await stage.until(lambda: stage.app.screen is stage.gallery)
    assert stage.cursor == 0


async def test_a_click_moves_to_a_picture_and_another_goes_to_its_page(stage):
    await stage.press("c")
    await stage.until(lambda: shown(stage) == [0, 1])
    last = stage.app.screen.query("CardView").last()
    turn_wheel(stage.app, last.region.center, 1)
    await stage.until(lambda: stage.cursor == 1)
    await stage.press("left")
    await stage.pilot.click(last)
    assert stage.cursor == 1
    await stage.pilot.click(last)
    await stage.until(lambda: stage.app.screen is stage.gallery)


async def test_comparing_from_zoom_comes_back_to_zoom(stage):
    await stage.press("enter")
    zoom = stage.app.screen
    for back in ("escape", "q", "c"):
        await stage.press("c", back)
        assert stage.app.screen is zoom


def genome(noise, prompt="a woman | red hair :1.4", **settings):
    return Genome(noise, Prompt.parse(prompt), Settings(**settings))


def test_differences_of_genomes_are_told_in_words():
    z = np.zeros((1, 2, 2), np.float16)
    z[0, 0, 0] = 1
    turned = np.zeros((1, 2, 2), np.float16)
    turned[0, 0, 1] = 1
    assert differences(genome(z), genome(z)) == []
    assert differences(genome(z), genome(turned)) == ["noise turned by 90°"]
    assert differences(genome(z), genome(z, "a woman | hat", guidance_scale=5.5, steps=9)) == [
        "− red hair",
        "+ hat",
        "guidance 4 → 5.5",
        "steps 8 → 9",
    ]
    assert differences(genome(z), genome(z, "a woman | red hair")) == ["red hair :1.4 → :1"]


def test_what_a_picture_starts_from_is_told_where_it_differs():
    z = np.ones((1, 2, 2), np.float16)
    corner = mask_of((0, 0, 0.5, 0.5), (2, 2))
    free = genome(z)
    deep = replace(free, edit=Edit(Base(z), depth=0.6))
    region = replace(free, edit=Edit(Base(z), mask=corner))
    assert differences(free, deep) == ["starts from a picture, 60% of the way back to noise"]
    assert differences(deep, region) == [
        "starts from a picture: only a part, 25% of it, is painted again"
    ]
    assert differences(region, free) == ["starts from noise alone"]
    assert differences(region, replace(free, edit=Edit(Base(2 * z), mask=corner))) == [
        "starts from another picture"
    ]
    assert differences(region, region) == []


def test_the_difference_of_equal_pictures_is_black():
    one, other = flat_picture(1), flat_picture(2)
    assert not difference(one, one).any()
    assert changed_share(one, one) == 0
    assert changed_share(one, other) == 1
    assert difference(one, other[::2, ::2]).shape == one.shape


async def test_an_event_that_comes_while_a_screen_is_being_opened_does_no_harm(stage):
    for action in ("zoom", "compare", "lineage", "around", "touch"):
        await stage.gallery.run_action(action)
        stage.gallery.changed()
        await stage.pilot.pause()
        stage.gallery.come_back()
        stage.gallery.changed()
        await stage.pilot.pause()
    assert stage.app.screen is stage.gallery


async def test_compare_leads_to_the_lineage_and_says_which_keys_are_of_the_gallery():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("c", "B")
        assert "B works in the gallery: escape goes there" in stage.status
        stage.app.set_keymap({"look.branches": "M"})
        await stage.press("M")
        assert "M works in the gallery: escape goes there" in stage.status
        await stage.press("t")
        assert isinstance(stage.app.screen, Lineage)
