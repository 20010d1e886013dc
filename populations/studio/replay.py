"""Painting again from the record, to see whether it is the same picture.

What other files of the model painted is not painted again: a difference would prove nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from evolve.errors import ArchiveError
from evolve.genome import Genome
from evolve.models.catalog import describe
from evolve.models.files.fingerprint import has_changed, identity
from evolve.models.machine.devices import named_devices
from evolve.plain_numbers import is_int
from evolve.rendering.manner import Manner
from evolve.rendering.process import starting
from evolve.session.archive import Picture
from populations.core.population import Population
from populations.exchange.recipe import read_recipe
from populations.studio.models.conditions import differing
from populations.studio.models.own_model import require_there
from populations.studio.opening import require

TOGETHER = 256
"""Pictures that are painted before they are compared: several full forwards of any device."""
MOST_ROWS = 1024
"""More than any forward has."""
MOST_THREADS = 256
"""Most that are started for a record, which may be a stranger's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recorded:
    """A picture with all that is needed to paint it again."""

    individual: int
    genome: Genome
    picture: Callable[[], Picture]
    """Reads it, from a population that has to be open."""
    record: Mapping[str, Any]
    """Of its painting."""
    altered: bool = False
    """Whether the pixels of its file were changed after it was exported."""

    @property
    def rows(self) -> int | None:
        """The rows that its forwards had: 0 if it was painted alone, None if unknown.

        A file from elsewhere may hold anything.
        """
        rows = self.record.get("rows", "")
        if rows is None:
            return 0
        return rows if is_int(rows, 1, MOST_ROWS) else None

    @property
    def threads(self) -> int | None:
        """The threads of the CPU that painted it; None if unknown, or if none did."""
        threads = self.record.get("threads")
        return threads if is_int(threads, 1, MOST_THREADS) else None

    @property
    def divided(self) -> bool:
        """Whether its prompt was longer than the model reads, and encoded in pieces."""
        return "pieces" in self.record

    @property
    def way(self) -> dict[str, Any]:
        """How it is painted again, as `load_renderer` takes it."""
        return {
            "rows": self.rows,
            "threads": self.threads,
            "divides": self.divided,
            "manner": Manner.recorded(self.record),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """How a picture that was painted again compares with the one before."""

    individual: int
    difference: int | None
    """The largest difference of any pixel in any channel, 0 to 255; None where the model has
    changed since, so that it was not painted again."""
    conditions: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    """Of one that is not the same: what is different now (see `studio.models.conditions`)."""
    altered: bool = False
    """Whether the picture that it was compared with was changed after it was exported."""

    @property
    def model_changed(self) -> bool:
        """Whether it was painted by other files of the model."""
        return self.difference is None

    @property
    def identical(self) -> bool:
        """Whether it is the same picture, to the bit."""
        return self.difference == 0


def recorded_in_file(file: Path) -> tuple[str, list[Recorded]]:
    """Return the model and the picture of a PNG that carries its recipe.

    Raises:
        ArchiveError: It cannot be read, or carries none.
    """
    recipe = read_recipe(file)
    recorded = Recorded(
        individual=recipe.individual,
        genome=recipe.genome,
        picture=lambda: recipe.picture,
        record=recipe.record,
        altered=recipe.untouched is False,
    )
    return recipe.model, [recorded]


def recorded_in(population: Population, ids: Sequence[int] = ()) -> tuple[str, list[Recorded]]:
    """Return the model and the pictures of `ids`, or of all that are painted.

    The population stays open until they are compared.

    Raises:
        ArchiveError: Nothing is painted yet, or one of `ids` is not.
        ModelError: The model is no longer where it was.
        GenomeError: One of `ids` is not there.
    """
    failed = population.failed()
    ids = ids or [i for i in population.kept_pictures().tolist() if i not in failed]
    if not ids:
        raise ArchiveError(
            f"nothing of '{population.name}' is painted yet: "
            f"'fancier paint \"{population.name}\"' paints all of it"
        )
    require(population, ids)
    require_there(population)
    recorded = []
    for i in ids:
        genome, record = population.genome(i), population.record(i)
        population.painted(i)  # before anything is painted for nothing
        picture = partial(population.painted, i)
        recorded.append(Recorded(individual=i, genome=genome, picture=picture, record=record))
    return population.model, recorded


def replay(
    model: str,
    recorded: Sequence[Recorded],
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Replayed]:
    """Paint again what the same files of the model painted, and compare all, in the same order.

    `on_progress` receives how many are painted, and how many there are to paint.

    Raises:
        ModelError: The model is not on this machine.
        RenderError: Something could not be painted.
    """
    now = identity(describe(model))
    same = [k for k, one in enumerate(recorded) if not has_changed(one.record, now)]
    differences = _differences(model, {k: recorded[k] for k in same}, on_progress)
    here = _conditions(model) if any(differences.values()) else {}
    return [
        Replayed(
            individual=one.individual,
            difference=differences.get(k),
            conditions=differing(one.record, {**here, **_set(one)}) if differences.get(k) else {},
            altered=one.altered,
        )
        for k, one in enumerate(recorded)
    ]


def _conditions(model: str) -> Mapping[str, Any]:
    """Return the record that a picture painted here would have."""
    from evolve.models.loading import way_of  # only here: torch comes with it

    device = named_devices(os.environ.get(starting.DEVICE) or "")[0]
    return way_of(model, device=device).record


def _set(one: Recorded) -> dict[str, Any]:
    """Return the conditions that were set as the record states them."""
    return {} if one.threads is None else {"threads": one.threads}


def _differences(
    model: str, recorded: Mapping[int, Recorded], on_progress: Callable[[int, int], None]
) -> dict[int, int]:
    """Paint each in the way that its record states, and return how far it differs.

    As few renderers are started as that takes, and few pictures are held in memory.
    """
    differences: dict[int, int] = {}
    done, total = 0, len(recorded)

    def count() -> None:
        nonlocal done
        done += 1
        on_progress(done, total)

    if recorded:
        on_progress(0, total)
    ways = {k: one.way for k, one in recorded.items()}
    for way in {str(way): way for way in ways.values()}.values():
        keys = [k for k in recorded if ways[k] == way]
        with starting.load_renderer(model, **way) as renderer:
            for first in range(0, len(keys), TOGETHER):
                batch = keys[first : first + TOGETHER]
                pictures = renderer.paint([recorded[k].genome for k in batch], done=count)
                for k, picture in zip(batch, pictures, strict=True):
                    differences[k] = _difference(recorded[k].picture(), picture)
    return differences


def _difference(before: Picture, after: Picture) -> int:
    if before.shape != after.shape:
        return 255
    return int(np.abs(before.astype(int) - after.astype(int)).max())
