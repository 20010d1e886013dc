"""The renderer process: receives jobs, paints them, sends events.

Only plain data passes the pipe. Nothing heavy is imported before the environment is set, because
torch reads some of it when it is imported.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from evolve.errors import FancierError
from evolve.models.machine.devices import nth_device
from evolve.regular_files import IrregularError, opened
from evolve.rendering.manner import Manner
from evolve.rendering.process.libraries import lighten, preload
from evolve.rendering.protocol import Broken, Fetching, Measuring, ModelInfo, Ready, Task

if TYPE_CHECKING:
    from evolve.rendering.pipeline.painter import Painter

GENTLE = 5
"""Niceness of a renderer without an app."""

LAST = 19
"""Niceness of the renderer of an app, so that keys are answered first. Other terminals are not
affected: Linux usually shares the CPU between terminals before it considers niceness."""

SELDOM = 50_000
"""New objects between two garbage collections while a model is loaded: imports make a million
objects and hardly any garbage, and the usual collections take a quarter of the CPU time of a
start."""

USUAL = gc.get_threshold()


@dataclass(frozen=True, slots=True)
class Submit:
    """Paint these, before jobs that are queued already."""

    jobs: Sequence[Task]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Drop these jobs, and drafts."""

    ids: Sequence[int]


Command = Submit | Cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What a renderer process paints with, and how."""

    model: str
    """Name of the model."""
    device: str | None = None
    """The torch device to paint on; None for the best one."""
    number: int | None = None
    """Number among several best devices, from 0; after the last, the first follows again. None for
    the first."""
    tiny_vae: str | None = None
    """Name of the tiny autoencoder for previews; None for one that is here."""
    rows: int | None = None
    """Rows of a forward, to repeat an earlier painting; 0 paints one by one, None measures."""
    threads: int | None = None
    """Threads of the CPU, to repeat an earlier painting; None for torch's choice."""
    divides: bool = True
    """Whether texts that are longer than the model reads are encoded in pieces."""
    manner: Manner | None = None
    """How to paint where there is a choice, to repeat an earlier painting; None measures."""
    compiles: bool = False
    """Whether torch compiles the denoiser, unless `manner` is given."""
    niceness: int = GENTLE
    """Niceness of the process, 0 to 19."""
    log: Path | None = None
    """File for the output of libraries, since an app owns the terminal; None discards it."""


def serve(pipe: Connection, assignment: Assignment) -> None:
    """Run the renderer until the other end of `pipe`, commands in and events out, is closed."""
    _settle(assignment.niceness)
    _serve(pipe, assignment, _inbox(pipe))


def serve_early(pipe: Connection, niceness: int, model: str | None) -> None:
    """Import libraries, then run as `serve` with an assignment that comes through `pipe` first.

    The name of the model may be known before.
    """
    _settle(niceness)
    inbox = _inbox(pipe)
    lighten()
    if model:
        _compile_ahead(model, None)
    preload()
    assignment = inbox.get()
    assert isinstance(assignment, Assignment)
    _serve(pipe, assignment, inbox)


def _serve(
    pipe: Connection, assignment: Assignment, commands: queue.Queue[Assignment | Command]
) -> None:
    _print_to(_log(assignment.log) if assignment.log else None)
    try:
        painter, info = _prepared(pipe, assignment)
    except FancierError as error:
        pipe.send(Broken(str(error)))
        return
    except Exception as error:  # libraries raise anything for a damaged model
        from evolve.models.hub.advice import advice

        pipe.send(Broken(advice(assignment.model, error)))
        return

    gc.freeze()  # what was loaded stays
    gc.set_threshold(*USUAL)

    def obey(command: Assignment | Command) -> None:
        assert not isinstance(command, Assignment)
        if isinstance(command, Submit):
            painter.take(command.jobs)
        else:
            painter.cancelled.update(command.ids)

    def attend() -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                obey(commands.get_nowait())

    with contextlib.suppress(OSError):  # the other end is gone
        pipe.send(Ready(info))
        while True:
            obey(commands.get())
            painter.paint(attend)


