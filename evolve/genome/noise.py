"""Algebra of standard-normal latents.

A diffusion model expects its initial latent to be white standard-normal noise; anything else paints
washed-out or burnt pictures. Every function here maps standard normal arrays to a standard normal
array, exactly, also when its inputs are kin (correlated through common ancestors). So there is no
addition of noise and no plain average anywhere.

Arrays have shape (channels, height, width). Results are float64; `stored` rounds once to float16.

Notation: z, a, b latents; eps fresh noise; theta an angle in radians; rho the correlation of two
latents, <a, b> / (|a| |b|); K the matrix of correlations of several.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Noise = NDArray[np.float16]
"""Initial latent, (channels, height, width), standard normal."""

TRIES = "tries"
"""Purpose of the noise from which tries of an edit are painted."""

Latent = NDArray[np.float64]
Mask = NDArray[np.float64]


def stream(seed: int, individual: int, purpose: str) -> np.random.Generator:
    """Return the random stream that belongs to (population seed, individual, purpose).

    Philox is counter-based and keyed by a hash of the three, so there is no generator state to
    save: a resumed search draws what an uninterrupted one would have drawn.
    """
    key = hashlib.blake2b(f"{seed}/{individual}/{purpose}".encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))


def draw(rng: np.random.Generator, shape: tuple[int, int, int]) -> Latent:
    """Return fresh noise of `shape`."""
    return rng.standard_normal(shape)


def stored(z: ArrayLike) -> Noise:
    """Round a latent to the float16 that a genome keeps."""
    return np.asarray(z).astype(np.float16)


def numbered(k: int, shape: tuple[int, int, int], purpose: str) -> Noise:
    """Return the `k`-th noise for a purpose, from 0, of `shape`: the same for every picture."""
    return stored(draw(stream(0, k, purpose), shape))


def correlation(a: ArrayLike, b: ArrayLike) -> float:
    """Return rho of two latents, -1 to 1; 0 if one of them is all zeros."""
    x, y = _wide(a).ravel(), _wide(b).ravel()
    lengths = np.linalg.norm(x) * np.linalg.norm(y)
    return float(x @ y / lengths) if lengths else 0.0


def angle(a: ArrayLike, b: ArrayLike) -> float:
    """Return the angle between two latents in radians, 0 to pi."""
    return math.acos(min(1.0, max(-1.0, correlation(a, b))))


def rotate(z: ArrayLike, eps: ArrayLike, theta: float) -> Latent:
    """Turn `z` by `theta` radians towards the independent noise `eps`.

    The preconditioned Crank-Nicolson step, z' = cos(theta) z + sin(theta) eps (Cotter et al. 2013,
    eq. 4.8): it leaves N(0, I) invariant for every theta; 0 is a copy, pi / 2 unrelated noise.
    """
    return math.cos(theta) * _wide(z) + math.sin(theta) * _wide(eps)


def tangents(
    rng: np.random.Generator, z: ArrayLike, count: int, *, along: Sequence[ArrayLike] = ()
) -> list[Latent]:
    """Return `count` directions at `z`, at right angles to it and to each other.

    The first ones lead `along` given arrays, as far as possible; the others are random. Each has
    the length of `z`, so that turning `z` towards it walks a great circle, of constant length.
    All are of the shape of `z`, which has more numbers than `count`; at most `count` may be given,
    none a multiple of `z`.
    """
    x = _wide(z)
    given = [_wide(each).ravel() for each in along]
    random = [rng.standard_normal(x.size) for _ in range(count - len(given))]
    columns = np.column_stack([x.ravel(), *given, *random])
    frame = np.linalg.qr(columns)[0][:, 1:]
    for k, each in enumerate(given):  # the factorisation may reverse them
        frame[:, k] *= np.sign(frame[:, k] @ each) or 1.0
    return [np.linalg.norm(x) * direction.reshape(x.shape) for direction in frame.T]


def heading(z: ArrayLike, start: ArrayLike, end: ArrayLike) -> Latent:
    """Return the direction from `start` to `end` as a direction at `z`, of the length of `z`.

    It is the part of `end` at right angles to `start`, and of that the part at right angles to `z`.
    At every point of the great circle from `start` to `end` it leads along the circle. All are of
    one shape.

    Raises:
        ValueError: There is no such direction: `start` and `end` are the same, or it leads along
            `z`.
    """
    x, a, b = (_wide(each).ravel() for each in (z, start, end))
    along = b - (b @ a) / (a @ a or 1.0) * a
    across = along - (along @ x) / (x @ x or 1.0) * x
    length = np.linalg.norm(across)
    if length <= 1e-3 * np.linalg.norm(b):
        raise ValueError("these two do not differ in a direction that could be followed from here")
    return (np.linalg.norm(x) / length * across).reshape(np.shape(z))


def slerp(a: ArrayLike, b: ArrayLike, t: float) -> Latent:
    """Walk the share `t` (0 to 1) of the great circle from `a` to `b` (Shoemake 1985).

    z = (sin((1 - t) omega) a + sin(t omega) b) / sin(omega); all three are of one shape.
    The angle is that of the two arrays themselves, so kin parents keep their norm as strangers do.
    """
    x, y = _wide(a), _wide(b)
    omega = angle(x, y)
    if omega < 1e-6 or math.pi - omega < 1e-6:  # the same point, or no unique great circle
        return (x if t < 0.5 else y).copy()
    return (math.sin((1 - t) * omega) * x + math.sin(t * omega) * y) / math.sin(omega)


def halfway_round(rng: np.random.Generator, a: ArrayLike, b: ArrayLike, t: float) -> Latent:
    """Walk as `slerp` does; between opposite latents on a random great circle.

    Founders come in opposite pairs, so parents are often opposite. The same `rng` gives the same
    circle for any `t`, 0 to 1. All are of one shape.
    """
    if math.pi - angle(a, b) > 1e-3:
        return slerp(a, b, t)
    (direction,) = tangents(rng, a, 1)
    return rotate(a, direction, t * math.pi)


def blend(latents: Sequence[ArrayLike], weights: Sequence[float]) -> Latent:
    """Combine any number of latents: z' = sum_i w_i z_i / sqrt(w' K w).

    The normalisation by sqrt(sum w^2) of Bodin et al. (2025, LOL) holds for independent latents
    only; twins would come out 1.41 times too large. With the Gram matrix K it holds for kin too.
    Weights may be negative: the child then moves away from that parent. Where latents cancel out,
    as opposite ones of the same weight do, the result is the first of them.
    """
    if len(latents) != len(weights) or not latents:
        raise ValueError(f"expected one weight per latent, got {len(weights)} for {len(latents)}")
    stack = np.stack([_wide(z) for z in latents])
    flat = stack.reshape(len(stack), -1)
    w = np.asarray(weights, dtype=np.float64)
    norms = np.linalg.norm(flat, axis=1)
    norms = np.where(norms > 0, norms, 1.0)
    gram = flat @ flat.T / np.outer(norms, norms)
    variance = float(w @ gram @ w)
    if variance < 1e-12:
        return _wide(latents[0]).copy()
    return np.tensordot(w, stack, axes=1) / math.sqrt(variance)


def masked(a: ArrayLike, b: ArrayLike, mask: ArrayLike) -> Latent:
    """Take `a` where `mask` is 1 and `b` where it is 0.

    A soft mask m mixes m a + (1 - m) b and is divided, cell by cell, by
    sqrt(m^2 + (1 - m)^2 + 2 m (1 - m) rho), without which the seam has half the variance. It is
    (height, width) or of the shape of the latents, 0 to 1, drawn independently of both.
    """
    x, y = _wide(a), _wide(b)
    m = np.broadcast_to(_wide(mask), x.shape)
    rho = correlation(x, y)
    variance = m**2 + (1 - m) ** 2 + 2 * m * (1 - m) * rho
    return (m * x + (1 - m) * y) / np.sqrt(variance)


def banded(a: ArrayLike, b: ArrayLike, cutoff: float) -> Latent:
    """Take the frequencies below `cutoff` from `a` and the others from `b`.

    Low frequencies hold composition and colour, high ones detail. The filter is binary and even
    in frequency, so white inputs give a white output. The cutoff is a radius in cycles per latent
    pixel, 0 (all from `b`) to 0.71 (all from `a`).
    """
    x, y = _wide(a), _wide(b)
    height, width = x.shape[-2:]
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    low = radius < cutoff
    spectrum = np.where(low, np.fft.rfft2(x), np.fft.rfft2(y))
    return _wide(np.fft.irfft2(spectrum, s=(height, width)))


def voronoi(rng: np.random.Generator, shape: tuple[int, int], cells: int, share: float) -> Mask:
    """Return a binary mask of `shape` (height, width): a share of random Voronoi cells are 1.

    There are `cells` of them, 2 or more; at least one is 1 and one is 0.
    """
    ones = min(cells - 1, max(1, round(share * cells)))
    mask: Mask = (voronoi_cells(rng, shape, cells) < ones).astype(np.float64)
    return mask


def voronoi_cells(
    rng: np.random.Generator, shape: tuple[int, int], cells: int
) -> NDArray[np.int64]:
    """Return the number of the random Voronoi cell of each place of `shape`, 0 to `cells` - 1."""
    height, width = shape
    centres = rng.uniform(size=(cells, 2)) * [height, width]
    y, x = np.mgrid[0:height, 0:width] + 0.5
    distance = (y[..., None] - centres[:, 0]) ** 2 + (x[..., None] - centres[:, 1]) ** 2
    nearest: NDArray[np.int64] = distance.argmin(-1)
    return nearest


def _wide(z: ArrayLike) -> Latent:
    return np.asarray(z, dtype=np.float64)
