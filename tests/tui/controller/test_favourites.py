"""All that is liked, on one screen."""

from fake_session import FakeSession
from many import Many
from saved import CONFIG, born, painted
from stage import on_stage, until

from evolve.search.individual import Verdict
from evolve.session.archive import Judgement
from populations import Population
from populations.studio.showing.viewing import Viewing
from tui.app.application import Fancier
from tui.controller.cards import Cards
from tui.controller.finding.favourites import favourites, ordered
from tui.screens.gallery import Gallery
from tui.screens.overlays.compare import Compare
from tui.screens.overlays.favourites import Favourites
from tui.screens.overlays.zoom import Zoom
from tui.widgets.messages import CardClicked
from tui.widgets.pictures.wall import Wall


def liked() -> FakeSession:
    session = FakeSession((12, 12, 12))
    session.archive.judged = {
        1: Verdict(rating=4, score=0.1),
        2: Verdict(rating=3),
        14: Verdict(rating=5, score=0.2),
        15: Verdict(rating=5, rejected=True),
        30: Verdict(pinned=True, score=0.9),
    }
    return session


def shown(stage) -> list[int]:
    return [face.id for face in stage.app.screen.query_one(Wall).faces]


async def test_F_shows_what_was_rated_4_or_5_or_pinned_and_o_sorts_it():
    async with on_stage(liked()) as stage:
        await stage.press("right", "4", "F")
        assert isinstance(stage.app.screen, Favourites)
        await stage.until(lambda: shown(stage) == [15, 14, 25, 1, 30])
        assert "favourite 3/5 by rating, this branch" in stage.status
        orders = {"newest": [30, 25, 15, 14, 1], "generation": [1, 15, 14, 25, 30]}
        for order, ids in {**orders, "score": [30, 14, 1, 15, 25]}.items():
            await stage.press("o")
            await stage.until(lambda ids=ids: shown(stage) == ids)
            assert f"favourite 1/5 by {order}" in stage.status


async def test_keys_move_among_favourites_and_judge_them():
    async with on_stage(liked()) as stage:
        await stage.press("F")
        await stage.until(lambda: shown(stage))
        assert stage.cursor == 15
        for key, cursor in (("right", 14), ("left", 15), ("G", 30), ("g", 15), ("end", 30)):
            await stage.press(key)
            assert stage.cursor == cursor
        await stage.press("home", "2", "x", "space")
        assert stage.judgements[-3:] == [(15, "rate", 2), (15, "reject", 0), (15, "reject", 1)]
        assert stage.controller.pages.marked == [15]
        assert shown(stage) == [15, 14, 1, 30]  # it stays until they are sorted anew
        await stage.press("o")
        await stage.until(lambda: shown(stage) == [30, 14, 1])


async def test_enter_goes_to_the_page_and_escape_to_where_one_came_from():
    async with on_stage(liked()) as stage:
        for key, cursor, page in (("escape", 25, 2), ("q", 25, 2), ("F", 25, 2), ("enter", 14, 1)):
            stage.controller.pages.go(25)
            await stage.press("F", "g", "right", key)
            assert stage.app.screen is stage.gallery
            assert (stage.cursor, stage.controller.pages.generation) == (cursor, page)


async def test_from_favourites_one_zooms_compares_and_saves():
    async with on_stage(liked()) as stage:
        await stage.press("F", "space", "right", "c")
        assert isinstance(stage.app.screen, Compare)
        assert stage.app.screen.ids == [14, 15]
        await stage.press("escape", "z")
        assert isinstance(stage.app.screen, Zoom)
        await stage.press("escape", "S")
        assert isinstance(stage.app.screen, Favourites)
        await stage.until(lambda: len(stage.session.kept) == 2)


async def test_a_click_that_comes_when_its_picture_is_none_of_them_any_more_does_nothing():
    async with on_stage(liked()) as stage:
        await stage.press("F")
        cursor, ids = stage.cursor, stage.app.screen.ids
        stage.app.screen.post_message(CardClicked(next(id for id in range(36) if id not in ids)))
        await stage.pilot.pause()
        assert isinstance(stage.app.screen, Favourites)
        assert stage.cursor == cursor


