"""Trains the embedded model, stage by stage.

    python -m evolve.models.portraits.training.train STAGE --work DIR

in this order: data, clip, words, vae, latents, critic, unet (as long as you like), then decoder and
vision (refine what the UNet does not depend on), export. `adopt` takes in weights that were trained
elsewhere, so that later stages go on from them.

With `--device cuda` vae, decoder, latents, critic and unet run on a GPU, in larger batches
and, with `--minutes`, for a given time; `captions` before `unet` draws captions once, since a GPU
is faster than they can be made.

Every stage is seeded, saves what it has to DIR and goes on from there when called again. `data`
needs node and the packages of `data/package.json` (`npm install` there). For a machine that has
neither node nor a network `pack` puts drawings, and packages it may lack, into a folder, from which
`unpack` makes the data there; `everything` unpacks and trains all that goes on from what ships, in
the `--minutes` it is given (`everything.sh`).
"""

from __future__ import annotations

import argparse
import inspect
import os
import pkgutil
from pathlib import Path

from evolve.errors import ModelError
from evolve.models.machine.devices import require_present
from evolve.models.portraits.training.learning.course import BATCHES

STAGES = {
    "data": "faces.dataset:compose",
    "clip": "stages.train_clip:train_clip",
    "words": "stages.train_words:train_words",
    "vae": "stages.train_vae:train_vae",
    "latents": "stages.latents:cache_latents",
    "critic": "stages.critic:train_critic",
    "unet": "stages.train_unet:train_unet",
    "captions": "words.drawn_captions:draw_captions",
    "vision": "stages.train_clip:train_clip",
    "decoder": "stages.train_decoder:train_decoder",
    "adopt": "stages.hand_over:adopt",
    "export": "stages.export:export",
    "pack": "faces.drawings:pack",
    "unpack": "faces.drawings:unpack",
    "everything": "stages.everything:everything",
}
"""The function of each stage; only its own libraries are imported."""
AS_PARTS = {"vision": {"vision_only": True}}
"""Stages that train a part of what another one trains."""
TIMED = BATCHES.keys() - {"latents"}
"""Stages that can be trained for a given time."""


def main() -> None:
    """Runs the stage named on the command line."""
    parser = argparse.ArgumentParser(description="Trains the embedded model `portraits`.")
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--work", type=Path, help="folder for data and checkpoints")
    parser.add_argument("--steps", type=int, help="train up to this many steps")
    parser.add_argument("--batch", type=int, help="pictures per step")
    parser.add_argument("--shipped", action="store_true", help="vae, critic: begin as shipped")
    parser.add_argument("--minutes", type=float, help="train for so long instead")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--rate", type=float, help="learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, help="how many faces (default: 39000)")
    parser.add_argument("--modules", type=Path, help="folder that holds node_modules")
    parser.add_argument("--bundle", type=Path, help="pack, unpack, everything: the packed folder")
    parser.add_argument("--python", default="", help="pack: packages for this version, say 3.12")
    parser.add_argument("--weights", type=Path, help="adopt: folder of safetensors")
    parser.add_argument("--to", type=Path, help="export, everything: folder to write")
    args = parser.parse_args()

    if args.stage == "adopt" and args.weights is None:
        parser.error("adopt needs --weights FOLDER")
    if args.stage in ("pack", "unpack", "everything") and args.bundle is None:
        parser.error(f"{args.stage} needs --bundle FOLDER")
    if args.stage != "pack" and args.work is None:
        parser.error(f"{args.stage} needs --work DIR")
    if args.stage == "everything" and (args.to is None or args.minutes is None):
        parser.error("everything needs --to FOLDER and --minutes N")
    if args.device != "cpu":
        if args.stage not in (*BATCHES, "everything"):
            parser.error(f"{args.stage} runs on the CPU alone: leave --device out")
        try:
            args.device = require_present(args.device)  # minutes before it is used
        except ModelError as error:
            parser.error(str(error))
    if args.minutes is not None and args.stage not in (*TIMED, "everything"):
        parser.error(f"{args.stage} takes as long as it takes: leave --minutes out")
    run(args)


def run(args: argparse.Namespace) -> None:
    """Runs one stage, with those of the options that it takes."""
    stage = pkgutil.resolve_name(f"{__package__}.{STAGES[args.stage]}")
    options = {**vars(args), **AS_PARTS.get(args.stage, {})}
    if args.work is not None:
        options["folder"] = args.work / "data"
    if args.device != "cpu":
        options["batch"] = args.batch or BATCHES.get(args.stage)
    taken = inspect.signature(stage).parameters
    stage(**{name: value for name, value in options.items() if name in taken and value is not None})


if __name__ == "__main__":
    # Waiting threads must not burn the cores that other programs need.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    main()
