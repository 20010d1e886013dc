"""Recipes of other programs that say anything at all are read, or are damage, and soon."""

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from foreign_founders import TEXT, founder, png
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.foreign import written
from benchmarks.foreign.comfyui import comfy_graph
from benchmarks.foreign.readers import hostile
from evolve.genome import Prompt
from populations.exchange.foreign import programs
from populations.exchange.picture_file import MALFORMED

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("key", "data"),
    [
        ("invokeai_metadata", written.INVOKE_3),
        ("sd-metadata", written.INVOKE_2["image"]),
        ("parameters", written.SWARM["sui_image_params"]),
        ("parameters", written.FOOOCUS),
        ("Comment", written.NOVELAI),
        ("prompt", comfy_graph()["3"]["inputs"]),
    ],
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chance=st.data())
def test_any_value_in_any_field_is_read_or_is_damage(
    key: str, data: dict[str, Any], chance: st.DataObject
) -> None:
    field = chance.draw(st.sampled_from(sorted(data)))
    changed = {**data, field: chance.draw(values)}
    graph = {**comfy_graph(), "3": {"class_type": "KSampler", "inputs": changed}}
    wrap: dict[str, Callable[[], Any]] = {
        "sd-metadata": lambda: {"image": changed},
        "prompt": lambda: graph,
    }
    whole = wrap.get(key, lambda: changed)()
    if "cfgscale" in data:
        whole = {"sui_image_params": changed}
    texts = {key: json.dumps(whole), "Software": "NovelAI"}
    try:
        recipe = programs.read(texts)
    except MALFORMED:
        return
    if recipe is not None:
        recipe.words(Prompt.parse("a cat"))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(list(' \n,:()[]{}<>|"\\-1.') + TEXT.split(" ")), max_size=60))
def test_any_text_is_read_or_is_damage(pieces: list[str]) -> None:
    text = "".join(pieces)
    for key in ("parameters", "Dream", "prompt", "workflow", "sd-metadata"):
        try:
            recipe = programs.read({key: text})
        except MALFORMED:
            continue
        if recipe is not None:
            recipe.words(Prompt.parse("a cat"))


def test_hostile_texts_are_read_or_refused_in_no_time() -> None:
    some = ("a", "a: ", '\\"', "(", "<", "[", "1", ":1", " ,", "[a:1]", "AND ", "a:[1,", "<a:")
    texts = [
        {key: head + piece * (60_000 // len(piece))}
        for piece in some
        for key, head in (("parameters", "x\nSteps: 1, Seed: 1, a:"), ("Dream", "a -s 1 "))
    ]
    texts += [{"parameters": f"{piece * 20_000}\nSteps: 1, Seed: 1"} for piece in some]
    texts += [{"Dream": f"{piece * 20_000} -s1"} for piece in some]
    for each in [*texts, *hostile().values()]:
        start = time.process_time()
        with contextlib.suppress(MALFORMED):
            programs.read(each)
        assert time.process_time() - start < 3, str(each)[:80]


def test_a_note_is_one_line_whatever_the_recipe_says(tmp_path: Path) -> None:
    sampler = {
        "seed": 5,
        "steps": 8,
        "cfg": 6.5,
        "sampler_name": "one\ntwo",
        "scheduler": "kar\nras",
        "denoise": 1.0,
        "positive": ["6", 0],
        "negative": ["6", 0],
        "latent_image": ["5", 0],
    }
    graph = {
        "3": {"class_type": "KSampler", "inputs": sampler},
        "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 512}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a cat"}},
    }
    _, note = founder(png(tmp_path / "a.png", prompt=json.dumps(graph)))
    assert "sampler (one two)" in note
    assert "schedule kar ras" in note
    assert len(note.splitlines()) == 1
