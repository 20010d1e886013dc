"""What the judges of painted portraits have in common: how they read, by experts, and are kept.

A judge reads a portrait's attributes. It is trained on real training art alone, has never seen a
painted picture nor any part of the embedded model, and the engine does not use it. Small things it
reads by a linear expert for each style: which of a style's mouths it is can be told from features
that are hardly enough to tell mouths of all styles.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from evolve.models.attribute_reader import AttributeReader
from evolve.models.portraits.training.faces.attributes import CLASSES, labels, visible
from evolve.models.portraits.training.faces.dataset import Faces

EXPERT = ("hair", "mouth", "glasses", "beard", "earrings")
"""What the experts read."""
SIZES = [len(CLASSES[attribute]) for attribute in EXPERT]
RIDGE, SURENESS = 0.1, 10.0
"""The ridge, in mean squares of the features; and by what an expert's shares become logits."""


class Experts(AttributeReader):
    """A reader with an expert for each style, fitted to its features by ridge regression."""

    experts: torch.Tensor
    offsets: torch.Tensor

    def add_experts(self) -> None:
        """Make room for them; the `width` of the features has to be known."""
        styles, values = len(CLASSES["style"]), sum(SIZES)
        self.register_buffer("experts", torch.zeros(styles, values, self.width))
        self.register_buffer("offsets", torch.zeros(styles, values))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """(n, classes of all attributes one after the other)."""
        features = self.features(values)
        plain: torch.Tensor = self.head(features)
        if not self.experts.any():
            return plain  # none are fitted
        logits = self.parted(plain)
        style = logits["style"].argmax(1)
        shares = torch.einsum("nvw,nw->nv", self.experts[style], features) + self.offsets[style]
        for attribute, share in zip(EXPERT, shares.split(SIZES, 1), strict=True):
            logits[attribute] = SURENESS * share
        return torch.cat(list(logits.values()), 1)

    def read(self, pictures: npt.NDArray[np.uint8]) -> list[dict[str, str]]:
        """The value of every attribute of (n, 128, 128, 3) pictures."""
        return self.answers(_as_input(pictures))

    @torch.no_grad()
    def chances_in(self, pictures: npt.NDArray[np.uint8]) -> dict[str, torch.Tensor]:
        """(n, values): how probable each value of every attribute is in such pictures."""
        logits = torch.cat([self(part) for part in _as_input(pictures).split(64)])
        return {attribute: one.softmax(1) for attribute, one in self.parted(logits).items()}

    @torch.no_grad()
    def fit(self, work: Path, each: int, seed: int) -> None:
        """Fit the experts to `each` faces of a style, a little moved or softened or as they are."""
        faces, draw = Faces(work / "data"), torch.Generator().manual_seed(seed)
        targets = torch.tensor([labels(visible(record)) for record in faces.records])
        columns = list(CLASSES)
        styles = targets[:, columns.index("style")].numpy()
        for style, name in enumerate(CLASSES["style"]):
            chosen = faces.training[styles[faces.training] == style][:each]
            parts = [chosen[k : k + 64] for k in range(0, len(chosen), 64)]
            with torch.autocast("cpu", torch.bfloat16):
                seen = [self.features(_moved(faces.images(p), draw)).float() for p in parts]
            features = torch.cat(seen)
            mean = features.mean(0)
            features -= mean
            ridge = RIDGE * features.square().sum(1).mean()
            for attribute, rows in zip(EXPERT, torch.arange(sum(SIZES)).split(SIZES), strict=True):
                known = targets[chosen, columns.index(attribute)]
                wanted = functional.one_hot(known[known >= 0], len(CLASSES[attribute])).float()
                share = wanted.sum(0) / max(len(wanted), 1)
                # The dual form has as many equations as there are faces.
                labelled = features[known >= 0]
                equations = labelled @ labelled.T + ridge * torch.eye(len(labelled))
                weights = torch.linalg.solve(equations, wanted - share).T @ labelled
                self.experts[style, rows] = weights
                self.offsets[style, rows] = share - weights @ mean
            print(f"expert of {name}: {len(chosen)} faces", flush=True)

    def save(self, file: Path) -> None:
        """Write the weights: matrices as bytes with a scale for every row."""
        stored = {}
        for name, value in self.state_dict().items():
            if value.ndim == 1:
                stored[name] = value.half()
                continue
            rows = value.reshape(-1, value.shape[-1] if name == "experts" else value[0].numel())
            scale = rows.abs().amax(1).clamp(min=1e-12) / 127
            stored[name] = (rows / scale[:, None]).round().char().reshape(value.shape).contiguous()
            stored[f"{name}.scale"] = scale
        save_file(stored, file)

    def load(self, file: Path) -> None:
        """Read what `save` wrote, and be ready to read pictures."""
        stored = load_file(file)
        state = {}
        for name, value in stored.items():
            if (scale := stored.get(f"{name}.scale")) is not None:
                rows = value.float().reshape(len(scale), -1) * scale[:, None]
                state[name] = rows.reshape(value.shape)
            elif not name.endswith(".scale"):
                state[name] = value.float()
        self.load_state_dict(
            self.state_dict() | state
        )  # without experts as long as none are fitted
        self.eval().requires_grad_(False)


def _as_input(pictures: npt.NDArray[np.uint8]) -> torch.Tensor:
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def _moved(images: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    chance = float(torch.rand((), generator=draw))
    if chance < 0.6:
        moves = torch.randint(-3, 4, (2,), generator=draw).tolist()
        images = torch.roll(images, moves, (2, 3))
    if chance < 0.3:
        images = functional.avg_pool2d(images, 3, 1, 1, count_include_pad=False)
    return images
