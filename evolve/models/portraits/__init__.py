"""The embedded model: weights in diffusers form beside the recipe that made them."""

from __future__ import annotations

from pathlib import Path

NAME = "portraits"
"""What a person types."""
WEIGHTS = Path(__file__).parent / "weights"
"""A `StableDiffusionPipeline` folder, with a matching `CLIPModel` in `clip/`."""
