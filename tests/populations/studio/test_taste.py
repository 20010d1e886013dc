"""What was learnt in a saved population, breeding by it, and forgetting it."""

import math
import multiprocessing
import shutil
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from fakes import FakeRenderer

from evolve.errors import ArchiveError, FancierError, GenomeError
from evolve.models.catalog import describe
from evolve.models.words.meanings import meanings_of
from evolve.rendering.process import answering
from evolve.scoring.looks.reading import name_of
from evolve.search import Search
from evolve.taste.attributes import Attributes
from evolve.taste.foresight import Foresight
from evolve.taste.learning import Learning
from evolve.taste.prior import Prior
from populations import Population, Studio, create_population
from populations.studio.new import DEFAULT_BY, CreateRequest, config_of, create
from populations.studio.opening import founded_by, open_saved, search_on
from populations.studio.showing import shown_population
from populations.studio.showing.viewing import Viewing
from populations.studio.taste import (
    attributes_of,
    expected_of,
    forget,
    learnt_by,
    taste_of,
    to_begin_with,
)

PAGE = 12


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("original")
    create_population("faces", "a woman, a hat", home=home, page=PAGE, seed=1).close()
    return home


@pytest.fixture
def studio(home: Path) -> Studio:
    return Studio(open_saved(home, "faces"), start_renderer=FakeRenderer)


