"""From a name on the hub to a population and to a picture, as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from folders import write_pipeline
from hub import Hub
from tiny import save

from evolve.genome import Genome, Prompt
from evolve.models.catalog import describe
from evolve.rendering.protocol import Fetching, Finished, Job, Ready, RenderEvent
from evolve.rendering.starting import load_renderer
from evolve.settings import Settings
from tui.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def answer(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    assert main([*argv, "--json"]) == 0
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


def test_a_new_population_fetches_its_model_and_is_pinned_to_the_commit(
    hub: Hub, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit = hub.add("owner/small", write_pipeline(tmp_path / "small"))
    answer(capsys, "new", "x", "a face", "--model", "owner/small", "--no-open")
    (used,) = [m for m in answer(capsys, "models")["models"] if m["kind"] == "hub"]
    assert used["name"] == answer(capsys, "show", "x")["model"] == f"owner/small@{commit}"
    assert used["populations"] == ["x"]
    assert (used["licence"], used["latent"], used["pixels"]) == (
        "openrail++",
        [4, 64, 64],
        [512, 512],
    )
    newer = hub.add("owner/small", write_pipeline(tmp_path / "newer", seed=5))
    (got,) = answer(capsys, "models", "owner/small", "--get")["models"]
    assert got["name"] == f"owner/small@{newer}"
    assert answer(capsys, "show", "x")["model"] == f"owner/small@{commit}"


def test_a_model_that_cannot_be_had_leaves_no_population(
    hub: Hub, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.add("owner/guarded", write_pipeline(tmp_path / "small"), gated=True)
    for name, message in (("owner/guarded", "is gated"), ("owner/none", "there is no model")):
        assert main(["new", "x", "a face", "--model", name, "--no-open"]) == 1
        printed = capsys.readouterr()
        assert message in printed.err
        assert printed.err.count("\n") == 1
    assert not (home / "x").exists()


def test_a_model_without_a_clip_cannot_guide(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = str(write_pipeline(tmp_path / "small"))
    assert main(["new", "x", "a", "--model", model, "--cut-guidance", "0.3", "--no-open"]) == 1
    assert "brings no CLIP: leave --cut-guidance out" in capsys.readouterr().err
    assert not (home / "x").exists()


def test_details_of_a_model_are_told(
    hub: Hub, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit = hub.add("owner/sd-turbo", write_pipeline(tmp_path / "small"))
    assert main(["models", "--get", "owner/sd-turbo"]) == 0
    told = capsys.readouterr().out
    for words in ("openrail++", "StableDiffusionPipeline", "4 steps of euler, guidance 1"):
        assert words in told
    assert main(["models"]) == 0
    assert "owner/sd-turbo@" in capsys.readouterr().out
    assert main(["models", f"owner/sd-turbo@{commit[:8]}"]) == 0


def paint(model: str) -> tuple[list[RenderEvent], np.ndarray[Any, Any]]:
    """Paint one genome in a renderer of its own; return all that was told, and the picture."""
    noise = np.random.default_rng(0).standard_normal((4, 8, 8)).astype(np.float16)
    told: list[RenderEvent] = []
    with load_renderer(model) as renderer:
        renderer.submit([Job(0, Genome(noise, Prompt.parse("a face"), Settings(steps=2)))])
        while not isinstance(told[-1] if told else None, Finished):
            told += renderer.poll(600)
            assert told
    last = told[-1]
    assert isinstance(last, Finished)
    return told, last.picture


def test_the_renderer_fetches_what_is_not_here_and_later_needs_no_network(
    hub: Hub, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in (
        ("HF_ENDPOINT", hub.url),
        ("HF_HUB_CACHE", str(cache)),
        ("HF_HUB_OFFLINE", "0"),
    ):
        monkeypatch.setenv(variable, value)
    model = f"owner/tiny@{hub.add('owner/tiny', save(tmp_path / 'tiny'))}"
    told, first = paint(model)
    kinds = [type(event) for event in told]
    assert kinds.index(Fetching) < kinds.index(Ready)
    shares = [event.done / event.total for event in told if isinstance(event, Fetching)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    asked = len(hub.asked)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    told, second = paint(model)
    assert Fetching not in map(type, told)
    assert len(hub.asked) == asked
    np.testing.assert_array_equal(first, second)
    finished = told[-1]
    assert isinstance(finished, Finished)
    assert finished.record["model"] == model
    assert describe(model).kind == "hub"
