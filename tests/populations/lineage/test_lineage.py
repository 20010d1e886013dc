from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray
from small_population import CONFIG, individual, rating, render

from evolve.errors import ArchiveError
from evolve.search.births import Births
from evolve.search.individual import Birth, Origin, Verdict
from populations import Population
from populations.exchange.contact_sheet import strip
from populations.lineage import descent, tree_image
from populations.lineage.text_tree import draw, notable


def born(*parents: tuple[int, ...]) -> list[Birth]:
    return [
        Birth(
            id=i,
            origin=Origin("mutate", {"angle": 12.4}) if of else Origin("found"),
            parents=tuple(of),
            generation=max((p // 2 for p in of), default=-1) + 1,
        )
        for i, of in enumerate(parents)
    ]


#   0   1       0 and 1 are founders
#   | \ |
#   2   3       3 has parents 1 (main) and 0
#   | \ |
#   4   5       5 has parents 2 (main) and 3
FAMILY = born((), (), (0,), (1, 0), (2,), (2, 3))


def test_ancestors_and_descendants_come_through_every_parent() -> None:
    assert descent.ancestors(FAMILY, 5) == [0, 1, 2, 3]
    assert descent.ancestors(FAMILY, 0) == []
    assert descent.descendants(FAMILY, 1) == [3, 5]
    assert descent.descendants(FAMILY, 5) == []


def test_the_common_ancestor_is_the_youngest_there_is() -> None:
    assert descent.common_ancestor(FAMILY, 4, 5) == 2
    assert descent.common_ancestor(FAMILY, 4, 3) == 0
    assert descent.common_ancestor(FAMILY, 2, 5) == 2
    assert descent.common_ancestor(FAMILY, 0, 1) is None


def test_a_line_follows_main_parents_to_the_founder() -> None:
    assert descent.line(FAMILY, 5) == [0, 2, 5]
    assert descent.line(FAMILY, 5, since=2) == [2, 5]
    assert descent.line(FAMILY, 1) == [1]


def test_a_line_from_an_ancestor_beside_it_takes_the_shortest_way() -> None:
    assert descent.line(FAMILY, 5, since=1) == [1, 3, 5]


def test_a_line_between_those_who_are_not_in_line_is_refused() -> None:
    with pytest.raises(ArchiveError, match=r"4 does not descend from 3: both descend from 0"):
        descent.line(FAMILY, 4, since=3)
    with pytest.raises(ArchiveError, match=r"0 does not descend from 1: they are unrelated"):
        descent.line(FAMILY, 0, since=1)


def test_the_forest_shows_everyone_once_under_the_main_parent() -> None:
    assert list(draw(FAMILY, range(6), str)) == [
        "● 0",
        "● 2",
        "├─● 5",
        "● 4",
        "",
        "● 1",
        "● 3",
    ]


def test_a_long_line_stays_narrow() -> None:
    chain = born((), *((i,) for i in range(3000)))
    lines = list(draw(chain, range(3001), str))
    assert len(lines) == 3001
    assert max(map(len, lines)) <= len("● 3000")


def test_a_bushy_forest_is_at_most_logarithmically_deep() -> None:
    heap = born((), *(((i - 1) // 2,) for i in range(1, 511)))
    depth = max(line.index("●") for line in draw(heap, range(511), str))
    assert depth <= 2 * 9


def test_notable_are_the_liked_and_the_lines_they_come_from() -> None:
    assert notable(FAMILY, {4: Verdict(rating=5), 3: Verdict(rejected=True)}) == {0, 2, 4}
    assert notable(FAMILY, {3: Verdict(pinned=True)}) == {1, 3}
    assert notable(FAMILY, {}) == set()


def test_thumbnails_of_a_generation_never_overlap() -> None:
    chance = np.random.default_rng(5)
    births = [
        Birth(
            id=i,
            origin=Origin("mutate"),
            parents=(int(chance.integers(i - i % 12)),) if i >= 12 else (),
            generation=i // 12,
        )
        for i in range(240)
    ]
    places = tree_image.place(births, range(240))
    assert set(places) == set(range(240))
    for row in range(20):
        columns = sorted(x for x, y in places.values() if y == row)
        assert len(columns) == 12
        assert np.diff(columns).min() > 1 - 1e-9


@pytest.fixture
def faces(tmp_path):
    rows = [*(individual(i) for i in range(14)), *(render(i) for i in range(13)), rating(7, 5)]
    with Population.create(tmp_path, "faces", CONFIG, rows=rows) as made:
        yield made


def test_the_pedigree_shows_every_thumbnail(faces: Population) -> None:
    image = tree_image.png(faces, range(14))
    laid = tree_image.chart(faces.births(), range(14))
    assert image.size == laid.size
    for i, (x, y) in laid.spots.items():
        shown = image.crop((round(x), round(y), round(x) + laid.side, round(y) + laid.side))
        assert shown.tobytes() == tree_image.thumbnail(faces, i, laid.side).tobytes()


def test_the_svg_has_everyone_and_is_well_formed(faces: Population) -> None:
    root = ElementTree.fromstring(tree_image.svg(faces, range(14)))
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f".//{space}image")) == 14
    titles = [title.text or "" for title in root.iter(f"{space}title")]
    assert any(text.startswith("7 *****\n") for text in titles)


def test_a_lineage_too_large_for_a_picture_is_refused() -> None:
    with pytest.raises(ArchiveError, match=r"900 individuals over 1 generations do not fit"):
        tree_image.chart(born(*[()] * 900), range(900))


def test_a_strip_has_the_pictures_of_a_line(faces: Population) -> None:
    line = descent.line(faces.births(), 12)
    assert line == list(range(5, 13))
    image = np.asarray(strip(faces, line))
    for i in line:
        corner = np.asarray(faces.picture(i))[0, 0]
        assert (image == corner).all(-1).any()


def test_of_the_latest_only_their_own_links_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evolve.search.births._RECENT", 4)
    stored = np.array([(max(0, child - 2), child) for child in range(1, 10)], np.int32)
    read: list[int] = []

    def links(first: int) -> NDArray[np.int32]:
        read.append(first)
        return stored[stored[:, 1] >= first]

    births = Births(np.zeros(10, np.int32), links=links)
    births.append(Birth(id=10, origin=Origin("found"), parents=(8, 7), generation=1))
    assert (births.main(9), births.main(10), births.children(7)) == (7, 8, [9, 10])
    assert read == [6]
    assert (births.children(0), births.main(3), births.children(8)) == ([1, 2], 1, [10])
    assert births.mains.tolist() == [-1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert read == [6, 0]
