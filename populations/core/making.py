"""How a picture was made, in words, from its record: the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evolve.plain_numbers import is_number
from evolve.scoring.wanted import Wanted
from evolve.search.individual import Birth, Origin
from evolve.search.sized.sizes import size_in_words
from evolve.text import one_line

Params = Mapping[str, Any]


def made(birth: Birth) -> str:
    """Return how a picture was made, and with which parents besides the main one."""
    others = ", ".join(map(str, birth.parents[1:]))
    return making(birth.origin) + (f" (with {others})" if others else "")


def making(origin: Origin) -> str:
    """Return how a picture was made, in a line: `variation, 35° away`.

    For operators of other packages and for invalid records, return the record as it is.
    """
    return one_line(_making(origin))


def _making(origin: Origin) -> str:
    word = _WORDS.get(origin.operator)
    if word is not None and (text := word(origin.params)):
        size = _number(origin.params, "size")
        return text if size is None else f"{text}, size {size_in_words(size)}"
    name = origin.operator.replace("_", " ")
    params = ", ".join(f"{key} {parameter(key, value)}" for key, value in origin.params.items())
    return f"{name}: {params}" if params else name


def parameter(name: str, value: Any) -> str:
    """Return the value of an operator's parameter as text."""
    degrees = "°" if name in ("angle", "step") else ""
    if name == "along":
        return f"axis {value} of the population"
    if isinstance(value, float):
        return f"{value:.3g}{degrees}"
    if isinstance(value, list | tuple):
        return " ".join(parameter(name, item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {parameter(key, item)}" for key, item in value.items())
    return f"{value}{degrees}"


def degrees(angle: float) -> str:
    """Return an angle as text: `35°`, `4.5°`."""
    return f"{angle:.0f}°" if angle >= 10 else f"{angle:.2g}°"


def _number(params: Params, name: str) -> float | None:
    value = params.get(name)
    return float(value) if is_number(value) else None


def _by(params: Params, after: str = "") -> str:
    """Return `, 35°` where an angle is recorded."""
    angle = _number(params, "angle")
    return "" if angle is None else f", {degrees(abs(angle))}{after}"


def _antithetic(params: Params) -> str:
    of = params.get("of")  # not recorded by a run, which may give that one up as a draft
    return f"chance, opposite to {'another founder' if of is None else f'#{of}'}"


def _share(text: str) -> Callable[[Params], str]:
    def worded(params: Params) -> str:
        share = _number(params, "share")
        return text if share is None else f"{text}, {share:.0%} of it"

    return worded


def _blend(params: Params) -> str:
    shares = params.get("weights")
    if not isinstance(shares, Sequence) or isinstance(shares, str):
        return "a blend of its parents"
    numbers = [_number({"share": share}, "share") for share in shares]
    worded = " ".join(f"{share:.0%}" for share in numbers if share is not None)
    return f"a blend of its parents: {worded}".removesuffix(": ")


def _look(params: Params) -> str:
    axis = _number(params, "along")
    way = "around" if axis is None else f"along axis {axis:.0f} of the population"
    return f"a step {way}{_by(params, ' away')}"


def _steer(params: Params) -> str:
    angle = _number(params, "angle")
    if angle is None:
        return ""
    way = "away from" if angle < 0 else "towards"
    return f"{way} #{params.get('to', '?')}{_by(params)}"


def _repaint(params: Params) -> str:
    depth, box = _number(params, "depth"), params.get("box")
    deep = "" if depth in (None, 1.0) else f", depth {depth:.2g}"
    if box is None:
        return f"painted again as a whole{deep}"
    if not isinstance(box, Sequence) or len(box) != 4:
        return ""
    edges = [_number({"edge": edge}, "edge") for edge in box]
    left, top, right, bottom = ("?" if e is None else f"{round(100 * e)}" for e in edges)
    return f"painted again: {left}-{right}% across, {top}-{bottom}% down{deep}"


def _edit(params: Params) -> str:
    match Wanted.of(params):
        case Wanted(there, gone) if there and gone:
            return f"edited: {gone} > {there}"
        case Wanted(there, gone):
            return f"edited: with {there}" if there else f"edited: without {gone}"
    return "edited in one place"


def _take(params: Params) -> str:
    words = params.get("words")
    return f"{words if isinstance(words, str) else 'a part'} of another picture"


_WORDS: Mapping[str, Callable[[Params], str]] = {
    "found": lambda params: "chance",
    "antithetic": _antithetic,
    "keep": lambda params: "kept as it was",
    "mutate": lambda params: f"variation{_by(params, ' away')}",
    "mutate_region": lambda params: f"variation in a region{_by(params, ' there')}",
    "mutate_band": lambda params: (
        f"variation of the {'composition' if params.get('low') else 'detail'}{_by(params)}"
    ),
    "mutate_settings": lambda params: "variation of settings and weights",
    "cross_region": _share("with regions of another parent"),
    "cross_slerp": _share("on the way to another parent"),
    "cross_blend": _blend,
    "cross_band": lambda params: "with the detail of another parent",
    "look": _look,
    "steer": _steer,
    "repaint": _repaint,
    "edit": _edit,
    "take": _take,
    "take_off": lambda params: f"without the edit of #{params.get('of', '?')}",
}
