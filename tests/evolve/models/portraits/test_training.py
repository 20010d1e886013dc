"""What the embedded model is trained on, and by: captions, places, the critic."""

import random
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from transformers import CLIPConfig, CLIPModel

from evolve.models.attribute_reader import Reader
from evolve.models.portraits.training.faces.attributes import CLASSES, labels
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.faces.emphasis import (
    ENOUGH,
    MOST,
    STRESS,
    shares,
    stresses,
)
from evolve.models.portraits.training.faces.views import (
    CUTS,
    MIRRORED,
    SHIFT,
    SMALLEST,
    frames,
    roughened,
    seen_through,
)
from evolve.models.portraits.training.learning.checkpoint import load
from evolve.models.portraits.training.learning.losses import SIZES, stated_loss
from evolve.models.portraits.training.stages.critic import build_critic
from evolve.models.portraits.training.stages.imitation import Imitation
from evolve.models.portraits.training.stages.train_reader import train_reader
from evolve.models.portraits.training.whitening import LOUDNESS, whiten
from evolve.models.portraits.training.words.captions import caption
from evolve.models.portraits.training.words.pairs import Pairs
from evolve.models.portraits.training.words.tokenizer import fit_tokenizer, read_tokenizer

COLUMNS = list(CLASSES)


def test_the_places_where_mouths_differ_count_most_in_their_style_alone() -> None:
    draw = np.random.default_rng(0)
    latents = draw.standard_normal((4 * ENOUGH, 2, 4, 4)).astype(np.float16)
    targets = torch.full((len(latents), len(CLASSES)), -1)
    targets[:, COLUMNS.index("style")] = torch.arange(len(latents)) % 2
    mouths = torch.arange(len(latents)) // 2 % 2
    targets[:, COLUMNS.index("mouth")] = mouths
    latents[targets[:, COLUMNS.index("style")] == 0, :, 2, 1] += 9 * mouths[::2, None].numpy()

    weights = stresses(latents, targets, np.arange(len(latents)))

    first = weights[0, 0]
    assert first.argmax() == 2 * 4 + 1
    others = first.flatten()[torch.arange(16) != 2 * 4 + 1]
    assert first[2, 1] > 0.7 * (1 + STRESS) * others.max()
    assert weights.mean((1, 2, 3)).allclose(torch.ones(len(weights)))
    assert weights[2].unique().tolist() == [1.0]  # a style without faces


def test_a_caption_is_the_same_for_the_same_draw_and_tells_only_what_is_seen() -> None:
    seen = {"style": "micah", "hair": "bob", "hair_colour": "red", "mouth": "smile"}
    seen |= {"glasses": "none", "beard": "none", "hat": "none", "background": "blue"}
    texts = [caption(random.Random(k), seen) for k in range(200)]
    assert texts == [caption(random.Random(k), seen) for k in range(200)]
    assert set().union(*(stated for _, stated in texts)) <= set(seen)
    assert not any("sad" in text for text, _ in texts)


def test_captions_tell_the_labels_of_what_they_say_and_nothing_of_what_they_leave_open() -> None:
    seen = {"style": "micah", "hair": "bob", "mouth": "smile", "background": "blue"}
    seen |= {"glasses": "none", "beard": "none", "hat": "none"}
    pairs = Pairs.__new__(Pairs)
    pairs.seed, pairs.seen = 1, [seen]
    pairs.targets = torch.tensor([labels(seen)])

    texts, stated = pairs.captions(np.zeros(100, np.int64), step=3)
    for text, row in zip(texts, stated, strict=True):
        assert ("blue" in text) == (row[COLUMNS.index("background")] >= 0)
    assert ((stated == -1) | (stated == torch.tensor(labels(seen)))).all()
    assert (stated >= 0).any(0)[COLUMNS.index("mouth")]

    texts, stated = pairs.captions(np.zeros(100, np.int64), step=3, empty=1.0)
    assert set(texts) == {""}
    assert (stated == -1).all()


