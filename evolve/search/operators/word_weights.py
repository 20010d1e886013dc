"""Concepts as genes: how the weights of what is added to a base vary, cross over, go and come back.

A concept with next to no weight is dropped. One that the population asks for and a genome has lost
may come back weakly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from evolve.genome import Concept, Prompt
from evolve.genome.prompt import BASED, LEAST, MOST

DROPPED = 0.1
"""A concept whose weight is smaller than this, either way, is dropped."""
BEGINNING = 0.3
"""Weight of a concept that comes back."""
RETURNS = 0.25
"""Probability that one comes back, where any was lost."""
SCALE = 0.2
"""Standard deviation of one mutation of a weight."""


def have_base(*prompts: Prompt) -> bool:
    """Return whether the weights of all are genes: of one base, to which at least one adds."""
    one_base = len({prompt.concepts[0] for prompt in prompts}) == 1
    # A lone concept of weight 1 may be a base of which all others were dropped.
    fit = all(p.rule in BASED or (len(p.concepts), p.concepts[0].weight) == (1, 1) for p in prompts)
    return one_base and fit and any(prompt.rule in BASED for prompt in prompts)


def vary(
    rng: np.random.Generator, prompt: Prompt, asked: Prompt, *, scale: float = SCALE
) -> Prompt:
    """Return the prompt with other weights: w + N(0, scale), from -1.5 to 2.5.

    A concept that only `asked` has, the prompt of newcomers, may come back, at 0.3 or -0.3, or at
    less if `scale` is smaller than usual.
    """
    base, *words = prompt.concepts
    steps = rng.normal(0.0, scale, len(words))
    varied = [_word(c.text, c.weight + s) for c, s in zip(words, steps.tolist(), strict=True)]
    present = {concept.text for concept in words}
    lost = [c for c in asked.concepts[1:] if c.text not in present and c.weight]
    if lost and asked.concepts[0] == base and rng.random() < RETURNS:
        word = lost[int(rng.integers(len(lost)))]
        weight = BEGINNING * min(1.0, scale / SCALE)
        varied.append(Concept(word.text, math.copysign(weight, word.weight)))
    return _with(prompt, base, varied, asked)


def between(prompts: Sequence[Prompt], shares: Sequence[float]) -> Prompt:
    """Return the mean of the weights of each concept, 0 where it is missing, by shares of sum 1.

    The prompts are of one base (`have_base`); the rest comes from the one with the largest share.
    """
    nearest = prompts[int(np.argmax(shares))]
    weights: dict[str, float] = {}
    for prompt, share in zip(prompts, shares, strict=True):
        for concept in prompt.concepts[1:]:
            weights[concept.text] = weights.get(concept.text, 0.0) + share * concept.weight
    words = [_word(text, weight) for text, weight in weights.items()]
    return _with(nearest, nearest.concepts[0], words, *prompts)


def _word(text: str, weight: float) -> Concept:
    return Concept(text, round(min(MOST, max(LEAST, weight)), 3))


def _with(prompt: Prompt, base: Concept, words: Sequence[Concept], *others: Prompt) -> Prompt:
    """Return the prompt with those of these concepts that have enough weight.

    Their rule is that of the prompt, or else of the first of `others` that has one.
    """
    kept = [word for word in words if abs(word.weight) >= DROPPED]
    rule = next(one.rule for one in (prompt, *others) if one.rule in BASED)
    return Prompt((base, *kept), prompt.negative, rule)
