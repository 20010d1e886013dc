"""The names of all strategies, in a module that imports nothing."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "evolve": "founders pruned on drafts, then niches bred by what has worked",
    "best-of-n": "unrelated pictures, the best of them",
    "half-steps": "unrelated pictures of half the steps, twice as many",
    "psp": "unrelated drafts, the better half painted on (progressive seed pruning)",
    "zero-order": "small steps around the best so far (Ma et al. 2025)",
    "evosearch": "elites varied at start and on the way (He et al. 2025)",
    "slerp-ga": "a plain genetic algorithm: slerp and a small turn",
    "pages": "pages as they are bred for a person, by a score",
}
"""What each does, in a line."""

DEFAULT = "evolve"
