"""How far models read: what their text encoders cut off is named, and is what they cut off."""

import dataclasses
import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import CLIPTokenizer

from evolve.genome import Prompt
from evolve.genome.settings import Settings
from evolve.models.catalog import ModelCard, describe
from evolve.models.portraits import WEIGHTS
from evolve.models.words.reach import Reach, asked_length, beyond_remark
from evolve.models.words.remarks import remarks

PORTRAITS = describe("portraits")
LONG = "a woman, " * 20 + "with glasses and a hat"


def card(folder: Path, pipeline: str, **limits: int) -> ModelCard:
    """Return a model with tokenizers of these limits, named after their classes."""
    for part, limit in limits.items():
        shutil.copytree(WEIGHTS / "tokenizer", folder / part)
        kind = "T5TokenizerFast" if part.endswith("3") else "CLIPTokenizer"
        config = {"model_max_length": limit, "tokenizer_class": kind}
        (folder / part / "tokenizer_config.json").write_text(json.dumps(config))
    files = sorted(file.relative_to(folder).as_posix() for file in folder.glob("*/*"))
    return dataclasses.replace(
        PORTRAITS, name="other", folder=folder, pipeline=pipeline, configurations=tuple(files)
    )


@pytest.fixture(scope="module")
def tokenizer() -> CLIPTokenizer:
    loaded = CLIPTokenizer.from_pretrained(WEIGHTS / "tokenizer")
    loaded.model_max_length = 10_000  # else it warns of long texts
    return loaded


def test_words_beyond_the_limit_are_named() -> None:
    said = beyond_remark(PORTRAITS, Prompt.parse(f"a man | {LONG}"))
    assert said == (
        "portraits does not read 'and a hat': its limit is 64 tokens, "
        "so leave out what matters least"
    )
    assert "'and a hat'" in beyond_remark(PORTRAITS, Prompt.parse("a man", LONG))
    assert beyond_remark(PORTRAITS, Prompt.parse("a man | " * 30 + "a woman")) == ""


@pytest.mark.parametrize("stated", [77, 10**30, 0])
def test_no_more_is_read_than_the_encoder_has_places_for(tmp_path: Path, stated: int) -> None:
    (tmp_path / "text_encoder").mkdir()
    config = {"max_position_embeddings": 64}
    (tmp_path / "text_encoder/config.json").write_text(json.dumps(config))
    other = card(tmp_path, "StableDiffusionPipeline", tokenizer=stated)
    said = beyond_remark(other, Prompt.parse(f"a man | {LONG}"))
    assert said.startswith("other does not read 'and a hat': its limit is 64 tokens")


def test_what_is_written_into_a_base_counts_with_it() -> None:
    base = "a woman, " * 20 + "with a scarf"
    said = beyond_remark(PORTRAITS, Prompt.typed(f"{base} | glasses and a hat"))
    assert "does not read 'scarf, glasses and a hat'" in said
    assert "a hat" in beyond_remark(PORTRAITS, Prompt.typed("a man" + " | a hat" * 40))


def test_words_that_lead_away_count_where_they_are_encoded(tmp_path: Path) -> None:
    prompt = Prompt.typed("a woman, " * 20 + "with a scarf | glasses and a hat :-1")
    guided, unguided = Settings(guidance_scale=4), Settings(guidance_scale=1)
    assert "does not read 'scarf': " in beyond_remark(PORTRAITS, prompt, guided)
    assert "'scarf', " not in beyond_remark(PORTRAITS, prompt)
    beyond = "does not read 'scarf', 'scarf, glasses and a hat'"
    assert beyond in beyond_remark(PORTRAITS, prompt, unguided)
    other = dataclasses.replace(PORTRAITS, settings=unguided)
    assert beyond in beyond_remark(other, prompt)
    # Guidance that is an input of the denoiser leads from no negative prompt.
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet/config.json").write_text('{"time_cond_proj_dim": 256}')
    other = card(tmp_path, "LatentConsistencyModelPipeline", tokenizer=64)
    assert beyond in beyond_remark(other, prompt, guided)


def test_what_is_encoded_of_both_is_listed() -> None:
    prompt = Prompt.typed("a | b :0.5", "c | d")
    assert Reach(PORTRAITS).texts(prompt) == ["a", "a, b", "c, d"]
    assert Reach(PORTRAITS, Settings(guidance_scale=1)).texts(prompt) == ["a", "a, b"]


def test_a_negative_prompt_counts_only_where_there_is_guidance() -> None:
    prompt = Prompt.typed("a man", LONG)
    assert "'and a hat'" in beyond_remark(PORTRAITS, prompt)
    assert beyond_remark(PORTRAITS, prompt, Settings(guidance_scale=1)) == ""


