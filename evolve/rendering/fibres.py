"""Fibres: many pipeline calls at once, batched where it counts, at the denoiser.

A diffusers pipeline cannot paint a batch in which every picture has its own guidance, steps and
sampler. So each genome runs its own, unmodified `pipeline.__call__` in a fibre (a greenlet) on a
shallow copy of the pipeline, whose denoiser is replaced by a `Proxy`. The proxy parks the fibre.
When every live fibre is parked, the hub merges what they asked for into forwards of exactly `rows`
rows, runs those, and wakes the fibres with their own rows. Finished fibres leave, new ones join.

Every forward has the same number of rows, padded if need be, because the last bits of a row depend
on the size of its batch (another size means another kernel) but not on its neighbours: so a genome
gives the same picture in any crowd.

Only one fibre runs at a time and always on the hub's thread; there is nothing to lock.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, TypeVar

import torch
from greenlet import GreenletExit, getcurrent, greenlet
from torch import nn

T = TypeVar("T")


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


class Proxy(nn.Module):
    """Stands in for the denoiser inside a fibre; all but the forward is the real module's."""

    def __init__(self, hub: Hub, beside: Any = None) -> None:
        """Ask `hub`; `beside` is what stands beside each row of ours (see `Hub`)."""
        super().__init__()
        # Past the module's own registers.
        self.__dict__.update(hub=hub, beside=beside, idle=False, answer=None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["hub"].module, name)

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
        rows: int,
        around: Callable[[Sequence[Any]], AbstractContextManager[None]] | None = None,
    ) -> None:
        """Serve `module` in forwards of exactly `rows` rows (a call with more runs alone).

        Args:
            module: The denoiser.
            rows: Rows of every forward.
            around: Given what stands beside each row, the context in which the forward runs.
        """
        self.module = module
        self.rows = rows
        self._around = around or (lambda beside: nullcontext())
        self.passes = 0
        """Forwards run so far."""
        self._signature = inspect.signature(module.forward)
        self._parked: list[_Call] = []

    def ask(self, args: tuple[Any, ...], kwargs: dict[str, Any], beside: Any = None) -> Any:
        """Called by a proxy inside a fibre: hand over the call and wait for the answer."""
        arguments = self._signature.bind(*args, **kwargs).arguments
        arguments.update(arguments.pop("kwargs", {}))
        first = next(iter(arguments.values()))
        call = _Call(getcurrent(), arguments, rows=len(first), beside=beside)
        self._parked.append(call)
        hub = call.fibre.parent
        assert hub is not None
        hub.switch()
        if call.error is not None:
            raise call.error
        return call.answer

    def run(
        self, admit: Callable[[], tuple[Any, Callable[[], Any]] | None]
    ) -> Iterator[tuple[Any, Outcome]]:
        """Run fibres until `admit` has no more; yield (key, outcome) as each ends.

        Args:
            admit: Returns the key and body of a fibre to start, or None if there is no room or
                nothing to do. Asked again after each round of forwards.
        """
        keys: dict[greenlet, Any] = {}
        try:
            while True:
                while (job := admit()) is not None:
                    key, body = job
                    fibre = greenlet(lambda body=body: _guarded(body))
                    keys[fibre] = key
                    yield from self._resume(fibre, keys)
                if not self._parked:
                    return
                calls, self._parked = self._parked, []
                self._forward(calls)
                for call in calls:
                    yield from self._resume(call.fibre, keys)
        finally:  # the caller stopped listening: unwind what is still parked
            self._parked = []
            for fibre in keys:
                fibre.throw(GreenletExit)

    def _resume(self, fibre: greenlet, keys: dict[greenlet, Any]) -> Iterator[tuple[Any, Outcome]]:
        outcome = fibre.switch()
        if fibre.dead:
            yield keys.pop(fibre), outcome

    def _forward(self, calls: list[_Call]) -> None:
        """Answer all calls, in as few forwards as their shapes allow."""
        groups: dict[Any, list[_Call]] = {}
        for call in calls:
            groups.setdefault(_shape_of(call.arguments, call.rows), []).append(call)
        for group in groups.values():
            for part in _packed(group, self.rows):
                self._answer(part)

    def _answer(self, part: list[_Call]) -> None:
        """Answer calls by one forward; if that fails, by one each, so that the culprit is found."""
        merged = {
            name: _merge([(c.arguments[name], c.rows) for c in part], self.rows)
            for name in part[0].arguments
        }
        beside = [call.beside for call in part for _ in range(call.rows)]
        beside += beside[:1] * (self.rows - len(beside))
        try:
            with torch.no_grad(), self._around(beside):
                output = self.module(**merged)
        except (torch.OutOfMemoryError, MemoryError):
            raise  # nobody's fault alone
        except Exception as error:
            if len(part) == 1:
                part[0].error = error
            else:
                for call in part:
                    self._answer([call])
            return
        self.passes += 1
        start = 0
        for call in part:
            call.answer = _rows_of(output, start, call.rows)
            start += call.rows


