"""Words for one change: a prompt without it, with it, and the first again in another order.

Where a model says what its words mean (`meanings.json`), a thing has attributes: its opposite is
known ("without a mouth"), and what the prompt says of these attributes already is exchanged ("red
hair" for "blue hair"; in "long red hair" the colour alone). Any other model takes the prompt's own
words, with the thing appended or taken out; what is taken out is also unwanted from then on.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evolve.errors import GenomeError
from evolve.genome import Concept, Prompt
from evolve.models.words import clauses
from evolve.models.words.asking import Asking
from evolve.models.words.kinds import kinds_of
from evolve.models.words.rewording import Rewording
from evolve.models.words.things import Thing, Things

if TYPE_CHECKING:
    from evolve.models.words.meanings import Meanings


STRONGER = (1.5, 2.0)
"""Weights of what is to be there, should it not come by its words alone; from 2.5 on the rest of a
face breaks."""


@dataclass(frozen=True, slots=True)
class WordChange:
    """What is to differ: `add` alone, `remove` alone, or both, to swap one for the other."""

    add: str = ""
    remove: str = ""

    def __post_init__(self) -> None:
        if not clauses.bare(self.add) and not clauses.bare(self.remove):
            raise GenomeError("no words say what is to change: name a thing, such as 'glasses'")

    @property
    def thing(self) -> str:
        """What is asked for: what is to be there or, if nothing is, what is to go."""
        return self.add if clauses.bare(self.add) else self.remove


@dataclass(frozen=True, slots=True)
class Phrasings:
    """A prompt in three phrasings."""

    before: Prompt
    """As the picture is: without what is added, with what is removed."""
    after: Prompt
    """As it is to be: the prompt of an edit's children."""
    neutral: Prompt
    """`before` with its clauses in another order: what this changes in a picture is no change."""
    thing: str = ""
    """What is to be there and is tried out; empty if something is only to go."""
    stronger: tuple[Prompt, ...] = ()
    """`after` with the thing behind a bar, with each weight of `STRONGER`."""
    focused: Phrasings | None = None
    """In words for the thing and the style alone, should it not come by all of them together."""
    is_whole: bool = False
    """Whether the thing is in one piece: what else changes with the words is not of it."""
    is_large: bool = False
    """Whether it is hair, or what hides hair."""
    kinds: tuple[Phrasings, ...] = ()
    """In words for each kind of the thing, where its own may mean several: round glasses, and
    square ones."""
    never: frozenset[str] = frozenset()
    """Of a kind: words for the looks of pictures that the model never saw it in."""

    @property
    def plain(self) -> Phrasings:
        """The phrasings without stronger ones: nothing is to be tried out."""
        focused = None if self.focused is None else self.focused.plain
        return replace(self, thing="", stronger=(), focused=focused, kinds=())

    def found(self, *, focused: bool, look: str = "") -> Phrasings:
        """Return those by which a place was found: the focused ones, if it was by them."""
        said = (self.focused if focused else None) or self
        kinds = tuple(kind.found(focused=focused) for kind in self.kinds)
        return replace(said, kinds=kinds).in_look(look)

    def in_look(self, look: str) -> Phrasings:
        """Return the phrasings with words for what the picture looks like, if there are any.

        Raises:
            GenomeError: They become too long.
        """
        if not look:
            return self
        return replace(
            self,
            before=_with_clause(self.before, look),
            after=_with_clause(self.after, look),
            neutral=_with_clause(self.neutral, look),
            stronger=tuple(_with_clause(each, look) for each in self.stronger),
            focused=None if self.focused is None else self.focused.in_look(look),
            kinds=tuple(
                kind.in_look(look) for kind in self.kinds if not kind.never & set(look.split(", "))
            ),
        )


def phrasings(prompt: Prompt, change: WordChange, meanings: Meanings | None = None) -> Phrasings:
    """Return a genome's prompt without a change, with it, and the first in another order.

    Weights stay, and what is unwanted stays so unless it is what is added.

    Args:
        prompt: Of the picture that is to change.
        change: What is to change.
        meanings: What the model's words mean, for one that says so.

    Raises:
        GenomeError: The words name no change, such as a swap of a thing for itself; the prompt
            becomes empty or too long.
    """
    things = Things(meanings)
    found = _of_one_kind(prompt, change, things)
    new = things.thing(change.add)
    if new is None or new.is_lack or meanings is None:
        return found
    return replace(found, kinds=_kinds(prompt, change, new, things, meanings))


