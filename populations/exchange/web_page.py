"""Pages for browsers: plain HTML that needs no network and contains no script.

The page forbids browsers both, whatever the texts of a population contain.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as xml

PAGE = "index.html"
_POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"
_STYLE = ":root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }"


def begin(title: str, *, generator: str, style: str) -> tuple[xml.Element, xml.Element]:
    """Return a page and its body, in which nothing but the heading stands yet.

    `generator` is the program that wrote it, `style` its rules on top of those of all pages.
    """
    page = xml.Element("html", {"lang": "en"})
    head, body = xml.SubElement(page, "head"), xml.SubElement(page, "body")
    xml.SubElement(head, "meta", {"charset": "utf-8"})
    xml.SubElement(head, "meta", {"name": "generator", "content": generator})
    xml.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    xml.SubElement(head, "meta", {"name": "viewport", "content": "width=device-width"})
    add(head, "title", title)
    add(head, "style", f"\n{_STYLE}{style}")
    add(body, "h1", title)
    return page, body


def add(
    parent: xml.Element, tag: str, text: str, look: Mapping[str, str] | None = None
) -> xml.Element:
    """Add an element with a text, and return it."""
    element = xml.SubElement(parent, tag, dict(look or {}))
    element.text = text
    return element


def as_html(page: xml.Element) -> str:
    """Return the page as a file has it."""
    html: str = xml.tostring(page, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{html}\n"
