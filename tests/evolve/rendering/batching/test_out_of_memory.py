"""Where memory is short, less is computed at once."""

import errno
import weakref

import pytest
import torch
from walking import Denoiser, expected, run, walk

from evolve.rendering.batching.fibres import Hub
from evolve.rendering.batching.out_of_memory import is_memory_short, release, relieve
from evolve.rendering.batching.proxy import Proxy


def test_scarce_memory_halves_the_rows_and_does_the_forward_again() -> None:
    class Large(Denoiser):
        def forward(
            self, sample: torch.Tensor, timestep: torch.Tensor, text: torch.Tensor, kind: str = "a"
        ) -> tuple[torch.Tensor]:
            if len(sample) > 4:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().forward(sample, timestep, text, kind)

    denoiser = Large()
    hub = Hub(denoiser, rows=16)
    outcomes = run(hub, {str(i): walk(Proxy(hub), 1.0, 2) for i in range(8)})
    assert {o.result[0, 0].item() for o in outcomes.values()} == {expected(1.0, 2)}
    assert hub.rows == 4
    assert denoiser.rows == [4] * 4


def test_what_a_forward_held_is_free_before_less_is_tried() -> None:
    held: list[weakref.ref[torch.Tensor]] = []
    relieved: list[bool] = []

    class Large(Denoiser):
        def forward(
            self, sample: torch.Tensor, timestep: torch.Tensor, text: torch.Tensor, kind: str = "a"
        ) -> tuple[torch.Tensor]:
            if len(sample) > 4:
                activations = sample * 2
                held.append(weakref.ref(activations))
                raise RuntimeError("MPS backend out of memory")
            return super().forward(sample, timestep, text, kind)

    def relieve() -> None:
        relieved.append(held[-1]() is None)

    hub = Hub(Large(), rows=16, relieve=relieve)
    run(hub, {"one": walk(Proxy(hub), 1.0, 2)})
    assert relieved == [True, True]
    assert hub.rows == 4


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (torch.OutOfMemoryError(), True),
        (MemoryError(), True),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), True),
        (OSError(errno.ENOSPC, "No space left on device"), False),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9.00 GB)"), True),
        (RuntimeError("[enforce fail] . DefaultCPUAllocator: can't allocate memory: you"), True),
        (RuntimeError("not enough memory: you tried to allocate 9 bytes."), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublas"), True),
        (RuntimeError("Check 'false' failed: std::bad_alloc"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_every_allocator_is_understood(error: Exception, short: bool) -> None:
    assert is_memory_short(error) is short


@pytest.mark.parametrize("device", ["cpu", "mps", "cuda:1"])
def test_memory_is_given_back_where_it_was_taken(
    monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    emptied: list[str] = []
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: emptied.append("cuda"))
    monkeypatch.setattr(torch.mps, "empty_cache", lambda: emptied.append("mps"))
    release(device)
    assert emptied == [kind for kind in ("mps", "cuda") if kind in device]


def test_what_only_refers_to_itself_is_gone_where_memory_is_short() -> None:
    class Painter:
        def __init__(self) -> None:
            self.itself = self

    gone = weakref.ref(Painter())
    relieve("cpu")
    assert gone() is None


def test_memory_too_small_for_a_single_row_fails_who_asked() -> None:
    class Larger(Denoiser):
        def forward(
            self, sample: torch.Tensor, timestep: torch.Tensor, text: torch.Tensor, kind: str = "a"
        ) -> tuple[torch.Tensor]:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    outcomes = run(hub := Hub(Larger(), rows=4), {"one": walk(Proxy(hub), 1.0, 2)})
    assert "not enough memory for a single picture" in str(outcomes["one"].error)
