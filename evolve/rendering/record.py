"""What the record of a picture says of how it was painted."""

from __future__ import annotations

import time
from typing import Any

from evolve.models.loading import LoadedModel
from evolve.rendering.manner import Manner


def record_of(
    model: LoadedModel,
    manner: Manner,
    *,
    rows: int | None,
    rows_before: int | None,
    sampler: str,
    started: float,
    pieces: int,
) -> dict[str, Any]:
    """Return the record of a picture that was just painted.

    Args:
        model: The model that painted it.
        manner: In which it was decoded.
        rows: Of a forward, at its end.
        rows_before: The same at its start: more, if memory became short on the way.
        sampler: Class of its sampler.
        started: When it was begun, by `time.perf_counter`.
        pieces: In how many its longest text was encoded.
    """
    record: dict[str, Any] = {
        **model.info.record,
        "rows": rows,
        "sampler": sampler,
        "seconds": round(time.perf_counter() - started, 3),
    }
    if pieces > 1:
        record["pieces"] = pieces
    record = manner.noted_in(record)
    if model.visitors:
        record["offloaded"] = list(model.visitors)
    if rows != rows_before:
        record["rows_before"] = rows_before
    return record
