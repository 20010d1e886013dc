"""Folders of diffusers pipelines as strangers may make them, described, loaded and painted with."""

import json
import os
import pickle
import random
import shutil
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import tiny
import torch
from crowds import work
from safetensors.torch import load_file, save_file

from benchmarks.fuzz import materials
from benchmarks.fuzz.model_files import CLASSES, CONFIGS, KEYS, WEIGHTS
from evolve.errors import ModelError
from evolve.genome import Genome, Prompt
from evolve.models.catalog import describe
from evolve.models.files.fingerprint import identity
from evolve.models.loading import load_model
from evolve.models.words.meanings import apart_remark
from evolve.models.words.reach import beyond_remark
from evolve.models.words.vocabulary import vocabulary_of
from evolve.rendering.protocol import Failed, Job
from evolve.scoring.clip import Clip

LARGEST_PIXELS = 128 * 128
"""Of pictures that are painted."""

LARGEST_BYTES = 10**7
"""Of files that are changed; none of the original is as large."""


class Target:
    """A folder with other configurations, weights, lists, links; sometimes with a LoRA."""

    def __init__(self, sandbox: Path) -> None:
        self._given, self._outside = sandbox / "given", sandbox / "outside"
        self._original = tiny.save(self._given / "original")
        self._model = self._given / "model"
        self._name = str(self._model)
        _use(str(self._original))  # so that all is imported

    def vary(self, random: random.Random) -> str:
        """Make another folder."""
        shutil.rmtree(self._model, ignore_errors=True)
        for file in self._given.glob("*.safetensors"):
            file.unlink()
        shutil.copytree(self._original, self._model)
        self._name = str(self._model)
        changes = [self._change(random) for _ in range(random.choice((1, 1, 1, 2, 3)))]
        return ", ".join(changes)

    def use(self) -> None:
        """Describe it, load it, paint with it."""
        _use(self._name)

    def _change(self, chance: random.Random) -> str:
        ways = (
            *(self._altered,) * 4,
            *(self._keyed,) * 6,
            *(self._classed, self._headed, self._bytes, self._shards, self._special, self._special),
            *(self._words, self._ours, self._lora, self._single, self._clip, self._beside),
        )
        return chance.choice(ways)(chance)

    def _altered(self, chance: random.Random) -> str:
        return self._rewrite(
            chance.choice(CONFIGS), lambda document: materials.altered(chance, document)
        )

    def _keyed(self, chance: random.Random) -> str:
        key = chance.choice(sorted(KEYS))
        value = chance.choice(KEYS[key])
        inner = chance.choice(("", "", "", "text_config", "vision_config"))
        return self._rewrite(
            chance.choice(CONFIGS),
            lambda document: {**document, **({inner: {key: value}} if inner else {key: value})},
            f"{inner}.{key}={str(value)[:40]}",
        )

    def _classed(self, chance: random.Random) -> str:
        parts = ("unet", "vae", "tokenizer", "text_encoder", "scheduler", "text_encoder_2")
        part = chance.choice((*parts, "transformer", "../outside", "clip", "", "a.b"))
        kind = chance.choice(CLASSES)
        return self._rewrite(
            "model_index.json", lambda document: {**document, part: kind}, f"{part} is {kind}"
        )

    def _headed(self, chance: random.Random) -> str:
        file = self._model / chance.choice(WEIGHTS)
        data = _read(file) or b"\2" + bytes(7) + b"{}"
        length = min(int.from_bytes(data[:8], "little"), len(data) - 8)
        try:
            document = json.loads(data[8 : 8 + length])
        except ValueError:
            document = {}
        changed = materials.dumped(materials.altered(chance, document))
        claimed = chance.choice((len(changed),) * 6 + (2**63, 0, len(data) * 2, len(changed) - 1))
        _put(file, struct.pack("<Q", claimed) + changed + data[8 + length :])
        return f"another header of {file.name}"

    def _bytes(self, chance: random.Random) -> str:
        file = self._model / chance.choice((*WEIGHTS, *CONFIGS, "tokenizer/tokenizer.json"))
        data = bytearray(_read(file) or b"{}")
        how = chance.choice(("cut", "flip", "zeros", "pickle", "empty", "longer"))
        if how == "cut":
            del data[chance.randrange(len(data) + 1) :]
        elif how == "flip":
            for _ in range(chance.choice((1, 20)) if data else 0):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        elif how == "zeros":
            data = bytearray(len(data))
        elif how == "pickle":
            data = bytearray(pickle.dumps(Bomb(str(self._outside / "diary"))))
        elif how == "empty":
            data.clear()
        else:
            data += chance.randbytes(100)
        _put(file, bytes(data))
        return f"{how} {file.name}"

    def _shards(self, chance: random.Random) -> str:
        file = self._model / chance.choice(WEIGHTS)
        if not file.is_file():
            return "no shards"
        try:
            tensors = load_file(file)
        except Exception:  # damaged before
            return "no shards"
        stem, count = file.stem, chance.choice((1, 1, 2, 5))
        names = [f"{stem}-{n + 1:05}-of-{count:05}.safetensors" for n in range(count)]
        for n, name in enumerate(names):
            some = {k: t for i, (k, t) in enumerate(tensors.items()) if i % count == n}
            if chance.random() < 0.1:
                some = tensors
            save_file(some, file.with_name(name), {"format": "pt"})
        torch.save(tensors, file.with_name("weights.bin"))
        named = ("weights.bin", "../x.safetensors", "/etc/passwd", f"{stem}.safetensors", "", "\0")
        listed: dict[str, Any] = {k: names[i % count] for i, k in enumerate(tensors)}
        if chance.random() < 0.7:
            for key in chance.sample(sorted(listed), chance.choice((1, len(listed)))):
                listed[key] = chance.choice((*named, 7, None, names[0]))
        if chance.random() < 0.7:
            file.unlink()
        index = chance.choice((f"{stem}.safetensors.index.json",) * 4 + (f"{stem}.bin.index.json",))
        document: Any = chance.choice(
            ({"weight_map": listed},) * 6 + ({}, [], {"weight_map": [listed]})
        )
        _put(file.with_name(index), materials.dumped(document))
        return f"{count} shards of {stem}, named in {index}"

    def _special(self, chance: random.Random) -> str:
        file = self._model / chance.choice(
            (
                *WEIGHTS,
                *CONFIGS,
                "README.md",
                "fancier.json",
                "vocabulary.json",
                "meanings.json",
                "unet",
                "clip",
                "tokenizer/merges.txt",
                "tokenizer/tokenizer.json",
                "unet/x.json",
                "tokenizer/a.jinja",
            )
        )
        _remove(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        how = chance.choice(
            ("pipe", "link", "link", "device", "circle", "folder", "sparse", "none")
        )
        if how == "pipe":
            os.mkfifo(file)
        elif how == "link":
            to = chance.choice((self._outside / "diary", self._outside, self._original, "../.."))
            file.symlink_to(to)
        elif how == "device":
            file.symlink_to(chance.choice(("/dev/zero", "/dev/stdin", "/proc/self/environ")))
        elif how == "circle":
            file.symlink_to(file)
        elif how == "folder":
            file.mkdir()
        elif how == "sparse":
            with file.open("wb") as stream:
                stream.truncate(chance.choice((10**8, 10**10, 10**13)))
        return f"{how} in place of {file.relative_to(self._model)}"

    def _words(self, chance: random.Random) -> str:
        file = self._model / "tokenizer" / chance.choice(("tokenizer.json", "vocab.json"))
        try:
            document = json.loads(_read(file))
        except ValueError:
            document = {}
        _put(file, materials.dumped(materials.altered(chance, document)))
        return f"another {file.name}"

    def _ours(self, chance: random.Random) -> str:
        document = {
            "licence": chance.choice(("mit", "\x1b[2J", None, 7, "x" * 10**5)),
            "description": chance.choice(("words", "\x1b]0;evil\x07", None, {})),
            "latent_rgb": chance.choice(([[0.1] * 3] * 4, [[1]], "x", None, [], [[1e400] * 3] * 4)),
            "defaults": {"steps": 2, "guidance_scale": 2.0, "sampler": "dpm++"},
            "examples": chance.choice((["a"], 7, None)),
        }
        _put(self._model / "fancier.json", materials.dumped(materials.altered(chance, document)))
        words = materials.altered(chance, {"hair": ["red", "blue"]})
        _put(self._model / "vocabulary.json", materials.dumped(words))
        together = {"ink": {"hat": ["cap"], "hair_colour": []}}
        phrases = {
            "style": {"ink": ["ink drawing"]},
            "hat": {"cap": ["a cap"], "hat": ["a hat"]},
            "hair_colour": {"red": ["red", "redhead"]},
        }
        meant = {"phrases": phrases, "seen": {"style": together}}
        _put(self._model / "meanings.json", materials.dumped(materials.altered(chance, meant)))
        return "words of its own"

    def _lora(self, chance: random.Random) -> str:
        file = self._given / "style.safetensors"
        path = "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q"
        rank = chance.choice((1, 4, 4, 0))
        tensors = {
            f"{path}.lora_A.weight": torch.zeros(rank, chance.choice((32, 32, 7))),
            f"{path}.lora_B.weight": torch.zeros(32, rank),
        }
        if chance.random() < 0.5:
            key = chance.choice(
                (
                    "evil",
                    "unet.x.lora_A.weight",
                    "lora_unet_x.alpha",
                    f"{path}.alpha",
                    "unet.__class__.lora_A.weight",
                    f"{path}.lora_A.bias",
                    "",
                )
            )
            tensors[key] = torch.tensor(chance.choice((1.0, float("nan"), 1e30)))
        metadata = chance.choice(
            ("{}", "[]", "{", '{"unet.lora_alpha": "x"}', '{"unet.lora_alpha": 1e999}')
        )
        save_file(tensors, file, {"lora_adapter_metadata": metadata, "format": "pt"})
        if chance.random() < 0.3:
            data = bytearray(file.read_bytes())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            file.write_bytes(data)
        self._name = f"{self._model}+{file}:{chance.choice(('1', '0.5', '99999'))}"
        return "with a LoRA"

    def _single(self, chance: random.Random) -> str:
        source = self._model / chance.choice(WEIGHTS)
        data = _read(source)
        if not data:
            return "no single file"
        file = self._given / "model.safetensors"
        file.write_bytes(data)
        self._name = str(file)
        return f"a single file like {source.name}"

    def _clip(self, chance: random.Random) -> str:
        folder = self._model / "clip"
        _remove(folder)
        folder.mkdir()
        for name in ("config.json", "model.safetensors"):
            shutil.copy(self._original / "text_encoder" / name, folder / name)
        _put(
            folder / "preprocessor_config.json",
            materials.dumped(
                materials.altered(chance, {"image_mean": [0.5] * 3, "image_std": [0.5] * 3})
            ),
        )
        return "with a CLIP"

    def _beside(self, chance: random.Random) -> str:
        file = self._model / chance.choice(
            (
                "unet/pytorch_model.bin",
                "text_encoder/adapter_config.json",
                "text_encoder/evil.py",
                "unet/diffusers.py",
                "pipeline.py",
                "text_encoder/generation_config.json",
                "text_encoder/adapter_model.safetensors",
                "tokenizer/chat_template.jinja",
                "tokenizer/added_tokens.json",
                "tokenizer/special_tokens_map.json",
                "unet/diffusion_pytorch_model.fp16.safetensors",
                "text_encoder/model.fp16.safetensors",
            )
        )
        code = f"open({str(self._outside / 'diary')!r}, 'w')\n".encode()
        bomb = pickle.dumps(Bomb(str(self._outside / "diary")))
        adapter = b'{"base_model_name_or_path": "evil/model", "peft_type": "LORA"}'
        _put(file, chance.choice((code, bomb, adapter, b"{}", b"")))
        return f"{file.name} beside it"

    def _rewrite(self, name: str, change: Any, what: str = "other values") -> str:
        file = self._model / name
        try:
            document = json.loads(_read(file))
        except ValueError:
            document = {}
        if file.is_file():
            _put(file, materials.dumped(change(document if isinstance(document, dict) else {})))
        return f"{what} in {name}"


class Bomb:
    """Empties a file where it is unpickled."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return open, (self.file, "w")


def _use(name: str) -> None:
    card = describe(name)
    vocabulary_of(card)
    words = Prompt.parse("ink drawing, a redhead, a hat, with glasses and a smile")
    assert "\n" not in apart_remark(card, words) + beyond_remark(card, words)
    assert "\n" not in card.licence
    loaded = load_model(name, device="cpu")
    assert loaded.info.record.items() >= identity(card).items()
    channels, height, width = card.latent
    if card.clip is not None:
        Clip(card.clip)
    if card.pixels[0] * card.pixels[1] > LARGEST_PIXELS:
        raise ModelError("too large to be painted here")
    noise = np.zeros((channels, height, width), np.float16)
    settings = replace(card.settings, steps=2)
    for event in work(loaded, Job(0, Genome(noise, Prompt.parse("a face"), settings))):
        if isinstance(event, Failed):
            raise ModelError(event.error)


def _read(file: Path) -> bytes:
    """Return what a file holds; nothing if it is none, or so large that a change before made it."""
    there = file.is_file() and file.stat().st_size <= LARGEST_BYTES
    return file.read_bytes() if there else b""


def _put(file: Path, data: bytes) -> None:
    if not file.parent.is_dir() or file.parent.is_symlink():
        _remove(file.parent)
        file.parent.mkdir(parents=True)
    _remove(file)
    file.write_bytes(data)


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file() or path.is_fifo():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
