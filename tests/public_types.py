"""What a type checker knows of the public API; read by `make check`, never run.

A name that were `Any` to the type checker would fail each of these.
"""

from collections.abc import Callable, Mapping
from typing import assert_type

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from evolve import (
    Clip,
    CutScore,
    FancierError,
    Genome,
    Individual,
    ModelCard,
    Plan,
    Policy,
    Prompt,
    Search,
    Session,
    Settings,
    Verdict,
    describe,
    load_renderer,
)
from populations import (
    Population,
    Report,
    check_population,
    create_population,
    default_home,
    list_populations,
    open_population,
)
from populations import population_path as path_of


def engine(search: Search, genome: Genome, session: Session, individual: Individual) -> None:
    assert_type(search.ask(12), list[Individual])
    assert_type(search.policy, Policy)
    assert_type(search.plan, Plan)
    assert_type(genome.prompt, Prompt)
    assert_type(genome.settings, Settings)
    assert_type(individual.genome, Genome)
    assert_type(session.search, Search)
    assert_type(Verdict(rating=5).rating, int | None)
    assert_type(Prompt.parse("a face"), Prompt)
    assert_type(str(FancierError("no")), str)


def models(pictures: list[NDArray[np.uint8]], genomes: list[Genome]) -> None:
    card = describe("portraits")
    assert_type(card, ModelCard)
    assert_type(card.latent, tuple[int, int, int])
    with load_renderer(card.name) as renderer:
        assert_type(renderer.paint(genomes), list[NDArray[np.uint8]])
    score = CutScore(Clip("clip"))
    assert_type(score.score(pictures, genomes), NDArray[np.float64])


def saved(population: Population) -> None:
    assert_type(population.genome(0), Genome)
    report = check_population(path_of(default_home(), "faces"))
    assert_type(report, Report)
    assert_type(report.ok, bool)
    for line in list_populations(default_home()):
        known: Mapping[str, object] = line
        assert_type(known["name"], object)


def notebook(show: Callable[[Image], None]) -> None:
    create_population("faces", "a woman", page=6).close()
    with open_population("faces") as studio:
        page = studio.breed(count=12)
        assert_type(page, list[Individual])
        for picture in studio.paint(page):
            show(picture.image)
            assert_type(picture.picture, NDArray[np.uint8] | None)
        studio.rate({page[0].id: 5})
