"""Makes every terminal the same."""

import os

# Read when Textual is imported. Escape sequences are longest in true colours: what counts here.
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
os.environ.pop("NO_COLOR", None)

from typing import Any

from textual import _wait, screen
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

# Textual's pilot waits for a key in naps of 20 ms, at least three, and screens draw every 17 ms:
# most of the time that tests of the app take. All of it four times as fast.
_wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = 0.005, 0.0005
screen.UPDATE_PERIOD = 0.004  # type: ignore[misc]

_parse_rules = Stylesheet._parse_rules
_parsed: dict[tuple[object, ...], list[RuleSet]] = {}


def _parse_once(sheet: Stylesheet, *args: Any, **kwargs: Any) -> list[RuleSet]:
    """Parse the style sheets of widgets for the first app alone, not for each of a thousand."""
    key = (*args, *kwargs.values(), *sheet._variables.items())
    if key not in _parsed:
        _parsed[key] = _parse_rules(sheet, *args, **kwargs)
    return _parsed[key]


Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign]
