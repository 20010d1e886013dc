"""The first thing read of a population: what it is, how it is set up, and how far it is committed.

All of it stands in the attributes of the root group, `population.zarr/zarr.json`, which is plain
JSON: reading it needs no zarr. The attribute `commit` is the marker: only rows below its counts
exist, whatever else lies in the arrays. It is replaced as a whole, after everything it counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evolve.errors import ArchiveError
from populations.failures import DamagedError
from populations.home import ZARR, no_such_population

ENCODING = "fancier-population"
FORMAT = (1, 1)
"""Major and minor: a higher minor only adds columns or tables, a higher major is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """How far the population is committed."""

    seq: int = 0
    """Number of commits so far."""
    time: int = 0
    """Milliseconds since 1970 of the last commit; its rows carry the same in `created`."""
    rows: Mapping[str, int] = field(default_factory=dict)
    """Committed rows of each table."""
    rated: int = 0
    """Individuals that have a rating, for lists of populations."""

    def to_json(self) -> dict[str, Any]:
        """Return the marker as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the root group says about a population."""

    uuid: str
    created: str
    """ISO 8601, UTC."""
    format: tuple[int, ...]
    """Major and minor of the newest program that wrote to it."""
    config: Mapping[str, Any]
    """How the population was set up, as given to `Population.create`."""
    marker: Marker


def read_header(path: Path) -> Header:
    """Read the header of the population in the folder `path`.

    Raises:
        ArchiveError: There is no population, a foreign or damaged one, or one of a newer format.
    """
    if not path.is_dir():
        raise no_such_population(path)
    root = path / ZARR / "zarr.json"
    try:
        attributes = json.loads(root.read_bytes())["attributes"]
    except FileNotFoundError as error:
        if (path / ZARR).is_dir():
            raise _lost(path, "is missing") from error
        raise _foreign(path) from error
    except OSError as error:
        raise ArchiveError(f"cannot read {root}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise _lost(path, "is cut off or damaged") from error
    if not isinstance(attributes, dict) or attributes.get("encoding-type") != ENCODING:
        raise _foreign(path)
    version = _format(path.name, attributes.get("format_version"))
    try:
        commit = attributes["commit"]
        marker = Marker(
            seq=int(commit["seq"]),
            time=int(commit["time"]),
            rows={str(k): int(v) for k, v in commit["rows"].items()},
            rated=int(commit["rated"]),
        )
        config = dict(attributes["config"])
        uuid, created = str(attributes["uuid"]), str(attributes["created"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _lost(path, "is damaged") from error
    if marker.seq < 0 or any(n < 0 for n in marker.rows.values()):
        raise _lost(path, "is damaged")
    return Header(uuid=uuid, created=created, format=version, config=config, marker=marker)


def _format(name: str, version: object) -> tuple[int, ...]:
    if not (isinstance(version, list) and version and all(isinstance(n, int) for n in version)):
        raise DamagedError(name, "its format version is missing")
    if version[0] > FORMAT[0]:
        raise ArchiveError(
            f"population '{name}' was written by a newer fancier "
            f"(format {'.'.join(map(str, version))}, this one reads {FORMAT[0]}): upgrade fancier"
        )
    return tuple(version)


def _lost(path: Path, how: str) -> ArchiveError:
    return ArchiveError(
        f"population '{path.name}' cannot be opened because {path / ZARR / 'zarr.json'} {how}: "
        "restore this file from a backup"
    )


def _foreign(path: Path) -> ArchiveError:
    return ArchiveError(
        f"{path} is not a population of fancier: 'fancier list' shows those there are"
    )
