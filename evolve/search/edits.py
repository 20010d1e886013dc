"""Changes of one place of a picture: pages of children that differ there, each to a degree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt, noise
from evolve.genome.edit import Base
from evolve.genome.masks import Box, Mask, mask_of
from evolve.models.words.phrasing import Phrasings
from evolve.plain_numbers import is_int
from evolve.scoring.wanted import shown
from evolve.search import operators
from evolve.search.breeding import require_angle, spread
from evolve.search.individual import Made, Origin
from evolve.search.operators import EDIT, REPAINT, TAKE, TAKE_OFF
from evolve.search.released import OWN, is_held, with_own_guidance
from evolve.search.search import Search

REPAINT_ANGLE = 60.0
"""Degrees around which the noise turns where a picture is painted again by its own prompt."""
DEPTHS = (1.0, 1.0, 0.85)
"""How far back to noise the children of a page go in turn. Something new, or in another colour,
seldom appears if anything is left of what was there, and no more is lost around it
(`benchmarks.edit`)."""
LARGE_DEPTHS = (1.0,)
"""The same for hair and hats: what is left of the old outline is filled again."""
ANEW = (0.5, 0.75, 1.0)
"""The same where the prompt stays, and what is there is to vary."""
TAKEN_DEPTHS = (0.25, 0.4, 0.6)
"""The same for a place of another picture: little of that is left where all is painted again."""
ANGLES = (60.0, 90.0)
"""Degrees by which the noise turns in the place, least and most on a page."""
NEAR_ANGLES = (30.0, 60.0)
"""The same, from a noise by which a try showed the thing."""
TAKEN_ANGLES = (0.0, 30.0)

PLACED = (REPAINT.name, EDIT.name, TAKE.name, TAKE_OFF.name)
"""Operators whose children differ from their main parent in one place only."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repainted:
    """The same picture, painted again in a box or everywhere."""

    base: Base
    """The finished picture of the parent."""
    box: Box | None = None
    """The place; None for everywhere."""
    angle: float | None = None
    """Degrees by which the noise turns there, 0 to 90; None for near and far."""
    depth: float = 1.0
    """Share of the way back to pure noise, above 0 up to 1."""
    prompt: Prompt | None = None
    """Prompt of the children; None for the parent's."""

    def children(self, of: Search, parent: int, first: int, count: int) -> Iterator[Made]:
        """Make children; see `Alteration`."""
        genome = _inherited(of, parent)
        genome = genome if self.prompt is None else replace(genome, prompt=self.prompt)
        mask = None if self.box is None else mask_of(self.box, genome.noise.shape[1:])
        where = {"depth": self.depth, "box": None if self.box is None else list(self.box)}
        for slot in range(count):
            angle = spread(REPAINT_ANGLE, slot, count) if self.angle is None else self.angle
            require_angle(angle)
            rng = noise.stream(of.seed, first + slot, "breed")
            child = operators.repaint(
                rng, genome, self.base, mask=mask, angle=angle, depth=self.depth
            )
            # Without a step: the next one does not follow from children that differ in a box.
            origin = Origin(REPAINT.name, {"angle": round(angle, 3), **where})
            yield Made(child, origin, (parent,))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaintedPlace:
    """Another prompt in one place."""

    mask: Mask
    """(height, width) of the latent, True where it is painted."""
    prompt: Prompt | None = None
    """Prompt of the children; None for the parent's."""
    others: tuple[Prompt, ...] = ()
    """Further prompts, which children have in turn."""
    depth: float | None = None
    """How far back to noise, above 0 up to 1; None for all of `depths` in turn."""
    depths: tuple[float, ...] = DEPTHS
    angle: float | None = None
    """Degrees by which the noise turns, 0 to 90; None for all of `ANGLES`."""
    guidance: float | None = None
    """Guidance scale of the children; None for the parent's. It is not inherited."""
    near: tuple[int, ...] = ()
    """Numbers of the tries from whose noise children begin in turn; none for the parent's noise."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """The request, for the record: `{"add": "glasses"}`."""

    def in_words(self, phrasings: Phrasings, chances: Sequence[float]) -> PaintedPlace:
        """Return the same change with prompts from phrasings; see `worded`."""
        kinds = [worded(kind, chances)[0] for kind in phrasings.kinds]
        prompt, *others = kinds if kinds and shown(chances) else worded(phrasings, chances)
        depths = LARGE_DEPTHS if phrasings.is_large else DEPTHS
        return replace(self, prompt=prompt, others=tuple(others), depths=depths)

    def children(self, of: Search, parent: int, first: int, count: int) -> Iterator[Made]:
        """Make children; see `Alteration`."""
        genome = _inherited(of, parent)
        own = genome.settings.guidance_scale
        led = own if self.guidance is None else self.guidance
        genome = replace(genome, settings=replace(genome.settings, guidance_scale=led))
        mask, base = _checked(self.mask, genome), of.came_to(parent)
        words = (self.prompt or genome.prompt, *self.others)
        near = self.near if self.angle is None else ()  # a given angle is from the parent's noise
        angles = NEAR_ANGLES if near else ANGLES
        for slot, (depth, angle) in enumerate(
            _spread(count, self.depth, self.angle, self.depths, angles)
        ):
            prompt = words[_turn(slot, len(words), len(self.depths))]
            begun, beside = replace(genome, prompt=prompt), {} if led == own else {OWN: own}
            if near:
                number = near[slot // len(self.depths) % len(near)]
                beside["try"] = number
                tried = noise.numbered(number, genome.noise.shape, noise.TRIES)
                begun = replace(begun, noise=np.where(mask, tried, genome.noise))
            rng = noise.stream(of.seed, first + slot, "breed")
            child = operators.repaint(rng, begun, base, mask=mask, angle=angle, depth=depth)
            record = {**self.asked, "angle": angle, "depth": depth, **beside}
            yield Made(child, Origin(EDIT.name, record), (parent,))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taken:
    """A place as it is in another picture."""

    other: int
    mask: Mask
    """(height, width) of the latent, True where the other's is taken."""
    depth: float | None = None
    """How far back from the other's picture, above 0 up to 1; None for all of `TAKEN_DEPTHS`."""
    prompt: Prompt | None = None
    """Prompt of the children; None for the parent's."""
    asked: Mapping[str, Any] = field(default_factory=dict)

    def children(self, of: Search, parent: int, first: int, count: int) -> Iterator[Made]:
        """Make children; see `Alteration`."""
        if self.other == parent:
            raise GenomeError(f"picture {parent} cannot take a part of itself: name another one")
        of.birth(self.other)  # refused if there is none
        genome, other = _inherited(of, parent), of.genome(self.other)
        mask = _checked(self.mask, genome)
        bases = of.came_to(parent), of.came_to(self.other)
        for slot, (depth, angle) in enumerate(
            _spread(count, self.depth, None, TAKEN_DEPTHS, TAKEN_ANGLES)
        ):
            rng = noise.stream(of.seed, first + slot, "breed")
            child = operators.take(
                rng, genome, other, bases, mask=mask, angle=angle, depth=depth, prompt=self.prompt
            )
            origin = Origin(TAKE.name, {**self.asked, "angle": angle, "depth": depth})
            yield Made(child, origin, (parent, self.other))


