"""A small model, and a LoRA for it."""

from pathlib import Path
from typing import Any

import pytest
from lora_tensors import matrices, saved
from tiny import stable_diffusion


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return stable_diffusion()


@pytest.fixture
def lora_file(pipeline: Any, tmp_path: Path) -> Path:
    return saved(tmp_path, matrices(pipeline))
