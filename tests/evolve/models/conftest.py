"""A hub of our own, in place of the one on the network, and a tiny model, for whoever asks."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hub import Hub, serve
from huggingface_hub import constants, file_download
from huggingface_hub.utils import _http, close_session


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny Stable Diffusion, which stays as it is."""
    from tiny import save  # which loads torch

    return save(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture
def copy(model: Path, tmp_path: Path) -> Path:
    """A folder of its own, to be damaged or turned against whoever reads it."""
    return Path(shutil.copytree(model, tmp_path / "given" / "copy"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub, with the network off."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return tmp_path / "cache"


@pytest.fixture
def hub(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub on this machine that `huggingface_hub` takes for the real one."""
    with serve() as it:
        monkeypatch.setattr(constants, "ENDPOINT", it.url)
        template = it.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 1000)
        for retrying in (file_download, _http):
            monkeypatch.setattr(retrying, "time", SimpleNamespace(sleep=lambda seconds: None))
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield it
        close_session()
