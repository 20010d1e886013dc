"""Answers the shell when a person presses Tab: commands, options, and the names that follow them.

The shell starts `fancier` with the line so far in the environment; `argcomplete` reads it. A person
waits for every answer: only what names things is imported, and whatever goes wrong offers nothing.
"""

from __future__ import annotations

import os
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import NoReturn

ASKED = "_ARGCOMPLETE"
"""Set in the environment by the shell when it asks."""
SHELLS = ("bash", "zsh", "fish")

Completer = Callable[..., Iterable[str]]
"""Returns what an argument may be; called by keywords, with what was parsed so far."""


def completed(action: Action, by: Completer) -> None:
    """Let the shell complete an argument by `by`."""
    action.completer = by  # type: ignore[attr-defined]  # where argcomplete looks for it


def script(shell: str) -> str:
    """Return what a shell runs to complete `fancier`."""
    from argcomplete.shell_integration import shellcode

    code: str = shellcode(["fancier"], use_defaults=False, shell=shell)
    return code.strip()


def answer(parser: ArgumentParser) -> NoReturn:
    """Write what can follow to the shell, and end the process."""
    try:
        import argcomplete

        argcomplete.autocomplete(
            parser,
            always_complete_options=False,
            default_completer=_by_type,  # type: ignore[arg-type]  # any function does
            validator=_fits,
        )
    finally:
        os._exit(1)  # nothing to offer


def _fits(candidate: str, prefix: str) -> bool:
    return candidate.startswith(prefix) and candidate.isprintable()


def _by_type(prefix: str, action: Action, **_: object) -> Iterable[str]:
    return _files(prefix) if action.type is Path else ()


def _or_nothing(completer: Completer) -> Completer:
    @wraps(completer)
    def careful(**asked: object) -> Iterable[str]:
        try:
            return list(completer(**asked))
        except Exception:  # it would be printed into the line that is being typed
            return ()

    return careful


@_or_nothing
def populations(parsed_args: Namespace, **_: object) -> Iterable[str]:
    """Return the names of the populations in the home folder."""
    from populations.home.names import population_names  # needed only here

    return population_names(_home(parsed_args))


@_or_nothing
def populations_or_files(prefix: str, parsed_args: Namespace, **_: object) -> Iterable[str]:
    """Return the names of the populations, and files."""
    return [*populations(parsed_args=parsed_args), *_files(prefix)]


@_or_nothing
def branches(parsed_args: Namespace, **_: object) -> Iterable[str]:
    """Return the branches of the population that was named before."""
    # numpy, and most of the store, come with these
    from populations.core.branches import branch_rows
    from populations.format.ledger import Ledger
    from populations.home.names import population_path

    path = population_path(_home(parsed_args), parsed_args.name)
    return [branch.name for branch in branch_rows(Ledger(path, write=False))]


@_or_nothing
def trashed(parsed_args: Namespace, **_: object) -> Iterable[str]:
    """Return the names of the populations in the trash."""
    from populations.home import shelf  # needed only here

    return [population.name for population in shelf.trashed(_home(parsed_args))]


@_or_nothing
def models(prefix: str, **_: object) -> Iterable[str]:
    """Return the embedded models, those of the hub on this machine, and folders and files."""
    from evolve.models.catalog import EMBEDDED  # numpy comes with it
    from evolve.models.hub import cache

    on_the_hub = {name.repo for name in cache.repositories()}
    files = _files(prefix, ("safetensors",)) if prefix else ()
    return [*sorted(EMBEDDED), *sorted(on_the_hub), *files]


@_or_nothing
def scorers(**_: object) -> Iterable[str]:
    """Return what a run can be scored by, in the simplest form of each."""
    from evolve.installed_packages import entry_points_of  # needed only here
    from evolve.scoring.added import GROUP

    entries = entry_points_of(GROUP)[0]
    return ["clip", "words", "taste", "words+clip", "words,clip", *(each.name for each in entries)]


@_or_nothing
def samplers(**_: object) -> Iterable[str]:
    """Return the names of the samplers."""
    from evolve.genome.settings import SAMPLERS  # numpy comes with it

    return SAMPLERS


def _files(prefix: str, endings: tuple[str, ...] = ()) -> Iterable[str]:
    from argcomplete.completers import FilesCompleter  # needed only here

    files: Iterable[str] = FilesCompleter(endings)(prefix)
    return files


def _home(parsed_args: Namespace) -> Path:
    from populations.home.names import default_home  # needed only here

    return Path(os.path.expanduser(getattr(parsed_args, "home", None) or default_home()))
