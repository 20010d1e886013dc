"""Downloads from a hub that this machine serves itself."""

import shutil
from pathlib import Path

import pytest
from folders import WEIGHTS, write_json, write_lora, write_pipeline, write_weights
from hub import Hub
from huggingface_hub import constants

from evolve.errors import ModelError
from evolve.models.catalog import describe
from evolve.models.hub.fetch import Fetched, fetch, fetch_missing
from evolve.models.model_names import HubName

SMALL = HubName("owner/small")
UNET = WEIGHTS[0]


@pytest.fixture
def small(hub: Hub, tmp_path: Path) -> str:
    """The commit of a small pipeline on the hub."""
    return hub.add("owner/small", write_pipeline(tmp_path / "small"))


def get(name: HubName = SMALL) -> HubName:
    return fetch(name, lambda fetched: None)


def blobs(cache: Path) -> Path:
    return cache / "models--owner--small" / "blobs"


def test_a_model_is_fetched_once_and_found_by_its_name(hub: Hub, tmp_path: Path) -> None:
    commit = hub.add("owner/small", write_pipeline(tmp_path / "small"))
    assert get() == HubName("owner/small", commit)
    card = describe("owner/small")
    assert (card.name, card.kind) == (f"owner/small@{commit}", "hub")
    assert card.licence == "openrail++"
    assert card.files[0].read_bytes() == (tmp_path / "small" / WEIGHTS[2]).read_bytes()
    before = len(hub.asked)
    get()
    assert not [a for a in hub.asked[before:] if a[0] == "GET" and "resolve" in a[1]]


def test_progress_goes_from_nothing_to_all_of_it(hub: Hub, small: str) -> None:
    told: list[Fetched] = []
    fetch(SMALL, told.append)
    done = [fetched.done for fetched in told]
    assert done[0] == 0
    assert done == sorted(done)
    assert len(done) > 60  # weights in pieces, not file by file
    assert {fetched.total for fetched in told} == {done[-1]}


def test_nothing_but_data_is_downloaded(hub: Hub, tmp_path: Path) -> None:
    folder = write_pipeline(tmp_path / "small")
    for name in ("unet/diffusion_pytorch_model.bin", "unet/unet.py", "run.py", "small.ckpt"):
        (folder / name).write_bytes(b"code")
    write_weights(folder / "safety_checker/model.safetensors")
    hub.add("owner/small", folder)
    get()
    asked = {Path(path).name for _, path, _ in hub.asked}
    assert not [name for name in asked if name.endswith((".py", ".bin", ".ckpt"))]
    assert not [path for _, path, _ in hub.asked if "safety_checker" in path]


