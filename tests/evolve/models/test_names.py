"""What a person may call a model, and what is taken for which."""

from pathlib import Path

import pytest

from evolve.errors import ModelError
from evolve.models.catalog import describe
from evolve.models.model_names import HubName, ModelName, is_meant

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("owner/name", HubName("owner/name")),
        ("owner/name@v1.0", HubName("owner/name", "v1.0")),
        ("owner/name@refs/pr/3", HubName("owner/name", "refs/pr/3")),
        (f"o-w.n_er/n.a-m_e@{COMMIT}", HubName("o-w.n_er/n.a-m_e", COMMIT)),
        ("owner/name/a style.safetensors", HubName("owner/name", file="a style.safetensors")),
        (
            "owner/name/sub/x.safetensors@dev",
            HubName("owner/name", "dev", "sub/x.safetensors"),
        ),
    ],
)
def test_names_on_the_hub_are_read_and_written_alike(text: str, name: HubName) -> None:
    assert HubName.parse(text) == name
    assert str(name) == text
    assert name.pinned == (COMMIT in text)


@pytest.mark.parametrize(
    "text",
    [
        "portraits",
        "a/b/c",
        "../x",
        "owner/..",
        "/etc/passwd",
        "owner/na me",
        "owner/a--b",
        "a/",
        "",
    ],
)
def test_other_texts_are_no_names_on_the_hub(text: str) -> None:
    assert HubName.parse(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("portraits", ModelName("portraits")),
        ("owner/name + owner/style", ModelName("owner/name", ("owner/style",), (1.0,))),
        (
            "owner/name+style.safetensors:0.8",
            ModelName("owner/name", ("style.safetensors",), (0.8,)),
        ),
        ("a/b@v1+c/d/e.safetensors@v2:2", ModelName("a/b@v1", ("c/d/e.safetensors@v2",), (2.0,))),
        (
            "C:\\m.safetensors+C:\\l.safetensors",
            ModelName("C:\\m.safetensors", ("C:\\l.safetensors",), (1.0,)),
        ),
    ],
)
def test_a_lora_stands_behind_a_plus_with_its_weight(text: str, name: ModelName) -> None:
    assert ModelName.parse(text) == name


def test_a_folder_may_have_a_plus_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "c++").mkdir()
    assert ModelName.parse(str(tmp_path / "c++")) == ModelName(str(tmp_path / "c++"))


def test_several_loras_stand_behind_pluses_and_weights_may_be_negative(tmp_path: Path) -> None:
    (tmp_path / "a+b.safetensors").touch()
    text = f"owner/name+{tmp_path}/a+b.safetensors:-0.5+style"
    assert ModelName.parse(text) == ModelName(
        "owner/name", (f"{tmp_path}/a+b.safetensors", "style"), (-0.5, 1.0)
    )
    with pytest.raises(ModelError, match="names 5 LoRAs: use at most 4"):
        ModelName.parse("owner/name+a+b+c+d+e")


@pytest.mark.parametrize("text", ["+style.safetensors", "owner/name+", "+"])
def test_half_a_name_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match=r"is not MODEL\+LORA"):
        ModelName.parse(text)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("owner/name", True),
        (f"owner/name@{COMMIT}", True),
        ("owner/name@v2", False),
        ("owner/other", False),
        ("owner/name+owner/style", False),
    ],
)
def test_a_name_without_a_revision_means_the_commit_that_was_recorded(
    asked: str, meant: bool
) -> None:
    assert is_meant(f"owner/name@{COMMIT}", asked) == meant


@pytest.mark.parametrize("model", ["{}", "portraits+{}"])
@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("https://huggingface.co/owner/name/tree/main", "name it as owner/name$"),
        ("https://hf.co/owner/name", "name it as owner/name$"),
        ("https://elsewhere.example/models/4384?v=1", "download the .safetensors file yourself"),
    ],
)
def test_an_address_on_the_web_is_no_name(model: str, address: str, advice: str) -> None:
    with pytest.raises(ModelError, match=f"is an address: {advice}"):
        describe(model.format(address))


def test_a_name_of_thousands_of_pluses_is_refused_at_once() -> None:
    with pytest.raises(ModelError, match="the name of a model has 9999 pluses: use at most 64"):
        ModelName.parse("a" + "+a" * 9999)
