from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch
from torch import nn

from evolve.rendering.fibres import Hub, Outcome, Proxy


class Denoiser(nn.Module):
    """x -> 2 x + t + mean of the text; notes how many rows each forward had."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[int] = []
        self.sample_size = 4

    def forward(
        self, sample: torch.Tensor, timestep: torch.Tensor, text: torch.Tensor, kind: str = "a"
    ) -> tuple[torch.Tensor]:
        self.rows.append(len(sample))
        if kind == "bad":
            raise RuntimeError("this kind cannot be painted")
        return (2 * sample + timestep[:, None] + text.mean((1, 2))[:, None],)


def walk(
    proxy: nn.Module, start: float, steps: int, *, rows: int = 1, length: int = 3, kind: str = "a"
) -> Callable[[], torch.Tensor]:
    """A little sampler: so many denoiser calls, each with its own timestep."""

    def body() -> torch.Tensor:
        x = torch.full((rows, 4), start)
        for t in range(steps):
            (x,) = proxy(x, torch.tensor(t), text=torch.full((rows, length, 2), start), kind=kind)
        return x

    return body


def expected(start: float, steps: int) -> float:
    x = start
    for t in range(steps):
        x = 2 * x + t + start
    return x


def run(hub: Hub, bodies: Mapping[str, Callable[[], Any]]) -> dict[str, Outcome]:
    waiting = list(bodies.items())
    return dict(hub.run(lambda: waiting.pop(0) if waiting else None))


def test_every_fibre_gets_what_it_would_have_got_alone() -> None:
    hub = Hub(Denoiser(), rows=8)
    proxy = Proxy(hub)
    outcomes = run(hub, {f"{s}/{n}": walk(proxy, s, n) for s in (0.5, 1.0) for n in (1, 3, 5)})
    for key, outcome in outcomes.items():
        start, steps = key.split("/")
        assert outcome.result[0, 0].item() == pytest.approx(expected(float(start), int(steps)))
    assert list(outcomes) == ["0.5/1", "1.0/1", "0.5/3", "1.0/3", "0.5/5", "1.0/5"]


def test_calls_are_merged_into_forwards_of_a_fixed_number_of_rows() -> None:
    denoiser = Denoiser()
    hub = Hub(denoiser, rows=8)
    run(hub, {str(i): walk(Proxy(hub), 1.0, 5, rows=2) for i in range(4)})
    assert denoiser.rows == [8] * 5
    assert hub.passes == 5


def test_a_lone_fibre_is_padded_to_the_same_number_of_rows() -> None:
    denoiser = Denoiser()
    hub = Hub(denoiser, rows=8)
    run(hub, {"alone": walk(Proxy(hub), 1.0, 3)})
    assert denoiser.rows == [8, 8, 8]


def test_rows_of_one_call_are_never_split() -> None:
    denoiser = Denoiser()
    hub = Hub(denoiser, rows=4)
    outcomes = run(hub, {str(i): walk(Proxy(hub), float(i), 1, rows=3) for i in range(3)})
    assert denoiser.rows == [4, 4, 4]
    assert [o.result.shape for o in outcomes.values()] == [(3, 4)] * 3


def test_calls_of_other_shapes_run_in_forwards_of_their_own() -> None:
    denoiser = Denoiser()
    hub = Hub(denoiser, rows=8)
    lengths = {"short": 3, "long": 7, "short too": 3}
    outcomes = run(hub, {k: walk(Proxy(hub), 1.0, 2, length=n) for k, n in lengths.items()})
    assert len(denoiser.rows) == 4
    assert {o.result[0, 0].item() for o in outcomes.values()} == {expected(1.0, 2)}


def test_new_fibres_join_while_others_are_under_way() -> None:
    denoiser = Denoiser()
    hub = Hub(denoiser, rows=8)
    proxy = Proxy(hub)
    late = [("late", walk(proxy, 1.0, 2))]

    def admit() -> tuple[str, Callable[[], Any]] | None:
        if not denoiser.rows:
            return (
                ("early", walk(proxy, 1.0, 4))
                if not started.append(1) and len(started) == 1
                else None
            )
        return late.pop() if late else None

    started: list[int] = []
    assert [key for key, _ in hub.run(admit)] == ["late", "early"]
    assert len(denoiser.rows) == 4


def test_an_error_in_one_fibre_leaves_the_others_alone() -> None:
    hub = Hub(Denoiser(), rows=8)

    def broken() -> None:
        raise ValueError("not this one")

    outcomes = run(hub, {"good": walk(Proxy(hub), 1.0, 2), "bad": broken})
    assert isinstance(outcomes["bad"].error, ValueError)
    assert outcomes["good"].result[0, 0].item() == expected(1.0, 2)


def test_a_forward_that_fails_fails_only_who_asked_for_it() -> None:
    hub = Hub(Denoiser(), rows=8)
    kinds = {"good": "a", "bad": "bad", "worse": "bad"}
    outcomes = run(hub, {k: walk(Proxy(hub), 1.0, 3, kind=kind) for k, kind in kinds.items()})
    assert outcomes["good"].result[0, 0].item() == expected(1.0, 3)
    for name in ("bad", "worse"):
        assert "this kind cannot be painted" in str(outcomes[name].error)


def test_a_listener_that_leaves_unwinds_the_fibres_under_way() -> None:
    hub = Hub(Denoiser(), rows=8)
    proxy = Proxy(hub)
    unwound: list[str] = []

    def careful() -> None:
        try:
            walk(proxy, 1.0, 9)()
        finally:
            unwound.append("careful")

    bodies = iter([("quick", walk(proxy, 1.0, 1)), ("careful", careful)])
    running = hub.run(lambda: next(bodies, None))
    assert next(running)[0] == "quick"
    running.close()
    assert unwound == ["careful"]


def test_the_proxy_shows_the_attributes_of_the_denoiser() -> None:
    assert Proxy(Hub(Denoiser(), rows=8)).sample_size == 4
