"""Digests of large files are kept as long as nothing of the files changed."""

import hashlib
import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from evolve.models.files import digests
from evolve.models.files.fingerprint import fingerprint


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that counts as large, and as one that was written long ago."""
    monkeypatch.setattr(digests, "user_cache_path", lambda name: tmp_path / name)
    monkeypatch.setattr(digests, "SMALL", 3)
    file = tmp_path / "weights"
    file.write_bytes(b"weights")
    monkeypatch.setattr(digests, "TICK_NS", -(10**12))
    return file


def hashed(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Count how many files are read from now on."""
    count: list[None] = []
    real = hashlib.file_digest

    def digest(*args: object) -> object:
        count.append(None)
        return real(*args)  # type: ignore[arg-type]

    counting = SimpleNamespace(file_digest=digest, sha256=hashlib.sha256)
    monkeypatch.setattr(digests, "hashlib", counting)
    return count


def test_a_large_file_is_read_once(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = hashed(monkeypatch)
    want = hashlib.sha256(b"weights").digest()
    assert [digests.sha256(old) for _ in range(3)] == [want] * 3
    assert len(read) == 1


def test_a_file_of_the_same_size_and_time_is_read_again_if_it_was_written(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests.sha256(old)
    before = old.stat()
    time.sleep(0.02)  # the clock of some kernels ticks every 10 ms
    old.write_bytes(b"WEIGHTS")
    os.utime(old, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert digests.sha256(old) == hashlib.sha256(b"WEIGHTS").digest()


def test_a_file_that_was_just_written_is_not_believed(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(digests, "user_cache_path", lambda name: old.parent / name)
    monkeypatch.setattr(digests, "SMALL", 3)
    read = hashed(monkeypatch)
    old.write_bytes(b"written")
    digests.sha256(old)
    digests.sha256(old)
    assert len(read) == 2


@pytest.mark.parametrize("kept", ["", "[]", '{"state": [], "sha256": "00"}', '{"sha256": 7}'])
def test_what_is_damaged_in_the_cache_is_read_anew(old: Path, kept: str) -> None:
    want = digests.sha256(old)
    (file,) = (old.parent / "fancier/digests").iterdir()
    file.write_text(kept)
    assert digests.sha256(old) == want


@pytest.mark.parametrize("name", ["0" * 64, f"{'x' * 52}.safetensors"])
def test_a_name_is_no_digest_outside_of_the_cache_of_the_hub(tmp_path: Path, name: str) -> None:
    file = tmp_path / "blobs" / name
    file.parent.mkdir()
    file.write_bytes(b"weights")
    content = hashlib.sha256(b"weights").digest()
    assert fingerprint([file]) == hashlib.sha256(content).hexdigest()
