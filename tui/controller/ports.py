"""What the app needs from the engine: a population being bred, in the background."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from evolve.genome import Prompt
from evolve.genome.masks import Mask
from evolve.models.words.phrasing import Phrasings, WordChange
from evolve.models.words.reach import Reach
from evolve.models.words.vocabulary import Topics
from evolve.search.edits import Alteration
from evolve.search.plan import Plan
from evolve.session.archive import Archive, Judgement, Picture
from evolve.session.events import Event
from populations.home.names import MAIN

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.core.branches import Branch
    from populations.studio.breeding.axis_names import AxisName
    from populations.studio.taste import TasteReport


class Source(Protocol):
    """A population to look at. One that is no `Breeder` cannot be changed."""

    page: int
    """Pictures on a page, unless its plan says otherwise."""
    times: float
    """Candidates that are painted for each picture of a page by taste, likewise."""
    words: str
    """What newcomers show, unless its plan says otherwise."""
    settings: Mapping[str, Any]
    """What founders were painted with, by gene."""
    seed: int
    """What all of its noise follows from."""
    branch: str
    """The branch that is shown at first."""
    individual: int | None
    """Where it was left in that; None for its newest page."""
    vocabulary: Topics
    """The words that its model knows, by topic; empty if it knows the whole language."""
    reach: Reach | None
    """What its model reads of a text; None if that is not known."""

    @property
    def archive(self) -> Archive:
        """The population; reading is allowed from any thread."""

    def keep(self, individual: int, folder: Path) -> Path:
        """Save the picture of an individual with its recipe as a new file, and return it.

        Raises:
            FancierError: It has none, or the folder cannot be written to.
        """

    def recipe(self, individual: int) -> str:
        """Return the recipe of an individual as text for people and other programs.

        Raises:
            FancierError: It cannot be read.
        """

    def taste(self) -> TasteReport:
        """Return what was learnt of a person's taste, which takes a while.

        Raises:
            FancierError: It cannot be found out.
        """

    def axis_names(self, around: int) -> Sequence[AxisName]:
        """Return what the axes of a ring are in words, which takes a while.

        Raises:
            FancierError: It cannot be found out.
        """

    def start(self, listener: Callable[[Event], None]) -> None:
        """Begin in a thread of its own, on which `listener` is called with what happens."""

    def close(self, timeout: float = 2.0) -> None:
        """Stop within `timeout` seconds with everything saved. Calling it again does nothing."""


@runtime_checkable
class Breeder(Source, Protocol):
    """What `evolve.session.Session` is for the app. Nothing here waits for the machine."""

    def judge(self, *judgements: Judgement) -> None:
        """Save a person's judgements; the event `Judged` follows when they are durable."""

    def note(self, individual: int, text: str) -> None:
        """Save what a person wrote on a picture; the event `Noted` says that it is durable."""

    def breed(
        self,
        count: int,
        *,
        parents: Sequence[int] = (),
        by_places: bool = True,
        size: float | None = None,
    ) -> None:
        """Make children of `parents`, or of the best if there are none, and paint them.

        With a size they are so far from their parents in the picture; the event `DraftsPainted`
        says how far it is with finding them, and they are born one after the other. Places of the
        page hold what the plan says, unless it is not to go `by_places`.
        """

    def draft(self, count: int, *, parents: Sequence[int] = ()) -> None:
        """Make children as `breed` does, painted half way; those that are liked are finished."""

    def expect(self, count: int, *, parents: Sequence[int] = (), size: float | None = None) -> None:
        """Expect to be asked to `breed` this: it may be painted ahead, which `PaintedAhead` says.

        Nothing is born of it.
        """

    def newcomers(self, count: int) -> None:
        """Make pictures of fresh noise in the words that are in force, and paint them."""

    def look(self, around: int, *, angle: float | None = None, size: float | None = None) -> None:
        """Make a ring of eight steps around an individual, and paint them."""

    def steer(self, individual: int, *, start: int, end: int, angles: Sequence[float]) -> None:
        """Make steps in the direction from `start` to `end`, and paint them."""

    def phrasings(self, individual: int, change: WordChange) -> Phrasings:
        """Return the words of an individual without a change and with it.

        Raises:
            FancierError: The words change nothing, or the individual cannot be read.
        """

    def words_taken(self, individual: int, other: int, words: str) -> Prompt:
        """Return the words of an individual with what those of another say of a thing.

        Raises:
            FancierError: One of the two cannot be read, or the words become too long.
        """

    def change_remarks(
        self, individual: int, change: WordChange, found: Phrasings, other: int | None = None
    ) -> Sequence[str]:
        """Return what a person should know of a change of one picture before it is painted.

        `other` is the picture that it is taken from, if it is.
        """

    def locate(self, individual: int, phrasings: Phrasings, place: Mask | None = None) -> None:
        """Look for the place where a picture changes with its words; `PlaceFound` says where.

        In a place that is known it is only tried how strongly the words must be said.
        """

    def stop_locating(self) -> None:
        """Give up the place that is looked for; painting goes on."""

    def alter(self, parent: int, change: Alteration, count: int) -> None:
        """Make children of `parent` that differ from it in one place only, and paint them."""

    def weigh(self, individual: int) -> None:
        """Find out what each word does to a picture; the event `WordsWeighed` says it."""

    def walk(self, individual: int, *, start: int, end: int, sizes: Sequence[float]) -> None:
        """Make steps in the direction from `start` to `end`, as large in the picture as `sizes`."""

    def plan(self, plan: Plan) -> None:
        """Save what is decided about the next pages; the event `Planned` says it is durable."""

    def paint(self, ids: Sequence[int]) -> None:
        """Paint these, again if need be."""

    def drop(self, ids: Sequence[int]) -> None:
        """Stop painting these; they stay unpainted until `paint` is asked for them."""

    def fork(self, name: str, at: int) -> None:
        """Make a branch that goes on from an individual's page; this session goes on as it was.

        Raises:
            FancierError: The name is taken or impossible.
        """

    def branches(self) -> Sequence[Branch]:
        """Return all branches, the main one first."""

    def switch(self, branch: str) -> None:
        """Go on in another branch; the event `Switched` says that it is so."""

    def leave(self, individual: int | None) -> None:
        """Remember at which individual the person was, for the next time."""

    def cancel(self) -> None:
        """Stop painting; what is not finished stays saved, unpainted.

        The event `PaintingStopped` says that it is so.
        """


