"""Prompts longer than CLIP reads, on a small Stable Diffusion whose CLIP reads 64 tokens."""

import copy
import functools
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import pytest
import torch
from crowds import finished, work
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import save
from transformers import CLIPTokenizer

from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.models.catalog import describe
from evolve.models.loading import LoadedModel, load_model
from evolve.models.portraits import WEIGHTS
from evolve.models.words import reach
from evolve.models.words.reach import beyond_remark
from evolve.rendering.pipeline import long_texts
from evolve.rendering.pipeline.long_texts import LongTexts, Pieces
from evolve.rendering.pipeline.weighted_prompt import Encoder, WeightedText
from evolve.rendering.protocol import Finished, Job

LONG = "a man with a red hat, " * 14
END = "and a green parrot on his shoulder"


@pytest.fixture(autouse=True, scope="module")
def limit() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_texts, "CLIP_READS", 64)
        patch.setattr(reach, "CLIP_READS", 64)
        yield


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    return load_model(str(save(tmp_path_factory.mktemp("tiny") / "model")), device="cpu")


def painted(
    model: LoadedModel, *prompts: Prompt, divides: bool = True, guidance: float = 3.0
) -> list[Finished]:
    noise = np.random.default_rng(0).standard_normal(model.info.latent).astype(np.float16)
    jobs = [Job(i, Genome(noise, p, Settings(guidance, 1))) for i, p in enumerate(prompts)]
    return finished(work(model, *jobs, divides=divides))


def dividing(model: LoadedModel) -> LongTexts:
    divided = LongTexts.of(model.pipeline)
    assert divided is not None
    return divided


@functools.cache
def read_tokenizer() -> CLIPTokenizer:
    return CLIPTokenizer.from_pretrained(WEIGHTS / "tokenizer")


words = st.sampled_from(
    ["man", "red,", "antidisestablishmentarianism", "ÀÉ", "1.4", "a\n", "x" * 300]
)


@settings(max_examples=30, deadline=None)
@given(text=st.lists(words, min_size=1, max_size=60).map(" ".join))
def test_pieces_are_the_text_and_are_read_whole(text: str) -> None:
    tokenizer = read_tokenizer()
    pieces = LongTexts([tokenizer]).pieces(text)
    assert "".join(pieces) == text
    assert all(len(tokenizer(piece)["input_ids"]) <= 64 for piece in pieces)


def test_a_piece_ends_behind_a_comma_where_one_is_near(model: LoadedModel) -> None:
    first, *_ = dividing(model).pieces(LONG)
    assert first.endswith("a red hat, ")
    assert dividing(model).pieces("a man") == ("a man",)
    assert dividing(model).pieces("") == ("",)


def test_encodings_of_pieces_stand_behind_each_other_and_shorter_texts_are_filled_up(
    model: LoadedModel,
) -> None:
    pipeline, divided = copy.copy(model.pipeline), dividing(model)
    plain = pipeline.encode_prompt
    Encoder().serve(pipeline, long_texts=divided)
    prompt = Prompt.typed(LONG, "ugly")
    wanted, unwanted = prompt.parts()
    with torch.no_grad():
        embeds, negative = pipeline.encode_prompt(
            WeightedText(wanted),
            "cpu",
            1,
            True,
            WeightedText(unwanted),
        )
        pieces = divided.pieces(prompt.parts()[0][0][0])
        own = [plain(piece, "cpu", 1, True, "ugly")[0] for piece in pieces]
        ugly, nothing = (plain("a", "cpu", 1, True, text)[1] for text in ("ugly", ""))
    assert len(pieces) == 2
    torch.testing.assert_close(embeds, torch.cat(own, dim=1), rtol=0, atol=0)
    torch.testing.assert_close(negative, torch.cat([ugly, nothing], dim=1), rtol=0, atol=0)


