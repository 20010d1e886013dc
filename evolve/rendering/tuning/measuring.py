"""What a forward of so many rows takes: found by painting in more and more of them.

Many rows keep a GPU busy, but a forward that is not full is padded, and on a CPU each row
costs about the same anyway. Which number is best follows from what pages cost (`pages`).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import numpy as np
import torch

from evolve.genome import Genome, Prompt
from evolve.models.loading import LoadedModel
from evolve.models.machine import memory
from evolve.rendering.batching.out_of_memory import relieve
from evolve.rendering.batching.replaying import CHECKED, SEEN
from evolve.rendering.pipeline.painter import Painter
from evolve.rendering.protocol import Job

ROWS = (2, 4, 8, 12, 16, 24)
"""What is tried."""

MORE = (32, 48)
"""What is tried as well on a GPU, where there is memory for it."""

TRIES = SEEN + CHECKED + 1
"""Forwards of each number of rows that count, so many that the last two can be replayed; fewer when
they have taken `ENOUGH_S`: of those that long, Python asks faster than a GPU computes."""

STEPS = 80
"""Of what is painted for the trial: more than its forwards."""

ENOUGH_S = 1.0

STARVED = 1.2
"""How many times its CPU time a forward may take, if it had the CPU to itself."""

LONG_S = 10.0
"""A forward that takes longer than this many seconds: no more rows are tried."""

SHARE = 0.85
"""Of the memory that is free, which a forward may take."""


def rows_to_try(device: str) -> tuple[int, ...]:
    """Return the numbers of rows that may suit a torch device."""
    return ROWS + MORE if device.startswith("cuda") else ROWS


class Stopwatch:
    """Takes the time of every forward of a module, while it is entered."""

    def __init__(self, module: torch.nn.Module, device: str) -> None:
        """Watch `module`, which computes on `device`."""
        self.seconds: list[float] = []
        """Of each forward since it was entered."""
        self.cpu: list[float] = []
        """What all threads of this process computed meanwhile, in seconds."""
        self._module, self._device = module, device

    def __enter__(self) -> Self:
        self._hooks = (
            self._module.register_forward_pre_hook(lambda *_: self._start()),
            self._module.register_forward_hook(lambda *_: self._stop()),
        )
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def _start(self) -> None:
        self._began, self._spent = now(self._device), time.process_time()

    def _stop(self) -> None:
        self.seconds.append(now(self._device) - self._began)
        self.cpu.append(time.process_time() - self._spent)


def now(device: str) -> float:
    """Return the time in seconds when all that was asked of a device is done."""
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
    elif device == "mps":
        torch.mps.synchronize()
    return time.perf_counter()


class Trial:
    """Paints one genome in forwards of more and more rows, and takes their time."""

    def __init__(self, model: LoadedModel, rows: Sequence[int] = ()) -> None:
        """Try `model`, whose forwards are replayed where they are in painting.

        `rows` are tried in turn; all that may suit its device, if not given.
        """
        relieve(model.device)  # of what another trial left
        self._tried = rows or rows_to_try(model.device)
        first = self._tried[0]
        self.seconds: dict[int, list[float]] = {first: []}
        """What forwards of so many rows took, one after the other."""
        self._cpu: dict[int, list[float]] = {first: []}
        self.rows: int | None = first
        """Rows of the last forwards."""
        self.short = False
        """Whether memory ended it."""
        self._ended = False
        self._device = model.device
        self._free = memory.free(model.device)
        self._before = memory.reset_peak(model.device)
        self._painter = Painter(model.with_rows(first), report=lambda event: None)
        self._watch = Stopwatch(self._painter.hub.computing, model.device)
        self._painter.hub.tries = False  # what rows do comes later: every forward has all of them
        noise = np.random.default_rng(0).standard_normal(model.info.latent).astype(np.float16)
        settings = replace(model.info.settings, guidance_scale=3.0, steps=STEPS)
        self._painter.take([Job(0, Genome(noise, Prompt.typed("a house"), settings))])

    def run(self) -> dict[int, float]:
        """Return the least time by rows; the first forward of its kind may prepare things."""
        try:
            with self._watch:
                self._painter.paint(self._attend)
        finally:
            self._painter.hub.spare()
        seconds, cpu = (
            {rows: min(taken[1:]) for rows, taken in times.items() if taken[1:]}
            for times in (self.seconds, self._cpu)
        )
        # Where other programs keep the CPU busy, only our CPU time means anything.
        starved = any(taken > STARVED * cpu[rows] for rows, taken in seconds.items())
        return cpu if starved and self._device == "cpu" else seconds

    def _attend(self) -> None:
        """After a round of forwards: go on to more rows, or stop."""
        rows, watched = max(self.seconds), self._watch.seconds
        self.rows = self._painter.hub.rows
        if self._ended:
            return
        fits = self.rows == rows  # the hub halves its rows where there is too little memory
        if watched and fits:
            self.seconds[rows].append(min(watched))
            self._cpu[rows].append(min(self._watch.cpu))
        watched.clear()
        self._watch.cpu.clear()
        again = self.seconds[rows][1:]
        # The least, since one of them may be recorded, which takes longer (see `Replaying`).
        if fits and len(again) < TRIES and len(again) * min(again, default=0) < ENOUGH_S:
            return
        more = next((n for n in self._tried if n > rows), None)
        if fits and (more is None or min(again) >= LONG_S):
            self._ended = True
        elif more is None or not fits or not self._has_memory(more / rows):
            self._ended = self.short = True
        else:
            self._painter.hub.rows = more
            self.seconds[more], self._cpu[more] = [], []
        if self._ended:
            self._painter.cancelled.add(0)

    def _has_memory(self, times: float) -> bool:
        """Return whether so many times the rows would fit."""
        peak = memory.peak(self._device)
        if peak is None or self._before is None or self._free is None:
            return True
        return (peak - self._before) * times <= SHARE * self._free
