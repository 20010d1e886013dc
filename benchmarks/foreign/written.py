"""Pictures as other programs write them: one castle, with the recipe in each program's own way.

Written after the writers of these programs, not after the readers of fancier: order, quotes and
places of the fields are theirs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin

from benchmarks.foreign.castle import GUIDANCE, MODEL, NEGATIVE, PROMPT, SEED, SIZE, STEPS
from benchmarks.foreign.comfyui import comfy_custom, comfy_graph, comfy_second_pass, comfy_workflow

EXIF_IFD, USER_COMMENT, MODEL_TAG = 0x8769, 0x9286, 0x0110


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """A picture file of another program."""

    suffix: str = ".png"
    texts: Mapping[str, str] = field(default_factory=dict)
    """Chunks of a PNG file."""
    exif: Mapping[int, Any] = field(default_factory=dict)
    """Fields of the first IFD."""
    comment: bytes = b""
    """UserComment in the Exif IFD."""
    utf8_in_latin: bool = False
    """Whether its chunks are tEXt with UTF-8 in them, against the standard."""

    def save(self, file: Path) -> Path:
        """Write it to `file` with its suffix; return where it is."""
        file = file.with_name(file.name + self.suffix)
        image = Image.new("RGB", SIZE, "red")
        if self.suffix == ".png":
            info = PngImagePlugin.PngInfo()
            for key, text in self.texts.items():
                if self.utf8_in_latin:
                    info.add(b"tEXt", key.encode() + b"\0" + text.encode())
                else:
                    info.add_text(key, text)
            image.save(file, pnginfo=info)
            return file
        exif = Image.Exif()
        for tag, value in self.exif.items():
            exif[tag] = value
        if self.comment:
            exif.get_ifd(EXIF_IFD)[USER_COMMENT] = self.comment
        image.save(file, exif=exif)
        return file


def _a1111(settings: str, *, prompt: str = PROMPT, negative: str = NEGATIVE) -> str:
    return f"{prompt}\nNegative prompt: {negative}\n{settings}"


A1111_NEW = _a1111(
    f"Steps: {STEPS}, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: {GUIDANCE}, "
    f"Seed: {SEED}, Size: 512x512, Model hash: 879db523c3, Model: {MODEL}, VAE hash: 235745af8d, "
    "VAE: vae-ft-mse-840000-ema-pruned.safetensors, Clip skip: 2, RNG: CPU, "
    'Lora hashes: "castles: deadbeef0123", TI hashes: "easynegative: c74b4e810b03", '
    "Version: v1.10.1",
    prompt="a castle, (red roof:1.3) <lora:castles:0.8>",
    negative="easynegative, people",
)
A1111_OLD = _a1111(
    f"Steps: {STEPS}, Sampler: DPM++ 2M Karras, CFG scale: {GUIDANCE}, Seed: {SEED}, "
    f"Size: 512x512, Model hash: 879db523c3, Model: {MODEL}"
)
A1111_HIRES = _a1111(
    f"Steps: {STEPS}, Sampler: Euler, Schedule type: Automatic, CFG scale: {GUIDANCE}, "
    f"Seed: {SEED}, Size: 512x512, Model: {MODEL}, Denoising strength: 0.4, RNG: CPU, "
    'Hires upscale: 2, Hires upscaler: Latent, ControlNet 0: "Module: canny, Model: x [1], '
    'Weight: 1", Refiner: sd_xl_refiner [7440042bbd], Refiner switch at: 0.8, Version: v1.10.1',
    prompt="a castle BREAK [wooden:red:0.5] roof",
)
A1111_IMG2IMG = _a1111(
    f"Steps: {STEPS}, Sampler: Euler a, CFG scale: {GUIDANCE}, Seed: {SEED}, Size: 512x512, "
    f"Model: {MODEL}, Denoising strength: 0.55, Mask blur: 4, Version: v1.6.0"
)
ONE_LINE = (
    f"{PROMPT} Negative prompt: {NEGATIVE} Steps: {STEPS}, Sampler: Euler, CFG scale: {GUIDANCE}, "
    f"Seed: {SEED}, Size: 512x512, Model: {MODEL}, Version: ComfyUI"
)
SD_NEXT = _a1111(
    f"Steps: {STEPS}, Size: 512x512, Sampler: UniPC, Seed: {SEED}, CFG scale: {GUIDANCE}, "
    "Clip skip: 2, App: SD.Next, Version: 850ba5b, Pipeline: StableDiffusionPipeline, "
    f"Operations: txt2img, Model: {MODEL}, Model hash: 879db523c3, Sampler sigma: karras"
)


def _both(graph: Mapping[str, Any]) -> dict[str, str]:
    return {"prompt": json.dumps(graph), "workflow": json.dumps(comfy_workflow(graph))}


SWARM = {
    "sui_image_params": {
        "prompt": PROMPT,
        "negativeprompt": NEGATIVE,
        "model": f"OfficialStableDiffusion/{MODEL}",
        "images": 1,
        "seed": SEED,
        "steps": STEPS,
        "cfgscale": GUIDANCE,
        "aspectratio": "1:1",
        "width": 512,
        "height": 512,
        "sampler": "dpmpp_2m",
        "scheduler": "karras",
        "automaticvae": True,
        "loras": ["castles"],
        "loraweights": ["0.8"],
        "swarm_version": "0.9.5.2",
    },
    "sui_extra_data": {"date": "2025-03-15", "generation_time": "4.84 sec"},
    "sui_models": [{"name": f"{MODEL}.safetensors", "param": "model", "hash": "0xd7a9"}],
}
FOOOCUS = {
    "adm_guidance": "(1.5, 0.8, 0.3)",
    "base_model": MODEL,
    "base_model_hash": "879db523c3",
    "full_negative_prompt": [NEGATIVE, "blurry"],
    "full_prompt": [f"cinematic still {PROMPT} . film grain"],
    "guidance_scale": GUIDANCE,
    "loras": [["castles", 0.8, "deadbeef01"]],
    "metadata_scheme": "fooocus",
    "negative_prompt": NEGATIVE,
    "performance": "Speed",
    "prompt": PROMPT,
    "prompt_expansion": "",
    "refiner_model": "None",
    "refiner_switch": 0.5,
    "resolution": "(512, 512)",
    "sampler": "dpmpp_2m",
    "scheduler": "karras",
    "seed": str(SEED),
    "sharpness": 2,
    "steps": STEPS,
    "styles": "['Fooocus V2', 'SAI Cinematic']",
    "vae": "Default (model)",
    "version": "Fooocus v2.5.5",
}
FOOOCUS_A1111 = _a1111(
    f"Steps: {STEPS}, Sampler: DPM++ 2M Karras, Seed: {SEED}, Size: 512x512, "
    f'CFG scale: {GUIDANCE}, Sharpness: 2, ADM Guidance: "(1.5, 0.8, 0.3)", Model: {MODEL}, '
    "Model hash: 879db523c3, Performance: Speed, Scheduler: karras, VAE: Default (model), "
    f'Raw prompt: "{PROMPT}", Raw negative prompt: {NEGATIVE}, Lora hashes: "castles: deadbeef01", '
    'Lora weights: "castles: 0.8", Version: Fooocus v2.5.5'
)
NOVELAI = {
    "prompt": PROMPT,
    "steps": STEPS,
    "height": 512,
    "width": 512,
    "scale": GUIDANCE,
    "uncond_scale": 1.0,
    "cfg_rescale": 0.0,
    "seed": SEED,
    "n_samples": 1,
    "hide_debug_overlay": False,
    "noise_schedule": "karras",
    "sampler": "k_dpmpp_2m",
    "controlnet_strength": 1.0,
    "controlnet_model": None,
    "dynamic_thresholding": False,
    "dynamic_thresholding_percentile": 0.999,
    "dynamic_thresholding_mimic_scale": 10.0,
    "sm": True,
    "sm_dyn": False,
    "skip_cfg_below_sigma": 0.0,
    "lora_unet_weights": None,
    "lora_clip_weights": None,
    "uc": NEGATIVE,
    "request_type": "PromptGenerateRequest",
    "signed_hash": "x",
}

# https://invoke-ai.github.io/InvokeAI/features/gallery, metadata version 3 and 2, and before
INVOKE_1 = f'"{PROMPT} [{NEGATIVE}]" -s{STEPS} -W512 -H512 -C{GUIDANCE} -Ak_euler -S{SEED}'
INVOKE_2_DREAM = (
    f"{PROMPT} [{NEGATIVE}] -s {STEPS} -S {SEED} -W 512 -H 512 -C {GUIDANCE} -A k_dpmpp_2"
)
INVOKE_2 = {
    "model": "stable diffusion",
    "model_weights": MODEL,
    "model_hash": "cc6cb27103417325ff94f52b7a5d2dde45a7515b25c255d8e396c90014281516",
    "app_id": "invoke-ai/InvokeAI",
    "app_version": "2.2.5",
    "image": {
        "prompt": [
            {"prompt": f"a castle [{NEGATIVE}]", "weight": 1.0},
            {"prompt": "red roof", "weight": 0.3},
        ],
        "steps": STEPS,
        "cfg_scale": GUIDANCE,
        "threshold": 0,
        "perlin": 0,
        "height": 512,
        "width": 512,
        "seed": SEED,
        "seamless": False,
        "hires_fix": False,
        "type": "txt2img",
        "postprocessing": None,
        "sampler": "k_euler",
        "variations": [],
    },
}
INVOKE_3: dict[str, Any] = {
    "app_version": "3.0.0",
    "generation_mode": "txt2img",
    "positive_prompt": PROMPT,
    "negative_prompt": NEGATIVE,
    "width": 512,
    "height": 512,
    "seed": SEED,
    "rand_device": "cpu",
    "cfg_scale": GUIDANCE,
    "steps": STEPS,
    "scheduler": "euler",
    "clip_skip": 0,
    "model": {"model_name": MODEL, "base_model": "sd-1", "model_type": "main"},
    "controlnets": [],
    "loras": [{"lora": {"model_name": "castles", "base_model": "sd-1"}, "weight": 0.75}],
    "vae": None,
    "strength": None,
    "init_image": None,
    "positive_style_prompt": None,
    "negative_style_prompt": None,
    "refiner_model": None,
    "refiner_steps": None,
}
INVOKE_4 = {
    **{k: v for k, v in INVOKE_3.items() if v is not None and k != "controlnets"},
    "app_version": "4.2.0",
    "scheduler": "dpmpp_2m_k",
    "seamless_x": False,
    "seamless_y": False,
    "cfg_rescale_multiplier": 0,
    "model": {"key": "6a1b", "hash": "blake3:ab", "name": MODEL, "base": "sd-1", "type": "main"},
    "loras": [],
}
INVOKE_5 = {
    **INVOKE_4,
    "app_version": "5.4.3",
    "generation_mode": "img2img",
    "strength": 0.4,
    "ref_images": [],
    "canvas_v2_metadata": {"rasterLayers": []},
}

TITLE = {"Title": "NovelAI generated image", "Software": "NovelAI", "Generation time": "3.1"}
_comfy = json.dumps(comfy_graph())
FILES: Mapping[str, Foreign] = {
    "A1111 1.10": Foreign(texts={"parameters": A1111_NEW}),
    "A1111 1.0": Foreign(texts={"parameters": A1111_OLD}),
    "A1111 1.10, hires, ControlNet, refiner": Foreign(texts={"parameters": A1111_HIRES}),
    "A1111 1.6, img2img": Foreign(texts={"parameters": A1111_IMG2IMG}),
    "A1111, JPEG": Foreign(suffix=".jpg", comment=b"UNICODE\0" + A1111_OLD.encode("utf-16-be")),
    "A1111, UTF-8 in tEXt": Foreign(texts={"parameters": A1111_OLD}, utf8_in_latin=True),
    "a saver of ComfyUI, one line": Foreign(texts={"parameters": ONE_LINE}),
    "SD.Next": Foreign(texts={"parameters": SD_NEXT}),
    "SD.Next, WebP": Foreign(suffix=".webp", comment=b"UNICODE\0" + SD_NEXT.encode("utf-16-be")),
    "ComfyUI": Foreign(texts=_both(comfy_graph())),
    "ComfyUI, graph alone": Foreign(texts={"prompt": _comfy}),
    "ComfyUI, drawing alone": Foreign(
        texts={"workflow": json.dumps(comfy_workflow(comfy_graph()))}
    ),
    "ComfyUI, LoRA, ControlNet, two passes": Foreign(texts=_both(comfy_second_pass())),
    "ComfyUI, custom sampler": Foreign(texts=_both(comfy_custom())),
    "ComfyUI, WebP": Foreign(suffix=".webp", exif={MODEL_TAG: f"prompt:{_comfy}"}),
    "SwarmUI": Foreign(texts={"parameters": json.dumps(SWARM, indent=2)}),
    "SwarmUI, JPEG": Foreign(
        suffix=".jpg", comment=b"UNICODE\0" + json.dumps(SWARM).encode("utf-16-le")
    ),
    "Fooocus": Foreign(texts={"parameters": json.dumps(FOOOCUS), "fooocus_scheme": "fooocus"}),
    "Fooocus, scheme a1111": Foreign(
        texts={"parameters": FOOOCUS_A1111, "fooocus_scheme": "a1111"}
    ),
    "Fooocus, WebP": Foreign(
        suffix=".webp",
        exif={USER_COMMENT: json.dumps(FOOOCUS), 0x0131: "Fooocus v2.5.5", 0x927C: "fooocus"},
    ),
    "NovelAI": Foreign(
        texts={
            **TITLE,
            "Description": "a castle, {red roof}",
            "Source": "NovelAI Diffusion V3 1E1C6F2E",
            "Comment": json.dumps(NOVELAI),
        }
    ),
    "InvokeAI 1": Foreign(texts={"Dream": INVOKE_1}),
    "InvokeAI 2": Foreign(texts={"Dream": INVOKE_2_DREAM, "sd-metadata": json.dumps(INVOKE_2)}),
    "InvokeAI 2, Dream alone": Foreign(texts={"Dream": INVOKE_2_DREAM}),
    "InvokeAI 3": Foreign(texts={"invokeai_metadata": json.dumps(INVOKE_3)}),
    "InvokeAI 4": Foreign(texts={"invokeai_metadata": json.dumps(INVOKE_4)}),
    "InvokeAI 5, img2img": Foreign(texts={"invokeai_metadata": json.dumps(INVOKE_5)}),
}
