"""The page of a report: plain HTML without scripts, which needs no network and forbids both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as xml

PAGE = "index.html"
GENERATOR = "fancier report"
"""Marks a page as ours, which a later report may replace."""

_POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
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
    """What is on it, for those who do not see it."""
    text: str = ""


def document(
    title: str, first: str, facts: Mapping[str, str], sections: Sequence[Section], *, table: str
) -> str:
    """Return the page.

    Args:
        title: What was bred.
        first: The sentence below it.
        facts: Settings and figures, by name.
        sections: In order.
        table: File with all scores.
    """
    root = xml.Element("html", {"lang": "en"})
    head, body = xml.SubElement(root, "head"), xml.SubElement(root, "body")
    xml.SubElement(head, "meta", {"charset": "utf-8"})
    xml.SubElement(head, "meta", {"name": "generator", "content": GENERATOR})
    xml.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    xml.SubElement(head, "meta", {"name": "viewport", "content": "width=device-width"})
    xml.SubElement(head, "title").text = title
    xml.SubElement(head, "style").text = _STYLE
    xml.SubElement(body, "h1").text = title
    xml.SubElement(body, "p").text = first
    for section in sections:
        xml.SubElement(body, "h2").text = section.title
        if section.text:
            xml.SubElement(body, "p").text = section.text
        frame = xml.SubElement(body, "div", {"class": "frame"})
        xml.SubElement(frame, "img", {"src": section.file, "alt": section.about})
    xml.SubElement(body, "h2").text = "Settings"
    rows = xml.SubElement(body, "table")
    for name, value in facts.items():
        row = xml.SubElement(rows, "tr")
        xml.SubElement(row, "th").text = name
        xml.SubElement(row, "td").text = value
    link = xml.SubElement(xml.SubElement(body, "p"), "a", {"href": table})
    link.text = "All scores as a table"
    html: str = xml.tostring(root, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{html}\n"
