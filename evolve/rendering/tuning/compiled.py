"""A model whose denoiser is compiled, once a trial has shown that it paints the same pictures.

Compiled code adds up in another order, so that last bits differ; more must not, and a picture must
not depend on those it is painted with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from evolve.errors import ModelError
from evolve.models.loading import LoadedModel
from evolve.models.machine import openvino
from evolve.models.machine.compiling import Obstacle
from evolve.rendering.tuning.independence import Asked, denoiser_dependence
from evolve.rendering.tuning.self_test import (
    apart,
    denoiser_calls,
    latents_of,
    tolerance,
    trial_genomes,
)


def compiled(model: LoadedModel, begin: Callable[[], None] = lambda: None) -> LoadedModel:
    """Return a model whose denoiser is compiled; as it is, where OpenVINO has compiled it.

    It has the manner and the rows that it will have. `begin` is called before it is compiled.

    Raises:
        ModelError: It cannot be compiled here, or paints something else then.
    """
    if openvino.has_compiled(model.denoiser):
        return model
    if obstacle := model.obstacle_to_compiling:
        raise _refused(model, obstacle)
    begin()
    genomes, asked = trial_genomes(model), denoiser_calls(model)
    before, failed = latents_of(model, genomes)
    other = model.in_manner(replace(model.manner, compiled=True))
    if not failed:
        after, failed = latents_of(other, genomes)
    if failed:
        why = failed
    elif (far := apart(before, after)) > tolerance(model):
        why = f"pictures differ by {far:.2g} from those it paints without"
    elif not (why := _dependence(other, asked)):
        return other
    other.in_manner(model.manner)
    raise _refused(model, Obstacle(why))


def _dependence(model: LoadedModel, asked: Asked) -> str:
    try:
        return denoiser_dependence(model, asked)
    except MemoryError as error:
        return str(error)


def _refused(model: LoadedModel, obstacle: Obstacle) -> ModelError:
    cures = obstacle.cures("unset FANCIER_COMPILE")
    return ModelError(f"model '{model.info.name}' cannot be compiled, for {obstacle.why}: {cures}")
