"""What judges pictures in a run: the scorers of a request, loaded for one population."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evolve.errors import GenomeError, ModelError
from evolve.genome import Prompt
from evolve.models.catalog import ModelCard
from evolve.scoring.added import added
from evolve.scoring.clip import Clip
from evolve.scoring.cut_score import CutScore
from evolve.scoring.embedding_score import EmbeddingScore, like
from evolve.scoring.fitness import Fitness
from evolve.scoring.fitness_text import One, Wished, parse
from evolve.scoring.looks.embedders import BY_APPEARANCE, best_embedder, by_reader, joined
from evolve.scoring.protocol import Scorer
from evolve.scoring.words import Words, asking_of
from evolve.taste.embeddings import Embeddings
from evolve.taste.learning import Learning
from evolve.text import one_line
from populations.core.population import Population
from populations.core.view import View
from populations.exchange.picture_file import fitted, read_picture
from populations.studio.running.run_request import RunRequest
from populations.studio.taste import learnt_in


def fitness_of(
    request: RunRequest, archive: View[Population], card: ModelCard, later: bool = False
) -> Fitness:
    """Return what guides a run of a branch.

    With `later` a CLIP is loaded only when there is something to score.

    Raises:
        ModelError: What is to judge is not there, or cannot be used.
        GenomeError: The words ask for nothing that the model's reader knows; or nothing is known
            of a person's taste.
        ArchiveError: The picture to be like cannot be read.
    """
    wished = parse(request.fitness)
    _require_use(request, wished)
    scorers = tuple(_scorer(one, request, archive, card, later) for one in wished.ones)
    names = [scorer.name for scorer in scorers]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ModelError(f"two scorers are called '{twice}': give one of them another name")
    return Fitness(scorers, wished.by)


def require_judges(
    request: RunRequest, name: str, prompt: Prompt, card: ModelCard, *, is_new: bool
) -> None:
    """Refuse what could not guide a run, before anything is made, painted or loaded.

    Nothing is rated in a population that `is_new`.

    Raises:
        FancierError: As `fitness_of` does; no CLIP or reader is loaded for it.
    """
    wished = parse(request.fitness)
    _require_use(request, wished)
    for one in wished.ones:
        match one.kind:
            case "words":
                asking_of(card, prompt if one.text is None else Prompt.typed(one.text))
            case "clip":
                _clip_of(request.clip, card)
            case "like":
                read_picture(Path(one.text or ""))
            case "taste" if is_new:
                raise _no_answers(name)
            case "added":
                added(one.text or "")


def _require_use(request: RunRequest, wished: Wished) -> None:
    if request.clip and "clip" not in [one.kind for one in wished.ones]:
        raise ModelError(
            f"a CLIP has no effect with the fitness {request.fitness}: leave out one of them"
        )


def _no_answers(name: str) -> GenomeError:
    return GenomeError(
        f"nothing is known of your taste in '{name}' yet: rate some pictures first, "
        f"with 'fancier open \"{name}\"' or 'fancier rate'"
    )


def _scorer(
    one: One, request: RunRequest, archive: View[Population], card: ModelCard, later: bool
) -> Scorer:
    match one.kind:
        case "words":
            return _words(one, Prompt.from_json(archive.population.config["prompt"]), card)
        case "clip":
            return _clip(one, request.clip, card, later)
        case "like":
            width, height = archive.population.config["size"]
            file = Path(one.text or "")
            target = fitted(read_picture(file).image, width, height)
            return like(target, best_embedder(card.clip), one_line(file.name))
        case "taste":
            return _taste(archive, card)
        case "added":
            return added(one.text or "")


def _words(one: One, prompt: Prompt, card: ModelCard) -> Scorer:
    if one.text is None:
        asking_of(card, prompt)
    return Words(card, text=one.text)


def _clip(one: One, clip: str | None, card: ModelCard, later: bool) -> Scorer:
    label, source = f"clip[{clip}]" if clip else "clip", _clip_of(clip, card)
    return CutScore(Clip(source, text=one.text, label=label, later=later))


def _clip_of(clip: str | None, card: ModelCard) -> str | Path:
    """Return the CLIP that was named, or the model's own."""
    if clip:
        return clip
    if card.clip is None:
        raise ModelError(
            f"model '{card.name}' has no CLIP: name one to score with, "
            "a folder or a hub name like openai/clip-vit-base-patch32"
        )
    return card.clip


def _taste(archive: View[Population], card: ModelCard) -> Scorer:
    """Return what was learnt from the answers up to now; with more answers it is another one."""
    learning = Learning.from_config(archive.population.config)._replace(prior=None)
    taste = learnt_in(archive, Embeddings(archive.looks), learning)
    name = archive.population.name
    if not taste.judged:
        raise _no_answers(name)
    parts = [best_embedder(card.clip)]
    more = [who for who, _ in taste.kind[1:]]
    if card.reader is not None and any(who != BY_APPEARANCE.name for who in more):
        parts.append(by_reader(card))
    if BY_APPEARANCE.name in more:
        parts.append(BY_APPEARANCE)
    embedder = joined(parts)
    if [part.name for part in parts] != [who for who, _ in taste.kind]:
        raise ModelError(
            f"the rated pictures of '{name}' were read by another CLIP than the one that "
            f"model '{card.name}' has now: rate some new pictures first"
        )

    def liked(seen: NDArray[np.float64]) -> NDArray[np.float64]:
        return taste.predict(seen.astype(np.float16)).mean

    decides = hashlib.sha256(repr((embedder.name, taste.answers)).encode()).hexdigest()[:8]
    return EmbeddingScore(f"taste@{decides}", embedder, lambda _: liked)
