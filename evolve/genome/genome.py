"""The genome: everything that determines a picture for a given model.

A genome is immutable. Its noise is stored as float16 and that array is the truth: operators compute
in float64 and round once. The rest is plain JSON, so a genome comes back equal, bit for bit, from a
file, a picture or another process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evolve.errors import GenomeError
from evolve.genome.edit import Base, Edit, frozen, painting_steps
from evolve.genome.noise import Noise
from evolve.genome.prompt import Prompt
from evolve.genome.settings import Settings
from evolve.genome.variety import Variety


@dataclass(frozen=True, slots=True, eq=False)
class Genome:
    """Noise, prompt and settings of one picture, and the edit if it starts from another one."""

    noise: Noise = field(repr=False)
    """(channels, height, width) float16, read-only."""
    prompt: Prompt
    settings: Settings = field(default_factory=Settings)
    edit: Edit | None = None
    """Its base has a latent of the noise's shape."""
    variety: Variety | None = None
    """Direction in which its encoded prompt is shifted, by a strength in the settings."""
    _digest: str = field(default="", init=False, repr=False)
    """Kept once computed: that of a large genome takes milliseconds."""

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
        object.__setattr__(self, "noise", frozen(noise))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Genome) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def digest(self) -> str:
        """SHA-256 of the whole content, as 64 hexadecimal digits."""
        if not self._digest:
            text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
            content = hashlib.sha256(text.encode() + repr(self.noise.shape).encode())
            content.update(np.ascontiguousarray(self.noise, dtype="<f2").tobytes())
            object.__setattr__(self, "_digest", content.hexdigest())
        return self._digest

    @property
    def painting_steps(self) -> int:
        """How many of its steps paint; of an edit only the last ones."""
        steps = self.settings.steps
        return steps if self.edit is None else painting_steps(steps, self.edit.depth)

    @property
    def held_steps(self) -> int:
        """How many of its first steps do not paint, since it starts from a picture."""
        return self.settings.steps - self.painting_steps

    def to_json(self) -> dict[str, Any]:
        """Return the genome without its arrays (noise and base), as plain JSON values."""
        data: dict[str, Any] = {
            "prompt": self.prompt.to_json(),
            "settings": self.settings.to_json(),
        }
        if self.edit is not None:
            data["edit"] = self.edit.to_json()
        if self.variety is not None:
            data["variety"] = self.variety.to_json()
        return data

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
            variety=None if (shift := data.get("variety")) is None else Variety.from_json(shift),
        )
