"""PictureCache at hand: how many, of whatever size."""

import numpy as np
import pytest

from tui.drawing.picture_cache import PictureCache


@pytest.mark.parametrize(("side", "kept"), [(1, 10), (8, 5), (64, 1)])
def test_neither_too_many_pictures_nor_too_many_bytes_are_kept(side, kept):
    pictures = PictureCache(most=10, most_bytes=5 * 3 * 8**2)
    for id in range(50):
        pictures.put(id, np.zeros((side, side, 3), np.uint8))
    at_hand = [id for id in range(50) if pictures.get(id) is not None]
    assert at_hand == list(range(50 - kept, 50))


def test_small_pictures_are_let_go_of_after_a_few_hundred():
    pictures = PictureCache()
    for id in range(2000):
        pictures.put(id, np.zeros((16, 16, 3), np.uint8))
    assert sum(pictures.get(id) is not None for id in range(2000)) <= 256
