"""Kernels of a GPU that treat all rows alike, where its libraries would choose faster ones.

For speed, cuBLAS parts the sum of a product of matrices among the cores that would else be idle
(split-K and stream-K), and then the place of a row may decide in which order it is added up. torch
can forbid that for half precision, where all products go through cuBLASLt. Besides, convolutions
are restricted to what cuDNN calls deterministic, and attention to kernels that compute each row by
itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch.backends import cudnn
from torch.nn.attention import SDPBackend, sdpa_kernel

_REDUCTIONS = ("allow_fp16_reduced_precision_reduction", "allow_bf16_reduced_precision_reduction")
_ATTENTION = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]


@contextmanager
def steadily() -> Iterator[None]:
    """Compute with such kernels meanwhile. That need not be enough: it has to be tried."""
    matmul: Any = torch.backends.cuda.matmul
    with ExitStack() as after:
        library = torch.backends.cuda.preferred_blas_library()
        torch.backends.cuda.preferred_blas_library("cublaslt")  # cuBLAS itself takes no such wish
        after.callback(torch.backends.cuda.preferred_blas_library, library)
        for name in _REDUCTIONS:
            before = getattr(matmul, name), getattr(matmul, f"{name}_split_k")
            after.callback(setattr, matmul, name, before)
            setattr(matmul, name, (False, False))
        exact = {"benchmark": False, "deterministic": True, "allow_tf32": cudnn.allow_tf32}
        after.enter_context(cudnn.flags(enabled=cudnn.enabled, **exact))
        after.enter_context(sdpa_kernel(_ATTENTION))
        yield
