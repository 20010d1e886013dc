"""What the session tells the gallery: painting, failures, notices, its end."""

import threading

from fake_session import FakeSession
from stage import on_stage

from evolve.errors import ArchiveError, RenderError
from evolve.session import events
from evolve.session.drafting import DROPPED
from tui.controller.cards import State
from tui.drawing.blocks import Blocks
from tui.screens.gallery import Gallery
from tui.widgets.pictures.wall import Wall


async def test_painting_shows_steps_previews_and_pictures(stage):
    await stage.press("5", "b")
    wall = stage.gallery.query_one(Wall)
    stage.session.step(range(12, 18), 3)
    await stage.until(lambda: all(wall.faces[place].pixels is not None for place in range(6)))
    assert stage.captions[5] == "17 3/8"
    assert "painting 0/12" in stage.status
    stage.session.finish([12])
    await stage.until(lambda: stage.captions[0] == "▸ 12")
    assert wall.faces[0].pixels is stage.session.archive.pictures[12]
    assert "painting 1/12" in stage.status


async def test_previews_are_repainted_one_by_one(monkeypatch):
    monkeypatch.setattr("tui.screens.session_screen.PREVIEW", 60.0)
    async with on_stage() as stage:
        await stage.press("5", "b")
        stage.session.step(range(12, 24), 1)
        await stage.until(lambda: stage.captions[11] == "23 1/8")
        shown = [f for f in stage.gallery.query_one(Wall).faces if f.pixels is not None]
        assert len(shown) == 1
        for count in range(2, 13):
            stage.gallery._preview_timer.stop()
            stage.gallery._show_preview()
            assert len(stage.controller.previews) == count


async def test_a_hundred_steps_are_one_message(stage):
    await stage.press("5", "b")
    posted = []
    stage.gallery.bridge._post = posted.append
    for step in range(100):
        stage.session.step([12, 13], step, 100)
    assert len(posted) == 1
    assert {(s.id, s.step) for s in stage.gallery.bridge.take()} == {(12, 99), (13, 99)}


async def test_events_may_come_from_another_thread(stage):
    await stage.press("5", "b")
    thread = threading.Thread(target=stage.session.finish, args=[range(12, 24)])
    thread.start()
    await stage.until(lambda: not stage.controller.painting.total)
    thread.join()
    assert stage.captions[11] == "23"


async def test_escape_stops_painting_and_r_paints_the_rest(stage):
    await stage.press("5", "b")
    stage.session.finish([12])
    await stage.press("escape")
    assert stage.session.cancelled == 1
    assert stage.captions[:2] == ["▸ 12", "13 unpainted"]
    stage.session.step([13], 2)  # came late
    await stage.until(lambda: not stage.gallery.bridge._announced)
    assert stage.captions[1] == "13 unpainted"
    await stage.press("r")
    assert stage.session.painted_again == list(range(13, 24))
    assert stage.captions[1] == "13 waiting"


async def test_a_failed_picture_says_why_and_can_be_painted_again(stage):
    await stage.press("5", "b")
    stage.session.finish(range(13, 24))
    stage.session.fail(12, "out of memory")
    await stage.until(lambda: stage.captions[0] == "▸ 12 failed")
    assert stage.gallery.query_one(Wall).faces[0].words == "out of memory"
    assert "out of memory" in stage.details
    await stage.press("r")
    assert stage.session.painted_again == [12]
    assert stage.controller.pages.cards[12].state is State.WAITING


async def test_a_damaged_picture_hides_no_other_and_can_be_painted_again():
    session = FakeSession()
    session.archive.damage("picture", 3, "the picture of individual 3 is damaged")
    async with on_stage(session) as stage:
        await stage.until(lambda: stage.captions[3] == "3 failed")
        faces = stage.gallery.query_one(Wall).faces
        assert faces[3].words == "the picture of individual 3 is damaged"
        assert [face.id for face in faces if face.pixels is None] == [3]
        await stage.press("r")
        assert session.painted_again == [3]


