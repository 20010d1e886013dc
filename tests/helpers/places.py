"""Where things of the tests lie, for programs that tests start."""

import os
from pathlib import Path

HELPERS = Path(__file__).parent
ROOT = HELPERS.parents[1]
FIXTURES = ROOT / "tests" / "populations" / "fixtures"
FOLDERS = [ROOT, *sorted({file.parent for file in HELPERS.rglob("*.py")})]
PYTHONPATH = os.pathsep.join(map(str, FOLDERS))
"""What a started program needs to import the helpers."""
