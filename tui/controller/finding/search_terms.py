"""Searching for individuals: words, #31, rating:5, rating:>=4, gen:3, is:pinned.

Ratings, pins and generations are columns or judgements; words are read, each once.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evolve.judgements import JUDGEMENTS, Kind
from evolve.search.growable_array import Growing
from evolve.search.verdicts import Verdicts
from tui.controller.pages import Pages

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.core.population import Population

HELP = "words, #31, rating:5, >=4, gen:3, is:pinned, is:rejected, is:noted"
SHOWN = 40
"""Characters of a search in a notice."""
LIST_HELP = "words of name, prompt or model, rated:>=10"
_TESTS = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "": operator.eq,
}
_TERM = re.compile(r'"([^"]*)"?|(\S+)')
_NUMBER = re.compile(r"(?:(rating|rated):)?(>=|<=|>|<|=|)(\d{1,9})", re.IGNORECASE)
_FLAGS = {kind.adjective: kind.name for kind in JUDGEMENTS.values() if kind.adjective}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What an individual has to match, all of it."""

    words: tuple[str, ...] = ()
    """Casefolded; each has to be in its prompt or its note."""
    ids: frozenset[int] = frozenset()
    """It has to be one of these, if there are any."""
    ratings: tuple[tuple[Callable[[int, int], bool], int], ...] = ()
    generation: int | None = None
    """Counted from 1, as on the screen."""
    flags: tuple[str, ...] = ()
    """pinned, rejected, picked or noted."""

    def rates(self, rating: int) -> bool:
        """Return whether a rating is among those that are searched for."""
        return all(test(rating, value) for test, value in self.ratings)

    def reads(self, text: str) -> bool:
        """Return whether all words are in a text."""
        text = text.casefold()
        return all(word in text for word in self.words)


def parse(text: str) -> Query:
    """Parse a search; all of it must match, but one of several ids is enough.

    Raises:
        ValueError: Something in it is invalid; the text says what.
    """
    words, ids, ratings, flags = [], [], [], []
    generation: int | None = None
    for quoted, plain in _TERM.findall(text):
        name, colon, value = plain.partition(":")
        if number := _NUMBER.fullmatch(plain):
            named, sign, digits = number.groups()
            if named or sign:
                ratings.append((_TESTS[sign], int(digits)))
            else:
                words.append(plain)
        elif re.fullmatch(r"#\d{1,9}", plain):
            ids.append(int(plain[1:]))
        elif colon and name.lower() == "gen":
            if not re.fullmatch(r"\d{1,9}", value):
                raise ValueError(f"'{plain}': say which generation, like gen:3")
            generation = int(value)
        elif colon and name.lower() == "is":
            if value.lower() not in (*_FLAGS, "noted"):
                raise ValueError(f"'{plain}': use {', '.join(_FLAGS)} or noted")
            flags.append(value.lower())
        elif colon and name.lower() in ("rating", "rated"):
            raise ValueError(f"'{plain}': say which, like rating:5 or rating:>=4")
        elif quoted or plain:
            words.append((quoted or plain).casefold())
    return Query(
        words=tuple(words),
        ids=frozenset(ids),
        ratings=tuple(ratings),
        generation=generation,
        flags=tuple(flags),
    )


def problem(text: str) -> str:
    """Return what is invalid in a search; empty if it is valid."""
    try:
        return "" if parse(text) != Query() else f"say what to find: {HELP}"
    except ValueError as error:
        return str(error)


def lists(query: Query, population: Mapping[str, Any]) -> bool:
    """Return whether a population of the list matches; a rating is the number of rated pictures."""
    text = " ".join(str(population.get(key) or "") for key in ("name", "prompt", "model"))
    of_pictures = query.ids or query.flags or query.generation is not None
    rated = int(population.get("rated") or 0)
    return not of_pictures and query.reads(text) and query.rates(rated)


def quoted(text: str) -> str:
    """Return a search in quotes, cut to what a notice has room for."""
    return f"'{text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + '…'}'"


class Finder:
    """One search in a population; what was read for it is not read again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.query = parse(text)
        self._read = Growing(np.int8, -1)
        """Whether the words are in each prompt: 1, 0, or -1 where it was not read."""

    def candidates(self, pages: Pages) -> NDArray[np.int64]:
        """Return the individuals that match all but the words, ascending."""
        cards = pages.cards
        return self._among(
            pages.everyone, cards.births.generations, cards.values, lambda: cards.noted
        )

    def elsewhere(self, pages: Pages, population: Population) -> NDArray[np.int64]:
        """Return the individuals of other branches that match all but the words, ascending."""
        births, verdicts = pages.cards.births, Verdicts.of(population.verdicts()).judged

        def values(kind: Kind) -> dict[int, int]:
            stored = {id: verdict.value(kind) for id, verdict in verdicts.items()}
            return {id: value for id, value in stored.items() if value}

        others = np.setdiff1d(np.arange(len(births)), pages.everyone, assume_unique=True)
        return self._among(others, births.generations, values, population.notes)

    def _among(
        self,
        ids: NDArray[np.int64],
        generations: NDArray[np.int32],
        values: Callable[[Kind], Mapping[int, int]],
        noted: Callable[[], Mapping[int, str]],
    ) -> NDArray[np.int64]:
        query = self.query
        if query.generation is not None:
            ids = ids[generations[ids] == query.generation - 1]
        if query.ids:
            ids = _among(ids, query.ids)
        if query.ratings:
            ids = _among(ids, (i for i, n in values("rate").items() if query.rates(n)))
        for flag in query.flags:
            ids = _among(ids, noted() if flag == "noted" else values(_FLAGS[flag]))
        return ids

    def read(
        self, ids: NDArray[np.int64], population: Population, notes: Mapping[int, str]
    ) -> NDArray[np.int64]:
        """Return those of `ids` that match the words, on any thread.

        Raises:
            FancierError: A prompt cannot be read.
        """
        if not self.query.words or not len(ids):
            return ids
        self._read.reach(int(ids[-1]) + 1)
        unread = ids[self._read.values[ids] < 0].tolist()
        for id, text in zip(unread, population.prompts(unread), strict=True):
            self._read.put(id, self.query.reads(text))
        matches = self._read.values[ids] == 1
        noted = [i for i in notes if i < len(self._read) and self._read[i] == 0]
        for id, text in zip(noted, population.prompts(noted), strict=True):
            if self.query.reads(f"{text} {notes[id]}"):
                matches |= ids == id
        matching: NDArray[np.int64] = ids[matches]
        return matching


def _among(ids: NDArray[np.int64], wanted: Iterable[int]) -> NDArray[np.int64]:
    """Return those of a few that are among `ids`, which ascend, ascending."""
    few = np.unique(np.fromiter(wanted, np.int64))
    places = np.searchsorted(ids, few)
    few, places = few[places < len(ids)], places[places < len(ids)]
    both: NDArray[np.int64] = few[ids[places] == few]
    return both
