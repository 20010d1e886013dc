"""The settings of the pages to come: each choice with its values, as a plan holds them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evolve.genome.settings import LORAS, OPTIONAL, SAMPLERS
from evolve.search.operators import Operator, adjustable
from evolve.search.plan import LOCKS, Plan
from evolve.search.sized.sizes import SIZES, size_in_words
from evolve.taste.pages.candidates import candidates_of

PAGES = (4, 6, 8, 9, 12, 16, 20, 24)
AMONG = (1, 24, 36, 48, 60, 96)
"""Painted candidates of a page; with no more than its pictures, only those are painted."""
STEPS = (None, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 50.0, 60.0, 70.0, 80.0)
PICTURE_SIZES = (None, *sorted({0.1, 0.35, 0.55, 0.85, 1.0, *SIZES.values()}))
"""Distances in the picture."""
FACTORS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
GENES = {
    "noise": "the noise: what is where",
    "weights": "weights of the words",
    "guidance_scale": "guidance",
    "steps": "steps",
    "sampler": "sampler",
    "lora": "weight of the LoRA",
    **{gene: f"weight of LoRA {number}" for number, gene in enumerate(LORAS[1:], start=2)},
    "cut_guidance": "guidance by cuts",
    "variety": "variety of words",
}
VARIES, LOCKED = "varies", "locked"
VALUES: Mapping[str, Sequence[Any]] = {
    "guidance_scale": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 15.0),
    "steps": (4, 6, 8, 10, 12, 16, 20, 25, 30, 40, 50),
    "sampler": SAMPLERS,
}
"""What all children may be painted with, by gene."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the settings."""

    section: str
    label: str
    values: Sequence[Any]
    get: Callable[[Plan], Any]
    put: Callable[[Plan, Any], Plan]
    text: Callable[[Any], str]
    text_of: Callable[[Plan], str] | None = None
    """Returns what is shown, where the value alone does not say it."""

    def shown(self, plan: Plan) -> str:
        """Return what is shown of the value."""
        return self.text(self.get(plan)) if self.text_of is None else self.text_of(plan)

    def turn(self, plan: Plan, by: int) -> Plan:
        """Return the plan with the previous (-1) or next (1) value, up to the first and last."""
        now = self.get(plan)
        if now in self.values:
            place = self.values.index(now) + by
        else:  # set elsewhere: on to the nearest of these
            place = sum(value is None or value < now for value in self.values) - (by < 0)
        return self.put(plan, self.values[max(0, min(place, len(self.values) - 1))])


def choices(page: int, times: float = 1.0, *, optional: Collection[str] = ()) -> list[Choice]:
    """Return all choices.

    Args:
        page: The population's own size of a page.
        times: Its own number of candidates for each picture of a page.
        optional: Those genes that not every genome has, and this one has.
    """
    return [
        _plain("pictures on a page", "page", PAGES, str, page),
        _plain("size", "size", PICTURE_SIZES, lambda v: size_in_words(v) if v else "by the step"),
        _plain(
            "step (angle of the noise)",
            "step",
            STEPS,
            lambda value: "adapts to what you like" if value is None else f"{value:g}°",
        ),
        _among(page, times),
        *(_strength(operator) for operator in adjustable()),
        *(_gene(gene, GENES[gene]) for gene in LOCKS if gene in optional or gene not in OPTIONAL),
    ]


def _plain(
    label: str,
    name: str,
    values: Sequence[Any],
    text: Callable[[Any], str],
    otherwise: Any = None,
) -> Choice:
    """Return a choice for one field of the plan; where that is None, `otherwise` holds."""
    return Choice(
        "",
        label,
        values,
        lambda plan: getattr(plan, name) or otherwise,
        lambda plan, value: replace(plan, **{name: value}),
        text,
    )


def _among(page: int, times: float) -> Choice:
    def painted(plan: Plan) -> int:
        return candidates_of(plan, plan.page or page, times)

    def text(value: int) -> str:
        return f"{value} painted"

    return Choice(
        "",
        "by taste, chosen among",
        AMONG,
        painted,
        lambda plan, value: replace(plan, among=value),
        text,
        lambda plan: (
            text(painted(plan)) if painted(plan) > (plan.page or page) else "nothing but the page"
        ),
    )


def _strength(operator: Operator) -> Choice:
    name = operator.name
    return Choice(
        "how strongly children change",
        operator.label,
        FACTORS,
        lambda plan: plan.strengths.get(name, 1.0),
        lambda plan, value: replace(plan, strengths={**plan.strengths, name: value}),
        lambda value: f"× {value:g}",
    )


def _gene(gene: str, label: str) -> Choice:
    """Return the choice whether a gene varies, is locked, or has one value in all children."""
    values = (VARIES, LOCKED, *VALUES.get(gene, ()))

    def get(plan: Plan) -> Any:
        value = plan.settings.get(gene, LOCKED if gene in plan.locked else VARIES)
        return value if value in values else LOCKED

    def put(plan: Plan, value: Any) -> Plan:
        others = tuple(each for each in plan.locked if each != gene)
        settings = {name: each for name, each in plan.settings.items() if name != gene}
        if value not in (VARIES, LOCKED):
            settings[gene] = value
        locked = others if value == VARIES else (*others, gene)
        return replace(plan, locked=locked, settings=settings)

    def shown(plan: Plan) -> str:
        if gene not in plan.settings:
            return str(get(plan))
        value = plan.settings[gene]
        return f"{value if isinstance(value, str) else f'{value:g}'} for all"

    return Choice("what may vary", label, values, get, put, str, shown)
