"""How well edits came out, by which their page is ordered.

    s = t - w (1 - cos(E(picture), E(base)) + EDGE d)

where t is how surely the picture shows what was asked for, by the reader of the model or else by
its CLIP, E is the CLIP's embedding, and d is the difference of pixels to the base in the outermost
cells of the place. Of two pictures that show it, the one that is more like the base comes first.
Where a place was painted without regard to what is around it, the whole looks like something else,
or a pale patch begins at its border.
"""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from evolve.errors import FancierError, GenomeError
from evolve.genome import Genome, Prompt
from evolve.genome.masks import shrink, to_picture
from evolve.genome.settings import GENES, Settings
from evolve.models.catalog import ModelCard
from evolve.models.words.asking import HIDDEN, OWN_COLOURS, Asking
from evolve.models.words.meanings import Meanings, alien_remark, meanings_of
from evolve.models.words.phrasing import Phrasings
from evolve.rendering.protocol import Locate
from evolve.scoring.cut_score import CutScore
from evolve.scoring.looks.embedders import clip_in
from evolve.scoring.wanted import Wanted
from evolve.scoring.words import Words
from evolve.session.archive import Picture
from evolve.text import one_line

if TYPE_CHECKING:
    from evolve.scoring.clip import Clip

LEAD = 2.0
"""Factor on the usual guidance: glasses of the colour of the skin get rims, and the border is no
steeper (`benchmarks.edit`)."""

EDGE = 2.0
"""Fewer of the pictures that this puts first have a seam, and as many show the thing."""

READ, SEEN = 3.0, 50.0
"""w for the reader, whose t is a logarithm from -4.6 to 0, and for the CLIP, whose t is 100 cos."""


SELDOM = math.log(0.05)
"""Log probability of a thing in the best try below which it will hardly appear."""


@dataclass(frozen=True, slots=True)
class View:
    """The properties of a picture in which a place is looked for."""

    phrasings: Phrasings
    """The phrasings, with words for the look of the picture."""
    look: str = ""
    """These words; empty if none were added."""
    colours: str = ""
    """Words for colours in the picture, to be added to phrasings for a thing alone, which comes in
    any colours without them; empty for none."""
    never: str = ""
    """A line if the model has never seen what is asked for in pictures like this one."""


