"""What pictures can be made of at a terminal."""

from enum import StrEnum


class Graphics(StrEnum):
    """A protocol for real pixels."""

    KITTY = "kitty"
    ITERM2 = "iterm2"
    SIXEL = "sixel"


BLOCKS = ("auto", *map(str, Graphics), "octant", "sextant", "quadrant", "half", "ascii", "none")
"""What a person can ask for: `auto` is the finest that the terminal has, the next three are real
pixels; `none` describes pictures in words, for screen readers."""
