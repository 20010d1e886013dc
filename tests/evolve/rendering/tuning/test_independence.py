"""Rows that depend on their place, or on their neighbours, are found out wherever they are."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from evolve.rendering.batching.station import Station
from evolve.rendering.tuning.independence import OTHERS, PLACE, dependence

EPSILON = 2.0**-20

Kernel = Callable[[torch.Tensor], torch.Tensor]


class Module(torch.nn.Module):
    def __init__(self, kernel: Kernel) -> None:
        super().__init__()
        self.kernel, self.seen = kernel, list[int]()

    def forward(self, x: torch.Tensor, t: torch.Tensor) -> tuple[torch.Tensor]:
        self.seen.append(len(x))
        return (self.kernel(x) + t[:, None],)


def calls(*rows: int) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Return calls of so many rows each, all different."""
    generator = torch.Generator().manual_seed(0)
    return [
        ((), {"x": torch.randn(n, 3, generator=generator), "t": torch.full((n,), float(k))})
        for k, n in enumerate(rows)
    ]


def at(place: int) -> Kernel:
    """Return a kernel that rounds one place otherwise."""

    def kernel(x: torch.Tensor) -> torch.Tensor:
        moved = x.clone()
        moved[place : place + 1] += EPSILON
        return moved

    return kernel


@pytest.mark.parametrize("place", range(8))
def test_every_place_is_compared(place: int) -> None:
    assert dependence(Station(Module(at(place)), 8), calls(1, 1, 2, 2)) == PLACE


@pytest.mark.parametrize("place", range(1, 8))
def test_neighbours_are_exchanged(place: int) -> None:
    def kernel(x: torch.Tensor) -> torch.Tensor:
        return x + EPSILON * (x - x[place - 1 : place]).sign().roll(1)

    assert dependence(Station(Module(kernel), 8), calls(1, 1, 2, 2)) == OTHERS


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("asked", [(1,), (1, 1), (1, 2), (2, 2, 2), (1, 1, 2, 2)])
def test_rows_that_keep_to_themselves_pass_in_four_forwards_of_all_rows(
    rows: int, asked: tuple[int, ...]
) -> None:
    module = Module(lambda x: x * 2)
    assert not dependence(Station(module, rows), calls(*asked))
    assert len(module.seen) <= (4 if rows > 1 and max(asked) <= rows else 8)
    assert all(seen >= rows for seen in module.seen)


def test_rows_that_overflow_wherever_they_are_keep_to_themselves() -> None:
    assert not dependence(Station(Module(lambda x: x / 0 * 0), 4), calls(1, 1, 2))


def test_one_by_one_nothing_is_tried() -> None:
    assert not dependence(Station(Module(at(0)), None), calls(1, 2))


def test_rows_for_which_there_is_too_little_memory_are_not_said_to_hold() -> None:
    def starved(x: torch.Tensor) -> torch.Tensor:
        if len(x) > 4:
            raise torch.OutOfMemoryError
        return x

    with pytest.raises(MemoryError, match="8 rows"):
        dependence(Station(Module(starved), 8), calls(1, 1))


def test_what_a_module_cannot_do_is_raised() -> None:
    def failing(x: torch.Tensor) -> torch.Tensor:
        raise ValueError("no such kernel")

    with pytest.raises(ValueError, match="no such kernel"):
        dependence(Station(Module(failing), 8), calls(1, 1))
