"""Pictures that carry their recipe: PNG files from which the very same genome can be read again."""

from __future__ import annotations

import base64
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, PngImagePlugin

from evolve.archive import Picture
from evolve.errors import ArchiveError, FancierError
from evolve.genome import Genome

if TYPE_CHECKING:
    from populations.population import Population

KEY = "fancier"
"""PNG text chunk that holds the recipe."""

FORMAT = 1

LARGEST_SIDE = 16384
"""Pixels; a file that claims more is not one of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a PNG of ours says about itself."""

    individual: int
    """Its id in the population it comes from."""
    model: str
    genome: Genome
    picture: Picture


def write_png(file: Path, population: Population, individual: int) -> None:
    """Write the picture of a painted individual, with its recipe, as a PNG."""
    picture = population.picture(individual)
    if picture is None:
        raise ArchiveError(f"individual {individual} of '{population.name}' has no picture")
    birth, genome = population.births()[individual], population.genome(individual)
    noise = np.ascontiguousarray(genome.noise, dtype="<f2")
    recipe = {
        "format": FORMAT,
        "population": population.name,
        "individual": individual,
        "model": population.config["model"],
        "parents": list(birth.parents),
        "operator": birth.origin.operator,
        "params": dict(birth.origin.params),
        "genome": genome.to_json(),
        "noise": {
            "shape": list(noise.shape),
            "float16": base64.b64encode(noise.tobytes()).decode("ascii"),
        },
        "digest": genome.digest,
    }
    info = PngImagePlugin.PngInfo()
    info.add_itxt(KEY, json.dumps(recipe, ensure_ascii=False))
    Image.fromarray(picture).save(file, pnginfo=info)


def read_recipe(file: Path) -> Recipe:
    """Read a PNG that `write_png` wrote.

    Raises:
        ArchiveError: There is no such file, it is no picture, or it holds no (or no whole) recipe.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a decompression bomb is an error
            with Image.open(file, formats=["PNG"]) as image:
                if max(image.size) > LARGEST_SIDE:
                    raise ValueError("it is too large")
                picture = np.asarray(image.convert("RGB"))
                text = image.text.get(KEY)  # type: ignore[attr-defined]
    except FileNotFoundError:
        raise ArchiveError(f"there is no file {file}") from None
    except Exception as error:  # whatever a damaged file makes the decoder raise
        raise ArchiveError(f"{file} cannot be read as a PNG: {error}") from error
    if text is None:
        raise ArchiveError(f"{file} carries no recipe: it was not exported by fancier, or edited")
    try:
        return _parse(json.loads(text), picture)
    except (FancierError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"the recipe in {file} is damaged: {error}") from error


def _parse(data: Mapping[str, Any], picture: Picture) -> Recipe:
    if data["format"] > FORMAT:
        raise ValueError("it was written by a newer fancier")
    channels, height, width = (int(n) for n in data["noise"]["shape"])
    values = np.frombuffer(base64.b64decode(data["noise"]["float16"], validate=True), "<f2")
    noise = values.reshape(channels, height, width).astype(np.float16)
    genome = Genome.from_json(data["genome"], noise)
    if genome.digest != data["digest"]:
        raise ValueError("its parts do not belong together")
    return Recipe(
        individual=int(data["individual"]),
        model=str(data["model"]),
        genome=genome,
        picture=picture,
    )
