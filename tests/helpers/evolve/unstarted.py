"""A renderer of which no process is started, where only what it would be asked to do counts."""

import multiprocessing

from evolve.rendering.process.renderer_process import ProcessRenderer


class Unstarted(ProcessRenderer):
    """Knows its assignment, and does nothing."""

    def _start(self) -> None:
        self._pipe, _ = multiprocessing.Pipe()
        self._unstarted = "it is not needed"
