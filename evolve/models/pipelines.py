"""From the files of a model to a diffusers pipeline, without trusting anything but data.

Only safetensors are read, nothing is unpickled, no code runs that comes with a model, and the
network is not touched: what is needed was fetched before. Libraries see the chosen files alone
(`evolve.models.files.staging`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from evolve.errors import ModelError
from evolve.models.catalog import ModelCard
from evolve.models.families.gate import is_after_a_picture, with_article
from evolve.models.families.noise_schedule import restated
from evolve.models.files import allowed_files, pipeline_files, staging
from evolve.models.files.building import require_filled
from evolve.models.machine import memory
from evolve.models.words.reach import UNLIMITED, limit_of


def quiet_libraries() -> None:
    """Have the libraries that load and paint write nothing but errors to the terminal."""
    import diffusers
    import transformers

    for library in (diffusers, transformers):
        library.logging.set_verbosity_error()
        library.logging.disable_progress_bar()


def load_pipeline(card: ModelCard, precisions: Mapping[str, torch.dtype]) -> Any:
    """Return the pipeline of a model, its parts in these precisions, in main memory.

    Raises:
        ModelError: diffusers has no such pipeline, the model needs code of its own, or the limit of
            a tokenizer is invalid.
    """
    import diffusers
    import transformers

    quiet_libraries()
    kind = getattr(diffusers, card.pipeline, None)
    is_pipeline = isinstance(kind, type) and issubclass(kind, diffusers.DiffusionPipeline)
    if kind is None or not is_pipeline:
        raise ModelError(
            f"model '{card.name}' is {with_article(card.pipeline)}, which diffusers "
            f"{diffusers.__version__} does not have: upgrade diffusers"
        )
    index = allowed_files.read_json(card.folder / pipeline_files.INDEX, card.name)
    _refuse_code(card, index)
    skipped = {part: None for part in pipeline_files.SKIPPED if part in index}
    beside = card.configurations if card.kind == "file" else card.inside
    shapes = staging.require_sane(card.name, card.folder, pipeline_files.weights_in(beside))
    components = pipeline_files.components(card.name, index)
    with staging.staged(card.folder, beside) as folder, memory.bounded(card):
        for part, part_shapes in shapes.items() if card.kind != "embedded" else ():
            part_kind = getattr(transformers, components.get(part, ""), None)
            require_filled(card.name, part_kind, folder / part, part_shapes)
        if card.kind == "file":
            (file,) = card.weights[""]
            pipeline = kind.from_single_file(
                str(file), config=str(folder), local_files_only=True, **skipped
            )
        else:
            pipeline = kind.from_pretrained(
                folder,
                use_safetensors=True,
                local_files_only=True,
                variant=card.variant,
                dtype={**precisions, "default": torch.float32},
                **skipped,
            )
    pipeline.scheduler = restated(pipeline.scheduler, card.schedule)
    _limit_tokenizers(card, pipeline)
    if is_after_a_picture(card.pipeline):
        from diffusers import AutoPipelineForText2Image  # imports all pipelines there are

        pipeline = AutoPipelineForText2Image.from_pipe(pipeline)
    return pipeline


def _limit_tokenizers(card: ModelCard, pipeline: Any) -> None:
    """Limit tokenizers to what their encoders read.

    Libraries pad texts up to the stated limit, which may be a trillion tokens.

    Raises:
        ModelError: A stated limit is no number of tokens.
    """
    from transformers.tokenization_utils_base import VERY_LARGE_INTEGER

    for part, tokenizer in pipeline.components.items():
        stated = getattr(tokenizer, "model_max_length", None)
        if stated is None:
            continue
        unlimited = type(stated) in (int, float) and stated >= UNLIMITED
        if not unlimited and (type(stated) is not int or stated < 1):
            raise ModelError(
                f"model '{card.name}' has an invalid configuration: 'model_max_length' of its "
                f"{part} is {str(stated)[:40]!r}, not a number of tokens"
            )
        encoder = pipeline.components.get(part.replace("tokenizer", "text_encoder"))
        positions = getattr(getattr(encoder, "config", None), "max_position_embeddings", None)
        tokenizer.model_max_length = limit_of(stated, positions) or VERY_LARGE_INTEGER


def _refuse_code(card: ModelCard, index: Mapping[str, Any]) -> None:
    """Refuse files beside those that are read which could be run."""
    for part in pipeline_files.components(card.name, index):
        folder = card.folder / part
        if card.kind == "file" and any(
            f.suffix in pipeline_files.PICKLES for f in folder.glob("*")
        ):
            raise ModelError(
                f"there are pickles in '{folder}', which fancier never reads: remove them"
            )
        if any(folder.glob("*.py")):
            raise ModelError(
                f"model '{card.name}' needs code of its own to be run for its {part}, "
                "which fancier never does: look for a copy without it"
            )
