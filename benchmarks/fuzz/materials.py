"""What inputs are made of: a small population, values that make no sense, forged chunks."""

import contextlib
import json
import random
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import google_crc32c
import numpy as np
from numcodecs.vlen import VLenUTF8
from numcodecs.zstd import Zstd
from small_population import CONFIG, PROMPT, SHAPE

from evolve import Search
from evolve.session.archive import Judgement, Render, Score
from populations import Population
from populations.format.columns.chunks import decoder, dtype_of
from populations.format.header import group_file, sealed
from populations.format.schema import TABLES, Column

ROOT = "population.zarr/zarr.json"

VALUES: tuple[Any, ...] = (
    *(0, 1, -1, 2, 255, 10**3, 10**6, 2**31 - 1, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64),
    *(10**12, 10**18, 10**30, -(10**18), 10**400, 0.5, -0.0, 1e308, float("nan"), float("inf")),
    *(None, True, False, "", "a", "x" * 70000, "../..", "/etc/passwd", "\x1b[2J", "\0", "\ud800"),
    *("1", "1e9", "a\nb", [], {}, [[]], [0], [-1], [10**9] * 3, {"a": 1}, [None], {"": ""}),
)
"""What stands in the place of a value."""


def build(home: Path, name: str = "demo", *, page_size: int = 6) -> Path:
    """Make a population of two generations in which every table has rows; return its folder."""
    search = Search(seed=1, prompt=PROMPT, shape=SHAPE)
    noise = np.random.default_rng(1)
    with Population.create(home, name, {**CONFIG, "page": page_size}) as population:
        for _ in range(2):
            page = search.ask(page_size)
            population.append(page)
            pictures = noise.integers(0, 256, (page_size, 16, 16, 3), dtype=np.uint8)
            ids = [i.id for i in page]
            population.append(
                [Render(individual=i, picture=p) for i, p in zip(ids, pictures, strict=True)]
            )
            population.append([Score(individual=i, scorer="clip", value=i / 7) for i in ids])
            population.append(
                [Judgement(individual=i, kind="rate", value=1 + i % 5, page=0) for i in ids]
            )
        population.append([population.plan()])
        population.fork("other", at=3)
    return Path(home) / name


def files_of(path: Path) -> dict[str, bytes]:
    """Return the files of a population, as a parcel names them."""
    root = path / "population.zarr"
    found = sorted(f for f in root.rglob("*") if f.is_file())
    return {f.relative_to(path).as_posix(): f.read_bytes() for f in found}


def altered(chance: random.Random, value: Any) -> Any:
    """Return plain JSON with another value somewhere in it."""
    if isinstance(value, dict) and value and chance.random() < 0.95:
        key = chance.choice(sorted(value))
        dice = chance.random()
        if dice < 0.04:
            return {k: v for k, v in value.items() if k != key}
        if dice < 0.07:
            return {**value, str(chance.choice(VALUES)): chance.choice(VALUES)}
        return {**value, key: altered(chance, value[key])}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        return [*value[:place], altered(chance, value[place]), *value[place + 1 :]]
    if isinstance(value, int) and not isinstance(value, bool) and chance.random() < 0.3:
        return value + chance.choice((1, -1, 7, 10**6, 10**12))
    return chance.choice(VALUES)


def dumped(value: Any) -> bytes:
    """Return JSON as text that UTF-8 can hold."""
    return json.dumps(value).encode("utf-8", "surrogatepass")


def header(chance: random.Random, data: bytes) -> tuple[bytes, str]:
    """Return the file of a root group with something else in it, mostly sealed, and what."""
    attributes: Any = json.loads(data)["attributes"]
    for _ in range(chance.choice((1, 1, 2, 4))):
        part = chance.choice(("commit", "commit", "config", ""))
        if isinstance(attributes, dict) and part in attributes:
            attributes = {**attributes, part: altered(chance, attributes[part])}
        else:
            attributes = altered(chance, attributes)
    what = repr(attributes.get("commit") if isinstance(attributes, dict) else attributes)[:120]
    if isinstance(attributes, dict) and chance.random() < 0.95:
        with contextlib.suppress(TypeError, ValueError):
            attributes = sealed(attributes)
    return dumped({"attributes": attributes, "zarr_format": 3, "node_type": "group"}), what


