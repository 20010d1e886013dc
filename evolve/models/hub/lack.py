"""What of a model is on the hub, and not or not wholly on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from evolve.errors import IncompleteModelError
from evolve.models.model_names import HubName


@dataclass(frozen=True, slots=True)
class Lack:
    """What must be fetched before a model can be described."""

    repo: HubName
    weights: bool = True
    """False if its configuration is enough."""


class NotHereError(IncompleteModelError):
    """A part of a model must be fetched."""

    def __init__(self, lack: Lack, text: str) -> None:
        super().__init__(text)
        self.lack = lack
