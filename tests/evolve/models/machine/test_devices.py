"""Which devices a person may name, and what they compute in."""

import subprocess
import sys
from contextlib import nullcontext

import pytest
import torch

from evolve.errors import ModelError
from evolve.models.machine import devices
from evolve.models.machine.devices import (
    best_device,
    best_dtype,
    named_devices,
    nth_device,
    require_present,
)
from evolve.rendering.process.starting import load_renderer


@pytest.mark.parametrize("name", ["toaster", "cpu:x", "meta", "hpu", "cuda:-1", "cuda:"])
def test_what_is_not_the_name_of_a_device_is_refused_at_once(name: str) -> None:
    with pytest.raises(ModelError, match=f"unknown device '{name}': use cuda, cuda:1, mps or cpu"):
        load_renderer("portraits", environ={"FANCIER_DEVICE": f"cpu,{name}"})


def test_names_are_checked_without_torch() -> None:
    code = "import sys, evolve.models.machine.devices as d; d.named_devices('cuda:7, cpu,')"
    subprocess.run([sys.executable, "-c", f"{code}; assert 'torch' not in sys.modules"], check=True)
    assert named_devices("cuda:7, cpu,") == ["cuda:7", "cpu", None]


def test_what_is_not_here_is_refused_with_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "present", lambda: ["cuda:0", "cuda:1", "cpu"])
    with pytest.raises(ModelError, match="no device 'cuda:7' here: use cuda:0 or cuda:1 or cpu"):
        require_present("cuda:7")
    with pytest.raises(ModelError, match="no device 'mps' here"):
        require_present("mps")
    assert require_present("cpu:1") == "cpu"
    assert best_device() == "cuda"
    assert [nth_device(number) for number in range(3)] == ["cuda:0", "cuda:1", "cuda:0"]


def test_a_device_that_is_here_and_fails_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(devices, "present", lambda: ["cuda:0", "cpu"])

    def failing(*_: object, device: str) -> None:
        raise RuntimeError("CUDA error: all devices are busy\nCompile with ...")

    monkeypatch.setattr(torch, "empty", failing)
    with pytest.raises(ModelError, match=r"cannot be used \(CUDA error: all devices are busy\):"):
        require_present("cuda")


@pytest.mark.parametrize(("computes", "dtype"), [(True, torch.bfloat16), (False, torch.float16)])
def test_a_gpu_that_emulates_bfloat16_has_float16(
    monkeypatch: pytest.MonkeyPatch, computes: bool, dtype: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cuda, "device", lambda device: nullcontext())
    monkeypatch.setattr(
        torch.cuda,
        "is_bf16_supported",
        lambda including_emulation=True: including_emulation or computes,
    )
    assert best_dtype("cuda:1") == dtype
