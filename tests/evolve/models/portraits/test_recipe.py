"""The stages of the recipe at tiny sizes: they go on where they stopped, and end in time."""

import functools
import inspect
import io
import json
import pkgutil
import random
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from composed_faces import FACES, record
from diffusers import UNet2DConditionModel
from PIL import Image

from evolve.models.portraits import WEIGHTS
from evolve.models.portraits.training import sheets, train
from evolve.models.portraits.training.assembling import assemble
from evolve.models.portraits.training.faces import drawings
from evolve.models.portraits.training.faces.attributes import (
    CLASSES,
    HIDDEN,
    labels,
    visible,
)
from evolve.models.portraits.training.faces.dataset import PIXELS, Faces
from evolve.models.portraits.training.frozen import frozen_tokenizer, frozen_vae, shipped_vae
from evolve.models.portraits.training.learning.checkpoint import load, save
from evolve.models.portraits.training.learning.course import Course
from evolve.models.portraits.training.learning.parallel import Figures, Gradients, Part
from evolve.models.portraits.training.networks import build_unet, build_vae
from evolve.models.portraits.training.stages import (
    critic,
    everything,
    hand_over,
    train_decoder,
    train_unet,
    train_vae,
)
from evolve.models.portraits.training.stages.latents import cache_latents, cached_latents
from evolve.models.portraits.training.words.captions import caption
from evolve.models.portraits.training.words.drawn_captions import Drawn, draw_captions
from evolve.models.portraits.training.words.known_words import meanings
from evolve.models.portraits.training.words.tokenizer import POSITIONS


def test_a_course_counts_steps_or_the_time_of_all_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    by_steps = Course(10)
    by_steps.step = 4
    assert by_steps.done == 0.4
    by_time = Course(1000, 2, {"step": 7, "spent": 30})
    now[0] += 30
    assert by_time.done == pytest.approx(0.5)
    assert by_time.falling(0.5) == 1
    now[0] += 30
    assert by_time.falling(0.5) == pytest.approx(0.5)
    now[0] += 300
    assert (by_time.done, by_time.falling(0.5, 0.01)) == (1, 0.01)
    assert Course(0, minutes=0).done == 1


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["clip", "--device", "cuda"], "clip runs on the CPU alone: leave --device out"),
        (["unet", "--device", "toaster"], "unknown device 'toaster': use cuda, cuda:1, mps or cpu"),
        (["words", "--minutes", "5"], "words takes as long as it takes: leave --minutes out"),
    ],
)
def test_what_a_stage_does_not_do_is_refused_before_it_begins(
    options: list[str],
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["train", *options, "--work", "nowhere"])
    with pytest.raises(SystemExit):
        train.main()
    assert line in capsys.readouterr().err


def test_a_stage_gets_those_of_the_options_that_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, dict[str, Any]] = {}

    def resolved(place: str) -> Callable[..., None]:
        stage = pkgutil.resolve_name(place)

        @functools.wraps(stage)
        def noted(**options: Any) -> None:
            given[sys.argv[1]] = inspect.signature(stage).bind(**options).arguments

        return noted

    monkeypatch.setattr(train, "pkgutil", types.SimpleNamespace(resolve_name=resolved))
    folders = [f"--{name}={name}" for name in ("work", "bundle", "weights", "to")]
    for stage in train.STAGES:
        timed = ["--minutes=2"] * (stage in (*train.TIMED, "everything"))
        monkeypatch.setattr("sys.argv", ["train", stage, *folders, *timed])
        train.main()
    assert given.keys() == train.STAGES.keys()
    assert given["data"] == {"folder": Path("work/data"), "seed": 1}
    assert given["vision"] == {"work": Path("work"), "seed": 1, "vision_only": True}
    assert given["unet"] == {"work": Path("work"), "seed": 1, "device": "cpu", "minutes": 2.0}


def test_captions_are_drawn_once_and_say_what_they_tell(work: Path) -> None:
    draw_captions(work, each=3, workers=1)
    drawn, faces = Drawn(work, "cpu"), Faces(work / "data")
    assert drawn.ids.shape == (FACES, 3, POSITIONS)
    seen = visible(faces.records[5])
    text, stated = caption(random.Random("1 2 5"), seen)
    ids = frozen_tokenizer(work)(text)["input_ids"]
    assert drawn.ids[5, 2, : len(ids)].tolist() == ids
    known = [v if a in stated else -1 for a, v in zip(CLASSES, labels(seen), strict=True)]
    assert drawn.stated[5, 2].tolist() == known

    one, two = (drawn.tokens_stated(np.arange(FACES), 4, 0, 0.0)[0] for _ in range(2))
    assert torch.equal(one, two)
    assert all(any(torch.equal(i, c) for c in cs) for i, cs in zip(one, drawn.ids, strict=True))
    silent, states_nothing = drawn.tokens_stated(np.arange(FACES), 4, 0, 1.0)
    assert (states_nothing == -1).all()
    assert (silent == silent[0]).all()


