"""What the next pages will be like, in words: their step and their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from evolve.plain_numbers import is_number
from evolve.search.operators import LOOK
from evolve.search.plan import SLOTS, Plan
from evolve.search.sized.sizes import size_in_words
from evolve.search.step_size import HIGHEST, STRETCH
from populations.core.making import degrees
from tui.controller.pages import Pages

SETTINGS = {"guidance_scale": "guidance {:g}", "steps": "{} steps", "sampler": "{}"}
"""Settings in words, by gene."""


def step_of(pages: Pages) -> float | None:
    """Return the step in degrees by which the page on the screen was bred.

    A ring has the angle by which it leads away; newcomers and painted regions have no step.
    """
    for id in pages.shown:
        origin = pages.cards.births[id].origin
        if "step" in origin.params:
            return float(origin.params["step"])
        if origin.operator == LOOK.name:
            return abs(float(origin.params.get("angle", 0.0)))
    return None


def size_of_page(pages: Pages) -> float | None:
    """Return the size by which the page on the screen was bred, None if it was bred otherwise."""
    for id in pages.shown:
        if is_number(size := pages.cards.births[id].origin.params.get("size"), -1, 1):
            return float(size)
    return None


def stepping(pages: Pages, plan: Plan) -> str:
    """Return the size or step of the page on the screen, and that of the next where it is fixed."""
    size, step = size_of_page(pages), step_of(pages)
    now = ""
    if size is not None:
        now = f"size {size_in_words(size)}"
    elif step is not None:
        now = f"step {degrees(step)}"
    unit, following = "step", "" if plan.step is None else degrees(plan.step)
    if plan.size is not None:  # then no step counts
        unit, following = "size", size_in_words(plan.size)
    if not following:
        return now
    if now == f"{unit} {following}":
        return f"{now} fixed"
    if not now:
        return f"next {unit} {following}"
    return f"{now}, then " + (following if now.startswith(unit) else f"{unit} {following}")


def planned(plan: Plan, page: int, founded: Mapping[str, Any], *, short: bool = False) -> str:
    """Return what places of the next pages hold and for how long, and what is set for all children.

    Args:
        plan: What is decided.
        page: Pictures on a page.
        founded: What founders were painted with, by gene: what is the same is not named.
        short: Only how much there is of it.
    """
    held = Counter(plan.slots[:page])
    places = " ".join(f"{held[kind]} {kind}" for kind in SLOTS[1:] if held[kind])
    given = {gene: value for gene, value in plan.settings.items() if founded.get(gene) != value}
    settings = [words.format(given[gene]) for gene, words in SETTINGS.items() if gene in given]
    if short and places and settings:
        return f"planned{' once' if plan.once else ''}, {len(settings)} for all"
    if short and places:
        return "planned once" if plan.once else "planned until changed"
    if short and len(settings) > 1:
        return f"{len(settings)} settings for all"
    parts = [f"{'next page only' if plan.once else 'until changed'}: {places}"] if places else []
    parts += [f"{', '.join(settings)} for all"] if settings else []
    return " · ".join(parts)


def after_same(pages: Pages, plan: Plan) -> str:
    """Return what follows from the answer that all pictures on the screen look the same."""
    if plan.size is not None:
        return f"all the same, but the size is set to {size_in_words(plan.size)}: s changes it"
    if plan.step is not None:
        return f"all the same, but the step is set to {degrees(plan.step)}: s changes it"
    shown = [pages.cards[id].birth.origin for id in pages.shown]
    bred = [float(origin.params["step"]) for origin in shown if "step" in origin.params]
    if not bred:
        return "all the same; the step stays: this page was not bred by one"
    if _is_outdated(pages):
        return "all the same; but the step follows a later page that is rated"
    step = min(HIGHEST, bred[0] * STRETCH)
    if step <= bred[0]:
        return f"all the same; but the step is {degrees(step)} already, the largest"
    return f"all the same: the next page steps {degrees(step)} instead of {degrees(bred[0])}"


def _is_outdated(pages: Pages) -> bool:
    """Return whether a later page that was bred by a step is judged."""
    for generation in reversed(pages.generations):
        if generation <= pages.generation:
            return False
        ids = (pages.cards.births.generations == generation).nonzero()[0].tolist()
        bred = any("step" in pages.cards[id].birth.origin.params for id in ids)
        if bred and any(pages.cards[id].judged for id in ids):
            return True
    return False
