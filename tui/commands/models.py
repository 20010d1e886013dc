"""`fancier models`: what can paint."""

from __future__ import annotations

from typing import Any

from evolve.models.catalog import ModelCard, describe, known
from tui.output import say, table
from tui.vocabulary import of_model


def run(args: Any) -> int:
    """List the models, or tell more about one."""
    cards = [describe(args.model)] if args.model else known()
    data = {"models": [_plain(card) for card in cards]}
    if args.as_json:
        say(args, data, "")
    elif args.model:
        _print_one(cards[0])
    else:
        table(
            ["name", "kind", "pixels", "size", "licence"],
            [
                [
                    c.name,
                    c.kind,
                    f"{c.pixels[1]}x{c.pixels[0]}",
                    f"{c.bytes / 1e6:.0f} MB",
                    c.licence,
                ]
                for c in cards
            ],
        )
        print("Any folder that holds a StableDiffusionPipeline works too: --model PATH")
    return 0


def _plain(card: ModelCard) -> dict[str, Any]:
    return {
        "name": card.name,
        "kind": card.kind,
        "licence": card.licence,
        "bytes": card.bytes,
        "latent": list(card.latent),
        "pixels": list(card.pixels),
        "steps": card.settings.steps,
        "guidance_scale": card.settings.guidance_scale,
    }


def _print_one(card: ModelCard) -> None:
    print(f"{card.name} ({card.kind}), {card.bytes / 1e6:.0f} MB, {card.licence}")
    if "description" in card.extra:
        print(card.extra["description"])
    print(f"paints {card.pixels[1]}x{card.pixels[0]} pixels in {card.settings.steps} steps")
    if topics := of_model(card):
        print("\nIt knows these words:")
        for topic, words in topics.items():
            print(f"  {topic}: {', '.join(words)}")
