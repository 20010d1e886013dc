"""Before an edit is painted it is said if the picture is already as it would make it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from saved import CONFIG, born, painted

from evolve.models.catalog import describe
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import WordChange
from evolve.scoring.looks.embedding import KEY, READING, Embedding
from evolve.scoring.looks.reading import name_of
from populations import Population
from populations.studio.breeding.shown_already import lacking_remark, shown_remark

PORTRAITS = describe("portraits")
MEANINGS = meanings_of(PORTRAITS)
assert MEANINGS is not None
assert PORTRAITS.reader is not None
BARE = {"glasses": "none", "mouth": "smile", "hat": "none", "beard": "none", "eyes": "winking"}


def reading(seen: dict[str, str], reader: str) -> dict[str, object]:
    assert MEANINGS is not None
    rows = [(a, v) for a, values in MEANINGS.phrases.items() for v in values]
    chances = [float(seen[a] == v) if a in seen else 0.3 for a, v in rows]
    look = Embedding("fake", np.ones(2, np.float16)).to_json()
    return {KEY: look, READING: Embedding(reader, np.sqrt(chances).astype(np.float16)).to_json()}


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Population]:
    """0 is bare and smiles, 1 wears glasses, 2 was read by another reader."""
    assert PORTRAITS.reader is not None
    own = name_of(PORTRAITS.reader)
    records = [reading(BARE, own), reading(BARE | {"glasses": "round"}, own), reading(BARE, "old")]
    home: Path = tmp_path_factory.mktemp("home")
    rows = [born(i, 0) for i in range(len(records))]
    with Population.create(home, "faces", CONFIG, rows=rows) as found:
        found.append([replace(painted(i), record=one) for i, one in enumerate(records)])
        yield found


@pytest.mark.parametrize(
    ("individual", "change", "line"),
    [
        (0, WordChange(remove="glasses"), "hardly shows 'glasses': there is little to take away"),
        (0, WordChange("a hat", "the glasses"), "hardly shows 'glasses': there is little"),
        (0, WordChange(add="a smile"), "shows 'smile' already: little will change"),
        (0, WordChange(add="no beard"), "shows 'no beard' already"),
        (1, WordChange(add="glasses"), "shows 'glasses' already"),
    ],
)
def test_what_is_there_already_or_never_was_is_said(
    faces: Population, individual: int, change: WordChange, line: str
) -> None:
    assert line in shown_remark(faces, individual, change, PORTRAITS)


@pytest.mark.parametrize(
    ("individual", "change"),
    [
        (1, WordChange(remove="glasses")),
        (0, WordChange(add="glasses")),
        (0, WordChange("sunglasses", "a smile")),
        (0, WordChange(add="winking")),  # a reader finds it in eyes that are simply open, too
        (0, WordChange(add="long hair")),  # perhaps
        (0, WordChange(remove="a zorgblat")),
        (2, WordChange(remove="glasses")),
    ],
)
def test_nothing_is_said_of_what_can_change_or_is_not_known(
    faces: Population, individual: int, change: WordChange
) -> None:
    assert shown_remark(faces, individual, change, PORTRAITS) == ""


def test_what_another_picture_hardly_has_is_said_before_it_is_taken(faces: Population) -> None:
    line = "picture 0 hardly shows 'glasses': there is little to take"
    assert lacking_remark(faces, 0, "the glasses", PORTRAITS) == line
    assert lacking_remark(faces, 1, "the glasses", PORTRAITS) == ""
