from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from fakes import SHAPE, FakeRenderer

from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.rendering import ahead
from evolve.rendering.ahead import Guess, PaintingAhead
from evolve.rendering.protocol import (
    Failed,
    Finished,
    Job,
    Ready,
    RenderEvent,
    Restarted,
    Stepped,
    Task,
)
from evolve.scoring.wanted import Wanted


class Begun(FakeRenderer):
    """Begins jobs at the first poll, and finishes one at each later one."""

    failing = False

    def submit(self, jobs: Sequence[Task]) -> None:
        self._pending += [Stepped(job.id, 1, 8) for job in jobs]
        super().submit(jobs)

    def poll(self, timeout: float) -> list[RenderEvent]:
        if self.failing and self.queue:
            return [Failed(self.queue.pop(0).id, "poison")]
        return super().poll(timeout)

    @property
    def begun(self) -> list[int]:
        """Ids of all that was submitted."""
        return [job.id for job in self.submitted]


def genome(seed: int, *, guidance: float = 3.0) -> Genome:
    noise = np.random.default_rng(seed).standard_normal(SHAPE).astype(np.float16)
    return Genome(noise, Prompt.parse("a"), Settings(guidance_scale=guidance))


def guesses(*seeds: int, chance: float = 0.9) -> dict[str, Guess]:
    return {each.digest: Guess(each, chance) for each in map(genome, seeds)}


def polled(painting: PaintingAhead, times: int = 12) -> list[RenderEvent]:
    return [event for _ in range(times) for event in painting.poll(0.0)]


def started(rows: int = 4) -> tuple[Begun, PaintingAhead]:
    inner = Begun(rows=rows)
    painting = PaintingAhead(inner)
    assert [type(event) for event in painting.poll(0.0)] == [Ready]
    return inner, painting


def finished(events: list[RenderEvent]) -> list[int]:
    return [event.id for event in events if isinstance(event, Finished)]


def test_a_guess_is_painted_unheard_and_there_at_once_when_it_is_asked_for() -> None:
    inner, painting = started()
    painting.guess(guesses(1))
    assert polled(painting) == []
    painting.submit([Job(7, genome(1))])
    (event,) = painting.poll(0.0)
    directly = FakeRenderer()
    directly.submit([Job(7, genome(1))])
    asked = directly.poll(0.0)[-1]
    assert isinstance(event, Finished)
    assert isinstance(asked, Finished)
    assert event.id == 7
    assert np.array_equal(event.picture, asked.picture)
    assert event.record == asked.record
    assert len(inner.painted) == 1
    assert (painting.painted, painting.used) == (1, 1)


def test_a_guess_that_is_being_painted_goes_on_as_what_was_asked_for() -> None:
    inner, painting = started()
    inner.waits = True
    painting.guess(guesses(1, 2))
    polled(painting, 2)
    painting.submit([Job(7, genome(2))])
    assert painting.poll(0.0) == [Stepped(7, 1, 8)]
    assert not inner.cancelled
    inner.waits = False
    assert finished(polled(painting)) == [7]
    assert len(inner.begun) == 2


def test_what_is_asked_for_goes_before_all_guesses_and_they_come_after_it() -> None:
    inner, painting = started()
    inner.waits = True
    painting.guess(guesses(1, 2))
    polled(painting, 2)
    guessed = list(inner.begun)
    painting.submit([Job(7, genome(3))])
    assert inner.cancelled == guessed
    assert [job.id for job in inner.queue] == [7]
    painting.guess(guesses(4))
    polled(painting, 2)
    assert [job.id for job in inner.queue] == [7]
    inner.waits = False
    assert finished(polled(painting)) == [7]
    assert len(inner.painted) == 2


def test_as_many_are_begun_as_fill_a_forward_and_one_more() -> None:
    inner, painting = started(rows=4)
    painting.guess(guesses(*range(9)))
    assert len(inner.begun) == 3


