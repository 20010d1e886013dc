"""Names of models, as a person types them.

A model is the embedded `portraits`, `owner/name[@revision]` on the hub, a folder, or a single
`.safetensors` file. LoRAs follow after plus signs, each a file or on the hub, perhaps with a
weight: `owner/name+style.safetensors:0.8+owner/hands:-0.5`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from evolve.errors import ModelError
from evolve.genome.settings import LORAS

_HUB = re.compile(
    r"(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?P<file>(/[\w. -]+)+\.safetensors)?"
    r"(@(?P<revision>[\w./-]+))?",
    re.ASCII,
)
_ADDRESS = re.compile(
    r"https?://"
    r"((www\.)?(huggingface\.co|hf\.co)/(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*))?",
    re.ASCII,
)
_COMMIT = re.compile(r"[0-9a-f]{40}")

_PLUSES = 64
"""Pluses that a name may have: each may be part of a path, and every way to read them is tried."""


@dataclass(frozen=True, slots=True)
class HubName:
    """A repository on the hub, at a revision."""

    repo: str
    revision: str = "main"
    file: str = ""
    """A file in it, for a LoRA; empty for the whole repository."""

    @classmethod
    def parse(cls, text: str) -> HubName | None:
        """Read `owner/name[/file.safetensors][@revision]`; return None for any other text."""
        match = _HUB.fullmatch(text)
        if match is None or ".." in text or "--" in match["repo"]:
            return None
        return cls(match["repo"], match["revision"] or "main", (match["file"] or "").lstrip("/"))

    @property
    def pinned(self) -> bool:
        """Whether the revision is a commit, which never changes."""
        return _COMMIT.fullmatch(self.revision) is not None

    def __str__(self) -> str:
        path = f"{self.repo}/{self.file}" if self.file else self.repo
        return path if self.revision == "main" else f"{path}@{self.revision}"


@dataclass(frozen=True, slots=True)
class ModelName:
    """The parts of a model's name."""

    base: str
    loras: tuple[str, ...] = ()
    """At most as many as there are genes for their weights."""
    weights: tuple[float, ...] = ()
    """Weight of each LoRA for founders: a gene, so that it is in genomes and not in names."""

    @classmethod
    def parse(cls, text: str) -> ModelName:
        """Read `MODEL[+LORA[:WEIGHT]]...`.

        Raises:
            ModelError: A model or LoRA is missing beside a plus, or there are too many LoRAs.
        """
        if (pluses := text.count("+")) > _PLUSES:
            raise ModelError(f"the name of a model has {pluses} pluses: use at most {_PLUSES}")
        base, *loras = _parts(text.strip())
        if not all((base, *loras)):
            raise ModelError(f"'{text}' is not MODEL+LORA: name both, like owner/name+style:0.8")
        if len(loras) > len(LORAS):
            raise ModelError(f"'{text}' names {len(loras)} LoRAs: use at most {len(LORAS)}")
        weighted = [_weighted(lora) for lora in loras]
        return cls(base, tuple(n for n, _ in weighted), tuple(w for _, w in weighted))


def _parts(text: str) -> list[str]:
    """Return the parts between pluses; a plus in a path that exists does not divide."""
    pieces = text.split("+")
    parts = []
    while pieces:
        ends = range(len(pieces), 1, -1)
        joined = ((end, "+".join(pieces[:end]).strip()) for end in ends)
        end = next((end for end, name in joined if local(_weighted(name)[0]) is not None), 1)
        parts.append("+".join(pieces[:end]).strip())
        pieces = pieces[end:]
    return parts


def _weighted(lora: str) -> tuple[str, float]:
    """Return a LoRA's name and weight; 1 if none is given."""
    found = re.fullmatch(r"(?P<lora>.+):(?P<weight>-?\d+(\.\d+)?)", lora)
    return (found["lora"], float(found["weight"])) if found else (lora, 1.0)


def is_meant(recorded: str, asked: str) -> bool:
    """Return whether `asked` may mean the recorded model, on the hub at any commit."""
    old, new = ModelName.parse(recorded), ModelName.parse(asked)
    pairs = zip_longest((old.base, *old.loras), (new.base, *new.loras), fillvalue="")
    return all(_is_meant(recorded, asked) for recorded, asked in pairs)


def _is_meant(recorded: str, asked: str) -> bool:
    old, new = HubName.parse(recorded), HubName.parse(asked)
    if old is None or new is None or local(asked) is not None:
        return recorded == asked
    at_any = new.revision in ("main", old.revision)
    return at_any and old.repo == new.repo and new.file in ("", old.file)


def advice_on_address(text: str) -> str:
    """Return what to type instead of a web address; empty if the text is none."""
    if not (found := _ADDRESS.match(text)):
        return ""
    if found["repo"]:
        return f"'{text}' is an address: name it as {found['repo']}"
    return f"'{text}' is an address: download the .safetensors file yourself, and name its path"


def local(text: str) -> Path | None:
    """Return the absolute path of a file or folder that exists, or None."""
    try:
        path = Path(text).expanduser().resolve()
        return path if path.exists() else None
    except (OSError, RuntimeError, ValueError):  # an unknown ~user, or no path at all
        return None
