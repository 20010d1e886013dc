"""What the name of a model or a LoRA says about how it was distilled to a few steps.

Files are passed around without configurations, and makers name the method: turbo (Sauer et al.
2023), LCM (Luo et al. 2023), Lightning (Lin et al. 2024), Hyper-SD (Ren et al. 2024), DMD2 (Yin et
al. 2024), TCD, PCM. Styles have the same words in their names (a bolt of lightning, hyperrealism),
so a LoRA needs more than the word: the model it is for, or a number of steps.
"""

from __future__ import annotations

import re

_MODEL = re.compile(
    r"turbo|lightning|hyper(?!ion|real|detail|photo)|lcm|tcd(?![a-z])|pcm(?![a-z])|schnell|sprint|"
    r"klein|flash|dmd|distill",
    re.I,
)
_FAMILY = r"(?:sd|xl|flux|qwen|kolors|z[-_.]?image|wan|pixart|chroma|image)"
_LORA = re.compile(
    rf"lcm(?![a-z])|tcd(?![a-z])|pcm(?![a-z])|dmd2|vegart|"
    rf"hyper[-_. ]?{_FAMILY}|flash[-_. ]?{_FAMILY}|"
    rf"{_FAMILY}[\w.]*[-_. ](?:turbo|lightning|hyper|flash)(?![a-z])|turbo[-_. ]?alpha|"
    r"(?:turbo|lightning|hyper|distill)\w*[-_. ].*\d+[-_ ]?steps?(?![a-z])",
    re.I,
)
_NEGATED = re.compile(r"base|undistilled|de-?distill", re.I)
"""A `klein-base` is what the klein was distilled from."""
_STEPS = re.compile(r"(?<![\d.])(\d{1,2})[-_ ]?steps?(?![a-z])", re.I)
_GUIDED = re.compile(r"(?<![a-z])cfg(?![a-z])", re.I)


def is_distilled_model(name: str) -> bool:
    """Return whether the name of a model says that it paints in a few steps."""
    last = _last(name)
    return bool(_MODEL.search(last)) and not _NEGATED.search(last)


def is_distilled_lora(name: str) -> bool:
    """Return whether the name of a LoRA says that a model paints in a few steps with it."""
    last = _last(name)
    return bool(_LORA.search(last)) and not _NEGATED.search(last)


def named_steps(name: str) -> int | None:
    """Return the number of steps in a name, None if there is none: `..._8step_...`."""
    found = _STEPS.search(_last(name))
    return max(1, int(found[1])) if found else None


def keeps_guidance(name: str) -> bool:
    """Return whether a name says that guidance stays in use: `Hyper-SDXL-8steps-CFG-lora`."""
    return bool(_GUIDED.search(_last(name)))


def _last(name: str) -> str:
    """Return the last part of a path, or of a name on the hub without its revision."""
    return name.rstrip("/").rpartition("/")[2].partition("@")[0]
