"""Makes the fakes beside the tests importable, and every terminal the same."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
# Read when Textual is imported. Escape sequences are longest in true colours: what counts here.
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
os.environ.pop("NO_COLOR", None)
