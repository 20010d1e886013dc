"""Runs by a score on a saved population, and going on with one that is there."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeRenderer, RedScorer
from filelock import FileLock

from evolve.errors import ArchiveError, GenomeError, ModelError
from evolve.genome import Prompt
from evolve.models import catalog
from evolve.models.machine import trials
from evolve.scoring.fitness import Fitness
from evolve.session.archive import Judgement, Render, Score
from evolve.session.drafting import DROPPED
from evolve.strategies.names import DEFAULT
from populations import Population, Studio, create_population, open_population
from populations.format import lock
from populations.home.names import population_path
from populations.studio.new import CreateRequest, config_of
from populations.studio.opening import open_saved
from populations.studio.resume import resume_or_create
from populations.studio.running import run as running
from populations.studio.running.run import estimate
from populations.studio.running.run_request import RunRequest
from populations.studio.running.run_scorers import fitness_of
from populations.studio.running.run_strategies import strategy_for

FACES = CreateRequest(name="faces", prompt="a woman", page=2, seed=1)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two founders that are not painted."""
    home = tmp_path_factory.mktemp("original")
    create_population("faces", "a woman", home=home, page=2, seed=1).close()
    return home


def opened(home: Path, start: Callable[[], FakeRenderer] = FakeRenderer) -> Studio:
    return Studio(open_saved(home, "faces"), start_renderer=start)