async def test_many_favourites_are_turned_by_screens():
    session = FakeSession((12, 12, 12))
    session.archive.judged = {i: Verdict(rating=5) for i in range(36)}
    async with on_stage(session, (80, 24)) as stage:
        await stage.press("F", "g")
        await stage.until(lambda: shown(stage)[:1] == [35])
        across, count = stage.app.screen.query_one(Wall).grid.columns, len(shown(stage))
        assert 1 < count < 36
        await stage.press("right_square_bracket")
        assert stage.cursor == 35 - count
        await stage.until(lambda: shown(stage)[:1] == [35 - count])
        await stage.press("pagedown", "left_square_bracket", "pageup")
        assert stage.cursor == 35
        await stage.press("down")
        assert stage.cursor == 35 - across


async def test_without_favourites_it_says_how_to_make_some(stage):
    await stage.press("F")
    assert stage.app.screen is stage.gallery
    assert "no favourites yet: those rated 4 or 5" in stage.status


async def test_B_shows_those_of_all_branches(tmp_path):
    rows = [*(born(i, i // 2) for i in range(4)), *map(painted, range(4))]
    with Population.create(tmp_path, "faces", CONFIG, rows=rows) as population:
        rate = lambda i: Judgement(individual=i, kind="rate", value=5)  # noqa: E731
        population.append([rate(0), rate(3)])
        population.fork("second", at=1)
    view = Viewing(Population.open(tmp_path / "faces", write=False), "second", every=60)
    gallery = Gallery(view, name="faces")
    app = Fancier(gallery)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("F")
        await until(pilot, lambda: isinstance(app.screen, Favourites))
        assert app.screen.ids == [0]
        await pilot.press("B")
        await pilot.pause()
        assert app.screen.ids == [3, 0]
        assert gallery.controller.pages.cards[3].rating == 5
        await pilot.press("B")
        await pilot.pause()
        assert app.screen.ids == [0]


def test_a_million_individuals_are_not_looked_at_one_by_one():
    archive = Many({5: Verdict(rating=5), 700_000: Verdict(pinned=True)})
    cards = Cards(archive)
    found = favourites(archive.verdicts(), cards)
    assert ordered(found, cards, "newest") == [700_000, 5]
    assert len(cards.drawn) == 2


async def test_when_an_answer_elsewhere_is_shown_keys_do_not_go_on_judging_unseen():
    async with on_stage(liked()) as stage:
        await stage.press("3", "F", "u")
        assert stage.app.screen is stage.gallery
        assert stage.captions[0] == "▸ 24 ***"
        assert "u takes it back" in stage.status


async def test_in_the_zoom_over_favourites_arrows_move_among_them():
    async with on_stage(liked()) as stage:
        await stage.press("F", "z", "right", "right")
        assert isinstance(stage.app.screen, Zoom)
        assert stage.cursor == 1
        assert "favourite 3/4 by rating" in stage.status
        await stage.press("comma", "right")  # another page, and back among them
        assert stage.cursor == 30
        await stage.press("escape")
        assert (type(stage.app.screen), stage.cursor) == (Favourites, 30)
        await stage.press("z", "g", "full_stop", "escape")  # outside, with a notice
        assert (type(stage.app.screen), stage.cursor) == (Favourites, 30)
        await stage.press("z", "g", "F")
        assert (type(stage.app.screen), stage.cursor) == (Favourites, 30)


async def test_what_leads_from_favourites_to_the_gallery_leads_to_its_picture():
    async with on_stage(liked()) as stage:
        await stage.press("3", "F", "c", "g", "enter")
        assert (stage.app.screen, stage.cursor) == (stage.gallery, 0)
        stage.session.holds = True
        await stage.press("F", "z", "full_stop", "g", "m")
        assert (stage.app.screen, stage.cursor) == (stage.gallery, 24)
