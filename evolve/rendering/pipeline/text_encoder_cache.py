"""Text encoders that read each text once.

Most prompts of a page share their words, and nearly all share the empty negative prompt. The other
texts are encoded one by one or, where that is faster, in rows (`pacing.texts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from evolve.rendering.batching.nested import tensors_of
from evolve.rendering.pacing.texts import Texts, encoders_of
from evolve.rendering.pacing.unhurried import known, left

ROOM = 64_000_000
"""Bytes of answers that are kept: hundreds of texts of a CLIP, none of an encoder of billions of
weights."""


class EncoderAnswers:
    """Answers of text encoders; the oldest are dropped first."""

    def __init__(self, texts: Texts | None = None) -> None:
        """Have `texts` read texts, for the fibres of its hub; None for the encoders themselves."""
        self.texts = texts
        self._known: dict[str, Any] = {}
        self._bytes = 0

    def serve(self, pipeline: Any, *, key: str) -> None:
        """Let the text encoders of a pipeline, a copy of its own, remember.

        `key` is what else their answers depend on.
        """
        for name, encoder in encoders_of(pipeline).items():
            pipeline.__dict__[name] = _Recalling(encoder, name, key, self)

    def recall(self, asked: str) -> Any:
        """Return a kept answer, or None."""
        return self._known.get(asked)

    def keep(self, asked: str, answer: Any) -> None:
        """Keep an answer, unless it is larger than the room for all of them."""
        size = _size(answer)
        if size > ROOM or asked in self._known:  # several may have asked at once
            return
        self._known[asked], self._bytes = answer, self._bytes + size
        while self._bytes > ROOM:
            self._bytes -= _size(self._known.pop(next(iter(self._known))))


class _Recalling(nn.Module):
    def __init__(self, encoder: nn.Module, name: str, key: str, answers: EncoderAnswers) -> None:
        super().__init__()
        # Past `__setattr__`, which would register the encoder as a submodule.
        self.__dict__.update(encoder=encoder, name=name, key=key, answers=answers)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["encoder"], name)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Return the encoder's answer, which is shared and must not be changed."""
        answers = self.answers
        asked = f"{self.key} {self.name} {_key(args)} {_key(kwargs)}"
        answer = answers.recall(asked)
        if answer is None:
            with left():
                if answers.texts is None:
                    answer = self.encoder(*args, **kwargs)
                else:
                    answer = answers.texts.read(self.name, self.encoder, asked, args, kwargs)
            answers.keep(asked, answer)
        return answer


def _key(value: Any) -> str:
    """Return arguments as a text that differs if they differ."""
    if torch.is_tensor(value):
        here = known(value)
        return f"{value.dtype} {(value if here is None else here).tolist()}"
    if isinstance(value, Mapping):
        return str({key: _key(each) for key, each in value.items()})
    if isinstance(value, list | tuple):
        return str([_key(each) for each in value])
    return repr(value)


def _size(answer: Any) -> int:
    return sum(tensor.nbytes for tensor in tensors_of(answer))
