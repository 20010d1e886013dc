"""Compiling what an embedded model computes with, while the rest of it is loaded."""

from __future__ import annotations

from evolve.errors import ModelError
from evolve.models.files import allowed_files
from evolve.models.loading import way_of
from evolve.models.machine import openvino
from evolve.rendering.manner import BY_OPENVINO
from evolve.rendering.tuning.calibration import known_rows


def begin(name: str, device: str | None = None) -> None:
    """Begin in the background, if OpenVINO computes the model and all was tried before.

    It is compiled for pictures of the model's own size, painted together with guidance or without,
    on a torch device or the best one here.
    """
    try:
        way = way_of(name, device=device)
        if not way.compiled or not (rows := known_rows(way)):
            return
        texts = allowed_files.read_json(way.card.folder / "text_encoder/config.json", name)
    except ModelError:
        return  # loading it reports why
    precision = openvino.precision_of(way.dtype)
    words = int(texts["max_position_embeddings"]), int(texts["hidden_size"])
    shapes = (rows, *way.card.latent), (rows,), (rows, *words)
    unet = openvino.name_of(way.digest, "unet")
    openvino.begin(unet, precision, shapes, divides=BY_OPENVINO.streams)
    decoder = openvino.name_of(way.digest, "decoder")
    openvino.begin(decoder, precision, ((1, *way.card.latent),))
