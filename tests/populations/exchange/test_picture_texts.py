"""Texts in picture files are found wherever they stand, in any encoding and of any size."""

from pathlib import Path

import pytest
from foreign_founders import TEXT, founder
from PIL import Image, PngImagePlugin

from evolve.genome import Prompt
from populations.exchange.importing import read
from populations.exchange.picture_texts import decoded


@pytest.mark.parametrize(
    "comment",
    [
        b"UNICODE\0" + TEXT.encode("utf-16-be"),
        b"UNICODE\0" + TEXT.encode("utf-16-le"),
        b"UNICODE\0\xff\xfe" + TEXT.encode("utf-16-le"),
        b"UNICODE\0\xfe\xff" + TEXT.encode("utf-16-be"),
        b"UNICODE\0" + TEXT.encode(),
        b"ASCII\0\0\0" + TEXT.encode(),
        b"\0" * 8 + TEXT.encode(),
        TEXT.encode(),
        TEXT.encode("utf-16-le") + b"\0\0",
        TEXT.encode().decode("latin-1"),
        TEXT,
        tuple(TEXT.encode()),
    ],
)
def test_comments_are_read_in_every_encoding(comment: object) -> None:
    assert decoded(comment) == TEXT


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".png"])
@pytest.mark.parametrize("inner", [True, False])
def test_comments_are_read_wherever_they_stand(suffix: str, inner: bool, tmp_path: Path) -> None:
    exif, comment = Image.Exif(), b"UNICODE\0" + TEXT.encode("utf-16-le")
    exif[0x0131] = "a program"
    if inner:
        exif.get_ifd(0x8769)[0x9286] = comment
    else:
        exif[0x9286] = comment
    file = tmp_path / f"a{suffix}"
    Image.new("RGB", (8, 8)).save(file, exif=exif)
    found, _ = founder(file)
    assert found.genome.prompt == Prompt.parse("a café 猫", "hat")


def test_texts_and_profiles_of_megabytes_do_not_keep_a_picture_out(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    image = Image.new("RGB", (8, 8), "red")
    image.putpixel((0, 0), (1, 2, 3))
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a" * 2_000_000, zip=True)
    image.save(file, pnginfo=info, icc_profile=b"\0" * 3_000_000)
    for plainly in (True, False):
        source = read(file, plainly=plainly)
        assert source.outside.image.getpixel((0, 0)) == (1, 2, 3)
    _, note = founder(file)
    assert "too large to be read" in note
