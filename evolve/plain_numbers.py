"""Numbers in plain JSON values that a stranger may have written: are they what they must be?

True and False are no numbers here, nor is what no float can hold: Python reads integers of any
length, of which `math.isfinite` cannot take the longest.
"""

from __future__ import annotations

import sys
from typing import TypeGuard

LARGEST = sys.float_info.max


def is_int(value: object, low: int, high: int) -> TypeGuard[int]:
    """Return whether a value is a whole number from `low` to `high`."""
    return type(value) is int and low <= value <= high


def is_number(value: object, low: float = -LARGEST, high: float = LARGEST) -> TypeGuard[float]:
    """Return whether a value is a number from `low` to `high`; by default any that is finite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return low <= value <= high