def test_the_critic_counts_only_what_captions_tell_and_rows_by_their_weight() -> None:
    stated = torch.full((2, len(CLASSES)), -1)
    stated[:, COLUMNS.index("mouth")] = 2
    right, wrong = torch.zeros(2, sum(SIZES)), torch.zeros(2, sum(SIZES))
    first = sum(SIZES[: COLUMNS.index("mouth")])
    right[:, first + 2] = 50
    wrong[0, first + 1], wrong[1, first + 2] = 50, 50

    assert stated_loss(right, stated, torch.ones(2)) < 1e-6
    assert stated_loss(wrong, stated, torch.ones(2)).item() == pytest.approx(25)
    assert stated_loss(wrong, stated, torch.tensor([0.2, 1])).item() == pytest.approx(5)
    assert stated_loss(wrong, torch.full_like(stated, -1), torch.ones(2)) == 0


def test_a_reader_learns_what_sets_faces_apart_and_goes_on_where_it_was_cut(tmp_path: Path) -> None:
    faces = _TwoKinds()

    def inputs(indices: npt.NDArray[np.int64], draw: torch.Generator) -> torch.Tensor:
        signs = torch.from_numpy(indices % 2 * 2.0 - 1).float()
        return signs[:, None, None, None] + torch.randn(len(indices), 4, 8, 8, generator=draw)

    def trained(epochs: int) -> Reader:
        torch.manual_seed(0)
        reader = Reader(4, 8, (8, 16), CLASSES)
        train_reader(reader, faces, inputs, tmp_path / "reader.pt", epochs, batch=32, rate=5e-3)
        return reader.eval()

    trained(1)
    reader = trained(4)

    held = np.arange(40)
    answers = reader.answers(inputs(held, torch.Generator().manual_seed(9)))
    truths = [faces.records[k]["attributes"]["mouth"] for k in held]
    assert [answer["mouth"] for answer in answers] == truths
    assert load(tmp_path / "reader.pt")["step"] == 4 * 10


def test_faces_that_show_something_rare_are_drawn_more_often_but_not_without_end() -> None:
    targets = torch.full((1000, len(CLASSES)), -1)
    beard, hat = COLUMNS.index("beard"), COLUMNS.index("hat")
    targets[:, beard], targets[:, hat] = 0, 0
    targets[:100, beard] = 1  # 9 times as many have none
    targets[0, hat] = 2

    chances = shares(targets, np.arange(1000))

    assert chances.sum() == pytest.approx(1)
    assert chances[50] / chances[500] == pytest.approx(3)  # the root of 9
    assert chances[0] / chances[500] == pytest.approx(MOST)


def test_whitened_patches_are_as_loud_in_lines_as_in_colours() -> None:
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1}
    tower = {**small, "num_attention_heads": 2, "image_size": 16, "patch_size": 4}
    clip = CLIPModel(CLIPConfig(text_config=small, vision_config=tower))
    colours = torch.rand(400, 3, 1, 1, generator=torch.Generator().manual_seed(0))
    lines = 0.01 * torch.randn(400, 3, 16, 16, generator=torch.Generator().manual_seed(1))

    class Flat(Faces):
        def __init__(self) -> None:
            self.training = np.arange(400)

        def images(self, indices: npt.NDArray[np.int64]) -> torch.Tensor:
            return (colours + lines)[torch.from_numpy(indices)]

    embedding = clip.vision_model.embeddings.patch_embedding
    before = embedding(colours + lines).flatten(2).transpose(1, 2).reshape(-1, 16).std(0)
    whiten(clip, Flat(), pictures=400)
    after = embedding(colours + lines).flatten(2).transpose(1, 2).reshape(-1, 16).std(0)

    assert after.max() / after.min() < 1.2 < before.max() / before.min()
    assert after.mean().item() == pytest.approx(LOUDNESS, rel=0.1)


