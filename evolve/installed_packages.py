"""What installed packages say of themselves, also where some of them are damaged.

The standard library reads the entry points of all packages at once, and fails for all where one
cannot be read. So do torch and numcodecs, which read them when they are imported.
"""

from __future__ import annotations

from importlib.metadata import Distribution, EntryPoint, distributions, entry_points

from evolve.text import one_line


def entry_points_of(group: str) -> tuple[list[EntryPoint], list[str]]:
    """Return the entry points of all packages by name, and lines about those that are damaged."""
    try:
        return sorted(entry_points(group=group), key=lambda entry: entry.name), []
    except Exception:  # one damaged file hides those of all packages
        entries: dict[tuple[str, str], EntryPoint] = {}
        problems: list[str] = []
    for package in distributions():
        try:
            found = list(package.entry_points.select(group=group))
        except Exception as error:
            problems.append(
                f"the entry points of {called(package)} cannot be read ({reason(error)}): "
                "install that package again or uninstall it"
            )
        else:  # a package may be on the path twice: the first one counts
            for entry in found:
                entries.setdefault((entry.name, entry.value), entry)
    return [entries[key] for key in sorted(entries)], problems


def damaged_package() -> str:
    """Return a line about an installed package that stops others; empty if there is none."""
    _, problems = entry_points_of("")
    return problems[0] if problems else ""


def called(package: Distribution | None) -> str:
    """Return what to call a package, whose metadata may be missing or damaged."""
    if package is None:
        return "an installed package"
    try:
        name = package.metadata["Name"]
    except Exception:  # of another kind in every version of Python
        name = None
    if name:
        return f"the package '{one_line(name)}'"
    folder = getattr(package, "_path", None)  # the public interface has only its parent
    return f"the package in '{folder}'" if folder else "an installed package"


def reason(error: BaseException) -> str:
    """Return what an error of a stranger's says, in one line."""
    return f"{type(error).__name__}: {one_line(str(error))}"
