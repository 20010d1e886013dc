"""How much each attribute that is read counts."""

import numpy as np
import pytest

from evolve.scoring.looks.appearance import NAME, TRAITS
from evolve.scoring.looks.embedding import Embedding
from evolve.search.individual import Birth, Origin, Verdict
from evolve.taste.attributes import KEY, Attributes
from evolve.taste.embeddings import Embeddings
from evolve.taste.learning import Learning
from evolve.taste.taste import Taste

PAGE, UNSEEN = 12, 300
ATTRIBUTES = Attributes("reader", ("style", "hair", "glasses", "beard", "hat"), (6, 5, 4, 3, 3))
BIRTHS = [Birth(id=i, origin=Origin("found"), generation=i // PAGE) for i in range(8 * PAGE)]


class Faces:
    """Pictures with attributes, of which a person likes some glasses and nothing else."""

    def __init__(self, seed: int = 0, judged: int = 48) -> None:
        rng, count = np.random.default_rng(seed), judged + UNSEEN
        values = np.array([rng.integers(0, n, count) for n in ATTRIBUTES.values])
        read = [np.eye(n)[v] for n, v in zip(ATTRIBUTES.values, values, strict=True)]
        reading = np.sqrt(0.9 * np.concatenate(read, 1) + 0.02)
        whole = np.concatenate([*read, rng.standard_normal((count, 16))], 1)
        seen = np.concatenate([whole @ rng.standard_normal((whole.shape[1], 24)), reading], 1)
        self.seen = seen.astype(np.float16)
        self.liked = np.array([1.5, 0.5, -0.5, -1.5])[values[2]]
        felt = np.rint(3 + self.liked + 0.5 * rng.standard_normal(count)).clip(1, 5)
        self.said = {i: Verdict(rating=int(felt[i])) for i in range(judged)}
        self.reader, self.traits = "reader", np.zeros((count, 0), np.float16)

    def look(self, individual: int) -> tuple[Embedding, ...]:
        seen, traits = self.seen[individual], self.traits[individual]
        looks = Embedding("clip", seen[:24]), Embedding(self.reader, seen[24:])
        return (*looks, Embedding(NAME, traits)) if len(traits) else looks

    def taste(self, attributes: Attributes | None, said: dict[int, Verdict] | None = None) -> Taste:
        judged = self.said if said is None else said
        learning = Learning(attributes=attributes)
        return Taste(Embeddings(self.look), BIRTHS, judged, learning=learning)

    def foretold(self, taste: Taste) -> float:
        whole = np.concatenate([self.seen, self.traits], 1)
        mean = taste.predict(whole[-UNSEEN:]).mean
        return float(np.corrcoef(mean, self.liked[-UNSEEN:])[0, 1])


def test_what_decides_counts_more_and_what_does_not_less() -> None:
    counts = Faces().taste(ATTRIBUTES).counts
    assert list(counts) == list(ATTRIBUTES.names)
    assert max(counts, key=lambda name: counts[name]) == "glasses"
    assert counts["glasses"] > 1.5
    assert all(n < 1.1 for name, n in counts.items() if name != "glasses")


def test_a_taste_of_one_attribute_is_foretold_better_where_it_counts_more() -> None:
    evenings = [Faces(seed, judged=24) for seed in range(8)]
    gained = [
        each.foretold(each.taste(ATTRIBUTES)) - each.foretold(each.taste(None)) for each in evenings
    ]
    assert np.mean(gained) > 0.05


def test_picks_and_rejections_show_what_decides_as_ratings_do() -> None:
    faces = Faces()
    said = dict[int, Verdict]()
    for page in range(4):
        order = sorted(range(page * PAGE, (page + 1) * PAGE), key=lambda i: -faces.liked[i])
        said |= {i: Verdict(place=place) for place, i in enumerate(order[:4], start=1)}
        said |= {i: Verdict(rejected=True) for i in order[-2:]}
    counts = faces.taste(ATTRIBUTES, said).counts
    assert max(counts, key=lambda name: counts[name]) == "glasses"


def test_where_nothing_differs_all_count_alike() -> None:
    faces = Faces()
    alike = faces.taste(ATTRIBUTES, {i: Verdict(rating=3) for i in range(24)})
    assert set(alike.counts.values()) == {1.0}
    assert not faces.taste(ATTRIBUTES, {}).counts


def test_what_another_reader_found_is_not_told_apart() -> None:
    faces = Faces()
    faces.reader = "another reader"
    taste = faces.taste(ATTRIBUTES)
    assert not taste.counts
    assert faces.foretold(taste) > 0.5


def test_who_loves_strong_colours_is_foretold_better_where_they_count_more() -> None:
    gained = []
    for seed in range(6):
        faces = Faces(seed, judged=24)
        traits = np.random.default_rng(seed).standard_normal((len(faces.seen), len(TRAITS)))
        faces.traits, faces.liked = traits.astype(np.float16), 1.2 * traits[:, 2]
        felt = np.rint(3 + faces.liked).clip(1, 5)
        said = {i: Verdict(rating=int(felt[i])) for i in range(24)}
        taste = faces.taste(ATTRIBUTES, said)
        assert max(taste.counts, key=lambda name: taste.counts[name]) == "strong colours"
        gained.append(faces.foretold(taste) - faces.foretold(faces.taste(None, said)))
    assert np.mean(gained) > 0.05


def test_a_model_without_a_reader_has_traits_that_count() -> None:
    faces = Faces()
    rng = np.random.default_rng(0)
    faces.traits = rng.standard_normal((len(faces.seen), len(TRAITS))).astype(np.float16)
    counts = faces.taste(Attributes("", (), ())).counts
    assert list(counts) == [trait.words for trait in TRAITS]


def test_a_page_by_variety_does_not_depend_on_what_counts() -> None:
    faces = Faces()
    alike, apart = (
        faces.taste(known).likeness(range(24), Embeddings(faces.look))
        for known in (None, ATTRIBUTES)
    )
    assert np.array_equal(alike, apart)


def test_attributes_are_read_from_the_config_as_they_were_saved() -> None:
    assert Attributes.from_config({KEY: ATTRIBUTES.to_json()}) == ATTRIBUTES
    assert Learning.from_config({KEY: ATTRIBUTES.to_json()}).attributes == ATTRIBUTES


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        3,
        {},
        {"reader": "reader", "names": ["hair"], "values": [0]},
        {"reader": "reader", "names": ["hair"], "values": [2, 3]},
        {"reader": "reader", "names": [1], "values": [2]},
        {"reader": 1, "names": ["hair"], "values": [2]},
        {"reader": "reader", "names": ["hair"], "values": [10**9]},
    ],
)
def test_what_makes_no_sense_in_the_config_is_as_if_it_was_not_there(wrong: object) -> None:
    assert Attributes.from_config({KEY: wrong}) is None
