"""The model of a population, found by the name that is recorded."""

from __future__ import annotations

from pathlib import Path

from evolve.errors import ModelError
from evolve.models.catalog import ModelCard, describe
from evolve.models.model_names import ModelName, local
from populations.core.population import Population


def card_of_population(population: Population) -> ModelCard:
    """Return the card of the model that paints a population.

    Raises:
        ModelError: It is not on this machine, or no longer where it was.
    """
    require_there(population)
    return describe(population.model)


def card_if_there(model: str) -> ModelCard | None:
    """Return the card of a model; None if it is not on this machine: the renderer reports it."""
    try:
        return describe(model)
    except ModelError:
        return None


def require_there(population: Population) -> None:
    """Refuse to go on without the files of a population's model.

    Raises:
        ModelError: A folder or a file that its name gives is gone.
    """
    name = ModelName.parse(population.model)
    for what, part in (("model", name.base), *(("LoRA", lora) for lora in name.loras)):
        if Path(part).is_absolute() and local(part) is None:
            new = "MODEL+LORA" if name.loras else "PATH"
            raise ModelError(  # the cure first: paths are long, and the app has one line
                f"the {what} of '{population.name}' is gone: 'fancier model \"{population.name}\" "
                f"--is {new}' finds it (it was at '{part}')"
            )