@dataclass(frozen=True, slots=True)
class TakenOff:
    """The place of the latest edit as it was before.

    Where only edits were made since, nothing is painted and there is one child: the place has the
    bytes that it had. Otherwise it is blended with what is around it now.
    """

    def children(self, of: Search, parent: int, first: int, count: int) -> Iterator[Made]:
        """Make children; see `Alteration`."""
        edited, since = latest_edit(of, parent)
        before = next(iter(of.birth(edited).parents), None)
        if before is None:
            raise GenomeError(
                f"what picture {edited} was before its edit is lost: nothing can be put back"
            )
        edit = of.genome(edited).edit
        assert edit is not None
        assert edit.mask is not None
        if any(not is_held(of.genome(each)) for each in since):
            taken = Taken(other=before, mask=edit.mask, asked={"of": edited})
            for made in taken.children(of, parent, first, count):
                yield made._replace(origin=Origin(TAKE_OFF.name, made.origin.params))
            return
        bases = of.came_to(parent), of.came_to(before)
        own = with_own_guidance(of.genome(parent), of.birth(parent))
        words = _without_change(own, of.genome(edited), of.genome(before))
        genome = operators.put_back(replace(own, prompt=words), bases, edit.mask)
        yield Made(genome, Origin(TAKE_OFF.name, {"of": edited}), (parent, before))


