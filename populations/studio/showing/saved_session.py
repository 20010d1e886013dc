"""A session that breeds a saved population in the background, as the app does."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

from evolve.errors import ArchiveError, ModelError
from evolve.genome import Prompt
from evolve.genome.settings import Settings
from evolve.models.catalog import ModelCard
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings, taken
from evolve.models.words.reach import Reach
from evolve.models.words.vocabulary import Topics, require_known, vocabulary_of
from evolve.power import is_on_battery
from evolve.session.events import Event, Notice, Painted, Ready
from evolve.session.session import Session
from populations.core.population import Population
from populations.home.left import leave, where_left
from populations.home.names import population_path
from populations.studio.breeding.shown_already import remarks_before
from populations.studio.founding_remarks import founding_remarks
from populations.studio.models.changed_model import change_of
from populations.studio.models.measured import seeds_remark
from populations.studio.models.own_model import card_if_there
from populations.studio.models.renderers import renderer_for
from populations.studio.opening import search_on
from populations.studio.showing.shown_population import ShownPopulation


class SavedSession(ShownPopulation, Session):
    """A session that owns its population and closes it at the end."""

    breeds = True

    def __init__(
        self,
        population: Population,
        branch: str | None = None,
        *,
        ahead: bool = True,
        lists: tuple[str, str] = ("", ""),
    ) -> None:
        """Take over an open population, to breed one of its branches, or the one that was left.

        Args:
            population: Is closed with the session.
            branch: Its name; None for the one that was left.
            ahead: Whether to paint ahead while the person looks; on battery it is not done anyway.
            lists: What lists the words that the model knows, with its verb: for the prompt, and for
                a change of one picture; default: the command.
        """
        left = where_left(population, branch)
        super().__init__(
            population.branch(left.branch),
            search_on(population.config, population),
            renderer_for(population, behind_app=True),
            ahead=(lambda: not is_on_battery()) if ahead else None,
        )
        self._show_at(population, left)
        self.words = population.prompt
        self._card = card_if_there(population.model)
        self._lists, self._lists_for_change = lists
        self.vocabulary = _vocabulary(self._card)
        settings = Settings.from_json(population.config["settings"])
        self.reach = None if self._card is None else Reach(self._card, settings)

    def start(self, listener: Callable[[Event], None]) -> None:
        """Begin; the first time, report an unusual size, and words and weights that do nothing."""
        untouched = len(self._population.unpainted()) == len(self._population)
        notices = [Notice("; ".join(lines))] if untouched and (lines := self._remarks()) else []
        for notice in notices:
            listener(notice)

        def hear(event: Event) -> None:
            listener(event)
            if isinstance(event, Painted) and notices:  # again, now that there is a picture
                listener(notices.pop())
            if not isinstance(event, Ready):
                return
            config, info = self._population.config, event.info
            if change := change_of(self._population, lambda: info.record):
                listener(Notice(change.brief))
            elif untouched and (line := seeds_remark(info.variety, config)):
                notices.append(Notice(line))

        super().start(hear)

    def _remarks(self) -> list[str]:
        if self._card is None:
            return []
        with contextlib.suppress(ModelError, KeyError):
            return founding_remarks(self._card, self._population.config, self._lists)
        return []

    def phrasings(self, individual: int, change: WordChange) -> Phrasings:
        """Return the words of an individual without a change and with it.

        Raises:
            FancierError: The words change nothing, the model knows none of them, or the individual
                cannot be read.
        """
        if self._card is not None:
            require_known(self._card, change.thing, self._lists_for_change)
        meanings = None if self._card is None else meanings_of(self._card)
        return phrasings(self._population.genome(individual).prompt, change, meanings)

    def words_taken(self, individual: int, other: int, words: str) -> Prompt:
        """Return the prompt of an individual with what that of another has of a thing.

        Raises:
            FancierError: One of the two cannot be read, or the words become too long.
        """
        meanings = None if self._card is None else meanings_of(self._card)
        own, others = (self._population.genome(i).prompt for i in (individual, other))
        return taken(own, others, words, meanings)

    def change_remarks(
        self, individual: int, change: WordChange, found: Phrasings, other: int | None = None
    ) -> Sequence[str]:
        """Return what a person should know of a change of one picture before it is painted.

        `other` is the picture that it is taken from, if it is.
        """
        if self._card is None:
            return ()
        with contextlib.suppress(ModelError, ArchiveError):
            return remarks_before(
                self._population,
                individual,
                change,
                self._card,
                found=found,
                other=other,
                lists=self._lists_for_change,
            )
        return ()

    def fork(self, name: str, at: int) -> None:
        """Make a branch that goes on from an individual's page; this session goes on as it was."""
        self._population.fork(name, at=at)

    def switch(self, branch: str) -> None:
        """Go on in another branch."""
        self.go_on_in(self._population.branch(branch), branch)
        self.branch = branch
        leave(self._population, branch)

    def leave(self, individual: int | None) -> None:
        """Remember where the person was, for the next time."""
        leave(self._population, self.branch, individual)

    def close(self, timeout: float = 2.0) -> None:
        """End the session and give the population free."""
        super().close(timeout)
        if self._thread is not None:
            self._thread.join()  # whatever it still has to save is saved
        self._population.close()


def _vocabulary(card: ModelCard | None) -> Topics:
    try:
        return {} if card is None else vocabulary_of(card)
    except ModelError:
        return {}


def open_session(
    home: Path,
    name: str,
    branch: str | None = None,
    *,
    ahead: bool = True,
    lists: tuple[str, str] = ("", ""),
) -> SavedSession:
    """Open a branch of a population for breeding, or the one that was left.

    With `ahead` it paints ahead while the person looks. `lists` is as for `SavedSession`.

    Raises:
        ArchiveError: There is no such population or branch, it is damaged, or open elsewhere.
    """
    population = Population.open(population_path(home, name))
    try:
        return SavedSession(population, branch, ahead=ahead, lists=lists)
    except BaseException:  # whatever it was, the lock is not kept
        population.close()
        raise
