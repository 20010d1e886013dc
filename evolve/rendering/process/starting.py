"""Starting renderers: one for each device or machine that a person names."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from evolve.models.machine.devices import named_devices
from evolve.rendering.manner import Manner
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process.pool import Pool
from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.rendering.process.worker import GENTLE, Assignment
from evolve.rendering.process.workers import Workers

DEVICE = "FANCIER_DEVICE"
"""The environment variable that names the devices to paint on, with commas between them."""

TINY_VAE = "FANCIER_TINY_VAE"
"""The environment variable that names the tiny autoencoder for previews."""

COMPILE = "FANCIER_COMPILE"
"""The environment variable that has torch compile the denoiser: anything but 0 or nothing."""


def load_renderer(
    model: str,
    *,
    device: str | None = None,
    rows: int | None = None,
    threads: int | None = None,
    divides: bool = True,
    manner: Manner | None = None,
    niceness: int = GENTLE,
    log: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    workers: Workers | None = None,
) -> OwnedRenderer:
    """Return a renderer of `model` in a process of its own; use it in a `with` statement.

    Args:
        model: Name of the model.
        device: A torch device, or several separated by commas, each of which gets a process;
            default: those of `$FANCIER_DEVICE`, else the best one.
        rows: Rows of a forward, to repeat an earlier painting; 0 paints one by one, None measures.
        threads: Threads of the CPU, likewise.
        divides: Whether texts that are longer than the model reads are encoded in pieces.
        manner: How to paint where there is a choice, to repeat an earlier painting.
        niceness: Niceness of the process, 0 to 19.
        log: File for the output of libraries.
        environ: The environment. `$FANCIER_TINY_VAE` may name a tiny autoencoder, and
            `$FANCIER_COMPILE` has the denoiser compiled.
        workers: Several renderers side by side, which paint as one would: on the named devices,
            else on the best ones here, or on all devices of a cluster, whatever is named. None for
            one renderer, or one for each named device.

    Raises:
        ModelError: A device is unknown.
        RenderError: The cluster cannot be used.
    """
    named = named_devices(device or environ.get(DEVICE) or "")
    common = Assignment(
        model=model,
        tiny_vae=environ.get(TINY_VAE) or None,
        rows=rows,
        threads=threads,
        divides=divides,
        manner=manner,
        compiles=environ.get(COMPILE, "0") not in ("", "0"),
        niceness=niceness,
        log=log,
    )
    if workers is None:
        renderers = [ProcessRenderer(replace(common, device=each)) for each in named]
        return renderers[0] if len(renderers) == 1 else Pool(renderers)
    return _side_by_side(common, named, workers)


def _side_by_side(
    common: Assignment, named: Sequence[str | None], workers: Workers
) -> OwnedRenderer:
    """Start several renderers that paint as one would.

    Raises:
        RenderError: The cluster cannot be used.
    """
    if workers.cluster is not None:
        # Imported only here: it needs an extra.
        from evolve.rendering.remote import ray_cluster

        cluster = ray_cluster.connect(*workers.cluster)
        # A named device or file is one of this machine.
        there = replace(common, log=None)
        return cluster.pool(partial(_start, there), mixed=workers.mixed)

    def start(place: int, like: Mapping[str, Any] | None) -> ProcessRenderer:
        device = named[place % len(named)]
        number = place if device is None else None
        return _start(replace(common, device=device, number=number), like)

    if workers.count == 1:
        return start(0, None)
    return Pool(
        [start(place, None) for place in range(workers.count)], replace=start, mixed=workers.mixed
    )


def _start(assignment: Assignment, like: Mapping[str, Any] | None) -> ProcessRenderer:
    """Start a renderer, with the choices of another one if its record is given."""
    if like is not None:
        rows, manner = like.get("rows") or 0, Manner.recorded(like)
        assignment = replace(assignment, rows=rows, manner=manner)
    return ProcessRenderer(assignment)
