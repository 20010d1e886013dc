"""Prompts as a stranger may write them: typed, pasted, or in the syntax of other programs."""

import random
from pathlib import Path

from evolve.genome import Prompt
from evolve.genome.prompt import MIXED
from evolve.models.catalog import describe
from evolve.models.words.remarks import remarks
from populations.exchange.foreign import prompts
from populations.exchange.foreign.foreign_recipe import concepts_of

_PIECES = (
    *("a woman", "red hair", "hat", "猫", "café", "supercalifragilistic", "4:3", "10:30"),
    *("|", " | ", "\\", "\\|", "\\:", ":", " :", " :1.4", ":1,4", "::2", " :0", " :1e9", " :nan"),
    *("(", ")", "((", "))", "[", "]", "{", "}", "++", "--", "<lora:x:1>", "AND", "BREAK", ","),
    *("\n", "\t", "\0", "\x1b]0;x\x07", "\u202e", "\u2028", " ", "   ", "１．５", "٣", "_", "1_0"),
)


class Target:
    """Texts put together of words and of all that has a meaning somewhere."""

    def __init__(self, sandbox: Path) -> None:
        self._card = describe("portraits")
        self._text = ""

    def vary(self, random: random.Random) -> str:
        """Make another text."""
        count = random.choice((1, 3, 8, 30, 300))
        pieces = [random.choice(_PIECES) for _ in range(count)]
        self._text = random.choice(("", " ", ", ")).join(pieces)
        if random.random() < 0.05:
            self._text = random.choice(_PIECES) * 60_000
        return repr(self._text[:150])

    def use(self) -> None:
        """Read it as other programs do, and as it is typed; show it, and read it again."""
        for read in (prompts.web_ui, prompts.plain_text, prompts.novelai):
            plain = read(self._text)
            if concepts := concepts_of(plain.texts):
                self._shown(Prompt(concepts))
        typed = Prompt.parse if len(self._text) % 2 else Prompt.typed
        self._shown(typed(self._text))

    def _shown(self, prompt: Prompt) -> None:
        read = Prompt.parse if prompt.rule == MIXED else Prompt.typed
        again = read(str(prompt))
        cleaned = read(str(again))
        assert again == cleaned
        assert all("\n" not in line or "\n" in self._text for line in remarks(self._card, prompt))
