"""Nothing in a page waits for the GPU: it is painted on a device from which nothing comes back."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from benchmarks.gpu.models import SIZES, model_of
from evolve import Genome, Prompt, Settings
from evolve.genome.settings import SAMPLERS
from evolve.rendering.pacing import later, unhurried
from evolve.rendering.pipeline.noise_injection import Layout
from evolve.rendering.pipeline.painter import Painter
from evolve.rendering.protocol import Failed, Finished, Job, RenderEvent

THERE = "meta"
"""To ask it for a number is an error."""


class Sent(TorchDispatchMode):
    """Notes what is sent there such that it would be waited for, and single numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = list[str]()
        self.numbers = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        tensors = [each for each in tree_leaves((args, kwargs)) if torch.is_tensor(each)]
        here = [each for each in tensors if each.device.type == "cpu"]
        if func is torch.ops.aten._to_copy.default:
            there = torch.device(kwargs.get("device") or "cpu").type == THERE
            is_cast = kwargs.get("dtype", tensors[0].dtype) != tensors[0].dtype
            if here and there:
                self.numbers += not tensors[0].ndim
                if is_cast or not kwargs.get("non_blocking"):  # it is cast in memory of its own
                    self.waits.append(str(func))
        elif any(each.ndim for each in here) and len(here) < len(tensors):  # sent by the operator
            self.waits.append(str(func))
        return func(*args, **kwargs)


class Now(later.Later):
    """Ones, at once: nothing comes back from there."""

    def __init__(self, tensor: torch.Tensor) -> None:
        super().__init__(torch.ones(tensor.shape, dtype=tensor.dtype))


@pytest.mark.filterwarnings("ignore:The configuration file of this scheduler")
def test_a_page_is_painted_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unhurried, "KIND", THERE)
    for module in ("call", "preview"):
        monkeypatch.setattr(f"evolve.rendering.pipeline.{module}.Later", Now)
    model = model_of("SDXL", SIZES["small"]["SDXL-like"], "cpu")
    for part in model.pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            part.to(THERE)
    events: list[RenderEvent] = []
    shape = model.info.latent
    factors = np.zeros((shape[0] + 1, 3)).tolist()
    model = replace(model, device=THERE, preview_factors=factors)
    painter = Painter(model, report=events.append)
    places = torch.arange(int(np.prod(shape))).reshape(1, *shape)
    painter.ready.known.layouts[shape] = Layout.of(places, shape, THERE)  # learnt once by waiting
    genomes = [
        Genome(np.zeros(shape, np.float16), Prompt.typed(text), Settings(2.0, 4, sampler))
        for text, sampler in zip("abba", SAMPLERS, strict=True)
    ]
    painter.take([Job(k, genome) for k, genome in enumerate(genomes)])
    with Sent() as sent:
        painter.paint()
    failed = [event for event in events if isinstance(event, Failed)]
    finished = [event for event in events if isinstance(event, Finished)]
    assert (failed, len(finished)) == ([], len(genomes))
    assert (sent.waits, sent.numbers) == ([], 0)


def test_numbers_are_cast_before_they_are_sent() -> None:
    with Sent() as sent:
        there = unhurried.sent(torch.ones(2, 2, dtype=torch.float64), THERE, torch.float16)
    assert (there.dtype, sent.waits) == (torch.float16, [])
