"""The page of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as xml

from populations.exchange.web_page import add, as_html, begin

GENERATOR = "fancier report"
"""Marks a page that a later report may replace."""

_STYLE = """
body { margin: 2rem auto; padding: 0 1rem; max-width: 64rem; }
img { max-width: 100%; height: auto; border-radius: .25rem; }
th { text-align: left; padding-right: 1.5rem; vertical-align: top; font-weight: 600; }
td { overflow-wrap: anywhere; }
.frame { overflow: auto; background: #fff; }
"""


@dataclass(frozen=True, slots=True)
class Section:
    """A picture with a heading."""

    title: str
    file: str
    about: str
    """What it shows, for screen readers."""
    text: str = ""


def document(
    title: str, first: str, facts: Mapping[str, str], sections: Sequence[Section], *, table: str
) -> str:
    """Return the page: a title, a sentence, pictures, facts by name, and a link to all scores."""
    page, body = begin(title, generator=GENERATOR, style=_STYLE)
    add(body, "p", first)
    for section in sections:
        add(body, "h2", section.title)
        if section.text:
            add(body, "p", section.text)
        frame = xml.SubElement(body, "div", {"class": "frame"})
        xml.SubElement(frame, "img", {"src": section.file, "alt": section.about})
    add(body, "h2", "Settings")
    rows = xml.SubElement(body, "table")
    for name, value in facts.items():
        row = xml.SubElement(rows, "tr")
        add(row, "th", name)
        add(row, "td", value)
    add(xml.SubElement(body, "p"), "a", "All scores as a table", {"href": table})
    return as_html(page)
