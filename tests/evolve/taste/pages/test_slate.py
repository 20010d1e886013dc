"""Which candidates a page shows."""

import numpy as np

from evolve.taste.pages.slate import Candidates, choose, roles_of, why
from evolve.taste.process.gaussian_process import squared_exponential


def _candidates(count: int = 60, *, seed: int = 0) -> Candidates:
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((count, 8))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    newcomer = np.zeros(count, np.bool_)
    newcomer[-5:] = True
    incumbent = np.zeros(count, np.bool_)
    incumbent[0] = True
    return Candidates(
        mean=rng.standard_normal(count),
        deviation=rng.uniform(0.3, 1, count),
        likeness=squared_exponential(2.0)(points, points),
        newcomer=newcomer,
        incumbent=incumbent,
    )


def test_most_of_a_page_is_expected_to_be_liked_and_some_is_not_known() -> None:
    candidates = _candidates()
    chosen = choose(candidates, 12, alike=0.99)
    roles = [pick.role for pick in chosen]
    assert len({pick.candidate for pick in chosen}) == 12
    assert roles.count("liked") == 8
    liked = [pick.candidate for pick in chosen if pick.role == "liked"]
    unsure = [pick.candidate for pick in chosen if pick.role == "unsure"]
    assert candidates.mean[liked].mean() > np.quantile(candidates.mean, 0.75)
    assert candidates.deviation[unsure].min() > np.median(candidates.deviation)
    assert all(candidates.newcomer[pick.candidate] for pick in chosen if pick.role == "newcomer")


def test_near_duplicates_are_never_on_one_page() -> None:
    candidates = _candidates()
    likeness = candidates.likeness.copy()
    best = int((candidates.mean + candidates.deviation).argmax())
    likeness[best, :30] = likeness[:30, best] = 0.995
    likeness[best, best] = 1
    chosen = [
        pick.candidate for pick in choose(candidates._replace(likeness=likeness), 12, alike=0.98)
    ]
    assert best in chosen
    assert [i for i in chosen if i < 30 and i != best] == []


def test_a_page_stays_short_where_only_near_duplicates_are_left() -> None:
    candidates = _candidates(20)
    same = np.ones((20, 20))
    same[10:, :10] = same[:10, 10:] = 0.2
    chosen = [p.candidate for p in choose(candidates._replace(likeness=same), 12, alike=0.98)]
    assert sorted(i < 10 for i in chosen) == [False, True]


def test_small_pages_have_few_roles() -> None:
    assert roles_of(1) == ["liked"]
    assert roles_of(4) == ["liked", "liked", "liked", "unsure"]
    assert len(roles_of(24)) == 24


def test_each_picture_says_in_words_why_it_is_shown() -> None:
    assert why({"role": "unsure", "angle": 9.0}) == "shown to learn what you think of its kind"
    for silent in ({}, {"role": "clown"}, {"role": ["liked"]}):
        assert why(silent) == ""
