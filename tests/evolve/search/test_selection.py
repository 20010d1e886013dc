import pytest

from evolve.search.individual import Birth, Origin, Verdict
from evolve.search.selection import fitness, lines, select_parents, shares


def births(*generations: int, parents: dict[int, int] | None = None) -> list[Birth]:
    mother = parents or {}
    return [
        Birth(
            id=i,
            origin=Origin("mutate" if i in mother else "found"),
            parents=(mother[i],) if i in mother else (),
            generation=generation,
        )
        for i, generation in enumerate(generations)
    ]


def test_ratings_are_compared_within_their_page() -> None:
    """The same 3 is a praise on a harsh page and a blame on a kind one."""
    fit = fitness(
        births(0, 0, 0, 0, 0, 0),
        {
            0: Verdict(rating=1, page=0),
            1: Verdict(rating=1, page=0),
            2: Verdict(rating=3, page=0),
            3: Verdict(rating=5, page=1),
            4: Verdict(rating=5, page=1),
            5: Verdict(rating=3, page=1),
        },
    )
    assert fit[2] > 0 > fit[5]
    assert fit[2] == max(fit[i] for i in (0, 1, 2))


def test_a_lone_rating_still_means_something() -> None:
    page = births(0, 0)
    assert fitness(page, {0: Verdict(rating=5)})[0] > 0 > fitness(page, {0: Verdict(rating=1)})[0]


def test_rejected_individuals_are_never_parents() -> None:
    fit = fitness(
        births(0, 0, 0),
        {0: Verdict(rating=5, rejected=True), 1: Verdict(rating=2), 2: Verdict(rejected=True)},
    )
    assert list(fit) == [1]


def test_pinned_individuals_may_be_parents_and_do_not_age() -> None:
    fit = fitness(
        births(0, 0, 9, 9),
        {
            0: Verdict(rating=5, pinned=True),
            1: Verdict(rating=5),
            2: Verdict(rating=4),
            3: Verdict(pinned=True),
        },
    )
    assert fit[0] > fit[1] + 1
    assert 3 in fit


def test_where_only_rejections_were_made_the_rest_of_the_page_is_bred() -> None:
    fit = fitness(births(0, 0, 1, 1, 1), {2: Verdict(rejected=True)})
    assert set(fit) == {3, 4}


def test_scores_decide_where_nobody_rated() -> None:
    fit = fitness(births(0, 0, 0), {0: Verdict(score=2.0), 1: Verdict(score=float("nan"))})
    assert fit == {0: 2.0}


def test_ratings_overrule_scores() -> None:
    fit = fitness(births(0, 0), {0: Verdict(score=99.0), 1: Verdict(rating=4, score=0.0)})
    assert list(fit) == [1]


def test_a_line_is_a_founder_with_its_descendants() -> None:
    assert lines(births(0, 0, 1, 2, parents={2: 1, 3: 2})).tolist() == [0, 1, 1, 1]


def kin_in_pairs(i: int, j: int) -> float:
    """0 and 1 are kin, 2 and 3 are, ..."""
    return 0.9 if i // 2 == j // 2 else 0.0


def test_no_two_parents_are_close_kin() -> None:
    fit = {0: 1.0, 1: 2.0, 2: 9.0, 3: 8.0, 4: 5.0}
    assert select_parents(fit, [0] * 5, 3, kin_in_pairs) == [2, 4, 1]


def test_half_of_the_noise_in_common_is_close_kin_and_less_is_not() -> None:
    fit = {0: 3.0, 1: 2.0, 2: 1.0}
    assert select_parents(fit, [0] * 3, 2, lambda i, j: 0.5 if i + j == 1 else 0.49) == [0, 2]


def test_with_too_few_families_the_next_best_follow() -> None:
    fit = {0: 1.0, 2: 9.0, 3: 8.0}
    assert select_parents(fit, [0] * 4, 3, kin_in_pairs) == [2, 0, 3]


def test_a_large_family_at_the_top_does_not_hide_the_other_lines() -> None:
    fit = {i: float(i) for i in range(500)}
    line_of = [0 if i < 3 else 1 for i in range(500)]

    def kinship(i: int, j: int) -> float:
        return 0.9 if line_of[i] == line_of[j] else 0.0

    assert select_parents(fit, line_of, 2, kinship) == [499, 2]


@pytest.mark.parametrize("count", [1, 2, 5, 12, 100])
@pytest.mark.parametrize("parents", [1, 2, 4, 7])
def test_shares_add_up_and_favour_the_best(count: int, parents: int) -> None:
    divided = shares(count, parents)
    assert sum(divided) == count
    assert divided == sorted(divided, reverse=True)
