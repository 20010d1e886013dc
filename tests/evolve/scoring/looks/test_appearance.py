"""How a picture looks as a whole."""

import numpy as np
import pytest

from evolve.scoring.looks.appearance import FARTHEST, NAME, TRAITS, appearance_of, traits
from evolve.scoring.looks.embedding import APPEARANCE, KEY, READING, Embedding, looks

NAMES = [trait.words for trait in TRAITS]


def _picture(colour: tuple[int, int, int] = (120, 120, 120)) -> np.ndarray:
    return np.full((64, 64, 3), colour, np.uint8)


def _of(picture: np.ndarray) -> dict[str, float]:
    return dict(zip(NAMES, appearance_of(picture).vector.tolist(), strict=True))


def _halved(colour: tuple[int, int, int], axis: int) -> np.ndarray:
    picture = _picture((200, 200, 200)).swapaxes(0, axis)
    picture[:32] = colour
    return picture.swapaxes(0, axis)


@pytest.mark.parametrize(
    ("more", "less", "trait"),
    [
        (_picture((230, 230, 230)), _picture((40, 40, 40)), "bright pictures"),
        (_halved((20, 20, 20), 0), _picture((90, 90, 90)), "strong contrast"),
        (_picture((220, 30, 30)), _picture((120, 120, 120)), "strong colours"),
        (_picture((200, 140, 60)), _picture((60, 140, 200)), "warm colours"),
        (_halved((20, 20, 20), 0), _halved((20, 20, 20), 1), "symmetric pictures"),
    ],
)
def test_each_trait_is_more_where_the_eye_sees_more_of_it(
    more: np.ndarray, less: np.ndarray, trait: str
) -> None:
    assert _of(more)[trait] > _of(less)[trait] + 1


def test_stripes_are_much_detail_and_a_large_picture_looks_as_a_small_one() -> None:
    striped = _picture((60, 60, 60))
    striped[::4] = striped[1::4] = 200
    assert _of(striped)["much detail"] > _of(_picture())["much detail"] + 1
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    large = noise.repeat(8, 0).repeat(8, 1)
    alike = [name for name in NAMES if name != "much detail"]
    assert [_of(large)[name] for name in alike] == pytest.approx(
        [_of(noise)[name] for name in alike], abs=0.01
    )


def test_nothing_is_farther_than_what_counts_at_most() -> None:
    for colour in ((0, 0, 0), (255, 255, 255), (0, 0, 255), (255, 255, 0)):
        assert np.abs(appearance_of(_picture(colour)).vector).max() <= FARTHEST


def test_a_record_says_how_its_picture_looks_after_what_it_is_like() -> None:
    clip, read = (Embedding(name, np.ones(2, np.float16)) for name in ("clip", "reader"))
    seen = appearance_of(_picture())
    record = {APPEARANCE: seen.to_json(), READING: read.to_json(), KEY: clip.to_json()}
    assert [look.of for look in looks(record)] == ["clip", "reader", NAME]
    assert [look.of for look in looks({**record, READING: None})] == ["clip", NAME]
    assert not looks({APPEARANCE: seen.to_json()})


class Pictures:
    """The first has a record, the second a picture only, the third nothing."""

    def picture(self, individual: int) -> np.ndarray | None:
        return None if individual == 2 else _picture((10, 10, 10))

    def looks(self, individual: int) -> tuple[Embedding, ...]:
        return () if individual else (appearance_of(_picture((240, 240, 240))),)


def test_traits_of_pictures_without_a_record_are_those_of_the_picture() -> None:
    found = traits(Pictures(), [0, 1, 2])
    assert found[0, 0] > 1 > -1 > found[1, 0]
    assert np.isnan(found[2]).all()
