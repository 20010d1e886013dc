"""What a renderer process may run in tests: paints at once, and dies where it is told to.

The name of the model says how: `fine`, `broken`, `dies-on-3`, `dies-on-even`, `dies-once:FILE`,
`dies-loading`, `hangs-on-3`, `killed:FILE` (three times on 2, counted in the file), `shot-on-3`.
"""

import os
import signal
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from evolve.rendering.process.worker import Assignment, Submit
from evolve.rendering.protocol import Broken, Finished, ModelInfo, Ready, Stepped


def serve(pipe: Connection, assignment: Assignment) -> None:
    """Answer jobs with flat pictures of the colour of their id."""
    model = assignment.model
    if model == "broken":
        pipe.send(Broken("the model is broken"))
        return
    if model == "dies-loading":
        os._exit(3)
    info = ModelInfo(name=model, latent=(1, 2, 2), pixels=(2, 2), record={"rows": 3})
    pipe.send(Ready(info))
    try:
        while True:
            command = pipe.recv()
            if not isinstance(command, Submit):
                continue
            for job in command.jobs:  # all begun at once, as in a batch
                pipe.send(Stepped(job.id, 0, 8))
            for job in command.jobs:
                _maybe_die(model, job.id)
                pipe.send(Finished(job.id, np.full((2, 2, 3), job.id, np.uint8), {}, job.id))
    except (EOFError, OSError):
        return


def _maybe_die(model: str, job: int) -> None:
    if model == f"dies-on-{job}" or (model == "dies-on-even" and job % 2 == 0):
        os._exit(9)
    if model == f"shot-on-{job}":
        os.kill(os.getpid(), signal.SIGKILL)
    if model.startswith("killed:") and job == 2:
        count = Path(model.removeprefix("killed:"))
        so_far = len(count.read_text()) if count.exists() else 0
        if so_far < 3:
            count.write_text("x" * (so_far + 1))
            os.kill(os.getpid(), signal.SIGKILL)
    if model == f"hangs-on-{job}":
        threading.Event().wait()
    if model.startswith("dies-once:") and job == 2:
        mark = Path(model.removeprefix("dies-once:"))
        if not mark.exists():
            mark.touch()
            os._exit(9)
