"""Folders in which files are links, pipes, devices, forged or in each other's place."""

import os
import random
import shutil
from pathlib import Path
from urllib.parse import quote

from benchmarks.fuzz import materials, using

_BESIDE = (".tmp", ".repair", ".writer", ".header", ".lock", "renderer.log", "population.zarr")


class Target:
    """Populations that are not what they look like, beside one that is well."""

    def __init__(self, sandbox: Path) -> None:
        self._home = sandbox / "home"
        self._outside = sandbox / "outside"
        self._original = materials.build(sandbox / "given")
        root = self._original / "population.zarr"
        self._places = sorted(p.relative_to(self._original) for p in root.rglob("*"))
        self._chunks = [p for p in self._places if p.name.startswith("c.")]

    def vary(self, random: random.Random) -> str:
        """Make such a folder."""
        using.clear(self._home)
        shutil.copytree(self._original, self._home / "well")
        path = self._home / "gift"
        shutil.copytree(self._original, path)
        return ", ".join(self._change(random, path) for _ in range(random.choice((1, 1, 2, 3))))

    def use(self) -> None:
        """Live with it; the other one must be listed nevertheless."""
        names = {found["name"] for found in using.listed(self._home)}
        assert "well" in names, f"only {names} are listed"
        using.live_with(self._home, "gift")

    def _change(self, chance: random.Random, path: Path) -> str:
        dice = chance.random()
        if dice < 0.3:
            return self._forge(chance, path)
        if dice < 0.45:
            return self._journal(chance, path)
        if dice < 0.55:
            return self._beside(chance, path)
        place = path / (chance.choice(_BESIDE) if dice < 0.8 else chance.choice(self._places))
        if not place.parent.is_dir() or place.parent.is_symlink():
            return "nothing"
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
        return f"{place.relative_to(path)} is {self._put(chance, place)}"

    def _put(self, chance: random.Random, place: Path) -> str:
        how = chance.choice(("link", "link", "link", "pipe", "folder", "nothing", "sparse", "hard"))
        if how == "link":
            own = [str(self._outside / name) for name in ("", ".ssh", "diary")]
            devices = ["/dev/zero", "/dev/null", "/proc/self/mem"]
            to = chance.choice([".", "..", place.name, "nowhere", *devices, *own])
            place.symlink_to(to)
            return f"a link to {to}"
        if how == "pipe":
            os.mkfifo(place)
        elif how == "folder":
            place.mkdir()
            (place / chance.choice(("zarr.json", "c.0", "x"))).write_text("{}")
        elif how == "sparse":
            with place.open("wb") as file:
                file.truncate(chance.choice((1 << 20, 150 << 20, 1 << 40)))
        elif how == "hard":
            (self._home.parent / "given" / "elsewhere").write_text("elsewhere")
            place.hardlink_to(self._home.parent / "given" / "elsewhere")
        return how

    def _journal(self, chance: random.Random, path: Path) -> str:
        journal = path / ".repair"
        if journal.is_symlink() or (journal.exists() and not journal.is_dir()):
            return "nothing"
        journal.mkdir(exist_ok=True)
        names = ("zarr.json", "events/kind/c.0", "../x", str(self._outside / "diary"), "a/c.1", "x")
        key = chance.choice((*names, "../../../outside/diary", "events/../../c.0", "a" * 120))
        file = journal / quote(key, safe="")
        if not os.path.lexists(file):
            if chance.random() < 0.3:
                return f".repair/{key} is {self._put(chance, file)}"
            file.write_bytes(chance.choice((b"", b"evil", b"{}")))
        return f"a repair of {key}"

    def _beside(self, chance: random.Random, path: Path) -> str:
        name = chance.choice((".trash", "self", "dangling", ".new-1", "twin", "\x1b[2Jx", "plain"))
        place = path.parent / name
        if os.path.lexists(place):
            return "nothing"
        return f"{name!r} in the home is {self._put(chance, place)}"

    def _forge(self, chance: random.Random, path: Path) -> str:
        file = path / chance.choice(self._chunks)
        try:
            data = (self._original / file.relative_to(path)).read_bytes()
            name = file.relative_to(path).as_posix()
            if chance.random() < 0.4:
                data, how = materials.bomb(chance, data)
            else:
                data, how = materials.forged(chance, name, data), "other values"
                root = path / materials.ROOT
                root.write_bytes(materials.without_sums(root.read_bytes()))
            if file.is_symlink() or any(parent.is_symlink() for parent in file.parents):
                return "nothing"
            file.write_bytes(data)
        except (OSError, ValueError, KeyError):
            return "nothing"
        return f"{how} in {file.relative_to(path)}"
