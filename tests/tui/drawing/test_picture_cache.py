"""Pictures at hand: how many."""

import numpy as np

from tui.drawing.picture_cache import PictureCache


def test_of_many_pictures_those_used_last_are_kept():
    pictures = PictureCache(most=10)
    for id in range(50):
        pictures.put(id, np.zeros((4, 4, 3), np.uint8))
        pictures.get(3)
    assert [id for id in range(50) if pictures.get(id) is not None] == [3, *range(41, 50)]
