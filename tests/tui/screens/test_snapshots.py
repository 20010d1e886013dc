"""A handful of screens look as they did: text and colours, cell by cell.

Where a change is meant, run this file with `FANCIER_SNAPSHOTS=write` in the environment,
and look at what `git diff` shows.
"""

import os
from itertools import groupby
from pathlib import Path

import pytest
from fake_session import FakeSession
from stage import Stage, on_stage

from evolve.search.individual import Verdict

SNAPSHOTS = Path(__file__).with_name("snapshots")
SCREENS = {"gallery": "", "zoom": "enter", "settings": "s", "help": "question_mark", "lineage": "t"}


def snapshot(stage: Stage) -> str:
    """Return the text of the screen, and below it the runs of each style in each line."""
    rows = stage.app.screen._compositor.render_strips()
    text = [strip.text.rstrip() for strip in rows]
    cells = [
        [(str(segment.style), segment.cell_length) for segment in strip if segment.text]
        for strip in rows
    ]
    runs = [
        [
            (style, sum(length for _, length in group))
            for style, group in groupby(row, lambda c: c[0])
        ]
        for row in cells
    ]
    styles = sorted({style for row in runs for style, _ in row})
    lines = [" ".join(f"{styles.index(style)}x{length}" for style, length in row) for row in runs]
    return "\n".join(
        [*text, "", *lines, "", *(f"{n} {style}" for n, style in enumerate(styles)), ""]
    )


@pytest.mark.parametrize("name", SCREENS)
async def test_screens_look_as_they_did(name):
    session = FakeSession((4, 6))
    session.archive.judged = {
        4: Verdict(rating=5, page=1),
        5: Verdict(pinned=True, place=1, page=1),
    }
    async with on_stage(session, (80, 24), draws=True) as stage:
        await stage.press(*[key for key in [SCREENS[name]] if key])
        await stage.quiet()
        shown = snapshot(stage)
    file = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("FANCIER_SNAPSHOTS") == "write":
        file.write_text(shown, "utf-8")
    assert shown == file.read_text("utf-8")
