"""A population whose model was moved, exchanged or changed, without painting anything."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from folders import UNET, write_json, write_lora, write_pipeline, write_weights

from evolve.errors import ModelError
from evolve.models.catalog import describe
from evolve.models.files.fingerprint import identity
from evolve.rendering.protocol import Broken, ModelInfo, Ready
from evolve.rendering.stand_ins import BrokenRenderer
from evolve.session import events
from evolve.session.archive import Render
from populations import Population, list_populations
from populations.home.shelf import copy_population
from populations.studio.models.changed_model import change_of, remark_on_model
from populations.studio.models.own_model import card_of_population
from populations.studio.models.renderers import renderer_for
from populations.studio.new import CreateRequest, create
from populations.studio.showing import saved_session
from tui.cli import main, opening

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_pipeline(tmp_path / "sd")


@pytest.fixture
def typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path / "home"))

    def run(*line: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(list(line))
        out, err = capsys.readouterr()
        return status, out, err

    return run


def found(typed: Typed, tmp_path: Path, model: Path, name: str = "x") -> Path:
    """Found a population, and pretend that its model painted the first picture."""
    home, request = tmp_path / "home", CreateRequest(name=name, prompt="a cat", model=str(model))
    card = describe(str(model))
    picture = np.zeros((8, 8, 3), np.uint8)
    with create(home, request, card=card, count=2) as population:
        record = {**identity(card), "rows": 8}
        population.append([Render(individual=0, picture=picture, record=record)])
    return home / name


def test_nothing_is_said_of_a_model_that_is_what_it_was(
    typed: Typed, tmp_path: Path, model: Path
) -> None:
    path = found(typed, tmp_path, model)
    with Population.open(path, write=False) as population:
        assert remark_on_model(population) == ""
    status, out, err = typed("breed", "x", "--count", "1")
    assert (status, err) == (0, "")
    status, out, _ = typed("model", "x")
    assert (status, out.splitlines()[1]) == (0, "its files are those that painted picture 0")


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        (
            lambda at: write_weights(at / "unet/diffusion_pytorch_model.safetensors", seed=9),
            "weights",
        ),
        (
            lambda at: write_json(at / "unet/config.json", {**UNET, "act_fn": "gelu"}),
            "configuration",
        ),
        (lambda at: write_json(at / "tokenizer/vocab.json", {"a": 0, "b": 1}), "configuration"),
    ],
)
def test_one_line_says_that_weights_or_configuration_changed_and_what_follows(
    typed: Typed, tmp_path: Path, model: Path, changed: Callable[[Path], None], part: str
) -> None:
    found(typed, tmp_path, model)
    changed(model)
    line = (
        f"the model's {part} changed since picture 0: new ones will differ, and what is saved "
        'stays; go on, put the old files back, or say where they are with \'fancier model "x" '
        "--is PATH'"
    )
    status, _, err = typed("breed", "x", "--count", "1")
    assert (status, err) == (0, f"note: {line}\n")
    assert typed("model", "x")[1].splitlines()[1] == line
    assert json.loads(typed("model", "x", "--json")[1])["changed"] == [part]


def test_what_the_changed_model_painted_is_what_later_pictures_are_compared_with(
    typed: Typed, tmp_path: Path, model: Path
) -> None:
    path = found(typed, tmp_path, model)
    write_weights(model / "unet/diffusion_pytorch_model.safetensors", seed=9)
    picture = np.zeros((8, 8, 3), np.uint8)
    with Population.open(path) as population:
        now = identity(describe(str(model)))
        population.append([Render(individual=1, picture=picture, record=now)])
        assert population.latest_painting() == (1, now)
        assert change_of(population, lambda: now) is None


def test_a_model_that_is_gone_is_named_with_the_cure_wherever_it_is_needed(
    typed: Typed, tmp_path: Path, model: Path
) -> None:
    found(typed, tmp_path, model)
    model.rename(tmp_path / "disk")
    line = (
        f"the model of 'x' is gone: 'fancier model \"x\" --is PATH' finds it (it was at '{model}')"
    )
    status, _, err = typed("paint", "x")
    assert (status, err) == (1, f"fancier: {line}\n")
    status, _, err = typed("replay", "x", "0")
    assert (status, err) == (1, f"fancier: {line}\n")
    status, _, err = typed("breed", "x", "--count", "1")
    assert (status, err) == (0, f"note: {line}\n")
    assert json.loads(typed("model", "x", "--json")[1])["here"] is False


def test_a_moved_model_is_found_again_by_all_that_missed_it(
    typed: Typed, tmp_path: Path, model: Path
) -> None:
    found(typed, tmp_path, model, "x")
    found(typed, tmp_path, model, "y")
    found(typed, tmp_path, model, "open")
    found(typed, tmp_path, write_pipeline(tmp_path / "other", seed=3), "z")
    place = tmp_path / "disk/sd"
    place.parent.mkdir()
    model.rename(place)
    assert "are the same individual" in typed("lost", "x", "0", "0")[2]  # it needs no model
    with Population.open(tmp_path / "home" / "open"):  # elsewhere: it is left alone
        status, out, _ = typed("model", "x", "--is", str(place))
    assert status == 0
    assert out == f"'x' goes on with {place}\nso do others that missed it: 'y'\n"
    home = tmp_path / "home"
    models = {each["name"]: each["model"] for each in list_populations(home)}
    assert models == {
        **dict.fromkeys("xy", str(place)),
        "z": str(tmp_path / "other"),
        "open": str(model),
    }
    assert opening.model_of(home, "x") == str(place)
    assert f"({place}, seed " in typed("show", "x")[1]
    with Population.open(home / "y", write=False) as population:
        assert card_of_population(population).name == str(place)
    copy_population(home, "x", "copied")
    with Population.open(home / "copied", write=False) as population:
        assert population.model == str(place)
    status, out, _ = typed("run", "x", "--model", str(model), "--images", "0")
    assert status == 2  # not because the model is called otherwise


def test_another_model_may_take_its_place_and_is_said_to_be_another(
    typed: Typed, tmp_path: Path, model: Path
) -> None:
    found(typed, tmp_path, model, "x")
    found(typed, tmp_path, model, "y")
    tuned = write_pipeline(tmp_path / "tuned", seed=5)
    shutil.rmtree(model)
    data = json.loads(typed("model", "x", "--is", str(tuned), "--json")[1])
    assert data == {"name": "x", "model": str(tuned), "changed": ["weights"], "others": []}
    with Population.open(tmp_path / "home/y", write=False) as population:
        assert population.model == str(model)


def test_a_model_that_paints_from_other_noise_is_refused(
    typed: Typed, tmp_path: Path, model: Path
) -> None:
    found(typed, tmp_path, model)
    wide = write_pipeline(tmp_path / "wide")
    write_json(wide / "vae/config.json", {"latent_channels": 16, "block_out_channels": [8] * 4})
    write_json(wide / "unet/config.json", {**UNET, "in_channels": 16})
    status, _, err = typed("model", "x", "--is", str(wide))
    assert status == 1
    assert "(16, 64, 64), and population 'x' has noise of (4, 64, 64)" in err
    status, _, err = typed("model", "x", "--is", str(tmp_path / "nowhere"))
    assert (status, "unknown model" in err) == (1, True)
    assert typed("model", "x")[1].splitlines()[0] == str(model)


def test_a_stranger_cannot_put_anything_but_a_name_beside_a_population(
    typed: Typed, tmp_path: Path, model: Path
) -> None:
    path = found(typed, tmp_path, model)
    for content in ("[]", '{"model": 7}', '{"model": "a\\nb"}', "{", '{"model": ""}'):
        (path / "model.json").write_text(content)
        with Population.open(path, write=False) as population:
            assert population.model == str(model)
    (path / "model.json").unlink()
    (path / "model.json").symlink_to(tmp_path / "elsewhere")
    with Population.open(path, write=False) as population:
        assert population.model == str(model)


def test_a_renderer_of_a_model_that_is_gone_says_so_and_starts_nothing(
    typed: Typed, tmp_path: Path, model: Path
) -> None:
    path = found(typed, tmp_path, model)
    shutil.rmtree(model)
    with Population.open(path) as population:
        renderer = renderer_for(population, behind_app=True)()
        assert isinstance(renderer, BrokenRenderer)
        (event,) = renderer.poll(0)
        assert isinstance(event, Broken)
        assert event.error.startswith("the model of 'x' is gone: ")
        assert renderer.poll(0) == []
        with pytest.raises(ModelError, match="is gone"):
            card_of_population(population)


def test_the_app_says_once_that_the_model_is_another(
    typed: Typed, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = found(typed, tmp_path, model)
    write_weights(model / "vae/diffusion_pytorch_model.safetensors", seed=9)
    info = ModelInfo(
        name=str(model),
        latent=(4, 64, 64),
        pixels=(512, 512),
        record=identity(describe(str(model))),
    )
    monkeypatch.setattr(
        saved_session.Session, "start", lambda self, listener: listener(Ready(info))
    )
    heard: list[events.Event] = []
    session = saved_session.SavedSession(Population.open(path))
    session.start(heard.append)
    session.close()
    (notice,) = [e.text for e in heard if isinstance(e, events.Notice)]
    assert notice == "the model's weights changed since picture 0: new ones will differ"


def test_how_strong_a_lora_is_belongs_to_what_it_is(tmp_path: Path, model: Path) -> None:
    lora = tmp_path / "lora/adapter_model.safetensors"
    write_lora(lora)
    write_json(lora.with_name("adapter_config.json"), {"lora_alpha": 4})
    before = identity(describe(f"{model}+{lora}"))
    write_json(lora.with_name("adapter_config.json"), {"lora_alpha": 8})
    now = identity(describe(f"{model}+{lora}"))
    assert now["fingerprint"] == before["fingerprint"]
    assert now["configuration"] != before["configuration"]


def test_a_picture_comes_back_into_a_population_whose_model_was_moved(
    typed: Typed, tmp_path: Path, model: Path
) -> None:
    found(typed, tmp_path, model)
    new = model.rename(tmp_path / "elsewhere")
    assert typed("model", "x", "--is", str(new))[0] == 0
    assert typed("export", "x", "0", "--to", str(tmp_path / "0.png"))[0] == 0
    status, out, err = typed("import", "x", str(tmp_path / "0.png"))
    assert (status, err) == (0, "")
    assert "1 with a recipe of fancier" in out
