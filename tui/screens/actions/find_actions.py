"""Ways from a picture to others that are not on its page: favourites and searches."""

from __future__ import annotations

import asyncio
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evolve.errors import FancierError
from tui.controller.finding.search_terms import HELP, Finder, problem, quoted
from tui.screens.actions.keep_actions import KeepActions

LONG = 20_000
"""Individuals from which on reading their prompts takes long enough for a notice."""


class FindActions(KeepActions):
    """A screen from which one goes elsewhere in the population."""

    def action_favourites(self) -> None:
        self.gallery.open("favourites")

    def action_find(self) -> None:
        """Ask what to search for, and go to the next picture that matches."""
        from tui.dialogs.ask import Ask  # for a fast start

        finder = self.gallery.finder
        ask = Ask("Find", finder.text if finder else "", problem, hint=HELP)
        self.app.push_screen(ask, self._begin)

    def _begin(self, text: str | None) -> None:
        if text:
            if self.gallery.finder is None or self.gallery.finder.text != text:
                self.gallery.finder = Finder(text)
            self.action_found(1)

    def action_found(self, by: int) -> None:
        """Go to the next (1) or previous (-1) picture that matches the search."""
        if (finder := self.gallery.finder) is None:
            self.say("/ searches; > and < go on")
            return
        ids = finder.candidates(self.controller.pages)
        if finder.query.words and len(ids) > LONG:
            self.say("searching…")
        self.gallery.run_worker(
            partial(self._search, finder, ids, by), group="finding", exclusive=True
        )

    async def _search(self, finder: Finder, ids: NDArray[np.int64], by: int) -> None:
        say, branch = self.gallery.say, self.controller.branch
        population, notes = self.controller.everyone, self.controller.pages.cards.noted
        try:
            matches = await asyncio.to_thread(finder.read, ids, population, notes)
        except FancierError as error:
            say(str(error))
            return
        if self.controller.branch != branch:
            return  # those of the other one would be shown in this one
        if not len(matches):
            say(await asyncio.to_thread(self._elsewhere, finder))
            return
        pages = self.controller.pages  # others, if more was saved while the words were read
        cursor = -1 if pages.cursor is None else pages.cursor
        if by > 0:
            place = int(np.searchsorted(matches, cursor, side="right")) % len(matches)
        else:
            place = int(np.searchsorted(matches, cursor)) - 1
        place %= len(matches)
        wrapped = (matches[place] <= cursor) if by > 0 else (matches[place] >= cursor)
        again = ", around again" if wrapped and len(matches) > 1 else ""
        here = " in this branch" * (len(self.controller.branch_names) > 1)
        count = f"{place + 1} of {len(matches)}{here}"
        pages.go(int(matches[place]))
        say(f"#{matches[place]} is {count} for {quoted(finder.text)}{again}")

    def _elsewhere(self, finder: Finder) -> str:
        """Return in words which other branches have what was searched for."""
        try:
            population = self.controller.everyone
            candidates = finder.elsewhere(self.controller.pages, population)
            matches = finder.read(candidates, population, population.notes()).tolist()
            branches = self.controller.elsewhere(matches)
        except FancierError as error:
            return str(error)
        if not matches:
            return f"nothing here matches {quoted(finder.text)}"
        there = ", ".join(dict.fromkeys(branches.values())) or "another branch"
        if len(matches) == 1:
            return f"#{matches[0]} is in {there}: B goes there"
        sought = quoted(finder.text)
        return f"none in this branch matches {sought}, but {len(matches)} in {there}: B goes there"
