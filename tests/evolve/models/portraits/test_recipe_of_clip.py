"""The stages that train the CLIP, at tiny sizes: each leaves the work of the others alone."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from composed_faces import compose_faces

from evolve.models.portraits.training.frozen import frozen_clip
from evolve.models.portraits.training.learning.checkpoint import load, save
from evolve.models.portraits.training.stages import train_clip
from evolve.models.portraits.training.stages.critic import build_critic
from evolve.models.portraits.training.stages.train_words import train_words


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A work folder after a step of each tower together, then of the words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_clip, "HUNDREDS", 1)  # there are not so many faces
        work = compose_faces(tmp_path_factory.mktemp("once"))
        train_clip.train_clip(work, steps=1, batch=8)
        train_words(work, steps=1, batch=8)
        yield work


@pytest.fixture
def trained(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(once, tmp_path / "trained"))


def weights(work: Path, stage: str, part: str) -> torch.Tensor:
    """All weights of a part of what a stage has saved."""
    model = load(work / f"{stage}.pt")["model"]
    return torch.cat([model[name].flatten() for name in sorted(model) if name.startswith(part)])


def test_words_go_on_from_both_towers_and_leave_what_sees_alone(trained: Path) -> None:
    for part in ("vision_model", "visual_projection", "text_projection"):
        assert torch.equal(weights(trained, "clip", part), weights(trained, "words", part))
    before, after = (weights(trained, stage, "text_model") for stage in ("clip", "words"))
    assert not torch.equal(before, after)
    assert torch.allclose(before, after, atol=0.01)


def test_vision_leaves_the_words_alone_on_which_a_unet_depends(trained: Path) -> None:
    critic = {f"reader.{name}": values for name, values in build_critic().state_dict().items()}
    save(trained / "critic.pt", {"model": critic})
    train_clip.train_clip(trained, steps=1, batch=8, vision_only=True)
    words, vision = (weights(trained, stage, "text_model") for stage in ("words", "vision"))
    assert torch.equal(words, vision)
    clip, _ = frozen_clip(trained)
    shipped = torch.cat(
        [v.flatten() for n, v in sorted(clip.state_dict().items()) if "vision" in n]
    )
    assert torch.equal(shipped, weights(trained, "vision", "vision"))


def test_a_stage_of_the_clip_comes_to_the_same_bits_from_the_same_seed(trained: Path) -> None:
    first = load(trained / "clip.pt")["model"]
    (trained / "clip.pt").unlink()
    train_clip.train_clip(trained, steps=1, batch=8)
    again = load(trained / "clip.pt")["model"]
    assert all(torch.equal(again[name], value) for name, value in first.items())


def test_a_stage_that_is_called_again_goes_on_where_it_ended(
    trained: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train_words(trained, steps=1, batch=8)
    assert load(trained / "words.pt")["step"] == 1
    capsys.readouterr()
    train_clip.train_clip(trained, steps=2, batch=8)
    assert load(trained / "clip.pt")["step"] == 2
    assert "clip step 2  held-out of 100" in capsys.readouterr().out
