"""Do rows keep to themselves: has a row the same bits at every place, whatever the others are?

Nothing of a GPU promises that. Libraries may add up the rows at the edge of their tiles in another
order than the rest (stream-K), and which kernel they choose follows from the shape, so that one
number of rows holds and another does not. So what was seen of one place, or of another number of
rows, says nothing: here real calls go through a station as they do in painting, in forwards of just
the rows that will be used, and every place of them is compared.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import torch
from greenlet import greenlet

from evolve.models.loading import LoadedModel
from evolve.rendering.batching.nested import same_bits, tensors_of
from evolve.rendering.batching.station import Station
from evolve.rendering.pipeline.ready_model import around_of

Asked = Sequence[tuple[tuple[Any, ...], dict[str, Any]]]
"""Arguments of calls, by place and by keyword."""

PLACE, OTHERS = "its place", "those beside it"
"""What a row may depend on."""


@torch.no_grad()
def dependence(station: Station, asked: Asked) -> str:
    """Return what a row depends on besides itself; nothing if its bits are always the same.

    Four forwards, fewer where one shows it: the first call at every place, as it is where it is
    alone and padded; then all calls in turn, forwards, backwards, and each a place further.

    Args:
        station: Of the module, with the rows of its forwards.
        asked: Calls, which should differ, so that neighbours do. The first should be of one row.

    Raises:
        MemoryError: There is not enough for these rows.
    """
    if station.rows is None or station.rows < 2 or not asked:
        return ""
    places = tuple(range(len(asked)))
    orders = (0,), places, places[::-1], (*places[1:], 0)
    seen: dict[int, list[torch.Tensor]] = {}
    for order in dict.fromkeys(orders):
        for k, answer in _forward(station, asked, order):
            first = seen.setdefault(k, answer)
            if not same_bits(first, answer):
                return PLACE if order == (0,) else OTHERS
    return ""


def denoiser_dependence(model: LoadedModel, asked: Asked) -> str:
    """Return why a denoiser cannot paint in forwards of its model's rows, for what its rows do.

    `asked` is as `denoiser_calls` finds it.

    Raises:
        MemoryError: There is not enough for these rows now: of what they do nothing is known.
    """
    rows = model.rows
    station = Station(model.denoiser, rows, dtype=model.dtype, around=around_of(model))
    if not (found := dependence(station, asked)):
        return ""
    return f"a picture depends in its last bits on {found} in a forward of {rows} rows"


def _forward(
    station: Station, asked: Asked, order: Iterable[int]
) -> list[tuple[int, list[torch.Tensor]]]:
    """Fill a forward with calls in this order, again and again; return what came of each."""
    rows, filled, parked = station.rows or 0, 0, list[int]()
    for k in itertools.cycle(order):
        args, kwargs = asked[k]
        filled += station.park(greenlet(), args, kwargs, beside=()).rows
        if filled > rows and parked:
            station.parked.pop()
            break
        parked.append(k)
        if filled >= rows:
            break
    answered = station.answer()
    for call in answered:
        if call.error is not None:
            raise call.error
    if station.rows != rows:
        raise MemoryError(f"not enough memory for {rows} rows")
    return [(k, list(tensors_of(call.answer))) for k, call in zip(parked, answered, strict=True)]
