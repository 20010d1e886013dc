"""Lets the vision tower learn from the critic, place by place.

A transformer that has seen some tens of thousands of pictures hardly finds a mouth by itself; a
network of convolutions does. So every patch of the tower also has to say what the critic finds at
the same place of the picture's latent (FitNets, Romero et al. 2015,
https://arxiv.org/abs/1412.6550).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from evolve.models.portraits.training.faces.views import seen_through
from evolve.models.portraits.training.networks import WIDTH
from evolve.models.portraits.training.stages.critic import WIDTHS, frozen_critic
from evolve.models.portraits.training.stages.latents import cached_latents


class Imitation:
    """How far the tower's patches are from the critic; `says` is what is trained of it.

    Raises:
        FileNotFoundError: The stage `critic` has not been run.
    """

    def __init__(self, work: Path) -> None:
        self.critic, self.latents = frozen_critic(work), cached_latents(work)
        self.says = nn.Linear(WIDTH, WIDTHS[-1])

    def loss(
        self, patches: torch.Tensor, indices: npt.NDArray[np.int64], maps: torch.Tensor
    ) -> torch.Tensor:
        """Mean squared error, in variances of what the critic finds.

        `patches` (n, 64, WIDTH) are of the pictures of the faces `indices`, seen through `maps`
        (`views.frames`). The critic knows no mirrored faces: those are left out.
        """
        upright = maps[:, 0, 0] > 0
        latents = torch.from_numpy(self.latents[indices].astype(np.float32))
        with torch.no_grad():
            found = seen_through(self.critic.stages(latents[upright]), maps[upright])
        said = self.says(functional.layer_norm(patches[upright], (WIDTH,))).float()
        said = said.transpose(1, 2).reshape(found.shape)
        error: torch.Tensor = functional.mse_loss(said, found) / found.var()
        return error
