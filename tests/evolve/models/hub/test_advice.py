"""What libraries say when a model cannot be had, and what a person reads instead."""

import errno
import re
from pathlib import Path

import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from evolve.models.hub.advice import advice


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            OSError("Error no file named diffusion_pytorch_model.safetensors found in directory X"),
            "has no safetensors where they should be",
        ),
        (
            ValueError(
                "You are trying to load the model files of the `variant=fp16`, "
                "but no such modeling files are available."
            ),
            "has no weights of that variant",
        ),
        (
            OSError(
                "Cannot find an appropriate cached snapshot folder for the specified revision on "
                "the local disk and outgoing traffic has been disabled."
            ),
            "get the rest with 'fancier models --get'",
        ),
        (OSError("Cannot load model X: model is not fully cached locally"), "is not complete"),
        (
            ValueError("Pipeline <class> expected ['unet', 'vae'], but only {'vae'} were passed."),
            "lacks parts that its pipeline needs",
        ),
        (
            ValueError("AutoPipeline can't find a pipeline linked to X for None"),
            "upgrade diffusers",
        ),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), "choose a smaller model"),
        (MemoryError("Unable to allocate 9 bytes"), "choose a smaller model"),
        (
            ImportError("T5Tokenizer requires the SentencePiece library but"),
            "pip install sentencep",
        ),
        (ModuleNotFoundError("No module named 'timm'"), "needs the library timm: pip install timm"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "set HF_HOME to a folder of your own"),
        (LocalEntryNotFoundError("An error happened"), "the hub cannot be reached for model 'o/n'"),
        (OSError("Consistency check failed: file should be of size 9"), "was interrupted"),
        (KeyError("\n\nwhat\never"), "cannot be used: KeyError: "),
        (ValueError(""), "cannot be used: ValueError: no reason given"),
    ],
)
def test_every_message_becomes_one_line_with_a_cure(error: Exception, expected: str) -> None:
    line = advice("o/n", error)
    assert expected in line
    assert "model 'o/n'" in line
    assert "\n" not in line


def test_a_damaged_package_that_keeps_libraries_from_being_imported_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torn = tmp_path / "torn-1.0.dist-info"
    torn.mkdir()
    (torn / "METADATA").write_text("Metadata-Version: 2.1\nName: torn\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    error = TypeError("missing 1 required positional argument: 'value'")
    assert "positional argument" in advice("portraits", error)
    (torn / "entry_points.txt").write_text("[x]\nno equals sign\n")
    assert re.match(
        "the entry points of the package 'torn' cannot be read .*: install that package again",
        advice("portraits", error),
    )
