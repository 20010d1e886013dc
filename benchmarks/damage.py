"""What becomes of a population whose files are damaged?

Again and again one file of a small population (or a PNG that it exported) is cut off, flipped in
one bit, emptied, filled with noise, removed, or changes places with another. Then the population is
opened and read, checked, repaired, and opened and read again. Counted is what a person meets. There
must be no traceback, no hang, and never a picture or a genome other than the one that was saved;
whatever else is missing after the repair must have been reported by it.

    python -m benchmarks.damage [--damages 1000] [--seed 1]
"""

import collections
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fuzz import materials
from benchmarks.scripting.command_line import parser_of
from evolve.errors import FancierError
from populations import Population, check_population
from populations.exchange.recipe import read_recipe, write_png

HANG_S = 300


def build(home: Path) -> None:
    """Make a population with two generations, everything judged, and a folder of PNGs."""
    with Population.open(materials.build(home, page_size=12)) as population:
        for i in range(4):
            write_png(home / f"{i}.png", population, i)


def cut(file: Path, chance: random.Random, _: list[Path]) -> None:
    """Lose the end."""
    data = file.read_bytes()
    file.write_bytes(data[: chance.randrange(len(data) or 1)])


def flip(file: Path, chance: random.Random, _: list[Path]) -> None:
    """Turn one bit over."""
    data = bytearray(file.read_bytes())
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        file.write_bytes(data)


def empty(file: Path, chance: random.Random, _: list[Path]) -> None:
    """Lose everything but the name."""
    file.write_bytes(b"")


def garble(file: Path, chance: random.Random, _: list[Path]) -> None:
    """Fill with noise."""
    file.write_bytes(chance.randbytes(file.stat().st_size))


def remove(file: Path, chance: random.Random, _: list[Path]) -> None:
    """Lose the file."""
    file.unlink()


def swap(file: Path, chance: random.Random, files: list[Path]) -> None:
    """Change places with another file, most often one of the same name or folder."""
    alike = [f for f in files if f != file and (f.name == file.name or f.parent == file.parent)]
    other = chance.choice(alike if alike and chance.random() < 0.8 else files)
    one, two = file.read_bytes(), other.read_bytes()
    file.write_bytes(two)
    other.write_bytes(one)


DAMAGES: list[Callable[[Path, random.Random, list[Path]], None]] = [
    cut,
    flip,
    empty,
    garble,
    remove,
    swap,
]


def contents(population: Population) -> dict[str, Any]:
    """Return all that can be read; what is refused by one clear line is left out."""
    found: dict[str, Any] = {}
    for i in range(len(population)):
        with suppress(FancierError):
            found[f"genome {i}"] = population.genome(i).digest
        with suppress(FancierError):
            if (picture := population.picture(i)) is not None:
                found[f"picture {i}"] = picture.tobytes()
        with suppress(FancierError):
            found[f"birth {i}"] = population.births()[i]
    found["verdicts"] = dict(population.verdicts())
    return found


def outcome(home: Path, saved: dict[str, Any]) -> str:
    """Read, check, repair and read again; return what a person met."""
    path = home / "demo"
    for write in (False, True):
        try:
            with Population.open(path, write=write) as population:
                compare(contents(population), saved, births=False)
        except FancierError:
            pass
    noticed = not check_population(path).ok
    report = check_population(path, repair=True)
    try:
        with Population.open(path) as population:
            found = contents(population)
    except FancierError:
        return "refused by one line, also after the repair"
    whole = found == saved
    compare(found, saved, births=not report.repaired)
    if whole:
        return "nothing lost, after a repair" if noticed else "nothing lost"
    if not report.repaired and report.ok:
        raise AssertionError(f"lost, and not reported: {report}")
    if all(found.get(k) == v for k, v in saved.items() if k.startswith("genome")):
        return "opens again; pictures to paint again or rows given up, as said"
    return "opens again; some genomes lost, as said"


def compare(found: dict[str, Any], saved: dict[str, Any], *, births: bool) -> None:
    """Refuse whatever is not as it was saved."""
    for key, value in found.items():
        if key.startswith(("genome", "picture")) or (births and key.startswith("birth")):
            assert value == saved[key], f"{key} is another one"


def png_outcome(file: Path, before: Any) -> str:
    """Read a damaged PNG; return what a person met."""
    try:
        recipe = read_recipe(file)
    except FancierError:
        return "PNG refused by one line"
    assert recipe.genome.digest == before.genome.digest, "another genome from a PNG"
    assert np.array_equal(recipe.picture, before.picture), "another picture from a PNG"
    return "PNG: nothing lost"


def main() -> None:
    """Damage, look, count and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--damages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    work = Path(tempfile.mkdtemp(prefix="fancier-damage-"))
    original = work / "original"
    build(original)
    with Population.open(original / "demo", write=False) as population:
        saved = contents(population)
    recipes = {f.name: read_recipe(f) for f in original.glob("*.png")}
    chance = random.Random(args.seed)
    counts: collections.Counter[str] = collections.Counter()
    bad = 0
    started = time.monotonic()
    for n in range(args.damages):
        home = Path(shutil.copytree(original, work / "damaged"))
        files = sorted(f for f in home.rglob("*") if f.is_file() and f.suffix != ".png")
        pngs = sorted(home.glob("*.png"))
        file = chance.choice(pngs) if n % 10 == 9 else chance.choice(files)
        damage = chance.choice(DAMAGES)
        damage(file, chance, pngs if file in pngs else files)
        signal.alarm(HANG_S)  # ends the benchmark if anything hangs
        try:
            if file in pngs and file.exists() and damage is not swap:
                met = png_outcome(file, recipes[file.name])
            else:
                met = outcome(home, saved)
            counts[met] += 1
        except Exception as error:
            bad += 1
            print(f"{n}: {damage.__name__} {file.relative_to(home)}: {error!r}", flush=True)
        signal.alarm(0)
        shutil.rmtree(home)
    shutil.rmtree(work)
    print(f"{args.damages} damages in {time.monotonic() - started:.0f} s")
    for met, count in counts.most_common():
        print(f"{met:<66}{count:>6}")
    print(f"{'tracebacks, hangs, anything wrong or silently missing':<66}{bad:>6}")


if __name__ == "__main__":
    main()
