"""From which distance on does a person see that two pictures differ, and are copies on one page?

First question: founders of `portraits` and each of them turned by 4 to 45 degrees. The distance of
a pair is that of their embeddings, 1 for two founders (`evolve.scoring.looks.distance`). Printed by
distance: how many of the ten attributes that the judge reads are not the same, in how many pairs
none is, and by how much the pixels differ. `--sheet FILE.png` shows pairs of growing distance, to
look at.

Second: simulated persons (`benchmarks.taste`) breed on `portraits` by taste, with nothing painted
but the page and with pages chosen among painted candidates. Printed by page: how far its pictures
are apart at the median and at least, and how many pairs are nearer than `NOTICEABLE`. `--sheet`
shows the pages of the first person.

    python -m benchmarks.tasting.copies [--founders 24] [--sheet FILE.png]
    python -m benchmarks.tasting.copies --pages 4 [--seeds 4] [--among 36] [--sheet FILE.png]
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from benchmarks.scripting.command_line import parser_of
from benchmarks.tasting.paintings import Paintings
from benchmarks.tasting.person import ATTRIBUTES, Likes, Seen, chords, rated
from benchmarks.tasting.ways import PAGE, Among, BySearch, World, founders, turned
from evolve import load_renderer
from evolve.genome import noise
from evolve.rendering.painting import OwnedRenderer
from evolve.taste.pages.proposing import NOTICEABLE

ANGLES = (4, 7, 10, 13, 16, 20, 25, 30, 37, 45)
EDGES = (0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8, 1.5)
SIZE = 128
POOL, FIRST = 60, 300
"""Founders by which tastes are scaled, and the first seed of a person."""


def main() -> None:
    """Answer one of the questions."""
    parser = parser_of(__doc__)
    parser.add_argument("--founders", type=int, default=24)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--among", type=int, default=36)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--kept", type=Path, default=Path("/tmp/fancier-tasting"))
    args = parser.parse_args()
    args.kept.mkdir(parents=True, exist_ok=True)
    with load_renderer("portraits") as renderer:
        if args.pages is None:
            eye = Paintings(renderer, args.kept / "seen.sqlite")
            pairs(renderer, eye, args.founders, args.sheet)
        else:
            world = World.painted_by(renderer, args.kept / "seen.sqlite", POOL, PAGE, steps=8)
            for times in (1, args.among / 12):
                seeds = range(FIRST, FIRST + args.seeds)
                on_pages(renderer, world, times, seeds, args.pages, args.sheet)


def pairs(renderer: OwnedRenderer, eye: Paintings, count: int, sheet: Path | None) -> None:
    """Print what differs between a founder and itself turned, by how far they are apart."""
    plain = founders(77, count)
    turned_ones = [
        replace(one, noise=turned(one.noise, noise.stream(78, k, "turned"), angle))
        for k, one in enumerate(plain)
        for angle in ANGLES
    ]
    before, after = eye(plain), eye(turned_ones)
    unit = _unit(before)
    pictures = renderer.paint([*plain, *turned_ones])
    rows = []
    for place, of in enumerate(np.repeat(np.arange(count), len(ANGLES))):
        a, b = before.looks[of][0].vector, after.looks[place][0].vector
        changed = sum(before.read[of][name] != after.read[place][name] for name in ATTRIBUTES)
        old, new = pictures[of].astype(float), pictures[count + place].astype(float)
        length = float(np.linalg.norm(a.astype(float) - b)) / unit
        rows.append((length, changed, np.abs(old - new).mean(), of, count + place))
    print(f"{'distance':>12}{'pairs':>7}{'changed of 10':>15}{'none changed':>14}{'pixels':>8}")
    for low, high in pairwise(EDGES):
        some = np.array([row[1:3] for row in rows if low <= row[0] < high])
        if len(some):
            print(
                f"{low:>7.2f}-{high:.2f}{len(some):7}{some[:, 0].mean():15.1f}"
                f"{np.mean(some[:, 0] == 0):14.0%}{some[:, 1].mean():8.1f}"
            )
    if sheet is not None:
        wanted = np.arange(0.04, 0.72, 0.03)
        near = [min(rows, key=lambda row: abs(row[0] - each)) for each in wanted]
        tiles = [
            (np.concatenate([pictures[row[3]], pictures[row[4]]], 1), f"{row[0]:.2f}")
            for row in near
        ]
        _tiled(tiles, 6).save(sheet)


def on_pages(
    renderer: OwnedRenderer,
    world: World,
    times: float,
    seeds: Sequence[int],
    pages: int,
    sheet: Path | None,
) -> None:
    """Print how near the pictures of pages are that simulated persons breed."""
    unit = _unit(world.pool)
    found: list[list[tuple[float, float, int, float]]] = [[] for _ in range(pages)]
    tiles: list[tuple[npt.NDArray[np.uint8], str]] = []
    for seed in seeds:
        likes = Likes(seed, 4, world.pool)
        level = np.sort(likes(world.pool))
        way: BySearch = Among(world, seed, times)
        for page in range(pages):
            seen = way.page()
            liked = likes(seen)
            apart = chords(seen.vectors) / unit
            below = np.searchsorted(level, liked) / len(level)
            copies = int((apart < NOTICEABLE).sum())
            found[page].append((np.median(apart), apart.min(), copies, below.mean()))
            if sheet is not None and seed == seeds[0]:
                painted = renderer.paint([way.search.genome(i) for i in way.ids])
                origins = [way.search.births[i].origin.params for i in way.ids]
                names = [f"#{i} {o.get('role', '')}" for i, o in zip(way.ids, origins, strict=True)]
                tiles += zip(painted, names, strict=True)
            way.learn_from(rated("ideal", liked, np.random.default_rng([19, seed, page])))
    name = "nothing but the page painted" if times == 1 else f"chosen among {12 * times:g}"
    print(f"{name}, {len(seeds)} persons")
    print(f"{'page':>6}{'apart':>8}{'nearest':>9}{'copies a page':>15}{'percentile':>12}")
    for page, rows in enumerate(found):
        middle, nearest, copies, liked = np.array(rows).mean(0)
        print(f"{page + 1:6}{middle:8.2f}{nearest:9.2f}{copies:15.2f}{liked:12.2f}", flush=True)
    if sheet is not None:
        _tiled(tiles, 12).save(sheet.with_stem(f"{sheet.stem}-{times:g}"))


def _unit(seen: Seen) -> float:
    return float(np.median(chords(seen.vectors)))


def _tiled(tiles: Sequence[tuple[npt.NDArray[np.uint8], str]], columns: int) -> Image.Image:
    width, height = tiles[0][0].shape[1] + 4, SIZE + 16
    sheet = Image.new("RGB", (columns * width, -(-len(tiles) // columns) * height), "white")
    draw = ImageDraw.Draw(sheet)
    for k, (picture, text) in enumerate(tiles):
        x, y = k % columns * width, k // columns * height
        sheet.paste(Image.fromarray(picture), (x, y + 14))
        draw.text((x + 2, y), text, fill=0)
    return sheet


if __name__ == "__main__":
    main()
