"""Words for one change: a prompt without it, with it, and the first again in another order.

If a model states what its words mean (`meanings.json`), a thing has attributes: its opposite is
known ("without a mouth"), and words about these attributes are replaced ("red hair" by "blue hair";
in "long red hair" only the colour). For any other model the thing is appended to the prompt or
removed from it; what is removed is added to the negative prompt.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evolve.errors import GenomeError
from evolve.genome import Concept, Prompt
from evolve.genome.prompt_syntax import unread_weights
from evolve.models.words import clauses
from evolve.models.words.rewording import Rewording
from evolve.models.words.things import Thing, Things

if TYPE_CHECKING:
    from evolve.models.words.meanings import Meanings


STRONGER = (1.5, 2.0)
"""Weights of a thing that does not appear by its words alone; from 2.5 on the rest of a face
breaks."""


@dataclass(frozen=True, slots=True)
class WordChange:
    """A change: `add` alone, `remove` alone, or both, to swap one for the other."""

    add: str = ""
    remove: str = ""

    def __post_init__(self) -> None:
        if not clauses.bare(self.add) and not clauses.bare(self.remove):
            raise GenomeError("no words say what is to change: name a thing, such as 'glasses'")
        for text in (self.add, self.remove):
            # How strongly a thing must be asked for is tried out, so a weight would have no effect.
            if "|" in text or unread_weights([text]):
                raise GenomeError(f"'{text}' has a weight or a bar: name one thing in plain words")

    @property
    def thing(self) -> str:
        """What is added or, if nothing is, removed."""
        return self.add if clauses.bare(self.add) else self.remove


@dataclass(frozen=True, slots=True)
class Phrasings:
    """A prompt in three phrasings."""

    before: Prompt
    """The picture as it is: without what is added, with what is removed."""
    after: Prompt
    """The picture as it will be: the prompt of an edit's children."""
    neutral: Prompt
    """`before` with its clauses in another order: a difference that means nothing."""
    thing: str = ""
    """What is added and tried out; empty if something is only removed."""
    stronger: tuple[Prompt, ...] = ()
    """`after` with the thing after a bar, once for each weight of `STRONGER`."""
    focused: Phrasings | None = None
    """Words for the thing and the style alone, in case it does not appear by all words together."""
    is_whole: bool = False
    """Whether the thing is in one piece, so that other places that change are not part of it."""
    is_large: bool = False
    """Whether it is hair, or hides hair."""
    kinds: tuple[Phrasings, ...] = ()
    """Words for each kind of the thing, if it may mean several: round glasses, and square ones."""
    never: frozenset[str] = frozenset()
    """For a kind: words for the looks of pictures in which the model never saw it."""

    @property
    def plain(self) -> Phrasings:
        """The phrasings without stronger ones, so that nothing is tried out."""
        focused = None if self.focused is None else self.focused.plain
        return replace(self, thing="", stronger=(), focused=focused, kinds=())

    def found(self, *, focused: bool, look: str = "") -> Phrasings:
        """Return the phrasings by which a place was found, focused or not, in a look."""
        said = (self.focused if focused else None) or self
        kinds = tuple(kind.found(focused=focused) for kind in self.kinds)
        return replace(said, kinds=kinds).in_look(look)

    def in_look(self, look: str) -> Phrasings:
        """Return the phrasings with words for the look of the picture, if there are any.

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

    Weights stay. The negative prompt stays, except for what is added or removed. `meanings` are
    those of the model's words, if it states them.

    Raises:
        GenomeError: The words name no change, such as a swap of a thing for itself; the prompt
            becomes empty or too long.
    """
    things = Things(meanings)
    found = _of_one_kind(prompt, change, things)
    new = things.thing(change.add)
    return found if new is None else replace(found, kinds=_kinds(prompt, change, new, things))


def _of_one_kind(prompt: Prompt, change: WordChange, things: Things) -> Phrasings:
    """Return what `phrasings` returns, without words for the kinds of a thing."""
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
    # Without words for hair, a hat appears well; but a moustache would get another colour.
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
        focused=_focused(words, after, new),
    )


def _kinds(
    prompt: Prompt, change: WordChange, thing: Thing, things: Things
) -> tuple[Phrasings, ...]:
    """Return the phrasings for each kind of a thing, without kinds that the look never had."""
    looks = {one.phrase for one in things.asking.asked(prompt) if one.wanted}
    found = []
    for text, never in things.kinds(thing).items():
        with contextlib.suppress(GenomeError):  # it is there already, or there is no room
            if not never & looks:
                said = _of_one_kind(prompt, replace(change, add=text), things)
                alone = None if said.focused is None else replace(said.focused, never=never)
                found.append(replace(said, never=never, focused=alone))
    return tuple(found)


def _stronger(words: Rewording, prompt: Prompt, thing: Thing) -> tuple[Prompt, ...]:
    heavier = (words.heavier(prompt, thing, weight) for weight in STRONGER)
    return tuple(each for each in heavier if each is not None)


def _focused(words: Rewording, prompt: Prompt, thing: Thing) -> Phrasings | None:
    """Return phrasings of a thing and of what the prompt says about the style alone."""
    styles = words.things.styles
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
    """Return a prompt with a thing as another prompt describes it; unchanged if that does not.

    If the hair of "a man with red hair" is taken, "red hair" replaces what the prompt says of hair.
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
