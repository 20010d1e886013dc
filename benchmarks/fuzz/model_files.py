"""What a hostile folder of a model is varied in: its files, keys of its configurations, classes."""

from __future__ import annotations

from typing import Any

WEIGHTS = (
    "unet/diffusion_pytorch_model.safetensors",
    "vae/diffusion_pytorch_model.safetensors",
    "text_encoder/model.safetensors",
)
CONFIGS = (
    "model_index.json",
    "unet/config.json",
    "vae/config.json",
    "text_encoder/config.json",
    "scheduler/scheduler_config.json",
    "tokenizer/tokenizer_config.json",
)
KEYS: dict[str, tuple[Any, ...]] = {
    "_attn_implementation": ("kernels-community/flash-attn", "eager", "paged|a/b:c", 7),
    "attn_implementation": ({"": "a/b"}, "flash_attention_2", "flex_attention"),
    "auto_map": ({"AutoModel": "evil.Model"}, ["evil.Tokenizer", None], "evil/repo--x.Y"),
    "custom_pipeline": ("evil/pipeline", "evil"),
    "trust_remote_code": (True, "yes"),
    "_name_or_path": ("evil/model", "../../outside", "/etc"),
    "quantization_config": ({"quant_method": "mxfp4"}, {"quant_method": "bitsandbytes"}, {}, "x"),
    "transformers_weights": ("../../outside/diary", "weights.bin", "adapter_model.bin"),
    "num_hidden_layers": (10**9, -1, 0, 3),
    "num_layers": (10**9, [10**6]),
    "layers_per_block": (10**9, 0, [1, 10**5]),
    "transformer_layers_per_block": (10**6, [[10**5]]),
    "hidden_size": (10**9, 10**5, 0, -8),
    "vocab_size": (10**12, 10**7, 0),
    "max_position_embeddings": (10**10, 10**7, 0),
    "block_out_channels": ([8] * 3000, [10**9, 8], [], [0, 0], "x"),
    "cross_attention_dim": (10**9, [16] * 4000),
    "sample_size": (2048, 10**9, [8, 10**9], 0, "8"),
    "latent_channels": (10**9, 0, 1.5),
    "norm_num_groups": (0, 3, 10**9),
    "torch_dtype": ("os.system", "float8_e4m3fn", "complex64"),
    "dtype": ("evil", "float64"),
    "tokenizer_class": ("EvilTokenizer", "PreTrainedTokenizerFast", "os", "T5Tokenizer"),
    "tokenizer_file": ("../../outside/diary", "/etc/passwd"),
    "vocab_file": ("../../outside/diary",),
    "chat_template": ("{{ ''.__class__.__mro__ }}", "{% for i in range(10**9) %}x{% endfor %}"),
    "extra_special_tokens": ({"a": "b" * 10**5}, [7], "x"),
    "added_tokens_decoder": ({"99999999999": {"content": "a"}}, {"x": {}}, []),
    "model_max_length": (10**30, 10**12, 10**8, 1e300, 0, -5, 7.5, "x", [], {}, None),
    "max_len": (10**12, [], "x"),
    "pad_token": (7, [], {}, {"__type": "AddedToken", "content": []}, None, "x" * 10**5),
    "pad_token_type_id": (-1, 10**12, []),
    "pad_to_multiple_of": (10**12, [], 0),
    "padding_side": ("x", [], 7),
    "truncation_side": ("x", [], 7),
    "model_input_names": ([], "x", [[]], {}, ["pixel_values"]),
    "do_lower_case": ([], "x"),
    "_class_name": (
        "EvilPipeline",
        "StableDiffusionXLPipeline",
        "os",
        ["evil", "Evil"],
        "FluxPipeline",
    ),
    "num_train_timesteps": (10**10, 10**7, 0, -1),
    "trained_betas": ([0.1] * 10**5, "x", [float("nan")]),
    "prediction_type": ("evil", "v_prediction"),
    "rope_scaling": ({"rope_type": "evil", "factor": 1e300},),
    "id2label": ({str(n): "x" for n in range(5000)},),
}
CLASSES: tuple[Any, ...] = (
    *(["diffusers", name] for name in ("UNet2DModel", "AutoencoderTiny", "FluxTransformer2DModel")),
    *(["diffusers", name] for name in ("DiffusionPipeline", "ModelMixin", "DDIMScheduler", "x")),
    *(["transformers", name] for name in ("AutoModel", "AutoTokenizer", "T5EncoderModel")),
    *(["transformers", name] for name in ("Trainer", "pipeline", "PreTrainedModel", "LlamaModel")),
    *(["os", "system"], ["subprocess", "Popen"], ["evil", "Evil"], ["diffusers.utils", "x"]),
    *(["stable_diffusion", "x"], [None, None], ["diffusers", None], [], [1, 2], "x", {}, None),
)