def without_sums(data: bytes) -> bytes:
    """Return the file of a root group that says nothing of the sums of its columns."""
    attributes = json.loads(data)["attributes"]
    commit = {**attributes["commit"], "sums": {}}
    return group_file(sealed({**attributes, "commit": commit}))


def column_of(name: str) -> Column | None:
    """Return the column that a file of a parcel is a chunk of."""
    parts = name.split("/")
    if len(parts) != 4 or parts[1] not in TABLES or not parts[3].startswith("c."):
        return None
    return next((c for c in TABLES[parts[1]] if c.name == parts[2]), None)


def crc(body: bytes) -> bytes:
    """Return a chunk with the checksum that it ends with."""
    return body + google_crc32c.value(body).to_bytes(4, "little")


def forged(chance: random.Random, name: str, data: bytes) -> bytes:
    """Return a chunk that decodes, with values in it that make no sense."""
    column = column_of(name)
    if column is None:
        return crc(chance.randbytes(max(0, len(data) - 4)))
    values = decoder(column)(data).copy()
    if column.dtype == "string":
        texts = values.tolist()
        for _ in range(chance.choice((1, 3))):
            texts[chance.randrange(min(len(texts), 12))] = _text(chance, texts[0])
        texts = [t.encode("utf-8", "replace").decode() for t in texts]
        body = bytes(VLenUTF8().encode(np.array(texts, object)))
    else:
        flat = values.reshape(-1)
        for _ in range(chance.choice((1, 3, 20))):
            place = chance.randrange(min(len(flat), 12 * max(1, flat.size // len(values))))
            flat[place] = _number(chance, dtype_of(column))
        body = values.tobytes()
    return crc(bytes(Zstd(level=1).encode(body)) if column.compressed else body)


def _text(chance: random.Random, text: str) -> str:
    try:
        document = json.loads(text)
        return json.dumps(altered(chance, document))
    except (ValueError, RecursionError):
        return chance.choice(("", "[" * 5000, "{}", "null", "x" * 10**5, "\x1b]0;x\a", "é\0"))


def _number(chance: random.Random, dtype: np.dtype[Any]) -> Any:
    if dtype.kind in "iuM":
        size = 8 * dtype.itemsize - (dtype.kind != "u")
        low = 0 if dtype.kind == "u" else -(2**size)
        number = chance.choice((low, 2**size - 1, 0, 1, -1 if low else 2, 7, 12, 10**4, 2**31 - 1))
        return np.array(max(low, min(2**size - 1, number))).astype(dtype)
    return chance.choice((float("nan"), float("inf"), -1.0, 1e300, 0.0))


@cache
def _large() -> bytes:
    return bytes(Zstd(level=1).encode(bytes(1 << 30)))


BOMBS: dict[str, Callable[[bytes], bytes]] = {
    "a frame of 1 GiB": lambda body: _large(),
    "a skippable frame before 1 GiB": lambda b: (
        struct.pack("<II", 0x184D2A50, 4) + b"abcd" + _large()
    ),
    "a small frame before 1 GiB": lambda body: body + _large(),
    "many frames": lambda body: body * 500,
    "a frame that is cut": lambda body: body[: len(body) // 2],
    "a frame without a size": lambda body: b"\x28\xb5\x2f\xfd\x00\x58" + body[6:],
    "a frame that says 2^62": lambda body: b"\x28\xb5\x2f\xfd\xe0" + (2**62).to_bytes(8, "little"),
    "nothing": lambda body: b"",
}
"""What is put in the place of a compressed body, with a checksum that is right."""


def bomb(chance: random.Random, data: bytes) -> tuple[bytes, str]:
    """Return a chunk that decodes to more than it looks, and how."""
    how = chance.choice(sorted(BOMBS))
    return crc(BOMBS[how](data[:-4])), how