def test_the_likeliest_for_its_work_is_painted_first() -> None:
    inner, painting = started(rows=1)
    cheap, dear, likely = genome(1, guidance=1.0), genome(2), genome(3)
    painting.guess(
        {
            dear.digest: Guess(dear, 0.6),
            cheap.digest: Guess(cheap, 0.6),
            likely.digest: Guess(likely, 0.9, kept=0.5),
        }
    )
    order = [inner.queue[0].genome.digest]  # type: ignore[union-attr]
    for _ in range(6):
        painting.poll(0.0)
        order += [job.genome.digest for job in inner.queue if isinstance(job, Job)]
    assert list(dict.fromkeys(order)) == [cheap.digest, dear.digest, likely.digest]


def test_another_answer_puts_far_likelier_ones_in_place_of_others() -> None:
    inner, painting = started(rows=1)
    inner.waits = True
    painting.guess(guesses(1, chance=0.6))
    painting.guess({**guesses(1, chance=0.5), **guesses(2, chance=0.6)})
    assert len(inner.begun) == 1
    painting.guess({**guesses(1, chance=0.1), **guesses(2, chance=0.9)})
    assert inner.cancelled == inner.begun[:1]
    assert len(inner.begun) == 2


def test_of_mere_guesses_only_as_many_are_painted_as_there_are_to_spare() -> None:
    inner, painting = started(rows=24)
    painting.sure, painting.spare = 0.5, 2
    painting.guess({**guesses(1, 2, 3, 4, chance=0.2), **guesses(5, chance=0.8)})
    polled(painting)
    assert len(inner.painted) == 3
    assert painting.is_painted(genome(5).digest)


@pytest.mark.parametrize(("limit", "most"), [("KEPT_BYTES", 2 * 5_000), ("KEPT", 2)])
def test_what_is_kept_has_a_bound_and_what_was_not_guessed_for_longest_goes_first(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(ahead, limit, most)
    _, painting = started()
    painting.guess(guesses(1, 2, 3))
    polled(painting)
    assert [painting.is_painted(genome(seed).digest) for seed in (1, 2, 3)] == [False, True, True]
    painting.guess(guesses(2, 4))
    polled(painting)
    assert [painting.is_painted(genome(seed).digest) for seed in (2, 3, 4)] == [True, False, True]


@pytest.mark.parametrize("more", [{"wanted": Wanted("a hat", "")}, {"until": 4}])
def test_what_ends_otherwise_than_a_guess_is_painted_when_it_is_asked_for(
    more: dict[str, Any],
) -> None:
    inner, painting = started()
    painting.guess(guesses(1))
    polled(painting)
    painting.submit([Job(7, genome(1), **more)])
    assert inner.begun[-1] == 7


def test_a_guess_that_fails_is_not_tried_again_until_it_is_asked_for() -> None:
    inner, painting = started()
    inner.failing = True
    painting.guess(guesses(1))
    assert polled(painting) == []
    painting.guess(guesses(1))
    assert len(inner.begun) == 1
    painting.submit([Job(7, genome(1))])
    assert finished(polled(painting)) == []
    assert inner.begun[-1] == 7


def test_guesses_end_when_the_renderer_dies_of_them_again_and_again() -> None:
    inner, painting = started()
    inner.waits = True
    for deaths in range(1, ahead.DEATHS + 1):
        painting.guess(guesses(deaths))
        inner._pending.append(Restarted("it died"))
        assert Restarted("it died") in painting.poll(0.0)
        assert inner.cancelled[-1] == inner.begun[-1]
    painting.guess(guesses(9))
    assert len(inner.begun) == ahead.DEATHS


def test_what_is_stopped_is_reported_no_more_though_it_was_a_guess() -> None:
    inner, painting = started()
    painting.guess(guesses(1))
    polled(painting)
    inner.waits = True
    painting.guess(guesses(2))
    painting.submit([Job(7, genome(1)), Job(8, genome(2))])
    painting.cancel([7, 8])
    inner.waits = False
    assert polled(painting) == []
    assert painting.is_free


@pytest.mark.parametrize("dropped", [{}, guesses(2)])
def test_what_is_not_guessed_any_more_is_not_painted_on(dropped: dict[str, Guess]) -> None:
    inner, painting = started()
    inner.waits = True
    painting.guess(guesses(1))
    painting.guess(dropped)
    assert inner.cancelled == inner.begun[:1]
