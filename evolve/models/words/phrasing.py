"""Words for one change: a prompt without it, with it, and the first again in another order.

Where a model says what its words mean (`meanings.json`), a thing has attributes: its opposite is
known ("without a mouth"), and what the prompt says of these attributes already is exchanged ("red
hair" for "blue hair"; in "long red hair" the colour alone). Any other model takes the prompt's own
words, with the thing appended or taken out; what is taken out is also unwanted from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evolve.errors import GenomeError
from evolve.genome import Concept, Prompt
from evolve.genome.prompt import ADDED, MIXED
from evolve.models.words import clauses
from evolve.models.words.asking import COLOURS
from evolve.models.words.things import NO, Mention, Thing, Things

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
    """What is to be there; empty if something is only to go."""
    stronger: tuple[Prompt, ...] = ()
    """`after` with the thing behind a bar, with each weight of `STRONGER`."""

    @property
    def plain(self) -> Phrasings:
        """The phrasings without stronger ones: nothing is to be tried out."""
        return replace(self, stronger=())


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
    words = _Words(things)
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
    if before.concepts == after.concepts:
        raise GenomeError(
            f"'{change.add or change.remove}' changes nothing in the words '{prompt}': name "
            "something that is there, or is to be"
        )
    other = tuple(replace(c, text=clauses.reordered(c.text)) for c in before.concepts)
    found = Phrasings(before, after, replace(before, concepts=other))
    if new is None or new.is_lack:
        return found
    stronger = (words.heavier(after, new, weight) for weight in STRONGER)
    return replace(found, thing=new.text, stronger=tuple(each for each in stronger if each))


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
    writer, thing = _Words(things), things.whole(words)
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


class _Words:
    """Puts things into prompts and takes them out, in the words of one model."""

    def __init__(self, things: Things) -> None:
        self._things = things

    def having(self, prompt: Prompt, thing: Thing) -> Prompt:
        """Return the prompt with the thing; one that asks for it has it already."""
        concepts = self._not_against(prompt, thing)
        concepts = self._put(concepts, thing, thing.text, whole=thing.is_lack, kept=True)
        return _by_rule_of(prompt, concepts, self._without(prompt.negative, thing))

    def lacking(
        self, prompt: Prompt, thing: Thing, *, gently: bool = False, must: bool = True
    ) -> Prompt:
        """Return the prompt without the thing.

        Args:
            prompt: With or without it.
            thing: What is not to be there.
            gently: Whether a prompt that says something else in its place already ("red hair", if
                blue hair is the thing) stays, and so what is unwanted.
            must: Whether words must remain.
        """
        asked = self._things.asked_for(prompt, thing)
        concepts = self._not_against(prompt, thing)
        if gently and not asked and any(self._things.mentions(c.text, thing) for c in concepts):
            return prompt
        if thing.lack:
            put = self._put(concepts, thing, thing.lack, whole=not thing.is_lack)
            return _by_rule_of(prompt, put, prompt.negative)
        concepts = self._without(concepts, thing)
        if not concepts and must:
            raise GenomeError(f"nothing remains of the words '{prompt}' without '{thing.text}'")
        negative = prompt.negative if gently else _unwanted(prompt.negative, thing.text)
        return _by_rule_of(prompt, concepts or prompt.concepts, negative)

    def heavier(self, prompt: Prompt, thing: Thing, weight: float) -> Prompt | None:
        """Return a prompt that has the thing, with the thing behind a bar; None if it cannot be.

        It cannot where texts are mixed, or where nothing else is said.
        """
        left = self._without(prompt.concepts, thing)
        if not left or (prompt.rule == MIXED and len(prompt.concepts) > 1):
            return None
        return Prompt((*_based(left), Concept(thing.text, weight)), prompt.negative, ADDED)

    def exchanged(self, prompt: Prompt, old: Thing, new: Thing) -> Prompt:
        """Return the prompt with one thing in the place of another that it names in its words."""
        concepts = []
        for concept in prompt.concepts:
            text = concept.text
            mentions = self._things.mentions(text, old) if concept.weight > 0 else []
            for mention in reversed(mentions):
                text = clauses.exchange(text, mention.place, new.text)
            concepts.append(replace(concept, text=text))
        negative = _unwanted(self._without(prompt.negative, new), old.text)
        return _by_rule_of(prompt, tuple(concepts), negative)

    def _not_against(self, prompt: Prompt, thing: Thing) -> tuple[Concept, ...]:
        """Return the concepts without those that lead away from the thing, or would."""
        return tuple(
            concept
            for concept in prompt.concepts
            if concept.weight > 0 or not self._things.mentions(concept.text, thing)
        )

    def _put(
        self,
        concepts: tuple[Concept, ...],
        thing: Thing,
        phrase: str,
        *,
        whole: bool,
        kept: bool = False,
    ) -> tuple[Concept, ...]:
        """Write a phrase where the thing's attributes are spoken of first, or at the end.

        Args:
            concepts: Of a prompt.
            thing: Whose attributes count.
            phrase: For the thing, or for its absence.
            whole: Whether all that is said in that place goes, such as its colour.
            kept: Whether words that ask for the thing itself stay as they are.
        """
        texts, done = [], False
        for concept in concepts:
            text, mentions = concept.text, self._things.mentions(concept.text, thing)
            done = done or (kept and any(mention.same for mention in mentions))
            for mention in reversed(mentions):
                if kept and mention.same:
                    continue
                colour = "" if whole else self._recoloured(text, mention, thing)
                if colour:
                    text, done = clauses.exchange(text, mention.place, colour), True
                elif done or mention is not mentions[0] or clauses.describes(text, mention.place):
                    text = clauses.drop(text, mention.place)
                elif mention.attributes == {"hair_colour"} and " " not in clauses.bare(
                    text[slice(*mention.place)]
                ):  # "a redhead"
                    text = clauses.exchange(text, mention.place, "a person")
                else:
                    new = phrase if whole else self._with_colour(text, mention, phrase, thing)
                    text, done = (
                        clauses.exchange(text, mention.place, _led(text, mention, new)),
                        True,
                    )
            texts.append(text)
        if not done:
            texts[0] = clauses.append(texts[0], phrase)
        return tuple(replace(c, text=t) for c, t in zip(concepts, texts, strict=True) if t)

    def _without(self, concepts: tuple[Concept, ...], thing: Thing) -> tuple[Concept, ...]:
        """Return concepts without the words that ask for the thing; emptied ones are left out."""
        texts = []
        for concept in concepts:
            text = concept.text
            for mention in reversed(self._things.mentions(text, thing)):
                if mention.same:
                    text = clauses.drop(text, self._colour_alone(text, mention, thing))
            texts.append(text)
        return tuple(replace(c, text=t) for c, t in zip(concepts, texts, strict=True) if t)

    def _recoloured(self, text: str, mention: Mention, thing: Thing) -> str:
        """Return a mention in the thing's colour, if only the colour of something differs."""
        common = mention.attributes & thing.values.keys()
        if not thing.colour or not common <= set(COLOURS) or mention.attributes <= set(COLOURS):
            return ""
        words = text[slice(*mention.place)]
        where = clauses.find(words, self._things.colour(words, common), widened=False)
        return clauses.articled(clauses.exchange(words, where, thing.colour)) if where else ""

    def _colour_alone(self, text: str, mention: Mention, thing: Thing) -> clauses.Span:
        """Return where a mention's colour stands, if the thing is no more than it; else all."""
        common = mention.attributes & thing.values.keys()
        if not common or not common <= set(COLOURS) or mention.attributes <= set(COLOURS):
            return mention.place
        start, end = mention.place
        colour = self._things.colour(text[start:end], common)
        return clauses.find(text, colour, mention.place, widened=False) or mention.place

    def _with_colour(self, text: str, mention: Mention, phrase: str, thing: Thing) -> str:
        """Return a phrase with the colour that a mention has and the thing does not speak of."""
        others = mention.attributes - thing.values.keys()
        colour = self._things.colour(text[slice(*mention.place)], others)
        if not colour:
            return phrase
        if "hair_colour" in others and " in " not in phrase:  # "long red hair"
            before, _, last = phrase.rpartition(" ")
            return clauses.articled(f"{before} {colour} {last}".strip())
        article, _, rest = phrase.partition(" ")
        if article not in clauses.ARTICLES:
            return f"{colour} {phrase}"
        return clauses.articled(f"{article} {colour} {rest}")


