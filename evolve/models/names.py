"""Names of models: what a person types.

A model is the embedded `portraits`, `owner/name[@revision]` on the hub, a folder, or a single
`.safetensors` file. Behind a plus may stand a LoRA, a file or on the hub, with its weight:
`owner/name+style.safetensors:0.8`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from evolve.errors import ModelError

_HUB = re.compile(
    r"(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)(?P<file>(/[\w. -]+)+\.safetensors)?"
    r"(@(?P<revision>[\w./-]+))?",
    re.ASCII,
)
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class HubName:
    """A repository on the hub, at a revision."""

    repo: str
    revision: str = "main"
    file: str = ""
    """A file in it, for a LoRA; empty for the whole."""

    @classmethod
    def parse(cls, text: str) -> HubName | None:
        """Read `owner/name[/file.safetensors][@revision]`; None if it is nothing like that."""
        found = _HUB.fullmatch(text)
        if found is None or ".." in text or "--" in found["repo"]:
            return None
        return cls(found["repo"], found["revision"] or "main", (found["file"] or "").lstrip("/"))

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
    lora: str = ""
    weight: float = 1.0
    """Of the LoRA, for founders; it is a gene, so that it stands in genomes and not in names."""

    @classmethod
    def parse(cls, text: str) -> ModelName:
        """Read `MODEL[+LORA[:WEIGHT]]`.

        Raises:
            ModelError: There is no model before the plus, or no LoRA behind it.
        """
        text = text.strip()
        base, plus, lora = (part.strip() for part in text.partition("+"))
        if not plus or local(text) is not None:  # a folder may have a plus in its name
            return cls(text)
        weighted = re.fullmatch(r"(?P<lora>.+):(?P<weight>\d+(\.\d+)?)", lora)
        if not base or not lora:
            raise ModelError(f"'{text}' is not MODEL+LORA: name both, like owner/name+style:0.8")
        return (
            cls(base, weighted["lora"], float(weighted["weight"])) if weighted else cls(base, lora)
        )


def is_meant(recorded: str, asked: str) -> bool:
    """Return whether `asked` may mean the recorded model: on the hub at whatever commit."""
    old, new = ModelName.parse(recorded), ModelName.parse(asked)
    return _is_meant(old.base, new.base) and _is_meant(old.lora, new.lora)


def _is_meant(recorded: str, asked: str) -> bool:
    old, new = HubName.parse(recorded), HubName.parse(asked)
    if old is None or new is None or local(asked) is not None:
        return recorded == asked
    at_any = new.revision in ("main", old.revision)
    return at_any and old.repo == new.repo and new.file in ("", old.file)


def local(text: str) -> Path | None:
    """Return the absolute path of a file or folder that is there, or None."""
    try:
        path = Path(text).expanduser().resolve()
        return path if path.exists() else None
    except (OSError, RuntimeError, ValueError):  # an unknown ~user, or no path at all
        return None
