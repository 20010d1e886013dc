"""What ComfyUI writes: the graph that it ran as the text `prompt`, the one drawn as `workflow`.

A graph has no field "prompt": from the sampler that made the picture its links are followed back,
to the texts behind `positive` and `negative`, and to the nodes that hold seed, steps and size.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from populations.exchange.foreign import loras
from populations.exchange.foreign.fields import SHOWN, Fields, build, empty
from populations.exchange.foreign.foreign_recipe import ForeignRecipe
from populations.exchange.foreign.prompts import Plain, plain_text
from populations.exchange.foreign.workflow import api_graph

NODES = 5000
"""A graph has fewer."""

_VALUES = ("seed", "noise_seed", "steps", "cfg", "guidance", "sampler_name", "scheduler", "denoise")
_PLAIN_NODES = re.compile(
    r"(?i)^(KSampler.*|SamplerCustom.*|SwarmKSampler|CLIPTextEncode.*|CheckpointLoader.*|"
    r"(Empty|SDXLEmpty).*Latent.*|VAEDecode.*|Save.*|Preview.*|Image Save.*|Note|MarkdownNote|"
    r"Primitive.*|Reroute|RandomNoise|BasicGuider|CFGGuider|BasicScheduler|Show.*|String.*|"
    r"(UNET|CLIP|DualCLIP|TripleCLIP|Unet)Loader.*|ConditioningZeroOut|FluxGuidance|"
    r".*(Text|Seed|Int|Float|Number|Concat).*)$"
)
_ELSEWHERE = re.compile(
    r"(?i)^(clip|model|vae|image|pixels|mask|control_net|samples|latent.*)$|vision"
)
"""Inputs that lead to no text."""

Graph = Mapping[str, Mapping[str, Any]]


def read(texts: Mapping[str, str]) -> ForeignRecipe | None:
    """Read the texts of a picture; None if ComfyUI did not write them, or without a text in them.

    Raises:
        ValueError, TypeError, OverflowError, RecursionError: They are damaged.
    """
    graph = _graph(texts)
    if not graph:
        return None
    sampler = _sampler(graph)
    if sampler is None:
        return None
    values = _values(graph, sampler)
    prompt, negative = (_text(graph, sampler, side) for side in ("positive", "negative"))
    if not prompt.texts and not negative.texts:
        return None
    seen = list(_upstream(graph, sampler))
    fields = Fields({**values, **_size(graph, seen), "model": _model(graph, seen)})
    sixteen = any("SD3" in str(graph[node].get("class_type")) for node in seen)
    return build(
        "ComfyUI",
        fields,
        prompt,
        negative,
        source="cpu",
        left_out=_left_out(graph, seen, sampler),
        channels=16 if sixteen else 4,
        loras=loras.loaded(graph),
    )


def _graph(texts: Mapping[str, str]) -> Graph:
    """Return the nodes by id, each with its class and inputs."""
    for key in ("prompt", "workflow"):
        text = texts.get(key, "").strip()
        if not text.startswith("{"):
            continue
        data = json.loads(text)
        if isinstance(data, dict) and "nodes" in data:
            data = api_graph(data)
        nodes = {
            str(name): node
            for name, node in data.items()
            if isinstance(node, dict) and isinstance(node.get("inputs"), dict)
        }
        if len(nodes) > NODES:
            raise ValueError(f"it has {len(nodes)} nodes, but at most {NODES} are allowed")
        if nodes:
            return nodes
    return {}


def _sampler(graph: Graph) -> str | None:
    """Return the sampler that began the picture: of several, one behind which is no other."""
    samplers = [name for name in graph if _is_sampler(graph[name])]
    for name in samplers:
        if not any(_is_sampler(graph[node]) for node in _upstream(graph, name) if node != name):
            return name
    return samplers[0] if samplers else None


def _is_sampler(node: Mapping[str, Any]) -> bool:
    inputs = node["inputs"]
    return ("steps" in inputs and ("seed" in inputs or "noise_seed" in inputs)) or (
        "sigmas" in inputs and ("noise" in inputs or "noise_seed" in inputs)
    )


def _links(inputs: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    for name, value in inputs.items():
        if isinstance(value, list) and len(value) == 2 and isinstance(value[1], int):
            yield name, str(value[0]), value[1]


def _upstream(graph: Graph, start: str) -> Iterator[str]:
    """Yield a node and all that lead to it, the nearest first."""
    seen, waiting = {start}, [start]
    for node in waiting:
        yield node
        for _, other, _ in _links(graph[node]["inputs"]):
            if other in graph and other not in seen:
                seen.add(other)
                waiting.append(other)


def _values(graph: Graph, sampler: str) -> dict[str, Any]:
    """Return what the sampler was set to, from its own inputs or the nodes behind them."""
    inputs: dict[str, Any] = {}
    follow = ("noise", "guider", "sampler", "sigmas")
    nodes = [sampler]
    nodes += [o for name, o, _ in _links(graph[sampler]["inputs"]) if name in follow and o in graph]
    for node in nodes:
        for name in _VALUES:
            value = _literal(graph, graph[node]["inputs"].get(name))
            if value is not None and not isinstance(value, list | dict):
                inputs.setdefault(name, value)
    if "guidance" in inputs:
        inputs.setdefault("cfg", inputs.pop("guidance"))
    return inputs


def _literal(graph: Graph, value: Any) -> Any:
    """Return a value, or the only plain one of the node that a link leads to."""
    for _ in range(8):
        if not (isinstance(value, list) and len(value) == 2 and str(value[0]) in graph):
            return value
        inputs = graph[str(value[0])]["inputs"]
        names = ("value", "seed", "noise_seed", "int", "float", "number", "string", "text", "Value")
        value = next((inputs[name] for name in names if name in inputs), None)
    return None


def _text(graph: Graph, sampler: str, side: str) -> Plain:
    """Return the texts behind the sampler's `positive` or `negative`, in their order."""
    inputs = graph[sampler]["inputs"]
    if side not in inputs and "guider" in inputs:
        guider = graph.get(str((inputs["guider"] or [""])[0]), {"inputs": {}})["inputs"]
        inputs = guider
        if side == "positive" and side not in guider:
            side = "conditioning"
    start = inputs.get(side)
    if not isinstance(start, list) or not start or str(start[0]) not in graph:
        return Plain()
    texts: list[str] = []
    seen: set[str] = set()
    waiting = [(str(start[0]), start[1] if len(start) > 1 else 0)]
    while waiting:
        node, slot = waiting.pop()
        if node in seen or node not in graph:
            continue
        seen.add(node)
        inputs = graph[node]["inputs"]
        texts += [text for text in _own_texts(graph[node]) if text not in texts]
        both = "positive" in inputs and "negative" in inputs
        onward = [
            (other, at)
            for name, other, at in _links(inputs)
            if not _ELSEWHERE.search(name)
            and not (both and name in ("positive", "negative") and (name == "negative") != slot)
        ]
        waiting += reversed(onward)
    return plain_text(", ".join(texts))


