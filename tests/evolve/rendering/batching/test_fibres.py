from __future__ import annotations

import errno
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from evolve.rendering.batching import fibres
from evolve.rendering.batching.fibres import Hub, Outcome, Proxy
from evolve.rendering.batching.merging import can_merge, merged
from evolve.rendering.batching.out_of_memory import is_memory_short, release


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


def test_fibres_can_be_lifted_out_of_this_project(tmp_path: Path) -> None:
    package = tmp_path / "evolve/rendering/batching"
    package.mkdir(parents=True)
    for name in ("fibres", "merging", "out_of_memory"):
        shutil.copy(Path(fibres.__file__).with_name(f"{name}.py"), package)
    script = (
        "import torch; from evolve.rendering.batching.fibres import Hub, Proxy\n"
        "hub = Hub(torch.nn.Linear(2, 2), rows=4)\n"
        "jobs = [(k, lambda k=k: Proxy(hub)(torch.full((1, 2), float(k)))) for k in range(3)]\n"
        "with torch.no_grad():\n"
        "    ended = list(hub.run(lambda: jobs.pop() if jobs else None))\n"
        "assert hub.passes == 1 and all(o.error is None for _, o in ended), ended\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)


@pytest.mark.parametrize("device", ["cpu", "mps", "cuda:1"])
def test_memory_is_given_back_where_it_was_taken(
    monkeypatch: pytest.MonkeyPatch, device: str
) -> None:
    emptied: list[str] = []
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: emptied.append("cuda"))
    monkeypatch.setattr(torch.mps, "empty_cache", lambda: emptied.append("mps"))
    release(device)
    assert emptied == [kind for kind in ("mps", "cuda") if kind in device]


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
    running.close()  # type: ignore[attr-defined]
    del outcome
    assert unwound == [True]
    assert torch.is_grad_enabled()


def test_memory_too_small_for_a_single_row_fails_who_asked() -> None:
    class Larger(Denoiser):
        def forward(
            self, sample: torch.Tensor, timestep: torch.Tensor, text: torch.Tensor, kind: str = "a"
        ) -> tuple[torch.Tensor]:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    outcomes = run(hub := Hub(Larger(), rows=4), {"one": walk(Proxy(hub), 1.0, 2)})
    assert "not enough memory for a single picture" in str(outcomes["one"].error)


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


def gathering(hub: Hub, bodies: list[Callable[[], Any]]) -> Callable[[], Any]:
    return lambda: hub.gather(bodies)


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


def test_a_fibre_gathers_calls_that_run_side_by_side() -> None:
    denoiser = Denoiser()
    hub = Hub(denoiser, rows=8)
    proxy = Proxy(hub)
    bodies = [walk(proxy, start, steps) for start in (0.5, 1.0, 2.0) for steps in (3, 1)]
    outcomes = run(hub, {"many": gathering(hub, bodies), "one": walk(proxy, 4.0, 3)})
    found = [result[0, 0].item() for result in outcomes["many"].result]
    assert found == [expected(start, steps) for start in (0.5, 1.0, 2.0) for steps in (3, 1)]
    assert outcomes["one"].result[0, 0].item() == expected(4.0, 3)
    assert hub.passes == 3


def test_what_is_gathered_may_gather_itself() -> None:
    hub = Hub(Denoiser(), rows=8)
    inner = gathering(hub, [walk(Proxy(hub), 1.0, 2), lambda: "at once"])
    found = run(hub, {"outer": gathering(hub, [inner, lambda: 2, inner])})["outer"].result
    assert [found[0][1], found[1], found[2][1]] == ["at once", 2, "at once"]
    assert found[2][0][0, 0].item() == expected(1.0, 2)


def test_gathering_nothing_is_done_at_once() -> None:
    hub = Hub(Denoiser(), rows=8)
    assert run(hub, {"none": gathering(hub, [])})["none"].result == []


def test_the_first_failure_of_what_is_gathered_comes_when_all_have_ended() -> None:
    hub = Hub(Denoiser(), rows=8)
    ended = []

    def good() -> None:
        walk(Proxy(hub), 1.0, 4)()
        ended.append("good")

    bodies = [walk(Proxy(hub), 1.0, 2, kind="bad"), good]
    error = run(hub, {"many": gathering(hub, bodies)})["many"].error
    assert str(error) == "this kind cannot be painted"
    assert ended == ["good"]


def test_what_is_gathered_is_unwound_when_nobody_listens_any_more() -> None:
    hub = Hub(Denoiser(), rows=8)
    unwound = []

    def watched() -> None:
        try:
            walk(Proxy(hub), 1.0, 99)()
        finally:
            unwound.append(1)

    waiting = [("short", walk(Proxy(hub), 1.0, 1)), ("many", gathering(hub, [watched, watched]))]
    running = hub.run(lambda: waiting.pop() if waiting else None)
    next(iter(running))
    running.close()  # type: ignore[attr-defined]
    assert unwound == [1, 1]
    assert not hub.waiting
    assert run(hub, {"after": walk(Proxy(hub), 1.0, 2)})["after"].error is None


def test_whole_numbers_of_rows_stay_whole_and_types_that_differ_meet_in_float32() -> None:
    style = torch.tensor([3, 3])
    assert merged([(style, 2), (style, 2)], 4, torch.float32).dtype == torch.int64
    half = torch.tensor([751.0, 751.0], dtype=torch.bfloat16)
    assert merged([(half, 2)], 2, torch.bfloat16).dtype == torch.bfloat16
    mixed = merged([(torch.tensor(751), 2), (torch.tensor(12.5), 2)], 4, torch.bfloat16)
    assert mixed.dtype == torch.float32
    assert mixed.tolist() == [751, 751, 12.5, 12.5]


def test_pipelines_find_the_layers_of_the_denoiser_in_its_proxy() -> None:
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU())
    proxy = Proxy(Hub(module, rows=2))
    assert [name for name, _ in proxy.named_modules()] == ["", "0", "1"]
    assert list(proxy.children()) == list(module.children())
    assert [p.shape for p in proxy.parameters()] == [p.shape for p in module.parameters()]
    assert proxy.state_dict().keys() == module.state_dict().keys()


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
    assert plain._main._numbers is None  # a later failure changes nothing for those that went well


def test_places_in_a_list_are_shared_and_not_one_for_each_row() -> None:
    places = [torch.arange(1), torch.arange(3)]
    assert can_merge(places, 1, [each.clone() for each in places], 1)
    assert not can_merge(places, 1, [torch.tensor([1]), places[1]], 1)
    kept = merged([(places, 1), (places, 1)], 12, torch.bfloat16)
    assert [each.tolist() for each in kept] == [[0], [0, 1, 2]]
