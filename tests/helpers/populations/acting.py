"""What a person may do with a population, by name."""

from pathlib import Path

from small_population import state

from evolve.errors import ArchiveError
from populations import Population, check_population
from populations.exchange.parcel import pack
from populations.home.shelf import (
    copy_population,
)


def act(how: str, home: Path) -> object:
    path = home / "demo"
    if how == "open":
        return Population.open(path).close()
    if how == "look":
        with Population.open(path, write=False) as population:
            return state(population)
    if how == "repair":
        report = check_population(path, repair=True)
        if report.problems:
            raise ArchiveError(report.problems[0])
        return report
    if how == "copy":
        return copy_population(home, "demo", "twin")
    return pack(path, home.parent / "demo.zip")
