"""What a person should know about a prompt before it is painted."""

from __future__ import annotations

from evolve.genome import Prompt
from evolve.genome.prompt_syntax import unread_weights
from evolve.models.catalog import ModelCard
from evolve.models.words.meanings import apart_remark
from evolve.models.words.reach import beyond_remark
from evolve.models.words.vocabulary import strangers_remark

_NAMED = 3


def remarks(card: ModelCard, prompt: Prompt, lists: str = "") -> list[str]:
    """Return lines about words without effect, combinations never seen, and texts like weights.

    `lists` is as `strangers_remark` takes it.
    """
    lines = (
        strangers_remark(card, prompt, lists),
        apart_remark(card, prompt),
        beyond_remark(card, prompt),
        not_weights(prompt),
    )
    return [line for line in lines if line]


def not_weights(prompt: Prompt) -> str:
    """Return a line about text that looks like a weight; empty if there is none."""
    found = unread_weights(c.text for c in (*prompt.concepts, *prompt.negative))
    if not found:
        return ""
    named = ", ".join(f"'{piece}'" for piece in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return (
        f"{named}{more} is text here, not a weight: a weight ends a concept, after a space and a "
        "colon, as in 'a woman | red hair :1.4'"
    )
