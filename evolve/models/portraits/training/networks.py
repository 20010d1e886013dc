"""The three networks of the model, as yet untrained: VAE, CLIP and UNet."""

from __future__ import annotations

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer

from evolve.models.portraits.training.faces.dataset import PIXELS
from evolve.models.portraits.training.words.tokenizer import POSITIONS

LATENT = (8, 16, 16)
WIDTH = 192
PROJECTION = 192


def build_vae() -> AutoencoderKL:
    """1.8 M parameters; no attention, so a page of pictures decodes in a fraction of a second."""
    vae: AutoencoderKL = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(32, 48, 64, 96),
        layers_per_block=1,
        latent_channels=LATENT[0],
        norm_num_groups=8,
        sample_size=PIXELS,
        mid_block_add_attention=False,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )
    return vae


def build_clip(tokenizer: CLIPTokenizer) -> CLIPModel:
    """Two small transformers, 3.6 M parameters together."""
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": WIDTH,
        "intermediate_size": 4 * WIDTH,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "max_position_embeddings": POSITIONS,
        "projection_dim": PROJECTION,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    vision = {
        "hidden_size": WIDTH,
        "intermediate_size": 4 * WIDTH,
        "num_hidden_layers": 4,
        "num_attention_heads": 4,
        "image_size": PIXELS,
        "patch_size": 16,
        "projection_dim": PROJECTION,
    }
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=PROJECTION)
    clip: CLIPModel = CLIPModel(config)
    return clip


def text_states(clip: CLIPModel, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Last hidden state (n, length, WIDTH), as the pipeline hands it to the UNet; and pooled."""
    out = clip.text_model(input_ids=ids)
    return out.last_hidden_state, out.pooler_output


def build_unet() -> UNet2DConditionModel:
    """About 14 M parameters; attention to the words at 8x8 and 4x4."""
    unet: UNet2DConditionModel = UNet2DConditionModel(
        sample_size=LATENT[1],
        in_channels=LATENT[0],
        out_channels=LATENT[0],
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        block_out_channels=(96, 160, 192),
        layers_per_block=1,
        attention_head_dim=4,
        cross_attention_dim=WIDTH,
        norm_num_groups=32,
    )
    return unet
