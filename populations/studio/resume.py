"""Going on with a population, or making it if it is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from evolve.errors import ArchiveError, FancierError, GenomeError, ModelError
from evolve.genome import Prompt
from evolve.genome.settings import CHOSEN
from evolve.models.catalog import ModelCard, describe
from evolve.models.model_names import is_meant
from evolve.rendering.process.workers import Workers
from populations.core.population import Population
from populations.home.names import no_such_population, population_path
from populations.studio.founding_remarks import founding_remarks
from populations.studio.models.own_model import card_of_population
from populations.studio.new import DEFAULT_MODEL, DEFAULT_PAGE, CreateRequest, create
from populations.studio.opening import branch_in_use, open_saved, require_main
from populations.studio.studio import Studio

PATIENCE_S = 3.0
"""Another command, such as a rating from a script, may write for a moment."""


def resume_or_create(
    home: Path,
    wanted: CreateRequest,
    *,
    branch: str | None = None,
    card_of: Callable[[str], ModelCard] = describe,
    count: int | None = None,
    forwards: int | None = None,
    workers: Workers | None = None,
    require: Callable[[Prompt, ModelCard, bool], None] = lambda prompt, card, is_new: None,
) -> tuple[Studio, list[str]]:
    """Open a population that is as it is wanted, or make it if it is not there.

    Return it open for writing; and if it is new, lines about its size, and about words of its
    prompt that do nothing.

    Args:
        home: The folder that holds the populations.
        wanted: What it is, or is to be.
        branch: The branch to breed; None for the one that was used last.
        card_of: Finds the model of a new one, by its name.
        count: How many founders a new one has at most; None for a page of them.
        forwards: Of single pictures, which its founders may take at most.
        workers: Where it is painted, if not on the best device.
        require: Called before a new one is made, or one that is there is returned, with its prompt,
            its model and whether it is new; raises what forbids it.

    Raises:
        FancierError: It is another one than wanted, open elsewhere, or cannot be made.
    """
    if population_path(home, wanted.name).exists():
        population = open_saved(home, wanted.name, patience=PATIENCE_S)
        try:
            require_same(population, wanted)
            branch = branch_in_use(population, branch)
            card = card_of_population(population)
            require(Prompt.from_json(population.config["prompt"]), card, False)
        except FancierError:
            population.close()
            raise
        return Studio(population, branch=branch, card=card, workers=workers), []
    if wanted.prompt is None:
        missing = no_such_population(population_path(home, wanted.name))
        raise ArchiveError(f"{missing}; a prompt creates it")
    require_main(wanted.name, branch)
    card = card_of(wanted.model or DEFAULT_MODEL)
    prompt = Prompt.typed(wanted.prompt, wanted.negative)
    require(prompt, card, True)
    if forwards is not None:
        steps = wanted.steps or card.settings.steps
        if forwards < steps:
            raise GenomeError(
                f"one picture of {card.name} takes {steps} sampler steps: a budget of {forwards} "
                "is not enough for any"
            )
        count = min(count or wanted.page or DEFAULT_PAGE, forwards // steps)
    population = create(home, wanted, card=card, count=count)
    studio = Studio(population, card=card, workers=workers)
    return studio, founding_remarks(card, population.config)


def require_same(population: Population, wanted: CreateRequest) -> None:
    """Refuse to go on with a population on other words, another model, size or seed.

    What is None in the request may be anything.

    Raises:
        ModelError: Something differs.
    """
    founded = {**population.config.get("settings", {}), **population.config}
    asked: dict[str, Any] = {
        "model": _other_model(wanted.model, population),
        "seed": wanted.seed,
        "size": list(wanted.size) if wanted.size else None,
        "prompt": _prompt(wanted, population),
        "page": wanted.page,
        **{name: getattr(wanted, name) for name in CHOSEN},
        "cut_guidance": wanted.cut_guidance,
        "variety": "none" if wanted.variety == 0 else wanted.variety,
    }
    for key, value in asked.items():
        have = founded.get(key, "none")
        if value is None or have == value:
            continue
        if key == "prompt":
            have, value = _in_words(founded[key]), _in_words(value)
        raise ModelError(
            f"population '{population.name}' has {key.replace('_', ' ')} '{have}', "
            f"not '{value}': leave --{key.replace('_', '-')} out to go on with it, "
            "or choose another name"
        )


def _other_model(name: str | None, population: Population) -> str | None:
    """Return the recorded name of a model that is not the population's; None if it is."""
    recorded = (population.model, str(population.config["model"]))  # moved since, perhaps
    if name is None or any(is_meant(one, name) for one in recorded):
        return None
    return describe(name).name


def _prompt(wanted: CreateRequest, population: Population) -> dict[str, Any] | None:
    """Return the prompt that was given; a negative one alone stands beside the population's own."""
    if wanted.prompt is None and not wanted.negative:
        return None
    own = Prompt.from_json(population.config["prompt"])
    words = str(own) if wanted.prompt is None else wanted.prompt
    if (words, wanted.negative) == (str(own), own.unwanted):  # by whatever rule
        return own.to_json()
    asked = Prompt.typed(words, wanted.negative)
    same = (str(asked), asked.unwanted) == (str(own), own.unwanted)
    return (own if same else asked).to_json()


def _in_words(prompt: Mapping[str, Any]) -> str:
    words = Prompt.from_json(prompt)
    negative = " | ".join(concept.text for concept in words.negative)
    return f"{words}" + (f" (without {negative})" if negative else "")
