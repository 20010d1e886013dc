"""How well fancier works, measured: one question per script (see README.md).

Tests and benchmarks are about the same archives, pipelines and hub: the helpers of the tests.
"""

import sys
from pathlib import Path

_HELPERS = Path(__file__).parents[1] / "tests/helpers"
_PARTS = ("evolve", "evolve/pipelines", "models", "populations", "tui")
sys.path += [str(_HELPERS / part) for part in _PARTS]
