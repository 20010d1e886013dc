"""What the app needs from the engine: a population being bred, in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from evolve.archive import Archive, Judgement
from evolve.events import Event

DEFAULT_PAGE = 12
"""Pictures bred at once where the session does not say."""


class Breeder(Protocol):
    """What `evolve.session.Session` is for the app. Nothing here waits for the machine.

    A breeder that has an integer attribute `page` says with it how many pictures to breed at once.
    """

    @property
    def archive(self) -> Archive:
        """The population; reading is allowed from any thread."""

    def start(self, listener: Callable[[Event], None]) -> None:
        """Begin in a thread of its own, on which `listener` is told what happens."""

    def judge(self, *judgements: Judgement) -> None:
        """Save what a person said; the event `Judged` says that it is durable."""

    def breed(
        self, count: int, *, parents: Sequence[int] = (), strength: float | None = None
    ) -> None:
        """Make children of `parents`, or of the best if there are none, and paint them."""

    def paint(self, ids: Sequence[int]) -> None:
        """Paint these, again if need be."""

    def cancel(self) -> None:
        """Stop painting; what is not finished stays saved, unpainted."""

    def close(self, timeout: float = 2.0) -> None:
        """Stop within `timeout` seconds with everything saved. Calling it again does nothing."""


def page_size(breeder: Breeder) -> int:
    """Return how many pictures make one page of this population."""
    page = getattr(breeder, "page", DEFAULT_PAGE)
    return page if isinstance(page, int) and page > 0 else DEFAULT_PAGE
