"""Sampling hyperparameters as genes: each has a type, a range and a scale on which it mutates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from evolve.errors import GenomeError
from evolve.plain_numbers import is_number

SAMPLERS = ("dpm++", "euler", "unipc", "deis")
"""Samplers by name, all of them ODE solvers: the noise is the only randomness of a picture."""


@dataclass(frozen=True, slots=True)
class Gene:
    """How one numeric setting may vary."""

    low: float
    high: float
    scale: float
    """Standard deviation of one mutation, in units of the natural logarithm."""
    whole: bool = False
    """Only integers."""
    least: float | None = None
    """The smallest magnitude after a mutation, for a gene that may be negative: it keeps its sign,
    and 0 does not change."""

    def clipped(self, value: float) -> float:
        """Return a mutated value within the range."""
        if self.least is None or value == 0:
            return min(self.high, max(self.low, value))
        return math.copysign(min(self.high, max(self.least, abs(value))), value)


GENES: Mapping[str, Gene] = {
    "guidance_scale": Gene(low=1.0, high=30.0, scale=0.15),
    "steps": Gene(low=1, high=150, scale=0.10, whole=True),
    "lora": (_LORA := Gene(low=-2.0, high=2.0, scale=0.20, least=0.05)),
    "cut_guidance": Gene(low=0.01, high=2.0, scale=0.20),
    "lora_2": _LORA,
    "lora_3": _LORA,
    "lora_4": _LORA,
    "variety": Gene(low=0.01, high=2.0, scale=0.20),
}

LORAS = ("lora", "lora_2", "lora_3", "lora_4")
"""The weights of a model's LoRAs, in the order of its name."""

OPTIONAL = (*LORAS, "cut_guidance", "variety")
"""Genes that not every genome has; None in one that does not."""

CHOSEN = ("guidance_scale", "steps", "sampler")
"""Settings that a person may choose for all pictures, of a new population or from now on."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Sampling hyperparameters of one genome."""

    guidance_scale: float = 4.0
    """Classifier-free guidance, 1 (off) to 30."""
    steps: int = 8
    """Sampler steps, 1 to 150."""
    sampler: str = "dpm++"
    """One of `SAMPLERS`."""
    lora: float | None = None
    """Weight of the model's LoRA, -2 to 2; None for a model that has none."""
    cut_guidance: float | None = None
    """How strongly a CLIP's view of cuts leads the picture, 0.01 to 2; None does not."""
    lora_2: float | None = None
    """Weight of the second LoRA of a model that has several."""
    lora_3: float | None = None
    lora_4: float | None = None
    variety: float | None = None
    """How far the encoded words are shifted at random, in their own deviations, 0.01 to 2; None
    leaves them as they are (`evolve.genome.variety`)."""

    def __post_init__(self) -> None:
        for name, gene in GENES.items():
            value = getattr(self, name)
            if value is None and name in OPTIONAL:
                continue
            if not is_number(value):
                raise GenomeError(f"{name} must be a number, but is {value!r:.40}")
            if not gene.low <= value <= gene.high:
                raise GenomeError(f"{name} {value:g} is not between {gene.low:g} and {gene.high:g}")
            if gene.whole and value != int(value):
                raise GenomeError(f"{name} must be a whole number, but is {value:g}")
        if self.sampler not in SAMPLERS:
            raise GenomeError(f"unknown sampler '{self.sampler}': use one of {', '.join(SAMPLERS)}")

    @property
    def loras(self) -> tuple[float, ...]:
        """The weights of the model's LoRAs, in the order of its name."""
        weights = (getattr(self, name) for name in LORAS)
        return tuple(weight for weight in weights if weight is not None)

    @property
    def is_guided(self) -> bool:
        """Whether there is classifier-free guidance."""
        return self.guidance_scale > 1

    @property
    def rows(self) -> int:
        """Rows of the denoiser that a step usually takes: two where it is guided."""
        return 1 + self.is_guided

    def to_json(self) -> dict[str, Any]:
        """Return the settings as plain JSON values; a gene the model does not have is left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Settings:
        """Read what `to_json` wrote; names this version does not know are refused."""
        unknown = set(data) - {f.name for f in fields(cls)}
        if unknown:
            raise GenomeError(f"unknown settings {sorted(unknown)}: made by a newer version?")
        return cls(**data)


def chosen(data: Any) -> dict[str, Any]:
    """Return the saved settings for all pictures that this version knows.

    Raises:
        GenomeError: A value is out of range.
    """
    known = {name: data[name] for name in CHOSEN if name in data} if isinstance(data, dict) else {}
    Settings(**known)
    return known
