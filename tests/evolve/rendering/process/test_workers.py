"""Which workers a person names, and whether they paint alike."""

import pytest
from unstarted import Unstarted

from evolve.errors import RenderError
from evolve.rendering.process import starting
from evolve.rendering.process.device_kind import difference, differs_in_choices_alone
from evolve.rendering.process.pool import Pool
from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.rendering.process.starting import load_renderer
from evolve.rendering.process.workers import Workers, parse_workers
from evolve.rendering.remote import ray_cluster


@pytest.mark.parametrize(
    ("text", "workers"),
    [
        ("3", Workers(3)),
        ("ray", Workers(cluster=("127.0.0.1", 10001))),
        ("ray://10.0.0.1", Workers(cluster=("10.0.0.1", 10001))),
        ("ray://head.lan:7000/", Workers(cluster=("head.lan", 7000))),
        ("ray://[::1]:7000", Workers(cluster=("::1", 7000))),
    ],
)
def test_workers_are_a_number_or_a_cluster(text: str, workers: Workers) -> None:
    assert parse_workers(text) == workers


@pytest.mark.parametrize(
    "text",
    [
        *("0", "-1", "65", "two", "", "9" * 5000, "http://x"),
        *("ray://", "ray://x:99999", "ray://u@x", "ray://x/y", "ray://[::1", "ray://\u2100"),
    ],
)
def test_other_workers_are_refused_in_a_line_with_the_cure(text: str) -> None:
    with pytest.raises(RenderError, match=r"unknown workers '.*': give a number from 1 to 64"):
        parse_workers(text)


def test_workers_here_are_spread_over_the_devices_that_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(starting, "ProcessRenderer", Unstarted)
    with load_renderer("portraits", device="cuda:0,cpu", workers=Workers(3)) as renderer:
        assert isinstance(renderer, Pool)
        given = [member.renderer._assignment for member in renderer._members]
        assert [each.device for each in given] == ["cuda:0", "cpu", "cuda:0"]
    with load_renderer("portraits", workers=Workers(2), environ={}) as renderer:
        given = [member.renderer._assignment for member in renderer._members]
        assert [each.number for each in given] == [0, 1]
    with load_renderer("portraits", workers=Workers(), environ={}) as renderer:
        assert isinstance(renderer, ProcessRenderer)


def test_a_cluster_without_the_extra_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ray_cluster, "find_spec", lambda name: None)
    with pytest.raises(RenderError, match=r"need Ray: pip install 'fancier\[ray\]', on each"):
        load_renderer("portraits", workers=parse_workers("ray"))


def test_what_differs_is_named() -> None:
    one = {"device": "NVIDIA H100", "rows": 8, "versions": {"torch": "2.13.0"}}
    assert difference(one, dict(one)) == ""
    assert difference(one, {**one, "device": "cpu"}) == "device NVIDIA H100 and cpu"
    assert difference(one, {**one, "versions": {"torch": "2.9"}}) == "torch 2.13.0 and 2.9"
    assert difference(one, {**one, "rows": 12}) == "rows 8 and 12"
    assert difference(one, {**one, "model": "/elsewhere/sdxl", "one_by_one": "why"}) == ""
    assert differs_in_choices_alone(one, {**one, "rows": 12})
    assert differs_in_choices_alone(one, {**one, "manner": {"decode_in": "float16"}})
    assert not differs_in_choices_alone(one, {**one, "rows": 12, "device": "cpu"})
