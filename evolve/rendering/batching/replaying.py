"""Forwards of a GPU that are replayed: recorded once for each form, then started with one call.

Python asks a GPU for each of a thousand or more kernels of a forward, and for few rows that takes
longer than to compute them. A recording (a CUDA graph) holds them all. It reads its inputs where
they were when it was made, so they are copied there, and its outputs are copied from where it
writes them. It is the same kernels on the same numbers, so bits stay as they are; that is looked at
before anything is made of it. Where there can be no recording, or it does not hold, forwards run as
ever.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

import torch
from torch import nn

from evolve.rendering.batching.cuda_graphs import recorded
from evolve.rendering.batching.merging import form_of
from evolve.rendering.batching.nested import each_tensor, leaves, same_bits, tensors_of
from evolve.rendering.batching.out_of_memory import is_memory_short, relieve

SEEN = 2
"""Forwards of a form that run as ever before the next is recorded: many forms do not return."""

CHECKED = 2
"""Forwards of a recording that are also computed without it, and compared."""

MOST = 6
"""Recordings that are kept: each holds the memory of a forward."""

KNOWN = 1000
"""Forms that are counted at a time: of some calls a number is another each time."""

_SINGLE = bool, int, float, str, torch.dtype, type(None)

Again = Callable[[], Any]
Record = Callable[[Callable[[], Any], torch.device], Again]


@dataclass(slots=True)
class _Recording:
    inputs: Mapping[str, Any]
    again: Again
    checks: int = CHECKED


class Replays:
    """Recordings of several modules, which share their memory and are given up together."""

    def __init__(self, *, kind: str = "cuda", record: Record | None = None) -> None:
        """Record on a kind of devices by `record`, or by CUDA."""
        self.kind, self.record = kind, record or self._recorded
        self.works = True
        """Whether anything is still replayed."""
        self._pool: Any = None
        self._modules = WeakSet[Replaying]()

    def of(self, module: nn.Module) -> Replaying:
        """Return a module, called by keywords, as one that is replayed.

        It keeps nothing from call to call.
        """
        replaying = Replaying(module, self)
        self._modules.add(replaying)
        return replaying

    def stop(self) -> bool:
        """Give all recordings up for good, as where memory is short; whether there were any."""
        self.works = False
        had = [replaying.forget() for replaying in self._modules]
        return any(had)

    def _recorded(self, compute: Callable[[], Any], device: torch.device) -> Again:
        if self._pool is None:  # one for all: only one of them is at work at a time
            self._pool = torch.cuda.graph_pool_handle()
        try:
            return recorded(compute, device, self._pool)
        except RuntimeError:
            self._pool = None  # what broke off may still hold some of it
            raise


class Replaying(nn.Module):
    """A module whose forwards are replayed where that can be done."""

    def __init__(self, module: nn.Module, replays: Replays) -> None:
        """Replay `module` as one of `replays`, which makes this (`Replays.of`)."""
        super().__init__()
        self.__dict__["module"] = module  # past its registers
        self._replays = replays
        self._seen = Counter[Hashable]()
        self._refused = set[Hashable]()
        self._recordings = OrderedDict[Hashable, _Recording]()
        self._place = self._weights()

    def forward(self, **arguments: Any) -> Any:
        """Return what the module gives, in tensors of its own."""
        module, form = self.__dict__["module"], self._form(arguments)
        if form is None or form in self._refused:
            return module(**arguments)
        if self._place != (place := self._weights()):  # recordings would read the old ones
            self._recordings.clear()
            self._place = place
        recording = self._recordings.get(form) or self._recording(form, arguments)
        if recording is None:
            return module(**arguments)
        self._recordings.move_to_end(form)
        there, here = (list(tensors_of(each)) for each in (recording.inputs, arguments))
        torch._foreach_copy_(there, here)
        answer = each_tensor(recording.again(), torch.clone)
        if recording.checks:
            recording.checks -= 1
            right = module(**arguments)
            if not same_bits(answer, right):
                self._refused.add(form)
                del self._recordings[form]
            return right
        return answer

    def forget(self) -> bool:
        """Drop all recordings; whether there were any."""
        had = bool(self._recordings)
        self._recordings.clear()
        return had

    def _form(self, arguments: Mapping[str, Any]) -> Hashable | None:
        """Return all that a recording of a call cannot be given; None if there can be none."""
        module = self.__dict__["module"]
        is_watched = module._forward_hooks or module._forward_pre_hooks
        if not self._replays.works or is_watched or torch.is_grad_enabled():
            return None
        form: list[Hashable] = [form_of(arguments)]
        for leaf in leaves(arguments):
            if torch.is_tensor(leaf) and leaf.device.type == self._replays.kind:
                form.append((leaf.dtype, leaf.shape, leaf.stride(), leaf.device))
            elif isinstance(leaf, _SINGLE):
                form.append((type(leaf), leaf))
            else:
                return None
        return tuple(form)

    def _recording(self, form: Hashable, arguments: Mapping[str, Any]) -> _Recording | None:
        """Record a form that has come often enough; None if it has not, or that cannot be done."""
        if len(self._seen) > KNOWN:
            self._seen.clear()
        self._seen[form] += 1
        if self._seen[form] <= SEEN:
            return None
        while len(self._recordings) >= MOST:
            self._recordings.popitem(last=False)
        module, inputs = self.__dict__["module"], each_tensor(dict(arguments), torch.clone)
        device = next(tensors_of(inputs)).device
        try:
            again = self._replays.record(lambda: module(**inputs), device)
        except (RuntimeError, MemoryError) as error:  # it waits for the GPU, say
            if is_memory_short(error):
                self._replays.stop()
            self._refused.add(form)
        else:
            recording = self._recordings[form] = _Recording(inputs, again)
            return recording
        # Past the error, whose traceback holds, in circles, what the forward had in memory.
        relieve(device.type)
        return None

    def _weights(self) -> int | None:
        """Return where the first weights are: moved away and back, they are elsewhere."""
        first = next(self.__dict__["module"].parameters(), None)
        return None if first is None else first.data_ptr()
