"""What is decided about the pages to come: recipe and settings."""

from dataclasses import replace
from functools import partial

import pytest
from fake_session import FakeSession
from stage import on_stage

from evolve.genome.settings import OPTIONAL
from evolve.search.plan import LOCKS, Plan
from evolve.session import events
from tui.controller.planning.choices import choices
from tui.dialogs.breeding_settings import BreedingSettings
from tui.dialogs.page_recipe import PageRecipe
from tui.widgets.pictures.wall import Wall
from tui.widgets.text_lines import TextLines, row_width


def plan(stage) -> Plan:
    return stage.session.archive.plan()


async def test_letters_say_what_each_place_holds_and_go_on():
    async with on_stage(FakeSession(page=6)) as stage:
        await stage.press("w")
        assert isinstance(stage.app.screen, PageRecipe)
        await stage.press("e", "e", "m", "c", "n", "a", "escape")
        assert plan(stage).slots == ("keep", "keep", "mutate", "cross", "new", "auto")
        assert stage.app.screen is stage.gallery


async def test_arrows_move_space_turns_and_r_leaves_all_to_the_search(stage):
    await stage.press("w", "right", "down", "space", "space", "left", "up", "space", "q")
    assert plan(stage).slots[:6] == ("keep", *["auto"] * 4, "mutate")
    await stage.press("w", "r", "w")
    assert plan(stage).slots == ()
    await stage.press("w", "left", "up", "enter")
    assert len(stage.session.archive.plans) == 2  # nothing changed, nothing saved


async def test_the_mouse_goes_to_places_and_turns_them():
    async with on_stage(FakeSession(page=6)) as stage:
        await stage.press("w")
        click = partial(stage.pilot.click, "#places")
        for at in ((12, 0), (12, 0), (0, 1), (1, 1), (1, 1)):
            await click(offset=at)
        for at in ((36, 1), (50, 0)):  # nothing is there
            await click(offset=at)
        await stage.press("escape")
        assert plan(stage).slots == ("auto", "keep", "auto", "auto", "mutate", "auto")


async def test_the_mouse_goes_to_settings_and_turns_them(stage):
    await stage.press("s")
    sheet = stage.app.screen
    lines = sheet.query_one("#choices", TextLines)
    heading = next(y for y, (place, _) in enumerate(sheet._rows(60)) if place is None)
    for y in (0, 0, heading, heading + 1, heading + 1):
        await stage.pilot.click(lines, offset=(5, y))
    assert sheet.selected == heading
    assert all(row_width(row) == lines.size.width for row in lines._rows if len(row) > 1)
    await stage.press("escape")
    assert plan(stage).page == 20
    assert list(plan(stage).strengths.values()) == [1.5]


async def test_a_recipe_can_be_bred_at_once(stage):
    await stage.press("5", "w", "e", "b")
    assert plan(stage).slots[0] == "keep"
    assert stage.session.bred == [(12, ())]


async def test_variations_of_a_picture_are_variations_whatever_is_planned():
    session = FakeSession()
    session.archive.plans = [Plan(slots=("new",) * 12)]
    async with on_stage(session) as stage:
        await stage.press("m")
        assert stage.session.bred == [(12, (0,))]
        assert stage.session.by_places == [False]
        stage.session.finish(range(12, 24))
        await stage.press("5", "b")
        assert stage.session.by_places == [False, True]


async def test_a_plan_in_force_is_in_the_status_line_with_how_long_it_holds(stage):
    await stage.press("w", "e", "n", "n", "escape")
    assert "until changed: 1 keep 2 new" in stage.status
    await stage.press("5", "b", "comma")
    assert "until changed: 1 keep 2 new" in stage.status
    await stage.press("w", "r", "escape")
    assert "keep" not in stage.status


async def test_a_plan_for_one_page_is_gone_once_that_is_bred(stage):
    await stage.press("w", "e", "o", "escape")
    assert plan(stage) == Plan(slots=("keep", *["auto"] * 11), once=True)
    assert "next page only: 1 keep" in stage.status
    await stage.press("m")
    assert "next page only: 1 keep" in stage.status
    stage.session.finish([12])
    await stage.press("5", "b")
    assert plan(stage) == stage.controller.plan == Plan()
    assert "keep" not in stage.status


async def test_a_plan_for_one_page_is_still_there_if_that_could_not_be_bred(stage):
    stage.session.holds = True
    await stage.press("5", "w", "e", "o", "escape")
    before = plan(stage)
    stage.session.release()
    stage.session.holds = True
    await stage.press("b")
    assert stage.controller.plan == Plan()
    stage.session.archive.plans = [before]
    stage.session.emit(events.Refused("no", request=1))
    await stage.pilot.pause()
    assert stage.controller.plan == before


