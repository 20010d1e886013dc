"""Pictures in real pixels: sent once, found again by what is on the screen, never under a sheet."""

import asyncio
import base64
import io
import re
import threading

import numpy as np
import pytest
from fake_session import FakeSession
from PIL import Image
from pixel_terminal import Kitty, read_sixels
from rich.style import Style
from stage import on_stage
from textual.drivers.headless_driver import HeadlessDriver

from tui.drawing.kinds import Graphics
from tui.drawing.pixels import canvas as canvas_module
from tui.drawing.pixels import sixels
from tui.drawing.pixels.canvas import MOST, Canvas
from tui.drawing.pixels.graphics import Surface
from tui.drawing.pixels.placeholders import CELL
from tui.drawing.shrinking import UnfinishedPicture
from tui.widgets.pictures.wall import Wall

KITTY = Surface(graphics=Graphics.KITTY, cell=(8, 16))
BEHIND = Surface(graphics=Graphics.KITTY, cell=(8, 16), through=True)
SIXEL = Surface(graphics=Graphics.SIXEL, cell=(8, 16))
ITERM2 = Surface(graphics=Graphics.ITERM2, cell=(8, 16))


def face(seed: int, size: int = 64) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC))


async def drawn(
    canvas: Canvas, pixels: np.ndarray, columns: int = 8, rows: int = 4, redraw=lambda _: None
) -> list:
    """What is on the lines once the picture is ready."""
    canvas._left, canvas._spell = 30.0, float("inf")  # wait for it, however busy the machine
    strips = canvas.draw(pixels, columns, rows, Style(), redraw)
    assert strips is not None
    assert [strip.cell_length for strip in strips] == [columns] * rows
    return [list(strip) for strip in strips]


def seen(terminal: Kitty, lines: list) -> set[int]:
    return terminal.show([[(s.text, tuple(s.style.color.triplet)) for s in line] for line in lines])


@pytest.mark.parametrize(("surface", "in_tmux"), [(KITTY, False), (BEHIND, True)])
async def test_kitty_shows_the_picture_that_the_cells_stand_for(surface, in_tmux):
    terminal = Kitty(in_tmux=in_tmux)
    canvas = Canvas(surface, terminal.write)
    for seed in range(3):
        pixels = face(seed)
        (number,) = seen(terminal, await drawn(canvas, pixels))
        assert (terminal.pictures[number] == pixels).all()
        await drawn(canvas, pixels)
    assert terminal.sent == 3  # each once, however often it is drawn
    canvas.close()
    assert not terminal.pictures


async def test_the_terminal_is_not_filled_with_pictures():
    terminal = Kitty()
    canvas = Canvas(KITTY, terminal.write)
    for seed in range(MOST + 5):
        await drawn(canvas, face(seed, 8))
    assert len(terminal.pictures) == MOST


async def test_what_is_let_go_of_is_drawn_again_and_previews_go_first_where_many_are_kept(
    monkeypatch,
):
    monkeypatch.setattr(canvas_module, "MOST", 8)  # two of them may be previews
    terminal, gone = Kitty(), []
    canvas = Canvas(KITTY, terminal.write)
    pictures = [face(seed, 8) for seed in range(6)]
    for picture in pictures:
        await drawn(canvas, picture, redraw=gone.append)
    for seed in range(9, 15):
        await drawn(canvas, face(seed, 8).view(UnfinishedPicture))
    assert gone == []
    for seed in range(20, 22):  # the first in the place of a preview
        await drawn(canvas, face(seed, 8))
    assert [each is pictures[0] for each in gone] == [True]
    canvas.close()
    assert len(gone) == 1


async def test_a_preview_among_finished_pictures_is_drawn_though_previews_go_first(monkeypatch):
    monkeypatch.setattr(canvas_module, "MOST", 3)
    canvas = Canvas(KITTY)
    for seed in range(3):
        await drawn(canvas, face(seed, 8))
    busy = threading.Event()
    canvas._pool.submit(busy.wait)  # so that the preview is not encoded at once
    canvas._left = 0.0
    preview = face(9, 8).view(UnfinishedPicture)
    assert canvas.draw(preview, 8, 4, Style(), lambda _: None) is None
    busy.set()
    await drawn(canvas, preview)
    canvas.close()


async def test_previews_that_are_shown_together_do_not_push_each_other_out(monkeypatch):
    monkeypatch.setattr(canvas_module, "MOST", 8)
    canvas, gone = Canvas(KITTY), []
    for seed in range(8):
        await drawn(canvas, face(seed, 8))
    previews = [face(seed, 8).view(UnfinishedPicture) for seed in range(2)]
    for preview in previews:
        await drawn(canvas, preview, redraw=gone.append)
    assert gone == []
    for seed in range(2):  # of the next step
        await drawn(canvas, face(seed, 8).view(UnfinishedPicture))
    assert [id(each) for each in gone] == [id(each) for each in previews]
    canvas.close()


async def test_what_is_let_go_of_on_its_way_is_not_sent_and_who_waits_draws_again(monkeypatch):
    monkeypatch.setattr(canvas_module, "MOST", 1)
    encode, begun, free = canvas_module._encode, threading.Event(), threading.Event()

    def held(*given):
        begun.set()
        free.wait()
        return encode(*given)

    monkeypatch.setattr(canvas_module, "_encode", held)
    terminal, again, ready = Kitty(), [], []
    canvas = Canvas(KITTY, terminal.write)
    canvas._left, canvas._spell = 0.0, float("inf")
    preview = face(0, 8).view(UnfinishedPicture)
    assert canvas.draw(preview, 8, 4, Style(), again.append) is None
    begun.wait()
    assert canvas.draw(face(1, 8), 8, 4, Style(), ready.append) is None
    assert [each is preview for each in again] == [True]
    free.set()
    while not ready:
        await asyncio.sleep(0.005)
    assert terminal.sent == 1
    canvas.close()
    assert not terminal.pictures
    assert len(again) == 1


