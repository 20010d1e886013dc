"""What is not painted yet is not judged, and nobody is bred from it: nobody has seen it."""

import pytest
from fake_session import FakeSession
from stage import on_stage


async def waiting(stage):
    """Breed a page of which nothing is painted."""
    await stage.press("5", "b")
    await stage.until(lambda: stage.cursor == 12)
    stage.session.judgements.clear()


async def test_a_grey_box_is_neither_judged_nor_bred_from(stage):
    await waiting(stage)
    for key in ("3", "5", "p", "o", "space", "m"):
        stage.gallery._unsay()
        await stage.press(key)
        assert "#12 is not painted yet" in stage.status, key
    assert stage.judgements == []
    assert stage.controller.pages.marked == []
    assert len(stage.session.bred) == 1


@pytest.mark.parametrize("key", ["n", "equals_sign"])
async def test_a_page_of_grey_boxes_is_not_judged(stage, key):
    await waiting(stage)
    await stage.press(key)
    assert "nothing of this page is painted yet" in stage.status
    assert stage.judgements == []
    stage.session.finish([13])
    await stage.press(key)
    assert {kind for _, kind, _ in stage.judgements} == {{"n": "none"}.get(key, "same")}


async def test_a_preview_can_be_judged(stage):
    await waiting(stage)
    stage.session.step([12], 4)
    await stage.until(lambda: 12 in stage.controller.previews)
    await stage.press("3")
    assert stage.judgements == [(12, "rate", 3)]


async def test_a_rating_is_kept_until_there_is_a_picture_and_counts_on_its_own_page(stage):
    await waiting(stage)
    await stage.press("a", "3", "4", "0", "5", "comma")
    assert stage.judgements == []
    stage.session.finish([12, 14, 15])
    await stage.until(lambda: stage.judgements == [(12, "rate", 3), (15, "rate", 5)])
    assert {each.page for each in stage.session.judgements[-2:]} == {1}


async def test_a_kept_rating_is_shown_and_can_be_changed(stage):
    await waiting(stage)
    await stage.press("3")
    assert "#12 is not painted yet: 3 counts once it is" in stage.status
    await stage.until(lambda: any("12 (***)" in each for each in stage.captions))
    await stage.press("2")
    stage.session.finish([12])
    await stage.until(lambda: stage.judgements == [(12, "rate", 2)])
    await stage.until(lambda: any("12 **" in each for each in stage.captions))


async def test_a_pin_takes_a_rejection_back_and_a_rejection_a_pin(stage):
    await stage.press("x", "p")
    assert stage.judgements == [(0, "reject", 1), (0, "pin", 1), (0, "reject", 0)]
    await stage.press("x")
    assert stage.judgements[3:] == [(0, "reject", 1), (0, "pin", 0)]
    await stage.press("u")
    card = stage.controller.pages.cards[0]
    assert (card.value("pin"), card.value("reject")) == (1, 0)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (lambda stage: stage.session.fail(12, "out of memory"), "could not be painted: r tries"),
        (lambda stage: stage.controller.stop_painting(), "is not painted: r paints it"),
    ],
)
async def test_why_there_is_nothing_to_judge_names_the_key_that_helps(stage, happens, why):
    await waiting(stage)
    happens(stage)
    await stage.pilot.pause()
    await stage.press("4")
    assert f"#12 {why}" in stage.status
    assert stage.judgements == []


async def test_a_judgement_can_be_taken_back_from_what_is_not_there(stage):
    await stage.press("5", "p", "space", "l", "x")
    for card in stage.controller.pages.showing[:2]:
        card.state = "not kept"
    await stage.press("x", "h", "0", "p", "space")
    assert stage.judgements[-3:] == [(1, "reject", 0), (0, "rate", 0), (0, "pin", 0)]
    assert stage.controller.pages.marked == []


async def test_all_marks_are_taken_back_by_escape_and_come_back_by_undo(stage):
    await stage.press("space", "l", "space", "l", "space", "escape")
    assert stage.controller.pages.marked == []
    assert "3 marks taken back; u marks them again" in stage.status
    await stage.press("u")
    assert stage.controller.pages.marked == [0, 1, 2]
    await stage.press("escape", "escape")
    assert "nothing to close; q leaves" in stage.status
    await stage.press("space", "escape")
    assert "1 mark taken back; u marks it again" in stage.status


