"""How much of the next page is foreseen while this one is being rated?

The person of `benchmarks.strict_person`, who looks at the noise, rates pages of twelve in order and
breeds from all ratings; nothing is painted. After each rating: which share of the page that is bred
in the end is in the page that would be bred now, in as many of the likeliest guesses, and in twice
as many; and how long it takes to look ahead.

    python -m benchmarks.tui.foreseen [--seeds 8] [--pages 6] [--by taste]

With `--by taste` pages are by taste, which sees 96 features of the noise, none the person's.
"""

import statistics
import time
from collections import defaultdict
from functools import partial

import numpy as np

from benchmarks.scripting.command_line import parser_of
from benchmarks.strict_person import PAGE, PROMPT, RATINGS, InNoise
from evolve import Prompt, Search
from evolve.scoring.looks.embedding import Embedding
from evolve.search.individual import Individual, Verdict
from evolve.search.plan import By
from evolve.session.foreseeing import Foresight
from evolve.taste.parents import ByTaste

FEATURES = 96


def searching(person: InNoise, seed: int, by: By) -> Search:
    """Return a search whose taste sees features of the noise."""
    size = int(np.prod(person.shape))
    camera = np.random.default_rng(seed).standard_normal((FEATURES, size)) / np.sqrt(size)

    def look(individual: int) -> Embedding:
        seen = camera @ search.genome(individual).noise.astype(float).ravel()
        return Embedding("noise", (seen / np.linalg.norm(seen)).astype(np.float16))

    taste = ByTaste(look, by=by)
    search = Search(
        seed=seed,
        prompt=Prompt.typed(PROMPT),
        shape=person.shape,
        rank=taste,
        page=taste.page,
    )
    return search


def foreseen(search: Search) -> tuple[list[str], list[str], float]:
    """Return the page that would be bred now, the guesses, likeliest first, and milliseconds."""
    began = time.perf_counter()
    foresight = Foresight(search)
    foresight.expect(partial(Search.ask, count=PAGE))
    while foresight.is_open:
        foresight.look()
    guesses = foresight.guesses()
    likeliest = sorted(guesses, key=lambda digest: -guesses[digest].chance)
    return list(foresight.page), likeliest, (time.perf_counter() - began) * 1000


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--pages", type=int, default=6)
    parser.add_argument("--by", choices=["ratings", "taste"], default="ratings")
    args = parser.parse_args()
    shares: dict[int, list[tuple[float, float, float]]] = defaultdict(list)
    took: list[float] = []
    for seed in range(args.seeds):
        person = InNoise(seed)
        search = searching(person, seed, args.by)
        page: list[Individual] = search.ask(PAGE)
        for _ in range(args.pages):
            near = np.argsort(-person([one.genome for one in page]))
            ratings = {page[k].id: RATINGS[place] for place, k in enumerate(near)}
            looks = []
            for answered, one in enumerate(page, start=1):
                rating = Verdict(rating=ratings[one.id], page=one.generation)
                search.tell({one.id: rating})
                now, guesses, milliseconds = foreseen(search)
                looks.append((answered, now, guesses))
                took.append(milliseconds)
            page = search.ask(PAGE)
            bred = [one.genome.digest for one in page]
            for answered, now, guesses in looks:
                known = (now, guesses[:PAGE], guesses[: 2 * PAGE])
                a, b, c = (sum(digest in some for digest in bred) / PAGE for some in known)
                shares[answered].append((a, b, c))
    print(f"{'answered':>8}{'bred now':>12}{'12 guesses':>12}{'24 guesses':>12}")
    for answered, some in sorted(shares.items()):
        means = (statistics.fmean(column) for column in zip(*some, strict=True))
        print(f"{answered:>8}" + "".join(f"{mean:>12.0%}" for mean in means))
    print(
        f"looking ahead after an answer: {statistics.median(took):.0f} ms (median of {len(took)})"
    )


if __name__ == "__main__":
    main()
