"""What is decompressed is measured before."""

import struct
from pathlib import Path

import google_crc32c
import numpy as np
import pytest
from numcodecs.zstd import Zstd
from small_population import rating

from evolve.errors import ArchiveError
from populations import Population
from populations.format.columns.chunks import decoder
from populations.format.columns.zstd_frames import content_size
from populations.format.schema import LARGEST_TEXTS, TABLES

ROOT = "population.zarr"


def frame(size: int) -> bytes:
    return bytes(Zstd(level=1).encode(bytes(size)))


class TestZstandard:
    """Rule: what is decompressed is one frame, of the size that the column must have."""

    @pytest.mark.parametrize("size", [1, 100, 255, 256, 300, 65791, 65792, 1 << 20, 3_000_000])
    def test_the_size_of_what_was_compressed_is_known(self, size: int) -> None:
        assert content_size(frame(size)) == size
        noise = np.random.default_rng(size).bytes(size)
        assert content_size(bytes(Zstd().encode(noise))) == size

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x28\xb5\x2f\xfd",
            frame(4096)[:-1],
            frame(4096) + b"\0",
            frame(4096) * 2,
            struct.pack("<II", 0x184D2A50, 4) + b"abcd" + frame(4096),
            frame(4096) + struct.pack("<II", 0x184D2A50, 0),
            b"\x28\xb5\x2f\xfd\x00\x58" + frame(4096)[6:],
        ],
    )
    def test_anything_but_one_whole_frame_is_refused(self, data: bytes) -> None:
        with pytest.raises(ValueError, match=r"^its? "):
            content_size(data)

    @pytest.mark.parametrize("name", ["events/kind", "events/info", "individuals/genome"])
    def test_a_chunk_that_is_larger_than_its_column_is_not_decompressed(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = frame(LARGEST_TEXTS + 1)
        chunk = body + google_crc32c.value(body).to_bytes(4, "little")
        assert len(chunk) < 200_000
        monkeypatch.setattr("populations.format.columns.chunks.Zstd", None)
        table, name = name.split("/")
        column = next(c for c in TABLES[table] if c.name == name)
        with pytest.raises(ValueError, match="unexpected size"):
            decoder(column)(chunk)

    def test_a_bomb_in_the_last_chunk_is_met_before_it_is_added_to(self, path: Path) -> None:
        body = frame(1024 * 4096 + 1)
        chunk = body + google_crc32c.value(body).to_bytes(4, "little")
        (path / ROOT / "events" / "info" / "c.0").write_bytes(chunk)  # nobody reads it to open
        with (
            Population.open(path) as population,
            pytest.raises(ArchiveError, match=r"events/info: file c\.0 cannot be read"),
        ):
            population.append([rating(2, 5)])
