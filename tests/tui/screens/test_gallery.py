"""What keys of the gallery do to pictures, and where they go."""

import pytest
from fake_session import FakeSession
from stage import on_stage, turn_wheel

from evolve.search.individual import Verdict
from tui.widgets.pictures.wall import Wall


async def test_opens_at_the_last_generation_with_its_pictures_and_ratings():
    session = FakeSession((12, 12))
    session.archive.judged = {13: Verdict(rating=4), 14: Verdict(rejected=True, pinned=True)}
    async with on_stage(session) as stage:
        assert stage.captions[:4] == ["▸ 12", "13 ****", "14 pin x", "15"]
        assert len(stage.captions) == 12
        faces = stage.gallery.query_one(Wall).faces
        assert all(f.pixels is session.archive.pictures[f.id] for f in faces)
        assert "generation 2/2  judged 2/12" in stage.status


async def test_digits_rate_on_the_page_that_is_shown():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("right")
        for digit in "12345":
            await stage.press(digit)
            judgement = stage.session.judgements[-1]
            assert (judgement.individual, judgement.kind) == (13, "rate")
            assert (judgement.value, judgement.page) == (int(digit), 1)
            assert stage.captions[1] == f"▸ 13 {'*' * int(digit)}"


async def test_a_rating_is_cleared_by_0_said_once_and_only_another_takes_a_rejection_back(stage):
    for place, (keys, shown, said) in enumerate(
        (
            ("3 0", "", [("rate", 3), ("rate", 0)]),
            ("3 3", " ***", [("rate", 3)]),
            ("5 x 5", " *****", [("rate", 5), ("reject", 1), ("reject", 0)]),
            ("5 x 0", " x", [("rate", 5), ("reject", 1), ("rate", 0)]),
        )
    ):
        await stage.press(*keys.split())
        assert stage.captions[place] == f"▸ {place}{shown}"
        assert [each[1:] for each in stage.judgements if each[0] == place] == said
        await stage.press("right")


async def test_reject_and_pin_go_on_and_off(stage):
    for key, kind, text in (("x", "reject", "▸ 0 x"), ("p", "pin", "▸ 0 pin")):
        await stage.press(key)
        assert stage.captions[0] == text
        await stage.press(key)
        assert stage.captions[0] == "▸ 0"
        assert stage.judgements[-2:] == [(0, kind, 1), (0, kind, 0)]


@pytest.mark.parametrize(("key", "kind", "text"), [("5", "rate", "*****"), ("o", "pick", "1st")])
async def test_a_rating_or_a_pick_takes_a_rejection_back_and_one_undo_both(stage, key, kind, text):
    await stage.press("x", key)
    assert stage.captions[0] == f"▸ 0 {text}"
    assert stage.judgements[1:] == [(0, kind, 5 if kind == "rate" else 1), (0, "reject", 0)]
    await stage.press("u")
    assert stage.captions[0] == "▸ 0 x"
    await stage.press("ctrl+r", "x")  # a rejection leaves what was said before
    assert stage.captions[0] == f"▸ 0 {text} x"


async def test_space_marks_parents_without_saying_anything_to_the_store(stage):
    await stage.press("space", "right", "space", "right", "space", "space")
    assert stage.controller.pages.marked == [0, 1]
    assert stage.captions[:2] == ["+0", "+1"]
    assert stage.judgements == []
    assert "marked 2" in stage.status


MOVES = [
    ("right", 1),
    ("l", 1),
    ("right left", 0),
    ("l h", 0),
    ("left", 0),
    ("down", 4),
    ("j", 4),
    ("j k", 0),
    ("down up", 0),
    ("up", 0),
    ("G", 11),
    ("end", 11),
    ("G right", 11),
    ("G down", 11),
    ("G g", 0),
    ("end home", 0),
]


async def test_keys_move_the_cursor_and_stop_at_the_edges(stage):
    for keys, cursor in MOVES:
        await stage.press("g", *keys.split())
        assert (keys, stage.cursor) == (keys, cursor)
        assert stage.captions[cursor].startswith("▸")
        assert sum(caption.startswith("▸") for caption in stage.captions) == 1


async def test_comma_and_full_stop_turn_generations_and_remember_the_place():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("right", "comma")
        assert (stage.cursor, stage.captions[0]) == (0, "▸ 0")
        assert "generation 1/2" in stage.status
        await stage.press("comma")
        assert "this is the first generation" in stage.status
        await stage.press("full_stop")
        assert stage.cursor == 13
        await stage.press("full_stop")
        assert "this is the last generation" in stage.status


async def test_brackets_turn_the_screens_of_a_generation_and_then_generations():
    async with on_stage(FakeSession((12, 12)), size=(80, 24)) as stage:
        assert len(stage.captions) == 6
        assert "1-6 of 12" in stage.status
        await stage.press("right_square_bracket")
        assert (stage.cursor, stage.captions[0]) == (18, "▸ 18")
        await stage.press("right_square_bracket")
        assert stage.cursor == 18
        assert "this is the last generation" in stage.status
        await stage.press("left_square_bracket")
        assert stage.captions[0] == "▸ 12"
        await stage.press("G", "pageup", "ctrl+d")
        assert stage.cursor == 18
        for page in ("2/2", "1/2"):
            stage.gallery._turned = 0.0
            for _ in range(3):  # a flick turns one screen
                turn_wheel(stage.app, stage.gallery.region.center, -1)
            await stage.pilot.pause()
            assert f"gen {page}" in stage.status


