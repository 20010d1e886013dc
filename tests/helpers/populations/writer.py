"""Forks a process for each path on stdin that works on it until it is killed.

To the population in a folder it commits rows of all kinds: bred, painted, rated, branched
and imported. After each commit it acknowledges on stdout how many individuals, pictures and
ratings are saved. From a parcel it makes populations beside it, and acknowledges their number.
"""

from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from forking import say, work_in_forks
from small_population import individual, rating, render

from populations import Population
from populations.core.branches import Branch
from populations.exchange.parcel import unpack
from populations.home.names import population_names


def write(path: Path) -> None:
    with Population.open(path) as population:
        while True:
            said, born = len(population.judgements()), len(population)
            rows: list[Any]
            match said % 5:
                case 0:
                    rows = [individual(born), individual(born + 1), rating(born, page=said)]
                case 1:
                    rows = [render(i) for i in population.unpainted()[:2]]
                    rows.append(rating(0, said % 6, page=said))
                case 2:
                    branch = len(population.branches())
                    rows = [Branch(id=branch, name=f"b{said}", parent=0, fork=born)]
                    rows.append(rating(said % born, said % 6, page=said))
                case 3:  # as an import: with its picture
                    rows = [individual(born), render(born), rating(born, page=said)]
                case _:
                    rows = [rating(said % born, said % 6, page=said)]
            population.append(rows)
            say(len(population), len(population) - len(population.unpainted()), said + 1)


def unpack_again_and_again(parcel: Path) -> None:
    home = parcel.parent
    for n in count(len(population_names(home))):
        unpack(parcel, home, f"p{n}")
        say(n + 1)


def work(task: str) -> None:
    path = Path(task)
    write(path) if path.is_dir() else unpack_again_and_again(path)


if __name__ == "__main__":
    import_module("zarr")  # once, and not in every fork
    work_in_forks(work)
