"""A place on a picture: what is marked of it, and the words for what is to change there."""

import numpy as np
import pytest
from fake_session import flat_picture
from marked import FIRST, box

from tui.controller.places import wishes
from tui.controller.places.place import Place, around, marked
from tui.controller.places.region import GRID, Region


def test_the_frame_is_seen_on_any_picture_and_the_other_one_inside():
    grey = np.full((128, 128, 3), 100, np.uint8)
    for shown in (marked(grey, box(4, 4, 8, 8)), marked(grey, Region(4, 4, 8, 8).cells)):
        assert (shown[0, 0] == 40).all()
        assert (shown[32, 32] == 155).all()
        assert (shown[64, 64] == 100).all()
    assert (Region(4, 8, 8, 6).cells == box(*FIRST)).all()
    assert marked(flat_picture(1), box(*FIRST)).shape == (32, 32, 3)
    other = marked(grey, box(4, 4, 8, 8), (5, 5), inside=np.full_like(grey, 7))
    assert (other[64, 64] == 7).all()
    assert (other[44, 44] == (255, 220, 0)).all()


def test_what_is_marked_stays_on_the_picture():
    for place in (Place.of_box((16, 16)), Place(box(1, 2, 3, 4))):
        for moved in (place.moved(99, 99), place.moved(-99, -99)):
            assert moved.mask.sum() == place.mask.sum()
        assert place.stretched(99, 99).mask.any()
        assert place.stretched(-99, -99).mask.any()
        smaller = place
        for _ in range(20):
            smaller = smaller.grown(-1)
        assert smaller.mask.any()
    for moved in (Region().move(99, 99), Region().move(-99, -99), Region().grow(99, 99)):
        assert 0 <= moved.left <= moved.left + moved.width <= GRID
        assert 0 <= moved.top <= moved.top + moved.height <= GRID
    assert Region().grow(-99, -99).width == 2


@pytest.mark.parametrize("cells", [(0, 0, 2, 2), (14, 14, 2, 2), (3, 8, 9, 3), (0, 0, 16, 16)])
def test_what_is_enlarged_holds_the_place_and_has_the_pictures_proportions(cells):
    left, top, right, bottom = around(box(*cells))
    x, y, width, height = (each / 16 for each in cells)
    assert 0 <= left <= x
    assert x + width <= right + 1e-9 <= 1 + 2e-9
    assert 0 <= top <= y
    assert y + height <= bottom + 1e-9 <= 1 + 2e-9
    assert right - left == pytest.approx(bottom - top)
    assert right - left >= 0.3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("glasses", {"add": "glasses"}),
        ("+ a smile", {"add": "a smile"}),
        ("-glasses", {"remove": "glasses"}),
        ("− glasses", {"remove": "glasses"}),
        ("no glasses", {"remove": "glasses"}),
        ("without a hat", {"remove": "a hat"}),
        ("red hair > blue hair", {"swap": ["red hair", "blue hair"]}),
        ("red hair→blue hair", {"swap": ["red hair", "blue hair"]}),
        ("notebook", {"add": "notebook"}),
        ("T-shirt", {"add": "T-shirt"}),
    ],
)
def test_a_wish_is_read_as_it_is_typed(text, told):
    wish = wishes.read(text)
    assert wish.recorded == told
    assert wishes.read(str(wish)) == wish
    assert wishes.problem(text) == ""


@pytest.mark.parametrize("text", ["", "  ", "-", "red hair >", "> blue", "a > b > c", "the"])
def test_half_a_wish_is_no_wish(text):
    assert wishes.problem(text)
