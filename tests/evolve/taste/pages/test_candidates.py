"""A page chosen among painted candidates: who they are, and what is never shown together."""

from collections import Counter

import numpy as np
import pytest
from fakes import SHAPE, look_of
from liking import PAGE, Pictures

from evolve.errors import PicturesMissing
from evolve.genome import Genome, Prompt
from evolve.scoring.looks.embedding import Embedding
from evolve.search import Search
from evolve.search.individual import Individual, Verdict
from evolve.search.plan import Plan
from evolve.taste.pages.candidates import to_paint
from evolve.taste.pages.proposing import APART, NOTICEABLE, among_of
from evolve.taste.parents import ByTaste

TIMES = 3
MENU = {"mutate": 0.5, "cross_slerp": 0.3, "cross_region": 0.2, "found": 0.0}


class Evening(Pictures):
    """A search that breeds for a person; pages are painted as they are chosen."""

    def __init__(self, pages: int, *, plan: Plan | None = None, times: float = TIMES) -> None:
        super().__init__()
        self.painted: dict[str, tuple[Embedding, ...]] = {}
        self.asked: list[int] = []
        taste = ByTaste(self.looks.get, founded="taste", times=times)
        self.search = Search(
            seed=1, prompt=Prompt.parse("a"), shape=SHAPE, plan=plan, rank=taste, page=taste.page
        )
        self.search.looks_of = lambda genome: self.painted.get(genome.digest)
        self.pages = [self.go_on() for _ in range(pages)]

    def seen(self, genome: Genome) -> tuple[Embedding, ...]:
        return (look_of(genome),)

    def page(self) -> list[Individual]:
        while True:
            try:
                return self.search.ask(PAGE)
            except PicturesMissing as missing:
                self.asked.append(len(missing.genomes))
                self.painted |= {genome.digest: self.seen(genome) for genome in missing.genomes}

    def go_on(self) -> list[Individual]:
        page = self.page()
        for one in page:
            (self.looks[one.id],) = self.seen(one.genome) or (look_of(one.genome),)
        self.search.tell(self.said(page))
        return page

    def chords(self, page: list[Individual]) -> np.ndarray:
        founders = np.array([self.looks[i].vector for i in range(PAGE)], float)
        vectors = np.array([self.looks[one.id].vector for one in page], float)
        unit = np.median(_pairs(founders))
        return _pairs(vectors) / unit


def _pairs(vectors: np.ndarray) -> np.ndarray:
    apart = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    return apart[np.triu_indices(len(vectors), 1)]


def test_one_answer_more_exchanges_few_candidates() -> None:
    before = Counter(to_paint([4, 1, 9, 3], 36, MENU))
    assert sum(before.values()) == 36
    swapped = Counter(to_paint([4, 9, 1, 3], 36, MENU))  # the second and third change places
    assert sum((before & swapped).values()) >= 34
    another = Counter(to_paint([4, 1, 9, 7], 36, MENU))  # the last is another one
    assert sum((before & another).values()) >= 27


def test_each_parent_has_as_many_and_some_are_crosses_and_newcomers() -> None:
    thought = to_paint([4, 1, 9], 36, MENU)
    assert len(thought) == 36
    children = Counter(one.parents[0] for one in thought if one.parents)
    assert max(children.values()) - min(children.values()) <= 1
    kinds = Counter(one.operator for one in thought)
    assert kinds["found"] == 5
    assert kinds["cross_slerp"] + kinds["cross_region"] >= 6
    assert to_paint([4], 4, {"mutate": 1.0})[-1].operator == "found"
    assert len(to_paint([4], 2, MENU)) == 2


def test_a_page_is_chosen_and_draws_other_noise_than_its_ids_would() -> None:
    evening = Evening(3)
    assert evening.asked == [TIMES * PAGE] * 2
    for page in evening.pages[1:]:
        assert len({one.genome.digest for one in page}) == PAGE
        assert {among_of(one.origin.params) for one in page} == {TIMES * PAGE}
        assert evening.chords(page).min() >= APART[0]
    evening.search.looks_of = None  # nobody paints: as without any candidates
    plain = evening.search.ask(PAGE)
    assert not any("among" in one.origin.params for one in plain)
    painted = set(evening.painted)
    assert not painted & {one.genome.digest for one in plain if one.origin.operator != "keep"}


def test_what_was_made_for_other_answers_changes_nothing() -> None:
    evening, other = Evening(2), Evening(2)
    for i in range(6):  # futures that another one thinks of
        twin = other.search.twin(other.search.genome)
        twin.tell({i: Verdict(rating=5, page=0)})
        with pytest.raises(PicturesMissing):
            twin.ask(PAGE)
    page, same = evening.page(), other.page()
    assert [one.genome for one in page] == [one.genome for one in same]
    assert [one.origin for one in page] == [one.origin for one in same]


class OnlyCopies(Evening):
    """Whatever descends from somebody looks like the first founder."""

    def seen(self, genome: Genome) -> tuple[Embedding, ...]:
        own = look_of(genome)
        if len(self.looks) < PAGE or self.fresh(genome):
            return (own,)
        near = self.looks[0].vector.astype(float) + 0.05 * own.vector
        return (Embedding("fake", (near / np.linalg.norm(near)).astype(np.float16)),)

    def fresh(self, genome: Genome) -> bool:
        """Return whether it is near to nobody's noise."""
        noise = genome.noise.astype(float).ravel()
        others = (self.search.genome(i).noise.astype(float).ravel() for i in range(PAGE))
        return all(abs(np.corrcoef(noise, other)[0, 1]) < 0.3 for other in others)


def test_no_two_copies_are_ever_shown_together_newcomers_take_their_places() -> None:
    evening = OnlyCopies(2)
    assert evening.asked == [TIMES * PAGE, (TIMES + 1) * PAGE]
    page = evening.pages[1]
    assert len(page) == PAGE
    assert evening.chords(page).min() >= NOTICEABLE
    assert sum(one.parents == () for one in page) >= PAGE - 2


class Alike(Evening):
    """All pictures but those of the first page look the same, newcomers too."""

    def seen(self, genome: Genome) -> tuple[Embedding, ...]:
        return (self.looks[0] if len(self.looks) >= PAGE else look_of(genome),)


class Unseen(Evening):
    """Nothing can be painted after the first page."""

    def seen(self, genome: Genome) -> tuple[Embedding, ...]:
        return () if len(self.looks) >= PAGE else (look_of(genome),)


@pytest.mark.parametrize("of", [Alike, Unseen])
def test_a_page_is_full_even_where_all_look_alike_or_cannot_be_painted(of: type[Evening]) -> None:
    evening = of(1)
    page = evening.page()
    assert len(page) == len({one.genome.digest for one in page}) == PAGE
    assert [one.id for one in page] == list(range(PAGE, 2 * PAGE))


def test_the_plan_says_among_how_many_and_others_are_not_painted() -> None:
    assert Evening(2, plan=Plan(among=20)).asked == [20]
    assert Evening(2, plan=Plan(among=500)).asked == [8 * PAGE]
    assert Evening(2, plan=Plan(among=1)).asked == []
    assert Evening(2, plan=Plan(step=30.0)).asked == []
    assert Evening(2, plan=Plan(by="ratings")).asked == []
    assert Evening(2, times=1.0).asked == []


@pytest.mark.parametrize("written", ["many", -1, True, 10**9, None])
def test_what_a_stranger_wrote_of_candidates_counts_only_if_it_makes_sense(written: object) -> None:
    assert among_of({"among": written}) == 0
