"""Folders whose descriptions say something else: marker, configuration, arrays, `.writer`."""

import json
import random
import shutil
from pathlib import Path

from benchmarks.fuzz import materials, using


class Target:
    """Populations with other headers and descriptions, beside one that is well."""

    def __init__(self, sandbox: Path) -> None:
        self._home = sandbox / "home"
        self._original = materials.build(sandbox / "given")
        self._described = sorted(
            f.relative_to(self._original) for f in self._original.rglob("zarr.json")
        )

    def vary(self, random: random.Random) -> str:
        """Make a folder with other descriptions."""
        using.clear(self._home)
        path = self._home / "gift"
        shutil.copytree(self._original, path)
        changes = []
        for _ in range(random.choice((1, 1, 2, 4))):
            file = path / materials.ROOT
            dice = random.random()
            if dice < 0.25:
                file = path / random.choice(self._described)
            elif dice < 0.35:
                file = path / ".writer"
            elif dice < 0.45:
                file = path / ".header"
            data = file.read_bytes()
            changes.append(f"{file.name} of {file.parent.name}: {self._change(random, file, data)}")
        return ", ".join(changes)

    def use(self) -> None:
        """Live with it."""
        using.live_with(self._home, "gift")

    def _change(self, chance: random.Random, file: Path, data: bytes) -> str:
        how = chance.choice(("values", "values", "values", "values", "bytes", "deep", "large"))
        what = how
        if how == "values":
            try:
                if file.name == ".header" or file.parent.name == "population.zarr":
                    data, what = materials.header(chance, data)
                else:
                    data = materials.dumped(materials.altered(chance, json.loads(data)))
            except (ValueError, TypeError, KeyError, RecursionError):
                data, what = b"", "nothing"
        elif how == "bytes":
            changed = bytearray(data or b"{}")
            for _ in range(chance.choice((1, 5))):
                changed[chance.randrange(len(changed))] = chance.randrange(256)
            data = bytes(changed)[: chance.randrange(1, len(changed) + 1)]
        elif how == "deep":
            data = chance.choice((b"[", b'{"a":', b'{"attributes":')) * 20000
        else:
            data = data + b" " * (8 << 20)
        file.write_bytes(data)
        return what
