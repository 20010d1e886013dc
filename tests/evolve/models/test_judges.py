"""The judges of painted portraits: what they read, and how pictures are varied to train them."""

import numpy as np
import torch

from benchmarks.portraits.held_out import held_out, pictures
from benchmarks.portraits.judges import JUDGES, load_judge
from benchmarks.portraits.judging.steadiness import steadiness
from benchmarks.portraits.second_judge import SHIFT, _turned
from benchmarks.portraits.taste_features import joined, kernel, predicted, unit


def test_both_judges_read_nearly_all_that_real_art_shows_also_when_it_moves() -> None:
    faces, images = held_out()[:24], pictures()[:24]
    for name in JUDGES:
        judge = load_judge(name)
        read = judge.read(images)
        right = [read[k][a] == v for k, face in enumerate(faces) for a, v in face.seen.items()]
        assert np.mean(right) > 0.95
        steady = steadiness(judge, images[:6], [face.seen for face in faces[:6]])
        assert steady["style"] == 1


def test_the_judges_are_different_networks() -> None:
    first, second = (load_judge(name).state_dict() for name in JUDGES)
    kinds = [
        {tuple(value.shape) for n, value in one.items() if "head" not in n}
        for one in (first, second)
    ]
    assert len(kinds[0] & kinds[1]) < len(kinds[0]) / 2
    assert not torch.equal(first["head.bias"], second["head.bias"])


def test_a_picture_that_is_turned_by_nothing_stays_and_one_that_moves_keeps_its_content() -> None:
    image = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(_turned(image, torch.zeros(4, 1)), image, atol=1e-5)
    by = torch.zeros(4, 1)
    by[2] = 1.0
    moved = _turned(image, by)
    assert torch.allclose(moved[..., :-SHIFT], image[..., SHIFT:], atol=1e-4)


def test_a_taste_is_learnt_from_differences_within_pages_not_between_them() -> None:
    draw = np.random.default_rng(3)
    features = joined(draw.normal(size=(60, 5)), draw.normal(size=(60, 3)))
    assert np.allclose(np.linalg.norm(unit(features), axis=1), 1)
    alike, rated = kernel(features), np.arange(24)
    ratings = 3 + features[:24, 0] * 4
    plain = predicted(alike, rated, ratings)
    harsh = predicted(alike, rated, ratings - 1.5 * (rated >= 12))
    assert np.corrcoef(plain[24:], features[24:, 0])[0, 1] > 0.6
    assert np.corrcoef(plain, harsh)[0, 1] > 0.9
