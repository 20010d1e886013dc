"""Fibres whose calls are merged get what each would have got alone."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from walking import Denoiser, expected, run, walk

from evolve.rendering.batching.fibres import Hub
from evolve.rendering.batching.proxy import Proxy


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


@pytest.mark.parametrize("how", ["given up", "forgotten", "not listened to"])
def test_a_fibre_that_is_unwound_leaves_the_mode_of_autograd_as_it_is(how: str) -> None:
    hub = Hub(Denoiser(), rows=4)
    unwound: list[bool] = []

    @torch.no_grad()
    def paint() -> None:
        try:
            walk(Proxy(hub), 1.0, 1)()
            hub.pause()
        finally:
            unwound.append(True)

    jobs: list[tuple[int, Callable[[], Any]]] = [(0, paint)]
    if how == "not listened to":  # while the fibre still waits for its forward
        jobs.insert(0, (1, lambda: None))
    with torch.no_grad():
        running = hub.run(lambda: jobs.pop() if jobs else None)
        outcome = next(running)[1]
    if how == "given up":
        outcome.result.give_up()
    running.close()
    del outcome
    assert unwound == [True]
    assert torch.is_grad_enabled()


def test_without_rows_every_call_runs_alone_as_it_came() -> None:
    denoiser = Denoiser()
    hub = Hub(denoiser, rows=None)
    run(hub, {str(i): walk(Proxy(hub), 1.0, 2, rows=i + 1) for i in range(2)})
    assert denoiser.rows == [1, 2, 1, 2]


def test_an_idle_proxy_gives_its_last_answer_again() -> None:
    denoiser = Denoiser()
    hub = Hub(denoiser, rows=2)
    proxy = Proxy(hub)

    def body() -> tuple[float, float]:
        proxy.rest(True)
        answers = [
            proxy(torch.full((1, 4), x), torch.tensor(0), text=torch.zeros(1, 3, 2))[0][0, 0].item()
            for x in (1.0, 7.0)
        ]
        return answers[0], answers[1]

    assert run(hub, {"idle": body})["idle"].result == (2.0, 2.0)
    assert len(denoiser.rows) == 1


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


def test_pipelines_find_the_layers_of_the_denoiser_in_its_proxy() -> None:
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU())
    proxy = Proxy(Hub(module, rows=2))
    assert [name for name, _ in proxy.named_modules()] == ["", "0", "1"]
    assert list(proxy.children()) == list(module.children())
    assert [p.shape for p in proxy.parameters()] == [p.shape for p in module.parameters()]
    assert proxy.state_dict().keys() == module.state_dict().keys()
