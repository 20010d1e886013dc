"""Sizes that a model was not trained for."""

from dataclasses import replace

import pytest

from evolve.models.catalog import describe
from evolve.models.own_size import size_remark


def test_an_embedded_model_paints_well_at_its_own_size_only() -> None:
    card = describe("portraits")
    assert size_remark(card, None) == size_remark(card, (128, 128)) == ""
    remark = size_remark(card, (192, 128))
    assert "trained for pictures of 128x128: at 192x128 they often" in remark
    assert remark.endswith("or come apart")
    assert size_remark(card, (4096, 4096)).endswith(", and take about 1024 times as long")


@pytest.mark.parametrize(
    ("size", "is_odd"),
    [
        ((768, 512), False),
        ((1024, 512), False),
        ((1024, 1024), True),
        ((384, 384), False),
        ((256, 512), False),
        ((256, 256), True),
    ],
)
def test_another_model_paints_well_near_its_own_size(size: tuple[int, int], is_odd: bool) -> None:
    card = replace(describe("portraits"), name="o/other", pixels=(512, 512))
    assert bool(size_remark(card, size)) == is_odd
