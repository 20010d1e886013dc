"""What tests of the app share, and what makes them fast."""

from collections.abc import AsyncIterator

import pytest
from stage import Stage, on_stage
from textual import _wait

# Textual's pilot waits for a key in naps of 20 ms, at least three, which no setting changes: most
# of the time that tests of the app take. A quarter of it does;
# shorter than the 4 ms between two drawings they would end before anything is drawn.
_wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = 0.005, 0.0005


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """The gallery of a page of twelve painted pictures."""
    async with on_stage() as gallery:
        yield gallery
