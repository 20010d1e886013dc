"""What a model's reader finds in pictures, attribute by attribute, as a population remembers it.

A population that names none in its config was made before a taste distinguished what it counts, and
goes on as it began. Of a model without a reader a new one says that there are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Any, NamedTuple

from evolve.plain_numbers import is_int

KEY = "attributes"
"""What they are called in the config of a population."""
WIDEST = 4096


class Attributes(NamedTuple):
    """How what a reader finds is divided; it finds nothing in pictures of a model without one."""

    reader: str
    """What readings are called in records; empty for none."""
    names: tuple[str, ...]
    """What each attribute is called, in the order in which they are read."""
    values: tuple[int, ...]
    """How many values each has."""

    @classmethod
    def of(cls, reader: str, phrases: Mapping[str, Sized]) -> Attributes:
        """Return what a reader finds, by the phrases for every value of each attribute."""
        return cls(reader, tuple(phrases), tuple(map(len, phrases.values())))

    def are(self, part: tuple[str, int]) -> bool:
        """Return whether they are a part of what is known of a picture: who made it, its width."""
        return part == (self.reader, sum(self.values))

    def to_json(self) -> dict[str, Any]:
        """Return them as the config of a population holds them."""
        return {"reader": self.reader, "names": list(self.names), "values": list(self.values)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Attributes | None:
        """Read them; None if a population names none, or what it says makes no sense."""
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