def latest_edit(of: Search, individual: int) -> tuple[int, list[int]]:
    """Return the latest edit in the main line of an individual, itself included.

    Edits that were taken off again do not count.

    Returns:
        The individual that was edited; and the line from the first one down to it.

    Raises:
        GenomeError: There is none.
    """
    line, off, at = [individual], set[int](), individual
    while True:
        birth = of.birth(at)
        if birth.origin.operator == TAKE_OFF.name:
            taken = birth.origin.params.get("of")  # a stranger may have written it
            off |= {taken} if is_int(taken, 0, at) else set()
        elif birth.origin.operator in PLACED and at not in off and is_held(of.genome(at)):
            return at, line
        if not birth.parents:
            raise GenomeError(f"picture {individual} has no edit that could be taken off")
        at = birth.parents[0]
        line.append(at)


def _without_change(genome: Genome, edited: Genome, before: Genome) -> Prompt:
    """Return the prompt of a picture without the change of an edit."""
    if genome.prompt == edited.prompt:
        return before.prompt
    added = set(edited.prompt.concepts) - set(before.prompt.concepts)
    left = tuple(c for c in genome.prompt.concepts if c not in added)
    gone = [c for c in before.prompt.concepts if c not in edited.prompt.concepts]
    if not added <= set(genome.prompt.concepts) or not (*left, *gone):
        return genome.prompt  # it was changed again since
    return replace(genome.prompt, concepts=(*left, *(c for c in gone if c not in left)))


def _spread(
    count: int,
    depth: float | None,
    angle: float | None,
    depths: tuple[float, ...],
    angles: tuple[float, float],
) -> Iterator[tuple[float, float]]:
    """Give depth and angle of each child: all depths in turn, and angles evenly for each."""
    if angle is not None:
        require_angle(angle)
    depths = depths if depth is None else (depth,)
    rounds = -(-count // len(depths))
    for slot in range(count):
        share = slot // len(depths) / max(1, rounds - 1) if rounds > 1 else 0.5
        turn = angles[0] + share * (angles[1] - angles[0])
        yield depths[slot % len(depths)], round(turn if angle is None else angle, 3)


def worded(phrasings: Phrasings, chances: Sequence[float]) -> tuple[Prompt, ...]:
    """Return the weakest prompt that shows a thing; if none does, two, for a page to have in turn.

    The weaker it is, the more the pictures differ, and the less else changes with the thing.
    `chances` are how surely a try by each shows it, as logarithms; empty if nothing was tried.
    """
    prompts = (phrasings.after, *phrasings.stronger)
    if len(chances) != len(prompts):
        return (phrasings.after,)
    there = shown(chances)
    return (prompts[there[0]],) if there else prompts[:2]  # stronger ones break what is there


def _turn(slot: int, count: int, depths: int) -> int:
    """Return which of `count` prompts a child has, so that each meets every depth."""
    return (slot // depths + slot % depths) % count


def _inherited(of: Search, parent: int) -> Genome:
    return with_own_guidance(of.inherited(parent), of.birth(parent))


def _checked(mask: Mask, genome: Genome) -> Mask:
    if not mask.any():
        raise GenomeError("the place is empty: mark where the picture is to change")
    if mask.shape != genome.noise.shape[1:]:
        height, width = genome.noise.shape[1:]
        raise GenomeError(
            f"the place has {mask.shape[1]}x{mask.shape[0]} cells, the picture {width}x{height}"
        )
    return mask