async def test_what_is_not_painted_is_not_saved_as_a_file(stage, tmp_path):
    stage.app.album = tmp_path
    await waiting(stage)
    await stage.press("S")
    await stage.until(lambda: "#12 is not saved: it is not painted yet" in stage.status)


@pytest.mark.parametrize("key", ["b", "H"])
async def test_a_page_is_bred_once_the_ratings_typed_before_it_count(stage, key):
    await waiting(stage)
    asked = stage.session.bred if key == "b" else stage.session.drafted
    bred = len(asked)
    await stage.press("3", "right", "4", key, "up")
    assert "breeding waits for the pictures that you rated" in stage.status
    stage.session.finish([12])
    await stage.until(lambda: stage.judgements == [(12, "rate", 3)])
    assert len(asked) == bred
    stage.session.finish([13])
    await stage.until(lambda: len(asked) == bred + 1)
    assert stage.judgements == [(12, "rate", 3), (13, "rate", 4)]


async def test_a_page_that_waits_for_ratings_is_not_bred_in_another_branch(monkeypatch):
    monkeypatch.setattr("tui.screens.awaiting.BEHIND", 0.05)
    session = FakeSession()
    session.fork("second", 5)
    async with on_stage(session) as stage:
        await waiting(stage)
        bred = len(session.bred)
        await stage.press("3", "b")
        await stage.until(lambda: not stage.app._holds)
        session.holds = True
        await stage.type_ahead("B", "down", "enter")
        await stage.until(lambda: stage.judgements)
        assert "what waited for pictures of the previous branch is dropped" in stage.status
        session.finish([12])
        session.release()
        await stage.until(lambda: stage.controller.branch == "second")
        await stage.pilot.pause()
        assert len(session.bred) == bred


async def test_a_picture_that_a_key_waits_for_does_not_take_the_place_of_a_page(monkeypatch):
    monkeypatch.setattr("tui.screens.awaiting.BEHIND", 0.05)
    async with on_stage() as stage:
        await waiting(stage)
        bred = len(stage.session.bred)
        await stage.press("3", "b")
        await stage.until(lambda: not stage.app._holds)
        await stage.press("right")
        stage.app.hold("a screen that opens")
        await stage.type_ahead("p")
        stage.app.release("a screen that opens")
        await stage.until(lambda: "1 key waiting" in stage.status)
        stage.session.finish([12])
        await stage.until(lambda: len(stage.session.bred) == bred + 1)
        assert stage.judgements == [(12, "rate", 3)]


async def test_stopping_the_painting_breeds_nothing_from_ratings_that_do_not_count(stage):
    await waiting(stage)
    bred = len(stage.session.bred)
    await stage.press("3", "b", "escape")
    await stage.until(lambda: not stage.app._holds)
    assert len(stage.session.bred) == bred


async def test_a_kept_rating_that_was_taken_back_keeps_nobody_waiting(stage):
    await waiting(stage)
    await stage.press("3", "0")
    assert "#12 is not painted yet: it has no rating" in stage.status
    assert stage.controller.kept == {}
    assert stage.controller.pages.current.kept == 0
    await stage.press("3")
    assert stage.controller.kept[12].page == 1


async def test_ratings_whose_pictures_are_not_there_yet_count_when_one_leaves(stage):
    await waiting(stage)
    await stage.press("4", "right", "x", "right", "2", "comma")
    assert stage.judgements == []
    await stage.press("q")
    await stage.until(lambda: stage.session.closed)
    assert stage.judgements == [(12, "rate", 4), (14, "rate", 2)]
    assert {each.page for each in stage.session.judgements} == {1}


async def test_ratings_whose_pictures_are_not_there_yet_count_when_one_goes_on_in_another_branch():
    session = FakeSession()
    session.fork("second", 5)
    async with on_stage(session) as stage:
        await waiting(stage)
        await stage.press("4")
        await stage.type_ahead("B", "down", "enter")
        await stage.until(lambda: stage.controller.branch == "second")
        assert stage.judgements == [(12, "rate", 4)]
        assert stage.controller.kept == {}
