"""Which calls are merged into one forward, and what their arguments become."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from walking import Denoiser, run, walk

from evolve.rendering.batching.fibres import Hub
from evolve.rendering.batching.merging import can_merge, merged
from evolve.rendering.batching.proxy import Proxy


def test_what_all_rows_share_must_be_the_same_to_be_merged() -> None:
    class Placed(Denoiser):
        def forward(
            self, sample: torch.Tensor, timestep: torch.Tensor, places: torch.Tensor
        ) -> tuple[torch.Tensor]:
            self.rows.append(len(sample))
            return (sample * places.sum(),)

    denoiser = Placed()
    hub = Hub(denoiser, rows=8)

    def body(place: float) -> Callable[[], torch.Tensor]:
        x = torch.ones(1, 4)
        return lambda: Proxy(hub)(x, torch.tensor(0), places=torch.full((5,), place))[0]

    outcomes = run(hub, {str(p): body(p) for p in (1.0, 2.0)} | {"again": body(1.0)})
    assert {k: o.result[0, 0].item() for k, o in outcomes.items()} == {
        "1.0": 5,
        "2.0": 10,
        "again": 5,
    }
    assert denoiser.rows == [8, 8]


def test_lists_with_one_entry_per_row_are_put_one_after_the_other() -> None:
    class Listed(nn.Module):
        def forward(self, x: list[torch.Tensor], t: torch.Tensor) -> tuple[list[torch.Tensor]]:
            sizes.append(len(x))
            return ([2 * each for each in x],)

    sizes: list[int] = []
    hub = Hub(Listed(), rows=4)

    def body(length: int) -> Callable[[], Any]:
        return lambda: Proxy(hub)([torch.ones(length)], torch.tensor([0.5]))[0]

    outcomes = run(hub, {"3": body(3), "5": body(5)})
    assert [len(o.result[0]) for o in outcomes.values()] == [3, 5]
    assert sizes == [4]


def test_what_rows_share_is_compared_by_its_numbers_as_they_are_now() -> None:
    one = torch.arange(6.0).reshape(3, 2)
    other = one.clone()
    assert can_merge(one, 1, other, 1)
    other[0] = 7.0
    assert not can_merge(one, 1, other, 1)
    other[0] = one[0]
    assert can_merge(one, 1, other, 1)
    with torch.inference_mode():
        assert can_merge(one + 1, 1, other + 1, 1)


def test_whole_numbers_of_rows_stay_whole_and_types_that_differ_meet_in_float32() -> None:
    style = torch.tensor([3, 3])
    assert merged([(style, 2), (style, 2)], 4, torch.float32).dtype == torch.int64
    half = torch.tensor([751.0, 751.0], dtype=torch.bfloat16)
    assert merged([(half, 2)], 2, torch.bfloat16).dtype == torch.bfloat16
    mixed = merged([(torch.tensor(751), 2), (torch.tensor(12.5), 2)], 4, torch.bfloat16)
    assert mixed.dtype == torch.float32
    assert mixed.tolist() == [751, 751, 12.5, 12.5]


class InTypeOfItsTimestep(nn.Module):
    """As Hunyuan-DiT: computes in the type of the timestep, with weights in half precision."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(1, 4).bfloat16()
        self.seen: list[torch.dtype] = []

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor) -> tuple[torch.Tensor]:
        self.seen.append(timestep.dtype)
        return (sample + self.layer(timestep[:, None]),)


def test_a_denoiser_in_the_type_of_its_timestep_gets_it_in_its_own_from_the_first_forward_on() -> (
    None
):
    module = InTypeOfItsTimestep()
    hub = Hub(module, rows=4, dtype=torch.bfloat16)

    def body() -> torch.Tensor:
        (answer,) = Proxy(hub)(torch.zeros(1, 4), torch.tensor([1.0]))
        (answer,) = Proxy(hub)(answer, torch.tensor([0.5]))
        return answer

    outcomes = run(hub, {"a": body, "b": body})
    assert [outcome.error for outcome in outcomes.values()] == [None, None]
    assert module.seen == [torch.float32, torch.bfloat16, torch.bfloat16]
    plain = Hub(Denoiser(), rows=4, dtype=torch.bfloat16)
    run(plain, {"a": walk(Proxy(plain), 1.0, 2)})
    failed = run(
        plain, {"b": lambda: Proxy(plain)(torch.zeros(1, 4), torch.tensor(1), text="dtype")}
    )
    assert failed["b"].error is not None
    assert plain._numbers is None  # a later failure changes nothing for those that went well


def test_places_in_a_list_are_shared_and_not_one_for_each_row() -> None:
    places = [torch.arange(1), torch.arange(3)]
    assert can_merge(places, 1, [each.clone() for each in places], 1)
    assert not can_merge(places, 1, [torch.tensor([1]), places[1]], 1)
    kept = merged([(places, 1), (places, 1)], 12, torch.bfloat16)
    assert [each.tolist() for each in kept] == [[0], [0, 1, 2]]
