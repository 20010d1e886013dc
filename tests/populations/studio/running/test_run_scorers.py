"""What judges a saved population: a person's taste, or another picture."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_population import CONFIG, individual, rating

from evolve.errors import FancierError
from evolve.models.catalog import ModelCard, describe
from evolve.scoring.fitness import Fitness
from evolve.scoring.looks.appearance import appearance_of
from evolve.scoring.looks.embedders import BY_CELLS, embedded
from evolve.scoring.looks.embedding import APPEARANCE, KEY
from evolve.session.archive import Picture, Render
from populations import Population
from populations.studio.running.run_request import RunRequest
from populations.studio.running.run_scorers import fitness_of

SHADES = (0, 50, 100, 150, 200, 250)


def shade(value: int) -> Picture:
    """From blue to red."""
    made = np.zeros((16, 16, 3), np.uint8)
    made[:, :8] = value, 40, 250 - value
    made[:, 8:] = 128
    return made


@pytest.fixture
def card(tmp_path: Path) -> ModelCard:
    """A model without a CLIP, so that a plain embedder looks."""
    return replace(describe("portraits"), folder=tmp_path)


@pytest.fixture
def population(tmp_path: Path) -> Iterator[Population]:
    """Six pictures from blue to red."""
    rows = [individual(i) for i in range(6)]
    with Population.create(tmp_path, "shades", CONFIG, rows=rows) as made:
        for i, value in enumerate(SHADES):
            look = embedded(BY_CELLS, shade(value)).to_json()
            made.append([Render(individual=i, picture=shade(value), record={KEY: look})])
        yield made


def asked(population: Population, card: ModelCard, fitness: str) -> Fitness:
    return fitness_of(RunRequest(fitness=fitness), population.branch("main"), card)


def scores(population: Population, fitness: Fitness) -> list[float]:
    genomes = [population.genome(i) for i in range(len(SHADES))]
    return fitness.scorers[0].score([shade(value) for value in SHADES], genomes).tolist()


def test_a_taste_scores_as_a_person_rated_and_is_another_one_with_more_answers(
    population: Population, card: ModelCard
) -> None:
    population.append([rating(0, 1), rating(2, 3), rating(5, 5)])
    before = asked(population, card, "taste")
    found = scores(population, before)
    assert found[0] < found[2] < found[5]
    assert found[0] < found[1] < found[4]  # of which nothing was said
    assert asked(population, card, "taste").name == before.name
    population.append([rating(4, 1)])
    after = asked(population, card, "taste")
    assert after.name != before.name
    assert scores(population, after)[4] < found[4]


def test_a_taste_that_also_sees_how_pictures_look_scores_those_of_a_run_the_same_way(
    tmp_path: Path, card: ModelCard
) -> None:
    config = {**CONFIG, APPEARANCE: True}
    rows = [individual(i) for i in range(6)]
    with Population.create(tmp_path, "light", config, rows=rows) as population:
        for i, value in enumerate(SHADES):
            record = {
                KEY: embedded(BY_CELLS, shade(value)).to_json(),
                APPEARANCE: appearance_of(shade(value)).to_json(),
            }
            population.append([Render(individual=i, picture=shade(value), record=record)])
        population.append([rating(0, 1), rating(2, 3), rating(5, 5)])
        fitness = asked(population, card, "taste")
        found = scores(population, fitness)
        assert found[0] < found[2] < found[5]


def test_a_taste_that_was_learnt_from_what_another_clip_saw_is_refused(
    population: Population, card: ModelCard
) -> None:
    for i in (0, 5):
        look = replace(embedded(BY_CELLS, shade(SHADES[i])), of="clip-of-then").to_json()
        population.append([Render(individual=i, picture=shade(SHADES[i]), record={KEY: look})])
    population.append([rating(0, 1), rating(5, 5)])
    with pytest.raises(FancierError, match="of 'shades' were read by another CLIP than"):
        asked(population, card, "taste")


def test_likeness_to_a_file_is_highest_for_that_picture(
    population: Population, card: ModelCard, tmp_path: Path
) -> None:
    Image.fromarray(shade(150)).resize((64, 64), Image.Resampling.NEAREST).save(tmp_path / "a.png")
    fitness = asked(population, card, f"like:{tmp_path / 'a.png'}")
    assert fitness.name.startswith("like:a.png@")
    assert np.argmax(scores(population, fitness)) == SHADES.index(150)


def test_two_scorers_of_one_name_are_refused(
    population: Population, card: ModelCard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "class A:\n    name = 'same'\n    def score(self, p, g): ...\nclass B(A): ...\n"
    (tmp_path / "of_one_name.py").write_text(source)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FancierError, match="two scorers are called 'same': give one of them anoth"):
        asked(population, card, "of_one_name:A+of_one_name:B")
