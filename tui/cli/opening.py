"""From a name to the parts of a session: population, search and renderer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.errors import ArchiveError, GenomeError, ModelError

if TYPE_CHECKING:
    from evolve.genome.edit import Base
    from evolve.rendering.protocol import Renderer
    from evolve.search import Policy, Search
    from evolve.session.archive import Picture
    from populations import Population
    from populations.exchange.importing import Encode, Source

DEFAULT_MODEL = "portraits"


def home_at(folder: Path | None) -> Path:
    """Return the folder that holds the populations: the one that was named, or the usual one."""
    from populations.home.names import default_home

    return folder or default_home()


def founding_config(
    name: str,
    prompt: str,
    *,
    negative: str = "",
    model: str | None = None,
    size: tuple[int, int] | None = None,
    seed: int | None = None,
    page: int | None = None,
    cut_guidance: float | None = None,
) -> dict[str, Any]:
    """Return what a new population is founded on, checked against its model.

    Raises:
        GenomeError: The prompt is empty or makes no sense.
        ModelError: The model is unknown, or cannot paint that size, or brings no CLIP to guide by.
    """
    import secrets
    from dataclasses import replace

    from evolve.genome import Prompt
    from evolve.models.catalog import describe

    words = Prompt.parse(prompt, negative)
    card = describe(model or DEFAULT_MODEL)
    if cut_guidance is not None and card.clip is None:
        raise ModelError(f"model '{card.name}' brings no CLIP: leave --cut-guidance out")
    width, height = size or (card.pixels[1], card.pixels[0])
    return {
        "name": name,
        "model": card.name,
        "prompt": words.to_json(),
        "seed": secrets.randbits(32) if seed is None else seed,
        "page": page or 12,
        "size": [width, height],
        "latent": list(card.latent_at(width, height)),
        "settings": replace(card.settings, cut_guidance=cut_guidance).to_json(),
    }


def remarks(config: Mapping[str, Any]) -> list[str]:
    """Return lines about words of the prompt that do nothing, and weights that are none."""
    from evolve.genome import Prompt
    from evolve.models import remarks as models
    from evolve.models.catalog import describe

    return models.remarks(describe(config["model"]), Prompt.from_json(config["prompt"]))


def require(population: Population, ids: Iterable[int]) -> None:
    """Refuse ids that the population does not have.

    Raises:
        GenomeError: Names the first of them.
    """
    count = len(population)
    for i in ids:
        if not 0 <= i < count:
            raise GenomeError(f"there is no individual {i}: ids go from 0 to {count - 1}")


def search_on(
    config: Mapping[str, Any], population: Population | None = None, policy: Policy | None = None
) -> Search:
    """Return the search of a population, standing on what it holds."""
    from evolve.genome import Prompt, Settings
    from evolve.search import Search

    for name in ("latent", "settings"):
        if name not in config:
            raise GenomeError(f"nothing can be bred here: the population does not say its {name}")
    channels, height, width = config["latent"]
    return Search(
        seed=int(config["seed"]),
        prompt=Prompt.from_json(config["prompt"]),
        shape=(channels, height, width),
        settings=Settings.from_json(config["settings"]),
        policy=policy,
        plan=population.plan() if population else None,
        births=population.births() if population else (),
        genome_of=population.genome if population else None,
    )


def create(home: Path, config: dict[str, Any], count: int | None = None) -> list[int]:
    """Make a population with its founders, one page unless told otherwise, all or nothing.

    Returns:
        The ids of the founders.
    """
    from populations import Population

    founders = search_on(config).ask(count or config["page"])
    Population.create(home, config["name"], config, rows=founders).close()
    return [founder.id for founder in founders]


def found(
    home: Path,
    config: dict[str, Any],
    sources: Sequence[Source],
    *,
    depth: float,
    prompt: str = "",
    negative: str = "",
) -> tuple[list[int], list[str]]:
    """Make a population whose founders come from picture files, all or nothing.

    Args:
        home: The folder that holds the populations.
        config: What it is founded on.
        sources: What was read from the files.
        depth: How far to go back from a picture towards noise, above 0 up to 1.
        prompt: What the pictures show whose files do not say it.
        negative: What they shall not show, besides what their files say.

    Returns:
        The ids of the founders, and what is not as it was in their files.
    """
    from populations import Population
    from populations.exchange.importing import Founding

    with encoder(config["model"]) as encode:
        founding = Founding(config, encode, prompt=prompt, negative=negative, depth=depth)
        rows = founding.rows(sources, first=0, generation=0)
    Population.create(home, config["name"], config, rows=rows).close()
    return list(range(len(sources))), founding.notes


def open_population(
    home: Path | None, name: str, *, write: bool = True, as_of: str | None = None
) -> Population:
    """Open a population by its name, as of an earlier commit or time if asked for.

    Raises:
        ArchiveError: There is none, it is damaged, or it is open for writing elsewhere.
    """
    from populations import Population, population_path

    population = Population.open(population_path(home_at(home), name), write=write)
    return population if as_of is None else population.as_of(_commit(population, as_of))


def _commit(population: Population, moment: str) -> int:
    """Return the number of a commit, or of the last one up to a time."""
    from datetime import datetime

    if moment.isdecimal():
        return int(moment)
    try:
        time = datetime.fromisoformat(moment)
    except ValueError:
        raise ArchiveError(
            f"'{moment}' is neither a commit nor a time like 2026-01-31T18:00"
        ) from None
    commit = population.history().at(time.astimezone())
    if not commit:
        raise ArchiveError(f"population '{population.name}' was not there yet at {moment}")
    return commit


def renderer_for(population: Population, *, behind_app: bool = False) -> Callable[[], Renderer]:
    """Return what starts the renderer of a population's model.

    Args:
        population: What it paints for.
        behind_app: Whether a person presses keys meanwhile, which are answered first.
    """
    from populations.format.files import LOG

    model, log = str(population.config["model"]), population.path / LOG

    def start() -> Renderer:
        from evolve.rendering.process.starting import load_renderer
        from evolve.rendering.process.worker import GENTLE, LAST

        return load_renderer(model, niceness=LAST if behind_app else GENTLE, log=log)

    return start


@contextmanager
def encoder(model: str) -> Iterator[Encode]:
    """Give what brings pictures into the latents of `model`, which is loaded at the first one."""
    with ExitStack() as stack:

        @cache
        def renderer() -> Renderer:
            from evolve.rendering.process.starting import load_renderer

            return stack.enter_context(load_renderer(model))

        def encode(picture: Picture) -> Base:
            from evolve.rendering.process import paint_one

            return paint_one.encode(renderer(), picture)

        yield encode


def same_founding(population: Population, wanted: dict[str, Any]) -> None:
    """Refuse to go on with a population on other words, another model, size or seed.

    Args:
        population: The population that is there.
        wanted: Those keys of a founding config, or of its settings, that the person gave.

    Raises:
        ModelError: Something differs.
    """
    founded = {**population.config.get("settings", {}), **population.config}
    for key, value in wanted.items():
        have = founded.get(key, "none")
        if have != value:
            if key == "prompt":
                have, value = _in_words(founded[key]), _in_words(value)
            raise ModelError(
                f"population '{population.name}' has {key.replace('_', ' ')} '{have}', "
                f"not '{value}': leave --{key.replace('_', '-')} out to go on with it, "
                "or choose another name"
            )


def _in_words(prompt: Mapping[str, Any]) -> str:
    from evolve.genome import Prompt

    words = Prompt.from_json(prompt)
    negative = " | ".join(concept.text for concept in words.negative)
    return f"{words}" + (f" (without {negative})" if negative else "")
