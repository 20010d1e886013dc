"""What a trial shows of how far children go, and how much of that is believed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import INFO, SHAPE, look_of

from evolve.genome import Genome, Prompt
from evolve.models.machine import trials
from evolve.rendering.tuning import size_curves
from evolve.rendering.tuning.size_curves import REACHES, SHAPES, Curves, SizeTrial
from evolve.scoring.looks.distance import Measure
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.sight import Sight
from evolve.search.individual import Origin

KINDS = ("fake",)
TEMPLATE = Genome(np.zeros(SHAPE, np.float16), Prompt.parse("a face"))


def tried() -> Curves:
    trial = SizeTrial(TEMPLATE)
    for place, genome in enumerate(trial.genomes):
        trial.take(place, Sight((look_of(genome),)))
    return trial.curves(KINDS)


def test_a_trial_is_small_and_measures_every_operator() -> None:
    curves = tried()
    assert len(SizeTrial(TEMPLATE).genomes) < 64
    assert set(SHAPES) <= set(curves.by_operator)
    for curve in curves.by_operator.values():
        assert list(curve.distances) == sorted(curve.distances)
    assert 1 < curves.measure.units["fake"] < 2**0.5


def test_the_curves_of_a_model_follow_its_pictures() -> None:
    """Its pictures differ by the angle: the sine of the half of it is the chord."""
    curve = tried().of(Origin("mutate", {}))
    for reach in REACHES:
        chord = 2 * np.sin(np.pi / 4 * reach) / 2**0.5
        assert curve.distance(reach) == pytest.approx(chord, rel=0.4)


def test_chance_alone_changes_nothing_and_a_clear_difference_everything() -> None:
    points = {
        name: {reach: [0.5 * sign for sign in (-1, 1)] for reach in REACHES} for name in SHAPES
    }
    assert size_curves._stretched(points)["mutate"].distances == SHAPES["mutate"].distances
    for by_reach in points.values():
        for reach in by_reach:
            by_reach[reach] = [0.69, 0.7]
    twice = size_curves._stretched(points)["mutate"].distances
    assert twice == pytest.approx([2 * d for d in SHAPES["mutate"].distances], rel=0.03)


def test_of_an_operator_that_was_not_measured_something_is_guessed() -> None:
    curves = Curves(Measure(), {"mutate": SHAPES["cross_band"]})
    assert curves.of(Origin("somebody_elses", {})) == SHAPES["cross_band"]
    assert Curves().of(Origin("mutate_band", {"low": True})) == SHAPES["mutate_band low"]
    assert Curves().of(Origin("somebody_elses", {})) == SHAPES["mutate"]


def test_what_was_measured_is_kept_for_the_same_model_settings_and_embedder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)
    assert size_curves.recall(INFO, TEMPLATE, ["x"]) is None
    curves = tried()
    assert size_curves.keep(INFO, TEMPLATE, ["x"], curves) == curves
    assert size_curves.recall(INFO, TEMPLATE, ["x"]) == curves
    assert size_curves.recall(INFO, TEMPLATE, ["x", "y"]) is None
    settings = replace(TEMPLATE.settings, steps=5)
    assert size_curves.recall(INFO, replace(TEMPLATE, settings=settings), ["x"]) is None
    other = Curves(Measure({"x": 3.0}))
    # Of several processes the first counts; what is damaged does not.
    assert size_curves.keep(INFO, TEMPLATE, ["x"], other) == curves
    for file in (tmp_path / "fancier/trials").iterdir():
        file.write_text('{"measure": {"units": {}, "unit": 0}, "curves": {}}')
    assert size_curves.recall(INFO, TEMPLATE, ["x"]) is None
    assert size_curves.keep(INFO, TEMPLATE, ["x"], other) == other


def test_pictures_that_could_not_be_painted_are_left_out() -> None:
    trial = SizeTrial(TEMPLATE)
    for place, genome in enumerate(trial.genomes[:20]):
        trial.take(place, Sight((look_of(genome),)) if place % 3 else None)
    assert trial.curves(KINDS).measure.units
    assert SizeTrial(TEMPLATE).curves(KINDS) == Curves()
    trial.take(0, Sight((Embedding("x", np.zeros(3, np.float16)),)))
    assert trial.curves(KINDS).measure.units
