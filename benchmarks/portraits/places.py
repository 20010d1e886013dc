"""The place of a thing, found by words, against the truth; and what it costs, in pictures.

    python -m benchmarks.portraits.places [--weights FOLDER] [--tuning]

The truth comes from the art itself: the same held-out face composed with a mouth, glasses, a beard
or hair and without, or with its hair in another colour. `faces/places.webp` holds the pairs side by
side, `places.jsonl` describes them; `--work DIR --modules DIR` composes them again (with node, see
`evolve.models.portraits.training.faces.dataset.compose`), from faces that no training has seen.

The model looks at one of the two, encoded by its VAE, with a caption as in training: without the
thing where it is to be added, with it where it is to go; where hair is to be found, with its colour
alone. A cell of the latent belongs to the truth
if at least 4 of its 64 pixels differ by more than 32 of 255 in some channel; the truth is grown by
the ring by which masks are grown. A place is right if the intersection over union of the two is at
least one half. `bare` compares both without the ring.

Settings were chosen on the pairs marked `tuning` (`--tuning` measures those); the others are
reported, and no setting was chosen by them.
"""

import json
import random
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from benchmarks.portraits.painting import SHIPPED, genome
from benchmarks.scripting.command_line import parser_of
from evolve.errors import GenomeError
from evolve.genome import Genome, masks
from evolve.genome.masks import mask_of
from evolve.models.catalog import describe
from evolve.models.loading import LoadedModel, load_model
from evolve.models.portraits.training.faces.attributes import WORDS, visible
from evolve.models.portraits.training.faces.dataset import PIXELS, RECIPE, Faces
from evolve.models.portraits.training.words.captions import caption
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings
from evolve.rendering.batching.proxy import Proxy
from evolve.rendering.pipeline.encoding import encoded, way_of
from evolve.rendering.pipeline.locating import (
    FRESH,
    LARGE,
    LEVELS,
    changes,
    difference,
    look,
    noises,
    standing_out,
)
from evolve.rendering.pipeline.painter import Painter

FACES = Path(__file__).parent / "faces"
COUNT, SEED = 12_000, 5
TUNING, REPORTED = 20, 50
"""Pairs of each thing."""
COLUMNS = 10
NOTICEABLE, ENOUGH = 32, 4
T = TypeVar("T")
RIGHT = 0.5

THINGS = ("mouth", "glasses", "beard", "hair", "hair_colour")
BOXES = {
    "mouth": (0.35, 0.55, 0.65, 0.8),
    "glasses": (0.25, 0.35, 0.75, 0.6),
    "beard": (0.3, 0.55, 0.7, 0.9),
    "hair": (0.15, 0.0, 0.85, 0.5),
    "hair_colour": (0.15, 0.0, 0.85, 0.5),
}
"""Where a person would draw a box who does not look at the picture."""
TASKS = (
    *("add mouth", "add glasses", "add beard", "add hair", "remove mouth", "remove glasses"),
    *("remove beard", "remove hair", "swap hair_colour", "find hair"),
)

Pictures = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Pair:
    """A face with a thing and the same without."""

    thing: str
    tuning: bool
    seen: dict[str, str]
    """What can be seen with the thing."""
    pictures: Pictures
    """(2, 128, 128, 3): with, without."""
    number: int

    def truth(self) -> npt.NDArray[np.bool_]:
        """(16, 16): the cells where the two differ noticeably."""
        apart = np.abs(self.pictures[0].astype(int) - self.pictures[1]).max(-1) > NOTICEABLE
        cells = apart.reshape(16, 8, 16, 8).sum((1, 3))
        found: npt.NDArray[np.bool_] = cells >= ENOUGH
        return found


