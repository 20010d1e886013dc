"""Are pictures the same to the bit alone, in a crowd and reversed, and if not, where do they part?

Each module is also tried by itself, in forwards of the rows that the painter uses: all of one row
(does it depend on its place?) and of rows that change places (on the others?). Each layer is then
given equal rows; those whose rows come out unequal are named, with the kernels that they ran.
"""

import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any
from unittest import mock

import numpy as np
import torch
from greenlet import greenlet
from torch import nn

from benchmarks.gpu.painting import genomes_of, paint
from evolve import Genome
from evolve.models.loading import LoadedModel
from evolve.rendering.batching.station import Station
from evolve.rendering.manner import USUAL
from evolve.rendering.pacing.decoding import Decode
from evolve.rendering.pacing.texts import encoders_of
from evolve.rendering.pipeline.painter import Painter
from evolve.rendering.pipeline.ready_model import around_of
from evolve.rendering.protocol import Finished
from evolve.rendering.tuning.independence import Asked, denoiser_dependence, dependence
from evolve.rendering.tuning.measuring import now
from evolve.rendering.tuning.self_test import denoiser_calls
from evolve.rendering.tuning.suiting import TEXTS, asked_of_parts

ALONE = (0, 5, 10, 15)
"""Of the sixteen, those that are painted alone as well."""

DECODED = 8
"""Rows in which decoders are tried, whatever was chosen."""

SHOWN = 6
"""Layers that are named, of each module."""


def same_bits(model: LoadedModel) -> dict[str, Any]:
    """Compare pictures and latents in a crowd with those alone and reversed."""
    genomes = genomes_of(model)
    crowd = paint(model, genomes).finished
    reverse = paint(model, genomes[::-1]).finished
    alone = {k: paint(model, [genomes[k]]).finished[0] for k in ALONE}
    return {
        "reversed: latents, pictures the same, of 16": _same(
            crowd, {k: reverse[15 - k] for k in crowd}
        ),
        f"alone: latents, pictures the same, of {len(ALONE)}": _same(crowd, alone),
        "pictures differ": len({crowd[k].picture.tobytes() for k in range(16)}),
    }


def bits(model: LoadedModel, repetitions: int) -> dict[str, Any]:
    """Do so in the manner that was found and as always; name the first step that differs."""
    lines = same_bits(model)
    usual = model.in_manner(USUAL)
    as_always = same_bits(usual)
    lines.update({f"as always, {key}": value for key, value in as_always.items()})
    genomes = genomes_of(model)
    crowd = _steps(usual, genomes)
    for k in ALONE:
        alone = _steps(usual, [genomes[k]])[0]
        differ = [n for n, pair in enumerate(zip(crowd[k], alone, strict=True)) if _far(*pair)]
        far = max(itertools.starmap(_far, zip(crowd[k], alone, strict=True)))
        lines[f"as always, picture {k}: first step that differs alone, of"] = (
            f"{differ[0] + 1} of {len(alone)}, by {far:.2g} at most" if differ else "none"
        )
    usual.in_manner(model.manner)
    return lines


def where(model: LoadedModel, repetitions: int) -> dict[str, Any]:
    """Try denoiser, text encoders and decoder by themselves, and name the layers at fault."""
    lines: dict[str, Any] = {
        "torch, CUDA, cuDNN": f"{torch.__version__}, {torch.version.cuda}, "
        f"{torch.backends.cudnn.version()}"
    }
    asked = denoiser_calls(model)
    for rows in sorted({model.rows or 2, 2, 8, 16, 24}):
        with_rows = model.with_rows(rows)
        lines[f"denoiser, {rows} rows"] = _tried(
            functools.partial(denoiser_dependence, with_rows, asked)
        )
        lines[f"denoiser, {rows} rows, s"] = _tried(functools.partial(_seconds, with_rows, asked))
    station = _denoiser(model.with_rows(model.rows or 2))
    lines["denoiser: uneven layers"] = _tried(
        functools.partial(_uneven, station, model.denoiser, asked)
    )
    latents, texts = asked_of_parts(model)
    for name, encoder in encoders_of(model.pipeline).items():
        _add(lines, f"{name}, {TEXTS} rows", encoder, TEXTS, texts.get(name, []))
    decode = Decode(model.pipeline.vae)
    for half in dict.fromkeys((model.manner.decode_in, None)):
        decode(latents[0], half)  # a copy in half precision is there from now on
        zs: Asked = [((z, half), {}) for z in latents]
        name = f"decoder, {half or 'as loaded'}, {DECODED} rows"
        _add(lines, name, decode, DECODED, zs, layers=decode.samples[half][0])
    return lines


