"""Adding things to a prompt and removing them, in the words of one model."""

from __future__ import annotations

from dataclasses import replace

from evolve.errors import GenomeError
from evolve.genome import Concept, Prompt
from evolve.genome.prompt import BASED, MIXED, SPLIT
from evolve.models.words import clauses
from evolve.models.words.asking import ARTICLES, COLOURS, NOUNS
from evolve.models.words.things import NO, Mention, Thing, Things


class Rewording:
    """Adds things to prompts and removes them, in the words of one model."""

    def __init__(self, things: Things) -> None:
        """Use the words of `things`."""
        self.things = things

    def having(self, prompt: Prompt, thing: Thing) -> Prompt:
        """Return the prompt with the thing; unchanged if it asks for it already."""
        thing = self.things.colourless(thing)
        concepts = self._not_against(prompt, thing)
        concepts = self._put(concepts, thing, thing.text, whole=thing.is_lack, kept=True)
        return _by_rule_of(prompt, concepts, self._without(prompt.negative, thing))

    def lacking(
        self, prompt: Prompt, thing: Thing, *, gently: bool = False, must: bool = True
    ) -> Prompt:
        """Return the prompt without the thing.

        Args:
            prompt: With or without it.
            thing: What is removed.
            gently: Whether a prompt that has something else in its place ("red hair", if the thing
                is blue hair) stays as it is, and so the negative prompt.
            must: Whether it is an error if no words remain.
        """
        asked = self.things.asked_for(prompt, thing)
        concepts = self._not_against(prompt, thing)
        if gently and not asked and any(self.things.mentions(c.text, thing) for c in concepts):
            return prompt
        if thing.lack:
            put = self._put(concepts, thing, thing.lack, whole=not thing.is_lack)
            return _by_rule_of(prompt, put, prompt.negative)
        concepts = self._without(concepts, thing)
        if not concepts and must:
            raise GenomeError(
                f"nothing remains of the words '{prompt}' without '{thing.text}': "
                "name something else in its place"
            )
        negative = prompt.negative if gently else _unwanted(prompt.negative, thing.text)
        return _by_rule_of(prompt, concepts or prompt.concepts, negative)

    def unhidden(self, prompt: Prompt, thing: Thing) -> Prompt:
        """Return the prompt without words for what the thing hides, such as hair under a hat."""
        known = self.things.hidden_by(thing)
        if known is None:
            return prompt
        texts = []
        for concept in prompt.concepts:
            text = concept.text
            for mention in reversed(self.things.mentions(text, known)):
                if mention.attributes & thing.values.keys():
                    continue
                if self._is_person(text, mention):
                    text = clauses.exchange(text, mention.place, "a person")
                else:
                    text = clauses.drop(text, mention.place)
            texts.append(text)
        left = tuple(replace(c, text=t) for c, t in zip(prompt.concepts, texts, strict=True) if t)
        return _by_rule_of(prompt, left, prompt.negative) if left else prompt

    def heavier(self, prompt: Prompt, thing: Thing, weight: float) -> Prompt | None:
        """Return the prompt with the thing after a bar; None if that is impossible.

        It is if texts are mixed, or if no other words remain.
        """
        left = self._without(prompt.concepts, thing)
        if not left or _is_mixed(prompt):
            return None
        concepts = (*_based(left), Concept(thing.text, weight))
        return Prompt(concepts, _based(prompt.negative), _rule_of(prompt))

    def exchanged(self, prompt: Prompt, old: Thing, new: Thing) -> Prompt:
        """Return the prompt with one thing in place of another that its words name."""
        concepts = []
        for concept in prompt.concepts:
            text = concept.text
            mentions = self.things.mentions(text, old) if concept.weight > 0 else []
            for mention in reversed(mentions):
                text = clauses.exchange(text, mention.place, new.text)
            concepts.append(replace(concept, text=text))
        negative = _unwanted(self._without(prompt.negative, new), old.text)
        return _by_rule_of(prompt, tuple(concepts), negative)

    def _not_against(self, prompt: Prompt, thing: Thing) -> tuple[Concept, ...]:
        """Return the concepts without those of weight 0 or less that mention the thing."""
        return tuple(
            concept
            for concept in prompt.concepts
            if concept.weight > 0 or not self.things.mentions(concept.text, thing)
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
        """Write a phrase at the first mention of the thing's attributes, or at the end.

        Args:
            concepts: Concepts of a prompt.
            thing: Has the attributes.
            phrase: Words for the thing, or for its absence.
            whole: Whether the whole mention is replaced, with its colour, for example.
            kept: Whether words that ask for the thing itself stay.
        """
        texts, done = [], False
        for concept in concepts:
            text, mentions = concept.text, self.things.mentions(concept.text, thing)
            done = done or (kept and any(mention.same for mention in mentions))
            for mention in reversed(mentions):
                if kept and mention.same:
                    continue
                colour = "" if whole else self._recoloured(text, mention, thing)
                if colour:
                    text, done = clauses.exchange(text, mention.place, colour), True
                elif done or mention is not mentions[0] or clauses.describes(text, mention.place):
                    text = clauses.drop(text, mention.place)
                elif self._is_person(text, mention):
                    text = clauses.exchange(text, mention.place, "a person")
                else:
                    new = phrase if whole else self._with_colour(text, mention, phrase, thing)
                    if new == thing.text and clauses.joined(text, mention.place):
                        new = self.things.after_with(thing)
                    text, done = (
                        clauses.exchange(text, mention.place, _led(text, mention, new)),
                        True,
                    )
            texts.append(text)
        if not done:
            texts[0] = clauses.append(texts[0], phrase)
        return tuple(replace(c, text=t) for c, t in zip(concepts, texts, strict=True) if t)

    def _is_person(self, text: str, mention: Mention) -> bool:
        """Return whether a mention is a word for a person: "a redhead"."""
        words = clauses.bare(text[slice(*mention.place)])
        alone = " " not in words and words not in NOUNS
        named = not clauses.describes(text, mention.place)
        return mention.attributes == {"hair_colour"} and alone and named

    def _without(self, concepts: tuple[Concept, ...], thing: Thing) -> tuple[Concept, ...]:
        """Return concepts without words that ask for the thing, and without empty ones."""
        texts = []
        for concept in concepts:
            text = concept.text
            for mention in reversed(self.things.mentions(text, thing)):
                if mention.same:
                    text = clauses.drop(text, self._colour_alone(text, mention, thing))
            texts.append(text)
        return tuple(replace(c, text=t) for c, t in zip(concepts, texts, strict=True) if t)

    def _recoloured(self, text: str, mention: Mention, thing: Thing) -> str:
        """Return a mention in the thing's colour, if nothing but the colour differs; else empty."""
        common = mention.attributes & thing.values.keys()
        if not thing.colour or not common <= set(COLOURS) or mention.attributes <= set(COLOURS):
            return ""
        words = text[slice(*mention.place)]
        where = clauses.find(words, self.things.colour(words, common), widened=False)
        return clauses.articled(clauses.exchange(words, where, thing.colour)) if where else ""

    def _colour_alone(self, text: str, mention: Mention, thing: Thing) -> clauses.Span:
        """Return the span of a mention's colour if the thing is only a colour, else of all."""
        common = mention.attributes & thing.values.keys()
        if not common or not common <= set(COLOURS) or mention.attributes <= set(COLOURS):
            return mention.place
        start, end = mention.place
        colour = self.things.colour(text[start:end], common)
        return clauses.find(text, colour, mention.place, widened=False) or mention.place

    def _with_colour(self, text: str, mention: Mention, phrase: str, thing: Thing) -> str:
        """Return a phrase with the colour of a mention, unless the thing has that attribute."""
        others = mention.attributes - thing.values.keys()
        colour = self.things.colour(text[slice(*mention.place)], others)
        if not colour:
            return phrase
        if "hair_colour" in others and " in " not in phrase:  # "long red hair"
            before, _, last = phrase.rpartition(" ")
            return clauses.articled(f"{before} {colour} {last}".strip())
        article, _, rest = phrase.partition(" ")
        if article not in ARTICLES:
            return f"{colour} {phrase}"
        return clauses.articled(f"{article} {colour} {rest}")


def _led(text: str, mention: Mention, phrase: str) -> str:
    """Return a phrase that fits the words before a mention: "with no hat", "with a smile"."""
    old = text[slice(*mention.place)].lower().split()
    starts = not text[: mention.place[0]].strip() or text[: mention.place[0]].rstrip()[-1] in ",.;:"
    if clauses.joined(text, mention.place) and phrase.startswith("without "):
        return f"no {clauses.bare(phrase.removeprefix('without '))}"
    if old[0] == "without" and not starts and not phrase.startswith(NO):
        return f"with {phrase}"
    said = phrase.startswith((*NO, "a ", "an ", "the "))
    if not said and old[0] in ARTICLES and old[-1] == phrase.split()[-1].lower():
        return clauses.articled(f"a {phrase}")
    return phrase


def _by_rule_of(
    prompt: Prompt, concepts: tuple[Concept, ...], negative: tuple[Concept, ...]
) -> Prompt:
    """Return a prompt by the rule of another one; if that is one text, it becomes a base."""
    if _is_mixed(prompt):
        return Prompt(concepts, negative)
    return Prompt(_based(concepts), _based(negative), _rule_of(prompt))


def _rule_of(prompt: Prompt) -> str:
    """Return the rule for changes of a prompt that is not mixed."""
    return prompt.rule if prompt.rule in BASED else SPLIT


def _is_mixed(prompt: Prompt) -> bool:
    return prompt.rule == MIXED and (len(prompt.concepts) > 1 or len(prompt.negative) > 1)


def _based(concepts: tuple[Concept, ...]) -> tuple[Concept, ...]:
    return (replace(concepts[0], weight=1.0), *concepts[1:]) if concepts else ()


def _unwanted(negative: tuple[Concept, ...], text: str) -> tuple[Concept, ...]:
    """Return the negative concepts with one more thing."""
    if any(clauses.find(concept.text, text) for concept in negative):
        return negative
    return (*negative, Concept(text))
