"""Pictures as block characters."""

import numpy as np
import pytest

from tui.drawing.blocks import Blocks, fit, to_strips
from tui.drawing.octants import OCTANTS


def lines(pixels: np.ndarray, width: int, height: int, blocks: Blocks = Blocks.QUADRANT) -> list:
    return ["".join(s.text for s in strip) for strip in to_strips(pixels, width, height, blocks)]


def test_a_flat_picture_is_one_segment_of_blanks_per_line():
    strips = to_strips(np.full((8, 8, 3), 255, np.uint8), 4, 2)
    assert [[segment.text for segment in strip] for strip in strips] == [["    "], ["    "]]
    assert strips[0]._segments[0].style.bgcolor.triplet == (255, 255, 255)


def test_each_quarter_of_a_cell_gets_its_own_glyph():
    white = 255
    for place, glyph in (((0, 0), "▘"), ((0, 1), "▝"), ((1, 0), "▖"), ((1, 1), "▗")):
        pixels = np.zeros((2, 2, 3), np.uint8)
        pixels[place] = white
        assert lines(pixels, 1, 1) == [glyph]


def test_a_checkerboard_of_quarters_is_diagonal_blocks():
    pixels = np.zeros((2, 4, 3), np.uint8)
    pixels[0, ::2] = pixels[1, 1::2] = 255
    assert lines(pixels, 2, 1) == ["▚▚"]


def test_colours_are_those_of_the_picture_to_five_bits():
    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0] = (255, 0, 0)
    (segment,) = to_strips(pixels, 1, 1)[0]
    assert segment.text == "▀"
    assert segment.style.color.triplet == (255, 0, 0)
    assert segment.style.bgcolor.triplet == (0, 0, 0)


def test_half_blocks_show_the_upper_half_in_front():
    pixels = np.zeros((2, 1, 3), np.uint8)
    pixels[0] = (0, 0, 255)
    (segment,) = to_strips(pixels, 1, 1, Blocks.HALF)[0]
    assert segment.text == "▀"
    assert segment.style.color.triplet == (0, 0, 255)


def test_styles_are_shared_between_pictures():
    pixels = np.full((2, 2, 3), 100, np.uint8)
    one, two = to_strips(pixels, 1, 1), to_strips(pixels.copy(), 1, 1)
    assert one[0]._segments[0].style is two[0]._segments[0].style


@pytest.mark.parametrize("blocks", [b for b in Blocks if b is not Blocks.NONE])
@pytest.mark.parametrize("shape", [(1, 1), (7, 3), (128, 128), (50, 200)])
def test_every_line_is_as_wide_as_asked_for(blocks, shape):
    pixels = np.random.default_rng(1).integers(0, 256, (*shape, 3), np.uint8)
    strips = to_strips(pixels, 13, 5, blocks)
    assert len(strips) == 5
    assert {strip.cell_length for strip in strips} == {13}
    assert {sum(len(s.text) for s in strip) for strip in strips} == {13}


@pytest.mark.parametrize(
    ("room", "aspect", "size"),
    [
        ((40, 20), 1.0, (40, 20)),
        ((40, 10), 1.0, (20, 10)),
        ((40, 20), 2.0, (40, 10)),
        ((1, 1), 9, (1, 1)),
    ],
)
def test_fit_keeps_the_aspect_of_the_picture(room, aspect, size):
    assert fit(*room, aspect) == size


def test_each_sixth_of_a_cell_gets_its_own_glyph():
    for place, glyph in (((0, 0), "🬀"), ((0, 1), "🬁"), ((1, 0), "🬃"), ((2, 1), "🬞")):
        pixels = np.zeros((3, 2, 3), np.uint8)
        pixels[place] = 255
        assert lines(pixels, 1, 1, Blocks.SEXTANT) == [glyph]
    halves = np.zeros((3, 2, 3), np.uint8)
    halves[:, 0] = 255
    assert lines(halves, 1, 1, Blocks.SEXTANT) == ["▌"]
    assert lines(halves[:, ::-1], 1, 1, Blocks.SEXTANT) == ["▐"]


def test_ascii_says_how_bright_a_cell_is():
    pixels = np.zeros((1, 3, 3), np.uint8)
    pixels[0, 1], pixels[0, 2] = 128, 255
    assert lines(pixels, 3, 1, Blocks.ASCII) == [" +@"]


def test_octants_follow_each_other_but_for_the_patterns_that_had_characters():
    assert len(set(OCTANTS)) == 256
    assert OCTANTS[0b00000100] == "\U0001cd00"  # block octant-3
    assert OCTANTS[0b00000110] == "\U0001cd01"  # block octant-23
    assert OCTANTS[0b00001001] == "\U0001cd04"  # block octant-14
    assert OCTANTS[0b11111110] == "\U0001cde5"  # block octant-2345678
    assert OCTANTS[0b01010101] == "▌"


@pytest.mark.parametrize("place", range(8))
def test_each_eighth_of_a_cell_gets_its_own_octant(place):
    pixels = np.zeros((4, 2, 3), np.uint8)
    pixels[place // 2, place % 2] = 255
    assert lines(pixels, 1, 1, Blocks.OCTANT) == [OCTANTS[1 << place]]


@pytest.mark.parametrize("blocks", [Blocks.QUADRANT, Blocks.SEXTANT, Blocks.OCTANT])
def test_lips_as_bright_as_the_skin_are_told_apart(blocks):
    pixels = np.full((12, 2, 3), (150, 110, 110), np.uint8)
    pixels[:6] = (255, 57, 57)  # of the same brightness, to a thousandth
    (segment,) = to_strips(pixels, 1, 1, blocks)[0]
    colours = {segment.style.color.triplet, segment.style.bgcolor.triplet}
    assert segment.text != " "
    assert len({red for red, _, _ in colours}) == 2
