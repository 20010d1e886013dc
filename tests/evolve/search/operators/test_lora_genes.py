"""The weights of LoRAs as genes."""

from dataclasses import replace

import numpy as np
import pytest

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt
from evolve.genome.noise import stream
from evolve.genome.settings import GENES, Settings
from evolve.search.operators import cross_slerp, mutate_settings


def test_the_weight_is_a_gene_of_models_that_have_a_lora() -> None:
    noise = np.array([[[1, 2], [3, 4]]], np.float16)
    parent = Genome(noise, Prompt.parse("a"), Settings(lora=1.0))
    children = [mutate_settings(stream(1, k, "x"), parent, strength=5.0) for k in range(50)]
    weights = [child.settings.lora or 0.0 for child in children]
    assert len(set(weights)) > 30
    assert all(0.05 <= weight <= GENES["lora"].high for weight in weights)
    other = replace(parent, noise=noise[:, ::-1], settings=Settings(lora=0.25))
    assert cross_slerp(parent, other, share=0.5).settings.lora == 0.5
    without = replace(parent, settings=Settings())
    assert mutate_settings(stream(1, 0, "x"), without).settings.lora is None
    assert cross_slerp(without, other, share=0.1).settings.lora is None
    with pytest.raises(GenomeError, match="lora 5 is not between"):
        Settings(lora=5)


def test_a_negative_weight_keeps_its_sign_and_zero_stays_off() -> None:
    noise = np.random.default_rng(0).standard_normal((4, 8, 8)).astype(np.float16)
    parent = Genome(noise, Prompt.parse("a"), Settings(lora=-0.1, lora_2=0.0, lora_3=1.9))
    children = [mutate_settings(stream(1, i, "x"), parent, strength=3.0) for i in range(50)]
    assert all(-2 <= c.settings.loras[0] <= -0.05 for c in children)
    assert all(c.settings.loras[1] == 0 for c in children)
    assert all(0.05 <= c.settings.loras[2] <= 2 for c in children)
    assert len({c.settings.loras for c in children}) > 20
    other = replace(parent, settings=Settings(lora=0.3, lora_2=1.0, lora_3=1.9))
    assert cross_slerp(parent, other, share=0.5).settings.loras == (0.1, 0.5, 1.9)


def test_one_lock_holds_the_weights_of_all_loras() -> None:
    noise = np.zeros((4, 8, 8), np.float16)
    parent = Genome(noise, Prompt.parse("a"), Settings(lora=1.0, lora_2=0.5))
    child = mutate_settings(stream(1, 0, "x"), parent, locked=("lora",))
    assert child.settings.loras == (1.0, 0.5)


def test_a_genome_without_a_lora_is_what_it_was_before_there_were_any() -> None:
    genome = Genome(np.zeros((1, 2, 2), np.float16), Prompt.parse("a"))
    assert "lora" not in genome.to_json()["settings"]
    with_lora = replace(genome, settings=Settings(lora=1.0))
    assert with_lora.digest != genome.digest
    assert Genome.from_json(with_lora.to_json(), genome.noise) == with_lora
