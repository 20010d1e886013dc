"""Text encoders that read each text once, and those of many fibres in forwards of so many rows.

Most prompts of a page share their words, and nearly all share the empty negative prompt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import nn

from evolve.recent import Recent
from evolve.rendering.batching.fibres import Hub
from evolve.rendering.batching.nested import tensors_of
from evolve.rendering.batching.station import Station
from evolve.rendering.pacing.unhurried import known, left

PREFIX = "text_encoder"
"""Of the names of a pipeline's text encoders."""

ROOM = 64_000_000
"""Bytes of answers that are kept: hundreds of texts of a CLIP, a dozen of an encoder of billions of
weights."""

RowsRead = set[int | None]
"""In how many rows the texts of one call were read."""


def encoders_of(pipeline: Any) -> Mapping[str, nn.Module]:
    """Return the text encoders of a pipeline, by name."""
    return {
        name: part
        for name, part in vars(pipeline).items()
        if name.startswith(PREFIX) and isinstance(part, nn.Module)
    }


class Texts:
    """Reads texts for copies of one pipeline; the oldest answers are dropped first."""

    def __init__(
        self,
        pipeline: Any = None,
        rows: int | None = None,
        hub: Hub | None = None,
    ) -> None:
        """Read `rows` texts at once, padded, for fibres of `hub`; None one by one."""
        self._hub = hub
        self._stations: dict[str, Station] = {}
        self._rows = rows
        self._known = Recent[str, _Read](ROOM, _Read.size)
        if rows and hub is not None:
            for name, encoder in encoders_of(pipeline).items():
                self._stations[name] = hub.add(encoder, rows, first=True)

    def serve(self, pipeline: Any, *, key: str) -> RowsRead:
        """Have the text encoders of a copy of the pipeline read here; return the rows they read in.

        `key` is what else their answers depend on.
        """
        rows: RowsRead = set()
        for name, encoder in encoders_of(pipeline).items():
            pipeline.__dict__[name] = _Recalling(encoder, f"{key} {name}", name, self, rows)
        return rows

    def recorded(self, rows: RowsRead) -> int | None:
        """Return the texts that were read at once: fewer, where memory was short.

        None one by one, if only by one of several encoders.
        """
        return None if None in rows else min(filter(None, rows), default=self._rows)

    def forget(self) -> None:
        """Keep none of the answers."""
        self._known.clear()

    def read(
        self, name: str, encoder: nn.Module, asked: str, args: tuple[Any, ...], kwargs: Any
    ) -> tuple[Any, int | None]:
        """Return what an encoder answers to a call, and in how many rows that was computed.

        `asked` is all that the answer follows from.
        """
        if (read := self._known.get(asked)) is not None:
            return read
        with left():
            if (station := self._stations.get(name)) is None:
                read = _Read(encoder(*args, **kwargs), None)
            else:
                assert self._hub is not None
                call = self._hub.ask(args, kwargs, at=station, key=asked)
                read = _Read(call.answer, call.state)
        if read.size() <= ROOM:
            self._known[asked] = read
        return read


class _Read(NamedTuple):
    answer: Any
    rows: int | None

    def size(self) -> int:
        """Return the bytes of the answer."""
        return sum(tensor.nbytes for tensor in tensors_of(self.answer))


class _Recalling(nn.Module):
    def __init__(
        self, encoder: nn.Module, key: str, name: str, texts: Texts, rows: RowsRead
    ) -> None:
        super().__init__()
        # Past `__setattr__`, which would register the encoder as a submodule.
        self.__dict__.update(encoder=encoder, key=key, name=name, texts=texts, rows=rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["encoder"], name)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Return the encoder's answer, which is shared and must not be changed."""
        asked = f"{self.key} {_key(args)} {_key(kwargs)}"
        answer, rows = self.texts.read(self.name, self.encoder, asked, args, kwargs)
        self.rows.add(rows)
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
