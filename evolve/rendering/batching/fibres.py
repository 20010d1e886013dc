"""Fibres: many pipeline calls at once, batched where it counts, at the denoiser.

A diffusers pipeline cannot paint a batch in which every picture has its own guidance, steps and
sampler. So each genome runs its own, unmodified `pipeline.__call__` in a fibre (a greenlet) on a
shallow copy of the pipeline, whose denoiser is replaced by a `Proxy`. The proxy parks the fibre.
When every live fibre is parked, the hub merges what they asked for into forwards of exactly `rows`
rows, runs those, and wakes the fibres with their own rows. Finished fibres leave, new ones join.
What takes several calls, one fibre gathers from fibres of its own.

Every forward has the same number of rows, padded if need be, because the last bits of a row depend
on the size of its batch (another size means another kernel) but not on its neighbours: so a genome
gives the same picture in any crowd.

Only one fibre runs at a time and always on the hub's thread; there is nothing to lock. Autograd's
mode belongs to the thread, not to the fibre: whoever iterates over `run` switches it off.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import torch
from greenlet import GreenletExit, getcurrent, greenlet
from torch import nn

from evolve.rendering.batching.merging import can_merge, merged, rows_of
from evolve.rendering.batching.out_of_memory import is_memory_short


@dataclass(slots=True)
class _Call:
    """What a parked fibre asked of the denoiser."""

    fibre: greenlet
    arguments: Mapping[str, Any]
    rows: int
    beside: Any
    answer: Any = None
    error: Exception | None = None


@dataclass(slots=True)
class Outcome:
    """How a fibre ended: with a result or an error."""

    result: Any = None
    error: BaseException | None = field(default=None)


@dataclass(slots=True)
class _Group:
    """Fibres that one fibre waits for."""

    waiting: greenlet
    outcomes: dict[greenlet, Outcome | None]


class Paused:
    """A fibre that stays where it is, to be gone on with in the same hub or given up."""

    def __init__(self, fibre: greenlet) -> None:
        """Hold on to a fibre."""
        self._fibre = fibre

    @property
    def fibre(self) -> greenlet:
        """The fibre, whose next parent is whoever asks."""
        self._fibre.parent = getcurrent()
        return self._fibre

    def give_up(self) -> None:
        """End the fibre."""
        self.fibre.throw(GreenletExit)


class Proxy(nn.Module):
    """Stands in for the denoiser inside a fibre; all but the forward is the real module's."""

    def __init__(self, hub: Hub, beside: Any = None) -> None:
        """Ask `hub`; `beside` is what stands beside each of these rows (see `Hub`)."""
        super().__init__()
        # Past the module's own registers.
        self.__dict__.update(hub=hub, beside=beside, idle=False, answer=None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["hub"].module, name)

    # Pipelines look for layers and their types: these methods every module has, and its own would
    # find nothing here.

    def named_modules(self, *args: Any, **kwargs: Any) -> Any:
        """Return the real module's: all others but `named_children` and `children` ask it."""
        return self.__dict__["hub"].module.named_modules(*args, **kwargs)

    def named_children(self) -> Any:
        """Return the real module's."""
        return self.__dict__["hub"].module.named_children()

    def named_parameters(self, *args: Any, **kwargs: Any) -> Any:
        """Return the real module's."""
        return self.__dict__["hub"].module.named_parameters(*args, **kwargs)

    def named_buffers(self, *args: Any, **kwargs: Any) -> Any:
        """Return the real module's."""
        return self.__dict__["hub"].module.named_buffers(*args, **kwargs)

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """Return the real module's."""
        return self.__dict__["hub"].module.state_dict(*args, **kwargs)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Park the calling fibre until its rows are computed.

        While `idle` is set nothing comes of the answer, so the last one is given again at no cost.
        """
        if not self.idle or self.answer is None:
            self.__dict__["answer"] = self.hub.ask(args, kwargs, self.beside)
        return self.answer

    def rest(self, idle: bool) -> None:
        """Set whether the next answers are of no consequence."""
        self.__dict__["idle"] = idle


class Hub:
    """Runs fibres and merges their denoiser calls."""

    def __init__(
        self,
        module: nn.Module,
        rows: int | None,
        *,
        dtype: torch.dtype | None = None,
        around: Callable[[Sequence[Any]], AbstractContextManager[None]] | None = None,
        relieve: Callable[[], None] = lambda: None,
    ) -> None:
        """Serve `module`.

        Args:
            module: The denoiser.
            rows: Rows of every forward (a call that has more runs alone); None runs every call
                alone, as it came, for a module whose rows do not keep to themselves.
            dtype: What the module computes in, where that is not what the fibres do: their
                tensors are cast for the forward, so that rounding errors do not add up outside.
            around: Given what stands beside each row, the context in which the forward runs.
            relieve: Called when memory was short, before a forward is done again with less.
        """
        self.module = module
        self.rows = rows
        self.passes = 0
        """Forwards run so far."""
        self._dtype = dtype
        self._numbers: torch.dtype | None = None
        """What single numbers per row are cast to; None to leave them as exact as they are."""
        self._around = around or (lambda beside: nullcontext())
        self._relieve = relieve
        self._signature = inspect.signature(module.forward)
        kinds = {p.kind: name for name, p in self._signature.parameters.items()}
        self._others = kinds.get(inspect.Parameter.VAR_KEYWORD, "")
        self._parked: list[_Call] = []
        self._unborn: list[greenlet] = []
        self._groups: dict[greenlet, _Group] = {}
        self._pausing: greenlet | None = None

    @property
    def waiting(self) -> int:
        """Rows that parked fibres have asked for."""
        return sum(call.rows for call in self._parked)

    def ask(self, args: tuple[Any, ...], kwargs: dict[str, Any], beside: Any = None) -> Any:
        """Called by a proxy inside a fibre: hand over the call and wait for the answer."""
        arguments = self._signature.bind(*args, **kwargs).arguments
        arguments.update(arguments.pop(self._others, {}))
        first = next(iter(arguments.values()))
        call = _Call(getcurrent(), arguments, rows=len(first), beside=beside)
        self._parked.append(call)
        hub = call.fibre.parent
        assert hub is not None
        hub.switch()
        if call.error is not None:
            raise call.error
        return call.answer

    def pause(self) -> None:
        """Called inside a fibre: end it for now with a `Paused`, until that is admitted again."""
        self._pausing = getcurrent()
        hub = self._pausing.parent
        assert hub is not None
        hub.switch()

    def gather(self, bodies: Sequence[Callable[[], Any]]) -> list[Any]:
        """Called inside a fibre: run each body in a fibre of its own, and wait for all to end.

        Returns:
            Their results, in order.

        Raises:
            BaseException: What the first of them that failed raised.
        """
        hub = getcurrent().parent
        assert hub is not None
        fibres = [greenlet(lambda body=body: _guarded(body), hub) for body in bodies]
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

    def run(
        self, admit: Callable[[], tuple[Any, Callable[[], Any] | Paused] | None]
    ) -> Iterator[tuple[Any, Outcome]]:
        """Run fibres until `admit` has no more; yield (key, outcome) as each ends.

        Args:
            admit: Returns the key and body of a fibre to start, or one to go on with, or None if
                there is no room or nothing to do. Asked again after each round of forwards.
        """
        keys: dict[greenlet, Any] = {}
        try:
            while True:
                while (job := admit()) is not None:
                    key, body = job
                    fibre = (
                        body.fibre
                        if isinstance(body, Paused)
                        else greenlet(lambda body=body: _guarded(body))
                    )
                    keys[fibre] = key
                    yield from self._resume(fibre, keys)
                if not self._parked:
                    return
                calls, self._parked = self._parked, []
                self._forward(calls)
                for call in calls:
                    yield from self._resume(call.fibre, keys)
        finally:  # the caller stopped listening: unwind what is still parked
            self._parked, self._unborn = [], []
            for fibre in [*self._groups, *keys]:
                fibre.throw(GreenletExit)
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

    def _forward(self, calls: list[_Call]) -> None:
        """Answer all calls, in as few forwards as their arguments allow."""
        groups: list[list[_Call]] = []
        for call in calls:
            for group in groups:
                if self.rows is not None and _alike(group[0], call):
                    group.append(call)
                    break
            else:
                groups.append([call])
        for group in groups:
            while group:
                group = self._answer(group)

    def _answer(self, calls: list[_Call]) -> list[_Call]:
        """Answer as many calls as one forward takes; returns the others.

        A forward that fails is done again for one call after the other, so that the culprit is
        found. One for which there is too little memory is done again with half the rows.
        """
        part = _packed(calls, self.rows or 0)
        failure: Exception | None = None
        try:
            outputs = self._run(part)
        except Exception as error:
            # Its traceback would hold on to all that the forward had in memory.
            failure = error.with_traceback(None)
        if failure is None:
            for call, output in zip(part, outputs, strict=True):
                call.answer = output
        elif (is_memory_short(failure) and self._halve()) or self._goes_by_its_timestep(failure):
            return calls
        elif len(part) > 1:
            for call in part:
                rest = self._answer([call])
                assert not rest
        elif is_memory_short(failure):
            part[0].error = MemoryError("not enough memory for a single picture")
        else:
            part[0].error = failure
        return calls[len(part) :]

    def _run(self, part: list[_Call]) -> list[Any]:
        size = max(self.rows or 0, sum(call.rows for call in part))
        arguments = {
            name: merged(
                [(c.arguments[name], c.rows) for c in part],
                size,
                self._dtype,
                numbers=self._numbers,
            )
            for name in part[0].arguments
        }
        beside = [call.beside for call in part for _ in range(call.rows)]
        beside += beside[:1] * (size - len(beside))
        with self._around(beside):
            output = self.module(**arguments)
        self.passes += 1
        results, start = [], 0
        for call in part:
            results.append(rows_of(output, start, call.rows, size, widen=self._dtype is not None))
            start += call.rows
        return results

    def _goes_by_its_timestep(self, failure: Exception) -> bool:
        """Have timesteps in the type of the module, if that may be what it failed for.

        Some denoisers compute in the type of their timestep (Hunyuan-DiT), which their pipelines
        round as everything else. That shows at the first forward: later ones stay as they were.
        """
        if self.passes:
            return False
        half = self._dtype is not None and self._dtype.itemsize < torch.float32.itemsize
        if self._numbers is not None or not half or "dtype" not in str(failure):
            return False
        self._numbers = self._dtype
        return True

    def _halve(self) -> bool:
        """Go on with half the rows, if there is anything to halve."""
        if self.rows is None or self.rows < 2:
            return False
        self.rows //= 2
        self._relieve()
        return True


def _guarded(body: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(result=body())
    except GreenletExit:
        raise
    except Exception as error:
        return Outcome(error=error)


def _alike(a: _Call, b: _Call) -> bool:
    return a.arguments.keys() == b.arguments.keys() and all(
        can_merge(a.arguments[name], a.rows, b.arguments[name], b.rows) for name in a.arguments
    )


def _packed(calls: list[_Call], rows: int) -> list[_Call]:
    """Return the first calls that fit into `rows` rows together; one at least."""
    used = calls[0].rows
    for count, call in enumerate(calls[1:], start=1):
        used += call.rows
        if used > rows:
            return calls[:count]
    return calls
