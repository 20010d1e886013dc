"""Models by name."""

import os

# Read when diffusers is imported: no code that comes with a model is ever downloaded or run.
os.environ["DIFFUSERS_DISABLE_REMOTE_CODE"] = "1"
