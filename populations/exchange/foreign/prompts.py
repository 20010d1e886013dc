"""Prompts of other programs without what means nothing here, and the names of what that was."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from populations.exchange.foreign.brackets import NUMBER, WITHIN, divided
from populations.exchange.foreign.foreign_recipe import Weighted

EMPHASIS = "emphasis in its prompt"
EDITING = "prompt editing"
BELOW_0 = "weights below 0 (their words are in the opposite prompt)"
ZERO = "parts of its prompt with the weight 0"

CONCEPTS = 24
"""Parts of a prompt that become concepts: each is encoded on its own."""

_MARK = rf"(?:{NUMBER})?::"
_WEIGHTED_NOVELAI = re.compile(
    rf"(?:(?<![\d.])|(?=[-+]))(?P<weight>{NUMBER})::"
    rf"(?P<text>(?:(?!{_MARK}).){{1,2000}})(?:::|(?={_MARK})|\Z)",
    re.DOTALL,
)
"""Up to the end of a weight, to the next one, or to the end of the text."""
_ROUND = ")", "()", "()"
_ROUND_AND_SQUARE = r")\]", r"()\[\]", r"()\[\]\\"
"""Which brackets end with a weight, which mean something, and what stands behind a backslash."""
_NETWORKS = {"lora": "LoRA", "lyco": "LoRA", "hypernet": "hypernetwork", "embed": "embedding"}


@dataclass(frozen=True, slots=True)
class Plain:
    """What is left of a prompt, and the names of what is not."""

    texts: tuple[Weighted, ...] = ()
    lost: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    """Texts of a weight below 0, as in `(hat:-0.5)`, which lead away from what they say."""


def web_ui(prompt: str) -> Plain:
    """Read a prompt of AUTOMATIC1111's web UI and of those that took over its syntax."""
    lost: list[str] = []
    prompt, away = _away(prompt, lost)
    parts = re.split(r"\bAND\b", prompt)
    if len(parts) == 1:
        filled = _filled([(_web_ui_text(prompt, lost), 1.0)])
        return Plain(filled, tuple(dict.fromkeys(lost)), away)
    lost.append("AND (its parts become weighted concepts)")
    weighted = []
    for part in parts:
        end = re.search(rf":\s*({NUMBER})\s*$", part)
        weight = float(end[1]) if end else 1.0
        weighted.append((_web_ui_text(part[: end.start()] if end else part, lost), weight))
    weighed = balanced(weighted, lost)
    return replace(weighed, away=(*away, *weighed.away))


def plain_text(prompt: str) -> Plain:
    """Read a prompt that has no syntax of its own but emphasis and networks (ComfyUI)."""
    lost: list[str] = []
    prompt, away = _away(prompt, lost, nearest=True)
    return Plain(_filled([(_emphasis(_networks(prompt, lost), lost), 1.0)]), tuple(lost), away)


def novelai(prompt: str) -> Plain:
    """Read a prompt of NovelAI: `{more}`, `[less]`, `1.3::more::`."""
    lost: list[str] = []
    away: list[str] = []

    def taken(match: re.Match[str]) -> str:
        if (weight := float(match["weight"])) > 0:
            return match[0]
        lost.append(BELOW_0 if weight else ZERO)
        away.extend([match["text"]] if weight else [])
        return ""

    wanted = _WEIGHTED_NOVELAI.sub(taken, prompt)
    bare, *unwanted = (re.sub(rf"{_MARK}|[{{}}\[\]]", "", text) for text in (wanted, *away))
    lost += [EMPHASIS] if (bare, *unwanted) != (wanted, *away) else []
    kept = tuple(filter(None, map(tidy, unwanted)))
    return Plain(_filled([(tidy(bare), 1.0)]), tuple(dict.fromkeys(lost)), kept)


