"""Checks of numbers in plain JSON values, which a stranger may have written.

True and False are no numbers here, nor are integers that no float can hold: Python reads integers
of any length, the longest of which `math.isfinite` cannot take.
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
