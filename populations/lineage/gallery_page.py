"""A population as a page for browsers: pictures by generation, their recipes, and the lineage.

A folder of plain files, of which the page is the one to open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree as xml

from evolve.errors import ArchiveError
from evolve.genome import Prompt
from evolve.search.individual import Birth, Verdict
from evolve.text import one_line
from populations.core.captions import counted
from populations.core.making import making
from populations.exchange.new_file import writing
from populations.exchange.own_file import head
from populations.exchange.recipe import file_name, in_words, write_png
from populations.exchange.web_page import PAGE, add, as_html, begin
from populations.lineage import tree_image
from populations.lineage.descent import ancestors
from populations.lineage.text_tree import notable

if TYPE_CHECKING:
    from populations.core.population import Population

LINEAGE, PICTURES = "lineage.svg", "pictures"
GENERATOR = "fancier gallery"
"""Marks a page that a later export may replace."""

_STYLE = """
body { margin: 2rem auto; padding: 0 1rem; max-width: 80rem; }
section { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 1rem; }
figure { margin: 0; padding: .4rem; border-radius: .4rem; }
figure:target { outline: 3px solid #e3a008; }
figure img { width: 100%; height: auto; display: block; border-radius: .25rem; }
figcaption { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; font-size: .8rem; }
.stars { color: #b87503; } .made { opacity: .75; } .lineage { overflow: auto; }
"""


def write_gallery(population: Population, ids: Sequence[int], folder: Path) -> list[Path]:
    """Write the page with the painted individuals `ids`, and return its files, the page first.

    The folder is created; a page of an earlier export in it is replaced.

    Raises:
        ArchiveError: A file cannot be written, or the folder holds another `index.html`.
    """
    page = folder / PAGE
    known = _is_own(page)
    files = []
    for i in ids:
        file = folder / PICTURES / file_name(population, i)
        with writing(file, known=known) as unfinished:
            write_png(unfinished, population, i)
        files.append(file)
    lineage = _lineage(population, ids)
    if lineage is not None:
        files.append(folder / LINEAGE)
        with writing(folder / LINEAGE, known=known) as unfinished:
            unfinished.write_bytes(lineage)
    document = _document(population, ids, with_lineage=lineage is not None)
    with writing(page) as unfinished:  # last: what it refers to is there
        unfinished.write_text(as_html(document), "utf-8")
    return [page, *files]


def _is_own(page: Path) -> bool:
    """Return whether `page` is there and was written here; raise if it is another's."""
    try:
        own = GENERATOR.encode() in head(page)
    except FileNotFoundError:
        return False
    except NotADirectoryError:
        raise ArchiveError(f"'{page.parent}' is not a folder: choose another name") from None
    except OSError as error:
        raise ArchiveError(f"cannot read '{page}': {error.strerror or error}") from None
    if not own:
        raise ArchiveError(f"'{page}' is not a gallery of fancier: choose another folder")
    return True


def _lineage(population: Population, ids: Sequence[int]) -> bytes | None:
    """Draw the family of those shown, or the notable part of it; None if both are too large."""
    births = population.births()
    family = {a for i in ids for a in (i, *ancestors(births, i))}
    important = family & notable(births, population.verdicts())
    return tree_image.svg_that_fits(population, family, important)


def _document(population: Population, ids: Sequence[int], *, with_lineage: bool) -> xml.Element:
    births, verdicts = population.births(), population.verdicts()
    page, body = begin(population.name, generator=GENERATOR, style=_STYLE)
    add(body, "p", one_line(str(Prompt.from_json(population.config["prompt"]))))
    model = one_line(PurePath(population.model).name)
    add(body, "p", f"{counted(len(ids), 'picture')} painted with {model}.")
    liked = [i for i in ids if i in verdicts and verdicts[i].is_favourite]
    if liked:
        about = add(body, "p", "Favourites: ")
        for i in sorted(liked, key=lambda i: (-(verdicts[i].rating or 0), i)):
            _link(about, i)
    shown = set(ids)
    notes = population.notes()

    def generation_of(individual: int) -> int:
        return births[individual].generation

    for generation, members in groupby(sorted(ids, key=generation_of), generation_of):
        add(body, "h2", f"Generation {generation + 1}")
        section = xml.SubElement(body, "section")
        for i in members:
            _figure(section, population, births[i], verdicts.get(i), notes.get(i, ""), shown)
    if with_lineage:
        add(body, "h2", "Lineage")
        frame = xml.SubElement(body, "div", {"class": "lineage"})
        xml.SubElement(frame, "img", {"src": LINEAGE, "alt": "lineage"})
    return page


def _figure(
    section: xml.Element,
    population: Population,
    birth: Birth,
    verdict: Verdict | None,
    note: str,
    shown: Collection[int],
) -> None:
    figure = xml.SubElement(section, "figure", {"id": f"i{birth.id}"})
    source = f"{PICTURES}/{quote(file_name(population, birth.id))}"
    link = xml.SubElement(figure, "a", {"href": source})
    look = {"src": source, "alt": f"picture {birth.id}", "loading": "lazy"}
    xml.SubElement(link, "img", look)
    caption = xml.SubElement(figure, "figcaption")
    add(caption, "b", f"#{birth.id}")
    if verdict is not None and verdict.rating:
        stars = add(caption, "span", f" {'★' * verdict.rating}", {"class": "stars"})
        stars.set("title", f"rated {verdict.rating} of 5")
    words = making(birth.origin) + (", from " if birth.parents else "")
    made = add(caption, "div", words, {"class": "made"})
    for parent in birth.parents:
        _link(made, parent, known=parent in shown)
    if note:
        add(caption, "p", note)
    details = xml.SubElement(caption, "details")
    add(details, "summary", "Recipe")
    add(details, "pre", in_words(population, birth.id))


def _link(parent: xml.Element, individual: int, *, known: bool = True) -> None:
    """Add a reference to an individual; text alone where the page does not show it."""
    look = {"href": f"#i{individual}"} if known else {}
    add(parent, "a" if known else "span", f"#{individual}", look).tail = " "
