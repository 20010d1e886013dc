"""Stations: where fibres wait for a module, which answers many in forwards of so many rows.

Every forward has the same number of rows, padded if need be (see `fibres`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import torch
from greenlet import greenlet
from torch import nn

from evolve.rendering.batching.choosing import Turn, behind, chosen, is_due
from evolve.rendering.batching.merging import (
    can_merge,
    form_of,
    merged,
    rows_of,
    widened,
)
from evolve.rendering.batching.nested import same_bits
from evolve.rendering.batching.out_of_memory import is_memory_short
from evolve.rendering.batching.replaying import Replays


@dataclass(slots=True)
class Call:
    """What a parked fibre asked of a module."""

    fibre: greenlet
    arguments: Mapping[str, Any]
    rows: int
    beside: Any
    key: str | None = None
    """The same of calls that are the same."""
    turn: Turn | None = None
    """What is known of its fibre; None if it must not wait."""
    answer: Any = None
    state: Any = None
    """What the station was like that answered."""
    error: Exception | None = None


class Station:
    """Answers the calls of one module."""

    def __init__(
        self,
        module: nn.Module,
        rows: int | None,
        *,
        dtype: torch.dtype | None = None,
        around: Callable[[Sequence[Any]], AbstractContextManager[None]] | None = None,
        relieve: Callable[[], None] = lambda: None,
        rescue: Callable[[], bool] = lambda: False,
        state: Callable[[], Any] | None = None,
        tries: bool = False,
        replays: Replays | None = None,
        spare: Callable[[], bool] = lambda: False,
    ) -> None:
        """Serve `module`.

        Args:
            module: Called by keywords.
            rows: Rows of every forward (a call that has more runs alone); None runs every call
                alone, as it came, for a module whose rows do not keep to themselves.
            dtype: What the module computes in, where that is not what the fibres do: their
                tensors are cast for the forward, so that rounding errors do not add up outside.
            around: Given what stands beside each row, the context in which the forward runs.
            relieve: Called when memory was short, before a forward is done again with less.
            rescue: Called when memory was short for a single call; whether to try it again.
            state: Called after each forward, what to note of it with its calls; its rows, if not
                given.
            tries: Whether to try calls of each new form, such as those of another size, and fewer
                rows for want of memory: what depends on its place in a forward runs alone.
            replays: Replay forwards where that can be done, and give that up where memory is short;
                None replays none.
            spare: Gives up other memory that is only good for speed, once it is short; whether
                there was any, so that it is worth while to try again with as many rows.
        """
        self.module = module
        self.computing = module if replays is None else replays.of(module)
        """What is called for a forward."""
        self.rows = rows
        self._usual_rows = rows
        self.passes = 0
        """Forwards run so far."""
        self.last_rows = rows
        """Rows of the last forward; None if a call ran alone, as it came."""
        self.tries = tries
        """Whether calls of new forms are tried."""
        self._uneven: dict[Hashable, bool] = {}
        """Whether rows depend on their place, by rows of a forward and form of a call."""
        self.parked: list[Call] = []
        """Calls that wait for an answer."""
        self._dtype = dtype
        self._numbers: torch.dtype | None = None
        """What single numbers per row are cast to; None to leave them as exact as they are."""
        self._around = around or (lambda beside: nullcontext())
        self.relieve, self._rescue = relieve, rescue
        self._state = state or (lambda: self.last_rows)
        self.spare = spare if replays is None else replays.stop
        """Gives up memory that is only good for speed; returns whether there was any."""
        self._rounds = 0
        self._signature = inspect.signature(module.forward)
        kinds = {p.kind: name for name, p in self._signature.parameters.items()}
        self._others = kinds.get(inspect.Parameter.VAR_KEYWORD, "")

    def restore(self) -> bool:
        """Run forwards with all rows again; return whether there were fewer for want of memory."""
        fewer, self.rows = self.rows != self._usual_rows, self._usual_rows
        return fewer

    def is_due(self, *, alone: bool) -> bool:
        """Return whether to answer in this round, or to wait a little for others to come."""
        self._rounds = self._rounds + 1 if self.parked else 0
        due = is_due(self.waiting, self.rows or 1, self._rounds, alone=alone)
        self._rounds = 0 if due else self._rounds
        return due

    @property
    def waiting(self) -> int:
        """Rows that parked fibres have asked for."""
        return self.waiting_since(0)

    def waiting_since(self, asked: int) -> int:
        """Return the rows that those have asked for that were asked for then or later."""
        turns = ((call.rows, call.turn) for call in self.parked)
        return sum(rows for rows, turn in turns if turn is None or turn.asked >= asked)

    def park(
        self,
        fibre: greenlet,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        beside: Any = None,
        *,
        key: str | None = None,
    ) -> Call:
        """Take in what a fibre asks, which is about to wait."""
        arguments = self._signature.bind(*args, **kwargs).arguments
        arguments.update(arguments.pop(self._others, {}))
        first = next(iter(arguments.values()))
        call = Call(fibre, arguments, rows=len(first), beside=beside, key=key)
        self.parked.append(call)
        return call

    def answer(self) -> list[Call]:
        """Answer the calls that wait, in as few forwards as their arguments allow.

        Those of which is known how many are left may wait for another round, where they do not
        fill a forward of their own. Returns those that are answered.
        """
        calls, self.parked = self.parked, []
        firsts: dict[str, Call] = {}
        groups: list[list[Call]] = []
        for call in calls:
            if call.key is not None and firsts.setdefault(call.key, call) is not call:
                continue
            for group in groups:
                if self.rows is not None and _alike(group[0], call):
                    group.append(call)
                    break
            else:
                groups.append([call])
        waits = set[int]()
        for group in groups:
            now, later = self._now(group)
            waits.update(id(call) for call in later)
            while now:
                now = self._answer(now)
        answered = list[Call]()
        for call in calls:
            first = call if call.key is None else firsts[call.key]
            if id(first) in waits:
                self.parked.append(call)
                continue
            if first is not call:
                call.answer, call.error, call.state = first.answer, first.error, first.state
            answered.append(call)
        return answered

    def _now(self, calls: list[Call]) -> tuple[list[Call], list[Call]]:
        """Return those of calls that are alike which are answered now, and those that wait."""
        turns = [call.turn for call in calls if call.turn is not None]
        if self.rows is None or len(turns) < len(calls):
            return calls, []
        waiting = [(call.rows, turn.left) for call, turn in zip(calls, turns, strict=True)]
        places = set(chosen(waiting, self.rows, behind(turns)))
        parts: tuple[list[Call], list[Call]] = [], []
        for k, call in enumerate(calls):
            parts[k not in places].append(call)
        return parts

    def _answer(self, calls: list[Call]) -> list[Call]:
        """Answer as many calls as one forward takes; return the others.

        A forward that fails is done again for one call after the other, so that the culprit is
        found. One for which there is too little memory is done again with half the rows.
        """
        alone = self._is_uneven(calls[0])
        part = calls[:1] if alone else self._packed(calls)
        failure: Exception | None = None
        try:
            outputs = self._run(part, None if alone else self.rows)
        except Exception as error:
            # Its traceback would hold on to all that the forward had in memory.
            failure = error.with_traceback(None)
        if failure is None:
            for call, output in zip(part, outputs, strict=True):
                call.answer = output
        elif self._goes_by_its_timestep(failure) or (
            is_memory_short(failure) and (self._spares() or (not alone and self._halve()))
        ):
            return calls
        elif len(part) > 1:
            for call in part:
                rest = self._answer([call])
                assert not rest
        elif is_memory_short(failure):
            if self._rescue():
                return calls
            part[0].error = MemoryError("not enough memory for a single picture")
        else:
            part[0].error = failure
        return calls[len(part) :]

    def _packed(self, calls: list[Call]) -> list[Call]:
        """Return the first calls that fit into a forward together; one at least."""
        used = calls[0].rows
        if not self._is_shared(calls[0]):
            return calls[:1]
        for count, call in enumerate(calls[1:], start=1):
            used += call.rows
            if used > (self.rows or 0) or not self._is_shared(call):
                return calls[:count]
        return calls

    def _is_shared(self, call: Call) -> bool:
        """Return whether a call may be in a forward with others, if there is room.

        One that does not fit in twice cannot be compared at two places, and is always at the first.
        """
        if not self.tries:
            return True
        return 2 * call.rows <= (self.rows or 0) and not self._is_uneven(call)

    def _is_uneven(self, call: Call) -> bool:
        """Return whether rows of such calls depend on their place: tried once, in one forward."""
        copies = (self.rows or 0) // call.rows
        if not self.tries or copies < 2:
            return False
        form = self._numbers, self.rows, call.rows, form_of(call.arguments)
        if form not in self._uneven:
            try:
                first, *others = self._run([replace(call) for _ in range(copies)], self.rows)
            except Exception:  # it will fail again, where that is seen to
                return False
            self._uneven[form] = not all(same_bits(first, other) for other in others)
        return self._uneven[form]

    def _run(self, part: list[Call], rows: int | None) -> list[Any]:
        self.last_rows = rows
        size = max(rows or 0, sum(call.rows for call in part))
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
            output = self.computing(**arguments)
        self.passes += 1
        if self._dtype is not None:  # of all rows at once
            output = widened(output)
        results, start, state = [], 0, self._state()
        for call in part:
            call.state = state
            results.append(rows_of(output, start, call.rows, size))
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

    def _spares(self) -> bool:
        """Give up what memory can be spared, and return whether there was any."""
        if not self.spare():
            return False
        self.relieve()
        return True

    def _halve(self) -> bool:
        """Go on with half the rows, if there is anything to halve."""
        if self.rows is None or self.rows < 2:
            return False
        self.rows //= 2
        self.relieve()
        return True


def _alike(a: Call, b: Call) -> bool:
    return a.arguments.keys() == b.arguments.keys() and all(
        can_merge(a.arguments[name], a.rows, b.arguments[name], b.rows) for name in a.arguments
    )
