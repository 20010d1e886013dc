"""The report of a run: what is in it, and the folders that it does not touch."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeRenderer, RedScorer
from PIL import Image

from evolve.errors import ArchiveError
from evolve.scoring.fitness import Fitness
from evolve.search.individual import Birth, Origin
from evolve.session.archive import Picture
from populations import Population, Studio, create_population
from populations.exchange.own_file import marked_png, require_own
from populations.format.failures import DamagedError
from populations.studio.opening import open_saved
from populations.studio.reporting import plot
from populations.studio.reporting.course import COLUMNS, Course, course_of, write_csv
from populations.studio.reporting.facts import facts_of
from populations.studio.reporting.report import require_writable, write_report
from populations.studio.running import run as running
from populations.studio.running.run_request import RunRequest

REQUEST = RunRequest(images=9, strategy="pages")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    home = tmp_path_factory.mktemp("home")
    create_population("faces", "a <b>woman</b>", home=home, page=3, seed=1).close()
    with (
        pytest.MonkeyPatch.context() as patch,
        Studio(open_saved(home, "faces"), start_renderer=FakeRenderer) as studio,
    ):
        patch.setattr(running, "fitness_of", lambda *_: Fitness((RedScorer(),)))
        studio.result = studio.run(REQUEST)  # type: ignore[attr-defined]
        yield studio


def report(studio: Studio, folder: Path) -> str:
    require_writable(folder, "faces")
    facts = facts_of(studio.archive, REQUEST, studio.result)  # type: ignore[attr-defined]
    scores = studio.population.scores()["red"]
    page = write_report(studio.archive, folder, scores=scores, label="red", facts=facts)
    return page.read_text("utf-8")


def test_the_course_has_scores_and_what_was_spent_until_then(studio: Studio) -> None:
    scores = studio.population.scores()["red"]
    course = course_of(studio.archive, {**scores, 4: float("nan")})
    assert course.ids.tolist() == [0, 1, 2, 3, 5, 6, 7, 8]
    steps = studio.card.settings.steps
    assert course.spent.tolist() == [steps * n for n in (1, 2, 3, 4, 6, 7, 8, 9)]
    assert course.best[-1] == max(course.scores)
    assert course.leaders(2) == sorted(course.ids.tolist(), key=lambda i: -scores[i])[:2]


@pytest.mark.parametrize("operator", ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)"])
def test_a_table_of_a_stranger_has_no_formulas(tmp_path: Path, operator: str) -> None:
    birth = Birth(id=0, origin=Origin(operator))
    course = Course(
        ids=np.array([0]),
        generations=np.array([1]),
        spent=np.array([8]),
        scores=np.array([-0.5]),
        full=8,
    )
    parts = {"=A1": {0: 0.25}, "clip": {}}
    write_csv(course, [birth], tmp_path / "scores.csv", parts)
    (row,) = csv.DictReader((tmp_path / "scores.csv").read_text("utf-8").splitlines())
    assert row["made by"] == f"'{operator}"
    assert (row["score"], row["'=A1"], row["clip"]) == ("-0.5", "0.25", "")


def test_a_report_shows_the_best_the_course_and_the_lineage(studio: Studio, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra fancier[report]")
    html = report(studio, tmp_path / "report")
    folder = tmp_path / "report"
    assert {file.name for file in folder.iterdir()} == {
        *("index.html", "best.png", "contact_sheet.png", "scores.png", "scores.csv"),
        "lineage.svg",
    }
    shown = re.findall(r'src="([^"]+)"', html)
    assert shown == ["best.png", "contact_sheet.png", "scores.png", "lineage.svg"]
    best = studio.result.progress.best[0]  # type: ignore[attr-defined]
    assert f"The best of 9 is #{best}" in html
    picture = np.asarray(Image.open(folder / "best.png").convert("RGB"))
    assert np.array_equal(picture, studio.population.picture(best))
    rows = list(csv.DictReader((folder / "scores.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 9
    assert float(rows[best]["score"]) == float(rows[-1]["best so far"])
    # What a person wrote is text, and no request leaves the page.
    assert "a &lt;b&gt;woman&lt;/b&gt;" in html
    assert "default-src 'none'" in html
    assert "http" not in html.replace("http-equiv", "")
    require_own(*folder.iterdir())
    report(studio, folder)  # an earlier report is replaced
    with pytest.raises(ArchiveError, match="holds the report of another population: name a new"):
        require_writable(folder, "men")


def test_a_report_leaves_a_damaged_picture_out(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib", reason="needs the extra fancier[report]")
    best, picture_of = studio.result.progress.best[0], Population.picture  # type: ignore[attr-defined]

    def picture(population: Population, individual: int) -> Picture | None:
        if individual == best:
            raise DamagedError(population.name, f"the picture of individual {individual}")
        return picture_of(population, individual)

    monkeypatch.setattr(Population, "picture", picture)
    assert studio.archive.sound_picture(best) is None  # what is shown of a run takes this one
    assert f"The best: #{best}<" not in report(studio, tmp_path / "report")
    assert (tmp_path / "report" / "best.png").is_file()


def test_a_report_without_matplotlib_is_refused_before_anything_is_painted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plot, "find_spec", lambda name: None)
    with pytest.raises(ArchiveError, match=r"needs matplotlib: pip install 'fancier\[report\]'"):
        require_writable(tmp_path / "report", "faces")
    assert not (tmp_path / "report").exists()


@pytest.mark.usefixtures("plots")
@pytest.mark.parametrize("name", ["index.html", "thesis.tex"])
def test_a_folder_of_other_files_is_not_touched(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(
        ArchiveError, match="holds files that are not a report of fancier: name a new"
    ):
        require_writable(tmp_path, "faces")
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.usefixtures("plots")
def test_a_report_that_was_killed_half_way_is_written_again(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "scores.png", pnginfo=marked_png())
    (tmp_path / "scores.csv").write_text(",".join(COLUMNS))
    (tmp_path / ".part-lineage.svg").write_text("")
    require_writable(tmp_path, "faces")
    Image.new("RGB", (8, 8)).save(tmp_path / "best.png")
    with pytest.raises(ArchiveError, match=r"best\.png' exists and was not exported by fancier"):
        require_writable(tmp_path, "faces")


@pytest.mark.usefixtures("plots")
def test_a_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match=r"cannot write a report to .*file"):
        require_writable(tmp_path / "file" / "report", "faces")


def test_nothing_is_reported_before_anything_is_scored(tmp_path: Path) -> None:
    with (
        create_population("new", "a woman", home=tmp_path, page=2) as studio,
        pytest.raises(ArchiveError, match="no picture of 'new' has a score yet: nothing to report"),
    ):
        write_report(studio.archive, tmp_path / "report", scores={}, label="", facts={})


@pytest.fixture
def plots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot, "find_spec", lambda name: True)
