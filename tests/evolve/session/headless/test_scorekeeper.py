"""Runs by several scorers: what is saved, what guides, and who is called the best."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from fakes import FakeRenderer, MemoryArchive, Tight
from numpy.typing import NDArray
from sittings import search_on

from evolve.errors import ModelError, SavingError
from evolve.genome import Genome
from evolve.scoring.combining import By
from evolve.scoring.fitness import AGAIN, LEADERS, Fitness
from evolve.search import Policy
from evolve.session.archive import Picture, Score
from evolve.session.headless import scorekeeper
from evolve.session.headless.run import Run

TOGETHER = 16


@dataclass(frozen=True)
class Channel:
    """Scores one channel of colour, with luck that a second look does not have."""

    name: str
    channel: int
    luck: float = 0.0
    seed: int = 1

    def again(self) -> "Channel":
        return Channel(self.name, self.channel, self.luck, self.seed + 1)

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        values = []
        for picture in pictures:
            mean = float(picture[..., self.channel].mean())
            draw = np.random.default_rng([self.seed, *picture[0, 0].tolist()])
            values.append(mean + self.luck * float(draw.normal()))
        return np.array(values)


def run_on(
    archive: MemoryArchive,
    *scorers: Channel,
    by: By = "ranks",
    on_notice: Callable[[str], None] = lambda text: None,
) -> Run:
    search = search_on(archive, policy=Policy(founders=8))
    fitness = Fitness(scorers, by)
    return Run(archive, search, FakeRenderer(), fitness, page=8, on_notice=on_notice)


def saved(archive: MemoryArchive, name: str) -> dict[int, float]:
    rows = [row for commit in archive.commits for row in commit]
    return {r.individual: r.value for r in rows if isinstance(r, Score) and r.scorer == name}


def bred(archive: MemoryArchive) -> list[object]:
    return [archive.genome(birth.id) for birth in archive.births()]


RED, BLUE = Channel("red", 0), Channel("blue", 2)


def test_each_scorer_is_saved_under_its_own_name_and_the_first_page_twice() -> None:
    archive = MemoryArchive()
    run = run_on(archive, RED, BLUE)
    assert run.to(24)
    assert set(saved(archive, "red")) == set(saved(archive, "blue")) == set(range(24))
    assert set(range(12)) <= set(saved(archive, "red" + AGAIN))
    assert len(saved(archive, "red" + AGAIN)) <= 12 + LEADERS
    assert not saved(archive, "red+blue")
    best = run.progress.best
    assert best is not None
    assert run.progress.best_scores["blue"] == saved(archive, "blue")[best[0]]


@pytest.mark.parametrize("by", ["ranks", "fronts"])
def test_a_run_by_several_goes_on_to_the_same_individuals(by: By) -> None:
    whole, parts = MemoryArchive(), MemoryArchive()
    run_on(whole, RED, BLUE, by=by).to(32)
    for images in (8, 24, 32):  # ends look at leaders again, which must change nothing
        run_on(parts, RED, BLUE, by=by).to(images)
    assert bred(parts) == bred(whole)
    assert saved(parts, "red") == saved(whole, "red")


def test_a_run_that_was_killed_after_any_commit_goes_on_to_the_same_individuals() -> None:
    whole = MemoryArchive()
    run_on(whole, RED, BLUE).to(24)
    for kept in range(1, len(whole.commits), 5):
        rest = MemoryArchive(whole.commits[:kept])
        run_on(rest, RED, BLUE).to(24)
        assert bred(rest) == bred(whole)
        for name in ("red", "blue", "red" + AGAIN):
            assert saved(rest, name) == saved(whole, name)


def test_a_scorer_that_is_new_to_many_pictures_can_be_stopped_and_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scorekeeper, "TOGETHER", TOGETHER)
    archive = MemoryArchive()
    run_on(archive, RED).to(3 * TOGETHER)
    whole = MemoryArchive(archive.commits)
    run_on(whole, BLUE).to(3 * TOGETHER + 8)
    notices: list[str] = []
    again = run_on(archive, BLUE, on_notice=notices.append)
    again._stop = lambda: bool(saved(archive, "blue"))
    assert not again.to(3 * TOGETHER + 8)
    assert notices == ["more than 16 pictures have no score of this kind: they are scored first"]
    assert set(saved(archive, "blue")) == set(range(TOGETHER))
    assert len(archive.ids()) == 3 * TOGETHER
    assert run_on(archive, BLUE).to(3 * TOGETHER + 8)
    assert saved(archive, "blue") == saved(whole, "blue")
    assert bred(archive) == bred(whole)


def test_pictures_that_were_not_kept_are_not_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    class Sparing(MemoryArchive):
        def picture(self, individual: int) -> Picture | None:
            return None if 2 <= individual < 14 else super().picture(individual)

    monkeypatch.setattr(scorekeeper, "TOGETHER", 4)
    notices: list[str] = []
    run_on(archive := Sparing(), RED).to(16)
    assert run_on(archive, BLUE, on_notice=notices.append).to(16)
    assert saved(archive, "blue").keys() == {0, 1, 14, 15}
    assert not notices


def test_what_was_scored_before_a_scorer_failed_is_saved() -> None:
    class Fails(Channel):
        def score(
            self, pictures: Sequence[Picture], genomes: Sequence[Genome]
        ) -> NDArray[np.float64]:
            if len(scored) == 3:
                raise ModelError("the scorer failed")
            scored.append(1)
            return super().score(pictures, genomes)

    archive, scored = MemoryArchive(), list[int]()
    with pytest.raises(ModelError, match="the scorer failed"):
        run_on(archive, Fails("red", 0)).to(8)
    assert set(saved(archive, "red")) == {0, 1, 2}


def test_scores_that_could_not_be_saved_are_not_saved_a_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scorekeeper, "TOGETHER", 4)
    archive = Tight(kind=Score, times=9)
    with pytest.raises(SavingError, match="no space left"):
        run_on(archive, RED).to(8)
    assert archive.refused == 1


def test_breeding_by_both_raises_both() -> None:
    archive = MemoryArchive()
    run_on(archive, RED, BLUE).to(64)
    for name in ("red", "blue"):
        scores = saved(archive, name)
        first, last = (np.mean([scores[i] for i in ids]) for ids in (range(8), range(56, 64)))
        assert last > first


def test_the_best_is_not_the_luckiest() -> None:
    archive = MemoryArchive()
    run = run_on(archive, Channel("red", 0, luck=60.0))
    run.to(64)
    first, again = saved(archive, "red"), saved(archive, "red" + AGAIN)
    leaders = sorted(first, key=lambda i: -first[i])[:LEADERS]
    assert set(again) == set(leaders)
    best = run.progress.best
    assert best is not None
    assert best[0] == max(leaders, key=lambda i: first[i] + again[i])
    assert run.progress.by_second_look is (best[0] != leaders[0])
    assert np.mean([again[i] for i in leaders]) < np.mean([first[i] for i in leaders])
    assert run.progress.best_scores == {"red": first[best[0]], "red" + AGAIN: again[best[0]]}
