from dataclasses import replace
from itertools import pairwise

import numpy as np

from evolve.genome import Genome, Prompt
from evolve.genome.noise import correlation
from evolve.genome.settings import Settings
from evolve.genome.variety import Variety
from evolve.search.operators.crossover import walk


def genome(seed: int, text: str = "a face", **settings: float) -> Genome:
    noise = np.random.default_rng(seed).standard_normal((4, 16, 16)).astype(np.float16)
    return Genome(noise, Prompt.parse(text), Settings(**settings))  # type: ignore[arg-type]


def test_a_walk_visits_its_stops_and_keeps_the_noise_normal() -> None:
    stops = [genome(1), genome(2), genome(3)]
    path = walk(stops, 5)
    assert len(path) == 11
    assert path[0::5] == stops
    for a in path:
        assert abs(float(np.std(a.noise.astype(float))) - 1) < 0.05


def test_the_steps_of_a_walk_are_equally_long() -> None:
    path = walk([genome(1), genome(2)], 6)
    angles = [np.arccos(correlation(a.noise, b.noise)) for a, b in pairwise(path)]
    np.testing.assert_allclose(angles, angles[0], atol=0.01)


def test_variety_comes_along() -> None:
    stops = [replace(genome(k, variety=0.3), variety=Variety(((k, 1.0),))) for k in (1, 2)]
    assert [g.variety for g in walk(stops, 2)] == [
        Variety(((1, 1.0),)),
        Variety(((1, 0.70711), (2, 0.70711))),
        Variety(((2, 1.0),)),
    ]


def test_settings_come_along() -> None:
    path = walk([genome(1, guidance_scale=2.0), genome(2, guidance_scale=8.0)], 2)
    assert [g.settings.guidance_scale for g in path] == [2.0, 4.0, 8.0]