@pytest.fixture
def described(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the models whose card was built."""
    names: list[str] = []
    build = catalog._base

    def count(name: str) -> catalog.ModelCard:
        names.append(name)
        return build(name)

    monkeypatch.setattr(catalog, "_base", count)
    return names


@pytest.fixture
def red(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "fitness_of", lambda *_: Fitness((RedScorer(),)))


@pytest.mark.usefixtures("red")
def test_a_run_breeds_up_to_its_budget_and_no_further(home: Path) -> None:
    with opened(home) as studio:
        result = studio.run(RunRequest(images=5))
        assert result.used_up
        assert len(studio.population) == result.progress.images == 5
        assert studio.run(RunRequest(images=5)).progress.passes == 0


@pytest.mark.usefixtures("red")
def test_a_run_that_is_stopped_goes_on_with_the_same_request(home: Path) -> None:
    with opened(home) as studio:
        stopped = studio.run(RunRequest(images=6), stop=lambda: len(studio.population) > 2)
        assert not stopped.used_up
        assert studio.run(RunRequest(images=6)).used_up
        assert len(studio.population) == 6


@pytest.mark.usefixtures("red")
def test_a_model_is_loaded_only_if_more_than_the_reserve_is_free(home: Path) -> None:
    with opened(home, pytest.fail) as studio:
        for budget in ({"images": 2}, {"minutes": 1}, {"forwards": 16}):
            with pytest.raises(ArchiveError, match=r"everything up to now is saved.* --reserve"):
                studio.run(RunRequest(reserve=10**9, **budget))
    with opened(home) as studio:
        assert studio.run(RunRequest(images=2)).used_up
        for budget in ({"images": 2}, {"images": 2, "minutes": 1}, {"forwards": 16}):
            assert studio.run(RunRequest(reserve=10**9, **budget)).used_up
        with pytest.raises(ArchiveError, match="everything up to now is saved"):
            studio.run(RunRequest(forwards=24, reserve=10**9))


@pytest.mark.usefixtures("red")
def test_a_run_ends_once_only_the_reserve_is_free(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home) as studio:
        free = property(lambda disk: 10**9 if len(studio.population) < 4 else 10**6)
        monkeypatch.setattr(running.Disk, "free", free)
        with pytest.raises(ArchiveError, match=r"stopped with 1 MB left .* up to now is saved"):
            studio.run(RunRequest(images=40, reserve=10))
        assert 4 <= len(studio.population) < 40


@pytest.mark.usefixtures("red")
def test_a_run_goes_on_with_its_strategy_and_reports_another_one(home: Path) -> None:
    with opened(home) as studio:
        assert strategy_for(studio.archive, None)[0].name == DEFAULT
        assert studio.run(RunRequest(images=4, strategy="zero-order")).strategy == "zero-order"
    with opened(home) as studio:
        assert strategy_for(studio.archive, None)[1] == ""
        assert studio.run(RunRequest(images=6)).strategy == "zero-order"
        _, remark = strategy_for(studio.archive, "psp")
        assert remark == "bred by zero-order until now; goes on with psp"
        assert studio.run(RunRequest(images=8, strategy="psp")).strategy == "psp"
        with pytest.raises(GenomeError, match="unknown strategy 'luck'"):
            studio.run(RunRequest(images=10, strategy="luck"))


def test_a_run_of_an_earlier_version_which_saved_no_strategy_goes_on_by_pages(
    home: Path,
) -> None:
    with opened(home) as studio:
        studio.archive.append([Judgement(individual=0, kind="rate", value=5, page=0)])
        assert strategy_for(studio.archive, None)[0].name == DEFAULT  # bred by eye alone
        studio.archive.append([Score(individual=0, scorer="red", value=1.0)])
        strategy, remark = strategy_for(studio.archive, None)
        assert (strategy.name, remark) == ("pages", "")
        _, remark = strategy_for(studio.archive, "evolve")
        assert remark == "bred by pages until now; goes on with evolve"


@pytest.mark.parametrize("name", [["evolve"], {}, 1, "luck"])
def test_a_saved_strategy_that_there_is_not_counts_as_none(home: Path, name: object) -> None:
    with opened(home) as studio:
        studio.archive.append([replace(studio.archive.plan(), strategy={"name": name})])
        strategy, remark = strategy_for(studio.archive, None)
    assert (strategy.name, remark) == (DEFAULT, "")


@pytest.mark.usefixtures("red")
def test_a_run_ends_when_its_forwards_are_used_up_and_says_what_it_cost(home: Path) -> None:
    with opened(home) as studio:
        done = studio.run(RunRequest(forwards=50, strategy="best-of-n")).progress
        assert (done.images, done.spent) == (6, 48)
        assert done.cost.decodes == done.cost.scores == 6
        assert studio.run(RunRequest(forwards=50)).progress.cost.decodes == 0


@pytest.mark.parametrize(
    ("prompt", "fitness"),
    [
        ("a man with a hat", "words+clip"),
        ("a dragon", "clip:a man, old,words:glasses"),
    ],
)
def test_what_judges_is_called_as_it_is_asked_for(
    tmp_path: Path, prompt: str, fitness: str
) -> None:
    with create_population("faces", prompt, home=tmp_path, page=2) as studio:
        asked = RunRequest(fitness=fitness)
        judges = fitness_of(asked, studio.archive, catalog.describe("portraits"))
    assert judges.name == fitness


def test_what_a_run_takes_is_estimated_where_it_can_be(tmp_path: Path) -> None:
    with create_population("faces", "a woman", home=tmp_path, page=2) as studio:
        room = estimate(studio.archive, RunRequest(images=12))
        assert room is not None
        assert room.pictures == 12  # the founders are born, but not painted
        assert 10 * 1024 < room.bytes < room.free
        assert estimate(studio.archive, RunRequest(minutes=1)) is None
        assert estimate(studio.archive, RunRequest(images=12, keep="none")) is None


def test_an_estimate_counts_what_this_branch_still_has_to_paint(tmp_path: Path) -> None:
    with create_population("faces", "a woman", home=tmp_path, page=4) as studio:
        studio._start_renderer = FakeRenderer
        list(studio.paint([0, 1]))
        studio.archive.append([Render(individual=2, picture=None, error=DROPPED)])
        studio.breed(4)
        studio.population.fork("back", at=0)
        for branch, images, pictures in (("main", 8, 1 + 4), ("back", 4, 1), ("back", 6, 1 + 2)):
            room = estimate(studio.population.branch(branch), RunRequest(images=images))
            assert room is not None
            assert room.pictures == pictures


def test_a_run_waits_a_moment_for_another_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = create_population("faces", "a woman", home=tmp_path, page=2)

    class Lock(FileLock):
        def _acquire(self) -> None:
            super()._acquire()
            writer.close()

    monkeypatch.setattr(lock, "FileLock", Lock)
    studio, _ = resume_or_create(tmp_path, CreateRequest(name="faces", prompt=None))
    assert studio.population.writable
    studio.close()


@pytest.mark.usefixtures("red")
@pytest.mark.parametrize("is_new", [True, False])
def test_the_model_of_a_population_is_described_once(
    tmp_path: Path, described: list[str], is_new: bool
) -> None:
    if not is_new:
        create_population("faces", "a woman", home=tmp_path, page=2, seed=1).close()
        described.clear()
    studio, _ = resume_or_create(tmp_path, FACES)
    studio._start_renderer = FakeRenderer
    with studio:
        studio.run(RunRequest(images=4))
    assert described == ["portraits"]


def test_a_new_population_has_no_more_founders_than_a_budget_of_forwards_paints(
    tmp_path: Path,
) -> None:
    for name, forwards, founders in (("a", 20, 2), ("b", 8, 1), ("c", 400, 3)):
        wanted = CreateRequest(name=name, prompt="a woman", page=3)
        studio, _ = resume_or_create(tmp_path, wanted, forwards=forwards)
        with studio:
            assert len(studio.population) == founders
    with pytest.raises(GenomeError, match="portraits takes 8 sampler steps: a budget of 7 is not"):
        resume_or_create(tmp_path, CreateRequest(name="d", prompt="a woman"), forwards=7)
    assert not population_path(tmp_path, "d").exists()


def test_a_new_population_comes_with_remarks_on_size_and_words_and_one_that_is_there_without(
    tmp_path: Path,
) -> None:
    strange = CreateRequest(name="faces", prompt="a zeppelin", page=2, size=(64, 64))
    studio, remarks = resume_or_create(tmp_path, strange)
    studio.close()
    assert "trained for pictures of 128x128" in remarks[0]
    assert "zeppelin" in remarks[1]
    studio, remarks = resume_or_create(tmp_path, strange)
    studio.close()
    assert remarks == []


@pytest.mark.parametrize(
    ("found", "wanted", "variety"),
    [([], None, None), ([{"variety": 0.3}], None, 0.3), ([{"variety": 0.3}], 0.0, None)],
)
def test_a_new_population_has_the_variety_that_its_model_was_found_to_need(
    monkeypatch: pytest.MonkeyPatch,
    found: list[dict[str, float]],
    wanted: float | None,
    variety: float | None,
) -> None:
    monkeypatch.setattr(trials, "of_model", lambda *_, **__: found)
    settings = config_of(replace(FACES, variety=wanted))["settings"]
    assert settings.get("variety") == variety


@pytest.mark.parametrize("words", ["a woman | red hair :1.4", "a woman | red hair :1.40"])
@pytest.mark.parametrize("read", [Prompt.typed, Prompt.parse])
def test_one_goes_on_with_the_words_it_has_by_whatever_rule_they_count(
    tmp_path: Path, words: str, read: Callable[[str], Prompt]
) -> None:
    config = {**config_of(FACES), "prompt": read("a woman | red hair :1.4").to_json()}
    Population.create(tmp_path, "faces", config).close()
    studio, _ = resume_or_create(tmp_path, replace(FACES, prompt=words))
    studio.close()
    with pytest.raises(ModelError, match=r"has prompt 'a woman \| red hair :1.4'"):
        resume_or_create(tmp_path, replace(FACES, prompt="a woman | red hair :-1"))


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (CreateRequest(name="faces", prompt="a man"), "prompt 'a woman', not 'a man'"),
        (CreateRequest(name="faces", prompt=None, seed=2), "seed '1', not '2'"),
        (CreateRequest(name="faces", prompt=None, page=3), "page '2', not '3'"),
        (CreateRequest(name="faces", prompt=None, size=(64, 64)), "size"),
        (CreateRequest(name="faces", prompt=None, negative="hat"), "without hat"),
        (CreateRequest(name="faces", prompt=None, model="nowhere"), "unknown model 'nowhere'"),
    ],
)
def test_another_population_than_wanted_is_refused_and_left_free(
    tmp_path: Path, other: CreateRequest, what: str
) -> None:
    resume_or_create(tmp_path, FACES)[0].close()
    with pytest.raises(ModelError, match=what):
        resume_or_create(tmp_path, other)
    open_population("faces", home=tmp_path).close()


def test_a_population_that_is_not_there_needs_a_prompt(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="a prompt creates it"):
        resume_or_create(tmp_path, CreateRequest(name="faces", prompt=None))