def _own_texts(node: Mapping[str, Any]) -> list[str]:
    if "ZeroOut" in str(node.get("class_type")):
        return []
    named = re.compile(r"(?i)^(text|string|prompt|value|clip_l|t5xxl|wildcard)|text|prompt")
    skipped = re.compile(r"(?i)negative|delimiter|separator|mode|font|file|path")
    inputs = node["inputs"].items()
    texts = [
        v for k, v in inputs if isinstance(v, str) and named.search(k) and not skipped.search(k)
    ]
    return [" ".join(text.split()) for text in texts if text.strip()]


def _size(graph: Graph, seen: list[str]) -> dict[str, Any]:
    for node in seen:
        inputs, kind = graph[node]["inputs"], str(graph[node].get("class_type"))
        if "Latent" in kind and "Upscale" not in kind:
            width, height = (_literal(graph, inputs.get(side)) for side in ("width", "height"))
            if isinstance(width, int) and isinstance(height, int):
                return {"width": width, "height": height}
    return {}


def _model(graph: Graph, seen: list[str]) -> str:
    names = ("ckpt_name", "unet_name", "base_ckpt_name", "model_name")
    inputs = (graph[node]["inputs"] for node in seen)
    return next((str(i[n]) for i in inputs for n in names if isinstance(i.get(n), str)), "")


def _left_out(graph: Graph, seen: list[str], sampler: str) -> list[str]:
    """Name what the picture went through that has no like here, and all LoRAs."""
    lost: list[str] = []
    for name, node in graph.items():
        kind, inputs = str(node.get("class_type") or "")[:SHOWN], node["inputs"]
        if name != sampler and _is_sampler(node):
            lost.append("another pass of a sampler")
        elif "lora" in kind.lower():
            files = [v for k, v in inputs.items() if "lora" in k.lower() and isinstance(v, str)]
            lost += [f"LoRA {PurePath(file).stem[:SHOWN]}" for file in files if not empty(file)]
        elif kind == "CLIPSetLastLayer":
            lost.append(f"Clip skip {inputs.get('stop_at_clip_layer')}")
        elif kind == "VAELoader":
            lost.append(f"VAE {PurePath(str(inputs.get('vae_name'))).stem[:SHOWN]}")
        elif kind.startswith("LoadImage") and name in seen:
            lost.append("the other picture it was painted from")
        elif not _PLAIN_NODES.match(kind) and kind:
            lost.append(kind)
    return lost
