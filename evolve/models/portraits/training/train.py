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
import os
from pathlib import Path

from evolve.errors import ModelError
from evolve.models.machine.devices import require_present
from evolve.models.portraits.training.learning.pace import BATCHES

COUNT = 39000
"""Faces of the data, if no other number is given."""
TIMED = BATCHES.keys() - {"latents"}
"""Stages that can be trained for a given time."""


def main() -> None:
    """Runs the stage named on the command line."""
    parser = argparse.ArgumentParser(description="Trains the embedded model `portraits`.")
    stages = ["data", "clip", "words", "vae", "latents", "critic", "unet"]
    stages += ["captions", "vision", "decoder", "adopt", "export"]
    stages += ["pack", "unpack", "everything"]
    parser.add_argument("stage", choices=stages)
    parser.add_argument("--work", type=Path, help="folder for data and checkpoints")
    parser.add_argument("--steps", type=int, help="train up to this many steps")
    parser.add_argument("--batch", type=int, help="pictures per step")
    parser.add_argument("--shipped", action="store_true", help="vae: go on from the shipped one")
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
    """Runs one stage."""
    work, device, seed = args.work, args.device, args.seed
    match args.stage:
        case "data":
            from evolve.models.portraits.training.faces.dataset import RECIPE, compose

            compose(work / "data", args.count or COUNT, seed, args.modules or RECIPE)
        case "pack":
            from evolve.models.portraits.training.faces.dataset import RECIPE
            from evolve.models.portraits.training.faces.drawings import pack

            count, modules = args.count or COUNT, args.modules or RECIPE
            pack(args.bundle, count, seed, modules, args.python)
        case "unpack":
            from evolve.models.portraits.training.faces.drawings import unpack

            unpack(args.bundle, work / "data", args.count)
        case "everything":
            from evolve.models.portraits.training.stages.everything import everything

            everything(
                work, args.bundle, args.to, args.minutes,
                device=device, count=args.count, batch=args.batch, seed=seed,
            )  # fmt: skip
        case "captions":
            from evolve.models.portraits.training.words.drawn_captions import draw_captions

            draw_captions(work, seed=seed)
        case "adopt":
            from evolve.models.portraits.training.stages.hand_over import adopt

            adopt(work, args.weights)
        case "export":
            from evolve.models.portraits import WEIGHTS
            from evolve.models.portraits.training.stages.export import export

            export(work, args.to or WEIGHTS)
        case stage:
            learn(stage, args)


def learn(stage: str, args: argparse.Namespace) -> None:
    """Runs a stage in which a network learns, or its latents are computed."""
    work, device, seed = args.work, args.device, args.seed
    batch = args.batch or (None if device == "cpu" else BATCHES.get(stage))
    given = {"steps": args.steps, "batch": batch, "rate": args.rate}
    given = {name: value for name, value in given.items() if value}
    there = {"device": device, "minutes": args.minutes, "seed": seed}
    match stage:
        case "vae" | "decoder":
            from evolve.models.portraits.training.stages.train_vae import train_vae

            given["decoder_only"] = stage == "decoder"
            train_vae(work, shipped=args.shipped, **given, **there)
        case "clip" | "vision":
            from evolve.models.portraits.training.stages.train_clip import train_clip

            train_clip(work, seed=seed, vision_only=stage == "vision", **given)
        case "words":
            from evolve.models.portraits.training.stages.train_words import train_words

            train_words(work, seed=seed, **given)
        case "latents":
            from evolve.models.portraits.training.stages.latents import cache_latents

            cache_latents(work, device, batch or 32)
        case "critic":
            from evolve.models.portraits.training.stages.critic import train_critic

            train_critic(work, batch=batch or 64, **there)
        case _:
            from evolve.models.portraits.training.stages.train_unet import train_unet

            train_unet(work, **given, **there)


if __name__ == "__main__":
    # Waiting threads must not burn the cores that other programs need.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    main()
