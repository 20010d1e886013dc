"""What judges pictures in a run."""

from __future__ import annotations

from evolve.errors import ModelError
from evolve.genome import Prompt
from evolve.models.catalog import ModelCard
from evolve.scoring.clip import Clip
from evolve.scoring.cut_score import CutScore
from evolve.scoring.protocol import Scorer
from evolve.scoring.words import Words
from populations.studio.running.run_request import RunRequest


def scorer_of(request: RunRequest, prompt: Prompt, card: ModelCard) -> Scorer:
    """Return what judges pictures in a run.

    Args:
        request: Says what.
        prompt: The population's.
        card: Its model, which may bring a CLIP and a reader.

    Raises:
        ModelError: The model does not bring what is to judge.
        GenomeError: The words ask for nothing that the model's reader knows.
    """
    if request.judge == "words":
        if request.clip:
            raise ModelError("a CLIP has no effect with the fitness words: leave out one of them")
        words = Words(card, text=request.text)
        if request.text is None:
            words.require(prompt)
        return words
    if request.clip:
        return CutScore(Clip(request.clip, text=request.text, label=f"clip[{request.clip}]"))
    if card.clip is None:
        raise ModelError(
            f"model '{card.name}' has no CLIP: name one to score with, "
            "a folder or a hub name like openai/clip-vit-base-patch32"
        )
    return CutScore(Clip(card.clip, text=request.text))
