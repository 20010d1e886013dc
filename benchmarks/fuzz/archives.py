"""Populations in one file, as `fancier export --all` packs them and `fancier import` takes them."""

import io
import json
import random
import struct
import zipfile
from pathlib import Path

from benchmarks.fuzz import materials
from benchmarks.fuzz.using import clear, live_with
from populations.exchange.parcel import unpack

_NAMES = (
    "../evil",
    "/etc/evil",
    "population.zarr/../../../outside/diary",
    "population.zarr\\..\\evil",
    "population.zarr/a/../b",
    "population.zarr/zarr.json/x",
    "population.zarr/" + "a" * 250 + "/c.0",
    "population.zarr/" + "/".join("a" * 60) + "/c.0",
    "population.zarr/events/kind/c.99999999999",
    "population.zarr/renders/data/c.0.0",
    "population.zarr/x/zarr.json",
    ".repair/zarr.json",
    ".writer",
    "population.zarr/CON/c.0",
    "population.zarr/e\u0301/c.0",
    "",
    "/",
    "population.zarr/",
)


class Target:
    """Archives with other headers, chunks, names and bytes."""

    def __init__(self, sandbox: Path) -> None:
        self._home = sandbox / "home"
        self._file = sandbox / "given" / "gift.zip"
        self._files = materials.files_of(materials.build(sandbox / "given" / "original"))
        self._described = {name for name in self._files if name.endswith("zarr.json")}
        self._chunks = set(self._files) - self._described

    def vary(self, random: random.Random) -> str:
        """Make another archive."""
        clear(self._home)
        files = [(zipfile.ZipInfo(name), data) for name, data in self._files.items()]
        changes = [self._inside(random, files) for _ in range(random.choice((1, 1, 2, 5)))]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", random.choice((0, 0, 0, 0, 0, 8))) as packed:
            for info, data in files:
                try:
                    packed.writestr(info, data)
                except (ValueError, struct.error):
                    changes.append(f"without {info.filename!r}")
        data = buffer.getvalue()
        if random.random() < 0.25:
            data, how = self._outside(random, data)
            changes.append(how)
        self._file.write_bytes(data)
        return ", ".join(changes)

    def use(self) -> None:
        """Import it, and live with it if it was taken."""
        unpack(self._file, self._home, "gift")
        live_with(self._home, "gift")

    def _inside(self, chance: random.Random, files: list[tuple[zipfile.ZipInfo, bytes]]) -> str:
        how = chance.choice(
            ("header", "header", "array", "chunk", "forged", "forged", "bomb", "name")
        )
        if how == "header":
            changed, what = materials.header(chance, self._files[materials.ROOT])
            _put(files, materials.ROOT, changed)
            return f"a header with {what}"
        if how == "array":
            described = [n for n, f in enumerate(files) if f[0].filename in self._described]
            place = chance.choice(described or [0])
            document = json.loads(self._files.get(files[place][0].filename) or b"{}")
            files[place] = files[place][0], materials.dumped(materials.altered(chance, document))
            return f"another {files[place][0].filename}"
        if how == "name":
            return self._named(chance, files)
        chunks = [n for n, f in enumerate(files) if f[0].filename in self._chunks]
        if not chunks:
            return "without chunks"
        place = chance.choice(chunks)
        info, data = files[place]
        if how == "chunk":
            files[place] = info, bytes(chance.randbytes(chance.choice((0, 3, 4, 20, 300))))
            return f"noise in {info.filename}"
        if how == "bomb":
            data, kind = materials.bomb(chance, data)
            files[place] = info, data
            return f"{kind} in {info.filename}"
        files[place] = info, materials.forged(chance, info.filename, self._files[info.filename])
        if chance.random() < 0.9:
            _put(files, materials.ROOT, materials.without_sums(self._files[materials.ROOT]))
        return f"other values in {info.filename}"

    def _named(self, chance: random.Random, files: list[tuple[zipfile.ZipInfo, bytes]]) -> str:
        place = chance.randrange(len(files))
        info, data = files[place]
        dice = chance.random()
        if dice < 0.2:
            del files[place]
            return f"without {info.filename}"
        if dice < 0.5:
            name = chance.choice(_NAMES)
            files.append((zipfile.ZipInfo(name), chance.choice((b"", data, b"{}"))))
            return f"with {name[:60]!r}"
        other = zipfile.ZipInfo(info.filename)
        mode = chance.choice((0o120777, 0o010644, 0o060644, 0o040755, 0o104777, 0o100000))
        other.external_attr = mode << 16
        other.extra = chance.choice((b"", b"\x01\x00\x08\x00" + bytes(8), b"\xff" * 40))
        other.comment = chance.choice((b"", b"\x1b[2J"))
        content = b"../../../outside/diary" if mode == 0o120777 else data
        files[place] = other, content
        return f"mode {mode:o} of {info.filename}"

    def _outside(self, chance: random.Random, data: bytes) -> tuple[bytes, str]:
        changed = bytearray(data)
        how = chance.choice(("cut", "flip", "field", "before", "after", "twice", "nested"))
        if how == "cut":
            del changed[chance.randrange(len(changed)) :]
        elif how == "flip":
            for _ in range(chance.choice((1, 8))):
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        elif how == "field":
            signature = chance.choice((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"))
            places = [n for n in range(len(data) - 46) if data.startswith(signature, n)]
            place = chance.choice(places or [0]) + 4 + 2 * chance.randrange(16)
            changed[place : place + 2] = chance.choice((b"\0\0", b"\xff\xff", b"\x01\0", b"\x63\0"))
        elif how == "before":
            changed = bytearray(chance.choice((b"MZ" + bytes(999), data))) + changed
        elif how == "after":
            changed += chance.choice((b"\0" * 70000, data[:999], b"PK\x05\x06" + bytes(18)))
        elif how == "twice":
            changed = changed * 2
        else:
            outer = io.BytesIO()
            with zipfile.ZipFile(outer, "w") as packed:
                packed.writestr("population.zarr/zarr.json", data)
            changed = bytearray(outer.getvalue())
        return bytes(changed), how


def _put(files: list[tuple[zipfile.ZipInfo, bytes]], name: str, data: bytes) -> None:
    """Replace the files of a name."""
    for place, (info, _) in enumerate(files):
        if info.filename == name:
            files[place] = info, data