async def test_r_with_nothing_missing_says_so(stage):
    await stage.press("r")
    assert "nothing to paint again" in stage.status
    assert stage.session.painted_again == []


async def test_a_notice_goes_away(monkeypatch):
    monkeypatch.setattr("tui.widgets.notices.SECONDS", 0.01)
    monkeypatch.setattr("tui.widgets.notices.READ", 10_000)
    before, unsay = [], Gallery._unsay

    def watched(gallery: Gallery) -> None:
        before.append(gallery.notice)
        unsay(gallery)

    monkeypatch.setattr(Gallery, "_unsay", watched)
    async with on_stage() as stage:
        stage.session.emit(events.Notice("the renderer came back"))
        await stage.until(lambda: before)
        assert before == ["the renderer came back"]
        await stage.until(lambda: "came back" not in stage.status)


async def test_while_the_next_page_is_bred_it_is_seen_how_far_this_one_is():
    async with on_stage(size=(160, 50)) as stage:
        await stage.press("m")
        stage.session.finish([12, 13, 14])
        stage.session.holds = True
        await stage.press("m")
        await stage.until(lambda: "breeding…" in stage.status)
        assert "painting 3/12" in stage.status
        stage.session.release()
        await stage.until(lambda: stage.cursor == 24)
        assert "breeding" not in stage.status


async def test_after_the_session_stopped_nothing_is_taken_that_could_not_be_saved(stage):
    await stage.press("5", "b")
    stage.session.emit(events.Stopped("the disk is full"))
    await stage.until(lambda: "the disk is full" in stage.status)
    assert stage.status.endswith("ended")
    await stage.press("4", "b", "r")
    assert stage.judgements == [(0, "rate", 5)]
    assert len(stage.session.bred) == 1
    assert "the session has ended: the disk is full" in stage.status


async def test_a_session_that_cannot_start_is_shown():
    class Broken(FakeSession):
        def start(self, listener):
            super().start(listener)
            raise RenderError("no model here")

    async with on_stage(Broken()) as stage:
        assert "no model here" in stage.status


async def test_where_pictures_are_told_a_damaged_genome_is_told_too():
    session = FakeSession()

    def damaged(individual):
        raise ArchiveError(f"the genome of individual {individual} is altered")

    session.archive.genome = damaged
    async with on_stage(session, blocks=Blocks.NONE) as stage:
        words = [face.words for face in stage.gallery.query_one(Wall).faces]
        assert words[3] == "the genome of individual 3 is altered"


async def test_the_status_shows_how_much_of_the_next_page_is_painted_already(stage):
    stage.session.emit(events.PaintedAhead(7, 12))
    await stage.pilot.pause()
    assert "next" not in stage.status  # nothing is judged: b would be refused
    await stage.press("5")
    assert "next 7/12" in stage.status
    assert "rests" not in stage.status
    stage.session.emit(events.PaintedAhead(9, 12, rests=True))
    await stage.until(lambda: "next 9/12, rests until you rate" in stage.status)
    stage.session.emit(events.PaintedAhead(12, 12))
    await stage.until(lambda: "next page ready" in stage.status)


async def test_choosing_a_page_is_shown_before_the_painting_that_waits_for_it(stage):
    await stage.press("5", "b")
    stage.session.step([12], 4)
    await stage.until(lambda: "painting 0/12" in stage.status)
    stage.session.emit(events.DraftsPainted(17, 36, 0, choosing=True))
    await stage.until(lambda: "choosing: painting 17/36" in stage.status)


async def test_the_status_shows_among_how_many_a_page_is_chosen_and_escape_stops_it(stage):
    stage.session.holds = True
    await stage.press("5", "b")
    stage.session.emit(events.DraftsPainted(17, 36, 0, choosing=True))
    await stage.until(lambda: "choosing: painting 17/36" in stage.status)
    await stage.press("escape")
    assert stage.session.cancelled
    stage.session.emit(events.Refused("painting was stopped before the page was bred", request=1))
    await stage.until(lambda: "before the page was bred" in stage.status)
    assert not stage.controller.breeding


