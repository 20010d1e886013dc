"""The parts of the benchmark: each returns lines of a table."""

import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch

from benchmarks.gpu.bits import bits, same_bits, where
from benchmarks.gpu.painting import AtWork, Painted, genomes_of, median, one_by_one, paint, uniform
from evolve.errors import ModelError
from evolve.models.fitting.offloading import Visitors
from evolve.models.loading import LoadedModel
from evolve.models.machine import memory
from evolve.rendering.batching.out_of_memory import relieve
from evolve.rendering.manner import USUAL, Manner
from evolve.rendering.tuning import suiting
from evolve.rendering.tuning.calibration import measure
from evolve.rendering.tuning.compiled import compiled
from evolve.rendering.tuning.measuring import Stopwatch, now
from evolve.rendering.tuning.pages import decoded_at_once

Lines = dict[str, Any]

LAUNCHES = ("cudaLaunchKernel", "cuLaunchKernel")
"""How calls begin that launch a kernel."""
PLACES = 12
"""Lines that wait, named at most."""
WAITS = ("cudaStreamSynchronize", "cudaDeviceSynchronize", "cudaEventSynchronize")
"""Calls that wait for the GPU, if what they wait for is not done yet."""


def trial(model: LoadedModel, repetitions: int) -> Lines:
    """Find the manner and the rows, as a first start does."""
    decoded = list[Mapping[int, float]]()

    def noted(seconds: Mapping[int, float], *args: Any, **kwargs: Any) -> int:
        decoded.append(seconds)
        return decoded_at_once(seconds, *args, **kwargs)

    with mock.patch.object(suiting, "decoded_at_once", noted):
        manner = suiting.tried(model)
    found = measure(model.in_manner(manner))
    return {
        "manner": manner.to_json(),
        "rows": found.rows,
        "one_by_one": found.one_by_one,
        "forward, s by rows": _rounded(found.seconds),
        "decoding, s by rows": [_rounded(seconds) for seconds in decoded],
    }


def _rounded(seconds: Mapping[int, float]) -> dict[str, float]:
    return {str(rows): round(taken, 4) for rows, taken in seconds.items()}


def speed(model: LoadedModel, repetitions: int) -> Lines:
    """Paint 16 mixed pictures; the same by plain calls; as many rows in uniform batches."""
    genomes = genomes_of(model)
    painter = AtWork(model)
    ours = median(repetitions, lambda: painter.paint(genomes).seconds)
    replays = painter.end()
    asked = median(repetitions, lambda: painter.paint(genomes).seconds)
    plain = median(1, lambda: one_by_one(model, genomes))
    before = model.in_manner(USUAL)
    painter = AtWork(before)
    usual = median(1, lambda: painter.paint(genomes).seconds)
    painter.end()
    model = before.in_manner(model.manner)
    even = median(repetitions, lambda: uniform(model, genomes, model.rows or 2))
    return {
        "16 mixed, s": round(ours, 3),
        "forwards were replayed": replays,
        "each kernel asked for by Python, s": round(asked, 3),
        "as always (decoded one by one in float32), s": round(usual, 3),
        "one plain call each, s": round(plain, 3),
        "times one call each (goal: 4)": round(plain / ours, 2),
        "uniform batch of the same rows, s": round(even, 3),
        "times the uniform batch (goal: 1.15)": round(ours / even, 2),
    }


def memory_use(model: LoadedModel, repetitions: int) -> Lines:
    """Measure peak memory; then let memory be too short, and compare what is painted then."""
    genomes = genomes_of(model)
    relieve(model.device)
    memory.reset_peak(model.device)
    paint(model, genomes)
    peak = memory.peak(model.device)
    if not model.device.startswith("cuda") or peak is None:
        return {"peak, GB": round((peak or 0) / 1e9, 2), "out of memory": "only on a GPU"}
    relieve(model.device)
    held = torch.cuda.memory_reserved(model.device)  # of which the fraction is
    total = torch.cuda.get_device_properties(model.device).total_memory
    with torch.cuda.device(model.device):  # which takes no name without a number
        torch.cuda.set_per_process_memory_fraction((held + (peak - held) * 0.4) / total)
        try:
            short = paint(model, genomes).finished
        finally:
            torch.cuda.set_per_process_memory_fraction(1.0)
            relieve(model.device)
    equal = between = 0
    for k, finished in short.items():
        record = finished.record
        if "rows_before" in record:  # begun with more: nothing paints it so again
            between += 1
            continue
        way = model.with_rows(record["rows"]).in_manner(Manner.recorded(record))
        again = paint(way, [genomes[k]]).finished[0]
        equal += np.array_equal(again.picture, finished.picture)
    model.in_manner(model.manner)
    return {
        "peak, GB": round(peak / 1e9, 2),
        "held before, GB": round(held / 1e9, 2),
        "rows with 40 % of it": sorted({finished.record["rows"] for finished in short.values()}),
        "painted, of 16": len(short),
        "begun with more rows": between,
        "the same by their record, of the others": equal,
    }


