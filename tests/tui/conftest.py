"""Makes every terminal the same, and tests of the app fast."""

import os

# Read when Textual is imported. Escape sequences are longest in true colours: what counts here.
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
os.environ["TEXTUAL_FPS"] = "250"
os.environ.pop("NO_COLOR", None)

from textual import _wait

# Textual's pilot waits for a key in naps of 20 ms, at least three, which no setting changes: most
# of the time that tests of the app take. A quarter of it does, as a quarter of the frame above.
_wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = 0.005, 0.0005