def test_half_precision_is_preferred_where_it_is_complete(hub: Hub, tmp_path: Path) -> None:
    folder = write_pipeline(tmp_path / "small")
    for name in WEIGHTS:
        write_weights(folder / name.replace(".safetensors", ".fp16.safetensors"), numbers=2500)
    hub.add("owner/small", folder)
    get()
    card = describe("owner/small")
    assert card.variant == "fp16"
    assert not hub.ranges_of("unet/diffusion_pytorch_model.safetensors")
    (folder / "vae/diffusion_pytorch_model.fp16.safetensors").unlink()
    (folder / "vae/diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"weights \(.safetensors\) are missing in 'vae'"):
        describe(str(folder))


def test_a_connection_cut_in_the_middle_of_a_file_is_taken_up_there(hub: Hub, small: str) -> None:
    hub.cut_after, hub.cuts = 8000, 2
    get()
    assert hub.cuts == 0
    assert {"bytes=8000-", "bytes=16000-"} & {asked[2] for asked in hub.asked}
    assert describe("owner/small").bytes > 60_000


def test_a_download_that_broke_off_goes_on_where_it_stopped(
    hub: Hub, cache: Path, small: str
) -> None:
    def stop(fetched: Fetched) -> None:
        if fetched.done > 9000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(SMALL, stop)
    (partial,) = blobs(cache).glob("*.part")
    arrived = partial.stat().st_size
    assert 0 < arrived < 20_000
    with pytest.raises(ModelError, match="get it with 'fancier models --get owner/small'"):
        describe("owner/small")
    hub.asked.clear()
    get()
    assert f"bytes={arrived}-" in [asked[2] for asked in hub.asked]
    assert not list(blobs(cache).glob("*.part"))
    assert describe("owner/small").kind == "hub"


def test_a_hub_that_keeps_hanging_up_is_given_up_with_what_arrived_kept(
    hub: Hub, cache: Path, small: str
) -> None:
    hub.cut_after, hub.cuts = 0, 100
    with pytest.raises(ModelError, match="interrupted for model 'owner/small': try again"):
        get()
    hub.cuts = 0
    get()
    assert describe("owner/small").kind == "hub"


def test_what_is_not_what_was_promised_is_thrown_away(hub: Hub, cache: Path, small: str) -> None:
    hub.spoiled = True
    with pytest.raises(ModelError, match="not match what the hub announced"):
        get()
    assert not list(blobs(cache).glob("*.part"))
    hub.spoiled = False
    get()


def test_a_revision_is_pinned_and_stays_what_it_was(hub: Hub, tmp_path: Path) -> None:
    first = hub.add("owner/small", write_pipeline(tmp_path / "a", seed=1), ref="v1")
    second = hub.add("owner/small", write_pipeline(tmp_path / "b", seed=2))
    assert get(HubName("owner/small", "v1")).revision == first
    assert get().revision == second
    weights = [describe(f"owner/small@{r}").files[1].read_bytes() for r in ("v1", second)]
    assert weights[0] == (tmp_path / "a" / UNET).read_bytes()
    assert weights[1] == (tmp_path / "b" / UNET).read_bytes()
    hub.add("owner/small", write_pipeline(tmp_path / "c", seed=3))
    assert describe("owner/small").name == f"owner/small@{second}"  # until it is fetched anew


def test_a_second_start_needs_no_network(
    hub: Hub, small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    get()
    hub.asked.clear()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert describe("owner/small").name == f"owner/small@{small}"
    assert describe(f"owner/small@{small}").bytes == describe("owner/small").bytes
    assert hub.asked == []
    with pytest.raises(ModelError, match="the network is off"):
        get(HubName("owner/other"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (HubName("owner/nothing"), "there is no model 'owner/nothing' on the hub"),
        (HubName("owner/small", "v9"), "'owner/small@v9' has no such revision"),
        (HubName("owner/guarded"), "'owner/guarded' is gated: accept its terms"),
        (HubName("owner/words"), "'owner/words' on the hub is not a diffusers pipeline"),
        (HubName("owner/pickled"), "'owner/pickled' has its unet only as a pickle"),
        (HubName("owner/small", file="x.safetensors"), "there is no 'x.safetensors'"),
    ],
)
@pytest.mark.parametrize("token", [None, "hf_secret"])
def test_what_cannot_be_had_is_told_in_one_line(
    hub: Hub,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: HubName,
    message: str,
    token: str | None,
) -> None:
    folder = write_pipeline(tmp_path / "small")
    hub.add("owner/small", folder)
    hub.add("owner/guarded", folder, gated=True)
    write_json(tmp_path / "words/config.json", {})
    hub.add("owner/words", tmp_path / "words")
    pickled = Path(shutil.copytree(folder, tmp_path / "pickled"))
    (pickled / UNET).rename(pickled / "unet/diffusion_pytorch_model.bin")
    hub.add("owner/pickled", pickled)
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(ModelError, match=message) as caught:
        get(name)
    assert "\n" not in str(caught.value)


def test_a_hub_out_of_reach_is_told_as_such(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match="the hub cannot be reached for model 'owner/small'"):
        get()


def test_a_disk_without_room_is_told_before_anything_is_downloaded(
    hub: Hub, small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(tmp_path)._replace(free=100_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    with pytest.raises(
        ModelError, match=r"only 0.1 GB are free: free some space, or set HF_HUB_CACHE"
    ):
        get()
    assert not hub.ranges_of(UNET)


def test_a_lora_is_the_one_file_of_its_repository(hub: Hub, small: str, tmp_path: Path) -> None:
    write_lora(tmp_path / "style/style.safetensors")
    commit = hub.add("owner/style", tmp_path / "style")
    get()
    fetch(HubName("owner/style"), lambda fetched: None)
    card = describe("owner/small+owner/style:0.6")
    assert card.name.endswith(f"+owner/style/style.safetensors@{commit}")
    assert len(card.loras) == 1
    assert card.settings.lora == 0.6
    assert describe(card.name).loras == card.loras


def test_a_lora_in_a_folder_of_its_repository_is_recorded_with_its_path(
    hub: Hub, small: str, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        write_lora(tmp_path / f"styles/ink/{name}.safetensors")
    commit = hub.add("owner/styles", tmp_path / "styles")
    with pytest.raises(ModelError, match="'owner/styles' on the hub is not a diffusers pipeline"):
        get(HubName("owner/styles"))
    get()
    fetch_missing("owner/small+owner/styles/ink/b.safetensors", lambda fetched: None)
    card = describe("owner/small+owner/styles/ink/b.safetensors")
    assert card.name.endswith(f"+owner/styles/ink/b.safetensors@{commit}")
    assert describe(card.name).files == card.files
