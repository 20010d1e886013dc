"""A saved population, bred and painted without a terminal."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeRenderer
from PIL import Image

from evolve.errors import ArchiveError, GenomeError, LockedError, ModelError, RenderError
from evolve.genome.edit import Base
from evolve.models.catalog import describe
from evolve.models.machine import trials
from evolve.rendering.protocol import Broken, RenderEvent, Stepped
from evolve.scoring.looks.distance import Distances
from evolve.session.archive import Judgement
from populations import Studio, create_population, open_population
from populations.studio import new
from populations.studio.opening import open_saved


class Starting:
    """Starts fake renderers, and counts them."""

    def __init__(self, make: Callable[[], FakeRenderer] = FakeRenderer) -> None:
        self.make, self.started = make, list[FakeRenderer]()

    def __call__(self) -> FakeRenderer:
        self.started.append(self.make())
        return self.started[-1]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("original")
    create_population("faces", "a woman", home=home, page=4, seed=1).close()
    return home


def test_every_picture_of_a_folder_starts_a_founder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "photos").mkdir()
    for n in range(5):
        Image.new("RGB", (8, 8), (50 * n, 0, 0)).save(home / "photos" / f"{n}.png")
    noise = np.zeros(describe("portraits").latent, np.float16)
    monkeypatch.setattr(new, "encoder", lambda _: nullcontext(lambda shown: Base(noise, shown)))
    for page, count in ((3, 5), (7, 7)):
        name = f"page of {page}"
        with create_population(name, "a man", home=home, page=page, images=[home / "photos"]) as s:
            files = [s.population.births()[i].origin.params["file"] for i in s.population.ids()]
        assert files == [f"{n % 5}.png" for n in range(count)]


def studio_at(home: Path, start: Callable[[], object], **options: str) -> Studio:
    return Studio(open_saved(home, "faces"), start_renderer=start, **options)


def test_a_picture_is_saved_before_it_is_handed_over(home: Path) -> None:
    with studio_at(home, Starting()) as studio:
        for picture in studio.paint():
            saved = studio.population.picture(picture.individual)
            assert np.array_equal(saved, picture.picture)
            assert np.array_equal(saved, np.asarray(picture.image))
        assert studio.population.unpainted() == []


def test_what_words_do_is_painted_and_not_saved(tmp_path: Path) -> None:
    words = "a woman | red hair | a hat :0 | glasses :-0.5"
    create_population("faces", words, home=tmp_path, page=4, seed=1).close()
    with studio_at(tmp_path, start := Starting()) as studio:
        assert [*studio.word_effects(1)] == ["red hair", "glasses"]
        assert len(start.started[0].painted) == 3
        assert studio.population.picture(1) is None
        with pytest.raises(GenomeError, match=r"there is no individual 9"):
            studio.word_effects(9)


@pytest.mark.parametrize("use", ["base_of", "word_effects"])
def test_what_takes_an_id_takes_the_individual_that_was_bred(home: Path, use: str) -> None:
    with studio_at(home, Starting()) as studio:
        (one,) = studio.newcomers(1)
        assert getattr(studio, use)(one) == getattr(studio, use)(one.id)


def test_what_a_notebook_shows_of_a_page_has_no_arrays_in_it(home: Path) -> None:
    with studio_at(home, Starting()) as studio:
        assert [len(repr(each)) < 1000 for each in studio.paint()] == [True] * 4
        page = studio.breed(2, parents=[0], region=(0.2, 0.2, 0.6, 0.6))
        assert "a woman" in repr(page)
        assert "array" not in repr(page)


def test_leaving_the_loop_stops_painting_and_keeps_what_is_done(home: Path) -> None:
    start = Starting()
    with studio_at(home, start) as studio:
        done = next(studio.paint()).individual
        again = [picture.individual for picture in studio.paint()]
    assert sorted([done, *again]) == [0, 1, 2, 3]
    assert start.started[0].painted == [done, *again]
    assert [renderer.closed for renderer in start.started] == [1]


def test_one_that_cannot_be_painted_says_why_and_the_others_are_painted(home: Path) -> None:
    with studio_at(home, Starting(lambda: FakeRenderer(poison=[2]))) as studio:
        pictures = {picture.individual: picture for picture in studio.paint()}
        assert sorted(pictures) == [0, 1, 2, 3]
        with pytest.raises(RenderError, match="individual 2 could not be painted: poison"):
            _ = pictures[2].image
        assert studio.population.failed() == {2: "poison"}


def test_nothing_is_started_where_there_is_nothing_to_paint(home: Path) -> None:
    start = Starting()
    with studio_at(home, start) as studio:
        assert list(studio.paint([])) == []
    assert not start.started


def test_steps_are_reported_as_they_happen(home: Path) -> None:
    events: list[RenderEvent] = []
    with studio_at(home, Starting()) as studio:
        list(studio.paint([1], on_event=events.append))
    assert [event.id for event in events if isinstance(event, Stepped)] == [1]


def test_after_a_renderer_that_cannot_work_another_is_started(home: Path) -> None:
    class Dead(FakeRenderer):
        def poll(self, timeout: float) -> list[RenderEvent]:
            return [Broken("no memory")]

    kinds = iter([Dead, FakeRenderer])
    start = Starting(lambda: next(kinds)())
    with studio_at(home, start) as studio:
        with pytest.raises(RenderError, match="no memory"):
            list(studio.paint())
        assert len(list(studio.paint())) == 4
    assert [renderer.closed for renderer in start.started] == [1, 1]


def test_what_is_rated_decides_who_is_bred(home: Path) -> None:
    with studio_at(home, Starting()) as studio:
        studio.rate({2: 5, 0: 1})
        page = studio.breed(8)
    assert Counter(i.parents[0] for i in page if i.parents).most_common(1)[0][0] == 2
    assert not {1, 3} & {parent for i in page for parent in i.parents}


def test_a_rating_takes_a_rejection_back_and_clearing_one_does_not(home: Path) -> None:
    with studio_at(home, Starting()) as studio:
        studio.population.append([Judgement(individual=i, kind="reject", value=1) for i in (0, 1)])
        studio.rate({0: 5, 1: 0, 2: 3})
        verdicts = studio.population.verdicts()
        assert (verdicts[0].rating, verdicts[0].rejected) == (5, False)
        assert verdicts[1].rejected


def test_a_page_bred_in_one_go_is_the_page_bred_after_reopening(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    create_population("faces", "a woman", home=other, page=4, seed=1).close()
    with open_population("faces", home=home) as studio:
        studio.rate({1: 4})
        at_once = [*studio.breed(), *studio.breed()]
    apart = []
    with open_population("faces", home=other) as studio:
        studio.rate({1: 4})
    for _ in range(2):
        with open_population("faces", home=other) as studio:
            apart += studio.breed()
    assert [i.genome.digest for i in at_once] == [i.genome.digest for i in apart]


def test_children_in_a_region_start_from_the_picture_that_was_seen(home: Path) -> None:
    with studio_at(home, Starting()) as studio:
        list(studio.paint([3]))
        (child,) = studio.breed(1, parents=[3], region=(0, 0, 0.5, 0.5))
        assert child.parents == (3,)
        assert child.genome.edit is not None
        assert child.genome.edit.mask is not None
        assert np.array_equal(child.genome.edit.base.picture, studio.population.picture(3))


def test_children_of_a_size_are_saved_with_their_pictures(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: home / name)
    start = Starting()
    with studio_at(home, start) as studio:
        list(studio.paint())
        commits = studio.population.commits
        children = studio.breed(6, parents=[0, 2], size="bold")
        assert studio.population.commits == commits + 1
        assert studio.population.unpainted() == []
        distances = Distances(studio.population.births(), studio.population.sight)
        far = [distances.to_parent(child.id) for child in children]
        assert np.median([abs(d / 0.7 - 1) for d in far if d is not None]) < 0.3
    # The same as in a session that painted nothing before, and has to look at the founders first.
    other = home / "other"
    create_population("faces", "a woman", home=other, page=4, seed=1).close()
    with studio_at(other, start) as studio:
        again = studio.breed(6, parents=[0, 2], size=0.7)
    assert [i.genome.digest for i in again] == [i.genome.digest for i in children]


@pytest.mark.parametrize("parents", [[], [0, 1]])
def test_painting_over_takes_one_parent(home: Path, parents: Sequence[int]) -> None:
    with (
        studio_at(home, Starting()) as studio,
        pytest.raises(GenomeError, match="repaint one picture"),
    ):
        studio.breed(1, parents=parents, depth=0.5)


def test_a_region_that_is_no_part_of_the_picture_is_refused_before_anything_is_painted(
    home: Path,
) -> None:
    start = Starting()
    with studio_at(home, start) as studio, pytest.raises(GenomeError, match="not inside"):
        studio.breed(1, parents=[0], region=(0.5, 0.5, 0.1, 0.9))
    assert not start.started


def test_newcomers_have_no_parents(home: Path) -> None:
    with studio_at(home, Starting()) as studio:
        studio.rate({0: 5})
        assert [i.parents for i in studio.newcomers(2)] == [(), ()]


def test_children_are_born_in_the_branch_that_is_bred(home: Path) -> None:
    with studio_at(home, Starting()) as studio:
        studio.population.fork("other", at=0)
    with studio_at(home, Starting(), branch="other") as studio:
        (born,) = studio.breed(1)
        assert born.id in studio.archive.ids()
        assert born.id not in studio.population.branch("main").ids()


def test_an_unknown_branch_leaves_the_population_free(home: Path) -> None:
    with pytest.raises(ArchiveError, match="no branch named 'elsewhere'"):
        open_population("faces", home=home, branch="elsewhere")
    open_population("faces", home=home).close()


@pytest.mark.parametrize("use", ["paint", "breed"])
def test_an_unknown_individual_is_refused(home: Path, use: str) -> None:
    with (
        studio_at(home, Starting()) as studio,
        pytest.raises(GenomeError, match="no individual 9: ids go from 0 to 3"),
    ):
        studio.paint([9]) if use == "paint" else studio.breed(1, parents=[9])


def test_one_is_held_for_writing_and_any_number_look(home: Path) -> None:
    with open_population("faces", home=home):
        with pytest.raises(LockedError, match="open"):
            open_population("faces", home=home)
        with (
            open_population("faces", home=home, write=False) as looking,
            pytest.raises(ArchiveError, match="read-only"),
        ):
            looking.rate({0: 5})


def test_a_model_that_is_not_here_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="unknown model 'nowhere'"):
        create_population("faces", "a woman", home=tmp_path, model="nowhere")
    assert not (tmp_path / "faces").exists()
