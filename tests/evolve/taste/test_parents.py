"""Parents by taste: who is chosen, and that nothing but answers decides it."""

from collections.abc import Mapping

import numpy as np
import pytest
from fakes import SHAPE
from liking import PAGE, Pictures

from evolve.genome import Prompt
from evolve.scoring.looks.embedding import Embedding
from evolve.search import Search
from evolve.search.individual import Individual, Verdict
from evolve.search.plan import By, Plan
from evolve.taste.answers import judged_pages
from evolve.taste.embeddings import Embeddings
from evolve.taste.foresight import foresight, spearman
from evolve.taste.parents import ENOUGH, ByTaste


def searching(
    pictures: Pictures, *, by: By | None = None, founded: By = "taste", before: Search | None = None
) -> Search:
    return Search(
        seed=1,
        prompt=Prompt.parse("a face"),
        shape=SHAPE,
        births=before.births if before else (),
        genome_of=before.genome if before else None,
        plan=before.plan if before else None,
        rank=ByTaste(pictures.looks.get, founded=founded, by=by),
    )


def bred(search: Search, pictures: Pictures, pages: int) -> list[Individual]:
    everyone: list[Individual] = []
    for _ in range(pages):
        page = search.ask(PAGE)
        pictures.paint(page)
        search.tell(pictures.said(page))
        everyone += page
    return everyone


def test_a_search_by_taste_that_is_resumed_equals_one_that_never_stopped() -> None:
    pictures = Pictures()
    search = searching(pictures)
    bred(search, pictures, 3)
    verdicts = dict(search.verdicts)
    resumed = searching(pictures, before=search)
    resumed.tell(dict(reversed(verdicts.items())))
    for _ in range(2):
        page, again = search.ask(PAGE), resumed.ask(PAGE)
        assert [one.genome.digest for one in page] == [one.genome.digest for one in again]
        assert [one.parents for one in page] == [one.parents for one in again]
        pictures.paint(page)
        for each in (search, resumed):
            each.tell(pictures.said(page))


def test_what_else_is_painted_does_not_matter() -> None:
    pictures = Pictures()
    search = searching(pictures)
    bred(search, pictures, 2)
    pool = search.pool()
    page = search.ask(PAGE)
    assert search.pool() == pool
    pictures.paint(page)
    assert search.pool() == pool


def test_answers_on_all_pages_count_and_not_the_page_of_a_picture_alone() -> None:
    """On a page of pictures of a kind that was always disliked the best is no parent."""
    pictures = Pictures()
    search = searching(pictures)
    bred(search, pictures, 2)
    worst = sorted(range(2 * PAGE), key=pictures.liked)[:PAGE]
    page = search.ask(PAGE)
    for one, like in zip(page, worst, strict=True):
        pictures.looks[one.id] = pictures.looks[like]
    search.tell({one.id: Verdict(rating=1 + place % 4) for place, one in enumerate(page)})
    by_ratings = searching(pictures, by="ratings", before=search)
    by_ratings.tell(dict(search.verdicts))
    young = {one.id for one in page}
    assert not young & set(search.pool())
    assert young & set(by_ratings.pool())


@pytest.mark.parametrize("said", [Verdict(rating=5), Verdict(rating=3, pinned=True)])
def test_what_was_rated_highest_or_pinned_is_worth_its_own_rating_at_least(said: Verdict) -> None:
    pictures = Pictures()
    search = searching(pictures)
    bred(search, pictures, 4)
    worst = min(range(4 * PAGE), key=pictures.liked)
    before = ByTaste(pictures.looks.get, founded="taste")(search)[worst]
    newest = search.verdicts[4 * PAGE - 1].page
    search.tell({worst: Verdict(rating=said.rating, pinned=said.pinned, page=newest)})
    ranked = ByTaste(pictures.looks.get, founded="taste")(search)
    assert ranked[worst] > before
    assert ranked[worst] >= round(2 / 3 * ByTaste(pictures.looks.get)(search)[worst], 6)


