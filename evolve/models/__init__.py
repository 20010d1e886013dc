"""Models by name."""

import os

# Read when diffusers and transformers are imported: no code that comes with a model, and no kernel
# that a configuration names on the hub, is ever downloaded or run.
os.environ["DIFFUSERS_DISABLE_REMOTE_CODE"] = "1"
os.environ["DIFFUSERS_TRUST_REMOTE_KERNELS"] = "0"
os.environ["USE_HUB_KERNELS"] = "0"
