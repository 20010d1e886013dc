import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evolve.errors import GenomeError
from evolve.genome import Concept, Genome, Prompt
from evolve.genome.edit import Base, Edit
from evolve.genome.prompt_syntax import unread_weights
from evolve.genome.settings import SAMPLERS, Settings
from evolve.text import clean

NOISE = np.arange(64, dtype=np.float16).reshape(1, 8, 8)

any_text = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30).map(clean)
tricky = st.lists(st.sampled_from(["|", "\\", " ", ":", "1.4", " :2", "a", "\n"]), max_size=9)
texts = (any_text | tricky.map("".join)).filter(str.strip)
weights = st.sampled_from([0.25, 1.0, 1.4, 3.0]) | st.floats(0, 10, exclude_min=True)
concepts = st.builds(Concept, texts, weights)
some = st.lists(concepts, max_size=4).map(tuple)
prompts = st.builds(Prompt, some.filter(bool), some)
genomes = st.builds(
    Genome,
    noise=st.just(NOISE),
    prompt=prompts,
    settings=st.builds(
        Settings,
        guidance_scale=st.floats(1, 30),
        steps=st.integers(1, 150),
        sampler=st.sampled_from(SAMPLERS),
    ),
)


@settings(max_examples=40)
@given(genomes)
def test_a_genome_comes_back_equal_from_json(genome: Genome) -> None:
    again = Genome.from_json(json.loads(json.dumps(genome.to_json())), genome.noise)
    assert again == genome
    assert again.digest == genome.digest


@settings(max_examples=60)
@given(prompts)
@example(Prompt((Concept("a"), Concept(":1.4")), (Concept("b", 0.5), Concept(":1.4 :2"))))
def test_every_prompt_comes_back_equal_from_what_is_typed(prompt: Prompt) -> None:
    assert Prompt.parse(str(prompt), prompt.unwanted) == prompt


def test_weights_stand_behind_a_colon_and_a_backslash_makes_it_or_a_bar_part_of_the_text() -> None:
    assert Prompt.parse(r"a \| b :2 | 3 \:4 | \o/ | C:\x").concepts == (
        Concept("a | b", 2.0),
        Concept("3 :4"),
        Concept("\\o/"),
        Concept("C:\\x"),
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a woman:1.4", ["woman:1.4"]),
        ("a woman :1,4", [":1,4"]),
        ("a woman : 0,5", [": 0,5"]),
        ("a woman : 3, 4 hats", []),
        ("(a woman:1.3)", ["(a woman:1.3)"]),
        ("(old), a woman:1.3) and ((red hair:1.2))", ["woman:1.3)", "(red hair:1.2)"]),
        (f"({'long ' * 20}hair:1.3)", ["hair:1.3)"]),
        ("red hair :2 :3", [":2"]),
        ("a woman ::1.2", ["::1.2"]),
        ("a woman :1.4, red hair", [":1.4"]),
        ("a hat：1.2 | b:-1", ["hat：1.2", "b:-1"]),
        ("((hat)), {coat}, hair++", ["((hat))", "{coat}", "hair++"]),
        ("a woman :1.4 | red hair", []),
        ("a poster in 4:3, at 10:30, psalm 23:4", []),
        ("portrait: a man (smiling), well-known", []),
    ],
)
def test_what_looks_like_a_weight_and_is_text_is_named(text: str, named: list[str]) -> None:
    assert unread_weights(c.text for c in Prompt.parse(text).concepts) == named


@pytest.mark.parametrize(
    "text", ["a smiling woman", "portrait: a man", "poster in 4:3", "a clock at 10:30", "x :y"]
)
def test_a_text_without_a_weight_is_one_concept_of_weight_one(text: str) -> None:
    assert Prompt.parse(text).concepts == (Concept(text, 1.0),)


def test_a_prompt_that_is_not_text_is_refused() -> None:
    with pytest.raises(GenomeError, match=r"not valid text: write it in UTF-8"):
        Prompt.parse("a face \udcff")


