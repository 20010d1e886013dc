"""What a person does with a population, one after another."""

import contextlib
import io
import shutil
from pathlib import Path
from typing import Any

from evolve.errors import FancierError
from evolve.session.archive import Judgement
from populations import Population, check_population, list_populations
from populations.exchange.parcel import pack
from populations.home.shelf import (
    copy_population,
    delete_population,
    empty_trash,
    rename_population,
    restore_population,
)
from tui.cli import main

_ASKED = [
    line.split()
    for line in (
        "list",
        "list --json",
        "show gift",
        "show gift 1",
        "show gift --json",
        "show gift --as-of 1",
        "tree gift",
        "show gift 7 --json",
        "branch gift",
    )
]


def live_with(home: Path, name: str) -> None:
    """List, look at, rate, check, repair, copy, export, rename and delete a population.

    Raises:
        FancierError: The first thing that was refused.
    """
    path, refusals = home / name, []
    for act in (_list, _look, _ask, _rate, _check, _repair, _rate, _copy, _export, _shelve):
        try:
            act(path)
        except FancierError as error:
            refusals.append(error)
            if "\n" in str(error):
                break
    clear(home)
    if refusals:
        raise refusals[0]


def clear(home: Path) -> None:
    """Empty the home."""
    for folder in home.iterdir():
        if folder.is_symlink() or not folder.is_dir():
            folder.unlink()
        else:
            shutil.rmtree(folder)


def listed(home: Path) -> list[dict[str, Any]]:
    """Return what `fancier list` shows: all populations, whatever is wrong with one."""
    populations = list_populations(home)
    for found in populations:
        assert "\n" not in found.get("problem", ""), found["problem"]
    return populations


def _list(path: Path) -> None:
    listed(path.parent)


def _look(path: Path) -> None:
    with Population.open(path, write=False) as population:
        for i in list(population.ids())[:12]:
            for look in (population.genome, population.picture, population.record):
                with contextlib.suppress(FancierError):
                    look(i)
        for asked in (
            lambda: list(population.births()),
            population.branches,
            population.judgements,
            lambda: [population.history().marker(n + 1) for n in range(len(population.history()))],
            lambda: population.as_of(1),
            population.verdicts,
            population.unpainted,
            lambda: population.branch("main").verdicts(),
        ):
            with contextlib.suppress(FancierError):
                asked()


def _ask(path: Path) -> None:
    """Ask at the command line; its lines must be lines."""
    for words in _ASKED:
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            status = main([*words[:1], "--home", str(path.parent), *words[1:]])
        assert status in (0, 1), f"{words} ended with {status}"
        assert "Traceback" not in output.getvalue()


def _rate(path: Path) -> None:
    with Population.open(path) as population:
        population.append([Judgement(individual=0, kind="rate", value=4, page=0)])
    with Population.open(path, write=False) as population:
        assert population.verdicts()[0].rating == 4, "an acknowledged rating is lost"


def _check(path: Path) -> None:
    report = check_population(path)
    assert not any("\n" in line for line in report.problems), report.problems


def _repair(path: Path) -> None:
    report = check_population(path, repair=True)
    assert not any("\n" in line for line in report.repaired + report.problems), report


def _copy(path: Path) -> None:
    copy_population(path.parent, path.name, "twin")
    delete_population(path.parent, "twin")
    empty_trash(path.parent)


def _export(path: Path) -> None:
    file = path.parent.parent / "given" / "out.zip"
    with contextlib.suppress(FileNotFoundError):
        file.unlink()
    pack(path, file)
    assert b"precious" not in file.read_bytes(), "a file of the person's own is in the export"


def _shelve(path: Path) -> None:
    rename_population(path.parent, path.name, "renamed")
    delete_population(path.parent, "renamed")
    restore_population(path.parent, "renamed")
    delete_population(path.parent, "renamed")
    empty_trash(path.parent)
