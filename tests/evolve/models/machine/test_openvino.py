"""A pipeline computed by OpenVINO paints what torch paints, as fast as the CPU can."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny import stable_diffusion

from evolve.models.machine import openvino

pytestmark = pytest.mark.skipif(
    not openvino.available(), reason="the extra 'openvino' is not installed"
)


def cached(folder: Path) -> set[str]:
    return {f.name for f in (folder / "openvino").iterdir()}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openvino, "user_cache_path", lambda name: folder)
        yield folder


@pytest.fixture
def library() -> Any:
    """OpenVINO as it is imported by the project; otherwise it would report to a server."""
    return openvino._library()


@pytest.fixture(scope="module")
def fast(cache: Path) -> Any:
    pipeline = stable_diffusion()
    openvino.accelerate(pipeline, fingerprint="ab" * 32, dtype=torch.float32)
    return pipeline


def inputs(rows: int, side: int = 8) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    draw = torch.Generator().manual_seed(rows)
    noise = torch.randn(rows, 4, side, side, generator=draw)
    return noise, torch.rand(rows, generator=draw) * 999, torch.randn(rows, 5, 16, generator=draw)


@torch.no_grad()
def test_the_denoiser_gives_what_torch_gives_for_any_rows_and_size(fast: Any) -> None:
    slow = stable_diffusion()
    for rows, side in ((3, 8), (2, 16)):
        noise, time, words = inputs(rows, side)
        ours = fast.unet(noise, time, encoder_hidden_states=words, timestep_cond=None).sample
        theirs = slow.unet(noise, time, encoder_hidden_states=words).sample
        assert torch.allclose(ours, theirs, atol=1e-4)
    one_time = fast.unet(noise, torch.tensor(7.0), words, return_dict=False)[0]
    assert torch.allclose(one_time, slow.unet(noise, 7.0, words, return_dict=False)[0], atol=1e-4)


def test_a_row_does_not_depend_on_its_neighbours(fast: Any) -> None:
    noise, time, words = inputs(3)
    whole = fast.unet(noise, time, words).sample
    turned = fast.unet(noise.flip(0), time.flip(0), words.flip(0)).sample.flip(0)
    assert torch.equal(whole, turned)


@pytest.fixture
def threads() -> Iterator[Callable[[int], None]]:
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def test_in_streams_the_bits_are_those_of_one_thread_however_many_there_are(
    fast: Any, threads: Callable[[int], None]
) -> None:
    noise, time, words = inputs(8)
    threads(1)
    alone = fast.unet(noise, time, words).sample
    threads(2)
    openvino.use_streams(fast.unet, True)
    try:
        together = fast.unet(noise, time, words).sample
        turned = fast.unet(noise.flip(0), time.flip(0), words.flip(0)).sample.flip(0)
    finally:
        openvino.use_streams(fast.unet, False)
    assert torch.equal(alone, together)
    assert torch.equal(turned, together)
    assert next(reversed(fast.unet._ready)).streams == 2


@pytest.mark.parametrize(
    ("rows", "threads", "streams"),
    [
        (16, 1, 1),
        (16, 2, 2),
        (24, 3, 3),
        (16, 3, 2),
        (8, 4, 2),
        (24, 12, 6),
        (24, 16, 1),
        (4, 2, 1),
    ],
)
def test_streams_have_equally_many_rows_four_at_least(
    rows: int, threads: int, streams: int
) -> None:
    """With 16 threads, 10 of them would have none of 24 rows: all compute each row together."""
    assert openvino.streams_of(rows, threads) == streams


@torch.no_grad()
def test_the_decoder_gives_what_torch_gives(fast: Any) -> None:
    latent = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(5))
    ours, theirs = fast.vae.decode(latent).sample, stable_diffusion().vae.decode(latent).sample
    assert torch.allclose(ours, theirs, atol=1e-4)


def layer(name: str) -> openvino._Compiled:
    """Return a small module as OpenVINO computes it: a UNet takes seconds to convert."""
    torch.manual_seed(4)
    shapes, example = [[-1, 4]], (torch.zeros(1, 4),)
    module = torch.nn.Linear(4, 4)
    return openvino._Compiled(module, lambda: None, example, shapes, name=name, precision="f32")


def test_what_was_converted_is_read_the_next_time_and_made_again_if_damaged(
    fast: Any, cache: Path, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(cached(cache)) == 4
    expected = layer("kept").compute(torch.ones(2, 4))
    described = next((cache / "openvino").glob("kept*.xml"))
    text = described.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(library, "convert_model", lambda *_, **__: pytest.fail("converted again"))
        assert torch.equal(layer("kept").compute(torch.ones(2, 4)), expected)

    described.write_bytes(text[: len(text) // 2])
    assert torch.equal(layer("kept").compute(torch.ones(2, 4)), expected)
    assert described.stat().st_size > len(text) // 2


def test_what_was_compiled_ahead_of_a_damaged_file_is_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino, "user_cache_path", lambda name: tmp_path)
    monkeypatch.setattr(openvino, "_begun", {})
    expected = layer("ahead").compute(torch.ones(1, 4))
    (described,) = (tmp_path / "openvino").glob("ahead*.xml")
    described.write_text("<net")
    openvino.begin("ahead", "f32", ((1, 4),))
    assert torch.equal(layer("ahead").compute(torch.ones(1, 4)), expected)


def test_a_denoiser_in_streams_is_compiled_ahead_for_the_rows_of_one(
    fast: Any, threads: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads(2)
    monkeypatch.setattr(openvino, "_begun", {})
    noise, time, words = inputs(12)
    shapes = tuple(tuple(each.shape) for each in (noise, time, words))
    openvino.begin(fast.unet._name, "f32", shapes, divides=True)
    (begun,) = openvino._begun.values()
    begun.result()
    monkeypatch.setattr(openvino, "_compiled", lambda *_: pytest.fail("compiled again"))
    openvino.use_streams(fast.unet, True)
    try:
        assert torch.isfinite(fast.unet(noise, time, words).sample).all()
    finally:
        openvino.use_streams(fast.unet, False)


def test_what_was_compiled_ahead_for_other_threads_is_compiled_again(
    tmp_path: Path, threads: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is started early learns only later how many threads it is to have."""
    monkeypatch.setattr(openvino, "user_cache_path", lambda name: tmp_path)
    monkeypatch.setattr(openvino, "_begun", {})
    used, compiled = list[int](), openvino._compiled

    def noting(*args: Any) -> Any:
        made = compiled(*args)
        used.append(made.get_property("INFERENCE_NUM_THREADS"))
        return made

    monkeypatch.setattr(openvino, "_compiled", noting)
    layer("threads")
    for count in (2, 1):
        threads(count)
        openvino.begin("threads", "f32", ((1, 4),))
    for begun in openvino._begun.values():
        begun.result()
    assert used == [2, 1]
    layer("threads").compute(torch.ones(1, 4))
    assert used == [2, 1]
    module = layer("threads")
    for count in (2, 1):
        threads(count)
        module.compute(torch.ones(3, 4))
    assert used == [2, 1, 2, 1]


