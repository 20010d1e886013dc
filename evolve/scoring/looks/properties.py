"""Properties of pictures in words: values that a model's reader knows, or phrases of prompts.

A reader gives a probability for each value of every attribute (`reading`), also where nothing of it
can be seen. Open eyes, and values that the style of a picture never shows, are no properties.
Nothing is known of hair under a hat, nor of the colour of a hat that is not there. For a model
without a reader, its CLIP compares pictures with the phrases of the prompts. Without either there
are no words for pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome, Prompt
from evolve.models.catalog import ModelCard
from evolve.models.words.asking import HIDDEN, OF_THINGS
from evolve.models.words.meanings import Meanings, meanings_of
from evolve.scoring.looks import appearance
from evolve.scoring.looks.embedders import clip_in
from evolve.scoring.looks.reading import chances_in, name_of

Floats = NDArray[np.float64]

MOST = 64
"""Phrases that are compared, at most."""
SURE = 0.5
"""Probability above which a value is there."""


class Pictures(appearance.Pictures, Protocol):
    """The pictures of a population, their embeddings and genomes."""

    def genome(self, individual: int) -> Genome:
        """Return the genome of one individual."""


class Properties(NamedTuple):
    """Properties of some pictures."""

    individuals: list[int]
    """The individuals, n."""
    words: list[str]
    """The names of the properties, k; none where the model has no words for pictures."""
    values: Floats
    """(n, k): higher for what is there more surely; nan where unknown."""
    by: str = ""
    """Their source: `reader` or `clip`."""


def properties(card: ModelCard, pictures: Pictures, individuals: Sequence[int]) -> Properties:
    """Return the properties of pictures; individuals that are not painted are left out.

    The readings in the records of the population are used.

    Raises:
        ModelError: Its reader or its CLIP cannot be used.
    """
    if card.reader is not None and (meanings := meanings_of(card)) is not None:
        return _found(meanings, *_readings(card, pictures, individuals))
    painted = {i: p for i in individuals if (p := pictures.picture(i)) is not None}
    texts = phrases(pictures.genome(i).prompt for i in painted)
    if card.clip is None or not texts or not painted:
        return Properties(list(painted), [], np.zeros((len(painted), 0)))
    likeness = clip_in(card.clip, "cpu").likeness(list(painted.values()), texts)
    return Properties(list(painted), texts, likeness, "clip")


def _readings(
    card: ModelCard, pictures: Pictures, individuals: Sequence[int]
) -> tuple[list[int], list[Floats]]:
    """Return the painted individuals, and the probability of every value in their pictures."""
    assert card.reader is not None
    reader, known = name_of(card.reader), dict[int, Floats]()
    for i in individuals:
        if (chances := chances_in(pictures.looks(i), reader)) is not None:
            known[i] = chances
    rest = [i for i in individuals if i not in known]
    unread = {i: p for i in rest if (p := pictures.picture(i)) is not None}
    if unread:  # painted by a version without readings, or with another reader
        from evolve.scoring.words import Words  # torch comes with it

        known.update(zip(unread, Words(card).read(list(unread.values())), strict=True))
    there = [i for i in individuals if i in known]
    return there, [known[i] for i in there]


def _found(meanings: Meanings, individuals: list[int], read: Sequence[Floats]) -> Properties:
    columns = meanings.values
    values = np.array(read).reshape(len(individuals), len(columns))
    there = (_possible(values, columns, meanings) > SURE).astype(np.float64)
    there[_is_hidden(values, columns)] = np.nan
    # Of two with the same meaning the thing is named, not its absence.
    shown = sorted(
        (k for k, (attribute, _) in enumerate(columns) if attribute not in meanings.partial),
        key=lambda k: columns[k][1] == "none",
    )
    return Properties(
        individuals, [meanings.names(*columns[k]) for k in shown], there[:, shown], "reader"
    )


def _possible(read: Floats, columns: Sequence[tuple[str, str]], meanings: Meanings) -> Floats:
    """Return the probability of each value in a style that shows it, (n, values)."""
    possible, place = read.copy(), {column: k for k, column in enumerate(columns)}
    for by, ones in meanings.seen.items():
        for (attribute, value), k in place.items():
            if attribute != by:
                shown = [one for one, seen in ones.items() if value in seen.get(attribute, ())]
                possible[:, k] *= read[:, [place[by, one] for one in shown]].sum(1)
    return possible


def _is_hidden(read: Floats, columns: Sequence[tuple[str, str]]) -> NDArray[np.bool_]:
    """Return where a value cannot be seen, (n, values)."""
    hidden = np.zeros(read.shape, bool)
    for thing in OF_THINGS.keys() | HIDDEN.keys():
        if (thing, "none") not in columns:
            continue
        is_missing = read[:, columns.index((thing, "none"))] > SURE
        for k, (attribute, _) in enumerate(columns):
            if attribute == OF_THINGS.get(thing):
                hidden[:, k] |= is_missing
            if attribute in HIDDEN.get(thing, ()):
                hidden[:, k] |= ~is_missing
    return hidden


def phrases(prompts: Iterable[Prompt]) -> list[str]:
    """Return the different phrases of prompts, divided at bars and punctuation."""
    texts = [c.text for prompt in prompts for c in (*prompt.concepts, *prompt.negative)]
    parts = (part.strip() for text in texts for part in re.split(r"[,.;:]", text))
    return list(dict.fromkeys(part for part in parts if part))[:MOST]
