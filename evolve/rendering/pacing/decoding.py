"""Decoding latents for many fibres: in rows, in half precision or in tiles, as a `Manner` says."""

from __future__ import annotations

import copy
import inspect
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from evolve.rendering.batching.fibres import Hub
from evolve.rendering.batching.replaying import Replays
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
        replays: Replays | None = None,
    ) -> None:
        """Decode with the VAE of a pipeline for fibres of `hub`; see `Station` for the rest."""
        self._module = Decode(vae, replays, tiled=manner.tiled)
        self.station = hub.add(
            self._module, manner.decode_rows, rescue=self._tile, state=self._noted
        )
        self._hub, self._usual = hub, manner
        self._done: dict[int, Manner] = {}
        self._beyond_half: set[int] = set()

    def decode(
        self, job: int, z: torch.Tensor, *_: Any, return_dict: bool = True, **__: Any
    ) -> Any:
        """As the VAE's `decode`, inside the fibre of a job.

        Nothing but latents is merged: a generator is of no use to what keeps to its row.
        """
        half = None if job in self._beyond_half else self._usual.decode_in
        call = self._hub.ask((z, half), {}, at=self.station)
        self._done[job] = replace(call.state, decode_in=half)
        if not return_dict:
            return (call.answer,)
        from diffusers.models.autoencoders.vae import DecoderOutput

        return DecoderOutput(sample=call.answer)

    def done(self, job: int) -> Manner:
        """Return how a job was decoded that has ended."""
        self._beyond_half.discard(job)
        return self._done.pop(job, self._usual)

    def may_gain(self, job: int, manner: Manner) -> bool:
        """Return whether a picture of NaNs may come out in full precision, and use that next time.

        `manner` is how the picture of the job was decoded.
        """
        if manner.decode_in is not None:
            self._beyond_half.add(job)
        return manner.decode_in is not None

    def _tile(self) -> bool:
        """Decode in tiles what comes next: a single picture that does not fit into memory."""
        if self._module.tiled or not hasattr(self._module.vae, "use_tiling"):
            self._module.tiled = self._usual.tiled
            return False
        self._module.tiled = True
        self._hub.relieve()
        return True

    def _noted(self) -> Manner:
        """Return how it was decoded just now; what comes next is decoded as usual."""
        tiled, self._module.tiled = self._module.tiled, self._usual.tiled
        return replace(self._usual, tiled=tiled, decode_rows=self.station.last_rows)


class Decode(nn.Module):
    """A VAE's `decode` as a module, by the VAE or by copies of it in half precision."""

    def __init__(
        self, vae: nn.Module, replays: Replays | None = None, *, tiled: bool = False
    ) -> None:
        """Decode with `vae`; in tiles without `replays`, for want of the memory that they hold."""
        super().__init__()
        self.vae: Any = vae
        self.tiled = tiled
        self._replays = replays
        self.samples: dict[str | None, tuple[_Sample, nn.Module]] = {}
        """What makes pictures of latents by precision, and the same as it is replayed."""

    def forward(self, z: torch.Tensor, half: str | None = None) -> torch.Tensor:
        """Decode latents, one a row, in a half precision (see `Manner`) or in the VAE's own."""
        if half not in self.samples:
            plain = _Sample(self.vae, half)
            self.samples[half] = plain, self._replays.of(plain) if self._replays else plain
        plain, replayed = self.samples[half]
        before = getattr(plain.vae, "use_tiling", False)
        if self.tiled:
            plain.vae.use_tiling = True
        try:
            sample: torch.Tensor = (plain if self.tiled else replayed)(z=z)
            return sample
        finally:
            if self.tiled:
                plain.vae.use_tiling = before


class _Sample(nn.Module):
    """What a VAE makes of latents, as one tensor that keeps nothing of how it came to be."""

    def __init__(self, vae: Any, half: str | None) -> None:
        super().__init__()
        if half is not None:
            vae = copy.deepcopy(vae).to(getattr(torch, half))
            if vae.device.type == "cpu" and is_flat(vae):  # faster by a third there
                vae.to(memory_format=torch.channels_last)
        self.vae, self._half = vae, half
        self._draws = "generator" in inspect.signature(vae.decode).parameters

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        # The few that draw noise draw the same for all, as samplers do (`pipeline.call`).
        drawn = {"generator": torch.Generator().manual_seed(0)} if self._draws else {}
        z = z if self._half is None else z.to(self.vae.dtype)
        sample: torch.Tensor = self.vae.decode(z, **drawn)[0]
        return sample if self._half is None else sample.float()


def is_flat(module: nn.Module) -> bool:
    """Return whether a module can have its channels last: no weight of it has more dimensions."""
    return all(parameter.ndim < 5 for parameter in module.parameters())
