"""What strangers bring, varied at random: one module per target, each with a class `Target`.

A target makes hostile things below its sandbox and does with them what a person would do:

    sandbox/home      what the project may write to, $FANCIER_HOME
    sandbox/given     what a stranger gave, made by the target: archives, pictures, models
    sandbox/outside   the person's own files, which must not be read or written

See `frame.Target` for what it has to have.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from benchmarks.fuzz.frame import Target

_NO_TARGETS = {"__main__", "frame", "guard", "materials", "model_files", "using"}


def targets() -> list[str]:
    """Return the names of all targets, in alphabetical order."""
    return sorted(m.name for m in iter_modules(__path__) if m.name not in _NO_TARGETS)


def target(name: str, sandbox: Path) -> Target:
    """Return a target that plays in `sandbox`, an empty folder."""
    made: Target = import_module(f"{__name__}.{name}").Target(sandbox)
    return made