def pairs(tuning: bool) -> list[Pair]:
    """All pairs that settings are chosen by, or all others."""
    lines = (FACES / "places.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    with Image.open(FACES / "places.webp") as image:
        sheet = np.asarray(image.convert("RGB"))
    rows = len(sheet) // PIXELS
    tiles = sheet.reshape(rows, PIXELS, COLUMNS, 2, PIXELS, 3).transpose(0, 2, 3, 1, 4, 5)
    tiles = tiles.reshape(-1, 2, PIXELS, PIXELS, 3)
    found = [Pair(**each, pictures=tiles[k], number=k) for k, each in enumerate(records)]
    return [pair for pair in found if pair.tuning == tuning]


def question(pair: Pair, task: str) -> tuple[Pictures, str, WordChange]:
    """The picture that is looked at, a caption of it, and the words for the change."""
    verb, thing = task.split()
    words = _phrase(pair.seen, thing)
    seen = dict(pair.seen)
    if verb == "add":
        seen[thing] = "bald" if thing == "hair" else "none"
        if thing == "hair":
            seen.pop("hair_colour", None)
        change = WordChange(add=words)
    elif verb == "find":
        words = _phrase(seen, "hair_colour" if "hair_colour" in seen else "hair")
        seen = {key: value for key, value in seen.items() if key not in ("hair", "hair_colour")}
        change = WordChange(add="hair")
    elif verb == "remove":
        change = WordChange(remove="hair" if thing == "hair" else words)
    else:
        change = WordChange(remove=words, add="red hair" if "blue" in words else "blue hair")
    text, _ = caption(random.Random(f"{pair.number} {task}"), seen)
    text = f"{text}, {words}" if verb == "find" else text
    return pair.pictures[1 if verb == "add" else 0], text, change


def _phrase(seen: dict[str, str], thing: str) -> str:
    phrases = WORDS[thing][seen[thing]]
    words = next((each for each in phrases if each.startswith(("a ", "an "))), phrases[0])
    return f"{words} hair" if thing == "hair_colour" else words


class Looker:
    """Asks one model."""

    def __init__(self, name: str) -> None:
        self.model: LoadedModel = load_model(name, device="cpu")
        self.meanings = meanings_of(describe(name))
        self.painter = Painter(self.model, report=lambda event: None)
        shape = torch.zeros(self.model.info.latent)
        with torch.no_grad():
            self.way = self._run(
                lambda: way_of(self.painter.ready.known, Proxy(self.painter.hub, beside=()), shape)
            )

    def _run(self, body: Callable[[], T]) -> T:
        bodies = [(0, body)]
        (_, outcome), *_ = self.painter.hub.run(lambda: bodies.pop() if bodies else None)
        if outcome.error is not None:
            raise outcome.error
        result: T = outcome.result
        return result

    def flows(self, picture: Pictures, one: Genome, wording: Phrasings) -> tuple[torch.Tensor, ...]:
        """(noises, levels, channels, height, width) for each phrasing, as `locate` looks."""
        eps = list(noises(one))
        asked = [
            *((wording.before, each) for each in eps),
            *((wording.after, each) for each in eps),
        ]
        asked.append((wording.neutral, eps[0]))
        with torch.no_grad():
            values = encoded(self.model.pipeline.vae, picture, self.way.layout.places.ndim)
            latent = self.way.latent(values).numpy().astype(np.float16)
            asking = (asked, latent, one.settings, self.painter.ready)
            found = self._run(lambda: look(*asking, shares=LARGE if wording.is_large else LEVELS))
        return found[: len(eps)], found[len(eps) : -1], found[-1:]


def iou(one: npt.NDArray[np.bool_], other: npt.NDArray[np.bool_]) -> float:
    """Intersection over union of two masks."""
    return float((one & other).sum() / max(1, (one | other).sum()))


def half_of_the_largest(change: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """DiffEdit's mask: outliers clipped, the map brought to 0..1, and cut at one half."""
    clipped = np.clip(change, *np.quantile(change, [0.0, 0.99]))
    spread = clipped.max() - clipped.min()
    mask: npt.NDArray[np.bool_] = (clipped - clipped.min()) / (spread or 1.0) >= 0.5
    return mask


def by_ways(
    found: tuple[torch.Tensor, ...], thing: str, wording: Phrasings
) -> dict[str, npt.NDArray[np.bool_]]:
    """The masks of the ways that are compared, without their ring."""
    before, after, neutral = found
    paired = difference(before, after)
    unpaired, strangers = difference(before, after.roll(1, 0)), difference(before[1:2], neutral)

    def mass(change: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        try:
            return masks.located(change.astype(np.float32), ring=0)
        except GenomeError:
            return np.zeros(change.shape, dtype=bool)

    return {
        "fancier": mass(changes(wording, before, after, neutral)),
        "not normalised": mass(paired / np.median(paired)),
        "DiffEdit's cut at half of the largest": half_of_the_largest(paired),
        "noise not paired": mass(standing_out(unpaired, strangers)),
        "not paired, and cut at half": half_of_the_largest(unpaired),
        "fixed box": mask_of(BOXES[thing], (16, 16)),
    }


def measure(name: str, tuning: bool) -> None:
    """Print a table for each task."""
    looker = Looker(name)
    settings = describe(name).settings
    chosen = pairs(tuning)
    everything: dict[str, list[bool]] = {}
    seconds: list[float] = []
    print(f"{name}, {'tuning' if tuning else 'reported'} pairs")
    print(f"{'':<16}{'way':<38}{'right':>8}{'of':>5}{'IoU':>7}{'bare':>7}{'cells':>7}{'of':>6}")
    for task in TASKS:
        thing = task.split()[1]
        rows: dict[str, list[tuple[float, float, int, int]]] = {}
        for pair in (each for each in chosen if each.thing == thing):
            picture, text, change = question(pair, task)
            one = genome(text, settings, pair.number, 16)
            try:
                wording = phrasings(one.prompt, change, looker.meanings)
            except GenomeError as error:
                print(f"  left out: {error}")
                continue
            truth, started = pair.truth(), time.perf_counter()
            flows = looker.flows(picture, one, wording)
            seconds.append(time.perf_counter() - started)
            for way, bare in by_ways(flows, thing, wording).items():
                grown, true = masks.grow(bare), masks.grow(truth)
                box = way == "fixed box"
                overlap = iou(bare, true) if box else iou(grown, true)
                row = (overlap, iou(bare, truth), int(bare.sum()), int(truth.sum()))
                rows.setdefault(way, []).append(row)
        for way, found in rows.items():
            overlaps, bares, cells, true_cells = (
                np.array(each) for each in zip(*found, strict=True)
            )
            right = overlaps >= RIGHT
            everything.setdefault(way, []).extend(right.tolist())
            print(
                f"{task if way == 'fancier' else '':<16}{way:<38}{right.mean():8.0%}{len(found):5d}"
                f"{np.median(overlaps):7.2f}{np.median(bares):7.2f}{np.median(cells):7.0f}"
                f"{np.median(true_cells):6.0f}",
                flush=True,
            )
    for way, each in everything.items():
        print(f"{'all' if way == 'fancier' else '':<16}{way:<38}{np.mean(each):8.0%}{len(each):5d}")
    rows_asked = (2 * (1 + FRESH) + 1) * len(LEVELS)
    painting = settings.steps * settings.rows
    print(
        f"cost: {rows_asked} rows, {rows_asked / painting:.2f} pictures of {painting} rows each; "
        f"{sum(seconds) / len(seconds):.2f} s a place"
    )


def make(work: Path, modules: Path) -> None:
    """Compose the pairs, and write them."""
    folders = {thing: work / f"without-{thing}" for thing in THINGS}
    _compose(work / "with", modules, "")
    for thing, folder in folders.items():
        _compose(folder, modules, thing)
    faces = Faces(work / "with")
    records, tiles = [], []
    order = np.random.default_rng(1).permutation(faces.held_out)
    for thing, folder in folders.items():
        without, found = Faces(folder), 0
        for index in order.tolist():
            seen = visible(faces.records[index])
            if seen.get(thing, "none") in ("none", "bald"):
                continue
            if seen.get("extra") or seen["hat"] != "none":
                continue
            pictures = np.stack([faces.pixels[index], without.pixels[index]])
            pair = Pair(thing, found < TUNING, seen, pictures, 0)
            if not pair.truth().any() or pictures[1].std((0, 1)).max() < 1:
                continue  # hidden by something else; or a style whose hair is part of the head
            records.append({"thing": thing, "tuning": pair.tuning, "seen": seen})
            tiles.append(np.concatenate(pictures, 1))
            if (found := found + 1) == TUNING + REPORTED:
                break
        print(f"{thing}: {found} pairs", flush=True)
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
    rows = [np.concatenate(tiles[k : k + COLUMNS], 1) for k in range(0, len(tiles), COLUMNS)]
    Image.fromarray(np.concatenate(rows)).save(FACES / "places.webp", lossless=True, method=6)
    lines = (json.dumps(each, separators=(",", ":")) + "\n" for each in records)
    (FACES / "places.jsonl").write_text("".join(lines), encoding="utf-8")


def _compose(folder: Path, modules: Path, without: str) -> None:
    command = ["node", str(RECIPE / "compose.mjs"), "--out", str(folder), "--without", without]
    command += ["--count", str(COUNT), "--seed", str(SEED), "--modules", str(modules)]
    subprocess.run(command, check=True)


def main() -> None:
    """Measure, or compose the pairs."""
    parser = parser_of(__doc__)
    parser.add_argument("--weights", nargs="+", default=[SHIPPED], metavar="FOLDER")
    parser.add_argument("--tuning", action="store_true", help="measure the pairs for tuning")
    parser.add_argument("--work", type=Path, help="folder for composed faces: makes the pairs")
    parser.add_argument("--modules", type=Path, help="folder that holds node_modules")
    args = parser.parse_args()
    if args.work is not None:
        make(args.work, args.modules)
        return
    for name in args.weights:
        measure(name, args.tuning)


if __name__ == "__main__":
    main()
