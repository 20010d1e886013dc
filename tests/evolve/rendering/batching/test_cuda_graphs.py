"""A recording that breaks off: the allocator and later recordings go on as before."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from evolve.rendering.batching import cuda_graphs, replaying
from evolve.rendering.batching.cuda_graphs import recorded
from evolve.rendering.batching.replaying import Replays

GPU = torch.device("cuda:0")
WAITS = "operation not permitted when stream is capturing"


class Card:
    """What torch keeps of recordings, as in its `CUDAGraph.cpp` and `CUDACachingAllocator.cpp`."""

    def __init__(self) -> None:
        self.handles = 0
        self.users = Counter[Any]()
        """Recordings, by their pool."""
        self.underway: list[Any] = []
        self.recordings = 0

    def handle(self) -> tuple[int, int]:
        self.handles += 1
        return 0, self.handles

    def end(self, device: int, pool: Any) -> None:
        if pool not in self.underway:
            raise RuntimeError("not currently recording to mempool_id")
        self.underway.remove(pool)

    def release(self, device: int, pool: Any) -> None:
        assert self.users[pool]
        self.users[pool] -= 1

    def empty_cache(self) -> None:
        if self.underway:
            raise RuntimeError("INTERNAL ASSERT FAILED: captures_underway.empty()")

    @contextlib.contextmanager
    def graph(self, graph: Any, *, pool: Any, capture_error_mode: str) -> Iterator[None]:
        self.empty_cache()
        self.users[pool] += 1
        self.underway.append(pool)
        self.recordings += 1
        try:
            yield
        except RuntimeError as error:
            if WAITS in str(error):  # the recording is invalid: torch does not come to its end
                raise RuntimeError("capture invalidated") from None
            self.end(0, pool)
            self.release(0, pool)
            raise
        self.end(0, pool)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    card = Card()
    nothing = contextlib.nullcontext
    stream = SimpleNamespace(wait_stream=lambda other: None)
    cuda = SimpleNamespace(
        device=nothing,
        stream=nothing,
        graph=card.graph,
        graph_pool_handle=card.handle,
        current_device=lambda: 0,
        synchronize=lambda *device: None,
        set_stream=lambda stream: None,
        Stream=lambda: stream,
        current_stream=lambda: stream,
        default_stream=lambda device: stream,
        CUDAGraph=lambda: SimpleNamespace(replay=lambda: None),
        default_generators=[SimpleNamespace(graphsafe_set_state=lambda state: None)],
    )
    fake = SimpleNamespace(
        cuda=cuda,
        Generator=lambda device: SimpleNamespace(graphsafe_get_state=lambda: None),
        _C=SimpleNamespace(_cuda_endAllocateToPool=card.end, _cuda_releasePool=card.release),
    )
    for module in (cuda_graphs, replaying):
        monkeypatch.setattr(module, "torch", fake)
    return card


def failing(card: Card, error: Exception) -> Callable[[], None]:
    """Return what fails only while it is recorded."""

    def compute() -> None:
        if card.underway:
            raise error

    return compute


@pytest.mark.parametrize("error", [RuntimeError(WAITS), torch.OutOfMemoryError("out of memory")])
@pytest.mark.parametrize("pool", [None, (0, 99)])
def test_after_a_recording_that_broke_off_memory_can_be_given_back_and_others_are_made(
    card: Card, error: Exception, pool: Any
) -> None:
    if pool is not None:
        recorded(lambda: None, GPU, pool)
    with pytest.raises(RuntimeError):
        recorded(failing(card, error), GPU, pool)
    card.empty_cache()
    assert sum(card.users.values()) == (pool is not None)
    recorded(lambda: None, GPU, pool)
    assert sum(card.users.values()) == 1 + (pool is not None)


def test_recordings_share_a_pool_until_one_breaks_off(card: Card) -> None:
    record = Replays().record
    for _ in range(2):
        record(lambda: None, GPU)
    with pytest.raises(RuntimeError):
        record(failing(card, RuntimeError(WAITS)), GPU)
    record(lambda: None, GPU)
    assert [users for users in card.users.values() if users] == [2, 1]
