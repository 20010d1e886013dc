"""Rows are chosen by what pages cost, padding and tail included."""

from dataclasses import replace

import pytest
from crowds import Desk, finished, jobs, paint, population
from families import model_of

from evolve.genome.settings import Settings
from evolve.rendering.manner import Manner
from evolve.rendering.tuning.pages import ALIKE, MIXED, best, decoded_at_once, decodings, forwards


@pytest.mark.parametrize("rows", [3, 8])
def test_a_page_takes_as_many_forwards_as_the_painter_makes(rows: int) -> None:
    page = [(1 if k % 3 else 2, 1 + k % 4) for k in range(7)]
    model = model_of("Stable Diffusion", rows=rows)
    settings = [Settings(3.0 if taken == 2 else 1.0, steps) for taken, steps in page]
    desk, genome = Desk(model), population(model)[0]
    desk.work(*jobs([replace(genome, settings=each) for each in settings]))
    assert desk.painter.hub.passes == forwards(page, rows)


def test_the_first_picture_comes_after_its_own_steps_and_the_last_as_early_as_can_be() -> None:
    model = model_of("Stable Diffusion", rows=4)
    desk, genome, steps = Desk(model), population(model)[0], (2, 3, 4, 5)
    events = desk.work(*jobs([replace(genome, settings=Settings(3.0, n)) for n in steps]))
    assert desk.painter.hub.passes == sum(steps) * 2 // 4  # every forward is full
    assert min(finished(events), key=lambda event: event.passes).id == 0


def test_padding_and_tail_count() -> None:
    assert forwards([(2, 8)] * 12, 24) == 8
    assert forwards([(2, 8)] * 12, 16) == 12  # they take turns: no forward is half empty
    assert forwards([(2, 8), (2, 1)], 4) == 8  # the long one goes on alone
    assert forwards([(2, 1), (2, 1), (2, 2)], 4) == 2  # and so never waits
    assert forwards([(4, 3)], 2) == 3  # more than a forward has: it goes alone


def test_rows_are_the_fewest_with_which_pages_are_painted_nearly_as_fast_as_they_can_be() -> None:
    assert best({2: 1.0, 4: 1.0, 8: 1.0, 12: 1.0, 24: 1.0}) == 24  # each forward costs the same
    assert best({2: 1.0, 4: 2.0, 8: 4.0, 12: 6.0, 24: 12.0}) == 2  # each row does
    assert best({12: 1.0, 24: 1.0, 48: 1.0}) == 24  # no page here fills more


def test_rows_that_only_pay_in_full_forwards_are_not_taken() -> None:
    seconds = {8: 0.06, 24: 0.175}  # 24 rows are a little cheaper where all of them are used
    assert forwards(ALIKE, 24) * seconds[24] < forwards(ALIKE, 8) * seconds[8]
    assert forwards(MIXED, 24) * seconds[24] > 1.1 * forwards(MIXED, 8) * seconds[8]
    assert best(seconds) == 8


@pytest.mark.parametrize(("rows", "at_once"), [(3, 2), (8, 2), (8, 4), (6, 1)])
def test_a_page_is_decoded_as_often_as_the_painter_does_it(
    rows: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = [(2, 2 + k % 4) for k in range(9)]
    model = model_of("Stable Diffusion", rows=rows).in_manner(Manner(decode_rows=at_once))
    decoder, decoded = model.pipeline.vae.decoder, list[int]()
    forward = decoder.forward
    monkeypatch.setattr(
        decoder, "forward", lambda z, *args: (decoded.append(len(z)), forward(z, *args))[1]
    )
    genome = population(model)[0]
    paint(model, [replace(genome, settings=Settings(3.0, steps)) for _, steps in page])
    assert decoded == [at_once] * decodings(page, rows, at_once)


def test_pictures_are_decoded_one_by_one_where_padding_costs_what_rows_save() -> None:
    each = {1: 0.012, 2: 0.0225, 4: 0.044, 8: 0.084}  # a little cheaper in full forwards
    assert decodings(MIXED, 12, 8) * 8 == 2 * len(MIXED)
    assert decoded_at_once(each, (8, 16), pays=0.95) == 1
    assert decoded_at_once({**each, 2: 0.014}, (8, 16), pays=0.95) == 2
    assert decoded_at_once(dict.fromkeys(each, 0.01), (8, 16), pays=0.95) == 8
    assert decoded_at_once({1: 0.01}, (8, 16), pays=0.95) == 1
