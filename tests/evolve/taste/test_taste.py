"""What is learnt from answers."""

import numpy as np
import pytest

from evolve.scoring.looks.embedding import Embedding
from evolve.search.individual import Birth, Origin, Verdict
from evolve.taste.embeddings import Embeddings
from evolve.taste.learning import Learning
from evolve.taste.prior import Prior
from evolve.taste.taste import Taste

PAGE = 12


def _births(count: int) -> list[Birth]:
    return [Birth(id=i, origin=Origin("found"), generation=i // PAGE) for i in range(count)]


def _pictures(count: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return embeddings, and how much a person likes each."""
    rng = np.random.default_rng(seed)
    embeddings = rng.standard_normal((count, 16))
    liked = embeddings @ rng.standard_normal(16)
    return embeddings, liked / liked.std()


def _rated(liked: np.ndarray) -> dict[int, Verdict]:
    return {i: Verdict(rating=int(np.clip(round(3 + x), 1, 5))) for i, x in enumerate(liked)}


def _rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a.argsort().argsort(), b.argsort().argsort())[0, 1])


def _taught(
    verdicts: dict[int, Verdict], embeddings: np.ndarray, births: list[Birth] | None = None
) -> Taste:
    looks = dict(enumerate(embeddings.astype(np.float16)))
    known = Embeddings(lambda i: Embedding("test", looks[i]) if i in looks else None)
    return Taste(known, births or _births(len(embeddings)), verdicts)


def test_nothing_said_nothing_known() -> None:
    embeddings, _ = _pictures(24)
    assert _taught({}, embeddings).judged == 0
    mean, deviation = _taught({0: Verdict(rating=3)}, embeddings).predict(-embeddings[:1])
    assert mean == pytest.approx(0, abs=0.05)
    assert deviation > 0.8


def test_ratings_predict_what_is_liked_among_pictures_not_seen() -> None:
    embeddings, liked = _pictures(144)
    rated = _rated(liked[:96])
    mean, _ = _taught(rated, embeddings).predict(embeddings[96:])
    assert _rank_correlation(mean, liked[96:]) > 0.6


def test_ratings_that_drift_from_page_to_page_are_compared_within_a_page() -> None:
    embeddings, liked = _pictures(144)
    strict = np.repeat(np.arange(8) % 3 - 1.0, PAGE)  # of the person, by page
    rated = _rated(liked[:96] + strict)
    mean, _ = _taught(rated, embeddings).predict(embeddings[96:])
    assert _rank_correlation(mean, liked[96:]) > 0.5


def test_picks_in_order_predict_what_is_liked() -> None:
    embeddings, liked = _pictures(144)
    picked: dict[int, Verdict] = {}
    for page in range(8):
        best = page * PAGE + np.argsort(-liked[page * PAGE :][:PAGE])[:3]
        picked |= {int(i): Verdict(place=place) for place, i in enumerate(best, start=1)}
    mean, _ = _taught(picked, embeddings).predict(embeddings[96:])
    assert _rank_correlation(mean, liked[96:]) > 0.5


def test_a_picture_like_a_rejected_one_is_expected_to_be_liked_less() -> None:
    embeddings, _ = _pictures(24)
    near = embeddings[:1] + 0.01
    rated = {1: Verdict(rating=3), 2: Verdict(rating=3)}
    before = _taught(rated, embeddings).predict(near).mean[0]
    after = _taught({**rated, 0: Verdict(rejected=True)}, embeddings).predict(near).mean[0]
    assert after < before - 0.5


def test_none_of_these_says_less_than_a_low_rating_of_each() -> None:
    embeddings, _ = _pictures(24)
    none = {i: Verdict(none=True) for i in range(PAGE)}
    pinned = {20: Verdict(pinned=True)}
    mean = _taught({**none, **pinned}, embeddings).predict(embeddings).mean
    assert mean[:PAGE].max() < mean[20]


def test_a_page_that_is_rejected_as_a_whole_is_expected_to_be_liked_less() -> None:
    embeddings, _ = _pictures(24)
    rejected = {i: Verdict(rejected=True) for i in range(PAGE)}
    mean = _taught({**rejected, 20: Verdict(pinned=True)}, embeddings).predict(embeddings).mean
    assert mean[:PAGE].max() < min(0, mean[20] - 0.5)


def test_all_the_same_makes_a_page_equal_and_neither_good_nor_bad() -> None:
    embeddings, _ = _pictures(24)
    same = {i: Verdict(same=True) for i in range(PAGE)}
    mean = _taught(same, embeddings).predict(embeddings).mean
    assert np.ptp(mean[:PAGE]) < 0.05


def test_silence_says_nothing() -> None:
    embeddings, _ = _pictures(36)
    rated = {i: Verdict(rating=1 + i % 5) for i in range(PAGE)}
    silent = {**rated, 13: Verdict(), 14: Verdict(score=3.0)}
    assert np.array_equal(
        _taught(rated, embeddings).predict(embeddings).mean,
        _taught(silent, embeddings).predict(embeddings).mean,
    )


def test_answers_on_older_pages_count_less() -> None:
    embeddings, _ = _pictures(240)
    first = {0: Verdict(rating=5), 1: Verdict(rating=1)}
    later = {i: Verdict(rating=3) for page in range(2, 20) for i in (page * PAGE, page * PAGE + 1)}
    soon = _taught(first, embeddings).predict(embeddings[:2]).mean
    aged = _taught({**first, **later}, embeddings).predict(embeddings[:2]).mean
    assert aged[0] - aged[1] < soon[0] - soon[1]


def test_the_order_in_which_answers_are_told_does_not_matter() -> None:
    embeddings, liked = _pictures(48)
    rated = _rated(liked[:24])
    backwards = dict(reversed(rated.items()))
    assert np.array_equal(
        _taught(rated, embeddings).predict(embeddings).mean,
        _taught(backwards, embeddings).predict(embeddings).mean,
    )


def test_answers_about_pictures_that_are_not_painted_are_left_out() -> None:
    embeddings, _ = _pictures(24)
    rated = {3: Verdict(rating=5), 30: Verdict(rating=1)}
    taste = _taught(rated, embeddings, _births(36))
    assert (taste.judged, taste.unseen) == (1, 1)


def test_a_taste_for_two_kinds_with_others_between_them_is_learnt() -> None:
    """No average, and no weights of single properties, could tell these apart."""
    rng = np.random.default_rng(1)
    corners = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]]).repeat(12, axis=0)
    kinds = corners + rng.standard_normal((48, 2)) * 0.1
    rated = {i: Verdict(rating=5 if i // 12 in (0, 2) else 1) for i in range(0, 48, 2)}
    pages = [Birth(id=i, origin=Origin("found"), generation=i % 12) for i in range(48)]
    mean = _taught(rated, kinds, pages).predict(kinds[1::2]).mean
    liked = np.array([i // 12 in (0, 2) for i in range(1, 48, 2)])
    assert mean[liked].min() > mean[~liked].max()


def test_a_reading_counts_beside_the_embedding_and_pictures_without_one_still_count() -> None:
    rng = np.random.default_rng(3)
    seen, read = rng.standard_normal((72, 16)), rng.standard_normal((72, 5))
    liked = read[:, 0]  # nothing of it is in the embedding

    def taught(with_reading: int) -> Taste:
        def look(i: int) -> list[Embedding]:
            parts = [Embedding("clip", seen[i].astype(np.float16))]
            parts += [Embedding("reader", read[i].astype(np.float16))] * (i < with_reading)
            return parts

        return Taste(Embeddings(look), _births(72), _rated(1.3 * liked[:48]))

    joined = taught(72)
    ids, expected = joined.of(range(48, 72))
    assert ids == [*range(48, 72)]
    assert _rank_correlation(expected.mean, liked[48:]) > 0.4
    assert taught(30).judged == 30  # most have both: the others cannot be compared by both
    older = taught(10)
    assert older.judged == 48  # few have a reading, so that it is left aside
    assert len(older.of(range(72))[0]) == 72


def test_a_taste_from_elsewhere_is_what_a_new_one_begins_with_and_is_unlearnt() -> None:
    embeddings, liked = _pictures(144)
    rated = _rated(liked[:96])
    learnt = _taught(rated, embeddings).as_prior("faces")
    prior = Prior.from_config({"taste_of": learnt.to_json()})
    assert prior is not None
    young = embeddings[96:] + 0.3  # of another prompt, say
    looks = dict(enumerate(young.astype(np.float16)))
    known = Embeddings(lambda i: Embedding("test", looks[i]))

    def means(said: dict[int, Verdict], since: int = 0) -> np.ndarray:
        return (
            Taste(known, _births(48), said, since=since, learning=Learning(prior=prior))
            .of(range(48))[1]
            .mean
        )

    first = {0: Verdict(rating=3)}
    assert _rank_correlation(means(first), liked[96:]) > 0.5
    assert means(first, since=1) == pytest.approx(0)
    other = _rated(-liked[96:])
    assert _rank_correlation(means(other), liked[96:]) < -0.5
    again = _rated(liked[96:])
    assert np.abs(means(again)).mean() < 2  # what was expected is not counted twice
    picks = {i: Verdict(place=place) for place, i in enumerate((3, 7, 5), start=1)}
    assert means(picks)[3] > means(first)[3]


def test_a_taste_of_pictures_that_cannot_be_compared_says_nothing() -> None:
    embeddings, liked = _pictures(48)
    rated = _rated(liked)
    prior = _taught(rated, embeddings).as_prior("faces")
    assert prior.at(embeddings, (("test", 16),)).std() > 0.3
    assert not prior.at(embeddings, (("another", 16),)).any()
    assert not prior.at(embeddings, ()).any()


def test_only_the_newest_pages_count_where_a_taste_has_a_memory() -> None:
    embeddings, liked = _pictures(96)
    said = _rated(liked[:96])
    said[3] = Verdict(rating=5, page=7)  # rated again on the last page
    births = _births(96)
    looks = Embeddings(lambda i: Embedding("test", embeddings[i].astype(np.float16)))
    short = Taste(looks, births, said, learning=Learning(2 * PAGE))
    late = [3, *range(96 - 2 * PAGE + 1, 96)]
    assert list(short.seen) == late
    alone = Taste(looks, births, {i: said[i] for i in late})
    assert np.array_equal(short.predict(embeddings).mean, alone.predict(embeddings).mean)
    assert (
        Taste(looks, births, said, learning=Learning(96)).judged
        == Taste(looks, births, said).judged
        == 96
    )


@pytest.mark.parametrize("config", [{}, {"memory": 0}, {"memory": "x"}, {"memory": True}])
def test_older_populations_remember_all(config: dict[str, object]) -> None:
    assert Learning.from_config(config).memory is None
    assert Learning.from_config({"memory": 24}).memory == 24
