"""A LoRA whose weight is a gene: every genome of a batch is painted with its own."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from crowds import finished, forwards, paint
from lora_tensors import ATTENTION, LAYERS, RANK, layer, matrices, saved
from safetensors.torch import save_file
from tiny import face, save

from evolve.models.loading import LoadedModel, load_model
from evolve.models.loras import attaching
from evolve.models.loras.attaching import attach


def merged(pipeline: Any, tensors: Mapping[str, torch.Tensor], weight: float) -> Any:
    """Return a pipeline with the LoRA added to its weights, as one would without rows."""
    changed = copy.deepcopy(pipeline)
    for path in LAYERS:
        down, up = tensors[f"{path}.lora_A.weight"], tensors[f"{path}.lora_B.weight"]
        change = (up.flatten(1) @ down.flatten(1)).view_as(layer(changed, path).weight)
        layer(changed, path).weight.data += weight * change
    return changed


def forward(pipeline: Any, rows: int) -> torch.Tensor:
    draw = torch.Generator().manual_seed(1)
    with torch.no_grad():
        output: torch.Tensor = pipeline.unet(
            torch.randn(rows, 4, 8, 8, generator=draw),
            torch.full((rows,), 500.0),
            torch.randn(rows, 5, 16, generator=draw),
        ).sample
    return output


def test_each_row_has_its_own_weight(pipeline: Any, lora_file: Path) -> None:
    weights = [0.0, 0.3, 1.0, 1.7]
    expected = [
        forward(merged(pipeline, matrices(pipeline), weight), 4)[row]
        for row, weight in enumerate(weights)
    ]
    with_lora = copy.deepcopy(pipeline)
    with attach(with_lora, [lora_file]).at([(weight,) for weight in weights]):
        rows = forward(with_lora, 4)
    torch.testing.assert_close(rows, torch.stack(expected), rtol=1e-4, atol=1e-4)
    assert (rows[2] - forward(pipeline, 4)[2]).abs().mean() > 0.01


def test_weights_are_sent_to_the_device_once_for_all_layers(
    pipeline: Any, lora_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies: list[torch.Tensor] = []

    def noted(here: torch.Tensor, device: torch.device) -> torch.Tensor:
        copies.append(here)
        return here.to(device)

    monkeypatch.setattr(attaching, "sent", noted)
    with_lora = copy.deepcopy(pipeline)
    loras = attach(with_lora, [lora_file])
    for weights in ([0.3, -0.5], [1.0, 2.0]):
        with loras.at([(weight,) for weight in weights]):
            forward(with_lora, 2)
    assert [each.tolist() for each in copies] == [pytest.approx([0.3, -0.5]), [1.0, 2.0]]


def test_a_weight_of_zero_is_the_model_without_it(pipeline: Any, lora_file: Path) -> None:
    with_lora = copy.deepcopy(pipeline)
    attach(with_lora, [lora_file])
    assert torch.equal(forward(with_lora, 2), forward(pipeline, 2))


def test_the_text_encoder_is_changed_too(pipeline: Any, lora_file: Path) -> None:
    with_lora = copy.deepcopy(pipeline)
    lora = attach(with_lora, [lora_file])
    ids = torch.tensor([[3, 4, 5]])
    plain = pipeline.text_encoder(ids).last_hidden_state
    with lora.at([(1.0,)]):
        changed = with_lora.text_encoder(ids).last_hidden_state
    expected = merged(pipeline, matrices(pipeline), 1.0).text_encoder(ids).last_hidden_state
    torch.testing.assert_close(changed, expected, rtol=1e-4, atol=1e-4)
    assert not torch.allclose(changed, plain)


def test_an_alpha_in_the_header_scales_it(pipeline: Any, tmp_path: Path) -> None:
    tensors = matrices(pipeline)
    header = {"lora_adapter_metadata": f'{{"unet.lora_alpha": {2 * RANK}, "unet.r": {RANK}}}'}
    changed = copy.deepcopy(pipeline)
    with attach(changed, [saved(tmp_path, tensors, header)]).at([(0.4,)]):
        got = forward(changed, 1)
    expected = forward(merged(pipeline, tensors, 0.8), 1)
    torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-4)


def test_layers_whose_weights_are_packed_as_whole_numbers_are_changed_too(
    pipeline: Any, lora_file: Path
) -> None:
    class Packed(torch.nn.Linear):
        """As libraries of quantised weights have them."""

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.nn.functional.linear(x, self.whole, self.bias)

    expected, packed = copy.deepcopy(pipeline), copy.deepcopy(pipeline)
    inner = packed.unet.get_submodule(ATTENTION)
    layer = Packed(inner.to_q.in_features, inner.to_q.out_features, bias=False)
    layer.whole = inner.to_q.weight.data
    layer.weight = torch.nn.Parameter(torch.zeros(7, 1, dtype=torch.uint8), requires_grad=False)
    inner.to_q = layer
    outputs = []
    for each in (expected, packed):
        with attach(each, [lora_file]).at([(0.7,), (-0.7,)]):
            outputs.append(forward(each, 2))
    assert torch.equal(*outputs)


def test_several_loras_add_up_each_with_its_weight(pipeline: Any, tmp_path: Path) -> None:
    tensors = matrices(pipeline)
    halves = [(path, tmp_path / f"{k}.safetensors") for k, path in enumerate(LAYERS[:2])]
    for path, file in halves:
        save_file({k: v for k, v in tensors.items() if k.startswith(f"{path}.")}, file)
    both = copy.deepcopy(pipeline)
    loras = attach(both, [file for _, file in halves])
    with loras.at([(0.7, 0.0), (0.0, -0.4), (0.7, -0.4)]):
        first, second, together = forward(both, 3)
    for row, got, kept in ((0, first, halves[:1]), (1, second, halves[1:])):
        one = copy.deepcopy(pipeline)
        with attach(one, [file for _, file in kept]).at([((0.7, -0.4)[row],)] * 3):
            torch.testing.assert_close(got, forward(one, 3)[row], rtol=1e-4, atol=1e-4)
    assert not torch.allclose(together, forward(pipeline, 3)[2], atol=1e-3)


@pytest.fixture(scope="module")
def painted_with(tmp_path_factory: pytest.TempPathFactory, pipeline: Any) -> LoadedModel:
    folder = tmp_path_factory.mktemp("lora")
    file = saved(folder, matrices(pipeline))
    return load_model(f"{save(folder / 'model')}+{file}:0.7", device="cpu")


def test_genomes_of_different_weights_are_painted_in_the_same_forwards(
    painted_with: LoadedModel,
) -> None:
    assert painted_with.info.settings.lora == 0.7
    genomes = [face(lora=weight) for weight in (0.1, 0.7, 1.3, 2.0)]
    events = paint(painted_with, genomes)
    assert forwards(events) == forwards(paint(painted_with, genomes[:1] * 4))
    together = [one.picture for one in finished(events)]
    for genome, picture in zip(genomes, together, strict=True):
        (alone,) = finished(paint(painted_with, [genome]))
        np.testing.assert_array_equal(alone.picture, picture)
    assert len({picture.tobytes() for picture in together}) == 4


def test_what_it_changes_in_the_words_is_seen_in_the_picture(
    painted_with: LoadedModel, pipeline: Any, tmp_path: Path
) -> None:
    folder = painted_with.info.name.partition("+")[0]
    file = saved(tmp_path, matrices(pipeline, LAYERS[-1:]))
    model = load_model(f"{folder}+{file}", device="cpu")
    without, with_it = finished(paint(model, [face(), face(lora=2.0)]))
    assert not np.array_equal(without.picture, with_it.picture)
    (plain,) = finished(paint(load_model(folder, device="cpu"), [face()]))
    np.testing.assert_array_equal(without.picture, plain.picture)
