"""What of a picture comes back?

1. Portraits are exported as PNGs and as one file, imported on an empty home, and painted again.
2. Pictures as other programs write them (`foreign/written.py`) become founders of a population with
   the latents of Stable Diffusion: which fields came over, and which notes were given.
3. Portraits are exported and worked over with Pillow, saved as PNG and as JPEG, and imported; their
   children are painted. How near are these to the edited picture for the embedded CLIP (cosine),
   against unrelated individuals of the same words?

    python -m benchmarks.round_trips [--portraits 12] [--children 6] [--seed 1] [--sheet FILE]
"""

import contextlib
import io
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from benchmarks.foreign import castle, written
from benchmarks.scripting.command_line import parser_of
from evolve import describe
from evolve.genome.noise import stored
from evolve.genome.seeds import cuda_noise
from evolve.scoring.clip import Clip
from evolve.search.individual import Individual
from evolve.session.archive import Picture
from populations import Population
from populations.exchange.importing import Founding, read
from tui.cli import main as fancier

WORDS = "a smiling woman with red hair"


def ask(*words: object) -> dict[str, Any]:
    """Run a command of fancier and return what it says."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = fancier([*map(str, words), "--json"])
    if status:
        raise SystemExit(f"fancier {' '.join(map(str, words))}: {status}")
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def line(*cells: object) -> None:
    """Print a row of a table."""
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def exact(work: Path, count: int, seed: int) -> list[Path]:
    """Bring portraits to an empty home and paint them again; return their PNGs."""
    here, there = work / "here", work / "there"
    new = ("new", "faces", WORDS, "--no-open", "--page", count, "--seed", seed)
    ask("--home", here, *new)
    ask("--home", here, "paint", "faces")
    ask("--home", here, "breed", "faces", "--parents", "0", "--count", 2)
    ask("--home", here, "breed", "faces", "--parents", "1", "--count", 2, "--depth", "0.5")
    ask("--home", here, "paint", "faces")
    pngs = ask("--home", here, "export", "faces", "--all", "--to", work / "pngs")["files"]
    ask("--home", here, "export", "faces", "--all", "--to", work / "faces.zip")
    ask("--home", there, "import", "pngs", *pngs)
    ask("--home", there, "import", "whole", work / "faces.zip")
    line("way", "individuals", "the same genome", "the same picture", "painted again: identical")
    line("---", "---", "---", "---", "---")
    with Population.open(here / "faces", write=False) as before:
        for name in ("pngs", "whole"):
            painted = ask("--home", there, "replay", name)["results"]
            with Population.open(there / name, write=False) as after:
                ids = range(len(before))
                genomes = sum(before.genome(i).digest == after.genome(i).digest for i in ids)
                pairs = [(before.picture(i), after.picture(i)) for i in ids]
                pictures = sum(
                    a is not None and b is not None and np.array_equal(a, b) for a, b in pairs
                )
            line(name, len(ids), genomes, pictures, sum(r["identical"] for r in painted))
    return [Path(png) for png in pngs]


def _not_encoded(picture: Picture) -> NoReturn:
    raise AssertionError("what has a seed starts from its noise")


def from_others(work: Path) -> None:
    """Read pictures as other programs write them."""
    line("written as", "words", "without", "steps", "guidance", "sampler", "noise", "notes")
    line(*["---"] * 8)
    seeded = torch.Generator().manual_seed(castle.SEED)
    drawn = {
        "torch's on a CPU": torch.randn((4, 64, 64), generator=seeded).numpy(),
        "an NVIDIA card's": cuda_noise(castle.SEED, (4, 64, 64)),
    }
    for name, foreign in written.FILES.items():
        file = foreign.save(work / name.replace(" ", "-"))
        founding = Founding(castle.STABLE_DIFFUSION, _not_encoded, depth=0.5)
        (founder,) = founding.rows([read(file)], first=0, generation=0)
        assert isinstance(founder, Individual)
        genome = founder.genome
        notes = "; ".join(note.removeprefix(f"{file}: ") for note in founding.notes)
        same = [way for way, noise in drawn.items() if np.array_equal(genome.noise, stored(noise))]
        line(
            name,
            str(genome.prompt).replace("|", "\\|"),
            genome.prompt.unwanted,
            genome.settings.steps,
            genome.settings.guidance_scale,
            genome.settings.sampler,
            "another" if "another is drawn" in notes or not same else same[0],
            notes or "—",
        )


def bar(image: Image.Image) -> Image.Image:
    """Paint a blue bar over the lower part."""
    ImageDraw.Draw(image).rectangle((0, 92, 127, 118), fill="blue")
    return image


def hat(image: Image.Image) -> Image.Image:
    """Put on a black top hat."""
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 2, 88, 30), fill="black")
    draw.rectangle((26, 28, 102, 36), fill="black")
    return image


def blue(image: Image.Image) -> Image.Image:
    """Turn all colours around."""
    r, g, b = image.split()
    return Image.merge("RGB", (b, g, r))


def pale(image: Image.Image) -> Image.Image:
    """Take nearly all colour away and mirror."""
    return ImageOps.mirror(ImageEnhance.Color(image).enhance(0.15))


EDITS = (bar, hat, blue, pale)


def edited(work: Path, pngs: list[Path], children: int, sheet: Path | None) -> None:
    """Found lines on edited portraits and compare their children with strangers."""
    home, files = work / "there", []
    for n, edit in enumerate(EDITS):
        with Image.open(pngs[n]) as image:
            changed = edit(image.convert("RGB"))
        for suffix in (".png", ".jpg"):
            files.append(work / f"{edit.__name__}{suffix}")
            changed.save(files[-1], quality=90)
    founders = ask("--home", home, "import", "edits", *files, "--prompt", WORDS)["created"]
    for i in founders:
        ask("--home", home, "breed", "edits", "--parents", i, "--count", children)
    new = ("new", "strangers", WORDS, "--no-open", "--page", 24, "--seed", 77)
    ask("--home", home, *new)
    ask("--home", home, "paint", "edits")
    ask("--home", home, "paint", "strangers")
    clip = Clip(describe("portraits").folder / "clip")
    with Population.open(home / "strangers", write=False) as population:
        others = [picture_of(population, i) for i in range(24)]
    strangers = clip.embed(others)
    rows = []
    line("edited picture", "children", "strangers", "share of pairs where the child is nearer")
    line("---", "---", "---", "---")
    means = []
    with Population.open(home / "edits", write=False) as population:
        births = population.births()
        for founder, file in zip(founders, files, strict=True):
            with Image.open(file) as image:
                target = np.asarray(image.convert("RGB"))
            ids = [b.id for b in births if founder in b.parents]
            pictures = [picture_of(population, i) for i in ids]
            embedded = clip.embed([target])[0]
            near, far = clip.embed(pictures) @ embedded, strangers @ embedded
            share = float((near[:, None] > far).mean())
            means.append((near.mean(), far.mean(), share))
            line(file.name, f"{near.mean():.3f}", f"{far.mean():.3f}", f"{share:.0%}")
            rows.append([target, picture_of(population, founder), *pictures, *others[:2]])
    near, far, share = (statistics.mean(values) for values in zip(*means, strict=True))
    line("all", f"{near:.3f}", f"{far:.3f}", f"{share:.0%}")
    if sheet:
        Image.fromarray(np.vstack([np.hstack(row) for row in rows])).save(sheet)


def picture_of(population: Population, individual: int) -> Picture:
    """Return the picture of an individual that is painted."""
    picture = population.picture(individual)
    assert picture is not None
    return picture


def main() -> None:
    """Print the three tables."""
    parser = parser_of(__doc__)
    parser.add_argument("--portraits", type=int, default=12)
    parser.add_argument("--children", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--others", action="store_true", help="only pictures of other programs")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fancier-round-trips-") as folder:
        from_others(Path(folder))
        if args.others:
            return
        print()
        pngs = exact(Path(folder), args.portraits, args.seed)
        print()
        edited(Path(folder), pngs, args.children, args.sheet)


if __name__ == "__main__":
    main()
