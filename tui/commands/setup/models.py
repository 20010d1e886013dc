"""`fancier models`: what can paint."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from evolve.errors import ModelError
from evolve.models.families import noise_schedule
from tui.cli import completion, fetching, opening, options
from tui.cli.output import UsageError, complain, say, table, tell

if TYPE_CHECKING:
    from evolve.models.catalog import ModelCard

SUMMARY = "list the models, or download one"


class Options(options.Common):
    model: str | None
    get: bool


def declare(parser: ArgumentParser) -> None:
    model = parser.add_argument(
        "model", nargs="?", metavar="MODEL", help="show this model in detail"
    )
    completion.completed(model, completion.models)
    parser.add_argument(
        "--get", action="store_true", help="download or update it from the hub first"
    )
    options.as_json(parser)


def run(args: Options) -> int:
    """List the models, show one in detail, or get it from the hub first."""
    from evolve.models.catalog import describe, known

    if args.get:
        if not args.model:
            raise UsageError("name the model to get: owner/name")
        fetching.fetch_newest(args.model)
    used = _used(args)
    if args.model:
        cards = [describe(args.model)]
    else:
        cards = known()
        cards += [c for c in map(_described, sorted(set(used) - {c.name for c in cards})) if c]
    if args.as_json:
        say(args, {"models": [_plain(card, used.get(card.name, [])) for card in cards]}, "")
    elif args.model:
        _print_one(cards[0], used.get(cards[0].name, []))
    else:
        _print_all(cards, used)
    return 0


def _used(args: Options) -> dict[str, list[str]]:
    """Return the populations of each model that has some, by its recorded name."""
    from populations import list_populations

    used: dict[str, list[str]] = {}
    for population in list_populations(opening.home_at(args.home)):
        if population["model"] is not None:
            used.setdefault(population["model"], []).append(population["name"])
    return used


def _described(name: str) -> ModelCard | None:
    from evolve.models.catalog import describe

    try:
        return describe(name)
    except ModelError as error:
        complain(error)
        return None


def _plain(card: ModelCard, populations: list[str]) -> dict[str, Any]:
    return {
        "name": card.name,
        "kind": card.kind,
        "pipeline": card.pipeline,
        "licence": card.licence,
        "bytes": card.bytes,
        "latent": list(card.latent),
        "pixels": list(card.pixels),
        "steps": card.settings.steps,
        "guidance_scale": card.settings.guidance_scale,
        "sampler": card.settings.sampler,
        "measured": [
            {key: trial.get(key) for key in ("device", "dtype", "rows", "one_by_one", "seconds")}
            for trial in _trials(card)
        ],
        "populations": populations,
    }


def _print_all(cards: list[ModelCard], used: dict[str, list[str]]) -> None:
    from evolve.models.hub.cache import SHORT

    table(
        ["name", "kind", "pixels", "size", "populations", "licence"],
        [
            [
                re.sub(rf"(@[0-9a-f]{{{SHORT}}})[0-9a-f]{{{40 - SHORT}}}", r"\1", card.name),
                card.kind,
                f"{card.pixels[1]}x{card.pixels[0]}",
                _size(card),
                len(used.get(card.name, ())) or "",
                card.licence,
            ]
            for card in cards
        ],
        cut=["licence"],
        spare=["licence", "kind", "pixels"],
    )
    tell(
        "Others: --model owner/name (on the hub), a folder with a diffusers pipeline, or a "
        ".safetensors file; with +LORA behind it. 'fancier models MODEL' shows one in detail."
    )


def _print_one(card: ModelCard, populations: list[str]) -> None:
    from evolve.models.words.vocabulary import vocabulary_of

    tell(f"{card.name} ({card.kind}), {_size(card)}, {card.licence}")
    if card.description:
        tell(card.description)
    settings, (channels, height, width) = card.settings, card.latent
    lines = {
        "pipeline": card.pipeline + (f", {card.variant} weights" if card.variant else ""),
        "files": str(card.folder),
        "paints": f"{card.pixels[1]}x{card.pixels[0]} pixels, others in multiples of {card.unit}",
        "noise": f"{channels} channels of {width}x{height}",
        "founders": f"{settings.steps} steps of {settings.sampler}, "
        f"guidance {settings.guidance_scale:g}",
        "LoRA": "; ".join(
            f"{file}, weight {weight:g}"
            for file, weight in zip(card.loras, settings.loras, strict=True)
        ),
        "weights": _quantised(card),
        "schedule": noise_schedule.described(card.schedule),
        "seeds": _seeds(card),
        "here": _here(card),
        "used by": ", ".join(populations),
    }
    for name, text in lines.items():
        if text:
            tell(f"  {name:<9} {text}")
    if topics := vocabulary_of(card):
        tell("\nWords it knows, in any order, with or without commas:")
        for topic, words in topics.items():
            tell(f"  {topic.replace('_', ' ')}: {', '.join(words)}")
        for example in card.examples:
            tell(f"for example: {example}")


def _trials(card: ModelCard) -> list[Mapping[str, Any]]:
    from populations.studio.models.measured import trials_of

    return trials_of(card)


def _seeds(card: ModelCard) -> str:
    """Return whether the seed hardly matters, as it was found when the model was tried."""
    from populations.studio.models.measured import needed_variety

    needed = needed_variety(card)
    return f"hardly matter: new populations get --variety {needed:g}" if needed else ""


def _quantised(card: ModelCard) -> str:
    """Return by which libraries its weights are quantised."""
    from evolve.models.files.configs import QUANTISED
    from evolve.models.fitting import quantised

    methods = quantised.methods_of(card)
    named = "; ".join(f"{QUANTISED[m]} ({part})" for part, m in methods.items())
    return f"quantised by {named}" if named else ""


def _here(card: ModelCard) -> str:
    """Return how the model is painted with on this machine, as it was last found to be best."""
    trials = _trials(card)
    if not trials:
        return "not measured yet: the best batch size is measured the first time it runs"
    last = trials[-1]
    how = f"on {last.get('device')} in {last.get('dtype')}, "
    rows, seconds = last.get("rows"), last.get("seconds") or {}
    if rows is None:
        return f"{how}one by one: {last.get('one_by_one')}"
    taken = seconds.get(str(rows))
    speed = f", {rows / taken:.3g} rows per second" if taken else ""
    return f"{how}{rows} rows per batch{speed}"


def _size(card: ModelCard) -> str:
    return f"{card.bytes / 1e6:.0f} MB" if card.bytes < 1e9 else f"{card.bytes / 1e9:.1f} GB"
