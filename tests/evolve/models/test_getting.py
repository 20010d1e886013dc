"""From a name on the hub to a population and to a picture, as a person meets it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commanding import answer
from fakes import FakeRenderer
from folders import write_pipeline
from hub import Hub
from huggingface_hub import constants
from tiny import face, save

from evolve.models.catalog import describe
from evolve.rendering.process import starting
from evolve.rendering.process.starting import load_renderer
from evolve.rendering.protocol import Broken, Finished, Job, RenderEvent
from tui.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


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
    assert "brings no CLIP: leave cut guidance out" in capsys.readouterr().err
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
    told: list[RenderEvent] = []
    with load_renderer(model) as renderer:
        renderer.submit([Job(0, face())])
        while not isinstance(told[-1] if told else None, Finished):
            told += renderer.poll(600)
            assert told
    last = told[-1]
    assert isinstance(last, Finished)
    return told, last.picture


@pytest.fixture
def reachable(hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The hub, for renderers too, with a token that nobody else is to see."""
    for variable, value in (
        ("HF_ENDPOINT", hub.url),
        ("HF_HUB_CACHE", str(cache)),
        ("HF_HUB_OFFLINE", "0"),
        ("HF_TOKEN", "hf_SECRET"),
    ):
        monkeypatch.setenv(variable, value)
    return hub


def test_a_model_that_was_got_is_painted_with_and_the_network_is_not_asked(
    reachable: Hub, tmp_path: Path
) -> None:
    model = f"owner/tiny@{reachable.add('owner/tiny', save(tmp_path / 'tiny'))}"
    assert main(["models", "--get", model]) == 0
    asked = len(reachable.asked)
    told, _ = paint(model)
    finished = told[-1]
    assert isinstance(finished, Finished)
    assert finished.record["model"] == model
    assert len(reachable.asked) == asked
    assert describe(model).kind == "hub"


def test_the_renderer_asks_nobody_for_a_model_that_is_not_here(
    reachable: Hub, tmp_path: Path
) -> None:
    model = f"evil/tiny@{reachable.add('evil/tiny', save(tmp_path / 'tiny'))}"
    with load_renderer(model) as renderer:
        told: list[RenderEvent] = []
        while not told:
            told += renderer.poll(60)
    (broken,) = told
    assert isinstance(broken, Broken)
    assert broken.error.endswith(f"get it with 'fancier models --get {model}'")
    assert not reachable.asked


def test_nothing_that_a_stranger_named_is_asked_of_the_hub(
    reachable: Hub,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = f"evil/tiny@{reachable.add('evil/tiny', save(tmp_path / 'tiny'))}"
    gift, png = str(tmp_path / "gift.zip"), str(tmp_path / "a.png")
    with monkeypatch.context() as patch:
        patch.setattr(starting, "load_renderer", lambda *_, **__: FakeRenderer())
        for argv in (
            ["new", "x", "a", "--model", "evil/tiny", "--no-open"],
            ["paint", "x", "--ids", "0"],
            ["export", "x", "--all", "--to", gift],
            ["export", "x", "0", "--to", png],
        ):
            assert main(argv) == 0
    # Another machine, whose person never heard of that model.
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "other"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "other"))
    reachable.asked.clear()
    capsys.readouterr()
    assert main(["import", "gift", gift]) == 0
    assert f"'fancier models --get {model}'" in capsys.readouterr().out
    for argv in (
        ["paint", "gift"],
        ["replay", "gift"],
        ["replay", png],
        ["run", "gift", "--images", "20"],
        ["show", "gift"],
        ["models"],
        ["import", "made", png],
    ):
        capsys.readouterr()
        status = main(argv)
        told = capsys.readouterr().err
        assert argv[0] in ("show", "models") or status == 1, told
        if status:
            assert f"'fancier models --get {model}'" in told
            assert told.count("\n") <= 2
    assert not reachable.asked
