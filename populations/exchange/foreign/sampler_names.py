"""Samplers and noise schedules by the names that other programs give them."""

from __future__ import annotations

import re

_KNOWN = {
    "dpm++2m": "dpm++",
    "dpmpp2m": "dpm++",
    "dpmsolver++": "dpm++",
    "euler": "euler",
    "unipc": "unipc",
    "deis": "deis",
}
"""By their names in lower case, without blanks and underscores."""

_SCHEDULES = (
    "karras",
    "exponential",
    "polyexponential",
    "sgm uniform",
    "uniform",
    "simple",
    "normal",
    "beta",
    "align your steps",
)
_PLAIN = ("", "normal", "automatic", "default", "uniform", "simple", "none", "discrete", "native")
"""Schedules that are a model's own, or that were not chosen."""


def sampler_of(name: str, schedule: str = "") -> tuple[str | None, str]:
    """Return the sampler here, None if there is none like it, and the schedule to be named.

    Names are such as `DPM++ 2M Karras`, `k_euler` or `dpmpp_2m_k`. The schedule is given if it was
    recorded apart; `Automatic` is Karras for DPM++ 2M.
    """
    bare = name.strip().lower().removeprefix("k_").removesuffix("_gpu")
    for known in _SCHEDULES:
        ending = re.fullmatch(rf"(.+?)[ _]{known.replace(' ', '[ _]')}", bare)
        if ending:
            bare, schedule = ending[1], schedule or known.title()
            break
    if bare.endswith("_k"):
        bare, schedule = bare[:-2], schedule or "Karras"
    sampler = _KNOWN.get(re.sub(r"[ _]", "", bare))
    if schedule.lower() == "automatic" and sampler == "dpm++":
        return sampler, "Karras"
    return sampler, "" if schedule.lower().replace("_", " ") in _PLAIN else schedule
