"""What a model lacks on this machine, and the hub has."""

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
