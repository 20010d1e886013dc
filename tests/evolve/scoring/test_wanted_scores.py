"""How well an edit came out: what was asked for, and what shows at the border of its place."""

import numpy as np
import pytest

from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base, Edit
from evolve.genome.noise import numbered
from evolve.scoring.wanted import Wanted
from evolve.scoring.wanted_scores import at_edge

SHAPE = (4, 8, 8)


def edited(mask: np.ndarray | None) -> Genome:
    picture = np.full((32, 32, 3), 100, np.uint8)
    base = Base(numbered(0, SHAPE, "test"), picture)
    return Genome(numbered(1, SHAPE, "test"), Prompt.parse("a face"), edit=Edit(base, 1.0, mask))


def test_a_pale_patch_is_seen_at_the_border_of_its_place_and_what_was_asked_for_is_not():
    mask = np.zeros((8, 8), np.bool_)
    mask[2:6, 2:6] = True
    thing, patch = (np.full((32, 32, 3), 100, np.uint8) for _ in range(2))
    thing[12:20, 12:20] = 255
    patch[8:24, 8:24] = 151
    genome = edited(mask)
    assert at_edge(thing, genome) == 0
    assert at_edge(patch, genome) == pytest.approx(0.2)
    assert at_edge(patch, edited(None)) == 0
    assert at_edge(patch, edited(np.zeros_like(mask))) == 0


@pytest.mark.parametrize(
    "written", [{"add": ""}, {"remove": "|"}, {"swap": ["", ""]}, {"add": "x" * 3000}, {"add": 1}]
)
def test_what_no_prompt_can_ask_for_is_not_judged(written: dict[str, object]) -> None:
    assert Wanted.of({"add": "a hat"}) == Wanted("a hat")
    assert Wanted.of(written) is None
