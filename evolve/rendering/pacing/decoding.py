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
from evolve.rendering.batching.station import Station
from evolve.rendering.manner import Manner


class Decoder:
    """Decodes for fibres of a hub what their pipelines hand to the VAE."""

    def __init__(self, vae: Any, manner: Manner, hub: Hub, *, relieve: Callable[[], None]) -> None:
        """Decode with `vae`.

        Args:
            vae: That of the pipeline.
            manner: How; changes where memory or precision do not suffice.
            hub: Whose fibres call.
            relieve: Called when memory was short.
        """
        self.manner = manner
        """How the next picture is decoded."""
        self._vae, self._hub, self._relieve = vae, hub, relieve
        self._module = Decode(vae, manner)
        self._station = Station(
            self._module,
            manner.decode_rows,
            relieve=relieve,
            rescue=self._tile,
            state=lambda: replace(self.manner, decode_rows=self._station.rows),
        )
        hub.add(self._station)

    def decode(
        self, note: Callable[[Manner], None], z: torch.Tensor, *args: Any, **kwargs: Any
    ) -> Any:
        """As the VAE's `decode`, inside a fibre; `note` is given how it was done."""
        bound = inspect.signature(self._vae.decode).bind(z, *args, **kwargs).arguments
        named = {"return_dict": True, **dict(list(bound.items())[1:])}
        alone = self._station.rows is None and self.manner.decode_in is None
        # Nothing but latents is merged: a generator is of no use to what keeps to its row.
        call = self._hub.ask((z,), named if alone else {}, at=self._station)
        note(call.state)
        if alone:
            return call.answer
        sample = call.answer
        if not named["return_dict"]:
            return (sample,)
        from diffusers.models.autoencoders.vae import DecoderOutput

        return DecoderOutput(sample=sample)

    def widen(self) -> bool:
        """Decode in the model's own precision from now on; whether that is another one."""
        if self.manner.decode_in is None:
            return False
        self._set(replace(self.manner, decode_in=None))
        return True

    def _tile(self) -> bool:
        """Decode in tiles from now on, where a single picture does not fit into memory."""
        if self.manner.tiled or not hasattr(self._vae, "use_tiling"):
            return False
        self._set(replace(self.manner, tiled=True))
        self._relieve()
        return True

    def _set(self, manner: Manner) -> None:
        self.manner = manner
        self._module.__dict__["manner"] = manner


class Decode(nn.Module):
    """A VAE's `decode` as a module."""

    vae: Any
    manner: Manner
    halves: dict[str, Any]
    """Copies of the VAE, by their precision."""

    def __init__(self, vae: nn.Module, manner: Manner) -> None:
        super().__init__()
        self.__dict__.update(vae=vae, manner=manner, halves={})  # past its registers

    def forward(self, z: torch.Tensor, **kwargs: Any) -> Any:
        """Decode latents, one a row: to a tensor if nothing else is given, else as the VAE does."""
        vae, half = self.vae, self.manner.decode_in
        if half is not None:
            vae = self.halves.get(half)
            if vae is None:
                vae = copy.deepcopy(self.vae).to(getattr(torch, half))
                self.halves[half] = vae
        tiled = getattr(vae, "use_tiling", False)
        if self.manner.tiled:
            vae.use_tiling = True
        try:
            if kwargs:
                return vae.decode(z, **kwargs)
            sample: torch.Tensor = vae.decode(z if half is None else z.to(vae.dtype))[0]
            return sample.float() if half else sample
        finally:
            if self.manner.tiled:
                vae.use_tiling = tiled
