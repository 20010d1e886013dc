"""What InvokeAI writes into its pictures: `invokeai_metadata`, and before that `sd-metadata`.

The oldest ones have only `Dream`: the prompt with the options of a command line.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from populations.parameters import emphasised, plain
from populations.told import Told

KEYS = ("invokeai_metadata", "sd-metadata", "Dream")
"""Keywords of the text chunks, the newest first."""

_SAMPLERS = {"dpmpp_2m": "dpm++", "euler": "euler", "unipc": "unipc", "deis": "deis"}
_OPTIONS = {"-s": "steps", "-S": "seed", "-W": "width", "-H": "height", "-C": "cfg_scale"}


def read(texts: Mapping[str, str]) -> Told | None:
    """Read the texts of a picture; None if InvokeAI did not write them.

    Raises:
        ValueError, KeyError, TypeError: They are damaged.
    """
    if "invokeai_metadata" in texts:
        data = json.loads(texts["invokeai_metadata"])
        return _told(data, data["positive_prompt"], data.get("negative_prompt"), "scheduler")
    if "sd-metadata" in texts:
        data = json.loads(texts["sd-metadata"])["image"]
        words = data["prompt"]
        text = words if isinstance(words, str) else ", ".join(str(w["prompt"]) for w in words)
        return _told(data, *_divided(text), "sampler")
    if "Dream" in texts:
        words, *options = shlex.split(texts["Dream"])
        given = dict(zip(options[::2], options[1::2], strict=False))
        data = {name: given[key] for key, name in _OPTIONS.items() if key in given}
        return _told({**data, "sampler": given.get("-A")}, *_divided(words), "sampler")
    return None


def _told(data: Mapping[str, Any], prompt: str, negative: str | None, sampler: str) -> Told:
    # Until version 3 the noise was drawn where the model was, and the sampler was called so.
    modern = sampler == "scheduler"
    name = str(data.get(sampler) or "")
    words, without = _bare(str(prompt)), _bare(str(negative or ""))
    notes = emphasised(words + without)
    if data.get("variations"):
        notes.append("its variations are left out")
    sized = "width" in data and "height" in data
    return Told(
        tool="InvokeAI",
        prompt=plain(words),
        negative=plain(without),
        seed=int(data["seed"]),
        source="cpu" if modern and data.get("rand_device", "cpu") == "cpu" else "cuda",
        steps=int(data["steps"]) if "steps" in data else None,
        sampler=_SAMPLERS.get(name.removeprefix("k_").removesuffix("_k")),
        sampler_name=name,
        guidance=float(data["cfg_scale"]) if "cfg_scale" in data else None,
        size=(int(data["width"]), int(data["height"])) if sized else None,
        notes=tuple(notes),
    )


def _divided(text: str) -> tuple[str, str]:
    """Return a prompt and what stands in it in [brackets], which was not to be painted."""
    without = re.findall(r"\[([^\[\]]*)\]", text)
    return re.sub(r"\[[^\[\]]*\]", "", text), ", ".join(without)


def _bare(text: str) -> str:
    """Return a prompt with its emphasis, `word++` or `(words)1.3`, written as `(words)`."""
    return re.sub(r"(?<=\w)[+-]{1,9}(?=[\s,)]|$)", "()", re.sub(r"(?<=\))[\d.+-]{1,9}", "", text))
