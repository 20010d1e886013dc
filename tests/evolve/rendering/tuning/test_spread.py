"""Whether a model needs variety, found once by painting, and remembered."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from families import model_of

from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.genome.variety import Variety, pattern
from evolve.models.machine import trials
from evolve.rendering.tuning import spread
from evolve.rendering.tuning.spread import needed_strength, tried


def founder(text: str, k: int, strength: float | None) -> Genome:
    noise = np.random.default_rng(k).standard_normal((1, 8, 8)).astype(np.float16)
    shift = Variety(((k, 1.0),)) if strength else None
    return Genome(noise, Prompt.typed(text), Settings(variety=strength), variety=shift)


def painter(heeds_noise: float, heeds_words: float = 1.0):
    """Return what paints latents of words, of noise as far as it heeds it, and of variety."""

    def paint(genomes: list[Genome]) -> list[np.ndarray]:
        made = []
        for genome in genomes:
            words = np.random.default_rng(len(str(genome.prompt))).standard_normal((1, 8, 8))
            shift = 0.0
            if genome.variety is not None:
                strength = genome.settings.variety or 0
                shift = strength * pattern(genome.variety.draws, 0, (1, 8, 8))
            made.append(heeds_words * (words + shift) + heeds_noise * genome.noise)
        return made

    return paint


def test_a_model_whose_noise_counts_needs_no_variety() -> None:
    needed, found = needed_strength(painter(1.0), founder)
    assert needed is None
    assert found == pytest.approx(1.0, abs=0.3)


def test_a_model_whose_noise_hardly_counts_gets_as_much_as_brings_founders_apart() -> None:
    needed, found = needed_strength(painter(0.1), founder)
    assert found < 0.2
    assert needed in spread.STRENGTHS[2:]
    less = needed_strength(painter(0.2), founder)[0]
    assert less is not None
    assert less <= needed


def test_a_model_that_paints_the_same_for_any_words_is_left_alone() -> None:
    assert needed_strength(painter(0.0, 0.0), founder)[0] is None


def test_it_is_tried_once_on_models_of_few_steps_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)
    model = model_of("LCM")
    record = {**model.info.record, "pipeline": "LatentConsistencyModelPipeline", "fingerprint": "f"}
    slow = replace(model, info=replace(model.info, record=record, settings=Settings(steps=30)))
    assert tried(slow, lambda: pytest.fail("tried")) is None
    quick = replace(model, info=replace(model.info, record=record, settings=Settings(1.0, 2)))
    begun: list[int] = []
    found = tried(quick, lambda: begun.append(1))
    monkeypatch.setattr(spread, "needed_strength", lambda *_: pytest.fail("tried again"))
    assert tried(quick, lambda: begun.append(2)) == found
    assert begun == [1]
    seen: list[int] = []

    def painted(model: Any, genomes: list[Genome]) -> tuple[list[Any], str]:
        seen.extend(genome.settings.steps for genome in genomes)
        return [], ""

    def measured(paint: Any, made: Any) -> tuple[None, float]:
        return paint([made("a", 0, None)]) or None, 1.0

    monkeypatch.setattr(spread, "needed_strength", measured)
    monkeypatch.setattr(spread, "latents_of", painted)
    other = {**record, "fingerprint": "g"}
    tried(replace(slow, device="cuda", info=replace(slow.info, record=other)))
    assert seen == [12]  # on a GPU it does not take long
    (kept,) = trials.of_model(record["pipeline"], lambda: "f", of="variety")
    assert kept["variety"] == found
    assert trials.of_model(record["pipeline"], lambda: "f") == []


@pytest.mark.parametrize("damaged", [{}, {"variety": "much"}, {"variety": 1e9}, {"variety": True}])
def test_what_was_remembered_and_is_damaged_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: dict[str, Any]
) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)
    monkeypatch.setattr(spread, "needed_strength", lambda *_: (0.3, 0.1))
    model = model_of("LCM")
    model = replace(model, info=replace(model.info, settings=Settings(1.0, 2)))
    conditions = spread.conditions_of(model.info.record)
    trials.remember(conditions, damaged)
    assert tried(model) == 0.3
    assert trials.recall(conditions) == {**conditions, "variety": 0.3, "spread": 0.1}