def balanced(texts: list[Weighted], lost: list[str]) -> Plain:
    """Return weighted texts within the weights that concepts may have; the largest is up to 10."""
    kept = [(text, weight) for text, weight in texts if text and weight > 0]
    away = tuple(text for text, weight in texts if text and weight < 0)
    lost += [BELOW_0] if away else []
    if any(text and not weight for text, weight in texts):
        lost.append(ZERO)
    if len(kept) > CONCEPTS:
        lost.append(f"{len(kept) - CONCEPTS} further parts of its prompt")
        kept = kept[:CONCEPTS]
    largest = max((weight for _, weight in kept), default=1.0)
    scale = 10 / largest if largest > 10 else 1.0
    scaled = [(text, round(max(0.001, weight * scale), 6)) for text, weight in kept]
    if len(scaled) == 1:  # a weight alone changes nothing
        scaled = [(scaled[0][0], 1.0)]
    return Plain(tuple(scaled), tuple(dict.fromkeys(lost)), away)


def tidy(text: str) -> str:
    """Return a text on one line, without commas that stand between nothing."""
    return re.sub(r"(?:\s?,)+(?=\s?,)|\s(?=,)", "", " ".join(text.split())).strip(" ,")


def _filled(texts: list[Weighted]) -> tuple[Weighted, ...]:
    return tuple((text, weight) for text, weight in texts if text)


def _web_ui_text(text: str, lost: list[str]) -> str:
    bare = _networks(text, lost)
    broken = re.sub(r"\bBREAK\b", ",", bare)
    if broken != bare:
        lost.append("BREAK")
    return _emphasis(broken, lost, editing=True)


def _away(text: str, lost: list[str], *, nearest: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return a text without the words of weights up to 0, and those below, without what they lose.

    A weight in brackets is that of its words if the `nearest` counts.
    """
    parts = divided(text, WITHIN, nearest=nearest)
    lost += [BELOW_0] if parts.away else []
    lost += [ZERO] if parts.has_zero else []
    lost += [EMPHASIS] if parts.wanted != text and not lost else []
    away = [_emphasis(_networks(part, lost), lost) for part in parts.away]
    return parts.wanted, tuple(filter(None, away))


def _networks(text: str, lost: list[str]) -> str:
    """Take out `<lora:name:0.8>` and `embedding:name`."""

    def taken(match: re.Match[str]) -> str:
        kind, name = match[1].lower(), match[2].split(":")[0].strip()
        lost.append(f"{_NETWORKS.get(kind, kind)} {name}".strip())
        return ""

    text = re.sub(r"<([a-zA-Z]\w{0,30})(?:\[[^<>\]]{0,60}\])?:([^<>]{0,200})>", taken, text)
    return re.sub(r"\b(embedding):([\w.\-/\\]{1,120})", taken, text)


def _emphasis(text: str, lost: list[str], *, editing: bool = False) -> str:
    """Take out `(more:1.3)`, `[less]` and `:1.2`, and, of `[this:that:0.5]`, all but the first."""
    edited = re.sub(r"(?<!\\)\[([^\[\]]*)\]", _first(lost), text) if editing else text
    ends, brackets, escaped = _ROUND_AND_SQUARE if editing else _ROUND
    bare = re.sub(rf":\s*{NUMBER}\s*(?=[{ends}])", "", edited)
    bare = re.sub(rf"(?:(?<=\s)|(?<=:)):{NUMBER}(?=[\s,|]|$)|\s::?{NUMBER}$", "", bare)
    bare = re.sub(rf"(\\.)|[{brackets}]", r"\1", bare, flags=re.DOTALL)
    if bare != edited and EMPHASIS not in lost:
        lost.append(EMPHASIS)
    return tidy(re.sub(rf"\\([{escaped}])", r"\1", bare))


def _first(lost: list[str]) -> Callable[[re.Match[str]], str]:
    def first(match: re.Match[str]) -> str:
        whole, inner = match[0], match[1]
        if "|" in inner:
            choices = inner.split("|")
        elif re.search(rf":\s*{NUMBER}\s*$", inner) and "(" not in inner:
            choices = inner.split(":")[:-1]
        else:
            return whole
        lost.append(EDITING)
        return next((choice.strip() for choice in choices if choice.strip()), "")

    return first
