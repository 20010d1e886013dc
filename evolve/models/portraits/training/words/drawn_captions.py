"""Captions drawn once and kept as tokens, for GPUs that are faster than captions can be made.

A face has as many of them as were drawn, instead of another at every step.
"""

from __future__ import annotations

import os
import random
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from transformers import CLIPTokenizer

from evolve.models.portraits.training.faces.attributes import CLASSES, labels, visible
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.frozen import frozen_tokenizer
from evolve.models.portraits.training.words.captions import caption
from evolve.models.portraits.training.words.tokenizer import POSITIONS

FILE = "captions.npz"
JOB = 500
"""Faces that one process takes at a time."""

Job = tuple[Path, range, list[dict[str, str]], int, int]
Told = tuple[npt.NDArray[np.int16], npt.NDArray[np.int8]]


def draw_captions(work: Path, each: int = 10, workers: int | None = None, seed: int = 1) -> None:
    """Writes `each` captions of every face to `work/captions.npz`.

    `ids` (faces, each, positions) are tokens, `told` (faces, each, attributes) the class indices
    of what a caption states, -1 where it says nothing; `empty` (positions,) is the empty caption.
    """
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    seen = [visible(record) for record in Faces(work / "data").records]
    jobs: list[Job] = [
        (work, range(k, min(k + JOB, len(seen))), seen[k : k + JOB], each, seed)
        for k in range(0, len(seen), JOB)
    ]
    with ProcessPoolExecutor(workers) as pool:
        found = list(pool.map(_drawn, jobs))
    ids, stated = (np.concatenate(part) for part in zip(*found, strict=True))
    empty = _tokens(frozen_tokenizer(work), [""])[0]
    partial = work / f"partial-{FILE}"
    np.savez(partial, ids=ids, told=stated, empty=empty)
    partial.replace(work / FILE)
    print(f"captions of {len(ids)} faces, {each} each", flush=True)


def _drawn(job: Job) -> Told:
    work, faces, seen, each, seed = job
    texts, stated = [], np.full((len(seen), each, len(CLASSES)), -1, np.int8)
    for row, (face, shown) in enumerate(zip(faces, seen, strict=True)):
        for k in range(each):
            text, attributes = caption(random.Random(f"{seed} {k} {face}"), shown)
            texts.append(text)
            stated[row, k] = labels({a: shown[a] for a in attributes})
    return _tokens(frozen_tokenizer(work), texts).reshape(len(seen), each, POSITIONS), stated


def _tokens(tokenizer: CLIPTokenizer, texts: list[str]) -> npt.NDArray[np.int16]:
    found = tokenizer(texts, padding="max_length", truncation=True, max_length=POSITIONS)
    return np.asarray(found["input_ids"], np.int16)


class Drawn:
    """The captions of `draw_captions`, on a device."""

    def __init__(self, work: Path, device: str) -> None:
        with np.load(work / FILE) as kept:
            self.ids, self.stated, self.empty = (
                torch.from_numpy(kept[name]).to(device) for name in ("ids", "told", "empty")
            )

    def tokens_stated(
        self, indices: npt.NDArray[np.int64], step: int, row: int, empty: float
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids and what they state of faces, as `Pairs.tokens_stated` gives them."""
        rng, device = np.random.default_rng([step, row]), self.ids.device
        drawn = rng.integers(0, self.ids.shape[1], len(indices)), rng.random(len(indices)) < empty
        # A GPU takes them when it is done with the step before, and Python goes on.
        places, which, silent = (
            torch.from_numpy(values).to(device, non_blocking=True) for values in (indices, *drawn)
        )
        silent = silent[:, None]
        ids = self.ids[places, which].long()
        stated = self.stated[places, which].long()
        return torch.where(silent, self.empty.long(), ids), stated.masked_fill(silent, -1)
