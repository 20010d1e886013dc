"""A folder that shows a run: pictures, a plot, a table, the lineage, and a page with all of it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from evolve.errors import ArchiveError
from evolve.scoring.combining import By, in_words
from populations.core.population import Population
from populations.core.view import View
from populations.exchange.contact_sheet import mosaic
from populations.exchange.new_file import PART, writing
from populations.exchange.own_file import head, marked_png, require_own
from populations.exchange.recipe import write_png
from populations.exchange.web_page import PAGE
from populations.lineage import tree_image
from populations.lineage.descent import ancestors, line
from populations.studio.reporting.course import Course, course_of, write_csv
from populations.studio.reporting.page import GENERATOR, Section, document
from populations.studio.reporting.plot import plot, require_plots

BEST, SHEET, SCORES, TABLE, LINEAGE = (
    *("best.png", "contact_sheet.png", "scores.png", "scores.csv", "lineage.svg"),
)
FILES = frozenset({BEST, SHEET, SCORES, TABLE, LINEAGE})
NAMES: Mapping[By | None, str] = {
    None: "",
    "ranks": " (mean rank)",
    "fronts": " (minus the front, from 0)",
}
"""What scores are combined to, behind their names."""
LEADERS = 24
"""Pictures on the contact sheet."""


def require_writable(folder: Path, name: str) -> None:
    """Refuse, before anything is painted, a folder that a report of `name` cannot be written to.

    The folder is created. An earlier report of this population is replaced, none of another.

    Raises:
        ArchiveError: It holds something else, it cannot be written to, or matplotlib is missing.
    """
    require_plots()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {file.name for file in folder.iterdir()}
        page = folder / PAGE
        html = head(page).decode("utf-8", errors="replace") if page.is_file() else ""
        with tempfile.NamedTemporaryFile(prefix=PART, dir=folder):
            pass
    except OSError as error:
        raise ArchiveError(
            f"cannot write a report to '{folder}': {error.strerror or error}"
        ) from None
    if all(name in FILES or name.startswith(PART) for name in names):
        require_own(*(folder / name for name in names & FILES))
        return  # empty, or of a report that was killed before it had its page
    if GENERATOR in html and f"<title>{escape(name, quote=False)}</title>" not in html:
        raise ArchiveError(f"'{folder}' holds the report of another population: name a new folder")
    if GENERATOR not in html:
        raise ArchiveError(
            f"'{folder}' holds files that are not a report of fancier: "
            "name a new or an empty folder"
        )


def write_report(
    archive: View[Population],
    folder: Path,
    *,
    scores: Mapping[int, float],
    label: str,
    facts: Mapping[str, str],
    best: int | None = None,
    combined: By | None = None,
    scorers: Sequence[str] = (),
) -> Path:
    """Write the report of what was bred so far, and return its page.

    Files of an earlier report are replaced, one by one; the page comes last. The folder is one that
    `require_writable` lets pass. `scores` are what counts, and `label` is what that is. The best
    may be another than the one with the highest score. If scores of some scorers were `combined`,
    the table has those, too.

    Raises:
        ArchiveError: Nothing has a score yet, or a file cannot be written.
    """
    population = archive.population
    course = course_of(archive, scores)
    if not len(course.ids):
        raise ArchiveError(f"no picture of '{population.name}' has a score yet: nothing to report")
    with writing(folder / SCORES, known=True) as unfinished:
        plot(course, unfinished, label=f"{label}{NAMES[combined]}")
    with writing(folder / TABLE, known=True) as unfinished:
        parts = {name: population.verdicts(name).scores for name in scorers if combined}
        write_csv(course, population.births(), unfinished, parts)
    leaders = course.leaders(LEADERS)
    if best in leaders:
        leaders = [best, *(i for i in leaders if i != best)]
    sections = [
        *_pictures(population, course, leaders, folder, combined),
        Section("Scores against cost", SCORES, "each score, generations and the best so far"),
        *_lineage(population, leaders[0], folder),
    ]
    html = document(
        population.name, _first(course, leaders[0], combined), facts, sections, table=TABLE
    )
    with writing(folder / PAGE, known=True) as unfinished:
        unfinished.write_text(html, "utf-8")
    return folder / PAGE


def _first(course: Course, best: int, combined: By | None) -> str:
    score = course.scores[course.ids == best][0]
    full = course.spent[-1] / course.full
    pictures = f"{course.spent[-1]} steps, as many as {full:.1f} full pictures"
    text = in_words(score, combined, digits=4)
    verb = "scored" if combined is None else "came to"
    return f"The best of {len(course.ids)} is #{best}, which {verb} {text}. They took {pictures}."


def _pictures(
    population: Population,
    course: Course,
    leaders: Sequence[int],
    folder: Path,
    combined: By | None,
) -> list[Section]:
    """Write the best picture, and the best together; of those that are there and sound."""
    scores = dict(zip(course.ids.tolist(), course.scores.tolist(), strict=True))
    kept = [(i, picture) for i in leaders if (picture := population.sound_picture(i)) is not None]
    for name in (BEST, SHEET):
        if not kept:
            (folder / name).unlink(missing_ok=True)  # of an earlier report
    if not kept:
        return []
    first = kept[0][0]
    with writing(folder / BEST, known=True) as unfinished:
        write_png(unfinished, population, first)
    with writing(folder / SHEET, known=True) as unfinished:
        cells = [
            (picture, [f"#{i}  {in_words(scores[i], combined, digits=4)}"]) for i, picture in kept
        ]
        mosaic(cells).save(unfinished, "PNG", pnginfo=marked_png())
    return [
        Section(f"The best: #{first}", BEST, f"picture {first}", "Import it to breed from it."),
        Section(f"The best {len(kept)}", SHEET, "the best pictures with their scores"),
    ]


def _lineage(population: Population, individual: int, folder: Path) -> list[Section]:
    """Draw the ancestors of the best; if they do not fit in one picture, its main line."""
    births = population.births()
    family = [*ancestors(births, individual), individual]
    drawn = tree_image.svg_that_fits(population, family, line(births, individual))
    if drawn is None:
        (folder / LINEAGE).unlink(missing_ok=True)
        return []
    with writing(folder / LINEAGE, known=True) as unfinished:
        unfinished.write_bytes(drawn)
    return [Section(f"Where #{individual} comes from", LINEAGE, "its ancestors")]