@pytest.mark.parametrize("text", ["", "   ", " | "])
def test_an_empty_prompt_is_refused(text: str) -> None:
    with pytest.raises(GenomeError, match=r"the prompt is empty"):
        Prompt.parse(text)


@pytest.mark.parametrize("weight", ["0", "-1", "11", "nan", "inf"])
def test_an_impossible_weight_is_refused(weight: str) -> None:
    with pytest.raises(GenomeError, match=r"must be above 0 and at most 10"):
        Prompt.parse(f"red hair :{weight}")


def test_a_long_text_with_an_impossible_weight_is_named_in_one_short_line() -> None:
    with pytest.raises(GenomeError, match="weight 11 of 'a cat a cat") as caught:
        Prompt.parse("a cat\n" * 50 + " :11")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 120


def test_a_pasted_file_is_no_prompt() -> None:
    with pytest.raises(GenomeError, match=r"5000 characters: use at most 2000"):
        Prompt.parse("x" * 5000)


def test_noise_is_copied_and_cannot_be_written() -> None:
    mine = NOISE.copy()
    genome = Genome(noise=mine, prompt=Prompt.parse("a"))
    mine[:] = 0
    assert genome.noise[0, 7, 7] == 63
    with pytest.raises(ValueError, match=r"read-only"):
        genome.noise[0, 0, 0] = 1


def test_a_digest_is_computed_once_and_anew_for_another_genome() -> None:
    genome = Genome(noise=NOISE, prompt=Prompt.parse("a"), edit=Edit(Base(NOISE)))
    assert genome.edit is not None
    assert genome.digest is genome.digest
    assert genome.edit.base.digest is genome.edit.base.digest
    again = pickle.loads(pickle.dumps(genome))
    assert again == genome
    assert replace(again, prompt=Prompt.parse("b")).digest != genome.digest
    assert replace(again, prompt=Prompt.parse("b")) == replace(genome, prompt=Prompt.parse("b"))


def test_every_part_of_a_genome_counts_for_its_digest() -> None:
    base = Genome(noise=NOISE, prompt=Prompt.parse("a"))
    others = [
        Genome(noise=NOISE + np.float16(1), prompt=Prompt.parse("a")),
        Genome(noise=NOISE.reshape(1, 4, 16), prompt=Prompt.parse("a")),
        Genome(noise=NOISE, prompt=Prompt.parse("b")),
        Genome(noise=NOISE, prompt=Prompt.parse("a", "b")),
        Genome(noise=NOISE, prompt=Prompt.parse("a"), settings=Settings(steps=9)),
    ]
    assert len({g.digest for g in [base, *others]}) == 6


def test_noise_of_another_type_or_that_is_not_finite_is_refused() -> None:
    with pytest.raises(GenomeError, match=r"must be float16 .* but is float32"):
        Genome(noise=NOISE.astype(np.float32), prompt=Prompt.parse("a"))  # type: ignore[arg-type]
    with pytest.raises(GenomeError, match=r"not finite"):
        Genome(noise=NOISE * np.float16("nan"), prompt=Prompt.parse("a"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"guidance_scale": 0.5}, r"guidance_scale 0.5 is not between 1 and 30"),
        ({"steps": 0}, r"steps 0 is not between 1 and 150"),
        ({"steps": 2.5}, r"steps must be a whole number, but is 2.5"),
        ({"guidance_scale": float("nan")}, r"guidance_scale must be a number"),
        ({"steps": 10**400}, r"steps must be a number, but is 10{39}$"),
        ({"sampler": "magic"}, r"unknown sampler 'magic': use one of dpm\+\+"),
        ({"eta": 1.0}, r"unknown settings \['eta'\]: made by a newer version"),
    ],
)
def test_impossible_settings_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(GenomeError, match=message):
        Settings.from_json(wrong)
