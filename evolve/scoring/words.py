"""The words score: how surely a picture shows what the prompt asks for, by a model's reader.

    s = mean_v(l_v) - RISK std_v(l_v),    l_v = sum_k w_k log p_v(k) / sum_k w_k

over views v of the picture and everything k that the prompt asks for and that the reader can see to
be missing: p_v(k) is the probability of the asked values of an attribute, or 1 minus it where they
are not to be there. The views are the picture's latent as it is and with some noise, which the
reader was trained to see through; what it finds only without noise counts less.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt
from evolve.models.catalog import ModelCard
from evolve.models.files.allowed_files import read_json
from evolve.models.words.asking import Asked, Asking
from evolve.scoring.looks.reading import load_reader, meanings_read
from evolve.session.archive import Picture

if TYPE_CHECKING:
    import torch

NOISE = 0.25
"""Deviation of the noise of a view, in deviations of a latent."""
VIEWS = 8
"""Views besides the latent as it is; their noise is the same for every picture."""
RISK = 1.0
SURE = 0.9
"""Probability from which a value is surely there."""
LEAST = 0.01
"""The smallest probability: one missing thing does not outweigh all others."""


def asking_of(card: ModelCard, prompt: Prompt | None = None) -> Asking:
    """Return how prompts ask for the attributes of a model's reader, without loading it.

    Attributes that it cannot see to be missing (`Meanings.partial`) are left out: it finds one of
    their values in every picture, and a search would climb that.

    Raises:
        ModelError: The model brings no reader.
        GenomeError: The prompt asks for nothing that the reader knows.
    """
    meanings = meanings_read(card)
    asking = Asking({a: v for a, v in meanings.phrases.items() if a not in meanings.partial})
    if prompt is not None and not asking.asked(prompt):
        unsure = next((one.phrase for one in Asking(meanings.phrases).asked(prompt)), "")
        raise GenomeError(
            f"'{prompt}' asks for nothing that {card.name} can read in a picture: "
            + (
                f"it cannot read whether '{unsure}' is missing, so use the fitness clip"
                if unsure
                else f"'fancier models {card.name}' lists the words it knows"
            )
        )
    return asking


class Words:
    """A scorer: how surely all that the prompt asks for is there, from log 0.01 to 0."""

    def __init__(self, card: ModelCard, *, text: str | None = None) -> None:
        """Load the reader of a model; without a text pictures should show their own prompt.

        Raises:
            ModelError: The model brings no reader.
            GenomeError: The text asks for nothing that the reader knows.
        """
        self._card = card
        self._text = text
        self._prompt = None if text is None else Prompt.typed(text)
        self._asking = asking_of(card, self._prompt)
        assert card.reader is not None
        self._load(card.reader)

    def _load(self, folder: Path) -> None:
        import torch
        from diffusers import AutoencoderKL

        self._torch = torch
        self._seed = 0
        self._noise: torch.Tensor | None = None
        self._side = int(read_json(folder / "config.json", self._card.name)["pixels"])
        self._reader = load_reader(self._card)
        self._vae: Any = AutoencoderKL.from_pretrained(
            self._card.folder / "vae", torch_dtype=torch.float32, local_files_only=True
        )
        self._vae.eval().requires_grad_(False)

    @property
    def name(self) -> str:
        """`words` or `words:TEXT`."""
        return "words" if self._text is None else f"words:{self._text}"

    def again(self) -> Words:
        """Return the same score over latents with other noise; it shares the networks."""
        twin = copy.copy(self)
        twin._seed, twin._noise = self._seed + 1, None
        return twin

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return one score per picture, (n,); nan where the reader knows nothing of the prompt."""
        scores = [self._one(p, g) for p, g in zip(pictures, genomes, strict=True)]
        return np.array(scores, dtype=np.float64)

    def embed(self, pictures: Sequence[Picture]) -> NDArray[np.float64]:
        """Return the root of every value's probability in each picture, (n, d).

        The distance of two rows is their Hellinger distance, up to a constant.
        """
        found: NDArray[np.float64] = np.sqrt(self.read(pictures))
        return found

    def read(self, pictures: Sequence[Picture]) -> NDArray[np.float64]:
        """Return the probability of every value of every attribute in each picture, (n, d)."""
        with self._torch.inference_mode():
            read = [self._reader.chances(self._latent(picture)) for picture in pictures]
            rows = [self._torch.cat([*one.values()], 1) for one in read]
        found: NDArray[np.float64] = self._torch.cat(rows).double().numpy()
        return found

    def shown(self, latent: NDArray[np.float16]) -> dict[str, str]:
        """Return the values that are surely there, by attribute.

        The latent is clean, (channels, side, side), as the denoiser knows it.
        """
        values = self._torch.from_numpy(latent.astype(np.float32))[None]
        with self._torch.inference_mode():
            read = self._reader.chances(values)
        return {
            attribute: self._reader.classes[attribute][int(chances.argmax())]
            for attribute, chances in read.items()
            if float(chances.max()) >= SURE
        }

    def _one(self, picture: Picture, genome: Genome) -> float:
        asked = self._asking.asked(self._prompt or genome.prompt)
        if not asked:
            return float("nan")
        with self._torch.inference_mode():
            chances = self._reader.chances(self._latents(picture))
            logs = self._torch.stack([one.weight * self._sure(one, chances) for one in asked])
            views = logs.sum(0) / sum(one.weight for one in asked)
        return float(views.mean() - RISK * views.std(correction=0))

    def _latent(self, picture: Picture) -> torch.Tensor:
        """Return the latent as it is, (1, channels, side, side)."""
        size = (self._side, self._side)
        image = np.array(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))
        pixels = self._torch.from_numpy(image).permute(2, 0, 1)[None].float() / 127.5 - 1
        mode: torch.Tensor = self._vae.encode(pixels).latent_dist.mode()
        return mode * float(self._vae.config.scaling_factor)

    def _latents(self, picture: Picture) -> torch.Tensor:
        """Return the latent of each view, (views, channels, side, side)."""
        mode = self._latent(picture)
        if self._noise is None:
            draw = self._torch.Generator().manual_seed(self._seed)
            shape = (VIEWS, *mode.shape[1:])
            self._noise = NOISE * self._torch.randn(shape, generator=draw)
        return self._torch.cat([mode, mode + self._noise])

    def _sure(self, asked: Asked, chances: dict[str, torch.Tensor]) -> torch.Tensor:
        """Return the log probability in each view that an attribute is as asked."""
        values = self._reader.classes[asked.attribute]
        columns = [values.index(value) for value in sorted(asked.values)]
        there = chances[asked.attribute][:, columns].sum(1)
        return (there if asked.wanted else 1 - there).clamp(min=LEAST, max=1).log()
