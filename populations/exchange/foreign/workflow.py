"""The graph that a person drew in ComfyUI, as the graph that it runs.

Where only the drawn one was kept, what stands in the fields of its nodes is a list without names;
of the nodes that every picture needs they are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "KSampler": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": ("", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler"),
    "CLIPTextEncode": ("text",),
    "CLIPTextEncodeFlux": ("clip_l", "t5xxl", "guidance"),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "UNETLoader": ("unet_name",),
    "VAELoader": ("vae_name",),
    "LoraLoader": ("lora_name", "strength_model", "strength_clip"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "EmptyLatentImage": ("width", "height", "batch_size"),
    "EmptySD3LatentImage": ("width", "height", "batch_size"),
    "CLIPSetLastLayer": ("stop_at_clip_layer",),
    "RandomNoise": ("noise_seed",),
    "KSamplerSelect": ("sampler_name",),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "CFGGuider": ("cfg",),
    "FluxGuidance": ("guidance",),
    "LoadImage": ("image",),
    "ControlNetLoader": ("control_net_name",),
    "PrimitiveNode": ("value",),
    "PrimitiveString": ("value",),
    "PrimitiveStringMultiline": ("value",),
}
"""Names of the fields of nodes, in their order; nameless ones say nothing of the picture."""

_MUTED = (2, 4)
"""Modes of nodes that are left out, or passed by."""


def api_graph(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Return a drawn graph as `{id: {"class_type": …, "inputs": {…}}}`.

    Raises:
        TypeError, ValueError, AttributeError: It is damaged.
    """
    sources = {}
    for link in workflow.get("links") or []:
        if isinstance(link, list) and len(link) >= 5:
            sources[str(link[0])] = [str(link[1]), link[2]]
        elif isinstance(link, dict):
            sources[str(link.get("id"))] = [str(link.get("origin_id")), link.get("origin_slot")]
    graph = {}
    for node in workflow["nodes"]:
        if not isinstance(node, dict) or node.get("mode") in _MUTED:
            continue
        kind, values = str(node.get("type")), node.get("widgets_values")
        inputs: dict[str, Any] = {}
        if isinstance(values, dict):
            inputs.update(values)
        elif isinstance(values, list):
            inputs.update(zip(_FIELDS.get(kind, ()), values, strict=False))
        inputs.pop("", None)
        for slot in node.get("inputs") or []:
            if isinstance(slot, dict) and str(slot.get("link")) in sources:
                inputs[str(slot.get("name"))] = sources[str(slot["link"])]
        graph[str(node.get("id"))] = {"class_type": kind, "inputs": inputs}
    return graph
