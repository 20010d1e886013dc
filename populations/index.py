"""What is kept in memory of an open population: everything but noise, genomes and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evolve.archive import Judgement
from evolve.individual import Birth, Verdict
from evolve.plan import Plan
from populations.schema import FAILED, WITHDRAWN

_NOTHING = Verdict()
_FLAGS = {"reject": "rejected", "pin": "pinned", "none": "none", "same": "same"}
"""What a kind of judgement is called in a verdict."""


class Index:
    """The state after a number of rows; rows are added in the order they were committed."""

    def __init__(self) -> None:
        self.births: list[Birth] = []
        self.pictures: dict[int, tuple[int, int]] = {}
        """Row in `renders` and bytes of the latest picture."""
        self.renders: dict[int, int] = {}
        """Row in `renders` of the latest attempt."""
        self.failed: dict[int, str] = {}
        self.unpainted: set[int] = set()
        self.verdicts: dict[int, Verdict] = {}
        """Without scores; individuals of whom nothing is known are left out."""
        self.scores: dict[str, dict[int, float]] = {}
        """Latest score by scorer and individual."""
        self.rated = 0
        self.plan = Plan()

    def copy(self) -> Index:
        """Return an index that can be added to without changing this one."""
        twin = Index()
        twin.births = self.births.copy()
        twin.pictures, twin.renders = self.pictures.copy(), self.renders.copy()
        twin.failed, twin.unpainted = self.failed.copy(), self.unpainted.copy()
        twin.verdicts, twin.rated, twin.plan = self.verdicts.copy(), self.rated, self.plan
        twin.scores = {scorer: values.copy() for scorer, values in self.scores.items()}
        return twin

    def add_birth(self, birth: Birth) -> None:
        """Add the next individual."""
        self.births.append(birth)
        self.unpainted.add(birth.id)

    def add_render(self, individual: int, *, row: int, length: int, error: str) -> None:
        """Add an attempt to paint, or the withdrawal of the pictures so far."""
        self.renders[individual] = row
        self.failed.pop(individual, None)
        if length == WITHDRAWN:
            self.pictures.pop(individual, None)
            self.unpainted.add(individual)
            return
        self.unpainted.discard(individual)
        if length == FAILED:
            self.failed[individual] = error
        else:
            self.pictures[individual] = (row, length)

    def add_score(self, individual: int, scorer: str, value: float) -> None:
        """Add a score, which replaces an earlier one of the same scorer."""
        self.scores.setdefault(scorer, {})[individual] = value

    def add_judgement(self, said: Judgement) -> None:
        """Add what a person said, which replaces what they said before of the same kind."""
        known = self.verdicts.get(said.individual, _NOTHING)
        self.rated -= known.rating is not None
        if said.kind in ("rate", "pick"):
            value = said.value or None
            rated = said.kind == "rate"
            known = replace(known, rating=value) if rated else replace(known, place=value)
            page = said.page if said.page is not None else self.births[said.individual].generation
            known = replace(known, page=page if known.rating or known.place else None)
        else:
            known = replace(known, **{_FLAGS[said.kind]: bool(said.value)})
        self.rated += known.rating is not None
        if known == _NOTHING:
            self.verdicts.pop(said.individual, None)
        else:
            self.verdicts[said.individual] = known

    def rated_after(self, judgements: Sequence[Judgement]) -> int:
        """Return how many individuals will have a rating once `judgements` are added."""
        latest = {j.individual: bool(j.value) for j in judgements if j.kind == "rate"}
        before = sum(self.verdicts.get(i, _NOTHING).rating is not None for i in latest)
        return self.rated - before + sum(latest.values())

    def verdicts_by(self, scorer: str | None) -> dict[int, Verdict]:
        """Return the verdicts with the scores of `scorer`, a new dictionary.

        Without a name it is the scorer that gave the most scores.
        """
        if scorer is None and self.scores:
            scorer = max(self.scores, key=lambda name: (len(self.scores[name]), name))
        verdicts = dict(self.verdicts)
        for individual, score in self.scores.get(scorer or "", {}).items():
            verdicts[individual] = replace(verdicts.get(individual, _NOTHING), score=score)
        return verdicts
