"""Words for one change: a prompt without it, with it, and the first again in another order.

Where a model says what its words mean (`meanings.json`), a thing has attributes: its opposite is
known ("without a mouth"), and what the prompt says of these attributes already is exchanged ("red
hair" for "blue hair"; in "long red hair" the colour alone). Any other model takes the prompt's own
words, with the thing appended or taken out; what is taken out is also unwanted from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evolve.errors import GenomeError
from evolve.genome import Concept, Prompt
from evolve.genome.prompt import ADDED, MIXED
from evolve.models.words import clauses
from evolve.models.words.asking import COLOURS, NOUNS, Asked, Asking

if TYPE_CHECKING:
    from evolve.models.words.meanings import Meanings

_NONE = "none"
"""The value of an attribute that is simply not there."""
_NO = ("no ", "without ")


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
    words = _Words(meanings)
    new, old = words.thing(change.add), words.thing(change.remove)
    if new and old:
        if new.values.keys() & old.values.keys():
            before, after = words.having(prompt, old), words.having(prompt, new)
        elif not old.values and words.says(prompt, old):
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
    return Phrasings(before, after, replace(before, concepts=other))


@dataclass(frozen=True, slots=True)
class _Thing:
    text: str
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By attribute; empty if the model does not say what the words mean."""
    colour: str = ""
    """The colour in the text."""
    lack: str = ""
    """A phrase for its absence; of an absence, one for a presence; empty if none is known."""
    is_lack: bool = False
    """It is itself an absence ("no glasses")."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Words in a text that speak of a thing's attributes, perhaps of others too."""

    place: clauses.Span
    attributes: frozenset[str]
    same: bool
    """They ask for the thing itself, not for another value of its attributes."""

    def with_(self, other: _Span) -> _Span:
        """Return both as one."""
        (start, end), (first, last) = self.place, other.place
        attributes = self.attributes | other.attributes
        return _Span((min(start, first), max(end, last)), attributes, self.same and other.same)


