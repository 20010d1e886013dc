"""How much of a text a model reads: text encoders cut off words beyond their limit.

The limit is that of each encoded text (`Reach.texts`): a base with all that is written into it, or
by older rules each concept. Tokenizers are read from the model's folder; for those of CLIP neither
transformers nor weights are loaded.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from evolve.errors import ModelError, ordinary_errors
from evolve.genome import Prompt
from evolve.genome.settings import Settings
from evolve.models.catalog import ModelCard
from evolve.models.families.defaults import is_guidance_an_input
from evolve.models.families.pipeline_source import class_source
from evolve.models.files import allowed_files, staging

LARGEST = 1 << 26
"""Bytes of a tokenizer's file; larger ones are not read for this."""

CLIP_READS = 77
"""Tokens that a CLIP reads."""

SHORT = 30
"""Bytes of a text that every model reads, so that no tokenizer is needed."""

UNLIMITED = 100_000
"""Tokens; tokenizers without a limit state a larger one than this."""

_SHOWN = 60
"""Characters of cut-off words that a line has room for."""

_CLIP = (
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
)


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """A tokenizer with the number of tokens that its encoder takes."""

    tokenizer: Any
    """Of the library tokenizers or of transformers."""
    limit: int

    def end(self, text: str) -> int:
        """Return how many characters of a text are read, without a word that is cut in two."""
        if len(text.encode()) + 2 <= self.limit:  # a token has at least a byte
            return len(text)
        try:
            with ordinary_errors():
                starts, special = self._starts(text)
        except Exception:  # a damaged tokenizer: painting reports it
            return len(text)
        room = self.limit - special
        if len(starts) <= room:
            return len(text)
        cut = starts[max(0, room)]
        while cut and text[cut - 1 : cut + 1].isalnum() and len(text[cut - 1 : cut + 1]) == 2:
            cut -= 1
        return cut

    def _starts(self, text: str) -> tuple[list[int], int]:
        """Return where each token of the text begins, and the number of special tokens."""
        if hasattr(self.tokenizer, "encode_batch"):
            encoded = self.tokenizer.encode(text)
            special, offsets = encoded.special_tokens_mask, encoded.offsets
        else:
            encoded = self.tokenizer(
                text, return_offsets_mapping=True, return_special_tokens_mask=True
            )
            special, offsets = encoded["special_tokens_mask"], encoded["offset_mapping"]
        return [o[0] for o, s in zip(offsets, special, strict=True) if not s], sum(special)


class Reach:
    """What the text encoders of a model read of a text; tokenizers are opened when needed."""

    def __init__(self, card: ModelCard, settings: Settings | None = None) -> None:
        """Read with these settings; default: those of founders of the model."""
        self._card = card
        self._settings = settings or card.settings

    def texts(self, prompt: Prompt) -> list[str]:
        """Return the texts of a prompt that are encoded.

        Without guidance there is no negative prompt: words of a weight below 0 are in the others.
        """
        painted, avoided = prompt.parts(contrasted=self._is_contrasted)
        return [text for text, _ in painted + avoided * self._is_contrasted if text]

    def beyond(self, text: str) -> list[tuple[int, str]]:
        """Return the words that are not read, each with the number of the encoder, from 1."""
        if len(text.encode()) < SHORT or self._divides:
            return []
        cut = ((n, text[e.end(text) :]) for n, e in enumerate(self.encoders, start=1))
        return [(n, " ".join(rest.strip(" ,.;").split())) for n, rest in cut if rest.strip(" ,.;")]

    @cached_property
    def encoders(self) -> list[TextEncoder]:
        """Text encoders whose tokenizers can be read."""
        return list(_encoders(self._card))

    @cached_property
    def _is_contrasted(self) -> bool:
        """Whether guidance leads from a negative prompt to the prompt."""
        config = f"{self._card.denoiser}/config.json"
        if not self._settings.is_guided or config not in self._card.configurations:
            return self._settings.is_guided
        try:
            denoiser = allowed_files.read_json(self._card.folder / config, self._card.name)
        except ModelError:  # it was moved meanwhile, which painting reports
            return True
        return not is_guidance_an_input(denoiser)

    @property
    def _divides(self) -> bool:
        """Whether longer texts are read in pieces (`evolve.rendering.pipeline.long_texts`)."""
        limits = {encoder.limit for encoder in self.encoders}
        return self._card.denoiser == "unet" and limits == {CLIP_READS}

    def line(self, prompt: Prompt) -> str:
        """Return a line about words of a prompt that are not read; empty if all are."""
        unread: dict[str, None] = {}
        for text in self.texts(prompt):
            cut = self.beyond(text)
            if len(cut) == len(self.encoders) and cut:
                least = min((words for _, words in cut), key=len)
                unread[f"'{_shown(least)}'"] = None
            elif cut:
                numbers = " and ".join(str(n) for n, _ in cut)
                most = max((words for _, words in cut), key=len)
                unread[f"'{_shown(most)}' (text encoder {numbers} of {len(self.encoders)})"] = None
        if not unread:
            return ""
        limits = " and ".join(str(n) for n in sorted({e.limit for e in self.encoders}))
        return (
            f"{self._card.name} does not read {', '.join(list(unread)[:3])}: "
            f"its limit is {limits} tokens, so leave out what matters least"
        )


