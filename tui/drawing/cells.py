"""Text measured in the cells of a terminal: a letter of Japanese and an emoji take two."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells, set_cell_size

from evolve.text import one_line

MORE = " …"


def centred(text: str, width: int) -> str:
    """Return a text centred in `width` cells, cut if it is longer."""
    return set_cell_size(" " * max(0, (width - cell_len(text)) // 2) + text, width)


def parted(text: str, width: int) -> tuple[str, str]:
    """Return the words of a text that fit in `width` cells, and the rest.

    The rest is all of it if not even the first word fits.
    """
    first, rest = "", one_line(text)
    while rest:
        word, _, behind = rest.partition(" ")
        longer = f"{first} {word}" if first else word
        if cell_len(longer) > width:
            break
        first, rest = longer, behind
    return first, rest


def wrapped(text: str, width: int, most: int | None = None) -> list[str]:
    """Return a text in lines of at most `width` cells, as `textwrap` does it by characters.

    Args:
        text: Any; spaces and line breaks count as one space.
        width: At least 2.
        most: Lines; the last one ends with an ellipsis if there would be more.
    """
    lines: list[str] = []
    rest = " ".join(one_line(text).split())
    while rest:
        if most is not None and len(lines) == most:
            room = width - len(MORE)
            kept, _ = parted(lines[-1], room)
            lines[-1] = (kept or set_cell_size(lines[-1], room)) + MORE
            break
        line, behind = parted(rest, width)
        if not line:  # one word that is longer than a line
            line = next(filter(None, chop_cells(rest, width)))
            behind = rest[len(line) :]
        lines.append(line)
        rest = behind.lstrip()
    return lines
