import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.errors import GenomeError
from evolve.genome import Concept, Genome, Prompt
from evolve.genome.prompt import ADDED, LEAST, MIXED, MOST, SPLIT, WRITTEN, encoded

texts = st.sampled_from(["a", "a | b", " :2", "red hair", "\\", "b "])
weighted = st.builds(Concept, texts.filter(str.strip), st.floats(LEAST, MOST))
bases = st.builds(Concept, texts.filter(str.strip))
added = st.builds(lambda base, words: (base, *words), bases, st.lists(weighted, max_size=3))


@given(added, added | st.just(()))
def test_what_is_written_comes_back_equal_from_what_is_typed_and_from_json(
    concepts: tuple[Concept, ...], negative: tuple[Concept, ...]
) -> None:
    prompt = Prompt(concepts, negative, SPLIT)
    assert Prompt.typed(str(prompt), prompt.unwanted) == prompt
    assert Prompt.from_json(json.loads(json.dumps(prompt.to_json()))) == prompt


def test_words_behind_bars_have_weights_of_either_sign() -> None:
    prompt = Prompt.typed("a woman, line art | red hair :1.4 | glasses :-0.5 | a hat :0")
    assert prompt.concepts == (
        Concept("a woman, line art"),
        Concept("red hair", 1.4),
        Concept("glasses", -0.5),
        Concept("a hat", 0.0),
    )
    assert prompt.to_json()["rule"] == "split"


def test_the_rule_of_old_prompts_is_no_part_of_their_json_nor_of_their_digest() -> None:
    old = Prompt.from_json({"concepts": [["a face", 1.0], ["red hair", 2.0]], "negative": []})
    assert (old.rule, old) == (MIXED, Prompt.parse("a face | red hair :2"))
    assert list(old.to_json()) == ["concepts", "negative"]
    noise = np.zeros((1, 2, 2), np.float16)
    new = Prompt.typed("a face | red hair :2")
    assert Genome(noise, old).digest != Genome(noise, new).digest


def test_a_text_without_bars_is_the_same_by_both_rules() -> None:
    assert Prompt.typed("a face", "a hat") == Prompt.parse("a face", "a hat")
    assert Prompt.typed("a face", "a hat | a cap").rule == SPLIT


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("red hair :1.4", r"weight 1.4 of 'red hair' stands before the first bar"),
        ("a :0 | b", r"weight 0 of 'a' stands before the first bar, where words have none"),
        ("a | b :3", r"weight 3 of 'b' must be from -1.5 to 2.5"),
        ("a | b :-2", r"weight -2 of 'b' must be from -1.5 to 2.5"),
        ("a | b :nan", r"weight nan of 'b' must be from"),
        ("a | ", r"no text on one side of a bar in 'a \|': add it, or remove the bar"),
        ("a | :1 | b", r"no text on one side of a bar in 'a \| :1 \| b'"),
        ("| b", r"no text on one side of a bar in '\| b'"),
        (" | ", r"the prompt is empty"),
    ],
)
def test_impossible_weights_are_refused_with_the_cure(text: str, message: str) -> None:
    with pytest.raises(GenomeError, match=message):
        Prompt.typed(text)
    if "empty" not in message:
        with pytest.raises(GenomeError, match=message):
            Prompt.typed("a face", text)


@pytest.mark.parametrize("weight", [10**400, "heavy", None, True])
def test_a_weight_in_json_that_is_no_number_is_refused(weight: object) -> None:
    with pytest.raises(GenomeError, match="weight nan of 'a' must be above 0"):
        Prompt.from_json({"concepts": [["a", weight]]})


def test_a_rule_of_a_later_version_is_refused() -> None:
    data = {**Prompt.typed("a | b").to_json(), "rule": "woven"}
    with pytest.raises(GenomeError, match=r"unknown rule 'woven' .* newer version"):
        Prompt.from_json(data)


def parts(text: str, rule: str = WRITTEN) -> dict[str, float]:
    """Return what is encoded, with its weight in the mean."""
    found = encoded(Prompt.typed(text).concepts, rule)
    assert len(dict(found)) == len(found)
    return dict(found)


def test_by_the_rule_of_1_3_each_text_is_added_by_itself() -> None:
    found = parts("a | b :0.5 | c :0 | d :-0.25", ADDED)
    assert found == {"a": 0.75, "a, b": 0.5, "a, d": -0.25}
    assert parts("a | b | c", ADDED) == {"a": -1.0, "a, b": 1.0, "a, c": 1.0}


@settings(max_examples=40)
@given(st.floats(LEAST, MOST))
def test_a_text_alone_means_the_same_by_both_rules(weight: float) -> None:
    text = f"a | b :{weight!r}"
    assert parts(text) == pytest.approx(parts(text, ADDED))


