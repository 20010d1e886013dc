"""Recordings of what a GPU is asked for (CUDA graphs), which one call has computed again.

A GPU is done with small operations before Python has asked for the next. A recording reads and
writes the same places in memory each time, and nothing in it may wait for the GPU.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

import torch

T = TypeVar("T")


def recorded(
    compute: Callable[[], T], device: torch.device, pool: Any = None, *, before: int = 1
) -> Callable[[], T]:
    """Return what computes again what was recorded, and gives the same tensors, filled again.

    Args:
        compute: What is to be recorded; its inputs are read again where they are.
        device: The GPU.
        pool: Memory that recordings share (`torch.cuda.graph_pool_handle`), of which only one is
            at work at a time; None for memory of its own.
        before: Times to compute it first, so that kernels are chosen and workspaces taken.

    Raises:
        RuntimeError: It cannot be recorded, or memory is too short.
    """
    if device.type != "cuda":
        raise RuntimeError(f"{device.type} has no graphs")
    with torch.cuda.device(device):
        pool = pool or torch.cuda.graph_pool_handle()
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(before):
                compute()
        torch.cuda.current_stream().wait_stream(aside)
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(graph, pool=pool, capture_error_mode="thread_local"):
                made = compute()
        except RuntimeError as error:
            _leave(device, pool)
            first = error.__context__  # what broke it, not that it is broken
            raise (first if isinstance(first, RuntimeError) else error) from None

    def again() -> T:
        graph.replay()
        return made

    return again


def _leave(device: torch.device, pool: Any) -> None:
    """Let a device be used as before, after a recording that broke off.

    torch leaves its stream the current one, its generator waiting for the end of the recording, and
    its allocator recording to the pool: nothing could be recorded there again, the memory of the
    pool would never be given back, and asking for it (`torch.cuda.empty_cache`) would be an error.
    """
    torch.cuda.set_stream(torch.cuda.default_stream(device))
    with contextlib.suppress(RuntimeError):  # of the first, where torch came to the end: both done
        torch._C._cuda_endAllocateToPool(torch.cuda.current_device(), pool)
        torch._C._cuda_releasePool(torch.cuda.current_device(), pool)
    with contextlib.suppress(RuntimeError):
        fresh = torch.Generator(device).graphsafe_get_state()
        torch.cuda.default_generators[device.index or 0].graphsafe_set_state(fresh)
    torch.cuda.synchronize(device)
