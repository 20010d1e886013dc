"""What a person takes away from a picture."""

from pathlib import Path

from fake_session import FakeSession
from stage import on_stage


async def test_S_saves_the_picture_under_the_cursor_and_says_where(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    async with on_stage() as stage:
        stage.app.album = tmp_path / "album"
        for keys in (["right", "S"], ["enter", "S"]):  # in the zoom, too
            await stage.press(*keys)
            await stage.until(lambda: "saved" in stage.status.partition("saved")[2])
            assert stage.session.kept.pop() == (1, tmp_path / "album")
            assert "saved ~/album/faces-00001.png" in stage.status
            assert stage.session.kept == []
            stage.gallery._unsay()


async def test_S_saves_what_is_marked_together(stage):
    stage.app.album = Path("/album")
    await stage.press("space", "right", "space", "right", "S")
    await stage.until(lambda: len(stage.session.kept) == 3)
    assert [id for id, _ in stage.session.kept] == [0, 1, 2]
    await stage.until(lambda: "saved 3 pictures in /album" in stage.status)
    assert stage.controller.pages.marked == [0, 1]


async def test_S_says_which_picture_could_not_be_saved(stage):
    stage.app.album = Path("/album")
    del stage.session.archive.pictures[1]
    await stage.press("space", "right", "S")
    await stage.until(lambda: "#1 is not saved: individual 1 has no picture" in stage.status)
    assert "saved /album/faces-00000.png; #1 is not saved" in stage.status


async def test_S_says_how_many_could_not_be_saved(stage):
    stage.app.album = Path("/album")
    for id in (0, 1, 2):
        del stage.session.archive.pictures[id]
    await stage.press(*["space", "right"] * 3, "S")
    await stage.until(lambda: "saved /album/faces-00003.png" in stage.status)
    notice = stage.gallery.notice
    assert "#0 is not saved: individual 0 has no picture" in notice
    assert notice.endswith("; 2 others are not saved either")


async def test_C_copies_the_recipe_without_what_a_terminal_would_obey(stage):
    await stage.press("right", "C")
    text = stage.app.clipboard
    assert text.startswith("a smiling woman with a red bob")
    assert text.endswith("\nSteps: 8, Seed: 7")
    assert "\x1b" not in text
    assert "copied #1: Steps: 8, Seed: 7" in stage.status


async def test_the_seed_is_among_the_details(stage):
    await stage.press("enter")
    await stage.until(lambda: "seed      7" in stage.details)


async def test_A_writes_a_note_that_zoom_and_details_show(stage):
    await stage.press("right", "A", *"the", "space", *"mouth", "enter")
    assert stage.session.archive.written == {1: "the mouth"}
    await stage.press("enter")
    await stage.until(lambda: "note      the mouth" in stage.details)
    await stage.press("A", "end", *["backspace"] * 9, "enter")
    assert stage.session.archive.written == {}
    await stage.until(lambda: "note " not in stage.details)


async def test_a_note_is_not_saved_until_the_store_has_it():
    session = FakeSession()
    session.holds = True
    async with on_stage(session) as stage:
        await stage.press("A", "x", "enter")
        assert stage.status.endswith("saving")
        session.release()
        await stage.until(lambda: stage.status.endswith("saved"))


async def test_a_note_with_control_characters_is_refused_where_it_is_written(stage):
    await stage.press("A")
    stage.app.screen.query_one("Input").value = "a\x1b[31mb"
    await stage.press("enter")
    error = stage.app.screen.query_one("#error")
    assert "without control characters" in str(error.render())
    assert stage.session.archive.written == {}
