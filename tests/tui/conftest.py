"""Makes every terminal the same."""

import os

# Read when Textual is imported. Escape sequences are longest in true colours: what counts here.
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
os.environ.pop("NO_COLOR", None)
