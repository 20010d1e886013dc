"""Headers of safetensors files are read once, as long as a file stays what it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from evolve.models.files import file_states, safetensors_headers
from evolve.models.files.safetensors_headers import tensors_of


def written(file: Path, width: int, *, age_s: int) -> Path:
    save_file({"a": torch.zeros(2, width, dtype=torch.float16)}, file)
    os.utime(file, ns=(0, os.stat(file).st_mtime_ns - age_s * 10**9))
    return file


def test_a_header_is_read_once_and_again_when_the_file_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    read = safetensors_headers._read
    monkeypatch.setattr(file_states, "TICK_NS", -(10**12))
    monkeypatch.setattr(
        safetensors_headers,
        "_read",
        lambda stream, size: (reads.append(size), read(stream, size))[1],
    )
    file = written(tmp_path / "a.safetensors", 3, age_s=60)
    assert [tensors_of(file)["a"] for _ in range(3)] == [((2, 3), "F16")] * 3
    assert len(reads) == 1
    written(file, 4, age_s=30)
    assert tensors_of(file)["a"].shape == (2, 4)


def test_a_file_that_was_just_written_is_read_each_time(tmp_path: Path) -> None:
    file = written(tmp_path / "a.safetensors", 3, age_s=0)
    before = dict(safetensors_headers._known)
    assert tensors_of(file)["a"].shape == (2, 3)
    assert safetensors_headers._known == before
