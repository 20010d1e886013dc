"""A notice is there until a key makes it untrue: never longer."""

from fake_session import FakeSession
from shelf import Shelf, at_home
from stage import on_stage

from evolve.session import events
from tui.keys.actions import COMPLETES
from tui.widgets.keybar import KeyBar
from tui.widgets.notices import LEAST, SECONDS, Notices


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_answer_to_a_key_gives_way_to_the_next_one_at_once():
    notices = Notices(Clock())
    notices.say("this is the first generation", answers=True)
    assert not notices.outdate(0)  # said by that key itself
    assert notices.text
    assert notices.outdate(notices.count)
    assert notices.text == ""


def test_what_was_said_between_two_keys_is_seen_before_it_goes():
    clock = Clock()
    notices = Notices(clock)
    notices.say("saved a.png", answers=False)
    assert not notices.outdate(notices.count)
    clock.now += LEAST
    assert notices.outdate(notices.count)


async def test_any_key_that_does_something_makes_room_for_what_is_so():
    notices = {
        "comma": "this is the first generation",
        "escape": "nothing to close; q leaves",
        "f": "it has no parent",
        "D": "no direction is remembered",
    }
    async with on_stage(FakeSession((12, 12))) as stage:
        for key, notice in notices.items():
            for then in ("l", "3", "full_stop", "p"):
                stage.controller.pages.go(0)
                await stage.press(key)
                assert notice in stage.status
                await stage.press(then)
                assert notice not in stage.status
                assert "judged" in stage.status


async def test_a_click_does_as_well(stage):
    await stage.press("comma")
    assert "this is the first generation" in stage.status
    stage.click_at((60, 12))
    await stage.until(lambda: "judged" in stage.status)


async def test_a_key_that_does_nothing_leaves_it(stage):
    await stage.press("comma", "ctrl+g")
    assert "this is the first generation" in stage.status


async def test_painting_again_shows_how_far_it_is(stage):
    await stage.press("5", "b", "escape")
    assert "painting stopped; r paints the rest" in stage.status
    await stage.press("escape")
    assert "nothing to close; q leaves" in stage.status
    await stage.press("r")
    assert "loading the model" in stage.status


async def test_what_happens_meanwhile_stays_for_a_moment_while_somebody_moves(monkeypatch):
    monkeypatch.setattr("tui.widgets.notices.LEAST", 60.0)
    async with on_stage() as stage:
        stage.session.emit(events.Notice("the renderer came back"))
        await stage.until(lambda: "came back" in stage.status)
        await stage.press("l", "l")
        assert "came back" in stage.status


async def test_what_the_list_says_goes_with_the_next_key():
    async with at_home(Shelf("faces", "pirates")) as (home, _, pilot):
        await pilot.press("escape")
        await pilot.pause()
        assert "q quits" in home.query_one("#message").text
        await pilot.press("j")
        await pilot.pause()
        assert home.query_one("#message").text == ""


LONG = (
    "portraits has never seen 'bright', 'quiet', 'serene', 'calm': it paints the rest; "
    f"{COMPLETES[0]} the words it knows"
)


async def test_a_long_notice_goes_on_in_the_line_of_the_keys_and_is_read_in_peace():
    async with on_stage(size=(80, 24)) as stage:
        keys = stage.keys
        stage.session.listener(events.Notice(LONG))
        await stage.until(lambda: "portraits has never" in stage.status)
        shown = f"{stage.status.removesuffix('saved').strip()} {stage.keys.strip()}"
        assert shown == LONG
        assert stage.gallery.notices.seconds > SECONDS
        await stage.click(stage.app.screen.query_one(KeyBar))  # there is no key to click
        stage.gallery.notices.say("", answers=True)
        stage.gallery.changed()
        assert stage.keys == keys


async def test_what_of_a_long_notice_has_no_room_in_two_lines_follows_once_they_are_read(
    monkeypatch,
):
    monkeypatch.setattr("tui.widgets.keybar.READ", 800)
    longer = LONG.replace("'calm'", "'dragn' (you mean 'dragon'?), 'calm' and 3 more")
    async with on_stage(size=(80, 24)) as stage:
        keys = stage.keys
        stage.session.listener(events.Notice(longer))
        await stage.until(lambda: "portraits has never" in stage.status)
        assert stage.keys.endswith(" …")
        first = f"{stage.status.removesuffix('saved').strip()} {stage.keys.strip()[:-2]}"
        assert longer.startswith(first)
        await stage.until(lambda: not stage.keys.endswith(" …"))
        assert f"{first} {stage.keys.strip()}" == longer
        stage.gallery.notices.say("", answers=True)
        stage.gallery.changed()
        assert stage.keys == keys
