"""A session: one population being bred. Search, renderer and archive meet here.

Its loop meets the requests (session_loop.py). Pending work is never stored; it is whatever has no
picture yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import count

from evolve.genome.masks import Mask
from evolve.models.words.phrasing import Phrasings
from evolve.search import Ask, Search
from evolve.search.plan import Plan
from evolve.search.search import Alteration
from evolve.search.sized import conceiving
from evolve.session import requests
from evolve.session.archive import Archive, Judgement, Note
from evolve.session.drafting import as_drafts
from evolve.session.session_loop import SessionLoop


class Session(SessionLoop):
    """Breeds one population in the background and reports events to a listener.

    All methods may be called from any thread; they return at once. Requests are met on the
    session's own thread, in order, and answered by events. Those for pages, a place or words return
    a number, which their answers carry; later requests have larger ones.
    """

    def breed(
        self,
        count: int,
        *,
        parents: Sequence[int] = (),
        by_places: bool = True,
        size: float | None = None,
    ) -> int:
        """Make and paint `count` children, of `parents` or of the fittest (see `Search.ask`).

        With a size, drafts are painted until the children are at that distance from their parents,
        and each is born with its picture.
        """
        chosen = tuple(parents)
        asked = _asked(count, chosen, by_places)
        if size is None:
            return self._ask(requests.Breed(asked, is_open=not chosen))
        sized = partial(
            conceiving.page, count=count, parents=chosen, size=size, by_places=by_places
        )
        return self._ask(requests.Size(sized, chosen, asked))

    def draft(self, count: int, *, parents: Sequence[int] = ()) -> int:
        """Make `count` children and paint them half way; those that are liked are finished."""
        asked = as_drafts(_asked(count, tuple(parents)))
        return self._ask(requests.Breed(asked, is_open=not parents))

    def expect(self, count: int, *, parents: Sequence[int] = (), size: float | None = None) -> None:
        """Expect this call of `breed`, and paint ahead what will probably be bred then."""
        asked = _asked(count, tuple(parents))
        self._queue.put(requests.Expect(asked if size is None else None))

    def newcomers(self, count: int) -> int:
        """Make and paint `count` founders: another page of the same prompt."""
        return self._ask(requests.Breed(lambda s: s.newcomers(count)))

    def look(self, around: int, *, angle: float | None = None, size: float | None = None) -> int:
        """Make and paint a ring of steps around an individual, in eight directions."""
        if size is None:
            return self._ask(requests.Breed(lambda s: s.look(around, angle=angle)))
        ring = partial(conceiving.ring, around=around, size=size)
        return self._ask(requests.Size(ring, (around,)))

    def steer(self, individual: int, *, start: int, end: int, angles: Sequence[float]) -> int:
        """Make and paint steps of an individual in the direction from `start` to `end`."""
        turns = tuple(angles)
        return self._ask(
            requests.Breed(lambda s: s.steer(individual, start=start, end=end, angles=turns))
        )

    def walk(self, individual: int, *, start: int, end: int, sizes: Sequence[float]) -> int:
        """Make and paint steps of an individual in a direction, of `sizes`; negative ones back."""
        asked = partial(
            conceiving.steps, individual=individual, start=start, end=end, sizes=tuple(sizes)
        )
        return self._ask(requests.Size(asked, (individual,)))

    def alter(self, parent: int, change: Alteration, count: int) -> int:
        """Make and paint `count` children of one picture that differ from it in one place."""
        return self._ask(requests.Breed(lambda s: s.alter(parent, change, count)))

    def locate(self, individual: int, phrasings: Phrasings, place: Mask | None = None) -> int:
        """Find out where a picture changes with its prompt; answered by `events.PlaceFound`.

        The latest call counts: a place that is still sought is given up without an answer. With a
        known `place`, (height, width) of the latent, the phrasings are only tried.
        """
        return self._ask(requests.Seek(individual, phrasings, place))

    def stop_locating(self) -> None:
        """Give up the place that is sought, without an answer; painting goes on."""
        self._queue.put(_apart(self._stop_seeking))

    def weigh(self, individual: int) -> int:
        """Find out what each text of its prompt does to a picture; answered by `WordsWeighed`.

        The latest call counts: one that is not done is given up without an answer.
        """
        number = next(_numbers)
        weigh = partial(self._weigh, individual, number)
        self._queue.put(_apart(weigh, what="words", number=number))
        return number

    def plan(self, plan: Plan) -> None:
        """Save what a person decided about the pages to come; it holds from the next one on.

        Its `since` follows from what is born by then.
        """
        self._queue.put(requests.Decide(plan))

    def judge(self, *judgements: Judgement) -> None:
        """Save a person's judgements."""
        self._queue.put(requests.SaveJudgement(judgements))

    def note(self, individual: int, text: str) -> None:
        """Save what a person wrote on an individual; "" takes an earlier note back."""
        self._queue.put(requests.Write(Note(individual=individual, text=text)))

    def paint(self, ids: Sequence[int]) -> None:
        """Paint these, also where an earlier attempt failed."""
        self._queue.put(_apart(partial(self._submit, tuple(ids), wholly=True)))

    def drop(self, ids: Sequence[int]) -> None:
        """Stop painting these; they stay unpainted until `paint` is asked for them."""
        self._queue.put(_apart(partial(self._drop, tuple(ids))))

    def cancel(self) -> None:
        """Stop painting; unfinished pictures stay unpainted.

        After the event `PaintingStopped` nothing that was born before it is painted, and nothing
        that waited for it is bred.
        """
        self._queue.put(requests.StopPainting())

    def go_on_in(self, archive: Archive, branch: str) -> None:
        """Breed another branch of the population from now on, that of `archive`."""
        self._queue.put(requests.Switch(archive, branch))

    def _ask(self, request: requests.Breed | requests.Size | requests.Seek) -> int:
        """Put a request in the queue; return its number."""
        number = next(_numbers)
        self._queue.put(replace(request, number=number))
        return number


def _asked(count: int, parents: tuple[int, ...], by_places: bool = True) -> Ask:
    return partial(Search.ask, count=count, parents=parents, by_places=by_places)


_numbers = count(1)
"""Of requests that are awaited, and whose answers may come when the next ones are made."""

_apart = partial(requests.Then, changes_pages=False)
"""A call after which the same is bred as before."""