def test_an_error_while_others_compute_leaves_none_of_them_busy(
    tmp_path: Path, threads: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino, "user_cache_path", lambda name: tmp_path)
    threads(2)
    module = layer("busy")
    module.divides = True
    expected = module.compute(torch.ones(8, 4))
    (requests,) = module._ready.values()

    class Short:
        def start_async(self, inputs: Any) -> None:
            raise RuntimeError("bad_alloc")

    requests[1] = Short()
    with pytest.raises(RuntimeError, match="bad_alloc"):
        module.compute(torch.ones(8, 4))
    assert torch.equal(module.compute(torch.ones(8, 4)), expected)


def test_only_the_latest_forms_stay_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino, "user_cache_path", lambda name: tmp_path)
    module = layer("forms")
    for rows in range(1, openvino.FORMS + 3):
        module.compute(torch.ones(rows, 4))
    module.compute(torch.ones(4, 4))
    module.compute(torch.ones(1, 4))
    assert [form.shapes[0][0] for form in module._ready] == [5, 6, 4, 1]


def test_a_cache_on_a_full_disk_costs_time_alone(
    cache: Path, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RuntimeError("basic_ios::clear: iostream error")

    monkeypatch.setattr(library, "save_model", full)
    assert torch.isfinite(layer("unsaved").compute(torch.ones(1, 4))).all()
    assert not any(file.startswith("unsaved") for file in cached(cache))


def test_nothing_reports_to_a_server(library: Any) -> None:
    assert sys.modules["openvino_telemetry"] is None
