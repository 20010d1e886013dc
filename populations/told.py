"""What other programs say of their pictures, and the founder that comes nearest to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from evolve import seeds
from evolve.errors import GenomeError
from evolve.genome import Concept, Genome, Noise, Prompt
from evolve.settings import GENES, Settings
from evolve.text import clean

LONGEST = 1 << 16
"""Characters; a longer text is no recipe."""


def require_short(texts: Mapping[str, str], keys: Iterable[str]) -> None:
    """Refuse texts that would keep a reader busy for long.

    Raises:
        ValueError: Names the first of them.
    """
    for key in keys:
        if (length := len(texts.get(key, ""))) > LONGEST:
            raise ValueError(f"'{key}' has {length} characters, and {LONGEST} at most")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The recipe of another program, as far as it means something here."""

    tool: str
    prompt: str
    negative: str
    seed: int
    source: Literal["cpu", "cuda"]
    """What drew its noise."""
    steps: int | None
    sampler: str | None
    """One of ours; None if there is none like it."""
    sampler_name: str
    guidance: float | None
    size: tuple[int, int] | None
    """Width and height in pixels."""
    notes: tuple[str, ...] = ()
    """What cannot be taken over, one line each."""

    def __post_init__(self) -> None:
        if not 0 <= (self.steps or 0) < 10**6:
            raise ValueError("its number of steps makes no sense")
        for name in ("tool", "prompt", "negative", "sampler_name"):
            object.__setattr__(self, name, clean(getattr(self, name)))

    @property
    def words(self) -> Prompt:
        """Its prompt, as one concept."""
        return Prompt((Concept(self.prompt),), (Concept(self.negative),) if self.negative else ())


def founder(
    told: Told, prompt: Prompt, shape: tuple[int, int, int], settings: Settings
) -> tuple[Genome, tuple[str, ...]]:
    """Return the genome nearest to what was told, and what is not as it was, one line each.

    Args:
        told: The other program's recipe.
        prompt: What it is to show.
        shape: Shape of the noise of the population.
        settings: For what was not told.

    Raises:
        GenomeError: Its seed makes no sense.
    """
    notes = list(told.notes)
    noise = _noise(told, shape, notes.append)
    if told.sampler is None:
        name = told.sampler_name or "not named"
        notes.append(f"its sampler ({name}) is not one of ours: painted with {settings.sampler}")
    values = {
        "guidance_scale": settings.guidance_scale if told.guidance is None else told.guidance,
        "steps": settings.steps if told.steps is None else told.steps,
    }
    for name, value in values.items():
        within = min(GENES[name].high, max(GENES[name].low, value))
        if within != value:
            notes.append(f"its {name} {value:g} becomes {within:g}")
        values[name] = within
    genome = Genome(
        noise=noise,
        prompt=prompt,
        settings=replace(
            settings,
            guidance_scale=values["guidance_scale"],
            steps=int(values["steps"]),
            sampler=told.sampler or settings.sampler,
        ),
    )
    return genome, tuple(notes)


def _noise(told: Told, shape: tuple[int, int, int], note: Callable[[str], None]) -> Noise:
    drawn = shape
    if told.size is not None:
        drawn = (4, told.size[1] // 8, told.size[0] // 8)
    if drawn != shape:
        note(
            f"its noise has the shape {drawn}, not {shape}: another is drawn from its seed, "
            "which gives another picture"
        )
        return seeds.cpu_noise(told.seed, shape)
    if told.source == "cpu":
        return seeds.cpu_noise(told.seed, shape)
    try:
        noise = seeds.cuda_noise(told.seed, shape)
    except GenomeError as error:
        note(f"{error}: another is drawn from its seed, which gives another picture")
        return seeds.cpu_noise(told.seed, shape)
    note("its noise is drawn as an NVIDIA card draws it; other cards draw other noise")
    return noise