async def test_large_pictures_are_sent_as_large_as_they_are_shown():
    terminal = Kitty()
    await drawn(Canvas(KITTY, terminal.write), face(0, 512))
    (picture,) = terminal.pictures.values()
    assert picture.shape == (64, 64, 3)


async def test_what_is_not_ready_in_time_comes_later():
    terminal, ready = Kitty(), []
    canvas = Canvas(KITTY, terminal.write)
    canvas._left, canvas._spell = -1.0, float("inf")
    pixels = face(0, 512)
    if canvas.draw(pixels, 30, 15, Style(), ready.append) is None:
        while not ready:
            await asyncio.sleep(0.005)
        assert [each is pixels for each in ready] == [True]
    assert canvas.draw(pixels, 30, 15, Style(), ready.append) is not None


@pytest.mark.parametrize("size", [(30, 40), (64, 6), (7, 13)])
@pytest.mark.parametrize(("registers", "error"), [(256, 10), (16, 40)])
def test_sixels_are_the_picture_again(size, registers, error):
    pixels = face(1, 64)[: size[0], : size[1]]
    shown, painted = read_sixels(sixels.encode(pixels, registers))
    height = size[0]
    assert painted[:height].all()
    assert not painted[height:].any()  # what is below the picture stays as it was
    assert np.abs(shown[:height].astype(int) - pixels).mean() < error


def test_sixels_set_all_colours_before_the_first_is_used():
    data = sixels.encode(face(0))
    colour = r"#\d+;2;\d+;\d+;\d+"
    assert re.fullmatch(rf'\x1bP[\d;]*q"[\d;]*({colour})+((?!{colour}).)+', data, re.DOTALL)


@pytest.mark.parametrize("surface", [SIXEL, ITERM2])
async def test_stamped_pictures_come_at_the_end_of_their_last_line(surface):
    *lines, last = await drawn(Canvas(surface), face(0), 8, 4)
    assert all(segment.text.isspace() for line in lines for segment in line)
    before, blank, stamp = last
    assert (before.text, blank.text) == ("\x1b7", " " * 8)
    data = re.fullmatch(r"\x1b8\x1b\[3A(.*)\x1b8\x1b\[8C", stamp.text, re.DOTALL)[1]
    if surface is SIXEL:
        assert read_sixels(data)[0].shape == (66, 64, 3)  # 64 rows in bands of 6
    else:
        png = base64.b64decode(data.partition(":")[2].rstrip("\x07"))
        assert "width=8;height=4;" in data
        assert (np.asarray(Image.open(io.BytesIO(png))) == face(0)).all()


async def test_previews_are_not_stamped():
    preview = face(0).view(UnfinishedPicture)
    assert Canvas(SIXEL).draw(preview, 8, 4, Style(), lambda _: None) is None


@pytest.fixture
def terminal(monkeypatch) -> Kitty:
    """What apps without a terminal write to."""
    terminal = Kitty()
    monkeypatch.setattr(HeadlessDriver, "write", lambda _, data: terminal.write(data))
    return terminal


async def test_the_gallery_shows_real_pixels_and_moving_sends_next_to_nothing(terminal):
    async with on_stage(FakeSession((12,)), (160, 50), surface=KITTY) as stage:
        await stage.until(lambda: _on_screen(stage, terminal) == 12)
        sent = terminal.sent
        assert await stage.sent_by_moving() < 1024
        await stage.press("enter")
        await stage.until(lambda: _on_screen(stage, terminal) == 1)
        await stage.press("escape")
        await stage.until(lambda: _on_screen(stage, terminal) == 12)
        assert terminal.sent == sent + 1  # the large one


async def test_below_a_sheet_pictures_are_blocks(terminal):
    async with on_stage(FakeSession((12,)), (160, 50), surface=KITTY) as stage:
        await stage.until(lambda: _on_screen(stage, terminal) == 12)
        await stage.press("s")
        await stage.until(lambda: CELL not in _text(stage))
        await stage.press("escape")
        await stage.until(lambda: _on_screen(stage, terminal) == 12)


def _strips(stage) -> list:
    return stage.app.screen._compositor.render_strips()


def _text(stage) -> str:
    return "".join(segment.text for strip in _strips(stage) for segment in strip)


def _on_screen(stage, terminal: Kitty) -> int:
    lines = [
        [
            (s.text, tuple(s.style.color.triplet))
            for s in strip
            if s.style and s.style.color and s.style.color.triplet and CELL in s.text
        ]
        for strip in _strips(stage)
    ]
    return len(terminal.show(lines))


async def test_sixel_pictures_are_stamped_where_they_are_and_not_by_the_cursor():
    async with on_stage(FakeSession((12,)), (160, 50), surface=SIXEL) as stage:
        wall = stage.gallery.query_one(Wall)
        await stage.until(lambda: _text(stage).count("\x1bP0;1;0q") == 12)
        assert [f.pixels is not None for f in wall.faces] == [True] * 12
        await stage.press(*["right"] * 10)
        assert 0 < await stage.sent_by_moving() < 1024, stage.app.drawn
        assert "\x1bP" not in stage.app.drawn
