"""What will probably be bred next, worked out while a person still looks at a page.

A page follows from the answers and the seed alone, so the page that would be bred now is known: a
twin of the search is asked for it. Further answers change its parents. They are drawn as this
person has answered so far, in many futures, whose children are counted. A child of most futures
will probably be bred.

Nothing of this decides what is bred, only what is painted first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from evolve.errors import FancierError, PicturesMissing
from evolve.judgements import RATINGS
from evolve.rendering.ahead import Guess
from evolve.search import Ask, Search
from evolve.search.individual import Verdict

FUTURES = 16
"""Futures that are drawn after each answer."""
RARE = 0.05
"""Chance below which a child is not painted ahead."""
NOW = 0.25
"""Least chance that there are no more answers: what is bred then is known."""
LESS = 0.9
"""Factor on the importance of each place of a page, against the place before: its parents are less
fit, and it is looked at later."""
OFTEN, BELIEF = 0.8, 6.0
"""Prior share of a page that is answered, and the pictures that it counts as."""
REMEMBERED = 64
"""Genomes of parents that are kept at hand."""
USUAL = {0: 1, 1: 2, 2: 3, 3: 3, 4: 2, 5: 1}
"""Prior counts of answers; 0 is a rejection."""


class Foresight:
    """The futures of one page, drawn one at a time: each takes some milliseconds."""

    def __init__(self, search: Search) -> None:
        """Foresee the pages of `search`, which does not change."""
        self._search = search
        self._genome_of = lru_cache(maxsize=REMEMBERED)(search.genome)
        self._ask: Ask | None = None
        self._left = 0
        self._rng = np.random.default_rng(0)
        self._habits: Habits | None = None
        self._guesses: dict[str, Guess] = {}
        self._total = 0.0  # weight of all futures so far
        self.page: Sequence[str] = ()
        """Digests of the page that would be bred now, or of its candidates as long as some of those
        are not painted; empty while unknown."""
        self.answered = 0.0
        """Answered share of the newest page."""
        self.progress = 0.0
        """Share of the expected answers to it that are given."""

    def expect(self, ask: Ask | None) -> None:
        """Expect this request; None for one that cannot be foreseen."""
        self._ask = ask
        self.renew()

    def renew(self) -> None:
        """Begin again after an answer, a plan or a birth."""
        self._left = 0 if self._ask is None else 1 + FUTURES
        self._guesses, self._total, self.page = {}, 0.0, ()
        self._rng, self._habits = np.random.default_rng(0), None

    def stop(self) -> None:
        """Draw no more futures for now."""
        self._left = 0

    @property
    def is_open(self) -> bool:
        """Whether there are futures to draw."""
        return self._left > 0

    def look(self) -> None:
        """Work out one more future; in the first there are no more answers."""
        assert self._ask is not None
        self._left -= 1
        is_first = not self.page
        if self._habits is None:
            self._habits = Habits(self._search)
        twin, habits = self._search.twin(self._genome_of), self._habits
        self.answered, self.progress = habits.answered, habits.progress
        if not is_first:
            twin.tell(habits.draw(self._rng))
        kept = LESS
        try:
            genomes = [child.genome for child in self._ask(twin)]
        except PicturesMissing as missing:  # the page is chosen once all of them are painted
            genomes, kept = list(missing.genomes), 1.0
        except FancierError:  # no parents yet, or their finished pictures are unknown
            self._left = 0 if is_first else self._left
            return
        except Exception:  # of any operator: reported when the page is bred
            self._left = 0
            return
        weight = 1.0
        if is_first:
            self.page = tuple(genome.digest for genome in genomes)
            now = max(NOW, habits.is_done)
            self._left = 0 if now == 1 else self._left
            weight = 1.0 if now == 1 else FUTURES * now / (1 - now)
        self._total += weight
        for place, genome in enumerate(genomes):
            digest = genome.digest
            known = self._guesses.get(digest) or Guess(genome, 0.0, kept**place)
            self._guesses[digest] = replace(known, chance=known.chance + weight)

    def guesses(self) -> Mapping[str, Guess]:
        """Return the children that may be bred, by digest."""
        known = ((d, replace(g, chance=g.chance / self._total)) for d, g in self._guesses.items())
        return {digest: guess for digest, guess in known if guess.chance >= RARE}


class Habits:
    """How often a person answers, and what."""

    def __init__(self, search: Search) -> None:
        generations, judged = search.births.generations, search.verdicts.judged
        newest = generations[-1] if len(generations) else 0
        first = int(np.searchsorted(generations, newest))
        self.open = [i for i in range(first, len(generations)) if i not in judged]
        """Pictures of the newest page without an answer."""
        self.answered = 1 - len(self.open) / max(1, len(generations) - first)
        """Answered share of that page."""
        counts = dict(USUAL)
        answered = seen = 0
        pages = set()
        for i, verdict in judged.items():
            if verdict.rejected or verdict.rating:
                counts[0 if verdict.rejected else int(verdict.rating or 0)] += 1
            if i < first:
                answered += 1
                pages.add(int(generations[i]))
        for page in pages:  # generations never fall
            low, high = np.searchsorted(generations, (page, page + 1))
            seen += int(high - low)
        picks = any(i >= first and verdict.place for i, verdict in judged.items())
        self._share = 0.0 if picks else (answered + BELIEF * OFTEN) / (seen + BELIEF)
        """Share of a page that is answered in the end; picks answer a whole page."""
        self._values = np.array([*counts])
        self._shares = np.array([*counts.values()]) / sum(counts.values())
        self._page = int(newest)

    @property
    def progress(self) -> float:
        """Share of the expected answers that are given."""
        return min(1.0, self.answered / self._share) if self._share else 1.0

    @property
    def is_done(self) -> float:
        """Chance that there are no more answers."""
        return float((1 - self._share) ** len(self.open))

    def draw(self, rng: np.random.Generator) -> dict[int, Verdict]:
        """Return random answers to the open pictures."""
        answered = [i for i in self.open if rng.random() < self._share]
        values = rng.choice(self._values, len(answered), p=self._shares)
        return {
            i: Verdict(rating=int(value), page=self._page)
            if value in RATINGS
            else Verdict(rejected=True)
            for i, value in zip(answered, values, strict=True)
        }
