"""Decoding latents for many fibres: in rows, in half precision or in tiles, as a `Manner` says."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from evolve.rendering.batching.fibres import Hub
from evolve.rendering.batching.replaying import Replays
from evolve.rendering.batching.station import Station
from evolve.rendering.manner import Manner


class Decoder:
    """Decodes for fibres of a hub what their pipelines hand to the VAE.

    Where memory or precision do not suffice for a picture, it is decoded otherwise, and its record
    says how; those after it are decoded as before.
    """

    def __init__(
        self,
        vae: Any,
        manner: Manner,
        hub: Hub,
        *,
        relieve: Callable[[], None],
        tries: bool = False,
    ) -> None:
        """Decode with `vae`.

        Args:
            vae: That of the pipeline.
            manner: How.
            hub: Whose fibres call.
            relieve: Called when memory was short.
            tries: Whether latents of new sizes are tried before they are merged (see `Station`).
        """
        self._vae, self._hub = vae, hub
        exact = replace(manner, decode_in=None)
        manners = {each.decode_in: each for each in (exact, manner)}  # one where they are the same
        self._places = {
            decode_in: _Place(vae, each, hub, relieve=relieve, tries=tries)
            for decode_in, each in manners.items()
        }
        self._usual = manner
        self._done: dict[int, Manner] = {}
        self._beyond_half: set[int] = set()

    @property
    def computing(self) -> nn.Module:
        """What is called for a forward, as usual."""
        return self._places[self._usual.decode_in].station.computing

    def decode(self, job: int, z: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        """As the VAE's `decode`, inside the fibre of a job."""
        bound = inspect.signature(self._vae.decode).bind(z, *args, **kwargs).arguments
        named = {"return_dict": True, **dict(list(bound.items())[1:])}
        place = self._places[None if job in self._beyond_half else self._usual.decode_in]
        alone = place.station.rows is None and place.usual.decode_in is None
        # Nothing but latents is merged: a generator is of no use to what keeps to its row.
        call = self._hub.ask((z,), named if alone else {}, at=place.station)
        self._done[job] = call.state
        if alone:
            return call.answer
        sample = call.answer
        if not named["return_dict"]:
            return (sample,)
        from diffusers.models.autoencoders.vae import DecoderOutput

        return DecoderOutput(sample=sample)

    def done(self, job: int) -> Manner:
        """Return how a job was decoded that has ended."""
        self._beyond_half.discard(job)
        return self._done.pop(job, self._usual)

    def may_gain(self, job: int, manner: Manner) -> bool:
        """Return whether a picture of NaNs may come out in full precision, and use that next time.

        Args:
            job: Of the picture.
            manner: How it was decoded.
        """
        if manner.decode_in is not None:
            self._beyond_half.add(job)
        return manner.decode_in is not None


class _Place:
    """Where latents are decoded in one manner."""

    def __init__(
        self, vae: Any, manner: Manner, hub: Hub, *, relieve: Callable[[], None], tries: bool
    ) -> None:
        self.usual = manner
        self._vae, self._relieve = vae, relieve
        self._module = Decode(vae, manner, hub.replays)
        self.station = Station(
            self._module,
            manner.decode_rows,
            relieve=relieve,
            rescue=self._tile,
            state=self._done,
            tries=tries,
            of=vae,
            manner=manner,
            spare=hub.spare,
        )
        hub.add(self.station)

    def _tile(self) -> bool:
        """Decode in tiles what comes next: a single picture that does not fit into memory."""
        if self._module.manner.tiled:
            self._module.set(self.usual)
            return False
        if not hasattr(self._vae, "use_tiling"):
            return False
        self._module.set(replace(self.usual, tiled=True))
        self._relieve()
        return True

    def _done(self) -> Manner:
        """Return how it was decoded just now; what comes next is decoded as usual."""
        done = replace(self._module.manner, decode_rows=self.station.last_rows)
        self._module.set(self.usual)
        return done


class Decode(nn.Module):
    """A VAE's `decode` as a module."""

    vae: Any
    manner: Manner
    halves: dict[str, Any]
    """Copies of the VAE, by their precision."""
    replays: Replays | None
    samples: dict[nn.Module, nn.Module]
    """What makes pictures of latents alone, by the VAE or the copy of it that does."""

    def __init__(self, vae: nn.Module, manner: Manner, replays: Replays | None = None) -> None:
        super().__init__()
        # Past its registers.
        self.__dict__.update(vae=vae, manner=manner, replays=replays, halves={}, samples={})

    def set(self, manner: Manner) -> None:
        """Decode in another manner from now on."""
        self.__dict__["manner"] = manner

    def forward(self, z: torch.Tensor, **kwargs: Any) -> Any:
        """Decode latents, one a row: to a tensor if nothing else is given, else as the VAE does."""
        vae, half = self.vae, self.manner.decode_in
        if half is not None:
            vae = self.halves.get(half)
            if vae is None:
                vae = copy.deepcopy(self.vae).to(getattr(torch, half))
                if vae.device.type == "cpu" and is_flat(vae):  # faster by a third there
                    vae.to(memory_format=torch.channels_last)
                self.halves[half] = vae
        tiled = getattr(vae, "use_tiling", False)
        if self.manner.tiled:
            vae.use_tiling = True
        try:
            if kwargs:
                return vae.decode(z, **kwargs)
            if self.manner.tiled:  # for want of the memory that a recording holds
                return _Sample(vae, half is not None)(z=z)
            if vae not in self.samples:
                sample = _Sample(vae, half is not None)
                self.samples[vae] = sample if self.replays is None else self.replays.of(sample)
            return self.samples[vae](z=z)
        finally:
            if self.manner.tiled:
                vae.use_tiling = tiled


class _Sample(nn.Module):
    """What a VAE makes of latents, as one tensor that keeps nothing of how it came to be."""

    def __init__(self, vae: Any, is_half: bool) -> None:
        super().__init__()
        self.vae, self._is_half = vae, is_half

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        vae = self.vae
        sample: torch.Tensor = vae.decode(z.to(vae.dtype) if self._is_half else z)[0]
        return sample.float() if self._is_half else sample


def is_flat(module: nn.Module) -> bool:
    """Return whether a module can have its channels last: no weight of it has more dimensions."""
    return all(parameter.ndim < 5 for parameter in module.parameters())
