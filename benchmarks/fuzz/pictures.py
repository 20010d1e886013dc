"""Pictures of other programs and of fancier, with other texts, chunks and bytes."""

import io
import json
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from small_population import CONFIG, SHAPE

from benchmarks.foreign import written
from benchmarks.fuzz import materials
from evolve.genome import Prompt
from evolve.genome.edit import Base
from evolve.genome.prompt import MIXED
from evolve.search.individual import Individual
from evolve.session.archive import Picture
from populations import Population
from populations.exchange.importing import Founding, read
from populations.exchange.recipe import write_png

_PIECES = (
    *("(", ")", "[", "]", "{", "}", "<", ">", "|", ":", "::", "\\", '"', ",", "\n", " ", "-"),
    *("AND", "BREAK", ":1.2", "<lora:a:1>", "embedding:x", ".blend(1)", ".swap(", "Steps: 9"),
    *("Negative prompt:", "\0", "\x1b[2J", "\ud800".encode("utf-8", "replace").decode(), "猫"),
)
_KINDS = (b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf", b"IDAT", b"PLTE", b"tRNS", b"acTL", b"gAMA")


def encode(given: Picture) -> Base:
    """Bring a picture into latents, without a model."""
    return Base(np.zeros(SHAPE, np.float16), given)


class Target:
    """Pictures with altered recipes, of fancier and of other programs."""

    def __init__(self, sandbox: Path) -> None:
        given = sandbox / "given"
        self._file = given / "gift.png"
        self._wholes: list[tuple[str, bytes]] = []
        folder = materials.build(given / "original")
        with Population.open(folder, write=False) as population:
            own = io.BytesIO()
            write_png(own, population, 0)
        self._wholes.append(("fancier", own.getvalue()))
        for name, foreign in written.FILES.items():
            file = foreign.save(given / "sample")
            self._wholes.append((name, file.read_bytes()))
        self._texts = [
            (name, dict(foreign.texts)) for name, foreign in written.FILES.items() if foreign.texts
        ]

    def vary(self, random: random.Random) -> str:
        """Make another picture."""
        if random.random() < 0.7:
            name, texts = random.choice(self._texts)
            key = random.choice(sorted(texts))
            texts = {**texts, key: _text(random, texts[key])}
            if random.random() < 0.1:
                texts[random.choice(("prompt", "parameters", "Dream", "Comment", "fancier"))] = "{}"
            self._file.write_bytes(_png(random, texts))
            return f"{name} with another {key}: {texts[key][:100]!r}"
        name, whole = random.choice(self._wholes)
        data, how = _bytes(random, bytearray(whole))
        self._file.write_bytes(data)
        return f"{name}, {how}"

    def use(self) -> None:
        """Import it with its recipe, and its picture alone."""
        sources = [read(self._file, plainly=True)]
        sources.append(read(self._file))
        founding = Founding(CONFIG, encode, negative="hat", depth=0.5)
        rows = founding.rows(sources, first=0, generation=0)
        for row in rows:
            if isinstance(row, Individual):
                prompt = row.genome.prompt
                read_again = Prompt.parse if prompt.rule == MIXED else Prompt.typed
                assert read_again(str(prompt), prompt.unwanted) == prompt
        assert not any("\x1b" in note or "\n" in note for note in founding.notes)
        assert len(founding.notes) <= len(sources)


def _text(chance: random.Random, text: str) -> str:
    how = chance.choice(("value", "value", "value", "piece", "piece", "cut", "long", "deep"))
    if how == "value" and text.startswith("{"):
        data: Any = json.loads(text)
        for _ in range(chance.choice((1, 1, 3))):
            data = materials.altered(chance, data)
        try:
            return json.dumps(data)
        except (ValueError, RecursionError):
            return "{}"
    if how == "cut":
        return text[: chance.randrange(len(text) + 1)]
    if how == "long":
        return text + chance.choice(_PIECES) * chance.choice((100, 20_000))
    if how == "deep":
        return chance.choice(('{"a":', "[", '{"inputs":{"x":', "(")) * chance.choice((900, 9000))
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(_PIECES) + text[at + chance.choice((0, 0, 1, 9)) :]
    return text


def _png(chance: random.Random, texts: dict[str, str]) -> bytes:
    """Return a small PNG with texts as chunks of any kind."""
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(buffer, "PNG")
    whole = buffer.getvalue()
    chunks = b""
    for key, text in texts.items():
        data = text.encode("utf-8", "replace")
        kind = chance.choice((b"tEXt", b"iTXt", b"zTXt"))
        head = key.encode("latin-1", "replace")[:79] + b"\0"
        body = {
            b"tEXt": head + data,
            b"iTXt": head + b"\0\0\0\0" + data,
            b"zTXt": head + b"\0" + zlib.compress(data),
        }[kind]
        chunks += _chunk(kind, body)
    return whole[:33] + chunks + whole[33:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _bytes(chance: random.Random, data: bytearray) -> tuple[bytes, str]:
    how = chance.choice(("cut", "flip", "bytes", "chunk", "bomb", "size"))
    if how == "cut":
        del data[chance.randrange(len(data)) :]
    elif how == "flip":
        for _ in range(chance.choice((1, 8, 40))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif how == "bytes":
        at = chance.randrange(len(data))
        data[at : at + chance.randrange(40)] = chance.randbytes(chance.randrange(40))
    elif how == "chunk":
        kind, body = chance.choice(_KINDS), chance.randbytes(chance.choice((0, 3, 30, 3000)))
        data[33:33] = _chunk(kind, body)
    elif how == "bomb":
        body = b"parameters\0\0" + zlib.compress(bytes(chance.choice((1 << 20, 1 << 26))))
        data[33:33] = _chunk(chance.choice((b"zTXt", b"iCCP")), body)
    elif data.startswith(b"\x89PNG"):
        width, height = chance.choice(((16384, 16384), (30000, 2), (9000, 9000), (0, 5)))
        body = struct.pack(">II", width, height) + bytes(data[24:29])
        data[8:33] = _chunk(b"IHDR", body)
    return bytes(data), how
