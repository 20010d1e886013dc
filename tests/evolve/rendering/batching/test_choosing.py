"""Where more wait than fit into a forward, all go on as early as if they took turns perfectly."""

import math

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from evolve.rendering.batching.choosing import Turn, behind, chosen
from evolve.rendering.batching.fibres import Hub

WAITING = st.lists(st.tuples(st.integers(1, 2), st.integers(1, 9)), min_size=1, max_size=9)


@given(WAITING, st.integers(2, 12))
def test_a_forward_is_full_if_enough_wait(waiting: list[tuple[int, int]], rows: int) -> None:
    places = chosen(waiting, rows)
    used = sum(waiting[place][0] for place in places)
    others = [taken for k, (taken, _) in enumerate(waiting) if k not in places]
    assert places == sorted(set(places))
    assert used <= rows
    assert all(used + taken > rows for taken in others)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.integers(1, 5))
def test_all_have_ended_after_hardly_more_forwards_than_are_needed(
    steps: list[int], rows: int
) -> None:
    left, count = dict(enumerate(steps)), 0
    while left:
        keys = list(left)
        for place in chosen([(1, left[key]) for key in keys], rows):
            left[keys[place]] -= 1
        left = {key: n for key, n in left.items() if n}
        count += 1
    assert count <= max(math.ceil(sum(steps) / rows), *steps, 0) + 1


def test_whoever_needs_all_forwards_left_does_not_wait_and_the_shortest_goes_next() -> None:
    assert chosen([(1, 2), (1, 3), (1, 9)], 2) == [0, 2]
    assert chosen([(3, 2)], 2) == [0]  # more than a forward has: it goes alone


def test_what_was_asked_for_earlier_and_is_not_begun_goes_last() -> None:
    turns = [Turn(9, 1), Turn(4, 1, begun=True), Turn(5, 2), Turn(6, 2), Turn(2, 1)]
    assert behind(turns) == {0, 4}
    assert chosen([(1, turn.left) for turn in turns], 3, behind(turns)) == [1, 2, 3]
    assert chosen([(1, turn.left) for turn in turns], 4, behind(turns)) == [1, 2, 3, 4]


class Double(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 2 * x


def test_what_is_the_same_waits_with_the_first_of_its_kind() -> None:
    hub = Hub(Double(), 1)

    def body(left: int, key: str | None) -> float:
        return float(hub.ask((torch.ones(1, 1),), {}, key=key, parked=lambda _: Turn(left)).answer)

    jobs = [
        (number, lambda left=left, key=key: body(left, key))
        for number, (left, key) in enumerate([(9, None), (1, "a"), (1, "a")])
    ]
    ended = dict(hub.run(lambda: jobs.pop(0) if jobs else None))
    assert {number: outcome.result for number, outcome in ended.items()} == dict.fromkeys(
        range(3), 2.0
    )
    assert hub.passes == 2


def test_what_may_wait_is_answered_in_a_later_round_and_what_may_not_at_once() -> None:
    def paint(known: bool) -> tuple[list[int], int, list[float]]:
        hub, ended = Hub(Double(), 2), []

        def body(steps: int) -> float:
            x = torch.ones(1, 1)
            for k in range(steps):
                parked = (lambda rows, n=steps - k: Turn(n)) if known else None
                x = hub.ask((x,), {}, parked=parked).answer
            ended.append(steps)
            return float(x)

        jobs = [(n, lambda n=n: body(n)) for n in (1, 2, 3)]
        done = dict(hub.run(lambda: jobs.pop(0) if jobs else None))
        return ended, hub.passes, [done[n].result for n in (1, 2, 3)]

    assert paint(known=True) == ([1, 2, 3], 3, [2.0, 4.0, 8.0])
    assert paint(known=False) == ([1, 2, 3], 4, [2.0, 4.0, 8.0])
