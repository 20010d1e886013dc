import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from evolve.errors import ArchiveError
from populations.exchange.animation import write_animation

SHADES = [np.full((17, 16, 3), 60 * n, np.uint8) for n in range(4)]


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_a_clip_goes_there_and_back_for_ever(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"walk{suffix}"
    write_animation(file, SHADES)
    with Image.open(file) as clip:
        assert clip.info["loop"] == 0
        seen = []
        for n in range(clip.n_frames):  # type: ignore[attr-defined]
            clip.seek(n)
            seen.append(int(np.asarray(clip.convert("RGB")).mean()))
    np.testing.assert_allclose(seen, [0, 60, 120, 180, 120, 60], atol=4)


def test_mp4_has_even_sides(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    write_animation(tmp_path / "walk.mp4", SHADES)
    with av.open(str(tmp_path / "walk.mp4")) as clip:
        frames = [frame.to_ndarray(format="rgb24") for frame in clip.decode(video=0)]
    assert [frame.shape for frame in frames] == [(16, 16, 3)] * 6
    np.testing.assert_allclose([f.mean() for f in frames], [0, 60, 120, 180, 120, 60], atol=6)


def test_what_is_no_clip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ArchiveError, match=r"walk\.png' is not the name of an animation: .*\.gif, \.webp, \.mp4"
    ):
        write_animation(tmp_path / "walk.png", SHADES)


def test_mp4_without_its_library_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ArchiveError, match=r"install it with .*fancier\[video\]"):
        write_animation(tmp_path / "walk.mp4", SHADES)
    assert not list(tmp_path.iterdir())
