"""How far pictures are from each other, and what is known of that."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evolve.models.catalog import describe
from evolve.scoring.distance import Distances
from evolve.scoring.embedders import ByClip, Cells, Looker
from evolve.scoring.embedding import KEY, Embedding, chord, unit
from evolve.search.births import Births
from evolve.search.individual import Birth, Origin


def embedding(*numbers: float, of: str = "x") -> Embedding:
    return Embedding(of, np.array(numbers, np.float16))


def picture(*colours: tuple[int, int, int]) -> np.ndarray:
    """Stripes of colours."""
    return np.repeat(np.array(colours, np.uint8)[:, None], 32, axis=1).repeat(8, axis=0)


def test_an_embedding_comes_back_from_the_record_of_a_picture() -> None:
    made = embedding(0.6, -0.8)
    back = Embedding.from_record({KEY: made.to_json(), "rows": 4})
    assert back is not None
    assert back.of == "x"
    assert np.array_equal(back.vector, made.vector)


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {KEY: 7},
        {KEY: {"of": "x"}},
        {KEY: {"of": "x", "vector": "?"}},
        {KEY: {"of": "x", "vector": ""}},
        {KEY: {"of": "x", "vector": "AA=="}},
        {KEY: {"of": "x", "vector": "AH4="}},
    ],
)
def test_a_record_that_holds_no_embedding_is_of_a_picture_that_nobody_looked_at(damaged) -> None:
    assert Embedding.from_record(damaged) is None


def test_what_different_embedders_saw_cannot_be_compared() -> None:
    assert chord(embedding(1, 0), embedding(0, 1)) == pytest.approx(2**0.5)
    assert chord(embedding(1, 0), embedding(0, 1, of="y")) is None
    assert chord(embedding(1, 0), embedding(0, 1, 0)) is None
    assert chord(embedding(1, 0), None) is None


def test_two_founders_are_one_apart_on_the_median() -> None:
    rng = np.random.default_rng(0)
    looks = [embedding(*(v / np.linalg.norm(v))) for v in rng.standard_normal((9, 40))]
    births = [Birth(id=i, origin=Origin("found"), generation=0) for i in range(8)]
    births += [Birth(id=8, origin=Origin("mutate"), parents=(3,), generation=1)]
    distances = Distances(Births.of(births), looks.__getitem__)
    pairs = [distances.between(i, j) for i in range(8) for j in range(i)]
    assert np.median([p for p in pairs if p is not None]) == pytest.approx(1)
    assert distances.to_parent(8) == pytest.approx(chord(looks[8], looks[3]) / distances.unit)
    assert distances.to_parent(2) is None


def test_of_too_few_founders_nothing_is_known() -> None:
    looks = [embedding(1, 0), embedding(0, 1), embedding(0.6, 0.8)]
    assert unit(looks) is None
    births = [Birth(id=i, origin=Origin("found"), generation=0) for i in range(3)]
    births += [Birth(id=3, origin=Origin("mutate"), parents=(0,), generation=1)]
    distances = Distances(Births.of(births), [*looks, looks[1]].__getitem__)
    assert distances.to_parent(3) is None


def test_without_a_clip_a_picture_is_known_by_where_it_is_light_and_of_what_colour() -> None:
    red, blue, grey = (200, 40, 40), (40, 40, 200), (90, 90, 90)
    pictures = [
        picture(red, red, blue, blue),
        picture(red, red, blue, grey),
        picture(grey, blue, red, red),
        picture((205, 42, 40), red, blue, blue),
    ]
    looks = [Looker(None).look(each) for each in pictures]
    first, similar, other, nearly = looks
    assert {look.of for look in looks} == {Cells.name}
    assert all(
        np.linalg.norm(look.vector.astype(float)) == pytest.approx(1, abs=1e-2) for look in looks
    )
    assert chord(first, nearly) < chord(first, similar) < chord(first, other)
    assert np.array_equal(Looker(None).look(pictures[0]).vector, first.vector)


def test_a_clip_that_cannot_be_used_leaves_the_plain_embedder(tmp_path: Path) -> None:
    assert Looker(tmp_path).look(picture((1, 2, 3))).of == Cells.name


def test_the_clip_of_a_model_looks_at_its_pictures() -> None:
    card = describe("portraits")
    looker = Looker(card.clip)
    assert isinstance(looker.embedder, ByClip)
    look = looker.look(picture((200, 40, 40), (40, 40, 200)))
    assert look.of.startswith("clip-")
    assert look.vector.shape == (192,)
