"""Pictures that carry their recipe: PNG files from which the same genome can be read again.

The recipe is one JSON text, with arrays in base64. Format 1 knew no edits, no record and no digest
of the picture; it can always be read. Beside it stands the text that other programs read.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from evolve.errors import ArchiveError, FancierError
from evolve.genome import Genome
from evolve.genome.edit import Base
from evolve.genome.prompt import BASED
from evolve.session.archive import Picture
from evolve.text import acts, escaped
from populations.exchange import parameters_text
from populations.exchange.picture_file import MALFORMED, Outside, read_picture
from populations.format import picture_bytes

if TYPE_CHECKING:
    from populations.core.population import Population

KEY = "fancier"
"""PNG text chunk that holds the recipe."""
COMMENT = "Comment"
"""PNG text chunk that holds a note; other programs show it."""

FORMAT = 3
"""Of recipes with genes that programs of format 2 would not see; all others have format 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The recipe in a PNG of fancier."""

    population: str
    individual: int
    """Its id in the population it comes from."""
    model: str
    genome: Genome
    picture: Picture
    untouched: bool | None
    """Whether the picture is the one that was exported; None if unknown."""
    record: Mapping[str, Any]
    """What else its pixels follow from; empty if not known."""
    note: str = ""
    """What a person wrote on it."""


def seed_of(population: Population, individual: int) -> int:
    """Return the seed that an individual came with, or that of its population."""
    return int(population.births()[individual].origin.params.get("seed", population.seed))


def in_words(population: Population, individual: int) -> str:
    """Return the recipe of an individual as text that people read and other programs take."""
    width, height = population.config.get("size", (0, 0))
    with contextlib.suppress(ArchiveError):
        if (picture := population.picture(individual)) is not None:
            height, width = picture.shape[:2]
    return parameters_text.write(
        population.genome(individual),
        (width, height),
        population.model,
        seed_of(population, individual),
        Population=population.name,
        Individual=individual,
    )


def file_name(population: Population, individual: int) -> str:
    """Return what the picture of an individual is called in a folder of pictures."""
    return f"{population.name}-{individual:05d}.png"


def write_png(file: Path | BinaryIO, population: Population, individual: int) -> None:
    """Write the picture of a painted individual, with its recipe, as a PNG."""
    picture = population.painted(individual)
    birth, genome = population.births()[individual], population.genome(individual)
    note = population.notes().get(individual, "")
    recipe = {
        "format": FORMAT if genome.prompt.rule in BASED or genome.variety else 2,
        "population": population.name,
        "individual": individual,
        "model": population.model,
        "parents": list(birth.parents),
        "operator": birth.origin.operator,
        "params": dict(birth.origin.params),
        "genome": genome.to_json(),
        "noise": _packed(genome.noise),
        "base": _packed_base(genome.edit.base) if genome.edit else None,
        "digest": genome.digest,
        "picture": _digest(picture),
        "record": dict(population.record(individual)),
        "note": note,
    }
    info = PngImagePlugin.PngInfo()
    info.add_itxt(KEY, escaped(json.dumps(recipe, ensure_ascii=False)))
    if note:
        info.add_itxt(COMMENT, note)
    size = (picture.shape[1], picture.shape[0])
    seed = seed_of(population, individual)
    info.add_itxt(parameters_text.KEY, parameters_text.write(genome, size, population.model, seed))
    Image.fromarray(picture).save(file, "PNG", pnginfo=info)


def read_recipe(file: Path) -> Recipe:
    """Read a PNG that `write_png` wrote.

    Raises:
        ArchiveError: There is no such file, it is no picture, or it holds no (or no whole) recipe.
    """
    outside = read_picture(file)
    recipe = recipe_of(file, outside)
    if recipe is None:
        raise ArchiveError(
            f"'{file}' carries no recipe: it was not exported by fancier, or edited since"
        )
    return recipe


def recipe_of(file: Path, outside: Outside) -> Recipe | None:
    """Return the recipe in a file that was read already, None if it carries none."""
    if KEY not in outside.texts:
        return None
    try:
        return _parse(json.loads(outside.texts[KEY]), np.asarray(outside.image))
    except (FancierError, *MALFORMED) as error:
        raise ArchiveError(f"the recipe in '{file}' is damaged: {error}") from error


def _parse(data: Mapping[str, Any], picture: Picture) -> Recipe:
    if data["format"] > FORMAT:
        raise ValueError("it was written by a newer fancier")
    if any(map(acts, _texts_in(data))):  # they would be another genome's without them
        raise ValueError("it contains control characters")
    base = data.get("base")
    genome = Genome.from_json(
        data["genome"],
        _unpacked(data["noise"]),
        None if base is None else _unpacked_base(base, picture),
    )
    if genome.digest != data["digest"]:
        raise ValueError("its parts do not belong together")
    return Recipe(
        population=str(data["population"]),
        individual=int(data["individual"]),
        model=str(data["model"]),
        genome=genome,
        picture=picture,
        untouched=None if "picture" not in data else data["picture"] == _digest(picture),
        record=dict(data.get("record", {})),
        note=str(data.get("note", "")),
    )


def _texts_in(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield str(key)
            yield from _texts_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts_in(value)


def _packed(array: NDArray[np.float16]) -> dict[str, Any]:
    plain = np.ascontiguousarray(array, dtype="<f2").tobytes()
    return {"shape": list(array.shape), "float16": base64.b64encode(plain).decode("ascii")}


def _unpacked(data: Mapping[str, Any]) -> NDArray[np.float16]:
    channels, height, width = (int(n) for n in data["shape"])
    values = np.frombuffer(base64.b64decode(data["float16"], validate=True), "<f2")
    return values.reshape(channels, height, width).astype(np.float16)


def _packed_base(base: Base) -> dict[str, Any]:
    picture = None
    if base.picture is not None:
        picture = base64.b64encode(picture_bytes.encode(base.picture)).decode("ascii")
    return {"latent": _packed(base.latent), "picture": picture}


def _unpacked_base(data: Mapping[str, Any], painted: Picture) -> Base:
    if data["picture"] is None:
        return Base(_unpacked(data["latent"]))
    encoded = base64.b64decode(data["picture"], validate=True)
    with Image.open(io.BytesIO(encoded), formats=("WEBP", "PNG")) as image:
        if image.size != painted.shape[1::-1]:  # before it is decoded: it may be huge
            raise ValueError("what it starts from has another size")
    return Base(_unpacked(data["latent"]), picture_bytes.decode(encoded))


def _digest(picture: Picture) -> str:
    return hashlib.sha256(repr(picture.shape).encode() + picture.tobytes()).hexdigest()
