import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from evolve.errors import GenomeError
from evolve.genome.masks import (
    Box,
    blobs,
    from_picture,
    grow,
    in_one_piece,
    located,
    mask_of,
    moved,
    shrink,
    stands_out,
    to_picture,
)

MASKS = arrays.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9)))


def spots(*cells: tuple[int, int], size: int = 16, height: float = 10.0) -> np.ndarray:
    """A map with `height` at some cells and a little everywhere."""
    difference = 0.1 * np.random.default_rng(0).random((size, size), dtype=np.float32)
    for cell in cells:
        difference[cell] += height
    return difference


def square(top: int, left: int, side: int) -> list[tuple[int, int]]:
    return [(top + y, left + x) for y in range(side) for x in range(side)]


def cells(mask: np.ndarray) -> list[tuple[int, int]]:
    return [(int(y), int(x)) for y, x in np.argwhere(mask)]


def test_a_place_is_the_cells_that_stand_out_and_a_ring() -> None:
    bare = located(spots(*square(9, 6, 3)), ring=0)
    assert cells(bare) == square(9, 6, 3)
    np.testing.assert_array_equal(located(spots(*square(9, 6, 3))), grow(bare))


def test_a_plain_is_taken_whole_and_a_peak_for_its_top() -> None:
    assert cells(located(spots(*square(2, 2, 10)), ring=0)) == square(2, 2, 10)
    y, x = np.mgrid[:16, :16]
    peak = 10 * np.exp(-((y - 8) ** 2 + (x - 7) ** 2) / 8).astype(np.float32)
    assert 2 < peak[located(peak, ring=0)].min() < 4


def test_both_of_two_blobs_are_kept_and_a_stray_cell_is_dropped() -> None:
    both = sorted([*square(7, 3, 3), *square(7, 10, 3)])
    difference = spots(*both, (1, 14))
    assert cells(located(difference, ring=0, lesser=0.2)) == both
    assert located(difference, ring=0, lesser=0)[1, 14]


def test_of_what_is_in_one_piece_the_largest_blob_alone_is_the_place() -> None:
    hat, moustache = square(1, 5, 4), [(11, 7), (11, 8), (12, 7)]
    difference = spots(*hat, *moustache)
    assert located(difference)[11, 7]
    np.testing.assert_array_equal(located(in_one_piece(difference)), located(spots(*hat)))
    flat = np.full((4, 4), 9, np.float32)
    assert in_one_piece(flat) is flat


def test_one_cell_that_dominates_does_not_hide_the_others() -> None:
    """Where a threshold at half of the largest value would leave a single cell."""
    difference = spots(*square(9, 6, 3), height=4)
    difference[10, 7] = 12
    assert located(difference, ring=0)[9:12, 6:9].all()


def test_a_place_takes_no_more_than_its_share_of_the_picture() -> None:
    plain = spots(*square(0, 0, 14))
    assert located(plain, ring=0).sum() <= plain.size / 2


def test_the_rings_of_a_place_leave_some_of_the_picture() -> None:
    """Of cells that lie scattered all over it, and of the smallest pictures."""
    scattered = [(y, x) for y in range(16) for x in range(y % 2, 16, 2)]
    plain = spots(*scattered) + np.linspace(0, 1, 16, dtype=np.float32)
    assert grow(located(plain, ring=0)).mean() > 0.75
    assert 0.5 < located(plain).mean() <= 2 / 3
    assert located(np.diag([9.0] * 3).astype(np.float32)).any()


def test_what_differs_nowhere_has_no_place() -> None:
    for difference in (np.full((4, 4), 9, np.float32), -spots((3, 3)), spots((3, 3), height=2)):
        with pytest.raises(GenomeError, match="nothing in the map of differences stands out"):
            located(difference)
        assert not stands_out(difference)
    assert stands_out(spots((3, 3)))


@pytest.mark.parametrize(
    "difference",
    [np.ones(4, np.float32), np.full((2, 2), np.nan, np.float32), np.ones((0, 3), np.float32)],
)
def test_what_is_no_map_is_refused(difference: np.ndarray) -> None:
    with pytest.raises(GenomeError, match="must be finite and of shape"):
        located(difference)


@settings(max_examples=30, deadline=None)
@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 12), st.integers(1, 12)),
        elements=st.floats(-1e6, 1e6, width=32),
    )
)
def test_any_map_has_a_place_of_bounded_size_or_is_refused(difference: np.ndarray) -> None:
    try:
        mask = located(difference, ring=0)
    except GenomeError:
        return
    assert mask.any()
    assert mask.sum() <= max(1, 0.5 * mask.size)


