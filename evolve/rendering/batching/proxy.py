"""What takes the place of the denoiser inside a fibre."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from evolve.rendering.batching.choosing import Turn
from evolve.rendering.batching.fibres import Hub


def _of_module(name: str) -> Any:
    """Return a method that calls that of the real module."""
    return lambda self, *args, **kwargs: getattr(self.hub.module, name)(*args, **kwargs)


class Proxy(nn.Module):
    """Stands in for the denoiser inside a fibre; all but the forward is the real module's."""

    def __init__(
        self,
        hub: Hub,
        forms: dict[torch.Size, Any] | None = None,
        *,
        beside: Any = None,
        idle: bool = False,
        parked: Callable[[int], Turn] | None = None,
    ) -> None:
        """Stand in for the denoiser of a hub.

        Args:
            hub: Is asked.
            forms: Any earlier answers, by the shape of the denoiser's first argument: while nothing
                comes of an answer, pipelines go on with one of the right form.
            beside: What stands beside each of these rows (see `Station`).
            idle: Whether the first answer is of no consequence.
            parked: Given how many rows are asked for, each time before they are waited for;
                returns what is known of the fibre, which then may wait for others.
        """
        super().__init__()
        # Past the module's own registers.
        self.__dict__.update(hub=hub, forms={} if forms is None else forms, beside=beside)
        self.__dict__.update(idle=idle, parked=parked, answer=None, rows=hub.rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["hub"].module, name)

    # Pipelines look for layers and their types: these methods every module has, and its own would
    # find nothing here.
    named_modules, named_children, named_parameters, named_buffers, state_dict = map(
        _of_module,
        ("named_modules", "named_children", "named_parameters", "named_buffers", "state_dict"),
    )

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Park the calling fibre until its rows are computed.

        At rest it is given an earlier answer at no cost, if there is one.
        """
        shape = next(each for each in (*args, *kwargs.values()) if torch.is_tensor(each)).shape
        known = self.forms.get(shape) if self.answer is None else self.answer
        if not self.idle or known is None:
            call = self.hub.ask(args, kwargs, self.beside, parked=self.parked)
            known = call.answer
            self.__dict__["rows"] = call.state
        self.__dict__["answer"] = known
        self.forms.setdefault(shape, known)
        return known

    def rest(self, idle: bool) -> None:
        """Set whether the next answers are of no consequence."""
        self.__dict__["idle"] = idle
