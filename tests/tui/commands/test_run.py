"""`fancier run` from its arguments to its status: signals, reports, workers, lines for logs."""

import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeRenderer, RedScorer

from evolve.rendering.process import starting
from evolve.scoring import clip
from evolve.scoring.fitness import Fitness
from populations import Population, create_population, open_population, population_path
from populations.studio.reporting import report
from populations.studio.running import run as running
from populations.studio.running.run_request import RunRequest
from tui.cli import main
from tui.running.outcome import in_words
from tui.running.stopping import stop_signals


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What renderers are started with; nothing is painted but flat colours."""
    given: dict[str, Any] = {}

    def start(*args: object, **kwargs: object) -> FakeRenderer:
        given.update(kwargs)
        return FakeRenderer()

    monkeypatch.setattr(starting, "load_renderer", start)
    monkeypatch.setattr(running, "fitness_of", lambda *_: Fitness((RedScorer(),)))
    return given


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("original")
    create_population("faces", "a woman", home=home, page=2, seed=1).close()
    return home


@pytest.fixture
def home(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "home"))


def run(home: Path, *options: str) -> int:
    return main(["run", "faces", "--home", str(home), "--strategy", "pages", *options])


def test_a_log_gets_a_line_for_each_generation_and_the_result_stays_on_stdout(home, capsys):
    assert run(home, "--images", "6", "--json") == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["images"] == 6
    assert "6 more pictures: less than 1 MB (" in shown.err  # of which 2 are born
    lines = [line for line in shown.err.splitlines() if line.startswith("generation")]
    assert [line.split(",")[0] for line in lines] == [
        "generation 1: 2/6 pictures",
        "generation 2: 4/6 pictures",
        "generation 3: 6/6 pictures",
    ]
    assert "\x1b" not in shown.err


def test_a_run_that_goes_on_by_another_score_reports_which_guided_it_until_then(
    home, capsys, monkeypatch
):
    run(home, "--images", "4")
    run(home, "--images", "6")
    assert "until now" not in capsys.readouterr().err
    other = RedScorer()
    other.name = "clip"
    monkeypatch.setattr(running, "fitness_of", lambda *_: Fitness((other,)))
    run(home, "--images", "8")
    line = "scored by red until now; goes on by clip: 'fancier run --fitness' chooses another"
    assert line in capsys.readouterr().err


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_run_with_everything_saved_and_its_own_status(
    home, kind, monkeypatch, capsys
):
    class Signalled(RedScorer):
        def score(self, *args: Any) -> Any:
            heard = signal.getsignal(kind)
            assert callable(heard)  # or a real signal would end the tests
            heard(kind, None)
            monkeypatch.setattr(running, "fitness_of", lambda *_: Fitness((RedScorer(),)))
            return super().score(*args)

    before = signal.getsignal(kind)
    signalling = Fitness((_once(Signalled()),))
    monkeypatch.setattr(running, "fitness_of", lambda *_: signalling)
    assert run(home, "--images", "8") == 128 + kind
    assert signal.getsignal(kind) is before
    assert "interrupted: run the same command to continue" in capsys.readouterr().out
    with Population.open(population_path(home, "faces"), write=False) as population:
        assert len(population.scores()["red"]) == 2
    assert run(home, "--images", "8") == 0


def test_a_run_that_is_stopped_before_anything_is_scored_ends_as_any_without_a_report(
    home, tmp_path, monkeypatch, capsys
):
    def stopped_at_once(*_: object) -> Fitness:
        heard = signal.getsignal(signal.SIGTERM)
        assert callable(heard)
        heard(signal.SIGTERM, None)
        return Fitness((RedScorer(),))

    monkeypatch.setattr(report, "require_plots", lambda: None)
    monkeypatch.setattr(running, "fitness_of", stopped_at_once)
    status = run(home, "--images", "4", "--report", str(tmp_path / "report"), "--json")
    assert status == 128 + signal.SIGTERM
    shown = capsys.readouterr()
    assert json.loads(shown.out)["stopped"] == "interrupted"
    assert "there is no report: no picture has a score yet" in shown.err


@pytest.mark.parametrize("budget", ["--images", "--steps-budget"])
def test_a_run_with_nothing_left_to_do_names_the_option_that_asks_for_more(home, budget, capsys):
    amount = {"--images": "2", "--steps-budget": "16"}[budget]
    assert run(home, budget, amount) == run(home, budget, amount) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith(
        f"nothing to do: 'faces' has 2 pictures already; a higher {budget} paints more"
    )


@pytest.mark.parametrize("budget", ["--images", "--steps-budget"])
def test_a_run_with_nothing_left_to_do_loads_nothing(home, budget, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(starting, "load_renderer", lambda *_, **__: FakeRenderer())
    amount = {"--images": "2", "--steps-budget": "16"}[budget]
    assert run(home, budget, amount) == 0

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing is needed")

    monkeypatch.setattr(starting, "load_renderer", refuse)
    monkeypatch.setattr(clip, "_load", refuse)
    assert run(home, budget, amount) == 0


def test_what_cannot_guide_a_run_is_refused_before_anything_is_estimated_or_started(
    home, monkeypatch, capsys
):
    started: list[object] = []
    monkeypatch.setattr(starting, "load_renderer", lambda *_, **__: started.append(_))
    assert run(home, "--images", "6", "--fitness", "unheard:of") == 1
    err = capsys.readouterr().err
    assert "unheard" in err
    assert "more pictures" not in err
    assert not started


def _once(signalled: RedScorer) -> RedScorer:
    """Return a scorer of which only the first score comes with a signal: a second one would end
    the process."""
    plain, first = RedScorer(), [signalled]

    class Once(RedScorer):
        def score(self, *args: Any) -> Any:
            return (first.pop() if first else plain).score(*args)

    return Once()


def test_a_signal_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as by nohup
    try:
        with stop_signals() as stopped:
            os.kill(os.getpid(), signal.SIGHUP)
        assert stopped == []
    finally:
        signal.signal(signal.SIGHUP, before)


def test_workers_are_what_paints(home, given):
    assert run(home, "--images", "4", "--workers", "3", "--mixed") == 0
    assert (given["workers"].count, given["workers"].mixed) == (3, True)
    assert run(home, "--images", "6") == 0
    assert given["workers"] is None
    with open_population("faces", home=home, workers="ray://10.0.0.1") as studio:
        _ = studio.renderer
    assert given["workers"].cluster == ("10.0.0.1", 10001)


@pytest.mark.parametrize(
    ("options", "status", "line"),
    [
        (["--mixed"], 2, "--mixed has no effect without --workers: leave one out, or add the oth"),
        (["--workers", "0"], 2, "unknown workers '0': give a number from 1 to 64, or ray://HOST"),
        (["--workers", "ray", "--device", "cpu"], 2, "--device has no effect on a cluster: leave"),
        (["--workers", "ray://127.0.0.1:1"], 1, ""),
        (["--device", "cpu,cuda:63"], 1, "there is no device 'cuda:63' here: use "),
        (["--device", "cpu,toaster"], 1, "unknown device 'toaster': use cuda, cuda:1, mps or cpu"),
    ],
)
def test_workers_that_there_are_not_are_refused_before_anything_is_made(
    tmp_path, options, status, line, capsys, monkeypatch
):
    monkeypatch.setenv("FANCIER_DEVICE", "cpu")  # which --device replaces
    words = ["run", "new", "--home", str(tmp_path), "--prompt", "a", "--images", "4"]
    try:
        assert main([*words, *options]) == status
    except SystemExit as leaving:
        assert leaving.code == status  # noqa: PT017
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert shown.startswith("fancier: ")
    assert line in shown
    assert list(tmp_path.iterdir()) == []


def test_a_report_is_written_at_the_end_and_its_folder_is_looked_at_first(
    home, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(report, "require_plots", lambda: None)
    monkeypatch.setattr(report, "plot", lambda course, file, *, label: file.write_bytes(b""))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("")
    assert run(home, "--images", "4", "--report", str(tmp_path / "mine")) == 1
    assert "holds files that are not a report of fancier" in capsys.readouterr().err
    with Population.open(population_path(home, "faces"), write=False) as population:
        assert len(population.unpainted()) == len(population)
    assert run(home, "--images", "4", "--report", str(tmp_path / "report"), "--json") == 0
    page = tmp_path / "report" / "index.html"
    assert json.loads(capsys.readouterr().out)["report"] == str(page)
    assert "<td>4 pictures in 2 generations</td>" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--fitness", "like:missing.png"), "there is no file 'missing.png'"),
        (("--fitness", "taste"), "rate some pictures first, with 'fancier open \"elves\"'"),
        (("--fitness", "taste"), "nothing is known of your taste in 'elves' yet: "),
        (
            ("--fitness", "no_such_module:score"),
            "there is no module 'no_such_module' for the scorer no_such_module:score: install it",
        ),
        (
            ("--fitness", "words", "--clip", "some/clip"),
            "a CLIP has no effect with the fitness words: leave out one of them",
        ),
        (("--fitness", "words"), "'zorg' asks for nothing that portraits can read"),
    ],
)
def test_a_new_population_is_not_made_for_a_score_that_cannot_guide_it(
    home, options, words, capsys
):
    asked = ("elves", "--prompt", "zorg", "--images", "2", "--home", str(home))
    assert main(["run", *asked, *options]) == 1
    assert words in capsys.readouterr().err
    assert not population_path(home, "elves").exists()


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (
            {
                "images": 24,
                "generations": 2,
                "best": {"id": 5, "score": 0.314},
                "scores": {"clip": 0.314, "mine": 2.0, "clip again": 0.289},
            },
            "24 pictures in 2 generations; the best is #5, by a second look at the leaders: "
            "clip 0.314 (again 0.289), mine 2",
        ),
        (
            {"best": {"id": 5, "score": 2.0}, "scores": {"mine": 2.0}},
            "12 pictures in 1 generation; the best is #5: mine 2",
        ),
        ({"images": 1, "generations": 1}, "1 picture in 1 generation"),
        (
            {"passes": 0},
            "nothing to do: 'faces' has 12 pictures already; a higher --images paints more",
        ),
        (
            {"branch": "back", "stopped": "interrupted", "passes": 0},
            "12 pictures in 1 generation (branch back); "
            "interrupted: run the same command to continue",
        ),
    ],
)
def test_a_run_ends_with_a_line_that_a_person_would_say(result, line):
    data = {
        "branch": "main",
        "images": 12,
        "generations": 1,
        "passes": 9,
        "fitness": "clip",
        "best": None,
        "scores": {},
        "stopped": "budget",
    }
    assert in_words("faces", RunRequest(images=12), {**data, **result}) == line
