"""Calling an operator, which may be of another package, and checking what it returns.

Whatever it does wrong becomes one line that names it, and nothing is born.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from evolve.errors import FancierError, GenomeError
from evolve.genome import Genome
from evolve.plain_numbers import is_number
from evolve.search.operators.operator import Operator, Strength
from evolve.search.operators.registry import package_of
from evolve.text import one_line

RESERVED = (
    *("step", "size", "reach", "depth", "seed"),
    *("draft", "drafts", "missed", "way", "forwards"),
    *("own_guidance", "arm", "stage"),
)
"""Parameters that are recorded beside an operator's own, and decide what is bred and painted."""


def call(
    operator: Operator,
    rng: np.random.Generator,
    parents: Sequence[Genome],
    strength: Strength,
    *,
    name: str = "",
) -> tuple[Genome, dict[str, Any]]:
    """Return the child that an operator makes, and its parameters as plain JSON values.

    `name` is the registered one, for which another operator may make the child.

    Raises:
        GenomeError: It fails, or returns what is no child or cannot be saved.
    """
    assert operator.make is not None
    package = package_of(name or operator.name)
    wrong = f"the operator '{operator.name}'" + (f" of {package}" if package else "")
    try:
        made = operator.make(rng, parents, strength)
        child, params = _checked(made, parents[0])
    except _Unfit as error:
        raise GenomeError(f"{wrong} {error}") from None
    # Another package's module may even call `sys.exit`.
    except (Exception, SystemExit) as error:
        if isinstance(error, FancierError) and not package:
            raise
        text = one_line(str(error))
        raise GenomeError(f"{wrong} failed: {type(error).__name__}: {text}") from error
    return child, params


class _Unfit(Exception):
    """What an operator returned cannot be used."""


def _checked(made: object, parent: Genome) -> tuple[Genome, dict[str, Any]]:
    if not isinstance(made, tuple) or len(made) != 2:
        raise _Unfit(f"returned a {type(made).__name__}, not a Child")
    child, params = made
    if not isinstance(child, Genome):
        raise _Unfit(f"made a {type(child).__name__}, not a Genome")
    if child.noise.shape != parent.noise.shape:
        raise _Unfit(f"made noise of shape {child.noise.shape} of a parent's {parent.noise.shape}")
    json.dumps(child.to_json(), allow_nan=False)  # its prompt and settings may be of any type
    return child, _plain(params)


def _plain(params: object) -> dict[str, Any]:
    """Return parameters as they will be read from the records."""
    try:
        given = dict(params)  # type: ignore[call-overload]
        plain: dict[str, Any] = json.loads(json.dumps(given, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        reason = one_line(str(error))
        raise _Unfit(f"returned parameters that are not plain JSON values ({reason})") from None
    if plain != given:  # for example a tuple, or a number as a key
        raise _Unfit("returned parameters that are not plain JSON values: use dicts and lists")
    for key in RESERVED:
        if key in plain:
            raise _Unfit(f"returned a parameter '{key}', a name that is reserved: use another")
    if not is_number(plain.get("angle", 0), -360, 360):  # the next step is calculated from these
        raise _Unfit("returned an 'angle' that is not from -360 to 360: give it in degrees")
    return plain