def test_patches_that_say_what_the_critic_finds_at_their_place_are_like_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    critic = build_critic().eval().requires_grad_(False)
    latents = np.random.default_rng(0).standard_normal((6, 8, 16, 16)).astype(np.float16)
    monkeypatch.setattr(
        "evolve.models.portraits.training.stages.imitation.frozen_critic", lambda work: critic
    )
    monkeypatch.setattr(
        "evolve.models.portraits.training.stages.imitation.cached_latents", lambda work: latents
    )
    imitation, faces = Imitation(Path("anywhere")), np.array([4, 1])
    whole = torch.tensor([[1.0, 0, 0], [0, 1, 0]]).repeat(2, 1, 1)
    cut = whole * 0.5

    found = critic.stages(torch.from_numpy(latents[faces]).float())
    padded = torch.cat([found, torch.zeros(2, 192 - found.shape[1], 8, 8)], 1)

    def loss(features: torch.Tensor, maps: torch.Tensor) -> float:
        return imitation.loss(features.flatten(2).transpose(1, 2), faces, maps).item()

    with torch.no_grad():
        imitation.says.weight.copy_(torch.eye(found.shape[1], 192))
        imitation.says.bias.zero_()
        monkeypatch.setattr("torch.nn.functional.layer_norm", lambda values, shape: values)
        assert loss(padded, whole) < 1e-6
        assert loss(padded.flip(3), whole) > 0.1
        assert loss(padded, cut) > 0.1
        assert loss(seen_through(padded, cut), cut) < 1e-6
        mirrored = torch.stack([whole[0], whole[1] * torch.tensor([[-1.0], [1]])])
        padded[1] = 9  # what is said of a mirrored face does not count
        assert loss(padded, mirrored) < 1e-6


def test_views_are_whole_or_cuts_of_the_stated_size_and_some_are_mirrored() -> None:
    maps = frames(2000, 128, torch.Generator().manual_seed(0))
    size, mirrored = maps[:, 0, 0].abs(), maps[:, 0, 0] < 0
    cut = size < 1
    assert cut.float().mean().item() == pytest.approx(CUTS, abs=0.05)
    assert mirrored.float().mean().item() == pytest.approx(MIRRORED, abs=0.05)
    assert size.min() >= SMALLEST
    inside = maps[:, :, 2].abs() + size[:, None]
    assert inside[cut].max() <= 1 + 1e-6
    assert (maps[~cut][:, :, 2].abs() * 64).max() <= SHIFT


def test_a_view_shows_what_its_frame_holds() -> None:
    picture = torch.arange(64.0).reshape(1, 1, 8, 8)
    whole = torch.tensor([[[1.0, 0, 0], [0, 1, 0]]])
    assert torch.allclose(seen_through(picture, whole), picture, atol=1e-4)
    mirror = torch.tensor([[[-1.0, 0, 0], [0, 1, 0]]])
    assert torch.allclose(seen_through(picture, mirror), picture.flip(3), atol=1e-4)
    corner = torch.tensor([[[0.5, 0, 0.5], [0, 0.5, 0.5]]])
    shown = seen_through(picture, corner)
    assert shown.min() > picture[0, 0, 3, 3]
    assert shown[0, 0, -1, -1] == picture[0, 0, -1, -1]


def test_roughened_pictures_stay_the_same_on_the_whole() -> None:
    draw = torch.Generator().manual_seed(0)
    images = torch.rand(8, 3, 32, 32, generator=draw)
    rough = roughened(images, draw)
    assert torch.allclose(rough.mean((1, 2, 3)), images.mean((1, 2, 3)), atol=0.01)
    lines = [(each[:, :, 1:] - each[:, :, :-1]).abs().mean((1, 2, 3)) for each in (rough, images)]
    assert (lines[0] < 0.8 * lines[1]).any()
    assert (lines[0] > 0.95 * lines[1]).any()


class _TwoKinds(Faces):
    """320 faces, smiling and sad by turns, without pictures."""

    def __init__(self) -> None:
        kinds = ("smile", "sad")
        self.records = [
            {
                "style": "micah",
                "parts": {"mouth": kinds[k % 2]},
                "attributes": {"style": "micah", "glasses": "none", "mouth": kinds[k % 2]},
            }
            for k in range(320)
        ]
        self.training = np.arange(320)


def test_a_tokenizer_is_the_same_each_time_it_is_fitted_and_reads_any_text(tmp_path):
    captions = ["a smiling woman with a red bob, round glasses", "3 men's hats"] * 5
    for name in ("once", "again"):
        fit_tokenizer(captions, tmp_path / name)
    for file in ("vocab.json", "merges.txt"):
        assert (tmp_path / "once" / file).read_bytes() == (tmp_path / "again" / file).read_bytes()
    read = read_tokenizer(tmp_path / "once")
    assert read.tokenize("Smiling WOMAN") == ["smiling</w>", "woman</w>"]
    assert read.decode(read("naïve 😀")["input_ids"], skip_special_tokens=True) == "naïve 😀"
