"""Forwards that are recorded and replayed: the same as without, or as ever where that cannot be."""

import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from recordings import Recorder
from torch import nn

from evolve.rendering.batching.replaying import CHECKED, MOST, SEEN, Replaying, Replays
from evolve.rendering.batching.station import Station


class Counted(nn.Module):
    """Adds numbers to a row's; counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.forwards = 0

    def forward(self, x: torch.Tensor, times: float = 1.0, **others: Any) -> dict[str, Any]:
        self.forwards += 1
        return {"sum": (x * times + self.weight, len(x))}


def replaying(recorder: Recorder) -> tuple[Counted, Replaying]:
    module = Counted()
    return module, recorder.replays().of(module)


@torch.no_grad()
def answers(replaying: Replaying, count: int, width: int = 2, **others: Any) -> list[torch.Tensor]:
    made = [replaying(x=torch.full((3, width), float(k)), **others) for k in range(count)]
    return [each["sum"][0] for each in made]


def test_a_form_that_returns_is_recorded_and_gives_the_same_in_tensors_of_its_own() -> None:
    recorder = Recorder()
    _, replays = replaying(recorder)
    made = answers(replays, SEEN + CHECKED + 4)
    for k, answer in enumerate(made):  # after the last: none was written over
        assert torch.equal(answer, torch.full((3, 2), k + 1.0))
    assert recorder.made == 1
    assert recorder.replayed == CHECKED + 4


def test_a_form_that_does_not_return_is_not_recorded() -> None:
    recorder = Recorder()
    _, replays = replaying(recorder)
    for k in range(3 * SEEN):
        answers(replays, SEEN, width=k + 1)
        answers(replays, 1, times=k / 7)
    assert recorder.made == 0


def test_single_values_are_part_of_the_form() -> None:
    recorder = Recorder()
    _, replays = replaying(recorder)
    for times in (1.0, 2.0):
        made = answers(replays, SEEN + CHECKED + 2, times=times)
        assert torch.equal(made[-1], torch.full((3, 2), (SEEN + CHECKED + 1) * times + 1))
    assert recorder.made == 2


def test_a_recording_that_gives_other_bits_is_given_up_and_never_answers() -> None:
    recorder = Recorder(stale=True)
    module, replays = replaying(recorder)
    for k, answer in enumerate(answers(replays, 9)):
        assert torch.equal(answer, torch.full((3, 2), k + 1.0))
    assert (recorder.made, recorder.replayed) == (1, 2)  # its own inputs it had right
    assert module.forwards == 9 + recorder.made


@pytest.mark.parametrize(
    ("error", "tried"),
    [(RuntimeError("operation not permitted when stream is capturing"), 2), (MemoryError(), 1)],
)
def test_what_cannot_be_recorded_runs_as_ever(error: Exception, tried: int) -> None:
    attempts = 0

    def refuse(compute: Callable[[], Any], device: torch.device) -> Callable[[], Any]:
        nonlocal attempts
        attempts += 1
        raise error

    module = Counted()
    replays = Replays(kind="cpu", record=refuse).of(module)
    for width in (1, 2):
        assert len(answers(replays, SEEN + 3, width=width)) == SEEN + 3
    assert module.forwards == 2 * (SEEN + 3)
    assert attempts == tried  # each form once; none at all once memory was short


def test_what_a_failed_recording_held_is_free_before_the_forward_runs_without() -> None:
    held = list[weakref.ref[Counted]]()
    is_free = list[bool]()

    def refuse(compute: Callable[[], Any], device: torch.device) -> Callable[[], Any]:
        large = Counted()
        large.register_forward_hook(lambda *_: print(large))  # a circle, as those of tracebacks
        held.append(weakref.ref(large))
        raise torch.OutOfMemoryError

    class Large(Counted):
        def forward(self, x: torch.Tensor, times: float = 1.0, **others: Any) -> dict[str, Any]:
            is_free.extend(each() is None for each in held)
            return super().forward(x, times, **others)

    answers(Replays(kind="cpu", record=refuse).of(Large()), SEEN + 1)
    assert is_free == [True]


def test_moved_weights_are_recorded_again() -> None:
    recorder = Recorder()
    module, replays = replaying(recorder)
    answers(replays, SEEN + 1)
    module.weight.data = torch.full((1,), 5.0)
    assert torch.equal(answers(replays, 2)[1], torch.full((3, 2), 6.0))
    assert recorder.made == 2


def test_only_so_many_recordings_are_kept() -> None:
    recorder = Recorder()
    _, replays = replaying(recorder)
    for width in range(1, MOST + 2):
        answers(replays, SEEN + 1, width=width)
    answers(replays, 1, width=2)
    assert recorder.made == MOST + 1
    answers(replays, 1, width=1)  # not seen for longest
    assert recorder.made == MOST + 2


@pytest.mark.parametrize(
    "other", [{"objects": [object()]}, {"there": torch.ones(1, device="meta")}]
)
def test_what_a_recording_cannot_be_given_is_never_recorded(other: dict[str, Any]) -> None:
    recorder = Recorder()
    _, replays = replaying(recorder)
    answers(replays, SEEN + 3, **other)
    assert recorder.made == 0


def test_forwards_with_gradients_run_as_ever() -> None:
    recorder = Recorder()
    _, replays = replaying(recorder)
    for _ in range(SEEN + 3):
        made = replays(x=torch.ones(3, 2))["sum"][0]
    made.sum().backward()
    assert recorder.made == 0


def test_a_module_that_is_watched_runs_as_ever() -> None:
    recorder, seen = Recorder(), []
    module, replays = replaying(recorder)
    module.register_forward_hook(lambda *_: seen.append(1))
    answers(replays, SEEN + 3)
    assert len(seen) == SEEN + 3
    assert recorder.made == 0


def test_a_station_gives_recordings_up_before_it_halves_its_rows() -> None:
    given_up = [True, False]
    sizes = []

    class Short(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            sizes.append(len(x))
            if len(sizes) < 3:
                raise torch.OutOfMemoryError
            return x

    from greenlet import greenlet

    station = Station(Short(), 4, spare=lambda: given_up.pop(0))
    station.park(greenlet(), (torch.ones(1, 2),), {})
    assert torch.equal(station.answer()[0].answer, torch.ones(1, 2))
    assert sizes == [4, 4, 2]


def test_modules_that_share_memory_give_their_recordings_up_together() -> None:
    recorder = Recorder()
    shared = recorder.replays()
    first, second = shared.of(Counted()), shared.of(Counted())
    answers(first, SEEN + CHECKED + 1)
    assert shared.stop()
    assert not shared.stop()
    before = recorder.replayed
    for each in (first, second):
        answers(each, SEEN + CHECKED + 1)
    assert (recorder.made, recorder.replayed) == (1, before)


def test_no_recording_is_kept_for_a_module_that_is_gone() -> None:
    shared = Recorder().replays()
    answers(replays := shared.of(Counted()), SEEN + 1)
    del replays
    assert not shared.stop()
