"""Jobs are begun in order, and at the end of a page the longest first."""

from dataclasses import replace

import numpy as np
from crowds import Desk, population
from families import model_of

from evolve.genome import Genome, Prompt, Settings
from evolve.genome.edit import Base, Edit
from evolve.rendering.pacing.beginning import Order, next_of
from evolve.rendering.protocol import Job, Stepped


def test_what_does_not_fit_waits_and_the_next_that_does_goes_in() -> None:
    many = [(2, 5)] * 20
    assert next_of([(2, 5), (1, 5), *many], busy=7, rows=8) == 1
    assert next_of(many, busy=7, rows=8) is None
    assert next_of([(4, 5)], busy=0, rows=2) == 0  # more than a forward has: it goes alone


def test_with_much_to_do_order_counts_and_at_the_end_length() -> None:
    lengths = [(2, 6), (2, 9), (2, 12), (2, 12)]
    assert next_of(lengths + [(2, 30)] * 9, busy=0, rows=8) == 0
    assert next_of(lengths, busy=0, rows=8) == 2
    assert next_of(lengths, busy=7, rows=8) == 2  # those under way take turns with it
    assert next_of(lengths, busy=7, rows=8, alone=False) is None
    assert next_of(lengths[:1], busy=1, rows=1) is None  # one by one


def test_only_what_was_asked_for_together_changes_places() -> None:
    model = model_of("Stable Diffusion", rows=2)
    genome = population(model)[0]
    desk = Desk(model)

    def job(number: int, steps: int) -> Job:
        return Job(number, replace(genome, settings=replace(genome.settings, steps=steps)))

    desk.painter.take([job(0, 9), job(1, 2)])
    events = desk.work(job(2, 1), job(3, 3))
    begun = [event.id for event in events if isinstance(event, Stepped) and event.step == 0]
    assert begun == [3, 2, 0, 1]


def test_an_edit_has_begun_when_a_step_that_paints_is_done() -> None:
    genome = Genome(np.zeros((4, 8, 8), np.float16), Prompt.parse("a"), Settings(steps=12))
    edited = replace(genome, edit=Edit(Base(genome.noise), 0.25))  # 9 steps are held
    order = Order()

    def begun(genome: Genome, done: int) -> bool:
        return order.parked(Job(0, genome), 1, done=done, until=12).begun

    assert [begun(genome, done) for done in (0, 1)] == [False, True]
    assert [begun(edited, done) for done in (8, 9, 10)] == [False, False, True]


def test_the_longest_is_that_of_which_most_is_left_to_paint() -> None:
    genome = Genome(np.zeros((4, 8, 8), np.float16), Prompt.parse("a"), Settings(steps=12))
    edited = replace(genome, edit=Edit(Base(genome.noise), 0.25))  # 3 steps
    order = Order(lambda job: 8 if job.id == 1 else 0)  # a draft, of which 4 are left
    queue = [Job(0, edited), Job(1, genome), Job(2, genome, until=5), Job(3, edited, until=4)]
    order.note(queue)
    begun = []
    while (place := order.next(queue, lambda batch: 0, 8)) is not None:
        begun.append(queue.pop(place).id)
    assert begun == [2, 1, 0, 3]
