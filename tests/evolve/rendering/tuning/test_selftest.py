import functools

import pytest
import torch
from families import model_of

from evolve.rendering.tuning.self_test import why_one_by_one


def test_a_denoiser_whose_rows_see_each_other_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = model_of("Stable Diffusion")
    forward = model.denoiser.forward

    @functools.wraps(forward)
    def coupled(sample: torch.Tensor, *args: object, **kwargs: object) -> object:
        return forward(sample - sample.mean(0), *args, **kwargs)

    monkeypatch.setattr(model.denoiser, "forward", coupled)
    assert "painted together, pictures differ by" in why_one_by_one(model)
