"""Text encoders that read each text once.

A pipeline encodes a prompt together with its negative one, with and without guidance; most of a
crowd's prompts share their words, and nearly all the empty negative one. Those that are left are
encoded one by one, or where it pays in rows (`pacing.texts`).
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
"""Bytes of answers that are kept: hundreds of texts of a CLIP, none of an encoder of billions."""


class EncoderAnswers:
    """What text encoders returned, the oldest forgotten first."""

    def __init__(self, texts: Texts | None = None) -> None:
        """Have texts read by `texts`, for fibres of its hub; else by the encoders themselves."""
        self.texts = texts
        self._known: dict[str, Any] = {}
        self._bytes = 0

    def serve(self, pipeline: Any, *, key: str) -> None:
        """Let the text encoders of a pipeline, a copy of its own, remember.

        Args:
            pipeline: Whose `text_encoder`s are replaced.
            key: What else their answers depend on.
        """
        for name, encoder in encoders_of(pipeline).items():
            pipeline.__dict__[name] = _Recalling(encoder, name, key, self)

    def recall(self, asked: str) -> Any:
        """Return what is known, or None."""
        return self._known.get(asked)

    def keep(self, asked: str, answer: Any) -> None:
        """Remember, as long as there is room."""
        size = _size(answer)
        if size > ROOM:
            return
        if asked in self._known:
            return  # read for several at once
        self._known[asked], self._bytes = answer, self._bytes + size
        while self._bytes > ROOM:
            self._bytes -= _size(self._known.pop(next(iter(self._known))))


class _Recalling(nn.Module):
    def __init__(self, encoder: nn.Module, name: str, key: str, answers: EncoderAnswers) -> None:
        super().__init__()
        # Past its registers.
        self.__dict__.update(encoder=encoder, name=name, key=key, answers=answers)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["encoder"], name)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """As the encoder; what it answers is shared and not to be changed."""
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
    """Return arguments as a text that differs where they do."""
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
