"""What was learnt is said in words: the properties that decided, and nothing that chance did."""

import numpy as np
import pytest

from evolve.taste.explaining import explain


def test_what_the_liked_share_is_named_and_chance_is_not() -> None:
    rng = np.random.default_rng(0)
    properties = rng.uniform(0, 1, (60, 5))
    utilities = 2 * properties[:, 1] - 2 * properties[:, 3] + 0.3 * rng.standard_normal(60)
    learnt = explain(utilities, properties, ["hat", "beard", "smile", "glasses", "red hair"])
    assert {each.words for each in learnt} == {"beard", "glasses"}
    weights = {each.words: each.weight for each in learnt}
    assert weights["beard"] > 0 > weights["glasses"]


def test_a_few_answers_explain_nothing() -> None:
    assert explain(np.array([1.0, -1.0]), np.eye(2), ["a", "b"]) == []
    assert explain(np.zeros(20), np.eye(20), [str(k) for k in range(20)]) == []


def test_what_decided_one_page_is_named_though_all_later_pictures_have_it() -> None:
    rng = np.random.default_rng(1)
    beard = np.concatenate([np.tile([1.0, 0.0], 6), np.ones(60)])
    others = (rng.random((72, 40)) > 0.5).astype(float)
    utilities = np.where(beard > 0, 1.5, -1.5) + 0.8 * rng.standard_normal(72)
    utilities[12:] -= 1.5
    pages = np.arange(72) // 12
    words = [str(k) for k in range(40)] + ["beard"]
    (learnt,) = explain(utilities, np.column_stack([others, beard]), words, pages.tolist())
    assert learnt.words == "beard"
    assert learnt.weight == pytest.approx(3, abs=0.6)  # in steps of the rating scale
    assert 0 < learnt.doubt < 0.6


def test_what_comes_along_with_what_decided_is_not_named_beside_it() -> None:
    rng = np.random.default_rng(2)
    beard = (rng.random(48) > 0.5).astype(float)
    man = np.where(rng.random(48) > 0.1, beard, 1 - beard)
    utilities = 2 * beard + 0.3 * rng.standard_normal(48)
    learnt = explain(utilities, np.column_stack([man, 1 - beard, beard]), ["man", "none", "beard"])
    assert [each.words for each in learnt] == ["none"]  # the first of two that say the same


def test_pictures_of_which_a_property_is_not_known_tell_nothing_of_it() -> None:
    hat = np.tile([0.0, 0.0, 0.0, 1.0], 9)
    black_hair = np.where(hat, np.nan, 1.0)  # of all whose hair is seen
    utilities = -3 * hat + 0.5 * np.random.default_rng(4).standard_normal(36)
    learnt = explain(utilities, np.column_stack([black_hair, hat]), ["black hair", "hat"])
    assert [each.words for each in learnt] == ["hat"]


def test_a_single_picture_names_none_of_its_properties() -> None:
    one = np.eye(12)[:, :1]
    assert explain(5 * one[:, 0], np.repeat(one, 3, axis=1), ["hat", "smile", "beard"]) == []
    assert explain(np.zeros(0), np.zeros((0, 3)), ["hat", "smile", "beard"]) == []


def test_chance_names_something_in_one_of_twenty_reports() -> None:
    rng = np.random.default_rng(3)
    pages = (np.arange(36) // 12).tolist()
    named = [
        explain(rng.standard_normal(36), (rng.random((36, 60)) > 0.5) * 1.0, ["x"] * 60, pages)
        for _ in range(200)
    ]
    assert sum(map(bool, named)) <= 20