@settings(max_examples=30, deadline=None)
@given(MASKS)
def test_blobs_are_apart_and_together_the_mask(mask: np.ndarray) -> None:
    parts = blobs(mask)
    np.testing.assert_array_equal(sum((p.astype(int) for p in parts), np.zeros(mask.shape)), mask)
    for k, part in enumerate(parts):
        around = np.pad(part, 1)
        near = np.lib.stride_tricks.sliding_window_view(around, (3, 3)).any((2, 3))
        assert not any((near & other).any() for other in parts[k + 1 :])


def test_shrinking_undoes_growing_where_there_is_room() -> None:
    mask = np.zeros((9, 9), bool)
    mask[4, 3:6] = True
    assert grow(mask).sum() == 3 + 8
    np.testing.assert_array_equal(shrink(grow(mask, 2), 2), mask)


def test_a_mask_does_not_shrink_to_nothing() -> None:
    mask = np.zeros((5, 5), bool)
    mask[2, 2] = True
    np.testing.assert_array_equal(shrink(mask, 3), mask)


@settings(max_examples=30, deadline=None)
@given(MASKS, st.integers(-12, 12), st.integers(-12, 12))
def test_a_mask_moves_to_the_border_and_loses_nothing(
    mask: np.ndarray, down: int, right: int
) -> None:
    there = moved(mask, down, right)
    assert there.sum() == mask.sum()
    np.testing.assert_array_equal(moved(there, -99, -99), moved(mask, -99, -99))


def test_a_mask_moves_by_cells() -> None:
    mask = np.zeros((5, 5), bool)
    mask[1, 1] = True
    assert moved(mask, 2, 3)[3, 4]
    assert moved(mask, 2, 30)[3, 4]


@settings(max_examples=30, deadline=None)
@given(MASKS.filter(np.any), st.integers(1, 5))
def test_a_mask_survives_as_a_picture(mask: np.ndarray, scale: int) -> None:
    size = (mask.shape[0] * scale, mask.shape[1] * scale)
    picture = to_picture(mask, size)
    assert picture.shape == size
    assert set(np.unique(picture)) <= {0, 255}
    np.testing.assert_array_equal(from_picture(picture, mask.shape), mask)


def test_a_cell_that_is_touched_is_free() -> None:
    pixels = np.zeros((32, 32), np.uint8)
    pixels[7, 7] = 128  # a corner of the first cell
    pixels[8:16, 8:13] = 255  # most of another
    touched = from_picture(pixels, (4, 4))
    assert np.argwhere(touched).tolist() == [[0, 0], [1, 1]]


def test_a_picture_of_another_size_with_the_same_proportions_is_read() -> None:
    pixels = np.zeros((50, 75), np.uint8)
    pixels[:25, :25] = 200
    mask = from_picture(pixels, (4, 6))
    expected = np.zeros((4, 6), bool)
    expected[:2, :2] = True
    np.testing.assert_array_equal(mask, expected)


@pytest.mark.parametrize(
    ("size", "why"),
    [
        ((64, 64), "nothing white"),
        ((3, 3), "too small"),
        ((64, 128), "not have the proportions"),
        ((8, 8, 3), "must be a grey picture"),
    ],
)
def test_pictures_that_are_no_mask_are_refused(size: tuple[int, ...], why: str) -> None:
    with pytest.raises(GenomeError, match=why):
        from_picture(np.full(size, 127, np.uint8), (4, 4))


def test_a_picture_that_does_not_divide_into_cells_is_refused() -> None:
    with pytest.raises(GenomeError, match="does not divide into"):
        to_picture(np.ones((4, 4), bool), (30, 32))


def test_a_box_becomes_the_mask_of_every_cell_it_touches() -> None:
    mask = mask_of((0.3, 0.5, 0.6, 0.76), (4, 10))
    assert mask[:, 3:6].all(1).tolist() == [False, False, True, True]
    assert mask.sum() == 6
    assert mask_of((0.5, 0.5, 0.5001, 0.5001), (4, 10)).sum() == 1


@pytest.mark.parametrize("box", [(0.5, 0, 0.5, 1), (0, 0.6, 1, 0.4), (0, 0, 1.2, 1)])
def test_a_box_that_is_no_part_of_the_picture_is_refused(box: Box) -> None:
    with pytest.raises(GenomeError, match="is not inside the picture"):
        mask_of(box, (4, 4))