def test_an_autoencoder_goes_on_where_it_stopped_and_ends_in_time(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheets: list[str] = []
    monkeypatch.setattr(train_vae, "reconstruct", lambda *shown: sheets.append(shown[-1].name))
    train_vae.train_vae(work, steps=1, batch=2, shipped=True)
    train_vae.train_vae(work, steps=2, batch=2)
    state = load(work / "vae.pt")
    assert state is not None
    assert state["step"] == 2
    assert state["spent"] > 0
    name = "decoder.conv_out.bias"
    assert torch.allclose(state["average"][name], shipped_vae().state_dict()[name], atol=0.01)
    train_vae.train_vae(work, steps=1000, batch=2, minutes=state["spent"] / 60)
    after = load(work / "vae.pt")
    assert after is not None
    assert after["step"] == 2  # its time was up before
    assert sheets == ["vae_00001.png", "vae_00002.png"]


def test_an_autoencoder_learns_the_same_whichever_part_is_computed_first(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class InOrder(Gradients):
        backwards = False

        def compute(self, parts: list[Part]) -> Figures:
            turn = -1 if self.backwards else 1
            answers = [part() for part in parts[::turn]][::turn]
            return super().compute([functools.partial(tuple, each) for each in answers])

    monkeypatch.setattr(train_vae, "Gradients", InOrder)
    monkeypatch.setattr(train_vae, "reconstruct", lambda *shown: None)
    learnt = []
    for InOrder.backwards in (False, True):
        train_vae.train_vae(work, steps=1, batch=2, shipped=True)
        state = load(work / "vae.pt")
        assert state is not None
        learnt.append(state["model"]["encoder.conv_out.weight"])
        (work / "vae.pt").unlink()
    assert torch.equal(*learnt)


def test_a_decoder_learns_and_the_encoder_stays(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train_decoder, "reconstruct", lambda *shown: None)
    train_decoder.train_decoder(work, steps=1, batch=2)
    train_decoder.train_decoder(work, steps=2, batch=2)
    state = load(work / "decoder.pt")
    assert state is not None
    assert state["step"] == 2
    before = frozen_vae(work).state_dict()
    changed = {
        n.split(".")[0] for n, v in state["average"].items() if not torch.equal(v, before[n])
    }
    assert changed == {"decoder"}
    decoded = assemble(work).vae.state_dict()
    assert all(torch.equal(decoded[name], value) for name, value in state["average"].items())
    (work / "latents.f16").unlink()
    with pytest.raises(FileNotFoundError, match="no latents of faces: run the stage latents first"):
        train_decoder.train_decoder(work, steps=3, batch=2)


def test_a_decoder_is_shown_latents_of_art_and_such_as_the_unet_predicts(work: Path) -> None:
    lessons = train_decoder.Lessons(work, 1, "cpu")
    indices = lessons.chosen(0, len(lessons.known))
    latents, pictures = lessons.drawn(indices, 0, 0)
    clean = torch.from_numpy(cached_latents(work)[indices].astype(np.float32))
    of_art = [torch.equal(one, other) for one, other in zip(latents, clean, strict=True)]
    assert 0 < sum(of_art) < len(of_art)
    assert (latents - clean).abs().mean() < 0.3
    assert torch.equal(pictures, lessons.faces.images(indices))
    again = lessons.drawn(indices, 0, 0)[0]
    assert torch.equal(latents, again)


def test_what_was_not_trained_is_assembled_as_it_ships(work: Path) -> None:
    folder = WEIGHTS / "unet"
    shipped = UNet2DConditionModel.from_pretrained(folder, torch_dtype=torch.float32).state_dict()
    unet = assemble(work).unet.state_dict()
    assert all(torch.equal(unet[name], value) for name, value in shipped.items())


def test_uneven_areas_cost_a_decoder_more_than_as_much_on_a_line() -> None:
    flat = torch.zeros(1, 3, 16, 16)
    drawn = flat.clone()
    drawn[..., 8, :] = 1.0
    wrong = torch.zeros_like(flat)
    wrong[..., 8, ::2] = 0.1
    even = torch.ones(1, 1, 16, 16)
    of_flat, of_line = (train_decoder.decoding_loss(p + wrong, p, even) for p in (flat, drawn))
    assert of_flat > 1.1 * of_line
    assert train_decoder.decoding_loss(drawn, drawn, even) == 0
    assert train_decoder.decoding_loss(flat + wrong, flat, 2 * even) > 1.5 * of_flat


def test_a_sheet_of_few_faces_is_shorter(work: Path, tmp_path: Path) -> None:
    faces = Faces(work / "data")
    faces.held_out = np.arange(3)
    sheets.reconstruct(build_vae().state_dict(), faces, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (3 * PIXELS, 2 * PIXELS)


def test_a_critic_and_a_unet_train_on_drawn_captions(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    critic.train_critic(work, epochs=1, batch=10)
    draw_captions(work, each=2, workers=1)
    sheets: list[Path] = []
    monkeypatch.setattr(train_unet, "assemble", lambda work: None)
    monkeypatch.setattr(train_unet, "paint_sheet", lambda pipeline, path: sheets.append(path))
    train_unet.train_unet(work, steps=1, batch=2)
    train_unet.train_unet(work, steps=2, batch=2)
    state = load(work / "unet.pt")
    assert state is not None
    assert state["step"] == 2
    assert [path.name for path in sheets] == ["unet_000001.png", "unet_000002.png"]


def test_what_is_handed_over_is_what_later_stages_elsewhere_go_on_from(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, elsewhere = tmp_path / "given", tmp_path / "elsewhere"
    monkeypatch.setattr(hand_over, "paint_sheet", lambda pipeline, path: path.touch())
    vae, unet = build_vae(), build_unet().state_dict()
    vae.save_pretrained(work / "vae_frozen")
    save(work / "unet.pt", {"model": {}, "average": unet, "step": 3})
    hand_over.hand_over(work, given)
    names = ["sheet.png", "unet_1.safetensors", "unet_2.safetensors", "vae.safetensors"]
    assert sorted(path.name for path in given.iterdir()) == names
    assert max(path.stat().st_size for path in given.iterdir()) < 14e6

    elsewhere.mkdir()
    (elsewhere / "data").symlink_to(work / "data")
    (elsewhere / "latents.f16").write_bytes((work / "latents.f16").read_bytes())
    hand_over.adopt(elsewhere, given)
    assert len(cached_latents(elsewhere)) == 0  # they were another autoencoder's
    images = torch.zeros(1, 3, PIXELS, PIXELS)
    vae = vae.eval().bfloat16().float()
    expected = vae.encode(images).latent_dist.mean
    assert torch.equal(frozen_vae(elsewhere).encode(images).latent_dist.mean, expected)
    state = load(elsewhere / "unet.pt")
    assert state is not None
    for name, value in state["average"].items():
        assert torch.equal(value, unet[name].bfloat16().float())
    cache_latents(elsewhere, batch=10)
    assert cached_latents(elsewhere).shape == (FACES, 8, 16, 16)
    with pytest.raises(FileNotFoundError, match="no vae, unet or critic"):
        hand_over.adopt(elsewhere, work / "data")


def test_packed_drawings_become_the_faces_they_were_composed_as(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def composed(folder: Path, count: int, seed: int, modules: Path, *, drawings: bool) -> None:
        assert drawings
        styles = [("micah", "dylan", "micah")[k % 3] for k in range(count)]
        records = [json.dumps({**record(k), "style": s}) + "\n" for k, s in enumerate(styles)]
        (folder / "faces.jsonl").write_text("".join(records))
        for style in set(styles):
            numbers = [k for k, s in enumerate(styles) if s == style]
            (folder / f"{style}.svg").write_text("".join(f"<svg>{k}</svg>\n" for k in numbers))

    def computed(svg_string: str, width: int, skip_system_fonts: bool) -> bytes:
        png = io.BytesIO()
        Image.new("RGBA", (width, width), (int(svg_string[5:-6]), 0, 0, 255)).save(png, "PNG")
        return png.getvalue()

    monkeypatch.setattr(drawings, "compose", composed)
    monkeypatch.setattr(drawings, "JOB", 2)
    monkeypatch.setitem(sys.modules, "resvg_py", types.SimpleNamespace(svg_to_bytes=computed))
    bundle, data = tmp_path / "bundle", tmp_path / "data"
    drawings.pack(bundle, 9, 1, tmp_path)
    drawings.unpack(bundle, data, 8)
    faces = Faces(data)
    assert [one["style"] for one in faces.records] == ["micah", "dylan", "micah"] * 2 + [
        "micah",
        "dylan",
    ]
    assert faces.pixels[:, 5, 5, 0].tolist() == list(range(8))
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    drawings.unpack(bundle, data, 8)  # is there: needs nothing
    with pytest.raises(ModuleNotFoundError, match="resvg_py"):
        drawings.unpack(bundle, data)


def test_everything_takes_the_time_that_is_left_and_hands_over_whenever_it_saves(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, done = [50.0], list[tuple[str, float]]()
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    def takes(name: str, seconds: float | None) -> Callable[..., None]:
        def stage(*args: Any, minutes: float = 0.0, **named: Any) -> None:
            given = minutes or (args[-1] if isinstance(args[-1], float) else 0.0)
            done.append((name, round(60 * given)))
            now[0] += 60 * given if seconds is None else seconds
            named.get("saved", int)()

        return stage

    for name, seconds in (
        ("unpack", 20), ("draw_captions", 10), ("cache_latents", 6), ("train_critic", None),
        ("train_unet", None), ("hand_over", 10),
    ):  # fmt: skip
        monkeypatch.setattr(everything, name, takes(name, seconds))
    everything.everything(work, work, work / "to", 10)
    assert done == [
        ("unpack", 0), ("draw_captions", 0), ("cache_latents", 0), ("train_critic", 30),
        ("train_unet", 513), ("hand_over", 0), ("hand_over", 0),
    ]  # fmt: skip
    assert now[0] <= 50 + 600

    done.clear()
    (work / "captions.npz").touch()
    save(work / "unet.pt", {"spent": 432.0})
    everything.everything(work, work, work / "to", 2)
    assert dict(done)["train_unet"] == round(432 + 120 * (1 - 0.035) - 20 - 6 - 6)
    assert "draw_captions" not in dict(done)


def test_meanings_say_what_each_style_shows_and_nothing_of_what_is_cut_off() -> None:
    seen = [visible(record(k)) for k in range(FACES)]
    stated = meanings(seen)
    assert set(stated["seen"]["style"]["micah"]["mouth"]) == {one["mouth"] for one in seen}
    assert stated["seen"]["style"]["dylan"]["mouth"] == []
    attributes = {"style": "miniavs", "glasses": "none", "clothes": "shirt"}
    cut = {"style": "miniavs", "attributes": attributes, "parts": {}}
    assert visible(cut) == {"style": "miniavs", "glasses": "none"}
    faces = [
        {"style": "micah", "hat": "none"}
        | ({"eyes": "closed", "hat": "cap", "hat_colour": "red"} if k < 2 else {})
        for k in range(8)
    ]
    assert meanings(faces)["partial"] == ["eyes"]  # of hats each says whether there is one


def test_what_another_part_covers_is_not_said_to_be_there() -> None:
    attributes = {"style": "personas", "mouth": "laugh", "beard": "beard", "glasses": "none"}
    parts = {"mouth": "bigSmile", "facialHair": "beardMustache"}
    bearded = {"style": "personas", "attributes": attributes, "parts": parts}
    assert "mouth" not in visible(bearded)
    assert visible(bearded | {"parts": parts | {"facialHair": "goatee"}})["mouth"] == "laugh"
    assert visible(bearded)["beard"] == "beard"  # what covers is seen


def test_every_covering_part_is_one_that_is_composed() -> None:
    source = (Path(train_vae.__file__).parent.parent / "data/styles.mjs").read_text()
    for style, rules in HIDDEN.items():
        name = f'"{style}"' if "-" in style else style
        block = source.partition(f"\n  {name}: {{")[2].partition("\n  },")[0]
        for attribute, part, _, over, _ in rules:
            assert attribute in CLASSES
            assert f"{part}: {{" in block
            assert f"{over}: {{" in block


def test_a_mouth_too_small_for_a_name_has_none() -> None:
    attributes = {"style": "notionists", "mouth": "smile", "beard": "none", "glasses": "none"}
    dash = {"style": "notionists", "attributes": attributes, "parts": {"lips": "variant21"}}
    assert "mouth" not in visible(dash)
    assert visible(dash | {"parts": {"lips": "variant03"}})["mouth"] == "smile"