def _same(ones: Mapping[int, Finished], others: Mapping[int, Finished]) -> tuple[int, int]:
    return (
        sum(_bytes(ones[k].latent) == _bytes(others[k].latent) for k in others),
        sum(np.array_equal(ones[k].picture, others[k].picture) for k in others),
    )


def _bytes(latent: np.ndarray | None) -> bytes:
    return b"" if latent is None else latent.tobytes()


def _steps(model: LoadedModel, genomes: Sequence[Genome]) -> list[list[torch.Tensor]]:
    """Return the clean latents that are predicted at each step of each genome."""
    cleans: list[list[torch.Tensor]] = [[] for _ in genomes]
    stepped = Painter._stepped

    def noted(self: Painter, job: Any, reports: bool, step: int, clean: Any) -> None:
        if clean is not None:
            cleans[job.id].append(clean.clone())
        stepped(self, job, reports, step, clean)

    with mock.patch.object(Painter, "_stepped", noted):
        paint(model, genomes)
    return cleans


def _far(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).abs().max())


def _tried(measure: Callable[[], Any]) -> Any:
    try:
        return measure() or "the same"
    except (RuntimeError, MemoryError) as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"


def _denoiser(model: LoadedModel) -> Station:
    return Station(model.denoiser, model.rows, dtype=model.dtype, around=around_of(model))


def _seconds(model: LoadedModel, asked: Asked) -> float:
    """Return the least seconds of a forward of three, the first not counted."""
    station, taken = _denoiser(model), []
    for _ in range(4):
        began = now(model.device)
        _answer(station, asked[:1])
        taken.append(now(model.device) - began)
    return round(min(taken[1:]), 4)


def _answer(station: Station, asked: Asked) -> None:
    for args, kwargs in asked:
        station.park(greenlet(), args, kwargs, beside=())
    for call in station.answer():
        if call.error is not None:
            raise call.error


def _add(
    lines: dict[str, Any],
    name: str,
    module: nn.Module,
    rows: int,
    asked: Asked,
    *,
    layers: nn.Module | None = None,
) -> None:
    """Add what is found of a module; its layers are those of another, where it calls that."""
    station = Station(module, rows)
    lines[name] = _tried(lambda: dependence(station, asked))
    lines[f"{name}: uneven layers"] = _tried(lambda: _uneven(station, layers or module, asked))


@torch.no_grad()
def _uneven(station: Station, module: nn.Module, asked: Asked) -> list[str]:
    """Return the layers that make unequal rows of equal ones, the commonest kinds first."""
    rows = station.rows or 0
    found: dict[str, tuple[str, nn.Module, tuple[Any, ...]]] = {}
    counts: dict[str, int] = {}

    def watch(name: str) -> Callable[..., None]:
        def look(layer: nn.Module, args: tuple[Any, ...], output: Any) -> None:
            if not torch.is_tensor(output) or len(output) != rows:
                return
            given = [each for each in args if torch.is_tensor(each) and len(each) == rows]
            before = all(map(_is_even, given))
            if not before or not _is_even(output):
                kind = type(layer).__name__
                shapes = " ".join(str(tuple(each.shape)) for each in given)
                key = f"{'' if before else 'before '}{kind} {shapes} -> {tuple(output.shape)}"
                counts[key] = counts.get(key, 0) + 1
                if key not in found:
                    found[key] = (
                        name,
                        layer,
                        tuple(
                            each[:1].expand_as(each).contiguous() if torch.is_tensor(each) else each
                            for each in args
                        ),
                    )
            output[1:] = output[:1]  # so that the next one is given equal rows

        return look

    with ExitStack() as hooks:
        for name, layer in module.named_modules():
            if not list(layer.children()):
                hooks.callback(layer.register_forward_hook(watch(name)).remove)
        _answer(station, asked[:1])
    shown = sorted(found, key=lambda key: -counts[key])[:SHOWN]
    return [
        f"{counts[key]} x {key}, first {found[key][0]}: {', '.join(_kernels(*found[key][1:]))}"
        for key in shown
    ]


def _is_even(rows: torch.Tensor) -> bool:
    """Return whether all rows are the first one, not-a-numbers aside."""
    return bool(((rows == rows[:1]) | (rows != rows)).all())


def _kernels(layer: nn.Module, args: tuple[Any, ...]) -> list[str]:
    """Return the names of the kernels that a layer runs."""
    if not any(torch.is_tensor(each) and each.is_cuda for each in args):
        return []
    activities = [torch.profiler.ProfilerActivity.CPU, torch.profiler.ProfilerActivity.CUDA]
    with torch.profiler.profile(activities=activities) as profile:
        layer(*args)
        torch.cuda.synchronize()
    on_gpu = [each for each in profile.events() if str(each.device_type).endswith("CUDA")]
    return sorted({each.name[:100] for each in on_gpu})
