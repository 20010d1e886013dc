"""Denoiser and decoder computed by OpenVINO: several times as fast on a CPU.

An optional extra (`pip install 'fancier[openvino]'`). A module is converted once, which takes some
seconds, and is kept in the user's cache folder. Each process compiles it for each shape of its
inputs, and keeps the latest few. As in torch, the bits of a row depend on no other row.

Threads that compute a row together wait for each other at every layer. So a denoiser can divide the
rows of a forward among streams of one thread each (`Manner.streams`). The bits are then those of a
single thread, however many there are.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from platformdirs import user_cache_path

from evolve.recent import Recent

NEWEST_KEPT = 6
"""Converted modules that stay in the cache folder."""

FORMS = 4
"""Forms in which a module stays compiled; each takes as much memory as its weights, and more."""

LEAST_ROWS = 4
"""Rows of a stream, from which on their number changes no bits."""

Shapes = tuple[tuple[int, ...], ...]
"""Shapes of the inputs of a module."""


class Form(NamedTuple):
    """What a module is compiled for."""

    shapes: Shapes
    """Those of the inputs of one stream."""
    streams: int
    threads: int
    """Those of all streams together."""


_background = ThreadPoolExecutor(1, thread_name_prefix="fancier-compile")
_begun: dict[tuple[str, str, Form], Future[Any]] = {}
"""Modules compiled ahead, by name, precision and form."""


def available() -> bool:
    """Return whether OpenVINO is installed."""
    return importlib.util.find_spec("openvino") is not None


def version() -> str:
    """Return the version that is installed."""
    return importlib.metadata.version("openvino")


def accelerate(
    pipeline: Any,
    *,
    fingerprint: str,
    dtype: torch.dtype,
    fill: Callable[[], None] = lambda: None,
) -> None:
    """Replace the denoiser and the decoder of a pipeline by compiled ones.

    Args:
        pipeline: A `StableDiffusionPipeline` on the CPU, in float32.
        fingerprint: What identifies its weights.
        dtype: Precision to compute in; tensors come and go in float32.
        fill: Called before the denoiser is converted, in case it has no weights yet.
    """
    unet, vae = pipeline.unet, pipeline.vae
    channels, words = unet.config.in_channels, unet.config.cross_attention_dim
    side = unet.config.sample_size
    noise = (torch.zeros(2, channels, side, side), torch.zeros(2), torch.zeros(2, 77, words))
    precision = precision_of(dtype)
    # Past __setattr__, which would note the new part in the pipeline's configuration.
    pipeline.__dict__["unet"] = _Unet(
        unet,
        fill,
        noise,
        [[-1, channels, -1, -1], [-1], [-1, -1, words]],
        name=name_of(fingerprint, "unet"),
        precision=precision,
    )
    channels = vae.config.latent_channels
    vae.decoder = _Decoder(
        vae.decoder,
        lambda: None,
        (torch.zeros(1, channels, side, side),),
        [[-1, channels, -1, -1]],
        name=name_of(fingerprint, "decoder"),
        precision=precision,
    )


def has_compiled(module: torch.nn.Module) -> bool:
    """Return whether OpenVINO computes a module."""
    return isinstance(module, _Compiled)


def use_streams(denoiser: torch.nn.Module, on: bool) -> bool:
    """Have a denoiser divide its rows among streams, or not; return whether it does now."""
    if not isinstance(denoiser, _Unet):
        return False
    denoiser.divides = on
    return on


def streams_of(rows: int, threads: int) -> int:
    """Return among how many streams a forward of so many rows is divided; 1 uses all threads.

    All streams have equally many rows. It is not divided if more than half of the threads would
    have none.
    """
    most = max(
        n for n in range(1, threads + 1) if rows % n == 0 and (n == 1 or rows >= LEAST_ROWS * n)
    )
    return most if 2 * most >= threads else 1


def name_of(fingerprint: str, part: str) -> str:
    """Return the name of a converted part of a model: its `unet` or `decoder`."""
    return f"{fingerprint[:16]}-{part}"


def precision_of(dtype: torch.dtype) -> str:
    """Return the name of the precision to compute in."""
    return "bf16" if dtype == torch.bfloat16 else "f32"


class _Compiled(torch.nn.Module):
    """A module of tensors in, one tensor out; float32 outside, any precision inside."""

    def __init__(
        self,
        module: torch.nn.Module,
        fill: Callable[[], None],
        example: Sequence[torch.Tensor],
        shapes: Sequence[Sequence[int]],
        *,
        name: str,
        precision: str,
    ) -> None:
        super().__init__()
        self._name, self._precision = name, precision
        self._model = _converted(module, fill, example, shapes, name)
        self.divides = False
        """Whether rows are divided among streams."""
        self._ready = Recent[Form, list[Any]](FORMS)
        """Requests that are computed at once, one for each stream."""

    def compute(self, *tensors: torch.Tensor) -> torch.Tensor:
        """Run on tensors of any batch and size."""
        arrays: list[NDArray[Any]] = [t.detach().float().contiguous().numpy() for t in tensors]
        form = form_of(tuple(array.shape for array in arrays), divides=self.divides)
        parts = zip(*(np.split(array, form.streams) for array in arrays), strict=True)
        # Kept again at the end: what an error ends halfway would stay busy.
        requests = self._ready.pop(form, None) or self._requests(form)
        for request, part in zip(requests, parts, strict=True):
            request.start_async([*part])
        for request in requests:
            request.wait()
        made = np.concatenate([request.get_output_tensor(0).data for request in requests])
        self._ready[form] = requests
        return torch.from_numpy(made)

    def _requests(self, form: Form) -> list[Any]:
        """Return requests to the module compiled for a form, ahead or now."""
        compiled = None
        if (begun := _begun.get((self._name, self._precision, form))) is not None:
            with contextlib.suppress(RuntimeError):  # the cached file was damaged
                compiled = begun.result()
        compiled = compiled or _compiled(self._model, form, self._precision)
        return [compiled.create_infer_request() for _ in range(form.streams)]


def form_of(shapes: Shapes, *, divides: bool) -> Form:
    """Return what a module is compiled for whose inputs have these shapes."""
    threads = torch.get_num_threads()
    streams = streams_of(shapes[0][0], threads) if divides else 1
    own = tuple((rows // streams, *others) for rows, *others in shapes)
    return Form(own, streams, threads if streams == 1 else streams)


def begin(name: str, precision: str, shapes: Shapes, *, divides: bool = False) -> None:
    """Compile a module for inputs of these shapes in the background, if it was converted before.

    If it `divides` its rows, it is compiled for those of one stream.
    """
    form, file = form_of(shapes, divides=divides), _file(name)
    key = name, precision, form
    if key not in _begun and file.exists():
        _begun[key] = _background.submit(lambda: _compiled(_read(file), form, precision))


def _compiled(model: Any, form: Form, precision: str) -> Any:
    openvino = _library()
    # Fixed shapes are computed faster than open ones.
    model = model.clone()
    model.reshape(dict(enumerate(map(list, form.shapes))))
    ways: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"}
    if form.streams > 1:  # not pinned: all would wait for a core on which another program computes
        ways = {"NUM_STREAMS": form.streams, "ENABLE_CPU_PINNING": False}
    ways["INFERENCE_NUM_THREADS"] = form.threads
    options = {"INFERENCE_PRECISION_HINT": precision, **ways}
    return openvino.Core().compile_model(model, "CPU", options)


class _Unet(_Compiled):
    def __init__(self, unet: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(_Bare(unet), *args, **kwargs)
        self.config = unet.config
        self.dtype, self.device = torch.float32, torch.device("cpu")

    def forward(
        self,
        sample: torch.Tensor,
        timestep: torch.Tensor,
        encoder_hidden_states: torch.Tensor,
        return_dict: bool = True,
        **others: Any,
    ) -> Any:
        """As `UNet2DConditionModel.forward`, without what this kind of model does not have."""
        assert all(value is None for value in others.values()), sorted(others)
        rows = torch.as_tensor(timestep, dtype=torch.float32).reshape(-1).expand(len(sample))
        made = self.compute(sample, rows, encoder_hidden_states)
        if not return_dict:
            return (made,)
        from diffusers.models.unets.unet_2d_condition import UNet2DConditionOutput

        return UNet2DConditionOutput(sample=made)


class _Decoder(_Compiled):
    def __init__(self, decoder: torch.nn.Module, *args: Any, **kwargs: Any) -> None:
        super().__init__(decoder, *args, **kwargs)
        self._decoder = decoder

    def forward(self, sample: torch.Tensor, latent_embeds: None = None) -> torch.Tensor:
        """As the decoder of `AutoencoderKL`, which is called itself for a gradient."""
        if torch.is_grad_enabled() and sample.requires_grad:
            made: torch.Tensor = self._decoder(sample)
            return made
        return self.compute(sample)


class _Bare(torch.nn.Module):
    """A UNet as a function of three tensors."""

    def __init__(self, unet: torch.nn.Module) -> None:
        super().__init__()
        self.unet = unet

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor, words: torch.Tensor) -> Any:
        return self.unet(sample, timestep, words, return_dict=False)[0]


def _converted(
    module: torch.nn.Module,
    fill: Callable[[], None],
    example: Sequence[torch.Tensor],
    shapes: Sequence[Sequence[int]],
    name: str,
) -> Any:
    """Return the module as an OpenVINO model, perhaps from the cache; -1 in `shapes` is any size.

    If the cache cannot be written, each start converts the module again.
    """
    file = _file(name)
    if file.exists():
        with contextlib.suppress(RuntimeError):  # damaged: made again
            return _read(file)
    fill()
    openvino = _library()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of the tracer, about shapes checked in Python
        model = openvino.convert_model(
            module.eval(),
            example_input=tuple(example),
            input=list(shapes),
        )
    with contextlib.suppress(OSError, RuntimeError):  # a full disk costs speed, not pictures
        _keep(model, file)
    return model


def _file(name: str) -> Path:
    """Return where a converted module is kept."""
    return user_cache_path("fancier") / "openvino" / f"{name}-{version()}-{torch.__version__}.xml"


def _read(file: Path) -> Any:
    return _library().Core().read_model(file)


def _library() -> Any:
    # It would report conversions to a server; without it openvino uses an empty stand-in.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def _keep(model: Any, file: Path) -> None:
    openvino = _library()
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as partial:
        written = Path(partial) / file.name
        openvino.save_model(model, written, compress_to_fp16=False)
        # The description comes last: without it there is nothing to read.
        os.replace(written.with_suffix(".bin"), file.with_suffix(".bin"))
        os.replace(written, file)
    kept = sorted(file.parent.glob("*.xml"), key=lambda f: f.stat().st_mtime)
    for old in kept[:-NEWEST_KEPT]:
        old.unlink(missing_ok=True)
        old.with_suffix(".bin").unlink(missing_ok=True)
