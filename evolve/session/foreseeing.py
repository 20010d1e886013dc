"""What will probably be bred next, worked out while a person still looks at a page.

A page follows from the answers and the seed alone, so the one that would be bred now is known: a
twin of the search is asked for it, which changes nothing. Answers that are still to come change who
its parents are; they are drawn as this person has answered so far, and the children of many such
futures counted. A child that most of them share will probably be asked for.

Nothing here decides what is bred: it only decides what is painted first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from evolve.errors import FancierError, PicturesMissing
from evolve.judgements import RATINGS
from evolve.rendering.ahead import Guess
from evolve.search import Search
from evolve.search.individual import Individual, Verdict

FUTURES = 16
"""Futures that are drawn after each answer."""
RARE = 0.05
"""Chance below which a child is not painted ahead."""
NOW = 0.25
"""Least chance that nothing more is answered: it is known what is bred then."""
LESS = 0.9
"""How much less likely each place of a page is to be liked than the one before: its parents are
less fit, and it is looked at later."""
OFTEN, BELIEF = 0.8, 6.0
"""Share of a page that is believed to be answered, and by how many pictures that is believed."""
REMEMBERED = 64
"""Genomes of parents that are kept at hand."""
USUAL = {0: 1, 1: 2, 2: 3, 3: 3, 4: 2, 5: 1}
"""Answers believed of a person who has not answered yet: how often each; 0 rejects."""

Ask = Callable[[Search], list[Individual]]


class Foresight:
    """The futures of one page, drawn one at a time: each takes some milliseconds."""

    def __init__(self, search: Search) -> None:
        """Foresee what is bred by `search`, which stays as it is."""
        self._search = search
        self._genome_of = lru_cache(maxsize=REMEMBERED)(search.genome)
        self._ask: Ask | None = None
        self._left = 0
        self._rng = np.random.default_rng(0)
        self._habits: Habits | None = None
        self._guesses: dict[str, Guess] = {}
        self._total = 0.0  # weight of all futures so far
        self.page: Sequence[str] = ()
        """Digests of the page that would be bred now, or of all that it is chosen among as long as
        some of those are not painted; empty while that is not known."""
        self.answered = 0.0
        """Share of the newest page that is answered."""
        self.progress = 0.0
        """Share of the answers that this person will probably give to it."""

    def expect(self, ask: Ask | None) -> None:
        """Expect to be asked for this; None for nothing that can be foreseen."""
        self._ask = ask
        self.renew()

    def renew(self) -> None:
        """Begin again, since something was answered, planned or born."""
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
        """Work out one more future; the first is that nothing more is answered."""
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
        except FancierError:  # nothing to breed from yet, or what its parents came to is not known
            self._left = 0 if is_first else self._left
            return
        except Exception:  # of any operator: reported when it is asked for, not when it is guessed
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
        """Return what may be asked for, by digest."""
        known = ((d, replace(g, chance=g.chance / self._total)) for d, g in self._guesses.items())
        return {digest: guess for digest, guess in known if guess.chance >= RARE}


class Habits:
    """How a person answers, as far as that is known: how often at all, and what."""

    def __init__(self, search: Search) -> None:
        """Look at what was answered in a search."""
        generations, judged = search.births.generations, search.verdicts.judged
        newest = generations[-1] if len(generations) else 0
        first = int(np.searchsorted(generations, newest))
        self.open = [i for i in range(first, len(generations)) if i not in judged]
        """Pictures of the newest page of which nothing is said yet."""
        self.answered = 1 - len(self.open) / max(1, len(generations) - first)
        """Share of that page that is answered."""
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
        """How many of a page are answered in the end; picks are a whole answer."""
        self._values = np.array([*counts])
        self._shares = np.array([*counts.values()]) / sum(counts.values())
        self._page = int(newest)

    @property
    def progress(self) -> float:
        """Share of the expected answers that are given."""
        return min(1.0, self.answered / self._share) if self._share else 1.0

    @property
    def is_done(self) -> float:
        """Chance that nothing more is answered."""
        return float((1 - self._share) ** len(self.open))

    def draw(self, rng: np.random.Generator) -> dict[int, Verdict]:
        """Return answers to the pictures that are open."""
        answered = [i for i in self.open if rng.random() < self._share]
        values = rng.choice(self._values, len(answered), p=self._shares)
        return {
            i: Verdict(rating=int(value), page=self._page)
            if value in RATINGS
            else Verdict(rejected=True)
            for i, value in zip(answered, values, strict=True)
        }
