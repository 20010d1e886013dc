"""Saved populations: everything bred, painted, scored and judged, on disk, and nothing of it lost.

The names below are loaded at their first use, so that `import populations` stays fast (zarr takes
about half a second).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from populations.check import Report, check_population
    from populations.home import default_home, population_path
    from populations.population import Population
    from populations.summary import list_populations

__all__ = [
    "Population",
    "Report",
    "check_population",
    "default_home",
    "list_populations",
    "population_path",
]

_MODULES = {
    "Population": "population",
    "Report": "check",
    "check_population": "check",
    "default_home": "home",
    "list_populations": "summary",
    "population_path": "home",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'populations' has no attribute {name!r}")
    return getattr(import_module(f"populations.{_MODULES[name]}"), name)
