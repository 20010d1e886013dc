"""What was learnt, in a box over the gallery."""

from dataclasses import replace

from fake_session import FakeSession
from stage import on_stage
from textual.widgets import Static

from evolve.errors import FancierError
from evolve.search.plan import Plan
from evolve.taste.explaining import Learnt
from evolve.taste.foresight import Foresight
from populations.studio.taste import TasteReport
from tui.screens.gallery import Gallery

REPORT = TasteReport(
    judged=24,
    unseen=0,
    predicts=Foresight(0.6, 2),
    learnt=(Learnt("red hair", 2.0, 0.2),),
    compared=24,
    words_by="reader",
    forgot=0,
    chosen_by="taste",
)


def text(stage):
    return str(stage.app.screen.query_one("#taste", Static).content)


def session_with(find_out):
    session = FakeSession((12,))
    session.taste = find_out
    return session


async def test_what_was_learnt_is_shown_as_soon_as_it_is_known():
    async with on_stage(session_with(lambda: REPORT), size=(80, 24)) as stage:
        await stage.press("L")
        await stage.until(lambda: "you like: red hair" in text(stage))
        await stage.press("L")
        assert isinstance(stage.app.screen, Gallery)


async def test_keys_scroll_where_there_is_no_room_for_all_of_it():
    words = tuple(Learnt(f"thing number {n} of many", 2.0 - n, 0.2) for n in range(16))
    report = replace(REPORT, learnt=words, unseen=7, began_with="faces")
    async with on_stage(session_with(lambda: report), size=(60, 16)) as stage:
        await stage.press("L")
        await stage.until(lambda: "you like" in text(stage))
        box = stage.app.screen.box
        await stage.until(lambda: box.max_scroll_y > 2)
        places = []
        for key in ("down", "j", "up", "k", "pagedown", "pageup", "G", "g", "end", "home"):
            await stage.press(key)
            places.append(box.scroll_y)
        last = box.max_scroll_y
        assert places == [1, 2, 1, 0, min(last, box.size.height), 0, last, 0, last, 0]


async def test_what_was_learnt_too_late_is_not_shown():
    async with on_stage(session_with(lambda: REPORT)) as stage:
        await stage.press("L")
        box = stage.app.screen
        await stage.press("escape")
        await box._ask()
        assert not box.is_there


async def test_why_nothing_can_be_shown_is_said():
    def fails():
        raise FancierError("its process ended")

    async with on_stage(session_with(fails)) as stage:
        await stage.press("L")
        await stage.until(lambda: text(stage) == "its process ended")


async def test_pages_are_bred_by_it_or_by_the_rating_of_each():
    async with on_stage(session_with(lambda: REPORT)) as stage:
        await stage.press("L")
        await stage.until(lambda: "pages are bred by this" in text(stage))
        await stage.press("b")
        assert stage.controller.plan == Plan(by="ratings")
        assert "pages are bred by the rating of each" in text(stage)
        await stage.press("b", "escape")
        assert stage.controller.plan == Plan(by="taste")


async def test_it_is_forgotten_only_when_asked_for_twice():
    session = session_with(lambda: REPORT)
    async with on_stage(session) as stage:
        await stage.press("L", "x")
        assert "x once more forgets all of it" in text(stage)
        await stage.press("escape")
        assert stage.controller.plan == Plan()
        await stage.press("L", "x", "x")
        assert isinstance(stage.app.screen, Gallery)
        assert stage.controller.plan == Plan(taste_since=12)
        assert session.archive.plan() == Plan(taste_since=12)
