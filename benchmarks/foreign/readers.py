"""Which reads more of what other programs write into pictures: fancier, or sd-parsers?

Files as these programs write them (`written.py`); of each, what every reader makes of words,
unwanted words, seed, steps, guidance, sampler, size and model, and whether what cannot be kept is
named. Then texts that were made to keep a reader busy: seconds and megabytes.

    pip install sd-parsers
    python -m benchmarks.foreign.readers
"""

import json
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin

from benchmarks.foreign import castle, written
from benchmarks.foreign.comfyui import comfy_graph
from evolve.errors import ArchiveError
from populations.exchange.importing import read

FIELDS = ("words", "without", "seed", "steps", "guidance", "sampler", "size", "model")


def by_fancier(file: Path) -> dict[str, Any]:
    """Return what fancier makes of a file."""
    recipe = read(file).foreign
    if recipe is None:
        return {}
    return {
        "words": ", ".join(text for text, _ in recipe.prompt),
        "without": ", ".join(text for text, _ in recipe.negative),
        "seed": recipe.seed,
        "steps": recipe.steps,
        "guidance": recipe.guidance,
        "sampler": recipe.sampler_name,
        "size": recipe.size,
        "model": recipe.model,
        "left out": len(recipe.left_out) + len(recipe.loras),
    }


def by_sd_parsers(file: Path) -> dict[str, Any]:
    """Return what sd-parsers makes of a file."""
    from sd_parsers import ParserManager

    info = ParserManager().parse(file)
    if info is None or not info.samplers:
        return {}
    sampler, other = info.samplers[0], {k.lower(): v for k, v in info.metadata.items()}
    known = {k.lower(): v for k, v in sampler.parameters.items()}

    def first(*names: str) -> Any:
        return next((d[n] for d in (known, other) for n in names if d.get(n)), None)

    size = first("size", "resolution") or (first("width"), first("height"))
    return {
        "words": ", ".join(str(p.value) for p in sampler.prompts),
        "without": ", ".join(str(p.value) for p in sampler.negative_prompts),
        "seed": first("seed"),
        "steps": first("steps"),
        "guidance": first("cfg_scale", "cfg scale", "scale"),
        "sampler": sampler.name,
        "size": size,
        "model": sampler.model.name if sampler.model else "",
    }


def right(found: dict[str, Any]) -> dict[str, bool]:
    """Return which fields are as they were written; emphasis and networks in words do not count."""

    def bare(text: Any) -> set[str]:
        return {w for w in ("castle", "red", "roof", "people") if w in str(text)}

    size = "".join(c if c.isdigit() else " " for c in str(found.get("size", ""))).split()
    known = str(found.get("sampler") or "").lower()
    return {
        "words": bare(found.get("words")) == {"castle", "red", "roof"},
        "without": bare(found.get("without")) == {"people"},
        "seed": str(found.get("seed")) == str(castle.SEED),
        "steps": str(found.get("steps")) == str(castle.STEPS),
        "guidance": str(found.get("guidance")) == str(castle.GUIDANCE),
        "sampler": any(name in known for name in ("dpm", "euler", "unipc")),
        "size": size == ["512", "512"],
        "model": castle.MODEL in str(found.get("model")),
    }


def compare(folder: Path, readers: dict[str, Callable[[Path], dict[str, Any]]]) -> None:
    """Print which fields each reader got right of each file."""
    print("| written as |", " | ".join(readers), "|")
    print("|---|" + "---|" * len(readers))
    sums = dict.fromkeys(readers, 0)
    for name, foreign in written.FILES.items():
        file = foreign.save(folder / name.replace(",", "").replace(" ", "-"))
        cells = []
        for reader, reads in readers.items():
            try:
                found = reads(file)
            except Exception as error:
                cells.append(f"{type(error).__name__}")
                continue
            verdict = right(found)
            sums[reader] += sum(verdict.values())
            wrong = [field for field in FIELDS if not verdict[field]]
            cell = "nothing" if not found else f"all but {', '.join(wrong)}" if wrong else "all"
            cells.append(cell if len(wrong) < len(FIELDS) else "nothing")
        print(f"| {name} |", " | ".join(cells), "|")
    whole = len(FIELDS) * len(written.FILES)
    print("| fields in all |", " | ".join(f"{n} of {whole}" for n in sums.values()), "|")


def hostile() -> dict[str, dict[str, str]]:
    """Return texts that were made to keep a reader busy."""
    ring: dict[str, Any] = {
        str(i): {"class_type": "X", "inputs": {"a": [str((i + 1) % 3000), 0]}} for i in range(3000)
    }
    ring["s"] = comfy_graph(positive=["0", 0])["3"]
    links = [[i, (i + 1) % 3000, 0, i, 0, "CONDITIONING"] for i in range(3000)]
    links.append([3000, 0, 0, "s", 0, "CONDITIONING"])
    deep = '{"a":' * 50_000 + "1" + "}" * 50_000
    return {
        "a ring of 3,000 nodes": {
            "prompt": json.dumps(ring),
            "workflow": json.dumps({"links": links, "nodes": []}),
        },
        "JSON 50,000 deep": {"prompt": deep, "workflow": deep},
        "60 kB of '{' as hashes": {"parameters": "a\n" + "Hashes: {" * 7000 + "Steps: 1, Seed: 1"},
        "60 kB of colons": {"parameters": "a\nSteps: 1, Seed: 1, " + "a:1" * 20_000},
        "20 MB of text": {"parameters": "a, " * 7_000_000 + "\nSteps: 1, Sampler: x, Seed: 1"},
    }


def busy(folder: Path, readers: dict[str, Callable[[Path], dict[str, Any]]]) -> None:
    """Print how long hostile texts keep each reader busy."""
    print("\n| hostile text |", " | ".join(readers), "|")
    print("|---|" + "---|" * len(readers))
    for name, texts in hostile().items():
        info = PngImagePlugin.PngInfo()
        for key, text in texts.items():
            info.add_text(key, text)
        file = folder / "hostile.png"
        Image.new("RGB", (8, 8)).save(file, pnginfo=info)
        cells = []
        for reads in readers.values():
            tracemalloc.start()
            start = time.perf_counter()
            try:
                reads(file)
                outcome = "read"
            except ArchiveError:
                outcome = "refused"
            except Exception as error:
                outcome = type(error).__name__
            seconds, memory = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            cells.append(f"{outcome}, {seconds:.2f} s, {memory / 1e6:.0f} MB")
        print(f"| {name} |", " | ".join(cells), "|")


def main() -> None:
    """Print both tables."""
    readers: dict[str, Callable[[Path], dict[str, Any]]] = {"fancier": by_fancier}
    try:
        import sd_parsers  # noqa: F401
    except ImportError:
        print("sd-parsers is not installed: only fancier is tried\n")
    else:
        readers["sd-parsers"] = by_sd_parsers
    with tempfile.TemporaryDirectory(prefix="fancier-readers-") as folder:
        compare(Path(folder), readers)
        busy(Path(folder), readers)


if __name__ == "__main__":
    main()
