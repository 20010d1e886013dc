"""How far pictures are from each other, and what is known of that."""

from pathlib import Path

import numpy as np
import pytest

from evolve.models.catalog import describe
from evolve.scoring.looks.distance import Distances, Measure
from evolve.scoring.looks.embedders import BY_CELLS, WholeLook, best_embedder, embedded
from evolve.scoring.looks.embedding import KEY, Embedding, chord
from evolve.scoring.looks.sight import CELLS, Sight, shared
from evolve.search.births import Births
from evolve.search.individual import Birth, Origin


def embedding(*numbers: float, of: str = "x") -> Embedding:
    return Embedding(of, np.array(numbers, np.float16))


def sight(*parts: Embedding) -> Sight:
    return Sight(parts)


def random_sights(count: int, *kinds: str) -> list[Sight]:
    rng = np.random.default_rng(0)
    drawn = rng.standard_normal((count, len(kinds), 40))
    drawn /= np.linalg.norm(drawn, axis=2, keepdims=True)
    return [sight(*(embedding(*v, of=k) for k, v in zip(kinds, row, strict=True))) for row in drawn]


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


def born(founders: int, *parents: int) -> Births:
    births = [Birth(id=i, origin=Origin("found"), generation=0) for i in range(founders)]
    births += [
        Birth(id=founders + k, origin=Origin("mutate"), parents=(parent,), generation=1)
        for k, parent in enumerate(parents)
    ]
    return Births.of(births)


@pytest.mark.parametrize("kinds", [("x",), ("x", "y")])
def test_two_founders_are_one_apart_on_the_median(kinds: tuple[str, ...]) -> None:
    sights = random_sights(9, *kinds)
    distances = Distances(born(8, 3), sights.__getitem__)
    pairs = [distances.between(i, j) for i in range(8) for j in range(i)]
    assert np.median([p for p in pairs if p is not None]) == pytest.approx(1)
    assert distances.measure is not None
    assert tuple(distances.measure.units) == kinds
    assert distances.to_parent(2) is None
    parts = [
        length / unit
        for kind, unit in distances.measure.units.items()
        if (length := sights[8].chord(sights[3], kind)) is not None
    ]
    assert distances.to_parent(8) == pytest.approx(np.mean(parts) / distances.measure.unit)


def test_what_saw_only_some_founders_does_not_count() -> None:
    sights = random_sights(8, "x", "y")
    sights[5] = Sight(sights[5].parts[:1])  # painted by a version that saw less
    alone = [Sight(each.parts[:1]) for each in sights]
    assert shared(sights) == ("x",)
    assert Measure.of(sights) == Measure.of(alone)
    both = Measure.of(sights[:5])
    assert both is not None
    assert both.between(sights[0], sights[5]) is None
    assert Measure.of([*sights[:4], *random_sights(4, "z")]) is None


def test_a_measure_comes_back_from_json_and_one_that_makes_no_sense_is_refused() -> None:
    measure = Measure.of(random_sights(8, "x", "y"))
    assert measure is not None
    assert Measure.from_json(measure.to_json()) == measure
    with pytest.raises(ValueError, match="must be above 0"):
        Measure.from_json({"units": {"x": 0.0}, "unit": 1.0})


def test_of_too_few_founders_nothing_is_known() -> None:
    sights = random_sights(4, "x")
    assert Measure.of(sights[:3]) is None
    distances = Distances(born(3, 0), sights.__getitem__)
    assert distances.to_parent(3) is None


def test_a_sight_comes_back_from_the_record_of_a_picture() -> None:
    (both,) = random_sights(1, "x", "y")
    record = both.to_json()
    back = Sight.from_record(record)
    assert back is not None
    assert back.kinds == ("x", "y")
    assert back.chord(both, "y") == 0
    del record[CELLS]
    assert Sight.from_record(record).kinds == ("x",)  # type: ignore[union-attr]
    assert Sight.from_record({}) is None


def test_without_a_clip_a_picture_is_known_by_where_it_is_light_and_of_what_colour() -> None:
    red, blue, grey = (200, 40, 40), (40, 40, 200), (90, 90, 90)
    pictures = [
        picture(red, red, blue, blue),
        picture(red, red, blue, grey),
        picture(grey, blue, red, red),
        picture((205, 42, 40), red, blue, blue),
    ]
    looks = [embedded(BY_CELLS, each) for each in pictures]
    first, similar, other, nearly = looks
    assert {look.of for look in looks} == {BY_CELLS.name}
    plain = WholeLook(lambda: describe("portraits"), None, device="cpu")
    assert plain.sight(pictures[0]).kinds == (BY_CELLS.name,)
    assert all(
        np.linalg.norm(look.vector.astype(float)) == pytest.approx(1, abs=1e-2) for look in looks
    )
    assert chord(first, nearly) < chord(first, similar) < chord(first, other)
    assert np.array_equal(embedded(BY_CELLS, pictures[0]).vector, first.vector)


def test_a_clip_that_cannot_be_used_leaves_the_plain_embedder(tmp_path: Path) -> None:
    assert best_embedder(tmp_path).name == BY_CELLS.name


def test_the_clip_of_a_model_looks_at_its_pictures() -> None:
    card = describe("portraits")
    sight = WholeLook(lambda: card, card.clip, device="cpu").sight(picture((200, 40, 40)))
    by_clip, by_cells = sight.parts
    assert by_clip.of.startswith("clip-")
    assert by_clip.vector.shape == (192,)
    assert by_cells.of == BY_CELLS.name
