"""The characters of Unicode 16 that cut a cell into 2 x 4 parts."""

from __future__ import annotations

from collections.abc import Mapping

_OLDER: Mapping[int, str] = {
    0b00000000: " ",
    0b00000001: "\U0001cea8",  # left half upper one quarter block
    0b00000010: "\U0001ceab",  # right half upper one quarter block
    0b00000011: "\U0001fb82",  # upper one quarter block
    0b00000101: "▘",
    0b00001010: "▝",
    0b00001111: "▀",
    0b00010100: "\U0001fbe6",  # middle left one quarter block
    0b00101000: "\U0001fbe7",  # middle right one quarter block
    0b00111111: "\U0001fb85",  # upper three quarters block
    0b01000000: "\U0001cea3",  # left half lower one quarter block
    0b10000000: "\U0001cea0",  # right half lower one quarter block
    0b11000000: "▂",
    0b01010000: "▖",
    0b10100000: "▗",
    0b11110000: "▄",
    0b11111100: "▆",
    0b01010101: "▌",
    0b10101010: "▐",
    0b01011010: "▞",
    0b10100101: "▚",
    0b01011111: "▛",
    0b10101111: "▜",
    0b11110101: "▙",
    0b11111010: "▟",
    0b11111111: "█",
}
"""Patterns that had a character of their own, by code; all others follow each other in Unicode."""


def _octants() -> list[str]:
    new = iter(range(0x1CD00, 0x1CDE6))
    return [_OLDER.get(code) or chr(next(new)) for code in range(256)]


OCTANTS = _octants()
"""By code: bits 0 and 1 are the upper row, 2 and 3 the next, up to 6 and 7, left to right."""