class WantedScores:
    """Scores edited pictures; reader and CLIP are loaded for the first."""

    def __init__(self, card: Callable[[], ModelCard]) -> None:
        self._card_of = functools.cache(card)

    def score(self, picture: Picture, genome: Genome, wanted: Wanted) -> float | None:
        """Return a score, higher is better; None if the model has neither reader nor CLIP."""
        there, weight = self._read(picture, genome, wanted), READ
        if there is None and self._clip is not None:
            there, weight = self._seen(self._clip, picture, genome, wanted), SEEN
        if there is None:
            return None
        return there - weight * (self._apart(picture, genome) + EDGE * at_edge(picture, genome))

    @property
    def reads(self) -> bool:
        """Whether the model has a reader of pictures."""
        return self._words is not None

    def lead(self, settings: Settings) -> float | None:
        """Return the guidance scale for painting a thing in a place; None without a reader.

        It is `LEAD` times the model's usual one: in a place with everything around it held, more
        guidance does less harm than in a whole picture.
        """
        if not self.reads:
            return None
        own = settings.guidance_scale
        usual = self._card_of().settings.guidance_scale
        most = GENES["guidance_scale"].high
        return min(most, max(own, LEAD * usual)) if settings.is_guided else own

    def chance(self, picture: Picture, genome: Genome, thing: str) -> float:
        """Return how surely a thing is there, as a logarithm; 0 if the reader does not know it."""
        value = self._read(picture, genome, Wanted(there=thing))
        return 0.0 if value is None else round(value, 4)

    def view(self, task: Locate) -> View:
        """Return the properties of a picture, before a place is looked for in it.

        Where the phrasings name no look ("pixel art"), that of the picture is added; not without a
        reader, without room for more words, or where the model has never seen what is asked for in
        pictures like this one.
        """
        phrasings = task.phrasings
        if not self.reads or (meanings := meanings_of(card := self._card_of())) is None:
            return View(phrasings)
        assert self._words is not None
        shown = self._words.shown(task.latent)
        if never := alien_remark(card, phrasings.before, phrasings.after, shown):
            return View(phrasings, never=never)
        if not phrasings.thing:
            return View(phrasings)
        named = {
            one.attribute for one in Asking(meanings.phrases).asked(phrasings.after) if one.wanted
        }
        looks = ((by, shown.get(by, "")) for by in meanings.seen if by not in named)
        seen = ((by, one) for by, one in looks if one in meanings.seen[by])
        look = next((meanings.says_alone(by, one) for by, one in seen), "")
        try:
            return View(phrasings.in_look(look), look, _colours(meanings, phrasings, shown))
        except GenomeError:
            return View(phrasings)

    def remark(self, view: View, chances: Sequence[float]) -> str:
        """Return a line if what is to be there is not likely to appear; else an empty one.

        `chances` are how surely it was there in tries, as logarithms.
        """
        if view.never or not chances or max(chances) > SELDOM:
            return view.never
        thing = one_line(view.phrasings.thing)
        name = self._card_of().name
        return f"tries did not show '{thing}': {name} seldom paints it in a picture like this"

    def _read(self, picture: Picture, genome: Genome, wanted: Wanted) -> float | None:
        if self._words is None:
            return None
        asked = replace(genome, prompt=wanted.prompt)
        value = float(self._words.score([picture], [asked])[0])
        return value if math.isfinite(value) else None  # or the reader does not know it

    def _seen(self, clip: Clip, picture: Picture, genome: Genome, wanted: Wanted) -> float:
        scorer, signs = CutScore(clip), (1.0, -1.0)
        return sum(
            sign * float(scorer.score([picture], [replace(genome, prompt=Prompt.parse(text))])[0])
            for sign, text in zip(signs, wanted, strict=True)
            if text
        )

    def _apart(self, picture: Picture, genome: Genome) -> float:
        """Return how unlike its base the picture is; 0 where unknown."""
        base = None if genome.edit is None else genome.edit.base.picture
        if self._clip is None or base is None:
            return 0.0
        one, other = self._clip.embed([picture, base])
        return 1.0 - float(one @ other)

    @functools.cached_property
    def _words(self) -> Words | None:
        with contextlib.suppress(FancierError):  # a page without an order is a page all the same
            card = self._card_of()
            return None if card.reader is None else Words(card)
        return None

    @functools.cached_property
    def _clip(self) -> Clip | None:
        with contextlib.suppress(FancierError):
            clip = self._card_of().clip
            return None if clip is None else clip_in(clip, "cpu")
        return None


def _colours(meanings: Meanings, phrasings: Phrasings, shown: Mapping[str, str]) -> str:
    """Return words for colours in the picture that phrasings for a thing alone do not name."""
    if phrasings.focused is None:
        return ""
    named = {one.attribute for one in Asking(meanings.phrases).asked(phrasings.focused.after)}
    hidden = {each for attribute in named for each in HIDDEN.get(attribute, ())}
    seen = ((by, shown.get(by, "")) for by in OWN_COLOURS if by not in named | hidden)
    known = ((by, one) for by, one in seen if one in meanings.phrases.get(by, ()))
    return ", ".join(meanings.names(by, one) for by, one in known)


def at_edge(picture: Picture, genome: Genome) -> float:
    """Return the mean difference of pixels to the base in the outermost cells of a place, 0 to 1.

    0 without a place or a base.
    """
    edit = genome.edit
    if edit is None or edit.mask is None or edit.base.picture is None:
        return 0.0
    edge = edit.mask & ~shrink(edit.mask)
    if not edge.any():
        return 0.0
    cells = to_picture(edge, picture.shape[:2]) > 0
    differ = np.abs(picture[cells].astype(np.float64) - edit.base.picture[cells])
    return float(differ.mean() / 255)
