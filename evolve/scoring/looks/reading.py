"""Readings: what the reader of a model finds in its pictures.

The distance of two readings is their Hellinger distance, up to a constant.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ModelError
from evolve.models.catalog import ModelCard
from evolve.models.files.allowed_files import read_json
from evolve.models.files.fingerprint import fingerprint
from evolve.models.words.meanings import Meanings, meanings_of
from evolve.scoring.looks.embedding import Embedding, look_of

if TYPE_CHECKING:
    import torch

    from evolve.models.attribute_reader import Reader


def meanings_read(card: ModelCard) -> Meanings:
    """Return the meanings that a model's reader finds in pictures, without loading it.

    Raises:
        ModelError: The model has no reader.
    """
    meanings = meanings_of(card) if card.reader is not None else None
    if meanings is None:
        raise ModelError(f"model '{card.name}' has no reader of pictures: use the fitness clip")
    return meanings


def load_reader(card: ModelCard) -> Reader:
    """Return the reader of a model; it takes latents.

    Raises:
        ModelError: The model has none.
    """
    from safetensors.torch import load_file  # torch comes with it

    from evolve.models.attribute_reader import Reader

    meanings, folder = meanings_read(card), card.reader
    assert folder is not None
    config = read_json(folder / "config.json", card.name)
    values = {attribute: list(known) for attribute, known in meanings.phrases.items()}
    reader = Reader(config["channels"], config["side"], tuple(config["widths"]), values)
    weights = load_file(folder / "model.safetensors")
    reader.load_state_dict({name: value.float() for name, value in weights.items()})
    reader.eval().requires_grad_(False)
    return reader


def name_of(reader: Path) -> str:
    """Return the name in records of the reader in a folder."""
    return f"reader-{fingerprint([reader / 'model.safetensors'])[:12]}"


def chances_in(looks: Iterable[Embedding], reader: str) -> NDArray[np.float64] | None:
    """Return the probability of every value in a picture, (`Meanings.values`,).

    None where that reader has not read it.
    """
    read = look_of(looks, reader)
    return None if read is None else np.square(read.vector.astype(np.float64))


class Reading:
    """Reads pictures from their latents; the reader is loaded for the first."""

    def __init__(self, card: Callable[[], ModelCard]) -> None:
        self._card = card

    def of(self, latent: torch.Tensor) -> Embedding | None:
        """Return the root of every value's probability; None if no reader takes such a latent.

        It is that of a picture, (channels, height, width), not rounded.
        """
        if self._reader is None:
            return None
        reader, name = self._reader
        if tuple(latent.shape) != reader.takes:
            return None
        read = reader.chances(latent[None].float().cpu())
        chances = np.concatenate([each[0].numpy() for each in read.values()])
        return Embedding(name, np.sqrt(chances).astype(np.float16))

    @cached_property
    def _reader(self) -> tuple[Reader, str] | None:
        with contextlib.suppress(ModelError):  # pictures are painted all the same
            card = self._card()
            if card.reader is not None:
                return load_reader(card), name_of(card.reader)
        return None
