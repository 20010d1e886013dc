"""Telling a population where its model is now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evolve.errors import FancierError, ModelError
from evolve.models.catalog import ModelCard, describe
from evolve.models.files.fingerprint import identity
from evolve.models.model_names import ModelName
from populations.core.population import Population
from populations.home import moved_model
from populations.home.names import default_home, population_names
from populations.studio.models.changed_model import ModelChange, change_of
from populations.studio.models.own_model import require_there
from populations.studio.opening import open_saved


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedModel:
    """The model that a population goes on with."""

    name: str
    """As it is recorded from now on."""
    change: ModelChange | None
    """How it differs from the one that painted the latest picture; None if it does not."""
    others: tuple[str, ...]
    """Populations that missed the same model, and go on with it too."""


def move_model(
    home: Path | None,
    population: str,
    model: str,
    *,
    card_of: Callable[[str], ModelCard] = describe,
) -> MovedModel:
    """Let a population go on with a model at another place, or with another model.

    If the files are those that painted it, other populations whose model was at the same place, and
    is gone, go on with it too. The name is a path, or one on the hub, of which `card_of` finds the
    model.

    Raises:
        ArchiveError: There is no such population, or it is open elsewhere.
        ModelError: There is no such model, or it paints from other noise.
    """
    home = home or default_home()
    with open_saved(home, population) as opened:
        card, before = card_of(model), opened.model
        _require_fit(opened, card)
        change = change_of(opened, lambda: identity(card))
        moved_model.move_to(opened.path, card.name)
    others = () if change else tuple(_follow(home, before, card))
    return MovedModel(name=card.name, change=change, others=others)


def _follow(home: Path, before: str, card: ModelCard) -> list[str]:
    """Move the model of those, too, that miss the same one; those that are open are left."""
    moved = []
    for name in population_names(home):
        try:
            with open_saved(home, name, write=False) as other:
                misses = other.model == before and _is_gone(other)
                if not misses or change_of(other, lambda: identity(card)):
                    continue
                _require_fit(other, card)
            with open_saved(home, name) as other:
                moved_model.move_to(other.path, card.name)
            moved.append(name)
        except FancierError:
            continue
    return moved


def _is_gone(population: Population) -> bool:
    try:
        require_there(population)
    except ModelError:
        return True
    return False


def _require_fit(population: Population, card: ModelCard) -> None:
    """Refuse a model that paints from other noise than a population has."""
    latent, size = population.config.get("latent"), population.config.get("size")
    if latent is None or size is None:
        return
    wanted = list(card.latent_at(int(size[0]), int(size[1])))
    if list(latent) != wanted:
        raise ModelError(
            f"model '{card.name}' paints {size[0]}x{size[1]} pixels from noise of shape "
            f"{tuple(wanted)}, and population '{population.name}' has noise of {tuple(latent)}: "
            "name the model it was founded with, or one derived from that"
        )
    loras = len(ModelName.parse(population.model).loras)
    if loras != len(card.loras):
        raise ModelError(
            f"population '{population.name}' has weights for {loras} LoRAs, and '{card.name}' "
            f"names {len(card.loras)}: name all, as MODEL+LORA"
        )
