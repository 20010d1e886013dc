"""What was found out about a model when it was first loaded on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evolve.models.catalog import ModelCard
from evolve.models.files.fingerprint import fingerprint
from evolve.models.machine import trials


def trials_of(card: ModelCard, of: str = "rows") -> list[Mapping[str, Any]]:
    """Return what trials of a model came to, the newest last; its name may have changed since.

    What was tried is `rows`, `seconds` or `variety`.
    """
    return trials.of_model(card.pipeline, lambda: fingerprint(card.files), of=of)