async def test_what_was_painted_ahead_appears_with_its_page(stage):
    await stage.press("5")
    born = stage.session.archive.add(12, (0,))
    painted = [events.Painted(i.id, stage.session.picture(i.id)) for i in born[:11]]
    stage.controller.ask(lambda breeder: 1)
    stage.session.emit(events.Born(born, painted, request=1))
    await stage.until(lambda: stage.captions[0] == "▸ 12")
    assert stage.captions[10:] == ["22", "23 waiting"]


async def test_the_session_knows_which_page_b_would_breed(stage):
    await stage.press("5")
    assert stage.session.expected == [(12, (), None)]
    await stage.press("space", "l", "space", "space")
    assert stage.session.expected[1:] == [
        (12, (0,), None),
        (12, (0, 1), None),
        (12, (0,), None),
    ]
    await stage.press("b")
    assert stage.session.bred == [(12, (0,))]
    assert stage.session.expected[-1] == (12, (), None)


async def test_x_drops_a_picture_that_is_being_painted_and_judges_nothing(stage):
    await stage.press("5", "b")
    stage.session.step([12], 2)
    await stage.until(lambda: stage.captions[0].endswith("2/8"))
    await stage.press("x", "l", "x")
    assert stage.session.dropped == [12, 13]
    assert [caption.split()[-1] for caption in stage.captions[:3]] == [
        "dropped",
        "dropped",
        "waiting",
    ]
    assert [j.kind for j in stage.session.judgements] == ["rate"]
    assert "judged 0/12" in stage.status or "dropped" in stage.status
    stage.session.step([12], 3)  # came late
    await stage.press("u")
    assert stage.session.painted_again == [13]
    assert "undone: dropping #13" in stage.status
    assert stage.captions[1].endswith("waiting")
    await stage.press("h", "x")
    assert stage.session.painted_again == [13, 12]
    stage.session.finish([12])
    await stage.until(lambda: stage.captions[0] == "▸ 12")
    await stage.press("x")
    assert [j.kind for j in stage.session.judgements] == ["rate", "reject"]


async def test_what_was_dropped_is_painted_by_r_and_is_no_warning(stage):
    await stage.press("5", "b", "x")
    stage.session.finish(range(13, 24))
    await stage.until(lambda: not stage.controller.painting.total)
    assert "not painted" not in stage.status
    await stage.press("4")
    assert "#12 was dropped: x or r paints it" in stage.status
    await stage.press("r")
    assert stage.session.painted_again == [12]
    assert stage.captions[0].endswith("waiting")


async def test_a_picture_dropped_in_an_earlier_sitting_is_shown_as_dropped():
    session = FakeSession((4,))
    session.archive.errors[2] = DROPPED
    del session.archive.pictures[2]
    async with on_stage(session) as stage:
        assert stage.captions[2] == "2 dropped"


async def test_h_shows_twice_as_many_drafts_and_what_is_liked_goes_on(stage):
    await stage.press("5", "H")
    assert stage.session.drafted == [(24, ())]
    stage.session.sketch(range(12, 36))
    await stage.until(lambda: not stage.controller.painting.total)
    assert stage.captions[:2] == ["▸ 12 draft", "13 draft"]
    assert all(face.pixels is not None for face in stage.gallery.query_one(Wall).faces)
    await stage.press("5")
    stage.session.step([12], 5)
    await stage.until(lambda: stage.captions[0].endswith("5/8"))
    await stage.press("escape")
    assert stage.captions[0].endswith("unpainted")
    assert stage.captions[1] == "13 draft"
    assert stage.gallery.query_one(Wall).faces[1].pixels is not None


async def test_r_finishes_the_drafts_of_the_page_when_nothing_else_is_missing(stage):
    await stage.press("5", "H")
    stage.session.sketch(range(12, 36))
    await stage.until(lambda: not stage.controller.painting.total)
    await stage.press("r")
    assert stage.session.painted_again == list(range(12, 36))
    assert stage.captions[1].endswith("waiting")
    assert stage.gallery.query_one(Wall).faces[1].pixels is not None
