"""A renderer process that waits as long as a GPU would compute, and paints flat colours.

The colour follows from the genome. A forward takes as long for one row as for all of them, as on a
GPU that is not full. Its record names the process, so that one can be killed, and its machine.
"""

import contextlib
import os
import queue
import threading
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from evolve.genome import Genome
from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.rendering.process.worker import Assignment, Cancel, Command, Submit
from evolve.rendering.protocol import Finished, Job, ModelInfo, Ready, Stepped
from evolve.session.archive import Picture

ROWS = 4
STEPS = 8
FORWARD_S = 0.05
SHAPE = (4, 8, 8)


def start(like: Mapping[str, Any] | None) -> ProcessRenderer:
    """Return a renderer whose process sleeps."""
    rows = like.get("rows") if like else None
    return ProcessRenderer(Assignment(model="sleeper", rows=rows), target=serve)


def picture_of(genome: Genome) -> Picture:
    """Return the picture of a genome: its own colour, 8 x 8."""
    colour = np.tanh(genome.noise.astype(float).mean((1, 2))[:3] * 8) * 127 + 128
    return np.broadcast_to(colour.astype(np.uint8), (8, 8, 3)).copy()


def serve(pipe: Connection, assignment: Assignment) -> None:
    """Answer jobs until the other end is closed."""
    # The parent is killed without a word, as when a machine is gone.
    commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, commands), daemon=True).start()
    record = {"rows": assignment.rows or ROWS, "device": "sleeper", "pid": os.getpid()}
    shared = {key: record[key] for key in ("rows", "device")}
    pipe.send(Ready(ModelInfo(name="sleeper", latent=SHAPE, pixels=(8, 8), record=shared)))
    waiting: dict[int, Job] = {}
    passes = 0
    with contextlib.suppress(OSError):
        while True:
            while not waiting or not commands.empty():
                command = commands.get()
                if isinstance(command, Submit):
                    jobs = [job for job in command.jobs if isinstance(job, Job)]
                    waiting = {job.id: job for job in jobs} | waiting
                elif isinstance(command, Cancel):
                    waiting = {i: job for i, job in waiting.items() if i not in command.ids}
            batch = list(waiting.values())[:ROWS]
            for step in range(STEPS):
                time.sleep(FORWARD_S)
                passes += 1
                for job in batch:
                    pipe.send(Stepped(job.id, step + 1, STEPS))
            for job in batch:
                del waiting[job.id]
                about = {**record, "host": os.getppid()}
                pipe.send(Finished(job.id, picture_of(job.genome), about, passes))


def _listen(pipe: Connection, commands: queue.SimpleQueue[Command]) -> None:
    try:
        while True:
            commands.put(pipe.recv())
    except (EOFError, OSError):
        os._exit(0)
