"""Does breeding find better pictures than painting as many unrelated ones?

For each seed: the best CLIP score (the mean over overview and inner cuts) among N bred images and
among N unrelated samples of the same prompt and settings; with --locked also among N bred with all
settings locked, so that it is seen how much of the gain comes from other guidance alone.

    python -m benchmarks.search_against_best_of_n [--seeds 8] [--images 96]
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Mapping

from evolve import Clip, CutScore, Policy, Prompt, Search, describe, load_renderer
from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.search.plan import Plan

STRATEGIES: Mapping[str, tuple[Policy, Plan]] = {
    "evolve": (Policy(), Plan()),
    "evolve, settings locked": (Policy(), Plan(locked=("guidance_scale", "steps", "sampler"))),
    "best of n": (Policy(founders=10**9, antithetic=False), Plan()),
}


def best_score(
    strategy: tuple[Policy, Plan],
    seed: int,
    prompt: str,
    images: int,
    renderer: ProcessRenderer,
    scorer: CutScore,
) -> float:
    """Breed `images` individuals by a strategy and return the best score."""
    policy, plan = strategy
    card = describe("portraits")
    search = Search(
        seed=seed,
        prompt=Prompt.parse(prompt),
        shape=card.latent,
        settings=card.settings,
        policy=policy,
        plan=plan,
    )
    best = -1e9
    while len(search.births) < images:
        page = search.ask(min(12, images - len(search.births)))
        genomes = [individual.genome for individual in page]
        scores = scorer.score(renderer.paint(genomes), genomes)
        search.tell({i.id: float(s) for i, s in zip(page, scores, strict=True)})
        best = max(best, float(scores.max()))
    return best


def interval(values: list[float]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean."""
    draw = random.Random(0)
    means = sorted(statistics.fmean(draw.choices(values, k=len(values))) for _ in range(10_000))
    return means[250], means[9749]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--images", type=int, default=96)
    parser.add_argument("--locked", action="store_true", help="also with all settings locked")
    parser.add_argument("--prompt", default="a smiling woman with red hair and glasses")
    args = parser.parse_args()

    scorer = CutScore(Clip(describe("portraits").folder / "clip"))
    strategies = {n: p for n, p in STRATEGIES.items() if args.locked or "locked" not in n}
    results: dict[str, list[float]] = {name: [] for name in strategies}
    started = time.perf_counter()
    with load_renderer("portraits") as renderer:
        for seed in range(args.seeds):
            for name, strategy in strategies.items():
                score = best_score(strategy, seed, args.prompt, args.images, renderer, scorer)
                results[name].append(score)
            print(
                f"seed {seed}: " + "  ".join(f"{n} {v[-1]:.2f}" for n, v in results.items()),
                flush=True,
            )

    base = results["best of n"]
    print(f"\nbest CLIP score of {args.images} images, '{args.prompt}', {args.seeds} seeds")
    print(f"{'strategy':<26}{'mean':>8}{'median':>8}{'gain over best of n (95 %)':>30}{'wins':>7}")
    for name, values in results.items():
        gains = [v - b for v, b in zip(values, base, strict=True)]
        low, high = interval(gains)
        gain = (
            ""
            if name == "best of n"
            else f"{statistics.fmean(gains):+.2f} [{low:+.2f}, {high:+.2f}]"
        )
        wins = "" if name == "best of n" else f"{sum(g > 0 for g in gains)}/{len(gains)}"
        print(
            f"{name:<26}{statistics.fmean(values):8.2f}{statistics.median(values):8.2f}{gain:>30}{wins:>7}"
        )
    print(f"{time.perf_counter() - started:.0f} s in all")


if __name__ == "__main__":
    main()
