"""JSON in a population, which may be a stranger's."""

from __future__ import annotations

import json
from typing import Any

SENSELESS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What reading invalid values may raise; a failing disk raises none of these."""


def parse(text: str | bytes) -> Any:
    """Parse JSON.

    Raises:
        ValueError: It is not JSON, or nested too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def parse_object(text: str | bytes) -> dict[str, Any]:
    """Parse a JSON object.

    Raises:
        ValueError: It is anything else.
    """
    value = parse(text)
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")
    return value