@settings(max_examples=40)
@given(st.lists(st.booleans(), min_size=1, max_size=5))
def test_weights_of_0_and_1_paint_exactly_the_written_text(written: list[bool]) -> None:
    words = "bcdefg"[: len(written)]
    typed = " | ".join(["a", *(f"{w} :{int(on)}" for w, on in zip(words, written, strict=True))])
    text = ", ".join(["a", *(w for w, on in zip(words, written, strict=True) if on)])
    assert parts(typed) == {text: 1.0}


@settings(max_examples=40)
@given(st.lists(st.floats(LEAST, MOST), min_size=1, max_size=6))
def test_no_text_weakens_another(weights: list[float]) -> None:
    """Those of either sign are written together: each in shares that sum to its weight."""
    words = "bcdefg"[: len(weights)]
    typed = " | ".join(["a", *(f"{w} :{x!r}" for w, x in zip(words, weights, strict=True))])
    found = parts(typed)
    assert sum(found.values()) == pytest.approx(1)
    for word, weight in zip(words, weights, strict=True):
        share = sum(part for text, part in found.items() if word in text.split(", "))
        assert share == pytest.approx(weight, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "negative", "wanted", "unwanted"),
    [
        ("a | b", "", {"a, b": 1}, {}),
        ("a | b | c :-1", "", {"a, b": 1}, {"c": 1}),
        ("a | b :-1 | c :-1", "fog", {"a": 1}, {"fog, b, c": 1}),
        ("a | b :0.25 | c :-0.25", "", {"a": 0.75, "a, b": 0.25}, {"": 0.75, "c": 0.25}),
        ("a | b :-0.75 | c :-0.5", "", {"a": 1}, {"": 0.25, "b": 0.25, "b, c": 0.5}),
        ("a | b :-1.5", "fog", {"a": 1}, {"fog": -0.5, "fog, b": 1.5}),
        ("a | b :-0.5", "fog | c :0.5", {"a": 1}, {"fog": 0.5, "fog, c, b": 0.5}),
        ("a | b :-1", "fog | c :-0.5", {"a": 1}, {"fog": 0.5, "fog, b": 1, "fog, c": -0.5}),
    ],
)
def test_texts_below_0_are_written_into_the_negative_prompt(
    text: str, negative: str, wanted: dict[str, float], unwanted: dict[str, float]
) -> None:
    prompt = Prompt.typed(text, negative)
    assert tuple(map(dict, prompt.parts())) == (wanted, unwanted)


@pytest.mark.parametrize("rule", [WRITTEN, ADDED])
def test_texts_below_0_lead_away_by_older_rules_and_where_no_negative_prompt_counts(
    rule: str,
) -> None:
    prompt = Prompt.typed("a | b :0.5 | c :-1", "fog")
    away = {"a": 1.5, "a, b": 0.5, "a, c": -1}
    older = replace(prompt, rule=rule)
    for parts in (prompt.parts(contrasted=False), older.parts(), older.parts(contrasted=False)):
        assert tuple(map(dict, parts)) == (away, {"fog": 1})


@settings(max_examples=40)
@given(st.lists(st.floats(LEAST, MOST), min_size=1, max_size=6), st.sampled_from(["", "fog"]))
def test_above_0_it_is_the_rule_of_1_4_and_below_0_no_text_weakens_another(
    weights: list[float], negative: str
) -> None:
    words = "bcdefg"[: len(weights)]
    typed = " | ".join(["a", *(f"{w} :{x!r}" for w, x in zip(words, weights, strict=True))])
    prompt = Prompt.typed(typed, negative)
    wanted, unwanted = prompt.parts()
    above = [replace(c, weight=max(0, c.weight)) for c in prompt.concepts]
    assert dict(wanted) == dict(encoded(above, WRITTEN))
    for word, weight in zip(words, weights, strict=True):
        shares = [
            sum(part for text, part in found if word in text.split(", "))
            for found in (wanted, unwanted)
        ]
        assert shares == pytest.approx([max(0, weight), max(0, -weight)], abs=1e-9)


def test_small_changes_of_weights_are_small_changes_of_what_is_written() -> None:
    assert parts("a | b | c | d :0.3") == pytest.approx({"a, b, c": 0.7, "a, b, c, d": 0.3})
    for weight in (0.299999, 0.300001):  # where the order of two changes
        near = parts(f"a | b :0.3 | c :{weight} | d :-0.5")
        exact = parts("a | b :0.3 | c :0.3 | d :-0.5")
        assert all(abs(near.get(t, 0) - exact.get(t, 0)) < 1e-5 for t in {*near, *exact})
