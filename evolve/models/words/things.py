"""Things that words name, in the words of one model: what they mean, and where a text has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evolve.genome import Concept, Prompt
from evolve.models.words import clauses
from evolve.models.words.asking import COLOURS, HIDDEN, NOUNS, OF_THINGS, Asked, Asking

if TYPE_CHECKING:
    from evolve.models.words.meanings import Meanings

NO = ("no ", "without ")
_NONE = "none"
"""The value of an attribute that is absent."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that words name."""

    text: str
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Values by attribute; empty if the meaning of the words is unknown."""
    colour: str = ""
    """The colour in the text."""
    lack: str = ""
    """A phrase for its absence; for an absence, one for presence; empty if none is known."""
    is_lack: bool = False
    """Whether it is itself an absence ("no glasses")."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words in a text about a thing's attributes, perhaps about others too."""

    place: clauses.Span
    attributes: frozenset[str]
    same: bool
    """Whether they ask for the thing itself, not for another value of its attributes."""

    def with_(self, other: Mention) -> Mention:
        """Return both as one."""
        (start, end), (first, last) = self.place, other.place
        attributes = self.attributes | other.attributes
        return Mention((min(start, first), max(end, last)), attributes, self.same and other.same)


class Things:
    """Reads things in the words of one model."""

    def __init__(self, meanings: Meanings | None) -> None:
        self._phrases = meanings.phrases if meanings else {}
        self.asking = Asking(self._phrases)
        self._seen = meanings.seen if meanings else {}
        said = (p for values in self._phrases.values() for known in values.values() for p in known)
        named = (p.split()[-1] for p in said if p.startswith((*NO, "a ", "an ")))
        self._nouns = frozenset(named) | NOUNS.keys()

    def thing(self, text: str) -> Thing | None:
        """Return what a text means; None if it is empty."""
        text = text.strip(" ,.;:")
        if not clauses.bare(text):
            return None
        asked = [one for one in self._asked(text) if one.wanted]
        values = {one.attribute: one.values for one in asked}
        if values and all(_NONE in v for v in values.values()):
            presence = self._presence(next(iter(values)), _NONE)
            return Thing(self._written(text, values), values, lack=presence, is_lack=True)
        if values:
            lack = next((p for a in values for p in self._phrases[a].get(_NONE, ())), "")
            colour = self.colour(text, frozenset(values))
            return Thing(self._written(text, values), values, colour, lack)
        for no in NO:  # "a mouth": the model knows how to say that there is none
            asked = self._asked(f"{no}{clauses.bare(text)}")
            if len(asked) == 1 and asked[0].wanted:
                attribute, absence = asked[0].attribute, min(asked[0].values)
                said = self._phrases[attribute][absence]
                lack = next((phrase for phrase in said if phrase.startswith(NO)), said[0])
                others = frozenset(self._phrases[attribute]) - {absence}
                presence = self._presence(attribute, absence) or text
                colours = self._any({OF_THINGS.get(attribute, "")})
                values = {attribute: others, **(colours.values if colours else {})}
                return Thing(presence, values, lack=lack)
        # "clothes" is no phrase of the model, but "a red shirt" and "blue clothes" name some.
        noun = clauses.bare(text)
        known = self._any({noun, NOUNS[noun]}) if noun in NOUNS else None
        return Thing(text, known.values if known else {})

    def colourless(self, thing: Thing) -> Thing:
        """Return an absence with what it rules out: who is bald has no blue hair. Else the thing.

        No value of what is ruled out is the thing itself.
        """
        lacks = (any(p.startswith(NO) for p in self._phrases[a][v]) for a, v in _pairs(thing))
        if not thing.values or not all(lacks):
            return thing
        colours = {OF_THINGS[a] for a in thing.values if a in OF_THINGS}
        return replace(thing, values={**thing.values, **dict.fromkeys(colours, frozenset[str]())})

    def after_with(self, thing: Thing) -> str:
        """Return words for a thing that can follow "with": "no hair" for "bald"."""
        if thing.text.startswith(NO):
            return thing.text
        phrases = (phrase for a, v in _pairs(thing) for phrase in self._phrases[a][v])
        return next((phrase for phrase in phrases if phrase.startswith("no ")), thing.text)

    def whole(self, text: str) -> Thing | None:
        """Return a thing with all values of its attributes, its colour included: "hair"."""
        bare = clauses.bare(text)
        thing = self.thing(text)
        if thing is None:
            return None
        about = {*thing.values, bare, *(NOUNS[word] for word in bare.split() if word in NOUNS)}
        about |= {OF_THINGS[a] for a in about if a in OF_THINGS}
        found = self._any(about)
        return replace(thing, values=found.values if found else {})

    @property
    def styles(self) -> Thing | None:
        """All values of the attributes in `Meanings.seen`, such as style; None without any."""
        return self._any(self._seen.keys())

    def hidden_by(self, thing: Thing) -> Thing | None:
        """Return what a thing hides; None if it hides nothing."""
        return self._any({a for each in thing.values for a in HIDDEN.get(each, ())})

    def kinds(self, thing: Thing) -> dict[str, frozenset[str]]:
        """Return words for each kind of a thing, such as round and square glasses.

        Each has words for looks that never had it. Empty if the thing's words mean one value alone.
        """
        if len(thing.values) != 1 or thing.is_lack:
            return {}
        ((attribute, values),) = thing.values.items()
        said = self._phrases[attribute]
        own = clauses.bare(thing.text)
        if len(values) < 2 or any(own not in map(clauses.bare, said[value]) for value in values):
            return {}
        found = {}
        for value in sorted(values):
            others = {phrase for other, forms in said.items() if other != value for phrase in forms}
            if text := next((phrase for phrase in said[value] if phrase not in others), ""):
                found[text] = self._looks_without(attribute, value)
        return found

    def is_hidden(self, thing: Thing) -> bool:
        """Return whether something may hide a thing, not only its colour."""
        hidden = {attribute for under in HIDDEN.values() for attribute in under}
        return bool(thing.values.keys() & hidden - set(COLOURS))

    def said(self, prompt: Prompt, thing: Thing) -> list[str]:
        """Return the words of a prompt about a thing, one text for each mention.

        For a thing of unknown meaning these are all parts between commas or bars that name it,
        except the first part, which names other things too.
        """
        asking = [concept.text for concept in prompt.concepts if concept.weight > 0]
        if thing.values:
            return [text[slice(*m.place)] for text in asking for m in self.mentions(text, thing)]
        parts = [text[slice(*span)].strip() for text in asking for span in clauses.clauses(text)]
        return [part for part in parts[1:] if clauses.find(part, thing.text)]

    def asked_for(self, prompt: Prompt, thing: Thing) -> bool:
        """Return whether a prompt asks for the thing."""
        asking = (concept.text for concept in prompt.concepts if concept.weight > 0)
        return any(mention.same for text in asking for mention in self.mentions(text, thing))

    def mentions(self, text: str, thing: Thing) -> list[Mention]:
        """Return the mentions of the thing's attributes in a text, in order.

        A thing of unknown meaning is found by its words.
        """
        if not thing.values:
            place = clauses.find(text, thing.text)
            if place is None:
                return []
            return [Mention(clauses.described(text, place), frozenset(), same=True)]
        found: list[Mention] = []
        for clause in clauses.clauses(text):
            for one in self._asked(text[slice(*clause)]):
                if (place := clauses.find(text, one.phrase, clause)) is None:
                    continue
                if one.attribute in COLOURS:  # "blonde" is said of "blonde hair"
                    place = clauses.over(text, place, NOUNS)
                wanted = thing.values.get(one.attribute)
                same = wanted is None or (one.wanted and bool(one.values & wanted))
                span = Mention(place, frozenset({one.attribute}), same)
                for other in [each for each in found if clauses.meet(each.place, place)]:
                    found.remove(other)  # "red" and "bob" of "a red bob"
                    span = span.with_(other)
                found.append(span)
            for noun, of in NOUNS.items():  # "beautiful hair"
                place = clauses.find(text, noun, clause) if of in thing.values else None
                if place and not any(clauses.meet(each.place, place) for each in found):
                    same = len(thing.values[of]) == len(self._phrases[of])
                    found.append(Mention(place, frozenset({of}), same))
        found = _joined(text, sorted(found, key=lambda span: span.place))
        ends = [0, *(span.place[1] for span in found)]
        return [
            replace(span, place=clauses.described(text, span.place, end, self._nouns))
            for span, end in zip(found, ends, strict=False)
            if span.attributes & thing.values.keys()
        ]

    def colour(self, text: str, attributes: frozenset[str]) -> str:
        """Return the longest phrase for a colour of these attributes in a text; perhaps empty."""
        known = {
            p for a in attributes & set(COLOURS) for said in self._phrases[a].values() for p in said
        }
        there = [phrase for phrase in known if clauses.find(text, phrase)]
        return max(there, key=lambda phrase: (len(phrase), phrase), default="")

    def _asked(self, text: str) -> list[Asked]:
        return self.asking.asked(Prompt((Concept(text),))) if clauses.bare(text) else []

    def _any(self, attributes: Iterable[str]) -> Thing | None:
        """Return all values of those attributes that have words; None without any."""
        known = sorted(self._phrases.keys() & attributes)
        return Thing("", {a: frozenset(self._phrases[a]) for a in known}) if known else None

    def _looks_without(self, attribute: str, value: str) -> frozenset[str]:
        had, never = set[str](), set[str]()
        for by, looks in self._seen.items():
            for look, seen in looks.items():
                phrases = self._phrases.get(by, {}).get(look, ())
                (had if value in seen.get(attribute, ()) else never).update(phrases)
        return frozenset(never - had)

    def _presence(self, attribute: str, absence: str) -> str:
        """Return the plainest words for an attribute that is present."""
        for value, said in self._phrases[attribute].items():
            if value != absence and said:
                return next((phrase for phrase in said if phrase.startswith("a ")), said[0])
        return ""

    def _written(self, text: str, values: Mapping[str, frozenset[str]]) -> str:
        """Return a text as the model's phrase, with its article, if it is one of them."""
        known = (p for a, vs in values.items() for v in vs for p in self._phrases[a][v])
        return next(
            (phrase for phrase in known if clauses.bare(phrase) == clauses.bare(text)), text
        )


def _joined(text: str, spans: list[Mention]) -> list[Mention]:
    """Return mentions in order, with one of a colour and one of its thing as one: "silver bob"."""
    joined: list[Mention] = []
    for span in spans:
        before = joined[-1] if joined else None
        coloured = {OF_THINGS[a] for a in span.attributes if a in OF_THINGS}
        if (
            before
            and before.attributes <= coloured
            and not text[before.place[1] : span.place[0]].strip()
        ):
            joined[-1] = before.with_(span)
        else:
            joined.append(span)
    return joined


def _pairs(thing: Thing) -> list[tuple[str, str]]:
    return [(attribute, value) for attribute, values in thing.values.items() for value in values]