def _prepared(pipe: Connection, assignment: Assignment) -> tuple[Painter, ModelInfo]:
    """Load the model, choose how it paints here, and return its painter and its description.

    Raises:
        FancierError: It cannot be loaded, or not used as assigned.
    """
    model, rows, manner = assignment.model, assignment.rows, assignment.manner
    _bring(assignment, pipe.send)
    lighten()
    if assignment.threads is not None:
        import torch  # only here: see `serve`

        torch.set_num_threads(assignment.threads)
    device = assignment.device
    if device is None and assignment.number is not None:
        device = nth_device(assignment.number)
    _compile_ahead(model, device)
    # Imported only here: a parent imports this module for its messages, without torch.
    from evolve.models.loading import load_model
    from evolve.rendering.pipeline.painter import Painter
    from evolve.rendering.tuning.calibration import calibrated
    from evolve.rendering.tuning.compiled import compiled
    from evolve.rendering.tuning.spread import tried
    from evolve.rendering.tuning.suiting import suited

    loaded = load_model(model, device=device, tiny_vae=assignment.tiny_vae)
    measuring = functools.partial(pipe.send, Measuring(loaded.info.name))
    if manner is None:
        loaded = suited(loaded, begin=measuring)
    else:
        loaded = loaded.in_manner(manner.on(loaded.device, loaded.precision))
    if rows is None:
        loaded = calibrated(loaded, begin=measuring)
        variety = tried(loaded, begin=measuring)
    else:
        loaded, variety = loaded.with_rows(rows or None), None
    if assignment.compiles and manner is None:
        loaded = compiled(loaded, begin=measuring)
    painter = Painter(loaded, report=pipe.send, divides=assignment.divides)
    return painter, replace(loaded.info, variety=variety)


def _compile_ahead(model: str, device: str | None) -> None:
    from evolve.rendering.tuning import compiling_ahead  # it imports torch

    compiling_ahead.begin(model, device)


def _bring(assignment: Assignment, report: Callable[[Fetching], None]) -> None:
    """Download the tiny autoencoder if a person named one; then forbid the network.

    The model is never downloaded here: its name may be from a population or picture of a stranger.
    Commands fetch what a person names (`tui.cli.fetching`).
    """
    # Only here: see `serve`.
    from evolve.models import tiny_vae
    from evolve.models.hub import cache, fetch

    reported = -1

    def show(fetched: fetch.Fetched) -> None:
        nonlocal reported
        percent = 100 * fetched.done // max(1, fetched.total)
        if percent != reported:
            reported = percent
            report(Fetching(fetched.name, fetched.done, fetched.total))

    if assignment.tiny_vae:
        tiny_vae.fetch_named(assignment.tiny_vae, show)
    cache.go_offline()


def _inbox(pipe: Connection) -> queue.Queue[Assignment | Command]:
    """Return a queue of what comes through `pipe`."""
    commands: queue.Queue[Assignment | Command] = queue.Queue()
    threading.Thread(target=_listen, args=(pipe, commands), daemon=True).start()
    return commands


def _listen(pipe: Connection, commands: queue.Queue[Assignment | Command]) -> None:
    """Receive commands at once, so that the other end never waits for a forward."""
    try:
        while True:
            commands.put(pipe.recv())
    except (EOFError, OSError):
        os._exit(0)  # the parent has ended; nothing needs to be cleaned up


def prepare_environment(niceness: int) -> None:
    """Set the environment that libraries read when they are imported, and the niceness."""
    if hasattr(os, "nice"):
        os.nice(max(0, niceness - os.nice(0)))  # the program may have some, which is inherited
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads starve the app
    os.environ.setdefault("KMP_BLOCKTIME", "0")


def _settle(niceness: int) -> None:
    gc.set_threshold(SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-c is for the parent to decide about
    prepare_environment(niceness)
    from tqdm import tqdm

    tqdm.set_lock(threading.RLock())  # tqdm's is shared between processes and outlives a kill
    _print_to(None)


def _print_to(log: int | None) -> None:
    """Send the output of libraries to an open file, or discard it."""
    if sys.stdout is not None:  # the parent may have closed it
        sys.stdout.flush()
    target = os.open(os.devnull, os.O_WRONLY) if log is None else log
    os.dup2(target, 1)
    os.dup2(target, 2)
    if target > 2:
        os.close(target)


def _log(file: Path) -> int:
    """Open a log in a folder that may be a stranger's; without a log if it is a link elsewhere."""
    try:
        with opened(file.parent) as folder:
            return folder.open(file.name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except IrregularError:
        return os.open(os.devnull, os.O_WRONLY)