class Shelf(Protocol):
    """The populations of a home, and what can be done with them. All may raise `FancierError`."""

    def populations(self) -> Sequence[Mapping[str, Any]]:
        """Return them as `fancier list --json` gives them."""

    def open(self, name: str) -> Breeder:
        """Open a population for breeding; the session is not started yet."""

    def create(
        self, name: str, prompt: str, *, model: str, taste_of: str, images: Sequence[Path]
    ) -> None:
        """Make a population of a model, the one that comes with fancier if none is named.

        It begins with the taste of another, if one is named, and with variations of pictures, or of
        all in a folder, if files are.
        """

    def models(self) -> Sequence[str]:
        """Return the names of the models that are here."""

    def words(self) -> Topics:
        """Return the words that the model that comes with fancier knows, by topic."""

    def thumbnail(self, name: str) -> Picture | None:
        """Return a picture that a population is known by, None if it has none."""

    def view(self, name: str) -> Source:
        """Open a population read-only."""

    def rename(self, name: str, new: str) -> None:
        """Give a population another name."""

    def copy(self, name: str, new: str) -> None:
        """Copy a population."""

    def delete(self, name: str) -> None:
        """Move a population to the trash."""

    def restore(self, name: str) -> None:
        """Take the population that was deleted last under this name back."""

    def trashed(self) -> Sequence[tuple[str, datetime]]:
        """Return what can be taken back, the latest first, and when it was deleted."""


def everyone(source: Source) -> Archive:
    """Return the population with all its branches."""
    whole: Archive = getattr(source.archive, "population", source.archive)
    return whole


def branch_names(source: Source) -> Sequence[str]:
    """Return the names of all branches of the population, the main one first."""
    branches = getattr(everyone(source), "branches", None)
    return [MAIN] if branches is None else [branch.name for branch in branches()]


def elsewhere(source: Source, individuals: Sequence[int]) -> dict[int, str]:
    """Return of those that are not of the branch on the screen in which one they were born.

    Raises:
        FancierError: The branches cannot be read.
    """
    members = getattr(source.archive, "members", None)
    numbers = getattr(everyone(source), "born_in", None)
    if members is None or numbers is None:
        return {}
    names, born_in, here = branch_names(source), numbers(), members()
    return {id: names[int(born_in[id])] for id in individuals if not here[id]}
