"""What takes the place of the denoiser inside a fibre."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from evolve.rendering.batching.choosing import Turn
from evolve.rendering.batching.fibres import Hub


class Proxy(nn.Module):
    """Stands in for the denoiser inside a fibre; all but the forward is the real module's."""

    def __init__(
        self, hub: Hub, beside: Any = None, *, parked: Callable[[int], Turn] | None = None
    ) -> None:
        """Stand in for the denoiser of a hub.

        Args:
            hub: Is asked.
            beside: What stands beside each of these rows (see `Hub`).
            parked: Given how many rows are asked for, each time before they are waited for;
                returns what is known of the fibre, which then may wait for others.
        """
        super().__init__()
        # Past the module's own registers.
        self.__dict__.update(
            hub=hub, beside=beside, parked=parked, idle=False, answer=None, rows=hub.rows
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["hub"].module, name)

    # Pipelines look for layers and their types: these methods every module has, and its own would
    # find nothing here.

    def named_modules(self, *args: Any, **kwargs: Any) -> Any:
        """Return the real module's: all others but `named_children` and `children` ask it."""
        return self.__dict__["hub"].module.named_modules(*args, **kwargs)

    def named_children(self) -> Any:
        """Return the real module's."""
        return self.__dict__["hub"].module.named_children()

    def named_parameters(self, *args: Any, **kwargs: Any) -> Any:
        """Return the real module's."""
        return self.__dict__["hub"].module.named_parameters(*args, **kwargs)

    def named_buffers(self, *args: Any, **kwargs: Any) -> Any:
        """Return the real module's."""
        return self.__dict__["hub"].module.named_buffers(*args, **kwargs)

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """Return the real module's."""
        return self.__dict__["hub"].module.state_dict(*args, **kwargs)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Park the calling fibre until its rows are computed.

        While `idle` is set nothing comes of the answer, so the last one is given again at no cost.
        """
        if not self.idle or self.answer is None:
            call = self.hub.ask(args, kwargs, self.beside, parked=self.parked)
            self.__dict__.update(answer=call.answer, rows=call.state)
        return self.answer

    def rest(self, idle: bool) -> None:
        """Set whether the next answers are of no consequence."""
        self.__dict__["idle"] = idle


class Resting(Proxy):
    """A denoiser that is not asked while nothing comes of its answer, not even for its form.

    The form is any earlier answer: pipelines go on with it, and nothing comes of it.
    """

    def __init__(
        self,
        hub: Hub,
        forms: dict[torch.Size, Any],
        beside: Any = None,
        *,
        idle: bool,
        parked: Callable[[int], Turn] | None = None,
    ) -> None:
        """Ask `hub`.

        Args:
            hub: As for a `Proxy`.
            forms: Answers by the shape of the denoiser's first argument.
            beside: As for a `Proxy`.
            idle: Whether the first answer is of no consequence.
            parked: As for a `Proxy`.
        """
        super().__init__(hub, beside, parked=parked)
        self.__dict__.update(forms=forms, idle=idle)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Park the calling fibre until its rows are computed, unless it rests."""
        shape = next(each for each in (*args, *kwargs.values()) if torch.is_tensor(each)).shape
        if self.answer is None:
            self.__dict__["answer"] = self.forms.get(shape)
        answer = super().forward(*args, **kwargs)
        self.forms.setdefault(shape, answer)
        return answer