def outside(model: LoadedModel, repetitions: int) -> Lines:
    """Profile a page: time inside the model, launches and waits for each forward."""
    genomes = genomes_of(model)
    painter = AtWork(model)
    ready = painter.painter.ready
    parts = [ready.hub.computing, ready.decoder.station.computing, model.pipeline.text_encoder]
    watches = [Stopwatch(part, model.device) for part in parts]
    for watch in watches:
        watch.__enter__()
    painter.paint(genomes)
    for watch in watches:
        watch.seconds.clear()
    watched = painter.paint(genomes)  # every forward is waited for: shares, not speed
    for watch in watches:
        watch.__exit__()
    inside = [sum(watch.seconds) for watch in watches]
    activities = [torch.profiler.ProfilerActivity.CPU]
    if model.device.startswith("cuda"):
        activities.append(torch.profiler.ProfilerActivity.CUDA)
    half = [replace(genome, settings=replace(genome.settings, steps=4)) for genome in genomes]
    painter.end()
    painter = AtWork(model)  # which is not watched
    before = _passes(painter.paint(half))
    with torch.profiler.profile(activities=activities) as profile:
        painted = painter.paint(half)
    counts = {event.key: event.count for event in profile.key_averages()}
    passes = _passes(painted) - before
    waits = _waits(model, lambda: painter.paint(half))
    painter.end()
    return {
        "inside denoiser, decoder, text encoder, %": [
            round(100 * s / watched.seconds) for s in inside
        ],
        "outside of them, ms a picture": round(
            (watched.seconds - sum(inside)) / len(genomes) * 1000, 1
        ),
        "kernels launched a forward": round(
            sum(n for key, n in counts.items() if key.startswith(LAUNCHES)) / passes
        ),
        "may wait for the GPU, times a page": {
            key: counts[key] for key in WAITS if counts.get(key)
        },
        **{f"waits, {place}": n for place, n in waits},
        "operators a forward": round(
            sum(n for key, n in counts.items() if key.startswith("aten::")) / passes
        ),
    }


def _waits(model: LoadedModel, paint: Callable[[], Any]) -> list[tuple[str, int]]:
    """Return the lines of Python that wait for the GPU, and how often each did."""
    if not model.device.startswith("cuda"):
        return []
    with warnings.catch_warnings(record=True) as raised, _events_waited_for() as places:
        warnings.simplefilter("always")
        torch.cuda.set_sync_debug_mode("warn")  # which does not see events, nor our own waits
        try:
            paint()
        finally:
            torch.cuda.set_sync_debug_mode("default")
    places.update(
        _place(each.filename, each.lineno)
        for each in raised
        if "called a synchronizing" in str(each.message)  # not that the mode is new
    )
    return places.most_common(PLACES)


@contextmanager
def _events_waited_for() -> Iterator[Counter[str]]:
    """Count the lines that wait for an event which is not there yet."""
    places, wait = Counter[str](), torch.cuda.Event.synchronize

    def noted(event: torch.cuda.Event) -> None:
        if not event.query():
            frame = sys._getframe(1)
            while "/pacing/later" in frame.f_code.co_filename and frame.f_back is not None:
                frame = frame.f_back
            places[_place(frame.f_code.co_filename, frame.f_lineno)] += 1
        wait(event)

    with mock.patch.object(torch.cuda.Event, "synchronize", noted):
        yield places


def _place(file: str, line: int) -> str:
    return f"{'/'.join(Path(file).parts[-3:])}:{line}"


def _passes(painted: Painted) -> int:
    """Return how many forwards the painter had run at the end."""
    return max(finished.passes for finished in painted.finished.values())


def offload(model: LoadedModel, repetitions: int) -> Lines:
    """Let the parts take turns on the device, as if they did not fit there together."""
    genomes, device = genomes_of(model)[:4], model.device
    expected = paint(model, genomes)
    names = [name for name in model.pipeline.components if name.startswith(("unet", "text_enc"))]
    parts = {name: getattr(model.pipeline, name) for name in names}
    for part in parts.values():
        part.to("cpu")
    visitors = Visitors(parts, device, free=lambda: 0)
    relieve(device)
    memory.reset_peak(device)
    turns = paint(model, genomes)
    return {
        "parts in turns": names,
        "there at the end": visitors.there,
        "4 mixed, s, all there and in turns": [round(x.seconds, 2) for x in (expected, turns)],
        "peak, GB": round((memory.peak(device) or 0) / 1e9, 2),
        "the same": all(
            np.array_equal(turns.finished[k].picture, expected.finished[k].picture)
            for k in range(4)
        ),
    }


def compilation(model: LoadedModel, repetitions: int) -> Lines:
    """Have torch compile the denoiser: its cost, what it brings, the same bits in any crowd."""
    genomes = genomes_of(model)
    painter = AtWork(model)
    plain = median(repetitions, lambda: painter.paint(genomes).seconds)
    painter.end()
    began = now(model.device)
    try:
        other = compiled(model)
    except ModelError as error:
        return {"refused": str(error)}
    took = now(model.device) - began
    try:
        painter = AtWork(other)
        fast = median(repetitions, lambda: painter.paint(genomes).seconds)
        painter.end()
        lines = same_bits(other)
    finally:
        other.in_manner(model.manner)
    return {
        "trial and compilation, s": round(took, 1),
        "16 mixed, s, without and with": [round(plain, 3), round(fast, 3)],
        "pages until it has paid": round(took / (plain - fast)) if fast < plain else "never",
        **lines,
    }


PARTS: Mapping[str, Callable[[LoadedModel, int], Lines]] = {
    "trial": trial,
    "speed": speed,
    "bits": bits,
    "where": where,
    "memory": memory_use,
    "outside": outside,
    "offload": offload,
    "compilation": compilation,
}
