"""Pictures have the properties that are there and can be seen."""

from collections.abc import Mapping

import numpy as np
import pytest

from evolve.genome import Genome
from evolve.models.catalog import describe
from evolve.models.words.meanings import meanings_of
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.properties import Properties, properties
from evolve.scoring.looks.reading import name_of
from evolve.session.archive import Picture

PORTRAITS = describe("portraits")
MEANINGS = meanings_of(PORTRAITS)
assert MEANINGS is not None
assert PORTRAITS.reader is not None
READER = name_of(PORTRAITS.reader)
MAN = {"style": "micah", "hair": "bald", "hat": "none", "glasses": "round", "beard": "none"}


class Painted:
    """Pictures of which is known what was found in them; where nothing was, the first value."""

    def __init__(self, *found: Mapping[str, str], reader: str = READER) -> None:
        assert MEANINGS is not None
        self._reader = reader
        self._rows = [
            [
                float(one[a] == value if a in one else k == 0)
                for a, known in MEANINGS.phrases.items()
                for k, value in enumerate(known)
            ]
            for one in found
        ]

    def looks(self, individual: int) -> tuple[Embedding, ...]:
        read = np.sqrt(self._rows[individual]).astype(np.float16)
        return Embedding("clip", np.ones(2, np.float16)), Embedding(self._reader, read)

    def picture(self, individual: int) -> Picture | None:
        return None if individual else np.full((128, 128, 3), 200, np.uint8)

    def genome(self, individual: int) -> Genome:
        raise AssertionError("the words of no prompt are needed")


def named(found: Properties, row: int = 0) -> set[str]:
    return {word for word, value in zip(found.words, found.values[row], strict=True) if value == 1}


def test_what_the_reader_found_while_painting_is_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Painted, "picture", None)
    found = properties(PORTRAITS, Painted(MAN, MAN | {"beard": "beard"}), [1, 0])
    assert (found.individuals, found.by) == ([1, 0], "reader")
    assert named(found, 0) - named(found, 1) == {"a beard"}
    assert named(found, 1) - named(found, 0) == {"no beard"}


def test_pictures_without_a_reading_of_this_reader_are_read_and_unpainted_ones_left_out() -> None:
    found = properties(PORTRAITS, Painted(MAN, MAN, reader="another"), [0, 1])
    assert found.individuals == [0]
    assert found.values.shape == (1, len(found.words))


@pytest.mark.parametrize(
    ("seen", "has", "has_not"),
    [
        ({"hat": "cap", "hat_colour": "red", "hair": "long"}, "red hat", "long hair"),
        ({"hat": "none", "hat_colour": "red", "hair": "bob"}, "bob", "red hat"),
        ({"style": "big-ears", "earrings": "earrings"}, "big ears style", "earrings"),
        ({"style": "adventurer", "eyes": "winking"}, "adventurer style", "winking"),
    ],
)
def test_what_cannot_be_seen_is_no_property(seen: dict[str, str], has: str, has_not: str) -> None:
    words = named(properties(PORTRAITS, Painted(MAN | seen), [0]))
    assert has_not not in words
    assert has in words, words


def test_nothing_is_known_of_what_a_hat_hides_nor_of_the_colour_of_one_that_is_not_there() -> None:
    painted = Painted(MAN | {"hat": "cap"}, MAN)
    found = properties(PORTRAITS, painted, [0, 1])
    for words, known in (
        ("bald", [False, True]),
        ("red hat", [True, False]),
        ("a cap", [True] * 2),
    ):
        values = found.values[:, found.words.index(words)]
        assert (~np.isnan(values)).tolist() == known, words
