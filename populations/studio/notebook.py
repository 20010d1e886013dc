"""Ways into a saved population from Python, by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evolve.models.catalog import describe
from evolve.rendering.process.workers import parse_workers
from populations.home.names import MAIN, default_home
from populations.studio.new import DEFAULT_MODEL, CreateRequest, create
from populations.studio.opening import open_saved
from populations.studio.studio import Studio


def open_population(
    name: str,
    *,
    home: Path | str | None = None,
    branch: str = MAIN,
    write: bool = True,
    workers: int | str | None = None,
) -> Studio:
    """Open a population by its name; use it in a `with` statement.

    Args:
        name: Its name.
        home: The folder that holds the populations; None for `$FANCIER_HOME`, or the usual one.
        branch: The branch to breed.
        write: Whether to change it; False is read-only, also while it is open elsewhere.
        workers: What paints: a number of processes, one for each GPU, or a cluster, `ray://HOST:PORT`
            (docs/cluster.md); None for one.

    Raises:
        ArchiveError: There is no such population or branch, it is damaged, or open elsewhere.
        RenderError: There are no such workers.
    """
    hired = None if workers is None else parse_workers(str(workers))
    folder = None if home is None else Path(home)
    return Studio(open_saved(folder, name, write=write), branch=branch, workers=hired)


def create_population(
    name: str,
    prompt: str,
    *,
    home: Path | str | None = None,
    negative: str = "",
    model: str | None = None,
    size: tuple[int, int] | None = None,
    seed: int | None = None,
    page: int | None = None,
    steps: int | None = None,
    guidance_scale: float | None = None,
    sampler: str | None = None,
    among: int | None = None,
    images: Sequence[Path | str] = (),
) -> Studio:
    """Make a population with a page of founders, and open it; use it in a `with` statement.

    Args:
        name: Its name, which no other has.
        prompt: What to paint: `a woman | red hair :1.4`.
        home: The folder that holds the populations; None for `$FANCIER_HOME`, or the usual one.
        negative: What not to paint.
        model: Name of the model; None for the one that comes with fancier.
        size: Width and height in pixels; None for the model's own.
        seed: The same seed gives the same population; None draws one.
        page: Pictures on a page; None for 12.
        steps: Sampler steps; None for the model's own.
        guidance_scale: Classifier-free guidance, 1 (off) to 30; None for the model's own.
        sampler: `dpm++`, `euler`, `unipc` or `deis`; None for what suits the model.
        among: Among how many painted candidates the app chooses a page by taste; None for three or
            two times as many as a page has, if the model paints them in a few seconds.
        images: Picture files to begin with variations of.

    Raises:
        ArchiveError: The name is taken or impossible.
        GenomeError: The prompt is invalid.
        ModelError: The model is not on this machine, or cannot paint that size.
    """
    request = CreateRequest(
        name=name,
        prompt=prompt,
        negative=negative,
        model=model,
        size=size,
        seed=seed,
        page=page,
        steps=steps,
        guidance_scale=guidance_scale,
        sampler=sampler,
        among=among,
        images=tuple(Path(image) for image in images),
    )
    card = describe(model or DEFAULT_MODEL)
    folder = default_home() if home is None else Path(home)
    return Studio(create(folder, request, card=card), card=card)
