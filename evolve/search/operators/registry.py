"""All operators by name: our own, and those that installed packages add.

A package adds one by an entry point of the group `fancier.operators` that names an `Operator`. It
is dealt to pages by its share from then on, as our own are.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from evolve.errors import GenomeError
from evolve.search.operators.crossover import CROSS_BAND, CROSS_BLEND, CROSS_REGION, CROSS_SLERP
from evolve.search.operators.gene_mutation import MUTATE_SETTINGS
from evolve.search.operators.mutation import MUTATE, MUTATE_BAND, MUTATE_REGION
from evolve.search.operators.newcomers import ANTITHETIC, FOUND, KEEP
from evolve.search.operators.operator import Operator
from evolve.search.operators.repainting import REPAINT
from evolve.search.operators.turning import LOOK, STEER

GROUP = "fancier.operators"

BUILT_IN = (
    MUTATE,
    CROSS_REGION,
    MUTATE_REGION,
    MUTATE_BAND,
    CROSS_SLERP,
    FOUND,
    KEEP,
    MUTATE_SETTINGS,
    CROSS_BLEND,
    CROSS_BAND,
    ANTITHETIC,
    LOOK,
    STEER,
    REPAINT,
)
"""In the order in which a page is dealt where shares leave a tie: what was bred depends on it."""


@cache
def _loaded() -> tuple[Mapping[str, Operator], str]:
    """Return all operators, and what is wrong with one that a package adds; empty if nothing is."""
    from importlib.metadata import entry_points  # reads the disk: only where something is bred

    known, problem = {operator.name: operator for operator in BUILT_IN}, ""
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        package = f"the package '{entry.dist.name}'" if entry.dist else "an installed package"
        try:
            operator = entry.load()
        except Exception as error:  # whatever a stranger's module does when it is imported
            wrong = f"cannot be loaded ({type(error).__name__}: {error})"
        else:
            if not isinstance(operator, Operator):
                wrong = "is no evolve.search.operators.Operator"
            elif operator.name in known:
                wrong = f"has the name of another one, '{operator.name}'"
            else:
                known[operator.name] = operator
                continue
        problem = problem or (
            f"the operator '{entry.name}' of {package} {wrong}: mend or uninstall that package"
        )
    return known, problem


def operators() -> Mapping[str, Operator]:
    """Return every operator that can be used, by its name."""
    return _loaded()[0]


def operator_of(name: str) -> Operator:
    """Return an operator that makes children of a page.

    Raises:
        GenomeError: There is none of that name, or it is made only when it is asked for.
    """
    operator = operators().get(name)
    if operator is None or operator.make is None:
        usable = ", ".join(each.name for each in operators().values() if each.make)
        raise GenomeError(f"'{name}' is not an operator that a page can hold: use {usable}")
    return operator


def default_menu() -> dict[str, float]:
    """Return the share of each operator on a page.

    Raises:
        GenomeError: An installed package adds an operator that cannot be used.
    """
    known, problem = _loaded()
    if problem:
        raise GenomeError(problem)
    return {name: operator.share for name, operator in known.items() if operator.share}


def adjustable() -> list[Operator]:
    """Return those of which a person may set how strong they are: mutations, then crossovers."""
    dealt = [each for each in operators().values() if each.is_adjustable]
    return sorted(dealt, key=lambda each: each.kind != "mutate")


def is_whole(name: str) -> bool:
    """Return whether what is recorded under a name turned the noise as a whole by its angle.

    Of an operator that is not installed any more nothing is known.
    """
    return name in operators() and operators()[name].is_whole
