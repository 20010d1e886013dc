"""Pictures made smaller without losing their thin lines."""

import numpy as np
import pytest
from PIL import Image

from tui.drawing.shrinking import shrink, shrunk

SKIN, LINE = 200, 20


def lined(size: int, width: int) -> np.ndarray:
    """A bright picture with one dark line across."""
    pixels = np.full((size, size, 3), SKIN, np.uint8)
    pixels[size // 2 : size // 2 + width] = LINE
    return pixels


@pytest.mark.parametrize(("size", "width"), [(128, 1), (256, 2), (1024, 4)])
def test_a_thin_line_keeps_more_contrast_than_in_an_area_mean(size, width):
    pixels = lined(size, width)
    mean = np.asarray(Image.fromarray(pixels).resize((32, 32), Image.Resampling.BOX))
    ours = shrunk(pixels, 32, 32)
    assert SKIN - int(ours.min()) > 1.4 * (SKIN - int(mean.min()))


def test_red_lines_on_skin_as_bright_as_they_are_kept():
    pixels = np.full((128, 128, 3), (150, 110, 110), np.uint8)
    pixels[64] = (255, 57, 57)
    mean = np.asarray(Image.fromarray(pixels).resize((32, 32), Image.Resampling.BOX))
    assert shrunk(pixels, 32, 32)[..., 0].max() > mean[..., 0].max() + 20


def test_flat_pictures_stay_what_they_are():
    pixels = np.full((100, 70, 3), (12, 200, 255), np.uint8)
    assert (shrunk(pixels, 20, 30) == pixels[:30, :20]).all()


def test_noise_is_averaged_nearly_as_well_as_by_a_mean():
    noise = np.random.default_rng(0).normal(128, 8, (128, 128, 1)).clip(0, 255)
    pixels = np.repeat(noise.astype(np.uint8), 3, 2)
    assert shrunk(pixels, 32, 32).std() < 0.5 * pixels.std()


@pytest.mark.parametrize(
    ("size", "to"),
    [((1, 1), (7, 3)), ((128, 128), (60, 30)), ((3, 500), (40, 1)), ((513, 257), (99, 99))],
)
def test_any_size_becomes_any_other(size, to):
    small = shrunk(np.zeros((*size, 3), np.uint8), *to)
    assert (small.shape, small.dtype) == ((to[1], to[0], 3), np.uint8)


def test_pictures_kept_for_the_gallery_keep_their_lines():
    small = shrink(lined(1024, 2), 256)
    assert small.shape == (256, 256, 3)
    assert SKIN - int(small.min()) > 0.6 * (SKIN - LINE)
