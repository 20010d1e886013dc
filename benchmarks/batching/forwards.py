"""What does a row of the denoiser cost, in which precision, in forwards of how many rows?

CPU milliseconds a row of `portraits`, by torch and by OpenVINO: the least of three forwards. The
last column is a decoded picture.

    python -m benchmarks.batching.forwards [--threads 1] [--rows 1 2 8 24]
"""

import copy
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch

from benchmarks.scripting.command_line import parser_of
from evolve import describe
from evolve.models.loading import way_of
from evolve.models.machine import openvino
from evolve.models.pipelines import load_pipeline

KINDS = (
    ("float32", torch.float32, torch.contiguous_format),
    ("float32, channels last", torch.float32, torch.channels_last),
    ("bfloat16", torch.bfloat16, torch.contiguous_format),
    ("bfloat16, channels last", torch.bfloat16, torch.channels_last),
)


def least(compute: Callable[[], object]) -> float:
    """Return the CPU milliseconds of a call, the first not counted."""
    compute()
    taken = []
    for _ in range(3):
        began = time.process_time()
        compute()
        taken.append(time.process_time() - began)
    return 1000 * min(taken)


def show(name: str, rows: Sequence[float], picture: float) -> None:
    """Print a line of the table."""
    print(f"{name:<32}" + "".join(f"{each:8.1f}" for each in [*rows, picture]), flush=True)


def main() -> None:
    """Measure and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 2, 8, 24])
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    card = describe("portraits")
    pipeline = load_pipeline(card, dict.fromkeys(card.parts, torch.float32))
    width = pipeline.unet.config.cross_attention_dim

    def inputs(rows: int, kind: torch.dtype) -> list[torch.Tensor]:
        shapes = (rows, *card.latent), (rows,), (rows, 77, width)
        return [
            torch.randn(shape).to(kind if len(shape) > 1 else torch.float32) for shape in shapes
        ]

    print(f"{'rows':<32}" + "".join(f"{n:8}" for n in args.rows) + " picture")
    with torch.no_grad():
        for name, kind, order in KINDS:
            unet, decoder = (
                copy.deepcopy(part).eval().to(kind).to(memory_format=order)
                for part in (pipeline.unet, pipeline.vae.decoder)
            )

            def forward(n: int, unet: Any = unet, kind: torch.dtype = kind) -> float:
                given = inputs(n, kind)
                return least(lambda: unet(*given, return_dict=False)) / n

            latent = inputs(1, kind)[0]
            show(f"torch, {name}", [forward(n) for n in args.rows], least(partial(decoder, latent)))
    way = way_of("portraits", device="cpu")
    if not way.compiled:
        return
    for name in ("f32", "bf16"):
        parts = [
            openvino._read(openvino._file(openvino.name_of(way.digest, part)))
            for part in ("unet", "decoder")
        ]

        def computed(part: Any, given: list[torch.Tensor], name: str = name) -> float:
            arrays = [tensor.numpy() for tensor in given]
            form = openvino.form_of(tuple(each.shape for each in arrays), divides=False)
            ready = openvino._compiled(part, form, name)
            return least(lambda: ready(arrays))

        rows = [computed(parts[0], inputs(n, torch.float32)) / n for n in args.rows]
        show(f"OpenVINO, {name}", rows, computed(parts[1], inputs(1, torch.float32)[:1]))


if __name__ == "__main__":
    main()
