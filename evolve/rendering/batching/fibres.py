"""Fibres: many pipeline calls at once, batched where it counts, at the denoiser.

A diffusers pipeline cannot paint a batch in which every picture has its own guidance, steps and
sampler. So each genome runs its own, unmodified `pipeline.__call__` in a fibre (a greenlet) on a
shallow copy of the pipeline, whose denoiser is replaced by a `Proxy`. The proxy parks the fibre.
When every live fibre is parked, the hub merges what they asked for into forwards of exactly `rows`
rows (`station`), runs those, and wakes the fibres with their own rows. Finished fibres leave, new
ones join. What takes several calls, one fibre gathers from fibres of its own.

Every forward has the same number of rows, padded if need be, because the last bits of a row depend
on the size of its batch: another size means another kernel. That they depend on nothing else, not
on the place of the row and not on its neighbours, is tried for just that number of rows before it
is used (`tuning.independence`): so a genome gives the same picture in any crowd.

Only one fibre runs at a time and always on the hub's thread; there is nothing to lock. Autograd's
mode belongs to the thread, not to the fibre: the caller that iterates over `run` switches it off.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from greenlet import getcurrent, greenlet
from torch import nn

from evolve.rendering.batching.choosing import Turn
from evolve.rendering.batching.paused import Paused, end
from evolve.rendering.batching.station import Call, Station


@dataclass(slots=True)
class Outcome:
    """How a fibre ended: with a result or an error."""

    result: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class _Group:
    """Fibres that one fibre waits for."""

    waiting: greenlet
    outcomes: dict[greenlet, Outcome | None]


class Hub(Station):
    """The station of the denoiser, which runs the fibres that wait there and at other stations."""

    def __init__(
        self,
        module: nn.Module,
        rows: int | None,
        *,
        within: Callable[[], AbstractContextManager[None]] = nullcontext,
        **options: Any,
    ) -> None:
        """Serve `module`.

        Args:
            module: The denoiser.
            rows: Rows of every forward; None runs every call alone, as it came.
            within: The context in which all of a fibre runs. An `Exception` that leaves it is how
                the fibre ended; anything else ends them all.
            options: As of any `Station`.
        """
        super().__init__(module, rows, **options)
        self._within = within
        self._first: list[Station] = []
        self._late: list[Station] = []
        self._unborn: list[greenlet] = []
        self._groups: dict[greenlet, _Group] = {}
        self._pausing: greenlet | None = None
        self._keys: dict[greenlet, Any] = {}
        self._withdrawn: list[greenlet] = []

    def restore(self) -> bool:
        """Run forwards of all stations with all rows again; return whether there were fewer.

        For when no fibre is under way: it would be computed in two ways.
        """
        fewer = [Station.restore(station) for station in self._stations]
        return any(fewer)

    def add(
        self, module: nn.Module, rows: int | None, *, first: bool = False, **options: Any
    ) -> Station:
        """Serve another module, and return its station; `options` are as of any `Station`.

        Calls of what is needed to begin are answered `first`, before those of the denoiser; others
        wait a little for more to come. New forms are tried, and memory is given up, as here.
        """
        station = Station(
            module, rows, relieve=self.relieve, tries=self.tries, spare=self.spare, **options
        )
        (self._first if first else self._late).append(station)
        return station

    def ask(
        self,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        beside: Any = None,
        *,
        at: Station | None = None,
        key: str | None = None,
        parked: Callable[[int], Turn] | None = None,
    ) -> Call:
        """Called inside a fibre: hand over a call, wait, and return it with its answer.

        Args:
            args: By place.
            kwargs: By keyword.
            beside: What stands beside each of its rows.
            at: Where; else here.
            key: What is the same of calls that are the same, of which one is made for all.
            parked: Given how many rows it asks for, before it waits; returns what is known of the
                fibre, which then may wait for others.
        """
        fibre = getcurrent()
        call = (at or self).park(fibre, args, kwargs, beside, key=key)
        if parked is not None:
            call.turn = parked(call.rows)
        hub = fibre.parent
        assert hub is not None
        hub.switch()
        if call.error is not None:
            raise call.error
        return call

    def pause(self) -> None:
        """Called inside a fibre: end it for now with a `Paused`, until that is admitted again."""
        self._pausing = getcurrent()
        hub = self._pausing.parent
        assert hub is not None
        hub.switch()

    def gather(self, bodies: Sequence[Callable[[], Any]]) -> list[Any]:
        """Called inside a fibre: run each body in a fibre of its own; return all results, in order.

        Raises:
            BaseException: What the first of them that failed raised.
        """
        hub = getcurrent().parent
        assert hub is not None
        fibres = [greenlet(lambda body=body: self._guarded(body), hub) for body in bodies]
        group = _Group(getcurrent(), dict.fromkeys(fibres))
        self._groups.update(dict.fromkeys(fibres, group))
        self._unborn += fibres
        if fibres:
            hub.switch()
        outcomes = [outcome for outcome in group.outcomes.values() if outcome is not None]
        for outcome in outcomes:
            if outcome.error is not None:
                raise outcome.error
        return [outcome.result for outcome in outcomes]

    def withdraw(self, unwanted: Callable[[Any], bool], error: Callable[[], Exception]) -> bool:
        """Have fibres of `unwanted` keys get an error in place of the denoiser's answer.

        For `admit`, which is then asked again when they have gone on. What is gathered stays.

        Returns:
            Whether there are any.
        """
        parked, self.parked = self.parked, []
        for call in parked:
            if call.fibre in self._keys and unwanted(self._keys[call.fibre]):
                call.error = error()
                self._withdrawn.append(call.fibre)
            else:
                self.parked.append(call)
        return bool(self._withdrawn)

    def run(
        self, admit: Callable[[], tuple[Any, Callable[[], Any] | Paused] | None]
    ) -> Generator[tuple[Any, Outcome], None, None]:
        """Run fibres until `admit` has no more; yield (key, outcome) as each ends.

        Args:
            admit: Returns the key and body of a fibre to start, or one to go on with, or None if
                there is no room or nothing to do. Asked again after each round of forwards.
        """
        keys = self._keys = dict[greenlet, Any]()
        try:
            while True:
                while (job := admit()) is not None:
                    key, body = job
                    fibre = (
                        body.hand_over()
                        if isinstance(body, Paused)
                        else greenlet(lambda body=body: self._guarded(body))
                    )
                    keys[fibre] = key
                    yield from self._resume(fibre, keys)
                if self._withdrawn:
                    withdrawn, self._withdrawn = self._withdrawn, []
                    for fibre in withdrawn:
                        yield from self._resume(fibre, keys)
                    continue
                if not (due := self._due()):
                    return
                for station in due:
                    for call in station.answer():
                        yield from self._resume(call.fibre, keys)
        finally:  # the caller stopped listening: unwind what is still parked
            for station in self._stations:
                station.parked = []
            self._unborn, self._withdrawn = [], []
            for fibre in [*self._groups, *keys]:
                end(fibre)
            self._groups.clear()

    def _resume(self, fibre: greenlet, keys: dict[greenlet, Any]) -> Iterator[tuple[Any, Outcome]]:
        """Go on with a fibre until it parks or ends, and with all that this sets going."""
        ready = deque([fibre])
        while ready:
            fibre = ready.popleft()
            outcome = fibre.switch()
            ready.extend(self._unborn)
            self._unborn = []
            if fibre is self._pausing:
                self._pausing = None
                yield keys.pop(fibre), Outcome(result=Paused(fibre))
                continue
            if not fibre.dead:
                continue
            if (group := self._groups.pop(fibre, None)) is None:
                yield keys.pop(fibre), outcome
                continue
            group.outcomes[fibre] = outcome
            if None not in group.outcomes.values():
                ready.append(group.waiting)

    @property
    def _stations(self) -> list[Station]:
        return [self, *self._first, *self._late]

    def _due(self) -> list[Station]:
        """Return the stations that are to answer now."""
        if first := [station for station in self._first if station.parked]:
            return first
        due: list[Station] = [self] if self.parked else []
        return due + [station for station in self._late if station.is_due(alone=not due)]

    def _guarded(self, body: Callable[[], Any]) -> Outcome:
        try:
            with self._within():
                return Outcome(result=body())
        except Exception as error:
            return Outcome(error=error)
