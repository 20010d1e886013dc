"""What the pages of one way to edit came to, as a row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt

from benchmarks.editing.faces import Mask, Studio, Thing, pixels_of
from evolve.genome.edit import Base
from evolve.models.words.asking import HIDDEN

ABSENT = ("eyes", "extra")
"""Attributes without a value for what is not there: of most faces a judge can only guess them."""


def others(read: dict[str, str], thing: Thing) -> list[str]:
    """Return what else can be seen in a face with it; the colour of a hat only if it has one."""
    unseen = {thing.attribute, *ABSENT, *(["hat_colour"] if read["hat"] == "none" else [])}
    unseen |= set(HIDDEN.get(thing.attribute, ()))
    return [name for name in read if name not in unseen]


@dataclass
class Tally:
    """What the pages of one way came to, face by face."""

    shown: list[float] = field(default_factory=list)
    """Share of a page that shows the thing."""
    three: list[bool] = field(default_factory=list)
    """Whether three or more of a page do (a quarter, of a smaller page)."""
    first: list[float] = field(default_factory=list)
    """The share among the three that are shown first."""
    kept: list[float] = field(default_factory=list)
    """Share of other attributes that are read as before, and do not flip by themselves."""
    steady: list[float] = field(default_factory=list)
    """Share read as before, of those that are read alike wherever the face is moved to."""
    answered: list[float] = field(default_factory=list)
    """The same as `kept` of all other attributes, those that are only guessed too."""
    lost: dict[str, list[float]] = field(default_factory=dict)
    """Of each other attribute, the share of children in which it is read as another, by face."""
    latents: int = 0
    pixels: list[float] = field(default_factory=list)
    """Share of the pixels outside the place that differ."""
    seams: list[float] = field(default_factory=list)
    by: dict[str, list[bool]] = field(default_factory=dict)
    """Of each depth and each angle, which children show the thing."""
    area: list[float] = field(default_factory=list)
    apart: list[float] = field(default_factory=list)
    """How far the pictures of a page lie apart in the place, as shares of what a pixel can differ
    by: the mean of all pairs."""

    def take(
        self,
        studio: Studio,
        thing: Thing,
        base: Base,
        read: dict[str, str],
        stays: dict[str, float],
        children: Sequence[tuple[Base, float | None]],
        mask: Mask | None,
    ) -> npt.NDArray[np.bool_]:
        """Take a page in; returns which of it show the thing."""
        answers = studio.read([child for child, _ in children])
        shows: npt.NDArray[np.bool_] = np.array(
            [answer[thing.attribute] in thing.shows for answer in answers]
        )
        self.shown.append(float(shows.mean()))
        self.three.append(bool(shows.sum() >= max(1, len(shows) // 4)))
        order = np.argsort([-(score or 0.0) for _, score in children], kind="stable")[:3]
        self.first.append(float(shows[order].mean()))
        for names, shares in (
            (others(read, thing), self.kept),
            ([name for name in read if name != thing.attribute], self.answered),
        ):
            same = np.mean([[answer[name] == read[name] for name in names] for answer in answers])
            shares.append(min(1.0, float(same) / np.mean([stays[name] for name in names])))
        for name in others(read, thing):
            differ = float(np.mean([answer[name] != read[name] for answer in answers]))
            self.lost.setdefault(name, []).append(differ)
        steady = [name for name in others(read, thing) if stays[name] == 1]
        same = np.mean([[answer[name] == read[name] for name in steady] for answer in answers])
        self.steady.append(float(same))
        if mask is not None and len(children) > 1:
            inside = in_pixels(mask, pixels_of(base))
            page = np.stack([pixels_of(child)[inside] for child, _ in children]).astype(np.int16)
            pairs = [np.abs(a - b).mean() for a, b in combinations(page, 2)]
            self.apart.append(float(np.mean(pairs)) / 255)
        for child, _ in children:
            outside = ~in_pixels(mask, pixels_of(base)) if mask is not None else None
            differ = (pixels_of(child) != pixels_of(base)).any(-1)
            self.pixels.append(float(differ[outside].mean() if mask is not None else differ.mean()))
            if mask is not None:
                self.latents += int((child.latent != base.latent)[:, ~mask].sum())
                self.seams.append(seam(pixels_of(child), pixels_of(base), mask))
                self.area.append(float(mask.mean()))
        return shows

    def row(self, name: str) -> str:
        """The tally as a row of the table."""
        seams = f"{np.nanmedian(self.seams):.2f}" if self.seams else "–"
        area = f"{np.mean(self.area):.0%}" if self.area else "–"
        apart = f"{np.mean(self.apart):.1%}" if self.apart else "–"
        latents = f"{self.latents}" if self.seams else "all"
        return (
            f"{name:<34}{percent(self.shown):>16}{percent(self.three):>16}"
            f"{np.mean(self.first):>9.0%}{percent(self.kept):>16}{percent(self.steady):>16}{np.mean(self.answered):>6.0%}{latents:>9}"
            f"{np.mean(self.pixels):>9.1%}{seams:>7}{area:>6}{apart:>7}"
        )


def percent(values: Sequence[float | bool]) -> str:
    """Return a mean with its 95 % interval over faces, by resampling them."""
    array = np.asarray(values, dtype=np.float64)
    draw = np.random.default_rng(0).integers(len(array), size=(2000, len(array)))
    low, high = np.percentile(array[draw].mean(1), [2.5, 97.5])
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
