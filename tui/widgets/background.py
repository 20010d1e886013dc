"""Work beside the screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual.dom import DOMNode


def in_background(
    node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], *, group: str = "default"
) -> None:
    """Begin work that is cancelled when its screen or widget is gone.

    It is given as a function, not as a coroutine: where the screen is gone before it begins, a
    coroutine would never be awaited.
    """
    begun: Any = work  # Textual's types take it for a function that returns nothing
    node.run_worker(begun, group=group)
