"""Edits: pictures that start from another picture, everywhere or in a region only.

An edit belongs to the genome and carries its base, so that a genome still determines its picture
alone. With noise `n`, base latent `x` and the noise level `s` of a step, the trajectory of
the base is `a(s) x + b(s) n` (for rectified flow `(1 - s) x + s n`): painting follows it down to
`depth` and is free from there on; outside the mask it follows it to the end (RePaint, Lugmayr et
al. 2022, eq. 8, with the base's latent in the place of an encoded picture).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.errors import GenomeError


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """The finished picture that an edit starts from, as latent, and as pixels where known."""

    latent: NDArray[np.float16] = field(repr=False)
    """Clean latent as the denoiser knows it (scaled), (channels, height, width), read-only."""
    picture: NDArray[np.uint8] | None = field(default=None, repr=False)
    """(height, width, 3) RGB, read-only: outside the mask of an edit these bytes stay."""
    _digest: str = field(default="", init=False, repr=False)
    """Kept once computed: all children of an edited picture have the same base."""

    def __post_init__(self) -> None:
        latent, picture = self.latent, self.picture
        if latent.dtype != np.float16 or latent.ndim != 3 or not np.isfinite(latent).all():
            raise GenomeError(
                "the latent of a base must be finite float16 of shape (channels, height, width), "
                f"but is {latent.dtype} of shape {latent.shape}"
            )
        if picture is not None and (
            picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3
        ):
            raise GenomeError(
                "the picture of a base must be uint8 of shape (height, width, 3), "
                f"but is {picture.dtype} of shape {picture.shape}"
            )
        object.__setattr__(self, "latent", frozen(latent))
        if picture is not None:
            object.__setattr__(self, "picture", frozen(picture))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Base) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def digest(self) -> str:
        """SHA-256 of latent and picture, as 64 hexadecimal digits."""
        if not self._digest:
            little_endian = np.ascontiguousarray(self.latent, dtype="<f2").tobytes()
            content = hashlib.sha256(repr(self.latent.shape).encode() + little_endian)
            if self.picture is not None:
                content.update(repr(self.picture.shape).encode() + self.picture.tobytes())
            object.__setattr__(self, "_digest", content.hexdigest())
        return self._digest


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """How a picture depends on a base."""

    base: Base
    depth: float = 1.0
    """Share of the way from the base back to pure noise where painting begins, above 0 up to 1
    (diffusers' `strength`); at 1 nothing of the base remains inside the mask."""
    mask: NDArray[np.bool_] | None = field(default=None, repr=False)
    """(height, width) of the latent: True where it is repainted; None for everywhere."""

    def __post_init__(self) -> None:
        if not 0 < self.depth <= 1:
            raise GenomeError(f"depth {self.depth:g} must be above 0 and at most 1")
        mask = self.mask
        if mask is None:
            return
        if mask.dtype != np.bool_ or mask.shape != self.base.latent.shape[1:]:
            raise GenomeError(
                f"the mask must be bool of shape {self.base.latent.shape[1:]}, "
                f"but is {mask.dtype} of shape {mask.shape}"
            )
        object.__setattr__(self, "mask", frozen(mask))

    def to_json(self) -> dict[str, Any]:
        """Return the edit as plain JSON values, with the digest of its base."""
        packed = None
        if self.mask is not None:
            packed = base64.b64encode(np.packbits(self.mask).tobytes()).decode("ascii")
        return {"base": self.base.digest, "depth": self.depth, "mask": packed}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], base: Base) -> Edit:
        """Read what `to_json` wrote, with the base beside it."""
        if data["base"] != base.digest:
            raise GenomeError("the edit belongs to another base")
        mask = None
        if data["mask"] is not None:
            shape = base.latent.shape[1:]
            bits = np.frombuffer(base64.b64decode(data["mask"], validate=True), np.uint8)
            mask = np.unpackbits(bits, count=shape[0] * shape[1]).astype(bool).reshape(shape)
        return cls(base=base, depth=float(data["depth"]), mask=mask)


def painting_steps(steps: int, depth: float) -> int:
    """Return how many steps of a picture paint at a depth: the last ones, at least one."""
    return min(steps, max(1, round(depth * steps)))


def merged(one: Base, other: Base, mask: NDArray[np.bool_], *, soft: bool = True) -> Base:
    """Return a base that is `other` inside `mask` and `one` outside of it, byte for byte.

    The mask is (height, width) of the latent. A `soft` picture of `other` fades in over half a
    cell, inside the mask.

    Raises:
        GenomeError: The two are not of one size.
    """
    if one.latent.shape != other.latent.shape:
        raise GenomeError("a part can be taken from a picture of the same size only")
    latent = np.where(mask, other.latent, one.latent)
    if one.picture is None or other.picture is None:
        return Base(latent)
    return Base(latent, pasted(other.picture, one.picture, mask, soft=soft))


def pasted(
    picture: NDArray[np.uint8],
    onto: NDArray[np.uint8],
    mask: NDArray[np.bool_],
    *,
    soft: bool = True,
) -> NDArray[np.uint8]:
    """Return `picture` inside a mask of cells, and the bytes of `onto` outside of it.

    The pictures are (height, width, 3), whole multiples of the mask's, which is (height, width) of
    the latent. A `soft` edge is half a cell wide, inside the mask.
    """
    if picture.shape != onto.shape:
        raise GenomeError("a part can be taken from a picture of the same size only")
    cell = picture.shape[0] // mask.shape[0]
    width = cell // 2 if soft else 0
    share = _feathered(mask.repeat(cell, 0).repeat(cell, 1), width)[..., None]
    mixed = (share * picture + (1 - share) * onto).round().astype(np.uint8)
    return np.where(share > 0, mixed, onto)


def _feathered(mask: NDArray[np.bool_], width: int) -> NDArray[np.float32]:
    """Return 0 outside `mask` and, inside, a share that rises to 1 over `width` pixels."""
    share = mask.astype(np.float32)
    inner = mask
    for _ in range(width):
        padded = np.pad(inner, 1, constant_values=True)  # the picture's border is no edge
        across = padded[:, :-2] & padded[:, 1:-1] & padded[:, 2:]
        inner = across[:-2] & across[1:-1] & across[2:]
        share += inner
    return share / np.float32(width + 1)


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only array: a copy if `array` is writeable."""
    if array.flags.writeable:
        array = array.copy()
        array.setflags(write=False)
    return array
