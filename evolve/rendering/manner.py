"""How pictures are computed where there is a choice: part of their record.

Each choice changes the last bits of a picture, as do the rows of its forwards. So it is recorded,
and a replay takes it from the record. A record without it is from before there was a choice, or of
a device on which there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from evolve.plain_numbers import is_int

KEY = "manner"
"""In the record of a picture."""

HALVES = ("float16", "bfloat16")
"""Precisions in which a picture may be decoded instead of the VAE's, the most exact first."""

MOST_ROWS = 64
"""Upper bound of the rows that are encoded or decoded at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """The choices; the defaults are those of records without any."""

    encode_rows: int | None = None
    """Texts that are encoded at once, padded; None one by one."""
    decode_rows: int | None = None
    """Latents that are decoded at once, padded; None one by one."""
    decode_in: str | None = None
    """Precision of the decoder, one of `HALVES`; None for that in which the model was loaded. On a
    CPU a decoder in half precision keeps the channels of a pixel together."""
    tiled: bool = False
    """Whether large pictures are decoded in tiles, to save memory."""
    channels_last: bool = False
    """Whether the denoiser and the VAE keep the channels of a pixel together in memory."""
    compiled: bool = False
    """Whether torch compiles the denoiser."""
    streams: bool = False
    """Whether OpenVINO divides the rows of the denoiser among streams of one thread each."""

    def to_json(self) -> dict[str, Any]:
        """Return what differs from the default."""
        return {
            name: value
            for name in self.__slots__
            if (value := getattr(self, name)) not in (None, False)
        }

    def noted_in(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the record of a picture with these choices in place of others."""
        others = {key: value for key, value in record.items() if key != KEY}
        chosen = self.to_json()
        return {**others, KEY: chosen} if chosen else others

    def on(self, device: str, precision: str = "float32") -> Self:
        """Return the choices that a torch device supports whose denoisers have this precision.

        A CPU decodes in no other half precision.
        """
        if device.startswith("cuda"):
            return self
        half = self.decode_in if device == "cpu" and self.decode_in == precision else None
        return replace(self, decode_in=half, channels_last=False)

    @classmethod
    def recorded(cls, record: Mapping[str, Any]) -> Self:
        """Read the choices from the record of a picture; invalid ones count as the default."""
        found = record.get(KEY)
        if not isinstance(found, Mapping):
            return cls()
        half = found.get("decode_in")
        return cls(
            encode_rows=_rows(found.get("encode_rows")),
            decode_rows=_rows(found.get("decode_rows")),
            decode_in=half if half in HALVES else None,
            tiled=found.get("tiled") is True,
            channels_last=found.get("channels_last") is True,
            compiled=found.get("compiled") is True,
            streams=found.get("streams") is True,
        )


def _rows(value: Any) -> int | None:
    return value if is_int(value, 1, MOST_ROWS) else None


USUAL = Manner()
"""The defaults."""

BY_OPENVINO = Manner(streams=True)
"""What suits a model that OpenVINO computes."""
