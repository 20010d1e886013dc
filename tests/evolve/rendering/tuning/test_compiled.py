"""A denoiser is compiled where a person asks for it, if that changes no more than last bits.

The compiler takes half a minute even for a small model: here stands for it what changes the output
as much as a compiler may, or more. `python -m benchmarks.gpu --small` runs the real one.
"""

import functools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from crowds import paint, population
from families import model_of

from evolve.errors import ModelError
from evolve.models.loading import LoadedModel
from evolve.models.loras.attaching import Loras
from evolve.models.machine import openvino
from evolve.rendering.manner import USUAL, Manner
from evolve.rendering.protocol import Finished
from evolve.rendering.tuning.compiled import compiled

Compiler = Callable[[Any], Any]


@pytest.fixture(scope="module")
def loaded() -> LoadedModel:
    return model_of("Stable Diffusion")


@pytest.fixture
def model(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[LoadedModel]:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    yield loaded
    assert "forward" not in vars(loaded.denoiser)


def compiler(change: Compiler) -> Callable[..., Any]:
    """Return what stands for `torch.compile`; the output of what it makes is changed."""

    def compile_as(forward: Any, **options: Any) -> Any:
        assert options == {"dynamic": False, "options": {"deterministic": True}}

        @functools.wraps(forward)  # as the real one
        def made(*args: Any, **kwargs: Any) -> Any:
            made.calls += 1  # type: ignore[attr-defined]
            output = forward(*args, **kwargs)
            return tuple(change(part) for part in output)

        made.calls = 0  # type: ignore[attr-defined]
        return made

    return compile_as


def test_what_is_compiled_paints_and_is_recorded(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch, "compile", compiler(lambda output: output * (1 + 1e-5)))
    begun: list[int] = []
    other = compiled(model, begin=lambda: begun.append(1))
    calls = other.denoiser.forward.calls  # type: ignore[attr-defined, union-attr]
    assert begun == [1]
    assert calls > 0
    records = [e.record for e in paint(other, population(model)[:2]) if isinstance(e, Finished)]
    assert [record["manner"] for record in records] == [{"compiled": True}] * 2
    assert other.denoiser.forward.calls > calls  # type: ignore[attr-defined, union-attr]
    assert Manner.recorded(records[0]) == Manner(compiled=True) == other.manner.on("cpu")
    assert other.in_manner(USUAL).manner == USUAL


def failing(output: Any) -> Any:
    raise RuntimeError("g++ said no\nand more")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda output: output * 1.5, "for pictures differ by .* from those it paints without"),
        (
            lambda output: output + 1e-4 * output.mean(0, keepdim=True),
            "for a picture depends in its last bits",
        ),
        (failing, "for RuntimeError: g.. said no and more: unset FANCIER_COMPILE$"),
    ],
)
def test_what_paints_something_else_is_refused(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch, change: Compiler, message: str
) -> None:
    monkeypatch.setattr(torch, "compile", compiler(change))
    with pytest.raises(ModelError, match=message):
        compiled(model)


def test_what_cannot_be_compared_for_want_of_memory_is_refused(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starved(other: LoadedModel, asked: object) -> str:
        raise MemoryError("not enough memory for 8 rows")

    monkeypatch.setattr(torch, "compile", compiler(lambda output: output))
    monkeypatch.setattr("evolve.rendering.tuning.compiled.denoiser_dependence", starved)
    with pytest.raises(ModelError, match="for not enough memory for 8 rows: unset"):
        compiled(model)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"loras": Loras()}, "its LoRAs have other weights in each row"),
        ({"visitors": ("unet",)}, "its parts take turns on the GPU"),
        ({"device": "mps"}, "that is not tried on Apple's GPUs"),
    ],
)
def test_what_cannot_be_compiled_is_refused(
    model: LoadedModel, change: dict[str, Any], message: str
) -> None:
    changed = replace(model, **change)
    with pytest.raises(ModelError, match=f"{message}: unset FANCIER_COMPILE$"):
        compiled(changed)
    with pytest.raises(ModelError, match=f"before.* for {message}: paint where that was done$"):
        changed.in_manner(Manner(compiled=True))


def test_a_machine_without_a_compiler_is_said_to_be_one(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    cause = r"for there is no C\+\+ compiler: install g\+\+"
    with pytest.raises(ModelError, match=f"{cause}, or unset FANCIER_COMPILE$"):
        compiled(model)
    with pytest.raises(ModelError, match=f"{cause}, or paint where that was done$"):
        model.in_manner(Manner(compiled=True))  # as a replay does, whatever is set


def test_what_openvino_computes_is_left_as_it_is(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino, "has_compiled", lambda module: True)
    assert compiled(model) is model
    assert model.in_manner(Manner(compiled=True)).manner == USUAL
