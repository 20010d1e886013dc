"""What a run shows: its pace, the course of its scores, lines for logs, a live view."""

import io

import numpy as np
import pytest
from rich.console import Console

from evolve.scoring.combining import in_words
from evolve.search.verdicts import Scores
from evolve.session.headless.progress import Progress
from tui.drawing.blocks import Blocks
from tui.running import live_view
from tui.running.curve import bars, curve_of, sparkline
from tui.running.figures import best_of, done_of, mean_of
from tui.running.live_view import LiveView, view_for
from tui.running.pace import Goal, Pace, clock_time
from tui.running.plain_lines import PlainLines


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def progress(*scores: float, images: int | None = None, **fields: object) -> Progress:
    known = Scores()
    known.put(np.arange(len(scores)), np.array(scores))
    state = Progress(images=len(scores) if images is None else images, **fields)  # type: ignore[arg-type]
    state.learn(known)
    state.generations = 1
    return state


def test_more_pictures_than_were_asked_for_are_only_counted():
    assert done_of(progress(images=24), Goal(images=24)) == ["24/24 pictures"]
    assert done_of(progress(images=60), Goal(images=24)) == ["60 pictures"]


def test_what_several_scores_come_to_is_shown_as_what_it_is():
    scores = {"words": -0.0812, "clip": 0.313, "words again": -0.1}
    ranks = progress(0.5, 0.97, combined="ranks", best_scores=scores)
    assert best_of(ranks, colon=":") == "best #1: mean rank 0.97 (words -0.0812, clip 0.313)"
    assert not mean_of(ranks)
    fronts = progress(-1.1, 0.9, -0.1, combined="fronts", best_scores=scores)
    assert best_of(fronts) == "best #1 front 1 (words -0.0812, clip 0.313)"
    assert [in_words(value, "fronts") for value in fronts.scores.values()] == [
        *("front 3", "front 1", "front 2"),
    ]
    assert best_of(progress(0.5, 0.97)) == "best #1 0.97"


def test_the_time_left_follows_from_the_pace_of_this_run_alone():
    clock = Clock()
    pace = Pace(Goal(images=100), clock)
    pace.note(progress(images=40))  # of an earlier run
    assert pace.left is None
    clock.now += 60
    pace.note(progress(images=50))
    assert pace.share == 0.5
    assert pace.left == pytest.approx(300)
    clock.now += 60  # nothing more comes
    pace.note(progress(images=50))
    assert pace.left == pytest.approx(600)


def test_the_pace_is_that_of_the_last_minutes():
    clock = Clock()
    pace = Pace(Goal(forwards=10_000), clock)
    for spent in (*range(0, 5000, 500), *range(5000, 5200, 10)):  # from 500 a minute to 10
        pace.note(progress(spent=spent))
        clock.now += 60
    assert pace.left == pytest.approx((10_000 - 5190) / 10 * 60, rel=0.1)


def test_a_time_is_a_budget_too():
    clock = Clock()
    pace = Pace(Goal(minutes=2), clock)
    clock.now += 30
    pace.note(progress())
    assert (pace.share, pace.left) == (0.25, 90)


def test_times_are_written_as_on_a_clock():
    assert [clock_time(s) for s in (7, 750, 11_109)] == ["0:07", "12:30", "3:05:09"]


def test_a_curve_has_the_best_so_far_and_the_mean_of_each_column():
    curve = curve_of(np.array([1.0, 3, 2, 2, np.nan, 0, 8]), 3)
    assert curve is not None
    assert curve.best.tolist() == [3, 3, 8]
    assert curve.mean.tolist() == [2, 2, 4]
    assert curve_of(np.array([np.nan]), 3) is None


def test_a_chart_is_filled_up_to_the_mean_and_on_to_the_best():
    curve = curve_of(np.array([0.0, 0, 0, 0, 2, 8]), 3)
    assert curve is not None
    chart = bars(curve, 4)
    assert [text for text, _ in chart[0]] == [" ", " ", "█"]
    assert [row[2][1] for row in chart] == ["best", "both", "mean", "mean"]
    assert sparkline(curve.best) == "▁▁█"
    assert sparkline(curve.best, ascii_only=True).isascii()


def test_equal_scores_are_drawn_at_the_top():
    curve = curve_of(np.full(5, 0.7), 5)
    assert curve is not None
    assert sparkline(curve.best) == "█" * 5


def test_a_log_has_one_line_for_each_generation_without_control_codes(capsys):
    lines = PlainLines(Goal(images=4))
    lines.show(progress(0.5, 0.25))  # was there before
    lines.show(progress(0.5, 0.25))
    after = progress(0.5, 0.25, 0.75, 0.5)
    after.generations = 2  # the next one is born already
    lines.show(after)
    lines.show(after)
    lines.notice("a worker\x1b[2J is lost")
    lines.stop()
    shown = capsys.readouterr()
    assert shown.out == ""
    first, second = shown.err.splitlines()
    assert first.startswith("generation 1: 4/4 pictures, best #2 0.75, mean 0.5, 0:00")
    assert second == "a worker\\x1b[2J is lost"


def drawn(state: Progress, width: int, height: int, blocks: Blocks = Blocks.QUADRANT) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, width=width, height=height, force_terminal=True)
    picture = np.full((8, 8, 3), 200, np.uint8)
    view = LiveView(
        Goal(images=40),
        title="breeding",
        picture_of=lambda i: picture,
        blocks=blocks,
        console=console,
    )
    view.stop()
    view.show(state)
    plain = Console(file=io.StringIO(), width=width, height=height, color_system=None)
    plain.print(view)
    return plain.file.getvalue().splitlines()  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize(("width", "height"), [(160, 50), (80, 24), (40, 12), (20, 6)])
def test_a_live_view_fits_the_terminal(width, height):
    lines = drawn(progress(*np.linspace(0, 1, 30)), width, height)
    assert len(lines) < height
    assert all(len(line) <= width for line in lines)
    assert "30/40 pictures" in lines[0] or width < 30
    assert any("best #29: 1" in line for line in lines)


def test_a_live_view_has_the_course_of_the_scores_beside_the_best_picture():
    lines = drawn(progress(*np.linspace(0, 1, 30)), 80, 24)
    body = [line for line in lines if "█" in line]
    assert len(body) == 24 - live_view.OTHERS
    ascii_lines = drawn(progress(*np.linspace(0, 1, 30)), 80, 24, Blocks.ASCII)
    assert all(line.isascii() for line in ascii_lines)
    assert "@@" in "".join(ascii_lines)


def test_a_best_that_is_not_the_highest_is_said_to_come_from_a_second_look():
    state = progress(0.5, 0.75)
    assert not any("second look" in line for line in drawn(state, 80, 24))
    state.best, state.by_second_look = (0, 0.5), True
    assert any("best #0: 0.5 by a second look  mean 0.625" in line for line in drawn(state, 80, 24))


def test_nothing_is_drawn_where_nobody_looks(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert view_for(Goal(images=1), title="", picture_of=lambda i: None, blocks="auto") is None
