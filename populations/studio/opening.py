"""From the name of a population to the population, and to the search that stands on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from evolve.errors import ArchiveError, GenomeError
from evolve.genome import Prompt
from evolve.genome.edit import Base
from evolve.genome.settings import Settings
from evolve.plain_numbers import is_int
from evolve.search import Policy, Search
from evolve.search.plan import MOST_AMONG, MOST_PAGE, By
from evolve.taste.learning import Learning
from evolve.taste.parents import ByTaste
from populations.core.captions import known_ids
from populations.core.population import Population
from populations.home.left import where_left
from populations.home.names import MAIN, default_home, population_path

AMONG = "among"
"""In the config of a population: among how many candidates a page of it is chosen by taste, as many
as a page for no choice. It is not in that of an earlier version."""
OTHER_WAYS = "other_ways"
"""In the config of a population: `Policy.other_ways`. It is not in that of an earlier version."""


def open_saved(
    home: Path | None,
    name: str,
    *,
    write: bool = True,
    as_of: str | None = None,
    patience: float = 0,
) -> Population:
    """Open a population by its name.

    Args:
        home: The folder that holds the populations; None for the usual one.
        name: Its name.
        write: Whether to change it; one handle at a time may.
        as_of: The commit, or the time in ISO 8601, to show it as of.
        patience: Seconds to wait for another writer.

    Raises:
        ArchiveError: There is none, it is damaged, or it is open for writing elsewhere.
    """
    path = population_path(home or default_home(), name)
    population = Population.open(path, write=write, patience=patience)
    return population if as_of is None else population.as_of(_commit(population, as_of))


def _commit(population: Population, moment: str) -> int:
    """Return the number of a commit, or of the last one up to a time."""
    try:
        if moment.isdecimal():
            return int(moment)
        time = datetime.fromisoformat(moment).astimezone()
    except (ValueError, OverflowError):  # too many digits, or a year that no clock has
        raise ArchiveError(
            f"'{moment}' is neither a commit nor a time like 2026-01-31T18:00"
        ) from None
    commit = population.history().at(time)
    if not commit:
        raise ArchiveError(f"population '{population.name}' was not there yet at {moment}")
    return commit


def branch_in_use(population: Population, branch: str | None = None) -> str:
    """Return the branch that is named, or else the one that was used last, as the app does."""
    return where_left(population).branch if branch is None else branch


def require_main(name: str, branch: str | None) -> None:
    """Refuse to begin a new population in another branch than the one it has.

    Raises:
        ArchiveError: Another one is named.
    """
    if branch not in (None, MAIN):
        raise ArchiveError(
            f"population '{name}' is new and has only the branch '{MAIN}': name no other one"
        )


def require(population: Population, ids: Iterable[int]) -> None:
    """Refuse ids that the population does not have.

    Raises:
        GenomeError: Names the first of them.
    """
    count = len(population)
    for i in ids:
        if not 0 <= i < count:
            raise GenomeError(f"there is no individual {i}: {known_ids(count)}")


def search_on(
    config: Mapping[str, Any],
    population: Population | None = None,
    base_of: Callable[[int], Base] | None = None,
    by: By | None = None,
    among: int | None = None,
) -> Search:
    """Return the search of a population, standing on what it holds; without one, on nothing.

    `base_of` returns what an individual came to, which children of edited pictures start from.
    Without `by` and `among`, the plan decides about them, or else the config.

    Raises:
        GenomeError: Nothing can be bred there, since its config lacks something.
    """
    for name in ("latent", "settings"):
        if name not in config:
            raise GenomeError(f"nothing can be bred here: its config lacks '{name}'")
    channels, height, width = config["latent"]
    taste = None
    if population:
        taste = ByTaste(
            population.looks,
            founded=founded_by(config),
            by=by,
            times=founded_among(config),
            apart=AMONG in config,
            among=among,
            learning=Learning.from_config(config),
        )
    return Search(
        seed=int(config["seed"]),
        prompt=Prompt.from_json(config["prompt"]),
        shape=(channels, height, width),
        settings=Settings.from_json(config["settings"]),
        policy=Policy(other_ways=config.get(OTHER_WAYS) is True),
        plan=population.plan() if population else None,
        births=population.births() if population else (),
        genome_of=population.genome if population else None,
        base_of=base_of,
        rank=taste,
        page=taste.page if taste else None,
    )


def founded_by(config: Mapping[str, Any]) -> By:
    """Return what parents are chosen by unless a plan decides; older configs do not state it."""
    return "taste" if config.get("by") == "taste" else "ratings"


def founded_among(config: Mapping[str, Any]) -> float:
    """Return how many candidates are painted for each picture of a page unless a plan decides."""
    among, page = config.get(AMONG), config.get("page")
    if is_int(among, 1, MOST_AMONG) and is_int(page, 1, MOST_PAGE):
        return max(1.0, among / page)
    return 1.0