def test_the_end_of_a_long_prompt_has_an_effect_and_short_ones_stay_as_they_were(
    model: LoadedModel,
) -> None:
    long, longer = Prompt.typed(LONG), Prompt.typed(LONG + END)
    short = Prompt.typed("a man | a hat :0.5", "ugly")
    whole, end, brief = painted(model, long, longer, short)
    assert (whole.latent != end.latent).any()
    assert [event.record.get("pieces") for event in (whole, end, brief)] == [2, 2, None]
    cut, cut_too, before = painted(model, long, longer, short, divides=False)
    np.testing.assert_array_equal(cut.latent, cut_too.latent)  # as was painted before
    np.testing.assert_array_equal(before.latent, brief.latent)
    assert "pieces" not in cut.record
    np.testing.assert_array_equal(painted(model, longer)[0].latent, end.latent)  # in any crowd


def test_weights_of_long_prompts_mean_what_they_mean_of_short_ones(model: LoadedModel) -> None:
    texts = (
        f"a man | {LONG}",
        f"a man, {LONG}",
        f"a man | {LONG} :0",
        "a man",
        f"a man | {LONG} :.5",
    )
    one, written, zero, base, some = painted(model, *map(Prompt.typed, texts))
    np.testing.assert_array_equal(one.latent, written.latent)
    np.testing.assert_array_equal(zero.latent, base.latent)
    assert (some.latent != base.latent).any()
    assert (some.latent != written.latent).any()


def test_a_long_text_below_0_is_in_the_negative_prompt_as_far_as_it_weighs(
    model: LoadedModel,
) -> None:
    texts = "a man", f"a man | {LONG} :-1", f"a man | {LONG} :-.5"
    base, below, some = painted(model, *map(Prompt.typed, texts))
    (negative,) = painted(model, Prompt.typed("a man", LONG))
    np.testing.assert_array_equal(below.latent, negative.latent)
    assert [event.record.get("pieces") for event in (base, below, some)] == [None, 2, 2]
    assert (some.latent != base.latent).any()
    assert (some.latent != below.latent).any()


@pytest.mark.parametrize(("guidance", "pieces"), [(3.0, None), (1.0, 2)])
def test_pieces_are_recorded_of_what_was_encoded(
    model: LoadedModel, guidance: float, pieces: int | None
) -> None:
    prompt = Prompt.typed(f"{LONG[: len(LONG) // 2]} | {END} :-0.5")
    assert dividing(model).count([c.text for c in prompt.concepts]) == 1
    (found,) = painted(model, prompt, guidance=guidance)
    assert found.record.get("pieces") == pieces
    (again,) = painted(model, prompt, guidance=guidance, divides="pieces" in found.record)
    np.testing.assert_array_equal(again.latent, found.latent)


def test_nothing_is_said_of_words_that_are_read(model: LoadedModel) -> None:
    card = describe(model.info.name)
    assert beyond_remark(card, Prompt.typed(LONG + END)) == ""


def test_denoisers_that_take_no_more_tokens_are_left_alone(model: LoadedModel) -> None:
    class Other(dict):  # type: ignore[type-arg]
        @property
        def components(self) -> dict[str, object]:
            return self

    parts = model.pipeline.components
    assert LongTexts.of(Other({**parts, "unet": None, "transformer": parts["unet"]})) is None
    assert LongTexts.of(Other({**parts, "text_encoder": parts["vae"]})) is None
    assert LongTexts.of(Other({**parts, "text_encoder_2": parts["text_encoder"]})) is None
    assert Pieces.of(("a ", "b"), 3).pieces == ("a ", "b", "")


def test_parts_are_not_asked_whether_they_are_true() -> None:
    class Sampler:
        def __len__(self) -> int:
            raise AttributeError("num_train_timesteps")

    class Pipeline:
        components: ClassVar = {"unet": Sampler(), "scheduler": Sampler(), "text_encoder": None}

    assert LongTexts.of(Pipeline()) is None
