"""Fibres that stay where they are, and how one is ended there."""

from __future__ import annotations

import sys
from contextlib import suppress

import torch
from greenlet import GreenletExit, getcurrent, greenlet
from greenlet import error as greenlet_error


class Paused:
    """A fibre that stays where it is, to be gone on with in the same hub or given up.

    One to which nothing refers any more is given up.
    """

    def __init__(self, fibre: greenlet) -> None:
        """Hold on to a fibre."""
        self._fibre: greenlet | None = fibre

    def hand_over(self) -> greenlet:
        """Return the fibre, whose parent is now the caller; this holds on to it no longer."""
        fibre, self._fibre = self._fibre, None
        assert fibre is not None
        fibre.parent = getcurrent()
        return fibre

    def give_up(self) -> None:
        """End the fibre."""
        if self._fibre is not None:
            end(self.hand_over())

    def __del__(self) -> None:
        """Give the fibre up in an orderly way, where greenlet would just throw."""
        if not sys.is_finalizing():
            with suppress(greenlet_error):  # collected by another thread
                self.give_up()


def end(fibre: greenlet) -> None:
    """Unwind a fibre.

    On its way out of a pipeline's `no_grad` it sets the mode of the whole thread to what it was
    when that began, inside the painter's own; the caller may be outside.
    """
    with torch.set_grad_enabled(torch.is_grad_enabled()):
        fibre.throw(GreenletExit)
