"""The lineage as a picture: thumbnails in rows by generation, joined to their parents.

One layout, two ways to draw it: PNG with Pillow and SVG as plain XML. Within a generation children
stand as near below their main parents as their width allows.
"""

from __future__ import annotations

import base64
import contextlib
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as xml

from PIL import Image, ImageDraw, ImageFont

from evolve.errors import ArchiveError
from evolve.search.individual import Birth, Verdict
from populations.core.captions import named
from populations.core.making import made
from populations.exchange.contact_sheet import LARGEST, MARGIN, fit
from populations.exchange.own_file import MARK
from populations.lineage.descent import Births

if TYPE_CHECKING:
    from populations.core.population import Population

SIDES = (96, 64, 48, 32)
"""Sides of thumbnails; the largest is taken with which the drawing is at most `WIDE` wide."""
WIDE = 6000
TEXT = 13
"""Pixels of one line of a caption."""
LINE, OTHER, PAPER, INK, LIKED = "#5b6b7b", "#c9d1d9", "#ffffff", "#20262c", "#e3a008"
"""Colours: of the main parent, of other parents, background, text, and of what was rated."""

Places = Mapping[int, tuple[float, int]]
"""Column and row of each individual, in steps of one thumbnail."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A lineage laid out, in pixels."""

    side: int
    size: tuple[int, int]
    spots: Mapping[int, tuple[float, float]]
    """Upper left corner of each thumbnail."""
    edges: list[tuple[int, int, bool]]
    """Parent, child, and whether it is the main parent."""


def place(births: Births, shown: Collection[int]) -> Places:
    """Return where to draw each individual: one row per generation that is there."""
    rows: dict[int, list[int]] = {}
    for i in sorted(shown):
        rows.setdefault(births[i].generation, []).append(i)
    column: dict[int, float] = {}
    places: dict[int, tuple[float, int]] = {}
    for y, generation in enumerate(sorted(rows)):
        wish = {
            i: column[births[i].parents[0]]
            for i in rows[generation]
            if births[i].parents and births[i].parents[0] in column
        }
        members = sorted(rows[generation], key=lambda i: (wish.get(i, float("inf")), i))
        for n, i in enumerate(members):
            wish.setdefault(i, wish[members[n - 1]] + 1 if n else 0.0)
        for i, x in zip(members, _apart([wish[i] for i in members]), strict=True):
            column[i] = x
            places[i] = (x, y)
    left = min(column.values(), default=0.0)
    return {i: (x - left, y) for i, (x, y) in places.items()}


