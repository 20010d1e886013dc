"""ComfyUI's files: the graph that it runs, and the same as it is drawn."""

from collections.abc import Mapping
from typing import Any

from benchmarks.foreign.castle import GUIDANCE, MODEL, NEGATIVE, PROMPT, SEED, STEPS


def comfy_graph(**changes: Any) -> dict[str, Any]:
    """Return the graph that ComfyUI runs by default, with other inputs of its sampler."""
    sampler = {
        "seed": SEED,
        "steps": STEPS,
        "cfg": GUIDANCE,
        "sampler_name": "dpmpp_2m",
        "scheduler": "karras",
        "denoise": 1.0,
        "model": ["4", 0],
        "positive": ["6", 0],
        "negative": ["7", 0],
        "latent_image": ["5", 0],
    }
    return {
        "3": {"inputs": {**sampler, **changes}, "class_type": "KSampler"},
        "4": {
            "inputs": {"ckpt_name": f"{MODEL}.safetensors"},
            "class_type": "CheckpointLoaderSimple",
        },
        "5": {
            "inputs": {"width": 512, "height": 512, "batch_size": 1},
            "class_type": "EmptyLatentImage",
        },
        "6": {"inputs": {"text": PROMPT, "clip": ["4", 1]}, "class_type": "CLIPTextEncode"},
        "7": {"inputs": {"text": NEGATIVE, "clip": ["4", 1]}, "class_type": "CLIPTextEncode"},
        "8": {"inputs": {"samples": ["3", 0], "vae": ["4", 2]}, "class_type": "VAEDecode"},
        "9": {
            "inputs": {"filename_prefix": "ComfyUI", "images": ["8", 0]},
            "class_type": "SaveImage",
        },
    }


def comfy_second_pass() -> dict[str, Any]:
    """Return a graph with a LoRA, a ControlNet and a second sampler that works over the first."""
    graph = comfy_graph(model=["10", 0], positive=["12", 0], negative=["12", 1])
    graph["10"] = {
        "inputs": {"lora_name": "castles.safetensors", "strength_model": 0.8, "model": ["4", 0]},
        "class_type": "LoraLoader",
    }
    graph["11"] = {
        "inputs": {"control_net_name": "canny.pth"},
        "class_type": "ControlNetLoader",
    }
    graph["12"] = {
        "inputs": {
            "strength": 0.5,
            "positive": ["6", 0],
            "negative": ["7", 0],
            "control_net": ["11", 0],
            "image": ["13", 0],
        },
        "class_type": "ControlNetApplyAdvanced",
    }
    graph["13"] = {"inputs": {"image": "edges.png"}, "class_type": "LoadImage"}
    graph["14"] = {
        "inputs": {"samples": ["3", 0], "upscale_method": "bislerp", "scale_by": 2},
        "class_type": "LatentUpscaleBy",
    }
    again = {**graph["3"]["inputs"], "seed": 99, "denoise": 0.5, "latent_image": ["14", 0]}
    graph["15"] = {"inputs": again, "class_type": "KSampler"}
    graph["8"]["inputs"]["samples"] = ["15", 0]
    return graph


def comfy_custom() -> dict[str, Any]:
    """Return a graph whose sampler is made of parts, as for Flux."""
    return {
        "1": {
            "inputs": {
                "noise": ["2", 0],
                "guider": ["3", 0],
                "sampler": ["4", 0],
                "sigmas": ["5", 0],
                "latent_image": ["6", 0],
            },
            "class_type": "SamplerCustomAdvanced",
        },
        "2": {"inputs": {"noise_seed": SEED}, "class_type": "RandomNoise"},
        "3": {
            "inputs": {
                "cfg": GUIDANCE,
                "model": ["7", 0],
                "positive": ["8", 0],
                "negative": ["9", 0],
            },
            "class_type": "CFGGuider",
        },
        "4": {"inputs": {"sampler_name": "euler"}, "class_type": "KSamplerSelect"},
        "5": {
            "inputs": {"scheduler": "simple", "steps": STEPS, "denoise": 1, "model": ["7", 0]},
            "class_type": "BasicScheduler",
        },
        "6": {
            "inputs": {"width": 512, "height": 512, "batch_size": 1},
            "class_type": "EmptySD3LatentImage",
        },
        "7": {"inputs": {"unet_name": f"{MODEL}.safetensors"}, "class_type": "UNETLoader"},
        "8": {"inputs": {"text": ["10", 0], "clip": ["11", 0]}, "class_type": "CLIPTextEncode"},
        "9": {"inputs": {"text": NEGATIVE, "clip": ["11", 0]}, "class_type": "CLIPTextEncode"},
        "10": {"inputs": {"value": PROMPT}, "class_type": "PrimitiveString"},
        "11": {"inputs": {"clip_name1": "a", "clip_name2": "b"}, "class_type": "DualCLIPLoader"},
    }


def comfy_workflow(graph: Mapping[str, Any]) -> dict[str, Any]:
    """Return a graph as it is drawn: fields are lists without names, links have numbers."""
    nodes, links = list[dict[str, Any]](), list[list[Any]]()
    for name, node in graph.items():
        slots: list[dict[str, Any]] = []
        fields = [value for value in node["inputs"].values() if not isinstance(value, list)]
        if node["class_type"] == "KSampler":
            fields.insert(1, "randomize")
        for key, value in node["inputs"].items():
            if isinstance(value, list):
                kind = "CONDITIONING" if key in ("positive", "negative") else "*"
                place = len(slots)
                links.append([len(links) + 1, int(value[0]), value[1], int(name), place, kind])
                slots.append({"name": key, "type": kind, "link": len(links)})
        nodes.append(
            {
                "id": int(name),
                "type": node["class_type"],
                "mode": 0,
                "inputs": slots,
                "widgets_values": fields,
            }
        )
    return {"last_node_id": len(graph), "nodes": nodes, "links": links, "version": 0.4}
