"""JSON that stands in a population, which may be a stranger's."""

from __future__ import annotations

import json
from typing import Any

SENSELESS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What reading values that make no sense may raise; a disk that fails raises none of these."""


def told(text: str | bytes) -> Any:
    """Return what a text says.

    Raises:
        ValueError: It is no JSON, or nested so deeply that only a stranger can mean it.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def told_object(text: str | bytes) -> dict[str, Any]:
    """Return what a text says by name.

    Raises:
        ValueError: It says something else.
    """
    found = told(text)
    if not isinstance(found, dict):
        raise ValueError("it has no names in it")
    return found