async def test_moving_over_the_edge_of_a_screen_turns_it():
    async with on_stage(size=(80, 24)) as stage:
        await stage.press("l", "l", "l", "l", "l", "l")
        assert stage.captions[0] == "▸ 6"


async def test_breeding_takes_the_marked_as_parents_and_goes_to_the_children(stage):
    await stage.press("space", "right", "space", "b")
    assert stage.session.bred == [(12, (0, 1))]
    assert stage.cursor == 12
    assert stage.captions[:2] == ["▸ 12 waiting", "13 waiting"]
    assert stage.controller.pages.marked == []


async def test_breeding_leaves_the_choice_to_the_engine_if_nothing_is_marked():
    async with on_stage(FakeSession(page=6)) as stage:
        await stage.press("5", "b")
        assert stage.session.bred == [(6, ())]


async def test_an_empty_population_breeds_its_founders():
    async with on_stage(FakeSession(())) as stage:
        await stage.press("1", "x", "right", "enter", "b")
        assert stage.session.bred == [(12, ())]
        assert len(stage.captions) == 12


async def test_undo_and_redo_walk_through_everything_said(stage):
    await stage.press("3", "5", "right", "x", "p", "space")
    await stage.press("u", "u", "u")
    assert stage.captions[1] == "▸ 1"
    assert "undone: reject on #1" in stage.status
    await stage.press("left", "right", "u")
    assert (stage.cursor, stage.captions[0]) == (0, "▸ 0 ***")
    await stage.press("ctrl+r", "ctrl+r", "ctrl+r", "ctrl+r")
    assert stage.captions[:2] == ["0 *****", "▸+1 pin"]
    assert stage.judgements[-4:-2] == [(0, "rate", 5), (1, "reject", 1)]
    assert stage.judgements[-2:] == [(1, "pin", 1), (1, "reject", 0)]
    await stage.press("ctrl+r")
    assert "nothing to redo" in stage.status


async def test_undo_shows_what_it_would_take_back_before_it_does():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("4", "comma", "u")
        assert (stage.cursor, stage.judgements[-1]) == (12, (12, "rate", 4))
        assert "the last answer is 4 on #12: u takes it back" in stage.status
        await stage.press("u")
        assert stage.judgements[-1] == (12, "rate", 0)
        assert "undone: 4 on #12" in stage.status
        assert stage.session.judgements[-1].page == 1
        await stage.press("u")
        assert "nothing to undo" in stage.status
        await stage.press("comma", "ctrl+r")
        assert (stage.cursor, stage.judgements[-1]) == (12, (12, "rate", 0))
        assert "4 on #12 was undone: ctrl+r redoes it" in stage.status
        await stage.press("ctrl+r")
        assert stage.judgements[-1] == (12, "rate", 4)


@pytest.mark.parametrize("key", ["b", "m", "N enter"])
async def test_undo_on_a_page_just_bred_takes_no_answer_of_another_page_back(stage, key):
    await stage.press("5", *key.split())
    await stage.until(lambda: stage.cursor == 12)
    for _ in range(2):
        await stage.press("u")
        assert "breeding cannot be undone; , goes back" in stage.status
        assert (stage.cursor, stage.judgements) == (12, [(0, "rate", 5)])
    stage.session.finish([12])
    await stage.press("comma", "full_stop", "3", "u")  # an answer here can be
    assert stage.judgements[-2:] == [(12, "rate", 3), (12, "rate", 0)]
    await stage.press("u")
    assert "breeding cannot be undone" in stage.status
    await stage.press("comma", "u")
    assert (stage.cursor, stage.judgements[-1]) == (0, (0, "rate", 0))


@pytest.mark.parametrize(("key", "answer"), [("n", "none of these"), ("=", "all the same")])
async def test_undo_names_an_answer_about_the_page_as_it_was_given(stage, key, answer):
    await stage.press("right", key, "u")
    assert f"undone: {answer}  " in stage.status
    await stage.press("ctrl+r", key, "u")
    assert f"undone: clearing {answer}  " in stage.status


async def test_undo_takes_a_note_back(stage):
    await stage.press("A", *"first", "enter", "A", "end", *"ly", "enter")
    await stage.until(lambda: stage.session.archive.notes() == {0: "firstly"})
    await stage.press("right", "3", "u", "u")
    assert stage.session.archive.notes() == {0: "first"}
    assert "undone: the note on #0" in stage.status
    assert stage.controller.pages.cards[0].note == "first"
    await stage.press("u", "ctrl+r", "ctrl+r")
    assert stage.session.archive.notes() == {0: "firstly"}


async def test_auto_advance_goes_on_after_rating_and_rejecting(stage):
    await stage.press("a", "4", "x", "p")
    assert stage.judgements == [(0, "rate", 4), (1, "reject", 1), (2, "pin", 1)]
    assert stage.cursor == 2
    await stage.press("a", "4")
    assert stage.cursor == 2


async def test_a_population_that_was_scored_opens_at_its_best_and_shows_the_score():
    session = FakeSession((12, 12))
    session.archive.judged = {3: Verdict(score=0.3125), 15: Verdict(score=0.25)}
    async with on_stage(session) as stage:
        assert stage.cursor == 3
        assert "0.3125" in stage.details
