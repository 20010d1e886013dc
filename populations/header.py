"""The first thing read of a population: what it is, how it is set up, and how far it is committed.

All of it stands in the attributes of the root group, `population.zarr/zarr.json`, which is plain
JSON: reading it needs no zarr. The attribute `commit` is the marker: only rows below its counts
exist, whatever else lies in the arrays. It is replaced as a whole, after everything it counts.
A CRC-32 covers them all, and a copy of the file lies beside the root, for a repair.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from evolve.errors import ArchiveError
from populations.failures import DamagedError
from populations.files import SCRATCH, flush_folder, write_file
from populations.home import ZARR, no_such_population

COPY = ".header"
"""Copy of `population.zarr/zarr.json`, beside it; at worst one commit behind."""
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
    sums: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """CRC-32 of all committed values by table and column: notices files in each other's place.
    Left out are tables that an earlier version began."""

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
    attributes: Mapping[str, Any]
    """All of the above as it stands in the file, and what else is there."""

    def after(self, marker: Marker) -> Header:
        """Return the header after a commit by this program."""
        version = max(FORMAT, self.format)
        changed = {"format_version": list(version), "commit": marker.to_json()}
        attributes = sealed({**self.attributes, **changed})
        return replace(self, format=version, marker=marker, attributes=attributes)

    def to_bytes(self) -> bytes:
        """Return the file `zarr.json` of the root group."""
        return group_file(self.attributes)


def group_file(attributes: Mapping[str, Any]) -> bytes:
    """Return the file `zarr.json` of a group."""
    group = {"attributes": dict(attributes), "zarr_format": 3, "node_type": "group"}
    return json.dumps(group, indent=2).encode()


def sealed(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes with the CRC-32 of all others among them."""
    others = {name: value for name, value in attributes.items() if name != "crc32"}
    return {**others, "crc32": zlib.crc32(json.dumps(others, sort_keys=True).encode())}


def write_copy(path: Path, data: bytes) -> None:
    """Keep a copy of the root's file; what keeps us from it does not matter."""
    with contextlib.suppress(OSError):
        unfinished = path / SCRATCH / COPY
        unfinished.write_bytes(data)
        unfinished.replace(path / COPY)


def restore_header(path: Path) -> Header:
    """Put the copy of the root's file back in its place, and return what it says.

    Raises:
        ArchiveError: There is no whole copy.
    """
    header = _read(path, path / COPY)
    write_file(path / ZARR / "zarr.json", header.to_bytes(), path / SCRATCH)
    flush_folder(path / ZARR)
    return header


def read_header(path: Path) -> Header:
    """Read the header of the population in the folder `path`.

    Raises:
        ArchiveError: There is no population, a foreign or damaged one, or one of a newer format.
    """
    if not path.is_dir():
        raise no_such_population(path)
    return _read(path, path / ZARR / "zarr.json")


def _read(path: Path, file: Path) -> Header:
    try:
        attributes = json.loads(file.read_bytes())["attributes"]
    except FileNotFoundError as error:
        if (path / ZARR).is_dir():
            raise _lost(path, "is missing") from error
        raise _foreign(path) from error
    except OSError as error:
        raise ArchiveError(f"cannot read {file}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _lost(path, "is cut off or damaged") from error
    if not isinstance(attributes, dict):
        raise _foreign(path)
    if "crc32" in attributes and attributes != sealed(attributes):
        raise _lost(path, "is altered")
    if attributes.get("encoding-type") != ENCODING:
        raise _foreign(path)
    version = _format(path.name, attributes.get("format_version"))
    try:
        commit = attributes["commit"]
        marker = Marker(
            seq=int(commit["seq"]),
            time=int(commit["time"]),
            rows={str(k): int(v) for k, v in commit["rows"].items()},
            rated=int(commit["rated"]),
            sums={
                str(table): {str(column): int(crc) for column, crc in sums.items()}
                for table, sums in commit.get("sums", {}).items()
            },
        )
        config = dict(attributes["config"])
        uuid, created = str(attributes["uuid"]), str(attributes["created"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _lost(path, "is damaged") from error
    if marker.seq < 0 or any(n < 0 for n in marker.rows.values()):
        raise _lost(path, "is damaged")
    if "crc32" not in attributes and version >= (1, 1):
        raise _lost(path, "is altered")
    return Header(
        uuid=uuid,
        created=created,
        format=version,
        config=config,
        marker=marker,
        attributes=attributes,
    )


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
    cure = (
        f"'fancier check \"{path.name}\" --repair' restores it from its copy"
        if (path / COPY).exists()
        else "restore this file from a backup"
    )
    return ArchiveError(
        f"population '{path.name}' cannot be opened because {path / ZARR / 'zarr.json'} {how}: "
        + cure
    )


def _foreign(path: Path) -> ArchiveError:
    return ArchiveError(
        f"{path} is not a population of fancier: 'fancier list' shows those there are"
    )
