"""A work folder of the recipe."""

from pathlib import Path

import pytest
from composed_faces import compose_faces


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work folder with some composed faces, and their latents."""
    return compose_faces(tmp_path)
