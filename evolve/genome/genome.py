"""The genome: everything that determines a picture for a given model.

A genome is immutable. Its noise is stored as float16 and that array is the truth: operators compute
in float64 and round once. Everything else is plain JSON, so a genome can travel in a file, in a
picture or between processes and come back equal, bit for bit.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.errors import GenomeError
from evolve.genome import prompt_syntax
from evolve.genome.edit import Base, Edit
from evolve.genome.settings import Settings
from evolve.text import clean, one_line

Noise = NDArray[np.float16]
"""Initial latent, (channels, height, width), standard normal."""

MAX_PROMPT = 2000
"""Characters in one concept; longer texts are an accident (a pasted file), not a prompt."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A text with the weight it has in the prompt."""

    text: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise GenomeError("the prompt is empty: describe what to paint in a few words")
        if any("\ud800" <= c <= "\udfff" for c in self.text):
            raise GenomeError("the prompt is not valid text: write it in UTF-8")
        if len(self.text) > MAX_PROMPT:
            raise GenomeError(
                f"the prompt has {len(self.text)} characters: use at most {MAX_PROMPT}"
            )
        if not math.isfinite(self.weight) or not 0 < self.weight <= 10:
            quoted = shorten(one_line(self.text), 60, placeholder="…")
            raise GenomeError(
                f"weight {self.weight:g} of '{quoted}' must be above 0 and at most 10"
            )


@dataclass(frozen=True, slots=True)
class Prompt:
    """Weighted concepts, and what the picture should not show."""

    concepts: tuple[Concept, ...]
    negative: tuple[Concept, ...] = ()

    def __post_init__(self) -> None:
        if not self.concepts:
            raise GenomeError("the prompt is empty: describe what to paint in a few words")

    @classmethod
    def parse(cls, text: str, negative: str = "") -> Prompt:
        """Read what a person types, `a woman | red hair :1.4`; see `evolve.genome.prompt_syntax`.

        Control characters become spaces.
        """
        text, negative = clean(text), clean(negative)
        return cls(_parse(text), _parse(negative) if negative.strip() else ())

    def __str__(self) -> str:
        return _write(self.concepts)

    @property
    def unwanted(self) -> str:
        """What is not to be painted, as it is typed."""
        return _write(self.negative)

    def to_json(self) -> dict[str, Any]:
        """Return `{"concepts": [[text, weight]], "negative": [[text, weight]]}`."""
        return {
            "concepts": [[c.text, c.weight] for c in self.concepts],
            "negative": [[c.text, c.weight] for c in self.negative],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Prompt:
        """Read what `to_json` wrote."""
        return cls(
            tuple(Concept(str(t), float(w)) for t, w in data["concepts"]),
            tuple(Concept(str(t), float(w)) for t, w in data.get("negative", ())),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Genome:
    """Noise, prompt and settings of one picture, and the picture it starts from if there is one."""

    noise: Noise
    """(channels, height, width) float16, read-only."""
    prompt: Prompt
    settings: Settings = field(default_factory=Settings)
    edit: Edit | None = None
    """Its base has a latent of the noise's shape."""

    def __post_init__(self) -> None:
        noise = self.noise
        if noise.dtype != np.float16 or noise.ndim != 3:
            raise GenomeError(
                "noise must be float16 of shape (channels, height, width), "
                f"but is {noise.dtype} of shape {noise.shape}"
            )
        if not np.isfinite(noise).all():
            raise GenomeError("noise holds values that are not finite")
        if self.edit is not None and self.edit.base.latent.shape != noise.shape:
            raise GenomeError(
                f"the base has a latent of shape {self.edit.base.latent.shape}, "
                f"but the noise has shape {noise.shape}"
            )
        if noise.flags.writeable:
            noise = noise.copy()
            noise.setflags(write=False)
            object.__setattr__(self, "noise", noise)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Genome) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def digest(self) -> str:
        """SHA-256 of the whole content, as 64 hexadecimal digits."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        little_endian = np.ascontiguousarray(self.noise, dtype="<f2").tobytes()
        return hashlib.sha256(
            text.encode() + repr(self.noise.shape).encode() + little_endian
        ).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return the genome without its arrays (noise and base), as plain JSON values."""
        data = {"prompt": self.prompt.to_json(), "settings": self.settings.to_json()}
        return data if self.edit is None else {**data, "edit": self.edit.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], noise: Noise, base: Base | None = None) -> Genome:
        """Read what `to_json` wrote, with the noise and, if it has an edit, the base beside it."""
        edit = None
        if (edit_data := data.get("edit")) is not None:
            if base is None:
                raise GenomeError("the picture that this genome starts from is missing")
            edit = Edit.from_json(edit_data, base)
        return cls(
            noise=noise,
            prompt=Prompt.from_json(data["prompt"]),
            settings=Settings.from_json(data["settings"]),
            edit=edit,
        )


def _parse(text: str) -> tuple[Concept, ...]:
    return tuple(Concept(*weighted) for weighted in prompt_syntax.read(text))


def _write(concepts: tuple[Concept, ...]) -> str:
    return prompt_syntax.write((concept.text, concept.weight) for concept in concepts)
