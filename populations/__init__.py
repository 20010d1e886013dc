"""Saved populations: everything bred, painted, scored and judged, on disk, and nothing of it lost.

The names below are loaded at their first use, so that `import populations` stays fast (zarr takes
about half a second).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from populations.core.population import Population as Population
    from populations.home.names import default_home as default_home
    from populations.home.names import population_path as population_path
    from populations.home.summary import list_populations as list_populations
    from populations.repair.check import Report as Report
    from populations.repair.check import check_population as check_population
    from populations.studio.notebook import create_population as create_population
    from populations.studio.notebook import open_population as open_population
    from populations.studio.studio import Studio as Studio

_MODULES = {
    "Population": "core.population",
    "Report": "repair.check",
    "Studio": "studio.studio",
    "check_population": "repair.check",
    "create_population": "studio.notebook",
    "default_home": "home.names",
    "list_populations": "home.summary",
    "open_population": "studio.notebook",
    "population_path": "home.names",
}

__all__ = [*_MODULES]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'populations' has no attribute {name!r}")
    return getattr(import_module(f"populations.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
