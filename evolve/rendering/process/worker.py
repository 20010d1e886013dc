"""The renderer process: receives jobs, paints them, sends events.

Only plain data passes the pipe. Nothing heavy is imported before the process has settled its
environment, because torch reads some of it when it is loaded.
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
"""Niceness of a renderer without an app in front."""

LAST = 19
"""Niceness behind an app, whose keys are answered first. What other terminals run does not count:
Linux usually shares the CPU between terminals before it looks at niceness."""

SELDOM = 50_000
"""New objects after which garbage is looked for while a model is loaded: imports make a million and
hardly any garbage, and to look for it as usual takes a quarter of the CPU time of a start."""

USUAL = gc.get_threshold()


@dataclass(frozen=True, slots=True)
class Submit:
    """Paint these, before what is queued already."""

    jobs: Sequence[Task]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Forget these."""

    ids: Sequence[int]


Command = Submit | Cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What a renderer process is to do."""

    model: str
    """Name of the model to load."""
    device: str | None = None
    """The torch device to paint on; None chooses the best one."""
    number: int | None = None
    """Which of several best devices, from 0 on, again from the first if there are fewer; None for
    the first."""
    tiny_vae: str | None = None
    """Name of the tiny autoencoder for previews; None for what is here."""
    rows: int | None = None
    """Rows of a forward, to paint as was painted before; 0 paints one by one, None measures."""
    threads: int | None = None
    """Threads of the CPU, to paint as was painted before; None for as many as torch chooses."""
    divides: bool = True
    """Whether texts that are longer than the model reads are encoded in pieces."""
    manner: Manner | None = None
    """How to paint where there is a choice, as was painted before; None finds what suits."""
    compiles: bool = False
    """Whether torch compiles the denoiser, unless the manner is given."""
    niceness: int = GENTLE
    """How far it lets others go first: 0 to 19."""
    log: Path | None = None
    """File that gets what libraries print, for a terminal app owns the screen; None discards it."""


def serve(pipe: Connection, assignment: Assignment) -> None:
    """Run the renderer until the other end of `pipe`, commands in and events out, is closed."""
    _settle(assignment.niceness)
    _serve(pipe, assignment, _inbox(pipe))


def serve_early(pipe: Connection, niceness: int, model: str | None) -> None:
    """As `serve`, with an assignment that comes through `pipe`; until then import libraries.

    Args:
        pipe: Assignment and commands in, events out.
        niceness: How far it lets others go first.
        model: Name of the model that it will be, if that is known.
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
    except Exception as error:  # of whatever library a damaged model makes fail
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
    """Load the model as it paints here, and return its painter, with what there is to know of it.

    Raises:
        FancierError: It cannot be had, or not used as it is asked.
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
    # Only here: who starts the process imports this module for its messages, without torch.
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
    """Download previews' decoder if a person named one; from then on the network is forbidden.

    The model itself is never asked for here: its name may come with a population or a picture that
    somebody else made. Commands fetch what this person named (`tui.cli.fetching`).
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
    """Return what comes through `pipe`, as it comes."""
    commands: queue.Queue[Assignment | Command] = queue.Queue()
    threading.Thread(target=_listen, args=(pipe, commands), daemon=True).start()
    return commands


def _listen(pipe: Connection, commands: queue.Queue[Assignment | Command]) -> None:
    """Take commands as they come, so that the other end never waits for a forward to finish."""
    try:
        while True:
            commands.put(pipe.recv())
    except (EOFError, OSError):
        os._exit(0)  # the session is over; nothing needs to be cleaned up


def prepare_environment(niceness: int) -> None:
    """Set what libraries read when they are loaded, and let others go first."""
    if hasattr(os, "nice"):
        os.nice(max(0, niceness - os.nice(0)))  # a fork may have been given some before
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads starve the app
    os.environ.setdefault("KMP_BLOCKTIME", "0")


def _settle(niceness: int) -> None:
    gc.set_threshold(SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-c is for the parent to decide about
    prepare_environment(niceness)
    from tqdm import tqdm

    tqdm.set_lock(threading.RLock())  # its own is shared between processes and outlives a kill
    _print_to(None)


def _print_to(log: int | None) -> None:
    """Send what libraries print to a file that is open, else nowhere."""
    if sys.stdout is not None:  # the parent may have closed it
        sys.stdout.flush()
    target = os.open(os.devnull, os.O_WRONLY) if log is None else log
    os.dup2(target, 1)
    os.dup2(target, 2)
    if target > 2:
        os.close(target)


def _log(file: Path) -> int:
    """Open a log in a folder that may come from a stranger; if it leads elsewhere, do without."""
    try:
        with opened(file.parent) as folder:
            return folder.open(file.name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except IrregularError:
        return os.open(os.devnull, os.O_WRONLY)
