"""Cuts: views of a picture for judging it, from the whole (overview) to its parts (inner cuts).

A score of the whole picture alone is easily pleased by texture; a picture that does well in large
and small cuts is better composed and better made. As in Disco Diffusion, overview cuts show the
composition, inner cuts the detail.
"""

from __future__ import annotations

from dataclasses import dataclass

from evolve.genome.noise import stream


@dataclass(frozen=True, slots=True)
class Cut:
    """A square of the picture, in shares of its shorter side and of the free room."""

    size: float
    """Side, as a share of the picture's shorter side, above 0 to 1."""
    x: float
    """Position in the free room, 0 (left) to 1 (right)."""
    y: float
    """Position in the free room, 0 (top) to 1 (bottom)."""
    flipped: bool = False
    """Mirrored left to right."""

    def box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom in pixels."""
        side = self.size * min(width, height)
        left, top = self.x * (width - side), self.y * (height - side)
        return left, top, left + side, top + side


INNER = (0.6, 0.9)
"""Least and greatest side of an inner cut, as a share of the picture's shorter side."""
NEARLY = 0.94
"""Side of an overview that is not the whole, as a share of the picture's shorter side."""


def overview_cuts(seed: int = 0) -> list[Cut]:
    """Return the whole picture, as it is and mirrored; for other seeds nearly the whole."""
    if seed == 0:
        return [Cut(1.0, 0.5, 0.5), Cut(1.0, 0.5, 0.5, flipped=True)]
    places = stream(seed, 2, "overviews").uniform(size=(2, 2)).tolist()
    return [Cut(NEARLY, x, y, flipped=bool(k)) for k, (x, y) in enumerate(places)]


def inner_cuts(count: int, *, seed: int = 0) -> list[Cut]:
    """Return `count` inner cuts, always the same ones for the same arguments."""
    rng = stream(seed, count, "cuts")
    return [
        Cut(
            size=float(rng.uniform(*INNER)),
            x=float(rng.uniform()),
            y=float(rng.uniform()),
            flipped=bool(k % 2),
        )
        for k in range(count)
    ]
