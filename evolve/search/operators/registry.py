"""All operators by name: the project's, and those that installed packages add.

A package adds one by an entry point of the group `fancier.operators` that names an `Operator`
(docs/python.md). It is dealt to pages by its share, has a strength among the settings and its name
in the records, as all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from evolve.errors import GenomeError
from evolve.search.operators.crossover import CROSS_BAND, CROSS_BLEND, CROSS_REGION, CROSS_SLERP
from evolve.search.operators.gene_mutation import MUTATE_SETTINGS
from evolve.search.operators.mutation import MUTATE, MUTATE_BAND, MUTATE_REGION
from evolve.search.operators.newcomers import ANTITHETIC, FOUND, KEEP
from evolve.search.operators.operator import Operator
from evolve.search.operators.placing import EDIT, REPAINT, TAKE, TAKE_OFF
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
    EDIT,
    TAKE,
    TAKE_OFF,
)
"""In the order in which a page is dealt where shares leave a tie: what was bred depends on it."""


class _Loaded(NamedTuple):
    known: Mapping[str, Operator]
    packages: Mapping[str, str]
    """The package that adds an operator, for messages, by the operator's name."""
    problem: str
    """A line about the first operator that cannot be used; empty if there is none."""


@cache
def _loaded() -> _Loaded:
    # It reads the disk: only where something is bred.
    from evolve import installed_packages

    known, packages = {operator.name: operator for operator in BUILT_IN}, dict[str, str]()
    entries, problems = installed_packages.entry_points_of(GROUP)
    for entry in entries:
        package = installed_packages.called(entry.dist)
        try:
            operator = entry.load()
        # Another package's module may do anything when it is imported, even call `sys.exit`.
        except (Exception, SystemExit) as error:
            wrong = f"cannot be loaded ({installed_packages.reason(error)})"
        else:
            if not isinstance(operator, Operator):
                wrong = "is not an evolve.search.operators.Operator"
            elif operator.name in known:
                wrong = f"has the name of another one, '{operator.name}'"
            else:
                known[operator.name] = operator
                packages[operator.name] = package
                continue
        problems.append(
            f"the operator '{entry.name}' of {package} {wrong}: mend or uninstall that package"
        )
    return _Loaded(known, packages, problems[0] if problems else "")


def package_of(name: str) -> str:
    """Return the package that adds an operator, for messages; empty for the project's."""
    return _loaded().packages.get(name, "")


def operators() -> Mapping[str, Operator]:
    """Return every operator that can be used, by its name."""
    return _loaded().known


def operator_of(name: str) -> Operator:
    """Return an operator that makes children of a page.

    Raises:
        GenomeError: There is none of that name, or it is never dealt to a page.
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
    loaded = _loaded()
    if loaded.problem:
        raise GenomeError(loaded.problem)
    return {name: operator.share for name, operator in loaded.known.items() if operator.share}


def adjustable() -> list[Operator]:
    """Return the operators whose strength a person may set: mutations, then crossovers."""
    dealt = [each for each in operators().values() if each.is_adjustable]
    return sorted(dealt, key=lambda each: each.kind != "mutate")


def is_whole(name: str) -> bool:
    """Return whether an operator turns the noise as a whole by its angle; False if unknown."""
    return name in operators() and operators()[name].is_whole