def test_a_model_that_went_away_meanwhile_is_read_as_far_as_it_is_known(tmp_path: Path) -> None:
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet/config.json").write_text("{}")
    gone = card(tmp_path, "StableDiffusionPipeline", tokenizer=64)
    shutil.rmtree(tmp_path)
    assert Reach(gone).texts(Prompt.typed("a man", "a hat")) == ["a man", "a hat"]
    assert beyond_remark(gone, Prompt.parse(LONG)) == ""


def test_many_words_are_named_by_the_first_and_the_last() -> None:
    said = beyond_remark(PORTRAITS, Prompt.parse("a woman, " * 60 + "with a hat"))
    assert "'a woman, a woman, a woman, a … a woman, a woman, with a hat'" in said


texts = st.lists(
    st.sampled_from(["woman", "red,", "antidisestablishmentarianism", "ÀÉ", "1.4"])
    | st.text("abcdefghijklmnopqrstuvwxyzéñ 019", max_size=9),
    min_size=20,
    max_size=60,
).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(text=texts)
def test_what_is_named_is_what_the_encoder_never_gets(text: str, tokenizer: CLIPTokenizer) -> None:
    (encoder,) = Reach(PORTRAITS).encoders
    end = encoder.end(text)

    def read(words: str) -> list[int]:
        return list(tokenizer(words, truncation=True, max_length=64)["input_ids"])

    if end == len(text):
        assert len(tokenizer(text)["input_ids"]) <= 64
    else:
        assert read(text[:end])[:-1] == read(text)[: len(read(text[:end])) - 1]
        assert len(tokenizer(text[: end + 40])["input_ids"]) > 64 or len(text) <= end + 40


def test_a_tokenizer_without_its_own_file_is_read_alike(
    tmp_path: Path, tokenizer: CLIPTokenizer
) -> None:
    other = card(tmp_path, "StableDiffusionPipeline", tokenizer=64)
    (tmp_path / "tokenizer" / "tokenizer.json").unlink()
    for text in (LONG, "ein Mädchen's  Hut 4:3, 12 猫 " * 9):
        assert Reach(other).encoders[0].end(text) == Reach(PORTRAITS).encoders[0].end(text)
        (encoder,) = Reach(other).encoders
        assert encoder.tokenizer.encode(text).ids[1:-1] == tokenizer(text)["input_ids"][1:-1]


def test_of_several_encoders_those_that_read_less_are_named(tmp_path: Path) -> None:
    other = card(
        tmp_path, "StableDiffusion3Pipeline", tokenizer=64, tokenizer_2=64, tokenizer_3=512
    )
    assert [encoder.limit for encoder in Reach(other).encoders] == [64, 64, 256]
    said = beyond_remark(other, Prompt.parse(LONG))
    assert "'and a hat' (text encoder 1 and 2 of 3)" in said
    assert "(text encoder" not in beyond_remark(other, Prompt.parse("a woman, " * 110 + "a hat"))


@pytest.mark.parametrize(
    ("pipeline", "length"),
    [("StableDiffusion3Pipeline", 256), ("FluxPipeline", 512), ("StableDiffusionPipeline", 0)],
)
def test_how_much_a_pipeline_reads_is_taken_from_its_source(pipeline: str, length: int) -> None:
    assert asked_length(pipeline) == length


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"model": {"type": "BPE"}}'])
def test_a_damaged_tokenizer_says_nothing_here(tmp_path: Path, content: str) -> None:
    other = card(tmp_path, "StableDiffusionPipeline", tokenizer=64)
    (tmp_path / "tokenizer" / "tokenizer.json").write_text(content)
    assert beyond_remark(other, Prompt.parse(LONG)) == ""


def test_weights_that_are_none_are_named_with_how_to_write_them() -> None:
    (said,) = remarks(PORTRAITS, Prompt.parse("a woman:1.4", "a hat :1,2"))
    assert said.startswith("'woman:1.4', ':1,2' is text here, not a weight")
    assert "'a woman | red hair :1.4'" in said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_what_is_no_file_of_the_model_is_not_waited_for(tmp_path: Path) -> None:
    made = card(tmp_path, "StableDiffusionPipeline", tokenizer=77)
    (tmp_path / "tokenizer_2").mkdir()
    os.mkfifo(tmp_path / "tokenizer_2/tokenizer_config.json")
    assert [encoder.limit for encoder in Reach(made).encoders] == [77]


def test_a_tokenizer_that_fails_at_a_word_cuts_nothing_off(tmp_path: Path) -> None:
    damaged = card(tmp_path, "StableDiffusionPipeline", tokenizer=77)
    lacking = {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "gone"}
    told = {"version": "1.0", "added_tokens": [], "model": lacking}
    (tmp_path / "tokenizer/tokenizer.json").write_text(json.dumps(told))
    assert beyond_remark(damaged, Prompt.parse(LONG)) == ""
    assert Reach(damaged).encoders
