"""In which manner a model is computed with here: on a GPU found by trying each, and remembered.

A manner is taken only if it is faster and rows keep to themselves in it, to the bit: a picture must
not follow from its neighbours. Half precision must come to the same picture but for what cannot be
seen. What is timed runs as it will in painting: of forwards that wait for Python, times say nothing
of those that are replayed. On a CPU nothing is tried: rows gain nothing there, and a trial takes
minutes with large models. Of the embedded one it is known that OpenVINO computes it faster in
streams, and that it may be decoded in bfloat16 by torch, where the CPU computes in it: pictures
differ by 0.2 of 255 on the mean and by 5 at most.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from unittest import mock

import torch
from greenlet import greenlet
from torch import nn

from evolve.models.catalog import EMBEDDED
from evolve.models.loading import LoadedModel
from evolve.models.machine import openvino, trials
from evolve.rendering.batching.nested import tensors_of
from evolve.rendering.batching.out_of_memory import is_memory_short, relieve
from evolve.rendering.batching.replaying import CHECKED, SEEN, Replays
from evolve.rendering.batching.station import Station
from evolve.rendering.manner import BY_OPENVINO, HALVES, USUAL, Manner
from evolve.rendering.manner import KEY as MANNER
from evolve.rendering.pacing.decoding import Decode, is_flat
from evolve.rendering.pacing.texts import encoders_of
from evolve.rendering.pipeline.ready_model import replays_of
from evolve.rendering.tuning.independence import Asked, dependence
from evolve.rendering.tuning.measuring import Trial, now
from evolve.rendering.tuning.pages import decoded_at_once
from evolve.rendering.tuning.self_test import latents_of, noting, trial_genomes

VERSION = 5
"""Of the trial: what another one found is found again."""

ROWS = (2, 4, 8)
"""Latents decoded at once that are tried."""

DENOISED = (8, 16)
"""Rows of a forward of the denoiser, between which most of those are that suit a GPU."""

PAYS = 0.95
"""Share of the time, below which another manner is worth it."""

TEXTS = 4
"""Texts encoded at once that are tried."""

UNSEEN = 0.5
"""Mean difference of a picture in half precision, of 255."""

MARGIN = 1.5
"""Times a latent of the trial, that half precision has to hold as well."""

FORWARDS = SEEN + CHECKED + 3
"""Of which the time is taken, so many that the last three can be replayed; the least counts."""

CONVOLUTIONS = 8
"""Of a denoiser, from which on it may gain by another order in memory."""


def suited(model: LoadedModel, begin: Callable[[], None] = lambda: None) -> LoadedModel:
    """Return a model, as it was loaded, in the manner that suits it here.

    `begin` is called before manners are tried.
    """
    if model.device == "cpu" and model.info.name in EMBEDDED:
        if openvino.has_compiled(model.denoiser):
            return model.in_manner(BY_OPENVINO)
        if model.precision in HALVES:
            return model.in_manner(Manner(decode_in=model.precision))
    if not model.device.startswith("cuda"):
        return model
    conditions = {
        **model.info.record,
        "trial": "manner",
        "version": VERSION,
        "latent": list(model.info.latent),
    }

    def found() -> dict[str, Any]:
        begin()
        return {MANNER: tried(model).to_json()}

    try:
        return model.in_manner(Manner.recorded(trials.once(conditions, found)))
    except Exception:  # of whatever part that cannot do what is tried: it paints as always
        relieve(model.device)
        # Not remembered: there may be more memory another time.
        return model.in_manner(Manner(channels_last=True)).in_manner(USUAL)


@torch.no_grad()
def tried(model: LoadedModel) -> Manner:
    """Try each manner with a model, whatever its device, and return the best."""
    manner = USUAL
    if _may_gain(model.denoiser):
        before = Trial(model, DENOISED).run()
        other = model.in_manner(Manner(channels_last=True))
        if _pays(before, Trial(other, DENOISED).run()):
            manner, model = other.manner, other
        else:
            other.in_manner(USUAL)
    latents, asked = asked_of_parts(model)
    manner = _in_reading(model, manner, asked)
    if len(latents) < 2:
        return manner
    replays = replays_of(model)
    try:
        manner = _in_half(model, manner, latents, replays)
        return _in_rows(model, manner, latents, replays)
    finally:
        if replays is not None:
            replays.stop()


def _pays(before: Mapping[int, float], after: Mapping[int, float]) -> bool:
    """Return whether forwards take less time, of all rows together for which there was memory."""
    both = before.keys() & after.keys()
    return sum(after[rows] for rows in both) < PAYS * sum(before[rows] for rows in both)


def _in_half(
    model: LoadedModel, manner: Manner, latents: Sequence[torch.Tensor], replays: Replays | None
) -> Manner:
    """Return the manner in the most exact half precision that is exact enough, if it pays."""
    vae = model.pipeline.vae
    if vae.dtype != torch.float32:
        return manner
    decode = Decode(vae, replays)
    whole = [decode(z) for z in latents]
    needed = _seconds(model, functools.partial(decode, latents[0]))
    for half in HALVES:
        found = [decode(z, half) for z in latents]
        holds = all(bool(torch.isfinite(decode(MARGIN * z, half)).all()) for z in latents)
        far = max(float((a - b).abs().mean()) for a, b in zip(whole, found, strict=True)) * 127.5
        if holds and far <= UNSEEN:
            taken = _seconds(model, functools.partial(decode, latents[0], half))
            return replace(manner, decode_in=half) if taken < PAYS * needed else manner
    return manner


def _in_rows(
    model: LoadedModel, manner: Manner, latents: Sequence[torch.Tensor], replays: Replays | None
) -> Manner:
    """Return the manner with the rows with which pages are decoded fastest, if they pay."""
    decode, half = Decode(model.pipeline.vae, replays), manner.decode_in
    asked: Asked = [((z, half), {}) for z in latents]
    seconds = {1: _seconds(model, functools.partial(decode, latents[0], half))}
    for rows in ROWS:
        try:
            if dependence(Station(decode, rows), asked):
                continue
            batch = torch.cat([*latents[:2]] * (rows // 2))
            seconds[rows] = _seconds(model, functools.partial(decode, batch, half))
        except (RuntimeError, MemoryError) as error:
            if not is_memory_short(error):
                raise
            relieve(model.device)
            break
    rows = decoded_at_once(seconds, DENOISED, pays=PAYS)
    return manner if rows == 1 else replace(manner, decode_rows=rows)


def _in_reading(model: LoadedModel, manner: Manner, asked: Mapping[str, Asked]) -> Manner:
    """Return the manner with texts in rows, if that pays for every text encoder."""
    encoders, gains = encoders_of(model.pipeline), list[float]()
    if model.loras or not encoders:
        return manner
    for name, encoder in encoders.items():
        calls = asked.get(name, [])
        alike = [call for call in calls if _shapes(call) == _shapes(calls[0])]
        if len(alike) < 2:
            return manner

        station = Station(encoder, TEXTS)
        if dependence(station, alike):
            return manner

        def read(station: Station = station, alike: Asked = alike) -> None:
            for k in range(TEXTS):
                station.park(greenlet(), *alike[k % 2])
            station.answer()

        args, kwargs = alike[0]
        single = _seconds(model, functools.partial(encoder, *args, **kwargs))
        gains.append(_seconds(model, read) / (TEXTS * single))
    return manner if max(gains) >= PAYS else replace(manner, encode_rows=TEXTS)


def _shapes(call: tuple[tuple[Any, ...], dict[str, Any]]) -> list[torch.Size]:
    return [tensor.shape for tensor in tensors_of([*call[0], call[1]])]


def _may_gain(denoiser: nn.Module) -> bool:
    """Return whether a module consists of two-dimensional convolutions, more or less."""
    found = [module for module in denoiser.modules() if isinstance(module, nn.Conv2d)]
    return len(found) >= CONVOLUTIONS and is_flat(denoiser)


def asked_of_parts(model: LoadedModel) -> tuple[list[torch.Tensor], Mapping[str, Asked]]:
    """Return what VAE and text encoders are asked for two pictures of a few steps."""
    vae, found = model.pipeline.vae, list[torch.Tensor]()
    decode, encoders = vae.decode, encoders_of(model.pipeline)

    @functools.wraps(decode)  # its signature is read
    def seen(z: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        found.append(z)
        return decode(z, *args, **kwargs)

    settings = replace(model.info.settings, steps=4, guidance_scale=1.0)
    genomes = [replace(genome, settings=settings) for genome in trial_genomes(model)]
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(vae, "decode", seen))
        asked = {name: stack.enter_context(noting(part)) for name, part in encoders.items()}
        latents_of(replace(model, manner=USUAL), genomes)
    return found, asked


def _seconds(model: LoadedModel, compute: Callable[[], object]) -> float:
    """Return the least seconds of `FORWARDS`, the first not counted."""
    taken = []
    for _ in range(FORWARDS):
        began = now(model.device)
        compute()
        taken.append(now(model.device) - began)
    return min(taken[1:])