class _Words:
    """Puts things into prompts and takes them out, in the words of one model."""

    def __init__(self, meanings: Meanings | None) -> None:
        self._phrases = meanings.phrases if meanings else {}
        self._asking = Asking(self._phrases)

    def thing(self, text: str) -> _Thing | None:
        """Return what a text means; None if it is empty."""
        text = text.strip(" ,.;:")
        if not clauses.bare(text):
            return None
        asked = [one for one in self._asked(text) if one.wanted]
        values = {one.attribute: one.values for one in asked}
        if values and all(_NONE in v for v in values.values()):
            presence = self._presence(next(iter(values)), _NONE)
            return _Thing(self._written(text, values), values, lack=presence, is_lack=True)
        if values:
            lack = next((p for a in values for p in self._phrases[a].get(_NONE, ())), "")
            colour = self._colour(text, frozenset(values))
            return _Thing(self._written(text, values), values, colour, lack)
        for no in _NO:  # "a mouth": the model knows how to say that there is none
            asked = self._asked(f"{no}{clauses.bare(text)}")
            if len(asked) == 1 and asked[0].wanted:
                attribute, absence = asked[0].attribute, min(asked[0].values)
                lack = next(p for p in self._phrases[attribute][absence] if p.startswith(_NO))
                others = frozenset(self._phrases[attribute]) - {absence}
                return _Thing(self._presence(attribute, absence), {attribute: others}, lack=lack)
        return _Thing(text)

    def says(self, prompt: Prompt, thing: _Thing) -> bool:
        """Return whether a prompt asks for the thing."""
        asking = (concept.text for concept in prompt.concepts if concept.weight > 0)
        return any(span.same for text in asking for span in self._spans(text, thing))

    def having(self, prompt: Prompt, thing: _Thing) -> Prompt:
        """Return the prompt with the thing; one that asks for it has it already."""
        concepts = self._not_against(prompt, thing)
        if not self.says(prompt, thing):
            concepts = self._put(concepts, thing, thing.text, whole=thing.is_lack)
        return _by_rule_of(prompt, concepts, self._without(prompt.negative, thing))

    def lacking(
        self, prompt: Prompt, thing: _Thing, *, gently: bool = False, must: bool = True
    ) -> Prompt:
        """Return the prompt without the thing.

        Args:
            prompt: With or without it.
            thing: What is not to be there.
            gently: Whether a prompt that says something else in its place already ("red hair", if
                blue hair is the thing) stays, and so what is unwanted.
            must: Whether words must remain.
        """
        said = self.says(prompt, thing)
        concepts = self._not_against(prompt, thing)
        if gently and not said and any(self._spans(c.text, thing) for c in concepts):
            return prompt
        if thing.lack:
            put = self._put(concepts, thing, thing.lack, whole=not thing.is_lack)
            return _by_rule_of(prompt, put, prompt.negative)
        concepts = self._without(concepts, thing)
        if not concepts and must:
            raise GenomeError(f"nothing remains of the words '{prompt}' without '{thing.text}'")
        negative = prompt.negative if gently else _unwanted(prompt.negative, thing.text)
        return _by_rule_of(prompt, concepts or prompt.concepts, negative)

    def exchanged(self, prompt: Prompt, old: _Thing, new: _Thing) -> Prompt:
        """Return the prompt with one thing in the place of another that it names in its words."""
        concepts = []
        for concept in prompt.concepts:
            text = concept.text
            for span in reversed(self._spans(text, old) if concept.weight > 0 else []):
                text = clauses.exchange(text, span.place, new.text)
            concepts.append(replace(concept, text=text))
        negative = _unwanted(self._without(prompt.negative, new), old.text)
        return _by_rule_of(prompt, tuple(concepts), negative)

    def _not_against(self, prompt: Prompt, thing: _Thing) -> tuple[Concept, ...]:
        """Return the concepts without those that lead away from the thing, or would."""
        return tuple(c for c in prompt.concepts if c.weight > 0 or not self._spans(c.text, thing))

    def _put(
        self, concepts: tuple[Concept, ...], thing: _Thing, phrase: str, *, whole: bool
    ) -> tuple[Concept, ...]:
        """Write a phrase where the thing's attributes are spoken of first, or at the end.

        Args:
            concepts: Of a prompt.
            thing: Whose attributes count.
            phrase: For the thing, or for its absence.
            whole: Whether all that is said in that place goes, such as its colour.
        """
        texts, done = [], False
        for concept in concepts:
            text, spans = concept.text, self._spans(concept.text, thing)
            for span in reversed(spans):
                colour = "" if whole else self._recoloured(text, span, thing)
                if not done and span is spans[0] and colour:
                    text, done = clauses.exchange(text, span.place, colour), True
                elif done or span is not spans[0] or clauses.describes(text, span.place):
                    text = clauses.drop(text, span.place)
                elif span.attributes == {"hair_colour"} and " " not in clauses.bare(
                    text[slice(*span.place)]
                ):  # "a redhead"
                    text = clauses.exchange(text, span.place, "a person")
                else:
                    new = phrase if whole else self._with_colour(text, span, phrase, thing)
                    text, done = clauses.exchange(text, span.place, _led(text, span, new)), True
            texts.append(text)
        if not done:
            texts[0] = clauses.append(texts[0], phrase)
        return tuple(replace(c, text=t) for c, t in zip(concepts, texts, strict=True) if t)

    def _without(self, concepts: tuple[Concept, ...], thing: _Thing) -> tuple[Concept, ...]:
        """Return concepts without the words that ask for the thing; emptied ones are left out."""
        texts = []
        for concept in concepts:
            text = concept.text
            for span in reversed(self._spans(text, thing)):
                if span.same:
                    text = clauses.drop(text, span.place)
            texts.append(text)
        return tuple(replace(c, text=t) for c, t in zip(concepts, texts, strict=True) if t)

    def _spans(self, text: str, thing: _Thing) -> list[_Span]:
        """Return where a text speaks of the thing's attributes, in order.

        A thing of unknown meaning is found by its words.
        """
        if not thing.values:
            place = clauses.find(text, thing.text)
            return [] if place is None else [_Span(place, frozenset(), same=True)]
        found: list[_Span] = []
        for clause in clauses.clauses(text):
            for one in self._asked(text[slice(*clause)]):
                if (place := clauses.find(text, one.phrase, clause)) is None:
                    continue
                if one.attribute in COLOURS:  # "blonde" is said of "blonde hair"
                    place = clauses.over(text, place, NOUNS)
                wanted = thing.values.get(one.attribute)
                same = wanted is None or (one.wanted and bool(one.values & wanted))
                span = _Span(place, frozenset({one.attribute}), same)
                for other in [each for each in found if clauses.meet(each.place, place)]:
                    found.remove(other)  # "red" and "bob" of "a red bob"
                    span = span.with_(other)
                found.append(span)
        about = [span for span in found if span.attributes & thing.values.keys()]
        return sorted(about, key=lambda span: span.place)

    def _recoloured(self, text: str, span: _Span, thing: _Thing) -> str:
        """Return a span in the thing's colour, if only the colour of something differs."""
        common = span.attributes & thing.values.keys()
        if not thing.colour or not common <= set(COLOURS) or span.attributes <= set(COLOURS):
            return ""
        words = text[slice(*span.place)]
        where = clauses.find(words, self._colour(words, common), widened=False)
        return clauses.articled(clauses.exchange(words, where, thing.colour)) if where else ""

    def _with_colour(self, text: str, span: _Span, phrase: str, thing: _Thing) -> str:
        """Return a phrase with the colour that a span has and the thing does not speak of."""
        others = span.attributes - thing.values.keys()
        colour = self._colour(text[slice(*span.place)], others)
        if not colour:
            return phrase
        before, _, last = phrase.rpartition(" ")
        words = f"{colour} {phrase}" if " in " in phrase else f"{before} {colour} {last}"
        return clauses.articled(words.strip())

    def _asked(self, text: str) -> list[Asked]:
        return self._asking.asked(Prompt((Concept(text),))) if clauses.bare(text) else []

    def _colour(self, text: str, attributes: frozenset[str]) -> str:
        """Return the longest phrase for a colour in a text, of these attributes; perhaps none."""
        known = {
            p for a in attributes & set(COLOURS) for said in self._phrases[a].values() for p in said
        }
        there = [phrase for phrase in known if clauses.find(text, phrase)]
        return max(there, key=lambda phrase: (len(phrase), phrase), default="")

    def _presence(self, attribute: str, absence: str) -> str:
        """Return the plainest words for what an attribute is when it is there."""
        phrases = next(p for value, p in self._phrases[attribute].items() if value != absence)
        return next((phrase for phrase in phrases if phrase.startswith("a ")), phrases[0])

    def _written(self, text: str, values: Mapping[str, frozenset[str]]) -> str:
        """Return a text as the model writes it, with its article, if it is one of its phrases."""
        known = (p for a, vs in values.items() for v in vs for p in self._phrases[a][v])
        return next(
            (phrase for phrase in known if clauses.bare(phrase) == clauses.bare(text)), text
        )


def _led(text: str, span: _Span, phrase: str) -> str:
    """Return a phrase as the words before a span lead to it: "with no hat", "with a smile"."""
    old = text[slice(*span.place)].lower().split()
    starts = not text[: span.place[0]].strip() or text[: span.place[0]].rstrip()[-1] in ",.;:"
    if clauses.joined(text, span.place) and phrase.startswith("without "):
        return f"no {clauses.bare(phrase.removeprefix('without '))}"
    if old[0] == "without" and not starts and not phrase.startswith(_NO):
        return f"with {phrase}"
    said = phrase.startswith((*_NO, "a ", "an ", "the "))
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