def beyond_remark(card: ModelCard, prompt: Prompt, settings: Settings | None = None) -> str:
    """Return a line about words of a prompt that a model does not read; empty if it reads all.

    What is read depends on whether the settings have guidance; default: those of the model.
    """
    return Reach(card, settings).line(prompt)


def _shown(words: str) -> str:
    """Return words, with the middle left out if they are many."""
    if len(words) <= _SHOWN:
        return words
    first, last = words[: _SHOWN // 2].rsplit(maxsplit=1), words[-_SHOWN // 2 :].split(maxsplit=1)
    return f"{first[0]} … {last[-1]}"


def _encoders(card: ModelCard) -> Iterator[TextEncoder]:
    for config in sorted(card.configurations):
        part, _, name = config.partition("/")
        if name != "tokenizer_config.json" or not part.startswith("tokenizer"):
            continue
        # Libraries raise anything for a damaged tokenizer, which loading the model reports.
        with contextlib.suppress(Exception), ordinary_errors():
            stated = allowed_files.read_json(card.folder / config, card.name)
            beside = f"{part.replace('tokenizer', 'text_encoder')}/config.json"
            known = beside in card.configurations
            encoder = allowed_files.read_json(card.folder / beside, card.name) if known else {}
            kind = str(stated.get("tokenizer_class"))
            asked = 0 if "CLIP" in kind else asked_length(card.pipeline)
            length = asked or stated.get("model_max_length")
            if 0 < (limit := limit_of(length, encoder.get("max_position_embeddings"))) < UNLIMITED:
                # No other files: a stranger's folder may hold pipes, which would be waited for.
                files = [each for each in card.configurations if each.startswith(f"{part}/")]
                with staging.staged(card.folder, files) as folder:
                    tokenizer = _tokenizer(folder / part, kind)
                yield TextEncoder(tokenizer, limit)


def limit_of(stated: Any, positions: Any) -> int:
    """Return how many tokens of a text are read; 0 if unknown.

    That is the `model_max_length` which a tokenizer states, or the `max_position_embeddings` of its
    encoder, which has no more places.
    """
    limits = [stated] if type(stated) is int and 0 < stated < UNLIMITED else []
    if type(positions) is int and positions > 0:
        limits.append(positions)
    return min(limits, default=0)


def asked_length(pipeline: str) -> int:
    """Return the `max_sequence_length` that a pipeline of diffusers is called with, 0 if none."""
    call = class_source(pipeline).partition("def __call__(")[2].partition(") ->")[0][:8000]
    limit = re.search(r"max_sequence_length: int = (\d+)", call)
    return int(limit[1]) if limit else 0


def divided_as_by_clip() -> Any:
    """Return what divides a text into words before they are looked up, for a `Tokenizer`."""
    from tokenizers import Regex, pre_tokenizers

    words = pre_tokenizers.Split(Regex(_CLIP), behavior="removed", invert=True)
    return pre_tokenizers.Sequence([words, pre_tokenizers.ByteLevel(add_prefix_space=False)])


def _tokenizer(folder: Path, kind: str) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, processors

    whole = folder / "tokenizer.json"
    if whole.is_file():
        if whole.stat().st_size > LARGEST:
            raise ValueError("it is too large")
        tokenizer = Tokenizer.from_file(str(whole))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer
    if "CLIP" not in kind:
        from transformers import AutoTokenizer

        return AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    files = [folder / "vocab.json", folder / "merges.txt"]
    if any(file.stat().st_size > LARGEST for file in files):
        raise ValueError("it is too large")
    bpe = models.BPE.from_file(*map(str, files), end_of_word_suffix="</w>")
    tokenizer = Tokenizer(bpe)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = divided_as_by_clip()
    ends = ("<|endoftext|>", 1), ("<|startoftext|>", 0)
    tokenizer.post_processor = processors.RobertaProcessing(*ends, add_prefix_space=False)
    return tokenizer