@pytest.mark.parametrize(
    ("founded", "planned", "by", "expected"),
    [
        ("taste", None, None, "taste"),
        ("ratings", None, None, "ratings"),
        ("taste", "ratings", None, "ratings"),
        ("ratings", "taste", None, "taste"),
        ("ratings", "ratings", "taste", "taste"),
    ],
)
def test_the_request_counts_before_the_plan_and_the_plan_before_the_founding(
    founded: By, planned: By | None, by: By | None, expected: By
) -> None:
    pictures = Pictures()
    search = searching(pictures)
    bred(search, pictures, 2)
    search.plan = Plan(by=planned)
    ranked = ByTaste(pictures.looks.get, founded=founded, by=by)(search)
    assert (ranked == ByTaste(pictures.looks.get, by="ratings")(search)) == (expected == "ratings")


def test_ratings_decide_until_enough_is_judged_and_after_all_is_forgotten() -> None:
    pictures = Pictures()
    search = searching(pictures)
    page = search.ask(PAGE)
    pictures.paint(page)
    said = pictures.said(page)
    by_taste, by_ratings = ByTaste(pictures.looks.get, founded="taste"), ByTaste(pictures.looks.get)
    search.tell(dict(list(said.items())[: ENOUGH - 1]))
    assert by_taste(search) == by_ratings(search)
    search.tell(said)
    assert by_taste(search) != by_ratings(search)
    search.plan = Plan(taste_since=PAGE)
    assert by_taste(search) == by_ratings(search)


def test_pictures_that_cannot_be_compared_are_ranked_by_their_own_rating() -> None:
    pictures = Pictures()
    search = searching(pictures)
    bred(search, pictures, 2)
    by_ratings = ByTaste(pictures.looks.get)(search)
    pictures.looks[3] = Embedding("another", pictures.looks[3].vector)
    del pictures.looks[4]
    ranked = ByTaste(pictures.looks.get, founded="taste")(search)
    assert ranked.keys() == by_ratings.keys()
    for i in (3, 4):
        assert ranked[i] == pytest.approx(2 / 3 * by_ratings[i], abs=1e-6)


def test_a_page_that_follows_the_taste_is_foretold() -> None:
    pictures = Pictures()
    search = searching(pictures)
    bred(search, pictures, 5)
    told = foresight(Embeddings(pictures.looks.get), search.births, search.verdicts)
    assert told.pages == 4
    assert told.spearman is not None
    assert told.spearman > 0.3


def test_nothing_is_foretold_before_the_second_page() -> None:
    pictures = Pictures()
    search = searching(pictures)
    bred(search, pictures, 1)
    told = foresight(Embeddings(pictures.looks.get), search.births, search.verdicts)
    assert told == (None, 0)


def test_pages_are_compared_each_by_itself_and_rejections_are_worst() -> None:
    search = searching(Pictures())
    search.ask(PAGE)
    said: Mapping[int, Verdict] = {
        0: Verdict(rating=5),
        1: Verdict(rating=3),
        2: Verdict(rejected=True),
        3: Verdict(rating=4),
        4: Verdict(pinned=True),
    }
    assert judged_pages(search.births, said) == {0: {0: 2.0, 1: 0.0, 2: -3.0, 3: 1.0}}
    assert judged_pages(search.births, {i: Verdict(rating=3) for i in range(6)}) == {}
    assert judged_pages(search.births, said, since=1) == {}


def test_ranks_are_shared_by_equal_values() -> None:
    one = np.array([1.0, 2.0, 2.0, 4.0])
    assert spearman(one, 10 * one) == pytest.approx(1)
    assert spearman(one, np.array([1.0, 3.0, 2.0, 4.0])) == pytest.approx(0.9487, abs=1e-3)
    assert spearman(one, np.ones(4)) is None


def test_it_is_learnt_again_once_more_is_said_or_painted_and_not_before() -> None:
    pictures = Pictures()
    search, rank = searching(pictures), ByTaste(pictures.looks.get)
    page = search.ask(PAGE)
    pictures.paint(page[1:])
    search.tell(pictures.said(page[1:]))
    search.tell({page[0].id: Verdict(rating=3, page=0)})
    assert rank.taste(search).judged == PAGE - 1  # the first is not painted yet
    pictures.paint(page[:1])
    learnt = rank.taste(search)
    assert learnt.judged == PAGE
    assert rank.taste(search.twin(search.genome)) is learnt
    search.tell({page[0].id: Verdict(rating=5, page=0)})
    assert rank.taste(search).liked[page[0].id] > learnt.liked[page[0].id]
    search.plan = Plan(taste_since=PAGE)
    assert not rank.taste(search).judged
