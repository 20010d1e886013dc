"""What a person should know about a prompt, or a change of it, before it is painted."""

from __future__ import annotations

from evolve.genome import Concept, Prompt
from evolve.genome.prompt_syntax import unread_weights
from evolve.genome.settings import Settings
from evolve.models.catalog import ModelCard
from evolve.models.words import clauses
from evolve.models.words.meanings import Meanings, apart_remark, meanings_of
from evolve.models.words.phrasing import Phrasings, WordChange
from evolve.models.words.reach import beyond_remark
from evolve.models.words.things import Things
from evolve.models.words.vocabulary import Topics, strangers, strangers_remark, vocabulary_of
from evolve.text import listed

_NAMED = 3


def remarks(
    card: ModelCard, prompt: Prompt, lists: str = "", *, settings: Settings | None = None
) -> list[str]:
    """Return lines about words without effect, combinations never seen, and texts like weights.

    `lists` is as `strangers_remark` takes it; `settings` are those of founders, by default those of
    the model's.
    """
    lines = (
        strangers_remark(card, prompt, lists),
        apart_remark(card, prompt),
        beyond_remark(card, prompt, settings),
        _not_weights(prompt),
    )
    return [line for line in lines if line]


def change_remarks(
    card: ModelCard, change: WordChange, found: Phrasings | None = None, lists: str = ""
) -> list[str]:
    """Return lines about the words of a change that a model does not know; none if it knows all.

    There are none for a model that lists no words either. `found` is the prompt without the change
    and with it, None if it stays; `lists` is as `strangers_remark` takes it.

    Raises:
        ModelError: A file of the model is damaged.
    """
    texts = [text for text in (change.remove, change.add) if clauses.bare(text)]
    lines = [strangers_remark(card, Prompt(tuple(Concept(text) for text in texts)), lists)]
    topics, meanings = vocabulary_of(card), meanings_of(card)
    if meanings is not None:
        lines += [_part_only(card, topics, meanings, text) for text in texts]
    if found is not None:
        lines.append(apart_remark(card, found.after))
    return [line for line in lines if line]


def _part_only(card: ModelCard, topics: Topics, meanings: Meanings, text: str) -> str:
    """Return a line if the words of a text have a meaning only as part of phrases: `chin`."""
    thing = Things(meanings).thing(text)
    if thing is None or thing.values or strangers(topics, [text]):
        return ""
    phrases = dict.fromkeys(phrase for known in topics.values() for phrase in known)
    if any(clauses.find(text, phrase) for phrase in phrases):
        return ""
    bare = clauses.bare(text)
    holding = [p for p in phrases if any(clauses.find(p, word) for word in bare.split())]
    examples = ", ".join(f"'{phrase}'" for phrase in holding[:_NAMED])
    known = f", only {examples}" if examples else ""
    return f"{card.name} does not know '{bare}' by itself{known}: it may paint something else"


def _not_weights(prompt: Prompt) -> str:
    """Return a line about text that looks like a weight; empty if there is none."""
    found = unread_weights(c.text for c in (*prompt.concepts, *prompt.negative))
    if not found:
        return ""
    named = listed(found, _NAMED, "'{}'".format)
    return (
        f"{named} is text here, not a weight: a weight ends a "
        "concept, after a space and a colon, as in 'a woman | red hair :1.4'"
    )
