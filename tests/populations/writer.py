"""Forks a process for each path on stdin that commits to the population there until it is killed.

After each commit it acknowledges on stdout how many individuals, pictures and ratings are saved.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from small_population import individual, rating, render

from populations import Population
from populations.branches import Branch


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def write(path: Path) -> None:
    with Population.open(path) as population:
        while True:
            said, born = len(population.judgements()), len(population)
            rows: list[Any]
            match said % 4:
                case 0:
                    rows = [individual(born), individual(born + 1), rating(born, page=said)]
                case 1:
                    rows = [render(i) for i in population.unpainted()[:2]]
                    rows.append(rating(0, said % 6, page=said))
                case 2:
                    branch = len(population.branches())
                    rows = [Branch(id=branch, name=f"b{said}", parent=0, fork=born)]
                    rows.append(rating(said % born, said % 6, page=said))
                case _:
                    rows = [rating(said % born, said % 6, page=said)]
            population.append(rows)
            say(len(population), len(population) - len(population.unpainted()), said + 1)


if __name__ == "__main__":
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            say("writer", os.getpid())
            write(Path(line.strip()))
        os.waitpid(child, 0)
        say("dead")
