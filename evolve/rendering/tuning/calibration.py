"""What only a trial shows about a model on this machine: made once, and remembered.

Whether it paints the same together as alone (`self_test`), how many rows its forwards should have
(`measuring`), and whether in these rows keep to themselves, to the bit (`independence`). Where they
do not, they may in forwards of other rows; else pictures are painted one by one.

The answer must not change from start to start, since the last bits of a picture follow from the
rows: it is kept in the user's cache, by all that it depends on. Of several processes that look for
it at once, the first decides. Where memory was short, it counts until there is far more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evolve.models.catalog import EMBEDDED
from evolve.models.loading import LoadedModel, WayToPaint
from evolve.models.machine import memory, trials
from evolve.plain_numbers import is_int, is_number
from evolve.rendering.batching.out_of_memory import relieve
from evolve.rendering.manner import BY_OPENVINO
from evolve.rendering.tuning.independence import denoiser_dependence
from evolve.rendering.tuning.measuring import MORE, ROWS, Trial, rows_to_try
from evolve.rendering.tuning.pages import best
from evolve.rendering.tuning.self_test import denoiser_calls, why_one_by_one

VERSION = 7
"""Of the trial: what another one found is found again."""

MOST = max(ROWS + MORE)
"""Upper bound of rows: others are not tried."""

FAR_MORE = 1.5
"""Times the memory in which more rows did not fit: then they are tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The outcome of a trial."""

    rows: int | None
    """Rows of a forward; None for a model that has to be painted one by one."""
    one_by_one: str = ""
    """Why it has to be."""
    seconds: Mapping[int, float] = field(default_factory=dict)
    """What a forward of so many rows takes."""
    short: bool = False
    """Whether more rows were not tried for want of memory."""


def calibrated(model: LoadedModel, begin: Callable[[], None] = lambda: None) -> LoadedModel:
    """Return a model with the rows that suit it here; `begin` is called before they are measured.

    Raises:
        ModelError: It cannot paint at all.
    """
    conditions = _conditions(model.info.record, model.info.latent, model.device)
    free = memory.free(model.device)

    def tried() -> dict[str, Any]:
        begin()
        found = measure(model)
        seconds = {str(rows): round(taken, 4) for rows, taken in found.seconds.items()}
        result = {"rows": found.rows, "one_by_one": found.one_by_one, "seconds": seconds}
        # Where it is never known when there is more memory, it does not count another time.
        return {**result, "short_of": free or 0} if found.short else result

    known = trials.once(conditions, tried, lambda found: _read(found, free) is not None)
    return model.with_rows(known["rows"], known["one_by_one"])


def known_rows(way: WayToPaint) -> int | None:
    """Return the rows that suit a model that OpenVINO computes, if they were measured before."""
    record = BY_OPENVINO.noted_in(way.record)
    found = trials.recall(_conditions(record, way.card.latent, way.device))
    known = _read(found, memory.free(way.device))
    return known.rows if known else None


def _conditions(record: Mapping[str, Any], latent: Sequence[int], device: str) -> dict[str, Any]:
    tried = list(rows_to_try(device))
    return {**record, "latent": list(latent), "tried": tried, "version": VERSION}


def measure(model: LoadedModel) -> Calibration:
    """Try a model out.

    Raises:
        ModelError: It cannot paint at all.
    """
    # What comes with fancier is known to merge.
    why = "" if model.info.name in EMBEDDED else why_one_by_one(model)
    if why:
        return Calibration(rows=None, one_by_one=why)
    trial = Trial(model)
    seconds = trial.run()
    if not seconds:
        rows = trial.rows if trial.short else model.rows
        return Calibration(rows=rows, short=trial.short)
    is_known = model.device == "cpu" and model.info.name in EMBEDDED
    found = Calibration(rows=best(seconds)) if is_known else _holding(model, seconds)
    return replace(found, seconds=seconds, short=trial.short or found.short)


def _holding(model: LoadedModel, seconds: Mapping[int, float]) -> Calibration:
    """Return the rows that suit best of those in which they keep to themselves."""
    asked, left, why, short = denoiser_calls(model), dict(seconds), "", False
    while left:
        rows = best(left)
        try:
            found = denoiser_dependence(model.with_rows(rows), asked)
        except MemoryError as error:  # others may hold it for a moment
            why, short = why or str(error), True
            left = {n: taken for n, taken in left.items() if n < rows}
        else:
            if not found:
                return Calibration(rows=rows, short=short)
            why = why or found
            del left[rows]
        relieve(model.device)
    return Calibration(rows=None, one_by_one=why, short=short)


def _read(data: Mapping[str, Any] | None, free: int | None) -> Calibration | None:
    """Return what was remembered; None if there is nothing of use with this much memory."""
    data = data or {}
    rows, why, short_of = data.get("rows", ""), data.get("one_by_one"), data.get("short_of")
    if not (rows is None or is_int(rows, 1, MOST)) or not isinstance(why, str):
        return None
    if is_number(short_of) and (free or 0) >= FAR_MORE * short_of:
        return None
    return Calibration(rows=rows, one_by_one=why)


def _prepare() -> None:
    """Convert and try out the embedded model now, so that its first start does not have to."""
    # Only here: what paints has a model already.
    from evolve.models.loading import load_model
    from evolve.models.pipelines import quiet_libraries
    from evolve.rendering.tuning.suiting import suited

    quiet_libraries()
    calibrated(suited(load_model("portraits")))


if __name__ == "__main__":
    _prepare()
