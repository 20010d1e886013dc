"""The words score: the reader of the embedded model finds in real art what its captions tell."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from benchmarks.portraits.held_out import held_out, pictures
from evolve.errors import GenomeError, ModelError
from evolve.genome import Genome, Prompt
from evolve.models.catalog import describe
from evolve.models.portraits.training.faces.attributes import CLASSES
from evolve.scoring.words import Words
from evolve.session.archive import Picture

PORTRAITS = describe("portraits")
COUNT = 10


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(PORTRAITS)


@pytest.fixture(scope="module")
def art() -> list[Picture]:
    """Held-out art with hair of different colours, glasses on some."""
    return list(pictures()[:COUNT])


def genome(prompt: str, negative: str = "") -> Genome:
    return Genome(np.zeros((8, 16, 16), np.float16), Prompt.parse(prompt, negative))


def test_a_picture_fits_its_own_words_better_than_those_of_others(
    words: Words, art: list[Picture]
) -> None:
    own = [genome(face.prompt) for face in held_out()[:COUNT]]
    right = words.score(art, own)
    wrong = words.score(art, own[1:] + own[:1])
    assert (right > wrong).mean() >= 0.9
    assert right.max() <= 0


def test_scores_do_not_depend_on_the_other_pictures(words: Words, art: list[Picture]) -> None:
    own = [genome("a man with glasses")] * 3
    together = words.score(art[:3], own)
    assert [words.score([picture], own[:1])[0] for picture in art[:3]] == pytest.approx(together)


def test_what_is_read_is_a_chance_of_every_value_and_near_for_pictures_that_show_the_same(
    words: Words, art: list[Picture]
) -> None:
    read = words.embed(art)
    assert read.shape[0] == COUNT
    assert (read**2).sum(1) == pytest.approx(len(CLASSES), abs=1e-3)  # 1 for every attribute
    lighter = [np.clip(picture.astype(int) + 4, 0, 255).astype(np.uint8) for picture in art]
    near = np.linalg.norm(words.embed(lighter) - read, axis=1)
    apart = np.linalg.norm(read[:, None] - read, axis=2)
    assert (near < np.where(apart == 0, np.inf, apart).min(1)).all()


def test_negations_turn_the_score_around(words: Words, art: list[Picture]) -> None:
    faces = held_out()[:COUNT]
    k = next(k for k, f in enumerate(faces) if f.seen["background"] == "yellow")
    there = genome("a face, yellow background")
    not_there = genome("a face, blue background", "yellow background")
    without = genome("a face, pink background", "blue background")
    one, two, three = words.score([art[k]] * 3, [there, not_there, without])
    assert one > three > two
    assert one > -0.1


def test_a_second_look_says_nearly_the_same_through_other_noise(
    words: Words, art: list[Picture]
) -> None:
    own = [genome(face.prompt) for face in held_out()[:4]]
    first, again = (scorer.score(art[:4], own) for scorer in (words, words.again()))
    assert words.again().name == words.name
    assert (first != again).all()
    assert first == pytest.approx(again, abs=0.5)


def test_what_asks_for_nothing_known_has_no_score_and_is_refused_as_a_text(
    words: Words, art: list[Picture]
) -> None:
    assert np.isnan(words.score(art[:1], [genome("a dragon")])).all()
    with pytest.raises(GenomeError, match="it cannot read whether 'winking' is missing, so use"):
        Words(PORTRAITS, text="winking")
    with pytest.raises(GenomeError, match="'a dragon' asks for nothing that portraits can read"):
        Words(PORTRAITS, text="a dragon")


def test_a_text_stands_for_all_prompts_and_is_in_the_name(art: list[Picture]) -> None:
    fixed = Words(PORTRAITS, text="glasses")
    assert fixed.name == "words:glasses"
    one, two = fixed.score(art[:1] * 2, [genome("red hair"), genome("a hat")])
    assert one == two


def test_a_model_without_a_reader_is_refused(tmp_path: Path) -> None:
    other = dataclasses.replace(PORTRAITS, name="other", folder=tmp_path)
    with pytest.raises(ModelError, match="'other' has no reader of pictures: use the fit"):
        Words(other)
