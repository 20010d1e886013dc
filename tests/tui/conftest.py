"""Makes every terminal the same."""

import os

# Read when Textual is imported. Escape sequences are longest in true colours: what counts here.
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
os.environ.pop("NO_COLOR", None)

from textual import _wait, screen

# Textual's pilot waits for a key in naps of 20 ms, at least three, and screens draw every 17 ms:
# most of the time that tests of the app take. All of it four times as fast.
_wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = 0.005, 0.0005
screen.UPDATE_PERIOD = 0.004  # type: ignore[misc]
