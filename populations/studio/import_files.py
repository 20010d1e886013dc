"""Picture files become founders, and a population that another machine exported comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evolve.errors import ArchiveError, ModelError
from evolve.genome import Prompt
from evolve.models.catalog import ModelCard, describe
from populations.core.population import Population
from populations.core.view import View
from populations.exchange.importing import Founding, PictureSource, read_all
from populations.exchange.parcel import unpack
from populations.exchange.picture_file import files_in
from populations.home.names import MAIN, population_path
from populations.studio.models.own_model import card_of_population
from populations.studio.models.renderers import encoder
from populations.studio.new import (
    DEFAULT_DEPTH,
    DEFAULT_MODEL,
    FOUNDED,
    CreateRequest,
    Founded,
    config_of,
    create_from,
)
from populations.studio.opening import branch_in_use, open_saved, require_main

DEPTH_UNUSED = (
    "the depth is not used: every file carries its noise "
    "('fancier import --picture' uses the pictures)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest(Founded):
    """What to import, and what the population is to be if it is not there yet."""

    name: str
    files: tuple[Path, ...]
    """Files, or folders of them."""
    prompt: str | None = None
    """The prompt of pictures whose files carry none; None for the population's own."""
    negative: str = ""
    """Added to the negative prompts of their files."""
    picture_only: bool = False
    """Take only the picture, without the metadata of the file."""
    depth: float = DEFAULT_DEPTH
    """How far back from a picture towards noise, above 0 up to 1."""
    branch: str | None = None
    """In which branch they are born; None for the one that was used last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of an import."""

    created: tuple[int, ...]
    """Ids of the founders."""
    branch: str = MAIN
    """The branch that they are born in."""
    kinds: tuple[str, ...] = ()
    """Whose recipe each file carries; empty for those that are only a picture."""
    notes: tuple[str, ...] = ()
    """What is not as it was in the files, a line for each."""
    brief: tuple[str, ...] = ()
    """The same for reading: what is so of several files stands there once."""


def import_files(home: Path, request: ImportRequest) -> Imported:
    """Import picture files into a population, which is made if it is not there; all or none.

    Raises:
        FancierError: A file cannot be read or does not fit.
    """
    sources = read_all(files_in(request.files), plainly=request.picture_only)
    branch = MAIN
    if population_path(home, request.name).exists():
        with open_saved(home, request.name) as population:
            first, branch = len(population), branch_in_use(population, request.branch)
            founding = _append(population.branch(branch), request, sources)
    else:
        require_main(request.name, request.branch)
        first, founding = 0, _found(home, request, sources)
    unused = () if founding.depth_used or request.depth == DEFAULT_DEPTH else (DEPTH_UNUSED,)
    return Imported(
        created=tuple(range(first, first + len(sources))),
        branch=branch,
        kinds=tuple(source.kind for source in sources),
        notes=(*founding.notes, *unused),
        brief=(*founding.brief, *unused),
    )


def import_population(
    home: Path,
    name: str,
    file: Path,
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Imported:
    """Make the population `name` of a file that another machine exported whole.

    `on_progress` receives how many individuals are verified, and how many there are.

    Raises:
        ArchiveError: The file is damaged or unsafe, or the name is taken.
    """
    count = unpack(file, home, name, progress=on_progress)
    with open_saved(home, name, write=False) as population:
        try:  # nothing is got because a stranger names it
            card_of_population(population)
            notes: tuple[str, ...] = ()
        except ModelError as error:
            notes = (str(error),)
    return Imported(created=tuple(range(count)), notes=notes)


def _append(
    archive: View[Population], request: ImportRequest, sources: list[PictureSource]
) -> Founding:
    population = archive.population
    given = [name for name in FOUNDED if getattr(request, name) is not None]
    if given:
        names = ", ".join(name.replace("_", " ") for name in given)
        raise ArchiveError(
            f"population '{population.name}' exists already and keeps its settings: "
            f"leave {names} out"
        )
    births = population.births()
    with encoder(population.model) as encode:
        founding = Founding(
            {**population.config, "model": population.model},  # where it is now
            encode,
            prompt=request.prompt or "",
            negative=request.negative,
            depth=request.depth,
        )
        generation = births[-1].generation + 1 if births else 0
        archive.append(founding.rows(sources, first=len(births), generation=generation))
    return founding


def _found(home: Path, request: ImportRequest, sources: list[PictureSource]) -> Founding:
    card, config = _config(request, sources[0])
    population, founding = create_from(
        home,
        config,
        sources,
        card=card,
        depth=request.depth,
        prompt=request.prompt or "",
        negative=request.negative,
    )
    population.close()
    return founding


def _config(request: ImportRequest, source: PictureSource) -> tuple[ModelCard, dict[str, Any]]:
    """Return how to set up the population that the first file founds, and its model."""
    prompt, recipe, size = source.prompt, source.recipe, request.size
    if prompt is None and request.prompt:
        prompt = Prompt.typed(request.prompt, request.negative)
    if prompt is None:
        raise ArchiveError(
            f"'{source.file}' carries no prompt: 'fancier import --prompt' gives one"
        )
    if recipe and not size:
        size = (recipe.picture.shape[1], recipe.picture.shape[0])
    card = describe(request.model or (recipe.model if recipe else DEFAULT_MODEL))
    new = CreateRequest(
        name=request.name,
        prompt=None,
        **{name: getattr(request, name) for name in FOUNDED} | {"size": size},
    )
    return card, config_of(new, card, prompt=prompt)
