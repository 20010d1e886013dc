"""What the embedded model is trained on: captions, and where in a picture small things are."""

from __future__ import annotations

import random

import numpy as np
import torch

from evolve.models.portraits.attributes import CLASSES
from evolve.models.portraits.captions import caption
from evolve.models.portraits.places import ENOUGH, STRESS, stresses

COLUMNS = list(CLASSES)


def test_the_places_where_mouths_differ_count_most_in_their_style_alone() -> None:
    draw = np.random.default_rng(0)
    latents = draw.standard_normal((4 * ENOUGH, 2, 4, 4)).astype(np.float16)
    targets = torch.full((len(latents), len(CLASSES)), -1)
    targets[:, COLUMNS.index("style")] = torch.arange(len(latents)) % 2
    mouths = torch.arange(len(latents)) // 2 % 2
    targets[:, COLUMNS.index("mouth")] = mouths
    latents[targets[:, COLUMNS.index("style")] == 0, :, 2, 1] += 9 * mouths[::2, None].numpy()

    weights = stresses(latents, targets, np.arange(len(latents)))

    first = weights[0, 0]
    assert first.argmax() == 2 * 4 + 1
    others = first.flatten()[torch.arange(16) != 2 * 4 + 1]
    assert first[2, 1] > 0.7 * (1 + STRESS) * others.max()
    assert weights.mean((1, 2, 3)).allclose(torch.ones(len(weights)))
    assert weights[2].unique().tolist() == [1.0]  # a style without faces


def test_a_caption_is_the_same_for_the_same_draw_and_tells_only_what_is_seen() -> None:
    seen = {"style": "micah", "hair": "bob", "hair_colour": "red", "mouth": "smile"}
    seen |= {"glasses": "none", "beard": "none", "hat": "none", "background": "blue"}
    texts = [caption(random.Random(k), seen) for k in range(200)]
    assert texts == [caption(random.Random(k), seen) for k in range(200)]
    assert set().union(*(told for _, told in texts)) <= set(seen)
    assert not any("sad" in text for text, _ in texts)