def chart(births: Births, shown: Collection[int]) -> Chart:
    """Return the layout of the individuals `shown`.

    Raises:
        ArchiveError: It would be too large for a picture.
    """
    places = place(births, shown)
    across = max((x for x, _ in places.values()), default=0.0) + 1
    down = max((y for _, y in places.values()), default=0) + 1
    side = next((s for s in SIDES if across * (s + MARGIN) <= WIDE), SIDES[-1])
    step_x, step_y = side + MARGIN, side + 2 * TEXT + max(32, side // 2)
    size = (round(across * step_x) + MARGIN, down * step_y + MARGIN)
    if max(size) > LARGEST:
        raise ArchiveError(
            f"{len(places)} individuals over {down} generations do not fit in one picture: "
            "give the id of one of them, whose family is smaller"
        )
    spots = {i: (MARGIN + x * step_x, MARGIN + y * step_y) for i, (x, y) in places.items()}
    edges = [
        (parent, i, n == 0)
        for i in places
        for n, parent in enumerate(births[i].parents)
        if parent in places
    ]
    return Chart(side, size, spots, sorted(edges, key=lambda edge: edge[2]))


def png(population: Population, shown: Collection[int]) -> Image.Image:
    """Return the lineage of the individuals `shown`."""
    births, verdicts = population.births(), population.verdicts()
    laid = chart(births, shown)
    side = laid.side
    image = Image.new("RGB", laid.size, PAPER)
    draw = ImageDraw.Draw(image)
    for parent, child, main in laid.edges:
        draw.line(_edge(laid, parent, child), fill=LINE if main else OTHER, width=2 if main else 1)
    for i, (x, y) in laid.spots.items():
        verdict = verdicts.get(i)
        corner = (round(x), round(y))
        if verdict and (verdict.rating or verdict.pinned):
            box = (corner[0] - 3, corner[1] - 3, corner[0] + side + 2, corner[1] + side + 2)
            draw.rectangle(box, fill=LIKED)
        image.paste(thumbnail(population, i, side), corner)
        for n, text in enumerate(_caption(laid, births[i], verdict)):
            at = (corner[0], corner[1] + side + 3 + n * TEXT)
            # With a border, since edges pass behind.
            draw.text(at, text, INK, _font(), stroke_width=2, stroke_fill=PAPER)
    return image


def svg(population: Population, shown: Collection[int]) -> bytes:
    """Return the lineage of the individuals `shown` as an SVG file."""
    births, verdicts = population.births(), population.verdicts()
    laid = chart(births, shown)
    side, (width, height) = laid.side, laid.size
    root = xml.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "width": str(width),
            "height": str(height),
            "font-family": "sans-serif",
            "font-size": "10",
        },
    )
    root.append(xml.Comment(MARK))
    xml.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": PAPER})
    for parent, child, main in laid.edges:
        (x1, y1), (x2, y2) = _edge(laid, parent, child)
        curve = f"M{x1:.1f} {y1:.1f}C{x1:.1f} {(y1 + y2) / 2:.1f} "
        curve += f"{x2:.1f} {(y1 + y2) / 2:.1f} {x2:.1f} {y2:.1f}"
        look = {"stroke": LINE if main else OTHER, "stroke-width": "2" if main else "1"}
        xml.SubElement(root, "path", {"d": curve, "fill": "none", **look})
    for i, (x, y) in laid.spots.items():
        verdict = verdicts.get(i)
        group = xml.SubElement(root, "g", {"transform": f"translate({x:.1f} {y:.1f})"})
        about = xml.SubElement(group, "title")
        about.text = (
            f"{named(i, verdict)}\n{made(births[i])}\ngeneration {births[i].generation + 1}"
        )
        if verdict and (verdict.rating or verdict.pinned):
            frame = {"x": "-3", "y": "-3", "width": str(side + 6), "height": str(side + 6)}
            xml.SubElement(group, "rect", {**frame, "fill": LIKED})
        href = f"data:image/png;base64,{_embedded(thumbnail(population, i, side))}"
        xml.SubElement(group, "image", {"width": str(side), "height": str(side), "href": href})
        for n, line in enumerate(_caption(laid, births[i], verdict)):
            look = {"fill": INK, "stroke": PAPER, "stroke-width": "3", "paint-order": "stroke"}
            text = xml.SubElement(group, "text", {"y": str(side + 12 + n * TEXT), **look})
            text.text = line
    written: bytes = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def svg_that_fits(population: Population, *families: Collection[int]) -> bytes | None:
    """Return the lineage of the first of some families that is not too large; None if all are."""
    for shown in filter(None, families):
        with contextlib.suppress(ArchiveError):
            return svg(population, shown)
    return None


def thumbnail(population: Population, individual: int, side: int) -> Image.Image:
    """Return the picture of an individual in a square, grey if it is not painted."""
    square = Image.new("RGB", (side, side), OTHER)
    picture = population.picture(individual)
    if picture is not None:
        image = Image.fromarray(picture)
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return square


def _apart(wishes: list[float]) -> list[float]:
    """Return the places nearest to ascending `wishes` that are at least 1 apart.

    Least squares by pooling adjacent violators (Ayer et al. 1955) of wish - position.
    """
    pools: list[tuple[float, int]] = []  # mean and count
    for n, wish in enumerate(wishes):
        mean, count = wish - n, 1
        while pools and pools[-1][0] >= mean:
            other, many = pools.pop()
            mean, count = (mean * count + other * many) / (count + many), count + many
        pools.append((mean, count))
    means = [mean for mean, count in pools for _ in range(count)]
    return [mean + n for n, mean in enumerate(means)]


def _edge(laid: Chart, parent: int, child: int) -> tuple[tuple[float, float], tuple[float, float]]:
    (x1, y1), (x2, y2) = laid.spots[parent], laid.spots[child]
    half = laid.side / 2
    return (x1 + half, y1 + laid.side + 2 * TEXT + 4), (x2 + half, y2)


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(11)  # it takes a millisecond


def _caption(laid: Chart, birth: Birth, verdict: Verdict | None) -> list[str]:
    return [fit(text, laid.side, _font()) for text in (named(birth.id, verdict), made(birth))]


def _embedded(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
