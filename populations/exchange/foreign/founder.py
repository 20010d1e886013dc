"""The genome that comes nearest to the recipe of another program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from evolve.errors import GenomeError
from evolve.genome import MAX_PROMPT, Genome, Noise, Prompt, seeds
from evolve.genome.settings import GENES, LORAS, Settings
from evolve.models.model_names import ModelName
from populations.exchange.foreign.bare_names import are_alike, bare
from populations.exchange.foreign.fields import SHOWN, few
from populations.exchange.foreign.foreign_recipe import ForeignRecipe

Shape = tuple[int, int, int]


_ANOTHER = "which gives another picture ('fancier import --picture' takes the one that is shown)"


def founder(
    recipe: ForeignRecipe,
    prompt: Prompt,
    shape: Shape,
    settings: Settings,
    *,
    model: str,
    spare_seed: int,
) -> tuple[Genome, str]:
    """Return the genome nearest to a recipe, and all that is not as it was, in one clause.

    Its noise has the shape of the population's; it is that of `spare_seed` if no seed was recorded.
    What else was not recorded is as in `settings`.
    """
    notes: list[str] = []
    own = ModelName.parse(model)
    weights = _weights(recipe, own.loras, notes.append)
    unknown = [f"LoRA {name[:SHOWN]}" for name in recipe.loras if name not in weights]
    left_out = [*recipe.left_out, *few(unknown, "LoRAs")]
    if recipe.model and not are_alike(recipe.model, own.base):
        left_out.append(f"its model {recipe.model}")
    if left_out:
        notes.insert(0, f"left out: {', '.join(left_out)}")
    if not recipe.prompt:
        notes.append("it carries no prompt: the population's is used")
    for text, _ in (*recipe.prompt, *recipe.negative):
        if len(text) > MAX_PROMPT:
            notes.append(
                f"its prompt has {len(text)} characters: the first {MAX_PROMPT} are used "
                "(or import only the picture)"
            )
    noise = _noise(recipe, shape, spare_seed, notes.append)
    changes: dict[str, Any] = {}
    if recipe.sampler is None:
        name = recipe.sampler_name[:40] or "not recorded"
        notes.append(f"its sampler ({name}) is unknown here: painted with {settings.sampler}")
    else:
        changes["sampler"] = recipe.sampler
    genes = {"guidance_scale": recipe.guidance, "steps": recipe.steps}
    for name, value in (*genes.items(), *weights.values()):
        if value is None:
            continue
        changes[name] = within = min(GENES[name].high, max(GENES[name].low, value))
        if within != value:
            notes.append(f"its {name} {value:g} becomes {within:g}")
    if "steps" in changes:
        changes["steps"] = int(changes["steps"])
    genome = Genome(noise=noise, prompt=prompt, settings=replace(settings, **changes))
    return genome, "; ".join(dict.fromkeys(notes))


def _weights(
    recipe: ForeignRecipe, own: Sequence[str], note: Callable[[str], None]
) -> dict[str, tuple[str, float]]:
    """Return genes with a recipe's weights of the model's own LoRAs, by its name of each."""
    weights: dict[str, tuple[str, float]] = {}
    for gene, lora in zip(LORAS, own, strict=False):
        name = next((name for name in recipe.loras if are_alike(name, lora)), None)
        if name is None:
            note(f"it was painted without LoRA {bare(lora)}")
        else:
            weights[name] = gene, recipe.loras[name]
    return weights


def _noise(
    recipe: ForeignRecipe, shape: Shape, spare_seed: int, note: Callable[[str], None]
) -> Noise:
    if recipe.seed is None:
        note(f"its seed is not recorded: its noise is drawn at random, {_ANOTHER}")
        return seeds.cpu_noise(spare_seed, shape)
    drawn = (recipe.channels, *shape[1:])
    if recipe.size is not None:
        drawn = (recipe.channels, recipe.size[1] // 8, recipe.size[0] // 8)
    if drawn != shape:
        note(
            f"its noise has the shape {drawn}, not {shape}: another is drawn from its seed, "
            f"{_ANOTHER}"
        )
        return seeds.cpu_noise(recipe.seed, shape)
    if recipe.source == "cpu":
        return seeds.cpu_noise(recipe.seed, shape)
    try:
        noise = seeds.cuda_noise(recipe.seed, shape)
    except GenomeError as error:
        note(f"{error}: another is drawn from its seed, {_ANOTHER}")
        return seeds.cpu_noise(recipe.seed, shape)
    note("its noise is drawn as an NVIDIA card draws it; other cards draw other noise")
    return noise
