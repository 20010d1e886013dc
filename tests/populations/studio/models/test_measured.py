"""Among how many candidates pages are chosen follows from what the model took when it was tried."""

from dataclasses import replace
from pathlib import Path

import pytest

from evolve.errors import GenomeError
from evolve.models.catalog import describe
from evolve.models.files.fingerprint import fingerprint
from evolve.models.machine import trials
from populations.studio.models.measured import affordable
from populations.studio.new import CreateRequest, config_of
from populations.studio.opening import founded_among, search_on

PAGE = 12


def tried(monkeypatch: pytest.MonkeyPatch, seconds: object, latent: object = (8, 16, 16)) -> None:
    """Let the embedded model have been tried: a forward of 4 rows took so long."""
    card = describe("portraits")
    found = {"pipeline": card.pipeline, "fingerprint": fingerprint(card.files)}
    found |= {"latent": list(latent) if isinstance(latent, tuple) else latent, "seconds": seconds}
    monkeypatch.setattr(trials, "of_model", lambda *_, of: [found] if of == "seconds" else [])


@pytest.mark.parametrize(
    ("seconds", "among"),
    [(0.02, 3 * PAGE), (0.025, 2 * PAGE), (0.2, None)],
)
def test_more_is_painted_the_quicker_the_model_is(
    monkeypatch: pytest.MonkeyPatch, seconds: float, among: int | None
) -> None:
    tried(monkeypatch, {"2": 1.0, "4": seconds})
    card = describe("portraits")
    assert affordable(card, card.settings, card.latent, PAGE) == among


def test_larger_pictures_and_more_steps_count(monkeypatch: pytest.MonkeyPatch) -> None:
    tried(monkeypatch, {"4": 0.015})
    card = describe("portraits")
    assert affordable(card, card.settings, card.latent, PAGE) == 3 * PAGE
    assert affordable(card, card.settings, (8, 32, 32), PAGE) is None
    slow = replace(card.settings, steps=12)
    assert affordable(card, slow, card.latent, PAGE) == 2 * PAGE


@pytest.mark.parametrize("seconds", [{}, {"4": "long"}, None, {"x": 1.0}])
def test_what_was_never_measured_counts_as_quick_if_it_comes_with_the_program(
    monkeypatch: pytest.MonkeyPatch, seconds: object
) -> None:
    tried(monkeypatch, seconds)
    card = describe("portraits")
    assert affordable(card, card.settings, card.latent, PAGE) == 3 * PAGE
    other = replace(card, name="somebody/else")
    assert affordable(other, card.settings, card.latent, PAGE) is None


def test_a_population_says_it_and_others_choose_among_none(tmp_path: Path) -> None:
    config = config_of(CreateRequest(name="a", prompt="a man", page=8, among=20))
    assert config["among"] == 20
    assert founded_among(config) == 2.5
    assert config_of(CreateRequest(name="a", prompt="a man", among=1))["among"] == PAGE
    older = {key: value for key, value in config.items() if key != "among"}
    assert founded_among(older) == 1.0
    for wrong in (None, "many", -3, True, 10**9):
        assert founded_among({**config, "among": wrong}) == 1.0
    with pytest.raises(GenomeError, match="cannot be chosen among 9999 candidates: use 1 to 512"):
        config_of(CreateRequest(name="a", prompt="a man", among=9999))


def test_only_new_populations_draw_children_of_a_size_anew() -> None:
    config = config_of(CreateRequest(name="a", prompt="a man"))
    assert search_on(config).policy.other_ways
    older = {key: value for key, value in config.items() if key != "other_ways"}
    for other in (older, {**older, "other_ways": "yes"}, {**older, "other_ways": 1}):
        assert not search_on(other).policy.other_ways
