"""Text is measured in cells: letters of two cells neither push others aside nor are cut off."""

import pytest
from rich.cells import cell_len

from tui.drawing.cells import centred, parted, wrapped

WIDE = "赤い髪の女 🦊🎩 smiling 手描き"


@pytest.mark.parametrize("width", [2, 3, 7, 12, 40])
@pytest.mark.parametrize("text", [WIDE, "a woman with red hair", "x" * 90, ""])
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text, width):
    lines = wrapped(text, width)
    assert all(0 < cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_where_lines_are_few_the_last_shows_that_there_is_more():
    lines = wrapped(WIDE, 12, most=2)
    assert len(lines) == 2
    assert lines[1].endswith(" …")
    assert all(cell_len(line) <= 12 for line in lines)
    assert wrapped("red hair", 12, most=1) == ["red hair"]


def test_a_part_ends_between_words():
    assert parted(WIDE, 14) == ("赤い髪の女", "🦊🎩 smiling 手描き")
    assert parted(WIDE, 3) == ("", WIDE)


def test_what_is_centred_takes_exactly_the_cells():
    assert cell_len(centred(WIDE, 40)) == 40
    assert cell_len(centred(WIDE, 4)) == 4
