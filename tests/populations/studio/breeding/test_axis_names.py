"""What the axes of a population are called: light and dark, and what its model's reader knows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from saved import CONFIG, born, painted

from evolve.models.catalog import ModelCard, describe
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.properties import Properties
from evolve.session.archive import Render
from populations import Population
from populations.studio.breeding import axis_names as naming
from populations.studio.breeding.axis_names import axis_names

COUNT = 40
LIGHTNESS = np.linspace(20, 230, COUNT)
BEARDS = np.random.default_rng(1).permutation(np.linspace(0, 1, COUNT))


@pytest.fixture
def faces(tmp_path: Path):
    """Pictures that differ most in how light they are, and then in their beards."""
    rows = [*(born(i, 0) for i in range(COUNT)), born(COUNT, 1, 0)]
    with Population.create(tmp_path, "faces", CONFIG, rows=rows) as found:
        found.append([looking(i) for i in range(COUNT)])
        yield found


def looking(i: int) -> Render:
    vector = np.array([LIGHTNESS[i] / 50, -BEARDS[i], 0.01], np.float16)
    record = {"embedding": Embedding("fake", vector).to_json()}
    picture = np.full((8, 8, 3), round(LIGHTNESS[i]), np.uint8)
    return replace(painted(i), picture=picture, record=record)


def reads(card: ModelCard, pictures, individuals) -> Properties:
    values = np.stack([np.full(COUNT, 0.5), BEARDS], 1)
    return Properties(list(individuals), ["red hair", "beard"], values, "reader")


def test_axes_are_called_by_what_differs_along_them(faces, monkeypatch):
    monkeypatch.setattr(naming, "properties", reads)
    first, second = axis_names(faces.branch("main"), describe("portraits"), COUNT)
    assert set(first) == {"lighter", "darker"}
    assert set(second) == {"more beard", "less beard"}
    # The sign is that of the axis: its largest component leads further.
    assert first.further == "lighter"


def test_without_a_model_only_light_and_dark_have_words(faces):
    first, second = axis_names(faces.branch("main"), None, COUNT)
    assert first.further == "lighter"
    assert second == ("", "")


def test_few_pictures_have_no_axes(faces):
    assert axis_names(faces.branch("main"), None, 3) == []
