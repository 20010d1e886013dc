"""What the tests of painting share."""

from collections.abc import Iterator

import pytest
import torch

from evolve.models.loading import LoadedModel, load_model


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Threads that wait for each other cost more than small models."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def model() -> LoadedModel:
    """The embedded model, which painting leaves as it is; most tests would fill no 8 rows.

    Modules of which the tests are about others have a `model` of their own.
    """
    return load_model("portraits", device="cpu").with_rows(4)