def _led(text: str, mention: Mention, phrase: str) -> str:
    """Return a phrase as the words before a mention lead to it: "with no hat", "with a smile"."""
    old = text[slice(*mention.place)].lower().split()
    starts = not text[: mention.place[0]].strip() or text[: mention.place[0]].rstrip()[-1] in ",.;:"
    if clauses.joined(text, mention.place) and phrase.startswith("without "):
        return f"no {clauses.bare(phrase.removeprefix('without '))}"
    if old[0] == "without" and not starts and not phrase.startswith(NO):
        return f"with {phrase}"
    said = phrase.startswith((*NO, "a ", "an ", "the "))
    if not said and old[0] in clauses.ARTICLES and old[-1] == phrase.split()[-1].lower():
        return clauses.articled(f"a {phrase}")
    return phrase


def _by_rule_of(
    prompt: Prompt, concepts: tuple[Concept, ...], negative: tuple[Concept, ...]
) -> Prompt:
    """Return a prompt whose weights count as those of another do; a text alone adds to itself."""
    if prompt.rule == MIXED and (len(prompt.concepts) > 1 or len(prompt.negative) > 1):
        return Prompt(concepts, negative)
    return Prompt(_based(concepts), _based(negative), ADDED)


def _based(concepts: tuple[Concept, ...]) -> tuple[Concept, ...]:
    return (replace(concepts[0], weight=1.0), *concepts[1:]) if concepts else ()


def _unwanted(negative: tuple[Concept, ...], text: str) -> tuple[Concept, ...]:
    """Return what is unwanted, with one thing more."""
    if any(clauses.find(concept.text, text) for concept in negative):
        return negative
    return (*negative, Concept(text))
