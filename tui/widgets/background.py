"""Work beside the screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.css.query import NoMatches
from textual.dom import DOMNode


def in_background(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], *, group: str = "default"
) -> None:
    """Begin work that is cancelled when its screen or widget is gone.

    It is given as a function, not as a coroutine: where the screen is gone before it begins, a
    coroutine would never be awaited.
    """

    async def unless_gone() -> None:
        try:
            await work()
        except NoMatches:  # widgets go before work is cancelled, and it may go on in between
            if node.is_attached and node.app.is_running:
                raise

    begun: Any = unless_gone  # Textual's types take it for a function that returns nothing
    node.run_worker(begun, group=group)
