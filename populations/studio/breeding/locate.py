"""Where a picture changes with its words: the place of a thing, as a mask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolve.errors import ArchiveError, GenomeError
from evolve.genome import masks
from evolve.genome.edit import Base
from evolve.models.catalog import ModelCard
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings
from evolve.models.words.vocabulary import require_known
from evolve.rendering.process import paint_one
from evolve.rendering.protocol import Locate, Renderer, RenderEvent, Stepped
from evolve.session.archive import Picture
from populations.core.population import Population
from populations.exchange.mask_file import write_mask
from populations.exchange.new_file import require_png, save_png
from populations.studio.opening import require

DIMMED = 0.35
"""Share of its brightness that a picture keeps in an overlay where it is not free."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocatedPlace:
    """Where a picture changes with its words."""

    individual: int
    base: Base
    """What the individual came to: latent and picture."""
    phrasings: Phrasings
    difference: NDArray[np.float32]
    """(height, width) of the latent; see `evolve.rendering.protocol.Located`."""
    mask: masks.Mask
    cost: float
    """What it took, in pictures."""
    remark: str = ""
    """A line about what the model cannot paint in pictures like this one; mostly empty."""
    chances: tuple[float, ...] = ()
    near: tuple[int, ...] = ()
    guidance: float | None = None
    """See `evolve.rendering.protocol.Located`, all three."""

    @property
    def share(self) -> float:
        """The share of the picture that is free."""
        return float(self.mask.mean())


def locate(
    population: Population,
    individual: int,
    change: WordChange,
    *,
    card: ModelCard,
    start: Callable[[], Renderer],
    base_of: Callable[[int], Base],
    tries: bool = False,
    place: masks.Mask | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> LocatedPlace:
    """Find where the picture of an individual changes with its words.

    Args:
        population: Where it is.
        individual: Which; it has a picture.
        change: The words.
        card: The population's model.
        start: Returns the renderer, which has nothing else to do meanwhile.
        base_of: Returns latent and picture of an individual.
        tries: Whether to try out how much weight the words need.
        place: Where to try that, if it is known: nothing is looked for.
        on_progress: Receives how many times was looked, and how many times will be.

    Raises:
        ArchiveError: It has no picture.
        GenomeError: There is no such individual, the words change nothing, the model knows none of
            them, or it sees no difference.
        RenderError: The renderer cannot work.
    """
    require(population, [individual])
    if place is None:
        population.painted(individual)  # refused before anything is loaded
    require_known(card, change.thing)
    genome = population.genome(individual)
    wordings = phrasings(genome.prompt, change, meanings_of(card))
    wordings = wordings if tries else wordings.plain
    base = base_of(individual)
    task = Locate(id=0, genome=genome, latent=base.latent, phrasings=wordings, place=place)

    def report(event: RenderEvent) -> None:
        if isinstance(event, Stepped):
            on_progress(event.step, event.steps)

    found = paint_one.locate(start(), task, report)
    try:
        mask = masks.located(found.difference) if place is None else place
    except GenomeError:
        raise GenomeError(
            f"{card.name} sees no difference in picture {individual} between "
            f"'{wordings.before}' and '{wordings.after}': use other words"
        ) from None
    return LocatedPlace(
        individual=individual,
        base=base,
        phrasings=wordings.found(focused=found.focused, look=found.look),
        difference=found.difference,
        mask=mask,
        cost=found.cost,
        remark=found.remark,
        chances=found.chances,
        near=found.near,
        guidance=found.guidance,
    )


def require_writable(file: Path) -> Path:
    """Refuse, before anything is painted, files that `save_place` would not write.

    Returns:
        The file of the overlay.

    Raises:
        ArchiveError: One of them is not called a PNG, or somebody else made it.
    """
    beside = file.with_suffix(".overlay.png")
    for each in (file, beside):
        require_png(each)
    return beside


def save_place(place: LocatedPlace, file: Path) -> Path:
    """Write the mask to `file`, and the picture with its place lit up beside it.

    Returns:
        The file of the overlay: `glasses.overlay.png` beside `glasses.png`.

    Raises:
        ArchiveError: One of them cannot be written.
    """
    beside = require_writable(file)
    picture = place.base.picture
    assert picture is not None
    save_png(Image.fromarray(overlay(picture, place.mask)), beside)
    try:
        write_mask(place.mask, picture.shape[:2], file)
    except ArchiveError:
        beside.unlink(missing_ok=True)  # both or none
        raise
    return beside


def overlay(picture: Picture, mask: masks.Mask) -> Picture:
    """Return a picture that is grey and dim outside the mask, and as it is inside."""
    free = masks.to_picture(mask, picture.shape[:2])[..., None] > 0
    grey = DIMMED * picture.mean(-1, keepdims=True)
    return np.where(free, picture, grey.round().astype(np.uint8))
