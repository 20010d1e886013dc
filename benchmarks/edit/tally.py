"""What the pages of one way to edit came to, as a row of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from benchmarks.edit.faces import Mask, Studio, Thing, pixels_of
from benchmarks.scripting.intervals import bootstrap
from evolve.genome.edit import Base
from evolve.models.words.asking import HIDDEN

ABSENT = ("eyes", "extra")
"""Attributes without a value for what is not there: of most faces a judge can only guess them."""


def others(read: Mapping[str, str], thing: Thing) -> list[str]:
    """Return what else can be seen in a face with it; the colour of a hat only if it has one."""
    unseen = {thing.attribute, *ABSENT, *(["hat_colour"] if read["hat"] == "none" else [])}
    unseen |= set(HIDDEN.get(thing.attribute, ()))
    return [name for name in read if name not in unseen]


@dataclass(frozen=True, slots=True)
class Steady:
    """How surely a judge reads a face as it does: of each attribute a share, 1 for always."""

    moved: Mapping[str, float]
    """Where the same picture is moved by two pixels."""
    beside: Mapping[str, float]
    """In art that is steady, with the thing and without it otherwise the same."""

    def both(self, name: str) -> float:
        """How surely it does where both happens."""
        return self.moved[name] * self.beside.get(name, 1.0)


@dataclass(frozen=True, slots=True)
class Page:
    """What one page came to, in plain JSON values."""

    shown: list[bool]
    """Which children show the thing."""
    first: float
    """The share that does among the three that are shown first."""
    kept: float
    """Share of other attributes that are read as before, and do not flip by themselves."""
    beside: float
    """The same; nor do they flip where the thing is there in the art itself."""
    steady: float
    """Share read as before, of those that are read alike wherever the face is moved to."""
    answered: float
    """The same as `kept` of all other attributes, those that are only guessed too."""
    lost: dict[str, float]
    """Of each other attribute, the share of children in which it is read as another."""
    latents: int | None = None
    """How many outside the place differ; None where there is no place."""
    pixels: list[float] = field(default_factory=list)
    """Share of the pixels outside the place that differ, of each child."""
    seams: list[float] = field(default_factory=list)
    area: float | None = None
    apart: float | None = None
    """How far the pictures of a page lie apart in the place, as shares of what a pixel can differ
    by: the mean of all pairs."""
    by: dict[str, list[bool]] = field(default_factory=dict)
    """Of each depth and each angle, which children show the thing."""

    @classmethod
    def of(
        cls,
        studio: Studio,
        thing: Thing,
        base: Base,
        read: Mapping[str, str],
        surely: Steady,
        children: Sequence[tuple[Base, float | None]],
        mask: Mask | None,
        *,
        made_by: Sequence[Sequence[str]] = (),
    ) -> "Page":
        """Read a page.

        Args:
            studio: Has the judge.
            thing: What was asked for.
            base: The picture of the parent.
            read: What the judge reads in it.
            surely: How surely.
            children: What they came to, and how well by what orders them.
            mask: The place; None for all of the picture.
            made_by: How each child was made, in words.
        """
        answers = studio.read([child for child, _ in children])
        shows = [answer[thing.attribute] in thing.shows for answer in answers]
        order = np.argsort([-(score or 0.0) for _, score in children], kind="stable")[:3]
        names = others(read, thing)
        every = [name for name in read if name != thing.attribute]
        lost = {name: float(np.mean([a[name] != read[name] for a in answers])) for name in every}

        def same(of: Sequence[str], could: Sequence[float]) -> float:
            share = 1 - np.mean([lost[name] for name in of])
            return min(1.0, float(share / np.mean(could)))

        by: dict[str, list[bool]] = {}
        for each, there in zip(made_by, shows, strict=bool(made_by)):
            for how in each:
                by.setdefault(how, []).append(there)
        steady = [name for name in names if surely.moved[name] == 1]
        return cls(
            shown=shows,
            first=float(np.mean([shows[k] for k in order])),
            kept=same(names, [surely.moved[name] for name in names]),
            beside=same(names, [surely.both(name) for name in names]),
            steady=same(steady, [1.0]),
            answered=same(every, [surely.moved[name] for name in every]),
            lost={name: lost[name] for name in names},
            by=by,
        )._compared(base, [child for child, _ in children], mask)

    def _compared(self, base: Base, children: Sequence[Base], mask: Mask | None) -> "Page":
        """Return the page with what differs outside the place, at its border and inside it."""
        pixels = [pixels_of(child) for child in children]
        differ = [(each != pixels_of(base)).any(-1) for each in pixels]
        if mask is None:
            return replace(self, pixels=[float(each.mean()) for each in differ])
        inside = in_pixels(mask, pixels_of(base))
        apart = [
            float(np.abs(a[inside].astype(np.int16) - b[inside]).mean()) / 255
            for a, b in combinations(pixels, 2)
        ]
        outside = [(child.latent != base.latent)[:, ~mask].sum() for child in children]
        return replace(
            self,
            pixels=[float(each[~inside].mean()) for each in differ],
            seams=[seam(each, pixels_of(base), mask) for each in pixels],
            latents=int(sum(outside)),
            area=float(mask.mean()),
            apart=float(np.mean(apart)) if apart else None,
        )


@dataclass
class Tally:
    """What the pages of one way came to, face by face."""

    pages: list[Page] = field(default_factory=list)

    def row(self, name: str) -> str:
        """The tally as a row of the table."""
        pages = self.pages
        seams = [each for page in pages for each in page.seams]
        latents = [page.latents for page in pages if page.latents is not None]
        cells = [
            _percent([float(np.mean(page.shown)) for page in pages]),
            _percent([sum(page.shown) >= max(1, len(page.shown) // 4) for page in pages]),
            f"{np.mean([page.first for page in pages]):.0%}",
            _percent([page.kept for page in pages]),
            _percent([page.beside for page in pages]),
            _percent([page.steady for page in pages]),
            f"{np.mean([page.answered for page in pages]):.0%}",
            f"{sum(latents)}" if latents else "all",
            f"{np.mean(list(chain.from_iterable(page.pixels for page in pages))):.1%}",
            f"{np.nanmedian(seams):.2f}" if seams else "–",
            _mean("{:.0%}", [page.area for page in pages]),
            _mean("{:.1%}", [page.apart for page in pages]),
        ]
        return f"{name:<34}" + "".join(
            f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)
        )

    def by(self) -> str:
        """How often the thing is shown, by how children were made."""
        found: dict[str, list[bool]] = {}
        for page in self.pages:
            for how, there in page.by.items():
                found.setdefault(how, []).extend(there)
        return ", ".join(f"{how}: {np.mean(there):.0%}" for how, there in sorted(found.items()))

    def lost(self) -> str:
        """What is read as another than before, most often first."""
        found: dict[str, list[float]] = {}
        for page in self.pages:
            for name, share in page.lost.items():
                found.setdefault(name, []).append(share)
        means = {name: float(np.mean(shares)) for name, shares in found.items()}
        most = sorted(means.items(), key=lambda one: -one[1])
        return ", ".join(f"{name} {share:.0%}" for name, share in most if share >= 0.005) or "none"


HEADS = (
    *("children show it", "pages with 3+", "first 3", "others kept", "beside", "steady", "all"),
    *("latents", "pixels", "seam", "area", "apart"),
)
WIDTHS = (18, 18, 9, 18, 18, 18, 6, 9, 9, 7, 6, 7)


def heads() -> str:
    """The head of the table."""
    return f"{'':<34}" + "".join(
        f"{name:>{width}}" for name, width in zip(HEADS, WIDTHS, strict=True)
    )


def _mean(form: str, values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return form.format(np.mean(known)) if known else "–"


def _percent(values: Sequence[float | bool]) -> str:
    """Return a mean with its 95 % interval over faces, by resampling them."""
    array = np.asarray(values, dtype=np.float64)
    low, high = bootstrap(array)
    return f"{array.mean():.0%} ({low:.0%}–{high:.0%})"


def in_pixels(mask: Mask, pixels: npt.NDArray[np.uint8]) -> Mask:
    """Return a mask of the latent's cells as one of the pixels of a picture."""
    cell = pixels.shape[0] // mask.shape[0]
    return mask.repeat(cell, 0).repeat(cell, 1)


def seam(child: npt.NDArray[np.uint8], base: npt.NDArray[np.uint8], mask: Mask) -> float:
    """Return how much steeper a child is across the border of a place than its base; nan: flat."""
    inside = in_pixels(mask, base)
    steep = []
    for pixels in (child.astype(np.float64), base.astype(np.float64)):
        down = np.abs(np.diff(pixels, axis=0)).mean(-1)[inside[1:] != inside[:-1]]
        across = np.abs(np.diff(pixels, axis=1)).mean(-1)[inside[:, 1:] != inside[:, :-1]]
        steep.append(np.concatenate([down, across]).mean() if inside.any() else np.nan)
    return steep[0] / steep[1] if steep[1] > 0.5 else float("nan")
