"""Naming a population after its prompt."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count

WORDS = 4
"""Words of the prompt in a name at most."""
LONGEST = 32
"""Characters of a name, without what makes it unique."""
NAMELESS = "population"
"""The name where no word of the prompt can be used."""

_SMALL = "a an and at by for from in into of on or the to with".split()  # noqa: SIM905 - as a line of text
"""Words that say little."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.ASCII)


def name_for(prompt: str, taken: Collection[str]) -> str:
    """Return the first words of a prompt as a name like `smiling-woman-red-bob`.

    Args:
        prompt: Words with weights, as a person types them: `a woman | red hair :1.4`.
        taken: Names in use; on some systems case makes no difference.
    """
    words = re.findall(r"[^\W_]+", re.sub(r":\s*[-+.\d]+", " ", prompt).lower())
    name = ""
    for word in [word for word in words if word not in _SMALL][:WORDS]:
        longer = f"{name}-{word}" if name else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        name = longer
    if not name or _RESERVED.fullmatch(name):
        name = f"{NAMELESS}-{name}".rstrip("-")
    used = {other.lower() for other in taken}
    return next(
        candidate
        for candidate in (name if n == 1 else f"{name}-{n}" for n in count(1))
        if candidate.lower() not in used
    )
