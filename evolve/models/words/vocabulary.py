"""The words that a model was trained on, for models that list them (`vocabulary.json`)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from evolve.errors import GenomeError, IncompleteModelError, ModelError
from evolve.genome import Concept, Prompt
from evolve.models.catalog import ModelCard
from evolve.models.files.allowed_files import read_json
from evolve.models.words import clauses
from evolve.models.words.asking import ARTICLES, COLOURS, NOT, NOUNS, Asking
from evolve.models.words.meanings import meanings_of
from evolve.text import listed

Topics = Mapping[str, Sequence[str]]
"""Words and phrases by topic, lower case; the plainest of each meaning first."""

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*|[\u2600-\u27bf\U0001f000-\U0001faff]")
"""A word, or an emoji."""
_NAMED = 5
"""Unknown words that one line has room for."""
_COMPARED = 20_000
"""Known words that an unknown one is compared with at most: each takes some microseconds."""
_LONGEST = 30
"""Letters of an unknown word that a line has room for."""


def vocabulary_of(card: ModelCard) -> Topics:
    """Return the words that a model lists; empty if it lists none and knows the whole language.

    Raises:
        ModelError: The file is damaged.
    """
    try:
        topics = read_json(card.folder / "vocabulary.json", card.name)
        return {str(topic): [str(word) for word in words] for topic, words in topics.items()}
    except IncompleteModelError:
        return {}
    except (ModelError, AttributeError, TypeError) as error:
        raise ModelError(f"the vocabulary of model '{card.name}' cannot be read: {error}") from None


def strangers(topics: Topics, texts: Iterable[str]) -> list[str]:
    """Return the words that are in no topic, in the order of the texts."""
    if not topics:
        return []
    known = _words(topics)
    words = dict.fromkeys(word for text in texts for word in _WORD.findall(text.lower()))
    return [word for word in words if word not in known and not word.isdigit()]


def nearest(topics: Topics, word: str) -> str | None:
    """Return the known word most like a misspelt one; None if there is none, or too many words."""
    known = _words(topics)
    if len(known) > _COMPARED:
        return None
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.8)
    return near[0] if near else None


def named(words: Sequence[str], shown: Callable[[str], str] = str) -> str:
    """Return the first words as they are shown, and the number of the others."""

    def short(word: str) -> str:
        return shown(word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…")

    return listed(words, _NAMED, short)


def strangers_remark(card: ModelCard, prompt: Prompt, lists: str = "") -> str:
    """Return a line about words in `prompt` that the model has never seen; empty if there are none.

    `lists` is what lists the known words, with its verb (`e completes`); default: the command.
    """
    topics = vocabulary_of(card)
    unknown = strangers(topics, (c.text for c in (*prompt.concepts, *prompt.negative)))
    if not unknown:
        return ""
    knows = _words(topics) - {*clauses.CONNECTING, *NOT, *ARTICLES}
    asked = {word for c in prompt.concepts for word in _WORD.findall(c.text.lower())}
    rest = "it paints the rest" if asked & knows else "nothing is left, so it paints at random"
    return (
        f"{card.name} has never seen {_suggested(topics, unknown)}: {rest}; "
        f"{lists or _command(card)} the words it knows"
    )


def require_known(card: ModelCard, text: str, lists: str = "") -> None:
    """Refuse words that name nothing a model knows, so that it cannot be painted.

    Either it knows none of them, or only attributes of an unknown thing: in "a golden crown" the
    colour. `lists` is as `strangers_remark` takes it.

    Raises:
        GenomeError: The model lists the words it knows, and the text names none of these things.
        ModelError: That list is damaged.
    """
    topics = vocabulary_of(card)
    known, phrases = _words(topics), _phrases(text)
    unknown = list(dict.fromkeys(w for words in phrases for w in words if w not in known))
    if not topics or not unknown or any(words[-1] in known for words in phrases):
        return
    meanings = meanings_of(card)
    asking = None if meanings is None else Asking(meanings.phrases)
    if not any(_names(words, known, asking) for words in phrases):
        raise GenomeError(
            f"{card.name} has never seen {_suggested(topics, unknown)}, so nothing can change: "
            f"{lists or _command(card)} the words it knows"
        )


def _phrases(text: str) -> list[list[str]]:
    """Return the words of each phrase of a text, between commas and connecting words."""
    phrases: list[list[str]] = []
    for start, end in clauses.clauses(text):
        phrases.append([])
        for word in clauses.bare(text[start:end]).split():
            if word in {*clauses.CONNECTING, *NOT}:
                phrases.append([])
            else:
                phrases[-1].append(word)
    return [words for words in phrases if words]


def _names(words: Sequence[str], known: Collection[str], asking: Asking | None) -> bool:
    """Return whether a phrase whose last word is unknown names a thing that is known."""
    if asking is None:  # nothing says what is a colour
        return any(word in known for word in words)
    asked = asking.asked(Prompt((Concept(" ".join(words)),)))
    return bool({one.attribute for one in asked} - set(COLOURS) or set(words) & NOUNS.keys())


def _command(card: ModelCard) -> str:
    return f"'fancier models {card.name}' lists"


def _suggested(topics: Topics, unknown: Sequence[str]) -> str:
    def shown(word: str) -> str:
        near = nearest(topics, word)
        return f"'{word}' (you mean '{near}'?)" if near else f"'{word}'"

    return named(unknown, shown)


def _words(topics: Topics) -> frozenset[str]:
    phrases = (phrase for phrases in topics.values() for phrase in phrases)
    return frozenset(word for phrase in phrases for word in _WORD.findall(phrase))
