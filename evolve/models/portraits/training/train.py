"""Trains the embedded model, stage by stage.

    python -m evolve.models.portraits.training.train STAGE --work DIR

in this order: data, clip, words, vae, latents, critic, unet (as long as you like), then decoder and
vision (refine what the UNet does not depend on), export. `adopt` takes in weights that were trained
elsewhere, so that later stages go on from them.

Every stage is seeded, saves what it has to DIR and goes on from there when called again. `data`
needs node and the packages of `data/package.json` (`npm install` there); nothing else does.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def main() -> None:
    """Runs the stage named on the command line."""
    parser = argparse.ArgumentParser(description="Trains the embedded model `portraits`.")
    stages = ["data", "clip", "words", "vae", "latents", "critic", "unet"]
    stages += ["vision", "decoder", "adopt", "export"]
    parser.add_argument("stage", choices=stages)
    parser.add_argument("--work", type=Path, required=True, help="folder for data and checkpoints")
    parser.add_argument("--steps", type=int, help="train up to this many steps")
    parser.add_argument("--batch", type=int, help="pictures per step")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=39000, help="data: how many faces")
    parser.add_argument("--modules", type=Path, help="data: folder that holds node_modules")
    parser.add_argument("--weights", type=Path, help="adopt: folder of safetensors")
    parser.add_argument("--to", type=Path, help="export: folder (default: the package's weights)")
    args = parser.parse_args()

    given = {k: v for k, v in (("steps", args.steps), ("batch", args.batch)) if v}
    if args.stage == "data":
        from evolve.models.portraits.training.dataset import RECIPE, compose

        compose(args.work / "data", args.count, args.seed, args.modules or RECIPE)
    elif args.stage in ("vae", "decoder"):
        from evolve.models.portraits.training.train_vae import train_vae

        train_vae(args.work, seed=args.seed, decoder_only=args.stage == "decoder", **given)
    elif args.stage in ("clip", "vision"):
        from evolve.models.portraits.training.train_clip import train_clip

        train_clip(args.work, seed=args.seed, vision_only=args.stage == "vision", **given)
    elif args.stage == "words":
        from evolve.models.portraits.training.train_words import train_words

        train_words(args.work, seed=args.seed, **given)
    elif args.stage == "latents":
        from evolve.models.portraits.training.latents import cache_latents

        cache_latents(args.work)
    elif args.stage == "critic":
        from evolve.models.portraits.training.critic import train_critic

        train_critic(args.work, seed=args.seed)
    elif args.stage == "unet":
        from evolve.models.portraits.training.train_unet import train_unet

        train_unet(args.work, seed=args.seed, **given)
    elif args.stage == "adopt":
        from evolve.models.portraits.training.adopt import adopt

        if args.weights is None:
            parser.error("adopt needs --weights FOLDER")
        adopt(args.work, args.weights)
    else:
        from evolve.models.portraits import WEIGHTS
        from evolve.models.portraits.training.export import export

        export(args.work, args.to or WEIGHTS)


if __name__ == "__main__":
    # Waiting threads must not burn the cores that other programs need.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    main()
