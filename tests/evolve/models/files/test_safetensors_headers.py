"""Headers of safetensors files are believed as far as the file bears them out."""

import json
import struct
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from evolve.errors import ModelError
from evolve.models.files.safetensors_headers import tensors_of


def header(tensors: object, length: int, *, claimed: int | None = None) -> bytes:
    told = json.dumps(tensors).encode() if not isinstance(tensors, bytes) else tensors
    return struct.pack("<Q", len(told) if claimed is None else claimed) + told + bytes(length)


def f32(shape: list[object], begin: object, end: object) -> dict[str, object]:
    return {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}


@pytest.mark.parametrize(
    "content",
    [
        header({"a": f32([2], 0, 8)}, 7),
        header({"a": f32([2], 0, 8)}, 9),
        header({"a": f32([2**40, 2**40], 0, 8)}, 8),
        header({"a": f32([3], 0, 8)}, 8),
        header({"a": f32([-2], 0, 8)}, 8),
        header({"a": f32([True, 2], 0, 8)}, 8),
        header({"a": f32([2], 8, 16)}, 16),
        header({"a": f32([2], 0, 8), "b": f32([2], 4, 12)}, 12),
        header({"a": f32([2], 0, 8), "b": f32([2], 0, 8)}, 8),
        header({"a": f32([2.0], 0, 8)}, 8),
        header({"a": {**f32([2**70], 0, 8), "dtype": "NEW"}}, 8),
        header(b'{"a":%b,"a":%b}' % ((json.dumps(f32([2], 0, 8)).encode(),) * 2), 8),
        header({"a": f32([2], 0, 8)}, 8, claimed=2**63),
        header({"a": f32([2], 0, 8)}, 8, claimed=2**20),
        header(b"[" * 100_000, 0),
        header([], 0),
        header({"a": []}, 0),
        b"",
    ],
)
def test_a_header_that_lies_is_no_safetensors_file(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.safetensors"
    file.write_bytes(content)
    with pytest.raises(ModelError, match="is not a complete safetensors file"):
        tensors_of(file)


def test_true_headers_are_read(tmp_path: Path) -> None:
    tensors = {
        "a": torch.zeros(2, 3, dtype=torch.bfloat16),
        "b": torch.zeros(0),
        "c": torch.ones(()),
    }
    save_file(tensors, tmp_path / "x.safetensors")
    header = tensors_of(tmp_path / "x.safetensors")
    assert {name: tensor.shape for name, tensor in header.items()} == {
        "a": (2, 3),
        "b": (0,),
        "c": (),
    }
