"""How far a renderer process lets others go first."""

import os

import pytest

from evolve.rendering.process.worker import GENTLE, LAST, prepare_environment


@pytest.mark.parametrize(
    ("before", "wanted", "after"),
    [(0, GENTLE, 5), (0, LAST, 19), (5, 19, 19), (5, 5, 5), (7, 5, 7)],
)
def test_a_process_is_as_nice_as_wanted_whatever_it_was_forked_from(
    monkeypatch: pytest.MonkeyPatch, before: int, wanted: int, after: int
) -> None:
    niceness = before

    def nice(more: int) -> int:
        nonlocal niceness
        niceness += more
        return niceness

    monkeypatch.setattr(os, "nice", nice)
    prepare_environment(wanted)
    assert niceness == after
