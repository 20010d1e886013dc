"""The CLIP tokenizer of the embedded model: byte-level BPE fitted to our captions.

Nearly every caption word is one token; any other text falls back to smaller pieces and in the end
to bytes, so no prompt is refused.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

from evolve.models.portraits.training.words.known_words import vocabulary
from evolve.models.words.reach import divided_as_by_clip

POSITIONS = 64
SIZE = 2048  # tokens
START, END = "<|startoftext|>", "<|endoftext|>"


def fit_tokenizer(captions: list[str], folder: Path) -> None:
    """Writes vocab.json, merges.txt and the configuration that `CLIPTokenizer` reads."""
    bpe = Tokenizer(models.BPE(end_of_word_suffix="</w>", unk_token=END))
    bpe.normalizer = normalizers.Lowercase()
    bpe.pre_tokenizer = divided_as_by_clip()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    ends = [each + "</w>" for each in alphabet]
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE,
        min_frequency=2,
        initial_alphabet=alphabet,
        special_tokens=ends,  # else numbered by chance, which decides between equal merges
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    words = [word for topic in vocabulary().values() for word in topic]
    rng = random.Random(0)
    rng.shuffle(words)
    bpe.train_from_iterator(captions + words * 20, trainer)
    learnt = json.loads(bpe.to_str())["model"]
    # As in the original CLIP: bytes, bytes that end a word, merges in order, two special tokens.
    merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in learnt["merges"]]
    tokens = alphabet + ends + ["".join(m) for m in merges]
    tokens = [*dict.fromkeys(tokens), START, END]
    folder.mkdir(parents=True, exist_ok=True)
    vocab = {token: index for index, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    lines = ["#version: 0.2"] + [" ".join(m) for m in merges]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n")
    config = {
        "tokenizer_class": "CLIPTokenizer",
        "model_max_length": POSITIONS,
        "bos_token": START,
        "eos_token": END,
        "unk_token": END,
        "pad_token": END,
        "add_prefix_space": False,
        "do_lower_case": True,
        "errors": "replace",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1))


def read_tokenizer(folder: Path) -> CLIPTokenizer:
    """The tokenizer that was fitted into `folder`."""
    tokenizer: CLIPTokenizer = CLIPTokenizer.from_pretrained(folder)
    return tokenizer
