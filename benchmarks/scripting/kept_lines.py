"""Results that are kept as lines of JSON, one after the other, by scripts that may be killed.

A line that a kill cut off is left out, and what is added goes to a line of its own.
"""

import json
from pathlib import Path
from typing import Any


def read_lines(file: Path) -> list[Any]:
    """Return what was kept; nothing if there is no such file."""
    if not file.exists():
        return []
    kept = []
    for line in file.read_text("utf-8", "replace").split("\n"):
        try:
            kept.append(json.loads(line))
        except ValueError:
            continue
    return kept


def add_line(file: Path, value: Any) -> None:
    """Keep one more."""
    with file.open("a+b") as out:
        if out.tell():
            out.seek(-1, 2)
            if out.read(1) != b"\n":
                out.write(b"\n")
        out.write(json.dumps(value).encode() + b"\n")
