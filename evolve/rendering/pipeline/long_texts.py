"""Texts that are longer than CLIP reads, in pieces that it reads.

CLIP reads 77 tokens, of which two mark begin and end. As in other programs for Stable Diffusion, a
longer text is encoded in pieces of up to 75 tokens, and the encodings are concatenated: a UNet
takes any number of tokens. The other texts, the negative prompt and shorter concepts, are padded
with encodings of an empty text to the same length. The pooled encoding of SDXL is that of the first
piece.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any, Self

import torch

from evolve.models.words.reach import CLIP_READS
from evolve.recent import Recent
from evolve.rendering.batching.nested import combined, leaves, mapped

REMEMBERED = 1000
"""Divided texts that are kept; dividing one takes a millisecond or two."""
_BACK = 20
"""A piece ends at a comma if there is one among this many tokens at its end."""


class Pieces(str):
    """A text, and the pieces that it is encoded in."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, pieces: Sequence[str], count: int) -> Self:
        """Return a text as `count` pieces, the last ones empty."""
        text = cls("".join(pieces))
        text.pieces = (*pieces, *[""] * (count - len(pieces)))
        return text

    def __repr__(self) -> str:
        return f"Pieces{self.pieces!r}"


class LongTexts:
    """Divides texts for the text encoders of a pipeline."""

    def __init__(self, tokenizers: Sequence[Any]) -> None:
        """Count tokens with these tokenizers, of which the longest result counts."""
        self._tokenizers = tokenizers
        self._known = Recent[str, tuple[str, ...]](REMEMBERED)

    @classmethod
    def of(cls, pipeline: Any) -> Self | None:
        """Return what divides the texts of a pipeline; None if its denoiser takes no more tokens.

        UNets take more, if all text encoders are CLIPs with 77 tokens.
        """
        parts = pipeline.components
        # Compared with None, because some samplers have a __len__ that fails.
        there = {name: part for name, part in parts.items() if part is not None}
        encoders = [p for name, p in there.items() if name.startswith("text_encoder")]
        tokenizers = [p for name, p in there.items() if name.startswith("tokenizer")]
        if "unet" not in there or not encoders or len(tokenizers) != len(encoders):
            return None
        clips = all(type(encoder).__name__.startswith("CLIPText") for encoder in encoders)
        reads = {getattr(tokenizer, "model_max_length", 0) for tokenizer in tokenizers}
        return cls(tokenizers) if clips and reads == {CLIP_READS} else None

    def pieces(self, text: str) -> tuple[str, ...]:
        """Return a text in pieces that are read whole; joined, they are the text."""
        if text not in self._known:
            self._known[text] = tuple(self._divided(str(text))) or ("",)
        return self._known[text]

    def count(self, texts: Sequence[str]) -> int:
        """Return the number of pieces of the longest text, at least 1."""
        return max((len(self.pieces(text)) for text in texts), default=1)

    def _divided(self, text: str) -> Iterator[str]:
        room = CLIP_READS - 2
        words = (self._short(word, room) for word in re.findall(r"\s*\S+\s*", text))
        piece: list[tuple[str, int]] = []
        for word in chain.from_iterable(words):
            tokens = self._tokens(word)
            while piece and sum(n for _, n in piece) + tokens > room:
                end = _end(piece)
                yield "".join(each for each, _ in piece[:end])
                piece = piece[end:]
            piece.append((word, tokens))
        if piece:
            yield "".join(each for each, _ in piece)

    def _tokens(self, word: str) -> int:
        return max(len(t(word, add_special_tokens=False)["input_ids"]) for t in self._tokenizers)

    def _short(self, word: str, room: int) -> Iterator[str]:
        """Yield a word, halved until each part is short enough."""
        if len(word) < 2 or self._tokens(word) <= room:
            yield word
            return
        half = len(word) // 2
        yield from self._short(word[:half], room)
        yield from self._short(word[half:], room)


def _end(piece: Sequence[tuple[str, int]]) -> int:
    """Return how many words of a full piece stay: up to the last comma if it is near."""
    back = 0
    for count in range(len(piece), 0, -1):
        word, tokens = piece[count - 1]
        if word.rstrip().endswith(","):
            return count
        back += tokens
        if back > _BACK:
            break
    return len(piece)


def encode_whole(encode: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """Encode prompts, some in pieces; all of these have the same number of pieces."""
    texts = (value for value in leaves((args, kwargs)) if isinstance(value, Pieces))
    count = max((len(text.pieces) for text in texts), default=1)
    if count == 1:
        return encode(*args, **kwargs)
    answers = []
    for k in range(count):
        given = mapped((args, kwargs), partial(_piece, k=k))
        answers.append(encode(*given[0], **given[1]))
    return combined(answers, _joined)


def _joined(answers: Sequence[Any]) -> Any:
    """Return what the pieces came to as one: of words one after the other, else of the first."""
    first = answers[0]
    is_of_words = torch.is_tensor(first) and first.ndim == 3
    return torch.cat(list(answers), dim=1) if is_of_words else first


def _piece(value: Any, k: int) -> Any:
    return value.pieces[k] if isinstance(value, Pieces) else value
