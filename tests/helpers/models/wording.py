"""Changes of prompts, in the words of the embedded model and in those of none."""

from evolve.genome import Prompt
from evolve.models.catalog import describe
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings

KNOWN = meanings_of(describe("portraits"))


def said(prompt: str, add: str = "", remove: str = "", *, negative: str = "") -> Phrasings:
    return phrasings(Prompt.parse(prompt, negative), WordChange(add, remove), KNOWN)


def plainly(prompt: str, add: str = "", remove: str = "", *, negative: str = "") -> Phrasings:
    """In the words of a model that does not say what they mean."""
    return phrasings(Prompt.parse(prompt, negative), WordChange(add, remove))
