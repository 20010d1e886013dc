"""What InvokeAI writes into its pictures: `invokeai_metadata`, and before that `sd-metadata`.

The oldest ones have only `Dream`: the prompt with the options of a command line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from populations.exchange.foreign import loras
from populations.exchange.foreign.brackets import BEHIND, NUMBER, divided
from populations.exchange.foreign.fields import Fields, build, empty
from populations.exchange.foreign.foreign_recipe import ForeignRecipe, Weighted
from populations.exchange.foreign.prompts import EDITING, EMPHASIS, ZERO, Plain, balanced, tidy

KEYS = ("invokeai_metadata", "sd-metadata", "Dream", "dream")
"""Keywords of the text chunks, the newest first."""

_OPTIONS = {
    "s": "steps",
    "S": "seed",
    "W": "width",
    "H": "height",
    "C": "cfg_scale",
    "A": "sampler",
    "I": "init_img",
    "f": "strength",
    "M": "init_mask",
    "G": "face restoration",
    "U": "upscaling",
    "V": "variations",
    "v": "variation amount",
}
_LONG = {"sampler_name": "sampler", "init_image": "init_img", "facetool_strength": "G"}
_HARMLESS = (
    *("app_version", "app_id", "model_hash", "model_id", "orig_hash", "created_by"),
    *("generation_mode", "rand_device", "type", "n", "iterations", "F", "full_precision", "z"),
    *("canvas_v2_metadata", "workflow", "graph", "save_original", "seamless", "grid", "fit"),
    *("clip_embed_model", "t5_encoder", "qwen3_encoder", "positive_style_prompt"),
    *("negative_style_prompt", "hrf_enabled"),
)
_LORA = re.compile(r"\b(?:with|use)Lora\(\s*([\w-]{1,100})[^()]*\)")
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"')
_WEIGHTED = re.compile(rf"(?<!\\){_QUOTED.pattern}(\.?\d)?", re.DOTALL)


def read(texts: Mapping[str, str]) -> ForeignRecipe | None:
    """Read the texts of a picture; None if InvokeAI did not write them.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: They are damaged.
    """
    if "invokeai_metadata" in texts:
        return _modern(json.loads(texts["invokeai_metadata"]))
    if "sd-metadata" in texts:
        whole = json.loads(texts["sd-metadata"])
        model = {"model": whole.get("model_weights")}
        return _older({**model, **whole["image"]})
    if dream := texts.get("Dream") or texts.get("dream"):
        return _older(_dream(dream))
    return None


def _modern(data: Mapping[str, Any]) -> ForeignRecipe:
    """Read the metadata of version 3 and later."""
    prompt, negative = _plain(data["positive_prompt"]), _plain(data.get("negative_prompt"))
    fields = Fields({k: v for k, v in data.items() if k not in _PROMPTS}, _HARMLESS)
    mode, lost = str(data.get("generation_mode") or ""), []
    if re.search(r"img2img|inpaint|outpaint", mode) and empty(data.get("strength")):
        lost.append(f"the other picture it was painted from ({mode[:20]})")
    for name in ("positive", "negative"):
        style = data.get(f"{name}_style_prompt")
        if not empty(style) and style != data.get(f"{name}_prompt"):
            lost.append(f"{name} style prompt")
    if not empty(data.get("hrf_enabled")):
        lost.append("its second pass (high resolution fix)")
    on_cpu = data.get("rand_device", "cpu") == "cpu"
    return build(
        "InvokeAI",
        fields,
        prompt,
        negative,
        source="cpu" if on_cpu else "cuda",
        left_out=lost,
        loras=loras.listed(fields.take("loras")),
    )


_PROMPTS = ("positive_prompt", "negative_prompt")


def _older(data: Mapping[str, Any]) -> ForeignRecipe:
    """Read the metadata of versions 1 and 2; their noise was drawn where the model was."""
    words = data.get("prompt")
    lost: list[str] = []
    weighted: list[Weighted] = []
    negatives: list[str] = []
    parts = [(words, 1.0)] if isinstance(words, str) or words is None else _listed(words)
    for text, weight in parts:
        text, negative = _divided(text or "")
        negatives += negative
        pieces = _pieces(text) if len(parts) == 1 else [(text, 1.0)]
        for piece, own in pieces:
            plain = _plain(piece)
            lost += plain.lost
            weighted += [(each, own * weight * other) for each, other in plain.texts]
            weighted += [(each, -own * weight) for each in plain.away]
    unwanted = _plain(", ".join(negatives))
    rest = {k: v for k, v in data.items() if k != "prompt"}
    fields = Fields(rest, _HARMLESS)
    other = ("init_img", "init_image", "init_mask")
    painted_over = (rest.get("type") or "txt2img") != "txt2img"
    painted_over |= any(not empty(rest.get(k)) for k in other)
    if painted_over and empty(rest.get("strength")):
        lost.append("the other picture it was painted from (img2img)")
    return build("InvokeAI", fields, balanced(weighted, lost), unwanted, source="cuda")


def _listed(words: Any) -> list[tuple[str, float]]:
    return [(str(part["prompt"] or ""), float(part.get("weight", 1.0))) for part in words]


def _dream(text: str) -> dict[str, Any]:
    """Read the command line of the oldest versions; options may be glued to their values."""
    text = text.strip()
    if text.startswith('"'):
        quoted = _QUOTED.match(text)
        if quoted is None:
            raise ValueError("a quote is not closed")
        words, rest = re.sub(r"\\(.)", r"\1", quoted[1]), text[quoted.end() :]
    else:
        first = re.search(r"\s--?[a-zA-Z]", text)
        words, rest = (text[: first.start()], text[first.start() :]) if first else (text, "")
    data: dict[str, Any] = {"prompt": words}
    name = ""
    for token in rest.split():
        long = re.fullmatch(r"--(\w[\w-]*)(?:=(.*))?", token)
        short = re.fullmatch(r"-([a-zA-Z])(.*)", token)
        if long:
            name, value = _LONG.get(long[1], long[1]), long[2]
        elif short:
            name, value = _OPTIONS.get(short[1], short[1]), short[2]
        elif name and data.get(name) in (None, True):
            value = token
        else:
            continue
        data[name] = value or True
    return data


def _divided(text: str) -> tuple[str, list[str]]:
    """Return a prompt and what stands in it in [brackets], which was not to be painted."""
    without = re.findall(r"\[([^\[\]]*)\]", text)
    return re.sub(r"\[[^\[\]]*\]", "", text), without


def _pieces(text: str) -> list[Weighted]:
    """Return the parts of `a boat:2 a lake:1`, each with its weight."""
    pieces, at = [], 0
    for weight in re.finditer(rf"(?<!\\):\s*({NUMBER})(?=\s|,|$)", text):
        pieces.append((text[at : weight.start()].strip(" ,"), float(weight[1])))
        at = weight.end()
    if at and (last := text[at:].strip(" ,")):
        pieces.append((last, 1.0))
    return pieces or [(text, 1.0)]


def _plain(text: object) -> Plain:
    """Read a prompt of Compel: `(words)1.3`, `"words"1.3`, `word++`, `("a", "b").blend(1, 2)`."""
    if text is None:
        return Plain()
    lost: list[str] = []
    words = str(text)
    if (blend := _blended(words, lost)) is not None:
        return balanced(blend, lost)
    return Plain(tuple((each, 1.0) for each in [_bare(words, lost)] if each), tuple(lost))


def _blended(text: str, lost: list[str]) -> list[Weighted] | None:
    end = re.search(r"\)\s*\.(blend|and|add)\(([^()]*)\)\s*$", text)
    if end is None or not text.lstrip().startswith('("'):
        return None
    parts = [part[1] for part in _QUOTED.finditer(text, 0, end.start())]
    weights = [float(number) for number in re.findall(NUMBER, end[2])] or [1.0] * len(parts)
    if len(parts) != len(weights):
        return None
    if end[1] != "blend":
        lost.append(".and() (its parts become weighted concepts)")
    return [(_bare(part, lost), weight) for part, weight in zip(parts, weights, strict=True)]


def _bare(text: str, lost: list[str]) -> str:
    """Return a text without emphasis, weights of 0, embeddings, LoRAs and swaps."""
    in_brackets = _WEIGHTED.sub(lambda m: f"({m[1]}){m[2]}" if m[2] else m[0], text)
    text, _, has_zero = divided(in_brackets, BEHIND)
    lost += [ZERO] if has_zero else []
    lost += [f"LoRA {name}" for name in _LORA.findall(text)]
    text = _LORA.sub("", text)
    for embedding in re.findall(r"<([^<>]{1,100})>", text):
        lost.append(f"embedding {embedding}")
    text = re.sub(r"<[^<>]{1,100}>", "", text)
    swapped = re.sub(r"\.swap\([^()]*\)", "", text)
    if swapped != text:
        lost.append(EDITING)
    bare = re.sub(r"\.attend\(([^()]*)\)", "", swapped)
    bare = re.sub(rf"(?<=(?<!\\)\))(?:{NUMBER}|[+-]{{1,9}})", "", bare)
    bare = re.sub(r'(?<=[\w"])[+-]{1,9}(?![\w+-])', "", bare)
    bare = re.sub(r"(\\.)|[()]", r"\1", bare, flags=re.DOTALL)
    if bare != swapped and EMPHASIS not in lost:
        lost.append(EMPHASIS)
    return tidy(re.sub(r"\\([():])", r"\1", bare))
