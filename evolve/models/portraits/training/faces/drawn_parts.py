"""Which drawn part every face has: a mouth is one of a style's twenty, not only "a smile".

Asked for them in training, a network that looks at pictures learns what it has to tell apart much
sooner than from the few attributes that captions name.
"""

from __future__ import annotations

import torch

from evolve.models.portraits.training.faces.dataset import Faces


class Parts:
    """Classes of parts: for a kind of part (mouth, hair ...) every style's every drawing of it.

    `sizes` holds the number of drawings of each kind, `targets` (faces, kinds) which one a face
    has, -1 where its style knows no such part.
    """

    def __init__(self, faces: Faces) -> None:
        kinds: dict[str, dict[tuple[str, str], int]] = {}
        for record in faces.records:
            for part, drawing in record["parts"].items():
                known = kinds.setdefault(part, {})
                known.setdefault((record["style"], drawing), len(known))
        self.sizes = [len(known) for known in kinds.values()]
        self.targets = torch.tensor(
            [
                [known.get((r["style"], r["parts"].get(part)), -1) for part, known in kinds.items()]
                for r in faces.records
            ]
        )
