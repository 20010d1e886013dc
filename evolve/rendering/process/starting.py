"""Starting renderers: one for each device that a person names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process.pool import Pool
from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.rendering.process.worker import GENTLE, Assignment

DEVICE = "FANCIER_DEVICE"
"""The environment variable that names the devices to paint on, with commas between them."""

TINY_VAE = "FANCIER_TINY_VAE"
"""The environment variable that names the tiny autoencoder for previews."""


def load_renderer(
    model: str,
    *,
    device: str | None = None,
    rows: int | None = None,
    niceness: int = GENTLE,
    log: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> OwnedRenderer:
    """Return a renderer of `model` in a process of its own; use it in a `with` statement.

    Args:
        model: Name of the model.
        device: A torch device, or several with commas between them, each of which gets a process;
            else those of `$FANCIER_DEVICE`, else the best one.
        rows: Rows of a forward, to paint as was painted before; 0 paints one by one.
        niceness: How far it lets other programs go first: 0 to 19.
        log: File for what libraries print.
        environ: The environment, which may also name a tiny autoencoder, as `$FANCIER_TINY_VAE`.
    """
    named = (device or environ.get(DEVICE) or "").split(",")
    assignments = [
        Assignment(
            model=model,
            device=each.strip() or None,
            tiny_vae=environ.get(TINY_VAE) or None,
            rows=rows,
            niceness=niceness,
            log=log,
        )
        for each in named
    ]
    renderers = [ProcessRenderer(assignment) for assignment in assignments]
    return renderers[0] if len(renderers) == 1 else Pool(renderers)
