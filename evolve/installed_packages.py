"""The entry points and names of installed packages, also where some packages are damaged.

The standard library reads the entry points of all packages at once, and fails for all if one cannot
be read. So do torch and numcodecs when they are imported.
"""

from __future__ import annotations

from importlib.metadata import (
    Distribution,
    EntryPoint,
    PackageNotFoundError,
    distributions,
    entry_points,
    version,
)

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


def own_version() -> str:
    """Return the version of fancier, which need not be installed to be run."""
    try:
        return version("fancier")
    except PackageNotFoundError:
        return "(not installed)"


def damaged_package() -> str:
    """Return a line about a damaged package, which stops others; empty if there is none."""
    _, problems = entry_points_of("")
    return problems[0] if problems else ""


def called(package: Distribution | None) -> str:
    """Return a package for messages; its metadata may be missing or damaged."""
    if package is None:
        return "an installed package"
    try:
        name = package.metadata["Name"]
    except Exception:  # the kind depends on the version of Python
        name = None
    if name:
        return f"the package '{one_line(name)}'"
    folder = getattr(package, "_path", None)  # the public interface has only its parent
    return f"the package in '{folder}'" if folder else "an installed package"


def reason(error: BaseException) -> str:
    """Return an error of another package in one line."""
    return f"{type(error).__name__}: {one_line(str(error))}"
