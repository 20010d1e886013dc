"""Going on in another branch of the same population."""

from fake_session import FakeSession
from stage import on_stage, turn_wheel

from evolve.errors import ArchiveError
from tui.dialogs.list_choices import BranchChoice
from tui.screens.gallery import Gallery
from tui.widgets.chooser import Chooser


async def test_the_branches_tell_where_they_left():
    session = FakeSession((12, 12))
    session.fork("curls", 5)
    async with on_stage(session) as stage:
        await stage.press("B")
        assert isinstance(stage.app.screen, BranchChoice)
        chooser = stage.app.screen.query_one(Chooser)
        await stage.until(lambda: "left main at #5" in chooser.text)
        assert chooser.selected == 0
        for key, place in (("down", 1), ("j", 1), ("up", 0), ("k", 0)):
            await stage.press(key)
            assert chooser.selected == place


async def test_the_bar_of_a_long_list_stays_in_sight():
    session = FakeSession((12,))
    for number in range(30):
        session.fork(f"branch {number}", 5)
    async with on_stage(session, size=(60, 16)) as stage:
        await stage.press("B")
        chooser = stage.app.screen.query_one(Chooser)
        await stage.until(lambda: chooser.text)

        for key, place in (
            ("end", 30), ("g", 0), ("pagedown", 12), ("pageup", 0), ("G", 30), ("home", 0),
            *(("down", n) for n in range(1, 11)),
        ):  # fmt: skip
            await stage.press(key)
            assert chooser.selected == place
            bar = chooser.region.y + place - chooser.seen.start
            assert stage.app.screen.box.region.y <= bar < stage.app.screen.box.region.bottom


async def test_a_bar_that_moved_in_a_list_that_is_being_closed_is_not_scrolled_to(stage):
    await stage.press("B")
    box = stage.app.screen
    await stage.press("escape")
    box._show_bar()
    assert not box.is_there


async def test_the_wheel_moves_the_bar_of_a_list():
    session = FakeSession((12,))
    session.fork("curls", 5)
    async with on_stage(session) as stage:
        await stage.press("B")
        chooser = stage.app.screen.query_one(Chooser)
        await stage.until(lambda: chooser.text)
        turn_wheel(stage.app, chooser.region.center, 1)
        await stage.until(lambda: chooser.selected == 1)


async def test_keys_that_nobody_can_see_the_effect_of_do_nothing(stage):
    await stage.press("s")
    box = stage.app.screen
    await stage.pilot.resize_terminal(40, 10)
    await stage.press("l", "r")
    assert box.plan == stage.controller.plan
    await stage.press("escape")
    assert stage.app.screen is stage.gallery


async def test_all_branches_are_seen_from_each_of_them():
    session = FakeSession((12, 12))
    for name in ("curls", "glasses", "hats"):
        session.fork(name, 5)
    async with on_stage(session, size=(80, 24)) as stage:
        for place in range(1, 4):
            await stage.press("B", "down", "enter")
            await stage.until(
                lambda place=place: stage.controller.branch == session.forks[place - 1][0]
            )
            await stage.press("B")
            chooser = stage.app.screen.query_one(Chooser)
            lines = chooser.text.splitlines()
            assert [line.split()[0] for line in lines] == ["main", "curls", "glasses", "hats"]
            assert chooser.selected == place
            await stage.press("escape")


async def test_going_to_a_branch_shows_its_last_page_and_undoes_nothing_of_the_other():
    session = FakeSession((12, 12))
    session.fork("curls", 5)
    async with on_stage(session) as stage:
        await stage.press("3", "B", "down", "enter")
        await stage.until(lambda: stage.controller.branch == "curls")
        assert stage.cursor == 5  # where it goes on from
        assert len(stage.captions) == 6
        assert "faces · curls" in stage.status
        await stage.press("u")
        assert "nothing to undo" in stage.status
        await stage.press("B", "k", "space")
        await stage.until(lambda: stage.controller.branch == "main")
        assert stage.captions[0].startswith("▸ 12")


async def test_a_page_has_the_same_number_in_every_branch():
    session = FakeSession((12, 12))
    session.fork("curls", 5)
    async with on_stage(session) as stage:
        await stage.press("B", "down", "enter")
        await stage.until(lambda: "gen 1/1" in stage.status or "generation 1/1" in stage.status)
        await stage.press("5", "b")
        await stage.until(lambda: "page 2/2 (generation 3)" in stage.status)
        assert session.archive.individuals[stage.cursor].generation + 1 == 3
        await stage.press("enter")
        await stage.until(lambda: f"#{stage.cursor}  generation 3" in stage.details)


async def test_branches_that_cannot_be_read_are_told_in_a_line():
    session = FakeSession((12, 12))
    session.fork("curls", 5)

    def damaged(branch=None):
        raise ArchiveError("the branches are damaged")

    async with on_stage(session) as stage:
        session.switch = damaged
        await stage.press("B", "down", "enter")
        await stage.until(lambda: "the branches are damaged" in stage.status)
        assert stage.controller.branch == "main"
        stage.gallery.say("")
        session.archive.branches = damaged
        await stage.press("B")
        assert "the branches are damaged" in stage.status
        assert stage.app.screen is stage.gallery


async def test_escape_stays_in_the_same_branch():
    for key in ("escape", "q", "B"):
        async with on_stage() as stage:
            await stage.press("B", key)
            assert isinstance(stage.app.screen, Gallery)
            assert stage.controller.branch == "main"
