"""Places that are marked on the pictures of tests."""

from typing import Any

import numpy as np
from fake_session import FakeSession

from evolve.rendering.protocol import Located
from evolve.session import events
from tui.controller.places.place import Box

FIRST = Box(4, 8, 8, 6)
"""The box that is there at first, in cells of a latent of 16 x 16."""


def box(*cells: int) -> np.ndarray:
    left, top, width, height = cells
    mask = np.zeros((16, 16), np.bool_)
    mask[top : top + height, left : left + width] = True
    return mask


def found(session: FakeSession, mask: np.ndarray, **more: Any) -> events.PlaceFound:
    individual, phrasings = session.sought[-1]
    difference = mask.astype(np.float32) * 9 + np.linspace(0, 1, 256, dtype=np.float32).reshape(
        16, 16
    )
    located = Located(-1, difference, 1.5, **more)
    return events.PlaceFound(individual, phrasings, located, len(session.sought))


MOUTH = box(6, 10, 3, 2)
