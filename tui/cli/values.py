"""Values of arguments: text in, a checked value or a one-line error out."""

from __future__ import annotations

import argparse
import os
import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from evolve.errors import FancierError
from evolve.judgements import RATINGS
from evolve.rendering.process.workers import Workers, parse_workers

if TYPE_CHECKING:  # numpy comes with it
    from evolve.genome.masks import Box


def fitness(text: str) -> str:
    """Return what judges pictures, as it was typed, if it can be understood."""
    # Numpy comes with these.
    from evolve.scoring.added import require
    from evolve.scoring.fitness_text import parse

    try:
        for one in parse(text).ones:
            if one.kind == "added":
                require(one.text or "")
    except FancierError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def point(text: str) -> tuple[str, int]:
    """Return where to branch off: `("commit", n)` for `@n`, else `("at", id)`."""
    if text.startswith("@"):
        return "commit", whole(text[1:], 0, 2**62)
    return "at", individual(text)


def address(text: str) -> str:
    """Read the address of a web server: scheme, host and maybe a port, and no path."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
    except ValueError:
        whole = None
    if not whole or text.rstrip("/") != f"{parts.scheme}://{parts.netloc}" or "@" in text:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not an address like https://images.example.org"
        )
    usual = {"http": 80, "https": 443}[parts.scheme]
    return text.rstrip("/").lower().removesuffix(f":{usual}")  # as browsers send it


def device(text: str) -> str:
    """Return the devices to paint on, as they were typed; empty for the best one.

    Raises:
        ModelError: One of them is not the name of a device.
    """
    from evolve.models.machine.devices import named_devices  # only where a device is named

    named_devices(text)
    return text


def workers(text: str) -> Workers:
    """Return what paints: a number of processes here, or a cluster."""
    try:
        return parse_workers(text)
    except FancierError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def whole(text: str, low: int, high: int) -> int:
    """Return a whole number between `low` and `high`."""
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number") from None
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{value} is not between {low} and {high}")
    return value


def distance(text: str) -> float:
    """Return how far a picture is to be from another, by name or as a number."""
    from evolve.search.sized.sizes import size_of  # numpy comes with it

    try:
        return size_of(text)
    except FancierError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def steps(text: str) -> int:
    """Return a number of sampler steps, within the range of the gene."""
    from evolve.genome.settings import GENES  # numpy comes with it

    return whole(text, int(GENES["steps"].low), int(GENES["steps"].high))


def sampler(text: str) -> str:
    """Return the name of a sampler."""
    from evolve.genome.settings import SAMPLERS  # numpy comes with it

    if text.lower() not in SAMPLERS:
        raise argparse.ArgumentTypeError(f"unknown sampler '{text}': use {', '.join(SAMPLERS)}")
    return text.lower()


def variety(text: str) -> float:
    """Return how far words are shifted, within the range of the gene; 0 for not at all."""
    return 0.0 if text.strip() in ("0", "0.0") else _gene("variety", text)


def _gene(name: str, text: str) -> float:
    from evolve.genome.settings import GENES  # numpy comes with it

    return number(text, GENES[name].low, GENES[name].high)


def individual(text: str) -> int:
    """Return the id of an individual, which may be written as everywhere else: #3."""
    return whole(text.removeprefix("#"), 0, 2**62)


def place(text: str) -> Path | Box:
    """Return a box, or the file of a mask."""
    if text.count(",") == 3 and not Path(text).is_file():
        return region(text)
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(
            f"there is no file '{text}': give a mask as a picture, or a box like 0.3,0.6,0.7,0.9"
        )
    return Path(text)


def dropped(text: str) -> tuple[Path, ...]:
    """Return the files in a text, quoted as terminals do where they are dropped; or as they are."""
    if not text:
        return ()
    whole = os.path.expanduser(text)  # pathlib's would raise where there is no such ~user
    if os.path.exists(whole):
        return (Path(whole),)
    try:
        return tuple(Path(os.path.expanduser(part)) for part in shlex.split(text))
    except ValueError:  # a quote that is not closed
        return (Path(whole),)


def region(text: str) -> Box:
    """Return left, top, right and bottom of a box, in shares or pixels."""
    parts = text.split(",")
    if len(parts) != 4:
        raise argparse.ArgumentTypeError(f"'{text}' is not X0,Y0,X1,Y1, like 0.3,0.6,0.7,0.9")
    left, top, right, bottom = (number(part, 0, 8192) for part in parts)
    return left, top, right, bottom


def number(text: str, low: float, high: float) -> float:
    """Return a number between `low` and `high`."""
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number") from None
    if not low <= value <= high:  # also refuses nan
        raise argparse.ArgumentTypeError(f"{text} is not between {low:g} and {high:g}")
    return value


def ids(text: str) -> tuple[int, ...]:
    """Return the ids between commas."""
    ids = tuple(individual(part.strip()) for part in text.split(",") if part.strip())
    if not ids:
        raise argparse.ArgumentTypeError("no ids given")
    return ids


def rating(text: str) -> tuple[int, int]:
    """Return the individual and the rating of `ID=VALUE`."""
    rated, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not ID=VALUE, like 7=4")
    return individual(rated), whole(value, 0, RATINGS[-1])


def size(text: str) -> tuple[int, int]:
    """Return width and height in pixels."""
    width, times, height = text.lower().partition("x")
    if not times:
        raise argparse.ArgumentTypeError(f"'{text}' is not WxH, like 128x128")
    return whole(width, 8, 8192), whole(height, 8, 8192)


count = partial(whole, low=1, high=1_000_000)
"""How many of something."""
port = partial(whole, low=1, high=65535)
"""The number of a network port."""
seed = partial(whole, low=0, high=2**63 - 1)
megabytes = partial(whole, low=0, high=10**9)
minutes = partial(number, low=0.01, high=100_000)
degrees = partial(number, low=0, high=90)
depth = partial(number, low=0.01, high=1)
guidance_scale = partial(_gene, "guidance_scale")
cut_guidance = partial(_gene, "cut_guidance")
