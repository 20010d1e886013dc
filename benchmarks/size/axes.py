"""Steps along the axes of a population: whether they lead along them."""

import math
from collections.abc import Sequence

import numpy as np

from benchmarks.size.bench import PAGE, Bench
from evolve.rendering.protocol import ModelInfo, Renderer
from evolve.search.axes import components

CENTRES = 6
"""Pictures that are looked around."""


def measure_axes(renderer: Renderer, info: ModelInfo, prompts: Sequence[str]) -> None:
    """Print how far steps along axes and random steps move pictures along the axes."""
    print(f"{'known':>6}{'axis':>6}{'along':>8}{'right':>7}{'random':>8}   (random: size of it)")
    for k, prompt in enumerate(prompts):
        bench = Bench(renderer, info, prompt, 2000 + k)
        for pages in (3, 8):
            while len(bench.archive.individuals) < PAGE * (pages + 1):
                bench.add(bench.search().newcomers(PAGE))
            first, founded = len(bench.archive.individuals), len(bench.archive.commits)
            for centre in range(CENTRES):
                search = bench.search()
                search.embedding_of = bench.archive.embedding
                bench.add(search.look(PAGE * pages + centre, angle=30.0))
            looks = [bench.archive.embedding(i) for i in range(first + 8 * CENTRES)]
            vectors = np.stack([look.vector.astype(float) for look in looks if look is not None])
            axes, scores = components([look for look in looks[: PAGE * pages] if look is not None])
            for axis in range(len(axes)):
                along, random = [], []
                for child in bench.archive.individuals[first:]:
                    moved = vectors[child.id] - vectors[child.parents[0]]
                    moves = float(moved @ axes[axis] / scores[:, axis].std())
                    leads = child.origin.params.get("along")
                    if leads == axis + 1:
                        along.append(math.copysign(1, child.origin.params["angle"]) * moves)
                    elif leads is None:
                        random.append(abs(moves))
                print(
                    f"{PAGE * pages:6}{axis + 1:6}{np.mean(along):+8.2f}"
                    f"{np.mean(np.array(along) > 0):7.0%}{np.mean(random):8.2f}   {prompt}",
                    flush=True,
                )
            bench.archive.commits = bench.archive.commits[:founded]
