"""Making a population: from words, or from pictures, all or nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from evolve.errors import ModelError
from evolve.genome import Prompt
from evolve.genome.settings import CHOSEN
from evolve.models import portraits
from evolve.models.catalog import ModelCard, describe
from evolve.scoring.looks.embedding import APPEARANCE
from evolve.search.plan import By, Plan
from evolve.taste.attributes import KEY as ATTRIBUTES
from evolve.taste.learning import KEY as MEMORY
from evolve.taste.learning import NEWEST
from evolve.taste.prior import KEY
from populations.core.population import Population
from populations.exchange.importing import Founding, PictureSource, read
from populations.exchange.picture_file import files_in
from populations.studio.models.measured import affordable, needed_variety
from populations.studio.models.renderers import encoder
from populations.studio.opening import AMONG, OTHER_WAYS, search_on
from populations.studio.taste import attributes_of, to_begin_with

DEFAULT_MODEL = portraits.NAME
"""The model that comes with fancier."""
DEFAULT_PAGE = 12
"""Pictures on a page."""
DEFAULT_BY: By = "taste"
"""What parents are chosen by in new populations, once enough is judged."""
DEFAULT_DEPTH = 0.5
"""How far back from a picture towards noise its variations begin, above 0 up to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """What a population is founded on, and does not change later; None follows from the model."""

    model: str | None = None
    """Name of the model; None for the one that comes with fancier."""
    size: tuple[int, int] | None = None
    """Width and height of a picture in pixels."""
    seed: int | None = None
    """What all of its noise follows from; None to draw one."""
    guidance_scale: float | None = None
    """Classifier-free guidance of founders, 1 (off) to 30."""
    steps: int | None = None
    """Their sampler steps."""
    sampler: str | None = None
    """One of `SAMPLERS`."""
    cut_guidance: float | None = None
    """How strongly a CLIP guides every picture by cuts of it; None for not at all."""
    variety: float | None = None
    """How far encoded words are shifted at random; 0 for not at all, None for what its model was
    found to need."""


FOUNDED = tuple(field.name for field in fields(Founded))


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRequest(Founded):
    """What a new population is to be; whatever is None follows from the model, or is drawn."""

    name: str
    prompt: str | None
    """What to paint, as a person types it: `a woman | red hair :1.4`; None is enough to go on with
    a population that is there."""
    negative: str = ""
    """What not to paint."""
    page: int | None = None
    """Pictures on a page; None for 12."""
    images: tuple[Path, ...] = ()
    """Picture files, or folders of them, to begin with variations of; none to begin with noise."""
    depth: float = DEFAULT_DEPTH
    """How far back from those towards noise, above 0 up to 1."""
    among: int | None = None
    """Among how many painted candidates a page is chosen by taste; None for three or two times as
    many as a page has, if they are painted in a few seconds, and else for no choice."""
    taste_of: str = ""
    """The population of the same model with whose taste it begins; empty for none."""


def config_of(
    request: CreateRequest, card: ModelCard | None = None, *, prompt: Prompt | None = None
) -> dict[str, Any]:
    """Return what a new population is founded on, checked against its model.

    The card is that of the model that the request names, and a prompt counts in place of its own.

    Raises:
        GenomeError: The prompt is empty or invalid.
        ModelError: The model is unknown, or cannot paint that size, or brings no CLIP to guide by.
    """
    if request.among is not None:
        Plan(among=request.among)  # refuses what is invalid
    prompt = prompt or Prompt.typed(request.prompt or "", request.negative)
    card = card or describe(request.model or DEFAULT_MODEL)
    if request.cut_guidance is not None and card.clip is None:
        raise ModelError(f"model '{card.name}' brings no CLIP: leave cut guidance out")
    width, height = request.size or (card.pixels[1], card.pixels[0])
    page, latent = request.page or DEFAULT_PAGE, card.latent_at(width, height)
    chosen = {name: getattr(request, name) for name in CHOSEN}
    settings = replace(
        card.settings,
        **{name: value for name, value in chosen.items() if value is not None},
        cut_guidance=request.cut_guidance,
        variety=needed_variety(card) if request.variety is None else request.variety or None,
    )
    among = affordable(card, settings, latent, page) if request.among is None else request.among
    return {
        "name": request.name,
        "model": card.name,
        "prompt": prompt.to_json(),
        "seed": secrets.randbits(32) if request.seed is None else request.seed,
        "page": page,
        "by": DEFAULT_BY,
        AMONG: max(page, among or page),
        APPEARANCE: True,
        MEMORY: NEWEST,
        OTHER_WAYS: True,
        ATTRIBUTES: attributes_of(card).to_json(),
        "size": [width, height],
        "latent": list(latent),
        "settings": settings.to_json(),
    }


def create(
    home: Path, request: CreateRequest, *, card: ModelCard | None = None, count: int | None = None
) -> Population:
    """Make a population with its founders, and open it for writing.

    The card is that of the model that the request names; `count` is how many founders, None for a
    page of them.

    Raises:
        FancierError: The name is taken, the model unknown, or a picture file unreadable.
    """
    card = card or describe(request.model or DEFAULT_MODEL)
    config = config_of(request, card)
    if request.taste_of:
        config[KEY] = to_begin_with(home, request.taste_of, card.name).to_json()
    if request.images:
        pictures = [read(file, plainly=True) for file in files_in(request.images)]
        sources = list(islice(cycle(pictures), count or max(config["page"], len(pictures))))
        return create_from(home, config, sources, card=card, depth=request.depth)[0]
    founders = search_on(config).ask(count or config["page"])
    return Population.create(home, request.name, config, rows=founders)


def create_from(
    home: Path,
    config: Mapping[str, Any],
    sources: Sequence[PictureSource],
    *,
    card: ModelCard,
    depth: float,
    prompt: str = "",
    negative: str = "",
) -> tuple[Population, Founding]:
    """Make a population whose founders come from picture files, and open it for writing.

    Return also what founded it, with notes of what is not as it was in the files. Depth, prompt
    and negative prompt are as for `Founding`.
    """
    with encoder(card.name) as encode:
        founding = Founding(
            config, encode, prompt=prompt, negative=negative, depth=depth, card=card
        )
        rows = founding.rows(sources, first=0, generation=0)
    return Population.create(home, config["name"], config, rows=rows), founding
