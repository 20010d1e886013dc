"""Answers about a page: the best three in order, none of it, all the same."""

from fake_session import FakeSession
from stage import on_stage

from evolve.search.individual import Verdict
from tui.controller.picking import answered


async def test_o_picks_up_to_three_in_order(stage):
    await stage.press("o", "right", "o", "right", "right", "o")
    assert stage.judgements == [(0, "pick", 1), (1, "pick", 2), (3, "pick", 3)]
    assert stage.captions[:4] == ["0 1st", "1 2nd", "2", "▸ 3 3rd"]
    assert "picked #0 #1 #3" in stage.status
    await stage.press("right", "o")
    assert len(stage.judgements) == 3
    assert "three are picked already" in stage.status


async def test_picking_again_takes_it_back_and_the_others_move_up(stage):
    await stage.press("o", "right", "o", "right", "o", "g", "o")
    assert stage.judgements[-3:] == [(0, "pick", 0), (1, "pick", 1), (2, "pick", 2)]
    assert stage.captions[:3] == ["▸ 0", "1 1st", "2 2nd"]


async def test_none_and_same_are_said_of_every_picture_of_the_page():
    async with on_stage(FakeSession((6, 6))) as stage:
        for key, kind, words in (("n", "none", "none of these"), ("=", "same", "all the same")):
            stage.session.judgements.clear()
            await stage.press(key)
            assert set(stage.judgements) >= {(id, kind, 1) for id in range(6, 12)}
            assert {j.page for j in stage.session.judgements} == {1}
            assert words in stage.status
            await stage.press(key)
            assert set(stage.judgements) >= {(id, kind, 0) for id in range(6, 12)}
            assert words not in stage.status


async def test_the_answers_about_a_page_exclude_each_other():
    async with on_stage(FakeSession((3,))) as stage:
        await stage.press("o", "n")
        assert stage.judgements[-1] == (0, "pick", 0)
        assert stage.captions[0] == "▸ 0"
        await stage.press("=")
        assert set(stage.judgements[-3:]) == {(id, "none", 0) for id in range(3)}
        await stage.press("o")
        assert answered(stage.controller.pages.showing) == "picked #0"


async def test_one_undo_takes_a_whole_answer_back():
    async with on_stage(FakeSession((3,))) as stage:
        await stage.press("right", "o", "n", "u")
        assert stage.captions[1] == "▸ 1 1st" or stage.controller.pages.cards[1].place == 1
        assert not any(card.verdict.none for card in stage.controller.pages.showing)
        await stage.press("ctrl+r")
        assert "none of these" in stage.status
        assert stage.controller.pages.cards[1].place == 0


async def test_answers_are_remembered_and_shown_in_zoom():
    session = FakeSession((3, 3))
    session.archive.judged = {3: Verdict(place=2), 0: Verdict(none=True), 1: Verdict(same=True)}
    async with on_stage(session) as stage:
        assert stage.captions[0] == "▸ 3 2nd"
        await stage.press("enter", "o", "o")
        assert stage.judgements == [(3, "pick", 0), (3, "pick", 1)]
        assert "1st" in stage.details
        await stage.press("n", "=", "comma")
        assert "none of its page" in stage.details


async def test_answers_are_enough_to_breed_from(stage):
    await stage.press("n", "b")
    assert stage.session.bred == [(12, ())]