def judge(studio: Studio, page: int) -> None:
    """Paint a page and rate it by how light its pictures are."""
    list(studio.paint())
    ids = range(page * PAGE, (page + 1) * PAGE)
    light = [np.mean(studio.population.picture(i)) for i in ids]  # type: ignore[arg-type]
    order = np.argsort(light).tolist()
    studio.rate({ids[k]: 1 + 5 * place // PAGE for place, k in enumerate(order)})


def test_a_population_says_what_it_was_founded_to_choose_parents_by(studio: Studio) -> None:
    with studio:
        assert founded_by(studio.population.config) == DEFAULT_BY
        older = {k: v for k, v in studio.population.config.items() if k != "by"}
        assert founded_by(older) == "ratings"
        assert founded_by({**older, "by": "taste"}) == "taste"
        assert founded_by({**older, "by": ["what", "is", "this"]}) == "ratings"


def test_parents_follow_the_request(studio: Studio) -> None:
    with studio:
        for page in range(3):
            judge(studio, page)
            studio.breed()
        judge(studio, 3)
        used = {
            by: {parent for child in studio.breed(by=by) for parent in child.parents}
            for by in (None, "taste", "ratings")
        }
    assert used[None] == used[DEFAULT_BY]
    assert used["taste"] != used["ratings"]


def test_a_taste_is_asked_for_only_where_something_is_known(studio: Studio) -> None:
    with studio:
        with pytest.raises(GenomeError, match="nothing is known of your taste yet"):
            studio.breed(by="taste")
        studio.rate({0: 5})
        with pytest.raises(GenomeError, match="which are not painted"):
            studio.breed(by="taste")
        list(studio.paint())
        assert len(studio.breed(by="taste")) == PAGE
        for wrong in ({"parents": [0]}, {"depth": 0.5, "parents": [0]}):
            with pytest.raises(GenomeError, match="no parents are chosen here"):
                studio.breed(by="taste", **wrong)


def test_what_was_learnt_is_reported_and_forgotten_while_ratings_stay(studio: Studio) -> None:
    with studio:
        judge(studio, 0)
        studio.breed()
        judge(studio, 1)
        report = taste_of(studio.archive, None)
        assert (report.judged, report.unseen, report.forgot) == (2 * PAGE, 0, 0)
        assert report.compared == 2 * PAGE
        assert report.predicts.pages == 1
        assert report.words_by == ""
        assert report.chosen_by == DEFAULT_BY
        studio.forget_taste()
        after = taste_of(studio.archive, None)
        assert (after.judged, after.forgot) == (0, 2 * PAGE)
        assert after.predicts == Foresight(None, 0)
        assert studio.archive.verdicts()[0].rating is not None
        assert len(studio.breed()) == PAGE


def test_a_few_judgements_on_each_page_are_learnt_from_but_compared_with_none(
    studio: Studio,
) -> None:
    with studio:
        list(studio.paint())
        studio.rate({0: 5, 1: 4, 2: 1})
        page = studio.breed()
        list(studio.paint())
        studio.rate({page[0].id: 5, page[1].id: 2})
        report = taste_of(studio.archive, describe("portraits"))
        assert (report.judged, report.compared, report.learnt) == (5, 0, ())


def test_it_is_found_out_in_a_process_of_its_own_or_said_why_not(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(work: Callable[..., None], *args: object) -> tuple[SimpleNamespace, Connection]:
        """As `spawned`, without the start of an interpreter."""
        here, there = multiprocessing.Pipe()
        work(there, *args)
        there.close()
        return SimpleNamespace(join=lambda: None), here

    monkeypatch.setattr(answering, "spawned", at_once)
    monkeypatch.setattr(shown_population, "card_if_there", lambda model: None)
    with studio:
        judge(studio, 0)
        shown = Viewing(Population.open(studio.population.path, write=False))
        assert shown.taste().judged == PAGE
        assert shown.axis_names(0) == []
        shown.branch = "hats"
        with pytest.raises(FancierError, match="no branch named 'hats'"):
            shown.taste()


def test_a_page_is_chosen_among_candidates_and_each_says_why(studio: Studio, home: Path) -> None:
    with studio:
        judge(studio, 0)
        studio.breed()
        judge(studio, 1)
        commits, first = studio.population.commits, 2 * PAGE
        page = studio.breed(by="taste", among=2 * PAGE)
        assert studio.population.commits == commits + 1
        assert [one.id for one in page] == list(range(first, first + PAGE))
        assert studio.population.unpainted() == []
        roles = [one.origin.params["role"] for one in page]
        assert {"liked", "unsure"} <= set(roles)
        assert roles.count("liked") >= PAGE // 2
        taste = learnt_by(search_after(studio), studio.population)
        liked = [one.id for one in page if one.origin.params["role"] == "liked"]
        expected = taste.of(liked)[1].mean
        assert expected.mean() > taste.of(range(2 * PAGE))[1].mean.mean()
    # Another process, that does the same from the same answers, breeds the same page.
    create_population("twin", "a woman, a hat", home=home, page=PAGE, seed=1).close()
    with Studio(open_saved(home, "twin"), start_renderer=FakeRenderer) as twin:
        judge(twin, 0)
        twin.breed()
        judge(twin, 1)
        again = twin.breed(by="taste", among=2 * PAGE)
    assert [one.genome.digest for one in again] == [one.genome.digest for one in page]
    assert [one.origin for one in again] == [one.origin for one in page]


def test_a_page_by_taste_is_bred_again_after_a_kill_as_if_nothing_had_been(
    studio: Studio, home: Path
) -> None:
    """Killed after its children were saved: some are painted, the others are not."""
    pages: list[list[str]] = []
    with studio:
        judge(studio, 0)
        page = studio.breed()
        assert "role" in page[0].origin.params
        whole = shutil.copytree(studio.population.path, home / "killed")
        pages += [[one.genome.digest for one in page]]
        judge(studio, 1)
        pages += [[one.genome.digest for one in studio.breed()]]
    (whole / "lock").unlink(missing_ok=True)
    with Studio(open_saved(home, "killed"), start_renderer=FakeRenderer) as resumed:
        members = resumed.population.unpainted()
        assert [resumed.population.genome(i).digest for i in members] == pages[0]
        judge(resumed, 1)
        assert [one.genome.digest for one in resumed.breed()] == pages[1]


def test_what_is_expected_is_shown_of_what_is_painted(studio: Studio) -> None:
    with studio:
        assert expected_of(studio.population, [0, 1]) == {}
        judge(studio, 0)
        young = [one.id for one in studio.breed()]
        known = expected_of(studio.population, [*range(PAGE), *young])
        assert sorted(known) == [*range(PAGE)]
        best = max(known, key=lambda i: known[i]["mean"])
        assert studio.archive.verdicts()[best].rating == 5
        assert all(0 <= each["sd"] <= 1 for each in known.values())


def test_a_new_population_begins_with_the_taste_of_another_if_that_is_asked_for(
    studio: Studio, home: Path
) -> None:
    with studio:
        for page in range(3):
            judge(studio, page)
            studio.breed()
    asked = {"prompt": "a man", "seed": 2, "page": PAGE}
    create(home, CreateRequest(name="alone", **asked)).close()
    create(home, CreateRequest(name="young", taste_of="faces", **asked)).close()
    expected = {}
    for name in ("alone", "young"):
        with Studio(open_saved(home, name), start_renderer=FakeRenderer) as young:
            list(young.paint())
            young.rate({0: 3})  # one answer is enough to have something to breed from
            expected[name] = expected_of(young.population, range(PAGE))
            by_taste = ["role" in one.origin.params for one in young.breed()]
            assert all(by_taste) == (name == "young")
            if name == "young":
                report = taste_of(young.archive, card=None)
                assert report.began_with == "faces"
                forget(young.archive)
                assert taste_of(young.archive, card=None).began_with == ""
    alone, begun = ([of[i]["mean"] for i in range(1, PAGE)] for of in expected.values())
    assert np.std(begun) > np.std(alone) + 0.1


def test_a_taste_of_too_little_or_of_another_model_is_refused(studio: Studio, home: Path) -> None:
    studio.close()
    asked = CreateRequest(name="young", prompt="a man", taste_of="faces")
    with pytest.raises(GenomeError, match="12 judged pictures are needed, 0 are there"):
        create(home, asked)
    with pytest.raises(GenomeError, match="of pictures of 'portraits', not of 'landscapes'"):
        to_begin_with(home, "faces", "landscapes")
    with pytest.raises(ArchiveError, match="no population named 'foxes'"):
        create(home, replace(asked, taste_of="foxes"))
    assert not (home / "young").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": [["clip", 3]], "centre": "AAAA", "weights": "AAAA"},
        {"kind": [["clip", -1]]},
        {"kind": [["clip", 10**9]]},
        {"kind": [["clip", 3], ["reader", -1]]},
        {"kind": [["clip", math.inf]]},
        {"judged": math.inf},
        {"kind": 3},
        {"weights": "no base64"},
        {"centre": None},
    ],
)
def test_a_taste_to_begin_with_that_makes_no_sense_counts_as_none(wrong: dict[str, object]) -> None:
    zeros = np.zeros(2, np.float16)
    whole = Prior("faces", 12, (("clip", 2),), zeros, zeros).to_json()
    assert Prior.from_config({"taste_of": whole}) is not None
    assert Prior.from_config({"taste_of": {**whole, **wrong}}) is None
    assert Prior.from_config({"taste_of": 3}) is None


def search_after(studio: Studio) -> Search:
    search = search_on(studio.population.config, studio.population)
    search.tell(studio.archive.verdicts())
    return search


def test_what_is_no_choice_is_refused_before_anything_is_painted(studio: Studio) -> None:
    with studio:
        judge(studio, 0)
        for wrong, why in (
            ({"among": 24}, "breed by taste for it"),
            ({"among": 24, "by": "taste", "size": 0.4}, "no size and no step"),
            ({"among": 4, "by": "taste"}, "from 12 to 96 candidates, not 4"),
            ({"among": 97, "by": "taste"}, "from 12 to 96 candidates, not 97"),
        ):
            with pytest.raises(GenomeError, match=why):
                studio.breed(**wrong)
        assert len(studio.population) == PAGE


def test_candidates_that_cannot_be_painted_do_not_keep_the_page_from_being_full(
    studio: Studio,
) -> None:
    with studio:
        judge(studio, 0)
        studio.renderer.poison.update({-1, -2, -3})  # type: ignore[attr-defined]
        page = studio.breed(by="taste", among=PAGE + 2)
        assert len(page) == PAGE
        assert studio.population.failed() == {}  # newcomers take their places
        assert studio.population.unpainted() == []


def test_a_new_population_names_the_attributes_that_its_model_reads(tmp_path: Path) -> None:
    attributes = Attributes.from_config(config_of(CreateRequest(name="faces", prompt="a man")))
    assert attributes is not None
    card = describe("portraits")
    meanings = meanings_of(card)
    assert meanings is not None
    assert sum(attributes.values) == len(meanings.values)
    names = np.repeat(attributes.names, attributes.values)
    assert names.tolist() == [attribute for attribute, _ in meanings.values]
    assert card.reader is not None
    assert attributes.reader == name_of(card.reader)
    assert attributes_of(replace(card, folder=tmp_path)) == Attributes("", (), ())
    assert Learning.from_config({}) == Learning()  # of earlier versions: all count alike
