"""Options that several commands have; see `tui.commands` for those of one."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui.cli import completion, values
from tui.drawing.kinds import BLOCKS

UNLESS_BEFORE = argparse.SUPPRESS
"""Default of what may also stand before the command: it does not replace what was given there."""


class Common:
    """The options of every command."""

    home: Path | None
    device: str | None
    blocks: str | None
    ahead: bool
    as_json: bool

    def __init__(self, given: Mapping[str, object]) -> None:
        vars(self).update(given)


class FoundingOptions(Common):
    """What a population is founded on."""

    name: str
    negative: str
    model: str | None
    size: tuple[int, int] | None
    seed: int | None
    steps: int | None
    guidance_scale: float | None
    sampler: str | None
    cut_guidance: float | None
    variety: float | None

    @property
    def founding(self) -> dict[str, Any]:
        """What all requests take that make a population."""
        return {name: getattr(self, name) for name in FoundingOptions.__annotations__}


class StartingOptions(Common):
    """How founders begin from pictures."""

    depth: float | None

    @property
    def starting(self) -> dict[str, Any]:
        """What requests take that begin from pictures; nothing where it was not given."""
        return {} if self.depth is None else {"depth": self.depth}


def home(parser: ArgumentParser, default: str | None = UNLESS_BEFORE) -> None:
    """Add --home."""
    parser.add_argument(
        "--home",
        type=Path,
        default=default,
        metavar="DIR",
        help="folder of the populations (default: $FANCIER_HOME, else your data folder)",
    )


def device(parser: ArgumentParser, default: str | None = UNLESS_BEFORE) -> None:
    """Add --device."""
    parser.add_argument(
        "--device",
        type=values.device,
        default=default,
        metavar="D[,D]",
        help="device to paint on: cuda, cuda:1, mps or cpu; separate several with commas to paint "
        "in parallel (default: $FANCIER_DEVICE, else the best one available)",
    )


def look(parser: ArgumentParser, default: str | None = UNLESS_BEFORE) -> None:
    """Add --blocks and its short forms; each later option replaces an earlier one."""
    parser.add_argument(
        "--blocks",
        choices=BLOCKS,
        default=default,
        help="how pictures are drawn (default: auto, the finest that the terminal supports)",
    )
    for name, blocks, text in (
        ("--ascii", "ascii", "draw pictures with ASCII characters only"),
        ("--no-images", "none", "describe pictures in words, for screen readers"),
    ):
        parser.add_argument(
            name, dest="blocks", action="store_const", const=blocks, default=default, help=text
        )


def painting_ahead(parser: ArgumentParser, default: bool | str = UNLESS_BEFORE) -> None:
    """Add --no-ahead."""
    parser.add_argument(
        "--no-ahead",
        dest="ahead",
        action="store_false",
        default=default,
        help="do not paint the next page ahead while you look at this one",
    )


def as_json(parser: ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument(
        "--json", dest="as_json", action="store_true", help="print one JSON object to stdout"
    )


def population(parser: ArgumentParser, text: str = "the population") -> None:
    """Add NAME."""
    action = parser.add_argument("name", metavar="NAME", help=text)
    completion.completed(action, completion.populations)


def founding(parser: ArgumentParser) -> None:
    """Add the options for what a population is founded on, besides its prompt."""
    parser.add_argument(
        "--negative", default="", metavar="TEXT", help="what to avoid in the pictures"
    )
    model = parser.add_argument(
        "--model",
        metavar="M",
        help="model to paint with: portraits, owner/name on the hub, a folder or a .safetensors "
        "file; M+LORA[:WEIGHT] adds a LoRA (default: portraits)",
    )
    completion.completed(model, completion.models)
    parser.add_argument(
        "--size",
        type=values.size,
        metavar="WxH",
        help="width and height in pixels (default: the model's own)",
    )
    parser.add_argument(
        "--seed",
        type=values.seed,
        metavar="S",
        help="random seed; the same seed gives the same pictures (default: random)",
    )
    parser.add_argument(
        "--steps", type=values.steps, metavar="N", help="sampler steps (default: the model's own)"
    )
    parser.add_argument(
        "--guidance-scale",
        type=values.guidance_scale,
        metavar="G",
        help="how strictly pictures follow the prompt (CFG scale), 1 to 30; 1 is off (default: the "
        "model's own)",
    )
    sampler = parser.add_argument(
        "--sampler",
        type=values.sampler,
        metavar="NAME",
        help="dpm++, euler, unipc or deis (default: what suits the model)",
    )
    completion.completed(sampler, completion.samplers)
    parser.add_argument(
        "--cut-guidance",
        type=values.cut_guidance,
        metavar="G",
        help="CLIP guidance over large and small crops at every step, e.g. 0.3; several times "
        "slower (default: off)",
    )
    parser.add_argument(
        "--variety",
        type=values.variety,
        metavar="V",
        help="random shift of the encoded words, 0.01 to 2, for models that paint nearly the same "
        "from any noise; 0 is off (default: as the model was found to need)",
    )


def author(parser: ArgumentParser) -> None:
    """Add --by."""
    parser.add_argument(
        "--by",
        default="script",
        metavar="WHO",
        help="name to record as the author (default: script)",
    )


def branch(parser: ArgumentParser, default: str = "the one last used") -> None:
    """Add --branch."""
    text = f"branch (default: {default})"
    action = parser.add_argument("--branch", metavar="B", help=text)
    completion.completed(action, completion.branches)


def as_of(parser: ArgumentParser) -> None:
    """Add --as-of."""
    parser.add_argument(
        "--as-of",
        metavar="COMMIT|TIME",
        help="use the state after a commit, or at a time (ISO 8601)",
    )


def starting(parser: ArgumentParser) -> None:
    """Add --depth, for founders that begin with pictures."""
    parser.add_argument(
        "--depth",
        type=values.depth,
        metavar="D",
        help="how far to depart from the picture: near 0 = almost the original, 1 = from pure "
        "noise (default: 0.5)",
    )
