"""Text encoders that read the texts of many fibres at once, in forwards of so many rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from evolve.rendering.batching.fibres import Hub
from evolve.rendering.batching.station import Station

PREFIX = "text_encoder"
"""Of the names of a pipeline's text encoders."""


def encoders_of(pipeline: Any) -> Mapping[str, nn.Module]:
    """Return the text encoders of a pipeline, by name."""
    return {
        name: part
        for name, part in vars(pipeline).items()
        if name.startswith(PREFIX) and isinstance(part, nn.Module)
    }


class Texts:
    """Has texts read for fibres of a hub."""

    def __init__(
        self,
        pipeline: Any,
        rows: int | None,
        hub: Hub,
        *,
        relieve: Callable[[], None],
        tries: bool = False,
    ) -> None:
        """Read with the text encoders of `pipeline`, `rows` texts at once, padded; None one by one.

        See `Station` for the rest.
        """
        self._hub = hub
        self._stations: dict[str, Station] = {}
        self._rows = rows
        for name, encoder in encoders_of(pipeline).items() if rows else ():
            self._stations[name] = Station(
                encoder, rows, relieve=relieve, tries=tries, spare=hub.spare
            )
            hub.add(self._stations[name], first=True)

    @property
    def rows(self) -> int | None:
        """Texts that were read at once the last time: fewer, where memory was short.

        None one by one, if only by one of several encoders.
        """
        last = [station.last_rows for station in self._stations.values()]
        return None if None in last else min(filter(None, last), default=self._rows)

    def read(
        self, name: str, encoder: nn.Module, asked: str, args: tuple[Any, ...], kwargs: Any
    ) -> Any:
        """Return what an encoder answers to a call, inside a fibre.

        `asked` is all that the answer follows from: what several ask at once is read once.
        """
        station = self._stations.get(name)
        if station is None:
            return encoder(*args, **kwargs)
        return self._hub.ask(args, kwargs, at=station, key=asked).answer
