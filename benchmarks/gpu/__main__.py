"""What does a GPU make of painting: how fast, how much memory, the same bits?

For a model of the size of Stable Diffusion 1.5 (512x512) and one of the size of SDXL (1024x1024),
both with random weights:

- trial: the manner and the rows that a first start finds;
- speed: 16 mixed pictures, against one plain call each, all parts in the denoiser's precision, and
  against as many rows of the denoiser in uniform batches;
- bits: whether pictures and latents are the same alone, in a crowd, and in reverse order;
- where: if not, in which of denoiser, text encoders and decoder, in which layers and kernels;
- memory: the peak, and what happens with less: fewer rows, and by their record the same pictures;
- outside: the share of the time inside the model, kernels launched and waits for the GPU;
- offload: the parts take turns on the device, as if they did not fit together: the same bits;
- compilation: torch compiles the denoiser: its cost, what it brings, the same bits. It comes last,
  after all other parts of both models.

Each part is kept in the file of results as it ends; those that are there are not repeated. On an
H100 or H200 all of it is to take less than 8 minutes; no part is begun after that, and the next run
goes on with what is left. Without a GPU, `--small` runs the same parts on small models on the CPU,
which shows that they work and nothing else.

    python -m benchmarks.gpu [--out results.json] [--models NAME ...] [--parts PART ...] [--small]
                             [--minutes 8]
"""

import json
import time
import traceback
from pathlib import Path
from typing import Any

import torch

from benchmarks.gpu.models import SIZES, model_of
from benchmarks.gpu.parts import PARTS
from benchmarks.scripting.command_line import parser_of
from evolve.models.loading import LoadedModel
from evolve.models.machine.devices import best_device
from evolve.rendering.batching.out_of_memory import relieve
from evolve.rendering.manner import Manner

LAST = "compilation"
"""The part that takes longest, and can be done without."""


def as_tried(model: LoadedModel, found: dict[str, Any]) -> LoadedModel:
    """Return the model with the manner and rows that its trial found."""
    trial = found.get("trial")
    if trial is None:
        return model
    return model.in_manner(Manner.recorded(trial)).with_rows(trial["rows"])


def main() -> None:
    """Measure what is not there yet, and print all."""
    parser = parser_of(__doc__)
    parser.add_argument("--out", type=Path, default=Path("gpu-results.json"))
    parser.add_argument("--models", nargs="*", default=[])
    parser.add_argument("--parts", nargs="*", default=list(PARTS), choices=list(PARTS))
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--device", default=best_device())
    args = parser.parse_args()
    if args.device == "cpu" and not args.small:
        parser.error("there is no GPU: --small shows on the CPU that the parts work")
    results: dict[str, Any] = json.loads(args.out.read_text()) if args.out.exists() else {}
    name = torch.cuda.get_device_name(args.device) if args.device.startswith("cuda") else "CPU"
    sizes = SIZES["small" if args.small else "large"]
    kinds, until = args.models or list(sizes), time.monotonic() + 60 * args.minutes
    rounds = [[part for part in PARTS if part != LAST], [LAST]]
    for kind, parts in ((kind, parts) for parts in rounds for kind in kinds):
        found = results.setdefault(f"{kind}, {name}", {})
        missing = [part for part in parts if part in args.parts and part not in found]
        model = None  # one at a time
        for part in missing:
            if time.monotonic() > until:
                print(f"{kind}: {part} is left for another run", flush=True)
                continue
            if model is None:  # whatever the last one was is gone by now, and so is its failure
                relieve(args.device)
                model = model_of(kind, sizes[kind], args.device)
            began = time.perf_counter()
            try:
                with torch.no_grad():
                    found[part] = PARTS[part](as_tried(model, found), args.repetitions)
            except Exception:  # the others may work, and time on a GPU is short
                print(f"{kind}: {part} failed", flush=True)
                traceback.print_exc()
                model = None  # whatever state it is in
                continue
            found[part]["took, s"] = round(time.perf_counter() - began, 1)
            args.out.write_text(json.dumps(results, indent=1))
            show(f"{kind}, {name}", part, found[part])
    print("\nall:")
    for title, found in results.items():
        for part, lines in found.items():
            show(title, part, lines)


def show(title: str, part: str, lines: dict[str, Any]) -> None:
    """Print a part."""
    print(f"\n{title}: {part}", flush=True)
    for line, value in lines.items():
        print(f"  {line:<48} {value}", flush=True)


if __name__ == "__main__":
    main()
