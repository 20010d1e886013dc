"""A fibre that runs several calls side by side."""

from collections.abc import Callable
from typing import Any

from walking import Denoiser, expected, run, walk

from evolve.rendering.batching.fibres import Hub
from evolve.rendering.batching.proxy import Proxy


def gathering(hub: Hub, bodies: list[Callable[[], Any]]) -> Callable[[], Any]:
    return lambda: hub.gather(bodies)


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
    running.close()
    assert unwound == [1, 1]
    assert not hub.waiting
    assert run(hub, {"after": walk(Proxy(hub), 1.0, 2)})["after"].error is None