def _guarded(body: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(result=body())
    except GreenletExit:
        raise
    except Exception as error:
        return Outcome(error=error)


def _packed(calls: list[_Call], rows: int) -> Iterator[list[_Call]]:
    part: list[_Call] = []
    used = 0
    for call in calls:
        if part and used + call.rows > rows:
            yield part
            part, used = [], 0
        part.append(call)
        used += call.rows
    yield part


def _shape_of(value: Any, rows: int) -> Any:
    """Return a key that is equal for values that can be merged."""
    if isinstance(value, torch.Tensor):
        if value.numel() == 1:
            return "scalar"
        return (tuple(value.shape[1:]) if len(value) == rows else tuple(value.shape), value.dtype)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "scalar"
    if isinstance(value, Mapping):
        return tuple((k, _shape_of(v, rows)) for k, v in value.items())
    if isinstance(value, list | tuple):
        return tuple(_shape_of(v, rows) for v in value)
    return repr(value)


def _merge(values: list[tuple[Any, int]], rows: int) -> Any:
    """Merge one argument of several calls, given with their rows, into one of `rows` rows.

    Scalars (timesteps) become one value per row in float32; tensors with one entry per row are
    put one after the other; whatever else is equal in all calls is passed on as it is.
    """
    first, n = values[0]
    if isinstance(first, torch.Tensor) and first.numel() == 1:
        spread = [v.reshape(1).to(torch.float32).expand(k) for v, k in values]
        return _padded(torch.cat(spread), rows)
    if isinstance(first, int | float) and not isinstance(first, bool):
        return _padded(torch.cat([torch.full((k,), float(v)) for v, k in values]), rows)
    if isinstance(first, torch.Tensor):
        return _padded(torch.cat([v for v, _ in values]), rows) if len(first) == n else first
    if isinstance(first, Mapping):
        return {k: _merge([(v[k], m) for v, m in values], rows) for k in first}
    if isinstance(first, list | tuple):
        parts = [_merge([(v[i], m) for v, m in values], rows) for i in range(len(first))]
        return type(first)(parts)
    return first


def _padded(tensor: torch.Tensor, rows: int) -> torch.Tensor:
    missing = rows - len(tensor)
    if missing <= 0:
        return tensor
    return torch.cat([tensor, tensor[:1].expand(missing, *tensor.shape[1:])])


def _rows_of(output: Any, start: int, rows: int) -> Any:
    """Cut the rows of one call out of a forward's output, whatever its form."""
    if isinstance(output, torch.Tensor):
        return output[start : start + rows]
    if isinstance(output, tuple):
        return tuple(_rows_of(part, start, rows) for part in output)
    if isinstance(output, Mapping):  # diffusers' outputs are mappings that rebuild from keywords
        return type(output)(**{k: _rows_of(v, start, rows) for k, v in output.items()})
    return output
