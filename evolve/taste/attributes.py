"""The attributes that a model's reader finds in pictures, from the config of a population.

A population without them in its config is of an earlier version, whose tastes count all properties
alike, and goes on so. A new population of a model without a reader has an empty list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Any, NamedTuple

from evolve.plain_numbers import is_int

KEY = "attributes"
"""Their key in the config of a population."""
WIDEST = 4096


class Attributes(NamedTuple):
    """The attributes of a reader; none of a model without one."""

    reader: str
    """Name of the reader in records; empty for none."""
    names: tuple[str, ...]
    """Names of the attributes, in the order of a reading."""
    values: tuple[int, ...]
    """Number of values of each."""

    @classmethod
    def of(cls, reader: str, phrases: Mapping[str, Sized]) -> Attributes:
        """Return the attributes of a reader, by the phrases for every value of each."""
        return cls(reader, tuple(phrases), tuple(map(len, phrases.values())))

    def are(self, part: tuple[str, int]) -> bool:
        """Return whether a part of a picture's vector, by embedder and width, is their reading."""
        return part == (self.reader, sum(self.values))

    def to_json(self) -> dict[str, Any]:
        """Return the attributes as plain JSON values, for the config of a population."""
        return {"reader": self.reader, "names": list(self.names), "values": list(self.values)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Attributes | None:
        """Read them from the config of a population; None if they are missing or invalid."""
        data = config.get(KEY)
        if not isinstance(data, Mapping) or not isinstance(data.get("reader"), str):
            return None
        names, values = data.get("names"), data.get("values")
        if not isinstance(names, list) or not isinstance(values, list):
            return None
        is_whole = len(names) == len(values) and all(isinstance(name, str) for name in names)
        if not is_whole or not all(is_int(n, 1, WIDEST) for n in values):
            return None
        if sum(values) > WIDEST:
            return None
        return cls(data["reader"], tuple(names), tuple(values))