def _of_one_kind(prompt: Prompt, change: WordChange, things: Things) -> Phrasings:
    """Return what `phrasings` does, without words for each kind of a thing."""
    words = Rewording(things)
    new, old = things.thing(change.add), things.thing(change.remove)
    if new and old:
        if new.values.keys() & old.values.keys():
            before, after = words.having(prompt, old), words.having(prompt, new)
        elif not old.values and things.asked_for(prompt, old):
            before, after = prompt, words.exchanged(prompt, old, new)
        else:
            before = words.lacking(words.having(prompt, old), new, gently=True)
            after = words.having(words.lacking(prompt, old, must=False), new)
    elif new:
        before, after = words.lacking(prompt, new, gently=True), words.having(prompt, new)
    else:
        assert old is not None
        before, after = words.having(prompt, old), words.lacking(prompt, old)
    # Without words for the hair a hat comes well, but a moustache elsewhere gets another colour.
    hides = new is not None and not new.is_lack and things.hidden_by(new) is not None
    if new and hides:
        after = words.unhidden(after, new)
    if before.concepts == after.concepts:
        raise GenomeError(
            f"'{change.add or change.remove}' changes nothing in the words '{prompt}': name "
            "something that is there, or is to be"
        )
    other = tuple(replace(c, text=clauses.reordered(c.text)) for c in before.concepts)
    large = any(things.is_hidden(each) or things.hidden_by(each) for each in (new, old) if each)
    neutral = replace(before, concepts=other)
    found = Phrasings(before, after, neutral, is_whole=hides, is_large=large)
    if new is None or new.is_lack:
        return found
    return replace(
        found,
        thing=new.text,
        stronger=_stronger(words, after, new),
        focused=_focused(words, after, new, things.styles),
    )


def _kinds(
    prompt: Prompt, change: WordChange, thing: Thing, things: Things, meanings: Meanings
) -> tuple[Phrasings, ...]:
    """Return the phrasings for each kind of a thing; not of those that the look never had."""
    looks = {one.phrase for one in Asking(meanings.phrases).asked(prompt) if one.wanted}
    found = []
    for text, never in kinds_of(thing, meanings).items():
        with contextlib.suppress(GenomeError):  # it is there already, or there is no room
            if not never & looks:
                said = _of_one_kind(prompt, replace(change, add=text), things)
                alone = None if said.focused is None else replace(said.focused, never=never)
                found.append(replace(said, never=never, focused=alone))
    return tuple(found)


def _stronger(words: Rewording, prompt: Prompt, thing: Thing) -> tuple[Prompt, ...]:
    heavier = (words.heavier(prompt, thing, weight) for weight in STRONGER)
    return tuple(each for each in heavier if each is not None)


def _focused(
    words: Rewording, prompt: Prompt, thing: Thing, styles: Thing | None
) -> Phrasings | None:
    """Return phrasings of a thing alone, and of what else is said of the style."""
    said = [] if styles is None else words.things.said(prompt, styles)
    without = ", ".join([*said, *([thing.lack] if thing.lack else [])])
    if not thing.values or not without:
        return None
    before = replace(prompt, concepts=(Concept(without),))
    after = replace(prompt, concepts=(Concept(", ".join([*said, thing.text])),))
    neutral = replace(prompt, concepts=(Concept(clauses.reordered(without)),))
    return Phrasings(before, after, neutral, thing.text, _stronger(words, after, thing))


def _with_clause(prompt: Prompt, words: str) -> Prompt:
    first, *others = prompt.concepts
    first = replace(first, text=clauses.append(first.text, words))
    return replace(prompt, concepts=(first, *others))


def taken(prompt: Prompt, other: Prompt, words: str, meanings: Meanings | None = None) -> Prompt:
    """Return a prompt in which a thing is as another prompt says; as it is if that says nothing.

    Taking the hair of "a man with red hair" makes "red hair" of what the prompt says of hair.

    Args:
        prompt: Of the picture that a part is taken into.
        other: Of the picture that it is taken from.
        words: What is taken: "hair".
        meanings: What the model's words mean, for one that says so.
    """
    things = Things(meanings)
    writer, thing = Rewording(things), things.whole(words)
    if thing is None:
        return prompt
    found = things.said(other, thing)
    if found and not thing.values:
        for text in things.said(prompt, thing):
            prompt = writer.lacking(prompt, Thing(text), gently=True)
    for text in found:
        said = things.thing(text)
        if said is not None and not things.asked_for(prompt, said):
            prompt = writer.having(prompt, said)
    return prompt
