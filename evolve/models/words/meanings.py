"""What a model's words mean, and which of them go together, for models that state it.

`meanings.json` in the folder of a model holds

- `phrases`: for every attribute (`hair`, `glasses` ...) its values, and the phrases that mean them,
- `seen`: for every value of one attribute (a style, say) the values of the others that training
  showed with it: `{"style": {"pixel-art": {"glasses": ["round", ...], ...}, ...}}`,
- `partial`: attributes, such as closed eyes, that most pictures lack without having a value for it;
  a reader still returns one of their values. Missing in models of earlier versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evolve.errors import IncompleteModelError, ModelError
from evolve.genome import Prompt
from evolve.models.catalog import ModelCard
from evolve.models.files.allowed_files import read_json
from evolve.models.words.asking import NOUNS, OF_THINGS, Asked, Asking, Lexicon, words
from evolve.models.words.clauses import bare
from evolve.text import listed, one_line

_NAMED = 3
_COLOURED = {colour: thing for thing, colour in (*NOUNS.items(), *OF_THINGS.items())}
"""What a colour is of."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """The content of `meanings.json`."""

    phrases: Lexicon
    seen: Mapping[str, Mapping[str, Mapping[str, frozenset[str]]]]
    partial: frozenset[str] = frozenset()

    @property
    def values(self) -> list[tuple[str, str]]:
        """All attributes with their values, in the order of a reader."""
        return [(attribute, value) for attribute, known in self.phrases.items() for value in known]

    def says(self, attribute: str, value: str) -> str:
        """Return the plainest words for a value."""
        return next(iter(self.phrases.get(attribute, {}).get(value, ())), value)

    def says_alone(self, attribute: str, value: str) -> str:
        """Return the plainest words for a value in which a model finds nothing else.

        Pictures in "big smile style" mostly smile; those of the same style in other words do not.
        """
        others = {
            words(phrase)
            for other, values in self.phrases.items()
            if other != attribute
            for phrases in values.values()
            for phrase in phrases
        }
        known = self.phrases.get(attribute, {}).get(value, ())
        alone = (phrase for phrase in known if not others & _parts(words(phrase)))
        return next(alone, self.says(attribute, value))

    def names(self, attribute: str, value: str) -> str:
        """Return words for a value that include the thing: `red hair`."""
        said = self.says(attribute, value)
        thing = _COLOURED.get(attribute, "")
        return said if said.endswith(thing) else f"{said} {thing}"


def _parts(said: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {said[i:j] for i in range(len(said)) for j in range(i + 1, len(said) + 1)}


def meanings_of(card: ModelCard) -> Meanings | None:
    """Return what the words of a model mean; None if it does not state it.

    Raises:
        ModelError: The file is damaged.
    """
    try:
        data = read_json(card.folder / "meanings.json", card.name)
        phrases = {
            str(attribute): {
                str(v): list(filter(bare, map(str, said))) for v, said in values.items()
            }
            for attribute, values in data["phrases"].items()
        }
        seen = {
            str(by): {
                str(one): {str(a): frozenset(map(str, values)) for a, values in others.items()}
                for one, others in ones.items()
            }
            for by, ones in data.get("seen", {}).items()
        }
        partial = frozenset(map(str, data.get("partial", ())))
    except IncompleteModelError:
        return None
    except (ModelError, AttributeError, KeyError, TypeError) as error:
        raise ModelError(f"the meanings of model '{card.name}' cannot be read: {error}") from None
    return Meanings(phrases, seen, partial)


def apart_remark(card: ModelCard, prompt: Prompt) -> str:
    """Return a line about what a prompt combines and training never showed together."""
    meanings = meanings_of(card)
    if meanings is None:
        return ""
    asked = [one for one in Asking(meanings.phrases).asked(prompt) if one.wanted]
    for by, ones in meanings.seen.items():
        chosen = {v for one in asked if one.attribute == by for v in one.values} & ones.keys()
        never = _never(asked, by, [ones[value] for value in chosen])
        if chosen and never:
            unseen = list(dict.fromkeys(_where_seen(meanings, by, one) for one in never))
            typed = [one.phrase for one in asked if one.attribute == by and one.values & chosen]
            names = " or ".join(f"'{phrase}'" for phrase in dict.fromkeys(typed))
            return one_line(
                f"{card.name} has never seen {listed(unseen, _NAMED)} in {names}: "
                "it leaves out one or the other"
            )
    return ""


def _never(
    asked: Iterable[Asked], by: str, seen: Sequence[Mapping[str, frozenset[str]]]
) -> list[Asked]:
    """Return what is asked for, besides a value of `by`, that none of these looks showed."""
    others = (one for one in asked if one.attribute != by)
    return [one for one in others if not any(_shows(look, one) for look in seen)]


def _shows(seen: Mapping[str, frozenset[str]], one: Asked) -> bool:
    """Return whether training showed what is asked for beside something else.

    A thing that has a colour there and no kinds matches any kind: "a red shirt" in a style whose
    clothes are just red.
    """
    shown = seen.get(one.attribute) or frozenset()
    if not shown:
        return bool(seen.get(OF_THINGS.get(one.attribute, "")))
    return bool(one.values & shown)


def alien_remark(card: ModelCard, before: Prompt, after: Prompt, shown: Mapping[str, str]) -> str:
    """Return a line about what is new in a prompt and was never in pictures like this one.

    The picture has the prompt `before`, and shows these values by attribute, also without words.
    """
    meanings = meanings_of(card)
    if meanings is None:
        return ""
    asking = Asking(meanings.phrases)
    old = {(one.attribute, one.values) for one in asking.asked(before)}
    asked = [one for one in asking.asked(after) if one.wanted]
    new = [one for one in asked if (one.attribute, one.values) not in old]
    for by, ones in meanings.seen.items():
        looks = shown.get(by, "")
        if looks not in ones or any(one.attribute == by for one in asked):
            continue  # `apart_remark` is about what is in the words
        if never := _never(new, by, [ones[looks]]):
            where = _where_seen(meanings, by, never[0])
            return one_line(
                f"the picture looks like {meanings.says(by, looks)}, in which {card.name} has "
                f"never seen {where}: it can hardly paint that here"
            )
    return ""


def _where_seen(meanings: Meanings, by: str, asked: Asked) -> str:
    """Return the words that ask for something, with where training showed it."""
    where = [
        meanings.says(by, one)
        for one, others in meanings.seen[by].items()
        if asked.values & others.get(asked.attribute, frozenset())
    ]
    there = f" (known from {listed(where, _NAMED)})" if where else ""
    return f"'{asked.phrase}'{there}"
