"""The first thing read of a population: what it is, how it is set up, and how far it is committed.

All of it stands in the attributes of the root group, `population.zarr/zarr.json`, which is plain
JSON: reading it needs no zarr. The attribute `commit` is the marker: only rows below its counts
exist, whatever else lies in the arrays. It is replaced as a whole, after everything it counts.
A CRC-32 covers them all, and a copy of the file lies beside the root, for a repair.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from evolve.errors import ArchiveError
from evolve.regular_files import opened
from populations.format.failures import DamagedError, UnreadableError, refused
from populations.format.files import COPY, SCRATCH, flush_folder, write_file
from populations.format.schema import BELIEVED, LARGEST_NOISE, LATEST, MOST_EACH, MOST_ROWS
from populations.home.names import ZARR, no_such_population

LARGEST = 4 << 20
"""Bytes in the file of the root group, which has a few thousand."""
ENCODING = "fancier-population"
FORMAT = (1, 5)
"""Major and minor: a higher minor only adds columns, tables or genes, a higher major is refused."""


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
    Left out are tables that an earlier version began.
    """

    def to_json(self) -> dict[str, Any]:
        """Return the marker as plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the root group states about a population."""

    format: tuple[int, ...]
    """Major and minor of the newest program that wrote to it."""
    config: Mapping[str, Any]
    """How the population was set up, as given to `Population.create`."""
    marker: Marker
    attributes: Mapping[str, Any]
    """All of the above as it stands in the file, and what else is there."""
    data: bytes = b""
    """The file `zarr.json` of the root group."""

    def after(self, marker: Marker) -> Header:
        """Return the header after a commit by this program."""
        version = max(FORMAT, self.format)
        changed = {"format_version": list(version), "commit": marker.to_json()}
        attributes = sealed({**self.attributes, **changed})
        return replace(
            self,
            format=version,
            marker=marker,
            attributes=attributes,
            data=group_file(attributes),
        )


def group_file(attributes: Mapping[str, Any]) -> bytes:
    """Return the file `zarr.json` of a group."""
    group = {"attributes": dict(attributes), "zarr_format": 3, "node_type": "group"}
    return json.dumps(group, indent=2).encode()


def sealed(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes with the CRC-32 of all others among them."""
    others = {name: value for name, value in attributes.items() if name != "crc32"}
    return {**others, "crc32": zlib.crc32(json.dumps(others, sort_keys=True).encode())}


def write_copy(path: Path, data: bytes) -> None:
    """Keep a copy of the root's file, if the disk allows it."""
    with contextlib.suppress(OSError):
        write_file(path, COPY, data, durably=False)


def restore_header(path: Path) -> Header:
    """Put the copy of the root's file back in its place, and return its content.

    Raises:
        ArchiveError: There is no whole copy.
    """
    header = _read(path, COPY)
    with opened(path, SCRATCH, make=True):  # a copy has none before it is opened for writing
        write_file(path, f"{ZARR}/zarr.json", header.data)
    flush_folder(path, ZARR)
    return header


def read_header(path: Path) -> Header:
    """Read the header of the population in the folder `path`.

    Raises:
        ArchiveError: There is no population, a foreign or damaged one, or one of a newer format.
    """
    if not path.is_dir():
        raise no_such_population(path)
    return _read(path, ZARR, "zarr.json")


def _read(path: Path, *place: str) -> Header:
    try:
        with opened(path, *place[:-1]) as folder:
            data = folder.read(place[-1], LARGEST)
        attributes = json.loads(data)["attributes"]
    except OSError as error:
        if isinstance(problem := refused(error), UnreadableError):
            raise problem from error
        if (path / ZARR).is_dir():
            raise _lost(path, "is missing") from error
        raise _foreign(path) from error
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
        marker = _marker(attributes["commit"])
        config = dict(attributes["config"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _lost(path, "is damaged") from error
    if "crc32" not in attributes and version >= (1, 1):
        raise _lost(path, "is altered")
    return Header(format=version, config=config, marker=marker, attributes=attributes, data=data)


def _marker(commit: Mapping[str, Any]) -> Marker:
    """Return the marker that a file states, perhaps a stranger's; raise if it is invalid."""
    rows = {_table(name): _number(count, MOST_ROWS) for name, count in commit["rows"].items()}
    _require_likely(rows)
    return Marker(
        seq=_number(commit["seq"], 2**53),
        time=_number(commit["time"], LATEST),
        rows=rows,
        rated=_number(commit["rated"], MOST_ROWS),
        sums={
            str(table): {str(column): _number(crc, 2**32 - 1) for column, crc in sums.items()}
            for table, sums in commit.get("sums", {}).items()
        },
    )


def _require_likely(rows: Mapping[str, int]) -> None:
    """Test that every individual has noise, and that the tables are not impossibly long."""
    noises = {name: count for name, count in rows.items() if name.startswith("latents/")}
    individuals = rows.get("individuals", 0)
    have_noise = individuals + rows.get("bases", 0)
    if any(count > have_noise for count in noises.values()):
        raise ValueError("there is more noise than there are individuals")
    if individuals > max(BELIEVED, sum(noises.values())):
        raise ValueError("there are more individuals than there is noise")
    if any(count > BELIEVED + MOST_EACH * individuals for count in rows.values()):
        raise ValueError("there is more about individuals than can be")


def _table(name: str) -> str:
    """Return the name of a table, also of one that only a later version knows."""
    shape = re.fullmatch(r"latents/(\d{1,9})x(\d{1,9})x(\d{1,9})", name, re.ASCII)
    if shape and math.prod(map(int, shape.groups())) > LARGEST_NOISE:
        raise ValueError(f"{name} is too large")
    return name


def _number(value: object, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{value!r} is not from 0 to {most}")
    return value


def _format(name: str, version: object) -> tuple[int, ...]:
    numbers = version if isinstance(version, list) and len(version) <= 4 else []
    if not numbers or not all(type(n) is int and 0 <= n < 2**31 for n in numbers):
        raise DamagedError(name, "its format version is missing")
    if numbers[0] > FORMAT[0]:
        raise ArchiveError(
            f"population '{name}' was written by a newer fancier "
            f"(format {'.'.join(map(str, numbers))}, this one reads {FORMAT[0]}): upgrade fancier"
        )
    return tuple(numbers)


def _lost(path: Path, how: str) -> ArchiveError:
    cure = (
        f"'fancier check \"{path.name}\" --repair' restores it from its copy"
        if (path / COPY).exists()
        else "restore this file from a backup"
    )
    return ArchiveError(
        f"population '{path.name}' cannot be opened because '{path / ZARR / 'zarr.json'}' {how}: "
        + cure
    )


def _foreign(path: Path) -> ArchiveError:
    return ArchiveError(
        f"'{path}' is not a population of fancier: 'fancier list' shows those there are"
    )