async def test_a_narrow_status_line_still_says_that_there_is_a_plan():
    session = FakeSession()
    session.archive.plans = [Plan(slots=("keep", "mutate", "cross", "new"))]
    async with on_stage(session, (80, 24)) as stage:
        await stage.press("space")
        assert "planned until changed" in stage.status
        assert stage.status.endswith("saved")


async def test_the_status_line_says_what_is_set_for_all_children_unless_founders_had_it_too():
    chosen = {"sampler": "euler", "guidance_scale": 7.5, "steps": 8}
    session = FakeSession((12, 12))
    session.archive.plans = [Plan(settings=chosen, slots=("keep", "mutate", "new"))]
    async with on_stage(session) as stage:
        assert " 1 keep 1 mutate 1 new · guidance 7.5, euler for all " in stage.status
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: "  planned, 2 for all " in stage.status)
        assert stage.status.endswith("saved")
        stage.controller.replan(Plan(settings=chosen))
        await stage.press("space")
        assert "  2 settings for all  marked 1  saved" in stage.status
        await stage.press("s", "r", "escape")
        assert "for all" not in stage.status


async def test_the_status_line_says_by_what_step_the_page_was_bred():
    async with on_stage(FakeSession((12, 12))) as stage:
        assert "step 18°" in stage.status
        await stage.press("comma")
        assert "step" not in stage.status
        await stage.press("s", "down", "down", "l", "escape", "full_stop")
        assert "step 18°, then 5°" in stage.status
        await stage.press("comma", "d", "escape")
        assert "step 30°, then 5°" in stage.status  # a ring
        await stage.press("s", "down", "down", *["l"] * 5, "escape")
        assert "step 30° fixed" in stage.status


@pytest.mark.parametrize(
    ("pages", "settings", "keys", "told"),
    [
        (2, {}, ["="], "the next page steps 27° instead of 18°; u undoes it"),
        (2, {"step": 20.0}, ["="], "the step is set to 20°"),
        (2, {}, ["comma", "="], "was not bred by one"),
        (3, {}, ["5", "comma", "="], "follows a later page"),
    ],
)
async def test_all_the_same_says_what_comes_of_it(pages, settings, keys, told):
    session = FakeSession((12,) * pages)
    session.archive.plans = [Plan(**settings)]
    async with on_stage(session) as stage:
        await stage.press(*keys)
        assert "all the same" in stage.status
        assert told in stage.status


async def test_the_recipe_says_what_a_kind_means(stage):
    await stage.press("w", "space")
    assert "a parent as it is" in stage.app.screen.query_one("#meaning", TextLines).text


async def test_settings_are_changed_by_left_and_right(stage):
    await stage.press("s")
    assert isinstance(stage.app.screen, BreedingSettings)
    await stage.press(
        "right", "down", "down", "l", "l", "h", "j", "j", "space", "up", "k", "escape"
    )
    assert plan(stage) == Plan(page=16, step=5.0, strengths={"mutate": 1.5})
    await stage.press("5", "b")
    assert stage.session.bred == [(16, ())]


async def test_a_size_counts_for_pages_rings_and_steps():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("s", "down", "l", "l", "escape")
        assert plan(stage) == Plan(size=0.25)
        assert "step 18°, then size subtle" in stage.status
        await stage.press("m", "d", "escape", "f")
        assert stage.session.sizes == [0.25, 0.25]
        (_, _, _, sizes), *_ = stage.session.walked
        assert sizes == (0.125, 0.25, 0.375, 0.5, 0.625, 0.75)


async def test_children_of_a_size_appear_one_after_the_other():
    async with on_stage(FakeSession()) as stage:
        stage.session.archive.plans = [Plan(size=0.25)]
        stage.controller.plan = Plan(size=0.25)
        stage.session.holds = True
        await stage.press("1", "b")
        stage.session.emit(events.DraftsPainted(7, 18, 12, measuring=True))
        await stage.pilot.pause()
        assert "measuring sizes 7/18" in stage.status
        born = stage.session.archive.individuals[-12:]
        for first, last in ((0, 5), (5, 12)):
            stage.session.emit(
                events.DraftsPainted(14, 18, 12 - first),
                events.Born(born[first:last], request=1),
            )
            await stage.pilot.pause()
            assert list(stage.controller.pages.shown) == [i.id for i in born[:last]]
            assert stage.gallery.query_one(Wall).grid.columns == 4  # as there will be
        assert stage.controller.drafts is None


