"""Pictures with captions: true ones, made again at every step, and ones with one thing wrong."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt
import torch
from transformers import CLIPTokenizer

from evolve.models.portraits.training.faces.attributes import CLASSES, labels, visible
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.words.captions import caption
from evolve.models.portraits.training.words.tokenizer import POSITIONS


class Pairs:
    """Batches of pictures with captions, drawn for every place of every step."""

    def __init__(self, faces: Faces, tokenizer: CLIPTokenizer, seed: int) -> None:
        self.faces, self.tokenizer, self.seed = faces, tokenizer, seed
        self.seen = [visible(record) for record in faces.records]
        self.targets = torch.tensor([labels(seen) for seen in self.seen])

    def tokens(self, texts: list[str], full: bool = False) -> torch.Tensor:
        """(n, length) token ids, padded to the longest text or to all positions."""
        padding = "max_length" if full else "longest"
        ids: torch.Tensor = self.tokenizer(
            texts, padding=padding, truncation=True, max_length=POSITIONS, return_tensors="pt"
        )["input_ids"]
        return ids

    def captions(
        self, indices: npt.NDArray[np.int64], step: int, row: int = 0, empty: float = 0.0
    ) -> tuple[list[str], torch.Tensor]:
        """The captions of faces from place `row` of one step on, and what they state (labels).

        A share `empty` of them says nothing.
        """
        texts, stated = [], []
        for k, index in enumerate(indices):
            rng = random.Random(f"{self.seed} {step} {row + k}")
            text, attributes = caption(rng, self.seen[index])
            if rng.random() < empty:
                text, attributes = "", set()
            texts.append(text)
            stated.append(labels({a: self.seen[index][a] for a in attributes}))
        return texts, torch.tensor(stated)

    def tokens_stated(
        self, indices: npt.NDArray[np.int64], step: int, row: int, empty: float
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids, padded to all positions, of `captions`, and what they state."""
        texts, stated = self.captions(indices, step, row, empty)
        return self.tokens(texts, full=True), stated

    def batch(
        self, indices: npt.NDArray[np.int64], step: int
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Images, token ids, what is seen (labels), what is stated (labels)."""
        texts, stated = self.captions(indices, step)
        return self.faces.images(indices), self.tokens(texts), self.targets[indices], stated

    def wrong(self, indices: npt.NDArray[np.int64], step: int) -> torch.Tensor:
        """Token ids of the captions of `batch`, in each of them one attribute made wrong."""
        texts = []
        for row, index in enumerate(indices):
            key, seen = f"{self.seed} {step} {row}", self.seen[index]
            said = sorted(caption(random.Random(key), seen)[1]) or ["style"]
            changes = [(a, value) for a in said for value in CLASSES[a] if value != seen[a]]
            random.Random(f"{key} wrong").shuffle(changes)
            for attribute, value in changes:
                text, stated = caption(random.Random(key), {**seen, attribute: value})
                if attribute in stated:  # else what is wrong was left unsaid
                    break
            else:  # a caption that states nothing: "a guy"
                text = caption(random.Random(key), {**seen, attribute: value}, fullness=2.0)[0]
            texts.append(text)
        return self.tokens(texts)
