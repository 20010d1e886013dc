"""Tries: which words and which noises are tried, and near which children begin."""

import numpy as np
import pytest

from evolve.genome import Genome, Prompt
from evolve.genome.noise import TRIES, numbered
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings
from evolve.rendering.finding.trying import MORE, is_placed, tried
from evolve.rendering.protocol import Locate, Located

SHAPE = (4, 8, 8)
PLACE = np.zeros(SHAPE[1:], np.bool_)
PLACE[2:5, 2:6] = True
WORDS = phrasings(Prompt.typed("a woman, happy"), WordChange(add="wheels"))


def chances_of(seen: list[float], said: Phrasings = WORDS) -> tuple[Located, list[Genome]]:
    """Return what tries come to that are seen to show the thing so surely, and these."""
    painted: list[Genome] = []

    def chances(tries):
        start = len(painted)
        painted.extend(tries)
        return seen[start : len(painted)]

    genome = Genome(numbered(0, SHAPE, "test"), said.before)
    task = Locate(id=7, genome=genome, latent=genome.noise, phrasings=said, place=PLACE)
    found = tried(task, Located(7, PLACE.astype(np.float32), 0.0), 6.0, chances)
    assert len(painted) == len(seen) == found.cost
    return found, painted


def test_what_every_weight_shows_is_tried_once_and_children_begin_anywhere():
    found, painted = chances_of([-0.1, -0.2, -0.3])
    assert [each.prompt for each in painted] == [WORDS.after, *WORDS.stronger]
    for each in painted:
        fresh = numbered(0, SHAPE, TRIES)
        np.testing.assert_array_equal(each.noise[:, PLACE], fresh[:, PLACE])
        assert (each.noise[:, ~PLACE] == numbered(0, SHAPE, "test")[:, ~PLACE]).all()
        assert each.settings.guidance_scale == 6
    assert (found.chances, found.near) == ((-0.1, -0.2, -0.3), ())


def test_where_all_changes_alike_there_is_no_place_to_try_at():
    genome = Genome(numbered(0, SHAPE, "test"), WORDS.before)
    task = Locate(id=7, genome=genome, latent=genome.noise, phrasings=WORDS)
    found = Located(7, np.full(SHAPE[1:], 9, np.float32), 1.5)
    assert not is_placed(task, found)
    assert tried(task, found, 6.0, lambda tries: []) is found


@pytest.mark.parametrize(
    ("first", "more", "weights", "near"),
    [
        ([-4.6, -0.4, -0.1], [-4.6, -0.3, -4.6], [1.5] * 3, (2, 0)),  # other noises, same words
        ([-4.6, -0.4, -0.1], [-0.3, -0.2, -0.1], [1.5] * 3, ()),  # each noise shows it
        ([-4.6, -4.6, -4.6], [-4.6, -0.2, -4.6], [2, 1.5, 2], (2,)),
        ([-4.6, -4.6, -4.6], [-4.6, -4.6, -4.6], [2, 1.5, 2], ()),  # nothing shows it
    ],
)
def test_what_some_tries_do_not_show_is_tried_from_other_noises(first, more, weights, near):
    found, painted = chances_of([*first, *more])
    again = painted[3:]
    assert [each.prompt.concepts[-1].weight for each in again] == weights
    for k, each in enumerate(again, start=1):
        np.testing.assert_array_equal(each.noise[:, PLACE], numbered(k, SHAPE, TRIES)[:, PLACE])
    assert len(again) == MORE
    assert found.near == near
    assert max(found.chances) == max(first + more)