async def test_r_sets_everything_back_but_words_and_recipe():
    session = FakeSession()
    session.archive.plans = [Plan(page=6, step=20.0, locked=(), slots=("keep",))]
    async with on_stage(session) as stage:
        for key in ("q", "s", "enter"):
            await stage.press("s", "r", key)
        assert plan(stage) == Plan(slots=("keep",))


async def test_not_everything_can_be_locked(stage):
    await stage.press("s", *["down"] * 9)
    await stage.press("right", "down", "right", "down", "right")
    assert "every gene is locked" in stage.app.screen.query_one("#model", TextLines).text
    await stage.press("escape")
    assert set(LOCKS) - set(plan(stage).locked) == {"guidance_scale", *OPTIONAL}


@pytest.mark.parametrize("gene", OPTIONAL)
def test_a_gene_that_not_all_have_can_be_locked_where_there_is_one(gene):
    usual = {choice.label for choice in choices(12)}
    (lock,) = [each for each in choices(12, optional=[gene]) if each.label not in usual]
    assert lock.turn(Plan(locked=()), 1).locked == (gene,)


async def test_the_settings_offer_the_genes_that_there_are():
    session = FakeSession()
    founder = session.archive.individuals[0]
    settings = replace(founder.genome.settings, **dict.fromkeys(OPTIONAL, 0.8))
    genome = replace(founder.genome, settings=settings)
    for has, locks in ((founder, ()), (replace(founder, genome=genome), OPTIONAL)):
        session.archive.individuals[0] = has
        session.listener = None
        async with on_stage(session) as stage:
            await stage.press("s", *["down"] * 24, *["right", "up"] * len(OPTIONAL), "escape")
            assert {*plan(stage).locked} & {*OPTIONAL} == {*locks}


def test_steps_and_sampler_can_be_the_same_for_all_children():
    steps, sampler = (each for each in choices(12) if each.label in ("steps", "sampler"))
    plan = steps.turn(sampler.turn(sampler.turn(Plan(), 1), 1), 1)
    assert plan.settings == {"steps": 4, "sampler": "euler"}
    assert (steps.shown(plan), sampler.shown(plan)) == ("4 for all", "euler for all")
    assert steps.turn(steps.turn(plan, -1), -1).locked == ("sampler",)  # and varies again
    elsewhere = replace(plan, settings={"steps": 18})
    assert steps.shown(elsewhere) == "18 for all"
    assert steps.turn(elsewhere, 1).settings == {"steps": 4}


@pytest.mark.parametrize(
    ("start", "by", "value"), [(17, 1, 20), (17, -1, 16), (4, -1, 4), (24, 1, 24)]
)
def test_a_value_from_elsewhere_goes_on_to_the_nearest(start, by, value):
    page = choices(12)[0]
    assert page.turn(Plan(page=start), by).page == value


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({}, "36 painted"),
        ({"page": 4}, "12 painted"),
        ({"page": 4, "among": 96}, "32 painted"),
        ({"page": 24, "among": 24}, "nothing but the page"),
        ({"page": 4, "among": 12}, "12 painted"),
        ({"among": 1}, "nothing but the page"),
    ],
)
def test_the_settings_show_how_many_candidates_are_painted_for_pages_of_this_size(known, shown):
    among = next(each for each in choices(12, 3.0) if each.label == "by taste, chosen among")
    assert among.shown(Plan(**known)) == shown


async def test_the_settings_say_among_how_many_painted_candidates_a_page_is_chosen(stage):
    await stage.press("s", "down", "down", "down", "right", "right", "escape")
    assert plan(stage).among == 36
    await stage.press("s", "r", "escape")
    assert plan(stage).among is None


@pytest.mark.parametrize(
    ("key", "moves", "last"),
    [("s", 20, "sampler"), ("w", 47, "48 auto")],
    ids=["settings", "recipe"],
)
async def test_what_is_selected_in_a_box_higher_than_the_terminal_is_seen(key, moves, last):
    session = FakeSession()
    session.archive.plans = [Plan(page=48)]
    async with on_stage(session, size=(60, 16)) as stage:
        await stage.press(key)
        await stage.press(*["down" if key == "s" else "right"] * moves)
        await stage.quiet()
        screen = stage.app.screen._compositor.render_strips()
        assert any(last in strip.text for strip in screen)
