"""Pictures one after the other: GIF and WebP by Pillow, MP4 where PyAV is installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from evolve.errors import ArchiveError
from evolve.session.archive import Picture
from populations.exchange.own_file import MARK, marked_exif

FRAMES_PER_SECOND = 12


def write_animation(file: Path, pictures: Sequence[Picture]) -> None:
    """Write a clip that goes through the pictures and back, so that it can be played in a loop.

    Args:
        file: Its suffix is the kind: `.gif`, `.webp` or `.mp4`.
        pictures: Two or more, of one size.

    Raises:
        ArchiveError: There is no such kind of clip, or a library is missing for it.
    """
    require_kind(file)
    _WRITERS[file.suffix.lower()](file, [*pictures, *pictures[-2:0:-1]])


def require_kind(file: Path) -> None:
    """Refuse a file that is no kind of clip, or for which a library is missing."""
    kind = file.suffix.lower()
    if kind not in _WRITERS:
        raise ArchiveError(
            f"'{file}' is not the name of an animation: end it with {', '.join(_WRITERS)}"
        )
    if kind == ".mp4":
        try:
            import av  # noqa: F401
        except ImportError:
            raise ArchiveError(
                "MP4 needs PyAV: install it with 'pip install \"fancier[video]\"', "
                "or write a .gif or .webp"
            ) from None


def _write_gif(file: Path, pictures: Sequence[Picture]) -> None:
    _write_pillow(file, pictures, {"comment": MARK.encode()})


def _write_webp(file: Path, pictures: Sequence[Picture]) -> None:
    _write_pillow(file, pictures, {"quality": 90, "method": 4, "exif": marked_exif()})


def _write_pillow(file: Path, pictures: Sequence[Picture], options: Mapping[str, Any]) -> None:
    first, *others = [Image.fromarray(picture) for picture in pictures]
    milliseconds = round(1000 / FRAMES_PER_SECOND)
    first.save(file, save_all=True, append_images=others, duration=milliseconds, loop=0, **options)


def _write_mp4(file: Path, pictures: Sequence[Picture]) -> None:
    import av

    height, width = (side - side % 2 for side in pictures[0].shape[:2])  # H.264 wants even sides
    with av.open(str(file), "w") as clip:
        clip.metadata["comment"] = MARK
        stream = clip.add_stream("libx264", rate=FRAMES_PER_SECOND, options={"crf": "16"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for picture in pictures:
            clip.mux(stream.encode(av.VideoFrame.from_ndarray(picture[:height, :width])))
        clip.mux(stream.encode())


_WRITERS: Mapping[str, Callable[[Path, Sequence[Picture]], None]] = {
    ".gif": _write_gif,
    ".webp": _write_webp,
    ".mp4": _write_mp4,
}
