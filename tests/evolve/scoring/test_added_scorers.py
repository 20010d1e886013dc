"""Scorers of others: found by name or by place, and looked at whatever they answer."""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from evolve.errors import ModelError
from evolve.genome import Genome, Prompt
from evolve.scoring.added import added, require
from evolve.scoring.protocol import Repeatable
from evolve.session.archive import Picture

GENOMES = [Genome(np.zeros((4, 8, 8), np.float16), Prompt.parse("a"))] * 2


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder, with a module of scorers and a package that adds one of them."""
    source = """
    class Light:
        name = "light"
        def score(self, pictures, genomes):
            return [float(p.mean()) for p in pictures]
    class Answers(Light):
        def __init__(self, answer): self.answer = answer
        def score(self, pictures, genomes):
            return self.answer
    class Fails(Light):
        def score(self, pictures, genomes):
            raise KeyError("no such thing")
    class Scratches(Light):
        def score(self, pictures, genomes):
            for p in pictures: p[:] = 0
            return np.zeros(len(pictures))
    class Twice(Light):
        def again(self): return Light()
    class Once(Light):
        def again(self): return None
    class Nameless:
        def score(self, pictures, genomes): ...
    class Clip(Light):
        name = "clip:mine"
    class Loud(Light):
        name = "two\\nlines"
    class Colon(Light):
        name = ":mine"
    class Needs(Light):
        def __init__(self, thing): ...
    wide, nan, text = Answers([[1, 2], [3, 4]]), Answers([1, float("nan")]), Answers(["a", "b"])
    short, number = Answers([1.0]), 7
    """
    (tmp_path / "judging_mine.py").write_text("import numpy as np\n" + dedent(source))
    (tmp_path / "judging_broken.py").write_text("import there_is_none\n")
    (tmp_path / "judging_quits.py").write_text("raise SystemExit(3)\n")
    info = tmp_path / "site" / "lightness-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lightness\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[fancier.scorers]\nlightness = judging_site:Light\n")
    optional = "try:\n    import judging_optional\nexcept ImportError:\n    pass\n"
    (tmp_path / "site" / "judging_site.py").write_text(
        f"{optional}import numpy as np\n{dedent(source)}"
    )
    (tmp_path / "judging_optional.py").write_text("raise SystemExit('a stranger was run')")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("judging_")]:
        del sys.modules[name]


def pictures() -> list[Picture]:
    return [np.full((8, 8, 3), value, np.uint8) for value in (10, 200)]


def test_an_installed_scorer_runs_nothing_of_the_folder_in_which_a_person_stands() -> None:
    for place in ("lightness", "judging_site:Light"):
        assert added(place).name == "light"
    assert "judging_optional" not in sys.modules


@pytest.mark.parametrize("place", ["judging_mine:Light", "lightness"])
def test_a_scorer_is_found_where_it_lies_and_by_the_name_a_package_gives_it(place: str) -> None:
    require(place)
    assert "judging_mine" not in sys.modules
    path = list(sys.path)
    scorer = added(place)
    assert (scorer.name, scorer.score(pictures(), GENOMES).tolist()) == ("light", [10.0, 200.0])
    assert sys.path == path


def test_a_second_look_is_looked_at_too() -> None:
    scorer = added("judging_mine:Twice")
    assert isinstance(scorer, Repeatable)
    assert scorer.again().score(pictures(), GENOMES).tolist() == [10.0, 200.0]
    assert not isinstance(added("judging_mine:Light"), Repeatable)
    once = added("judging_mine:Once")
    assert isinstance(once, Repeatable)
    with pytest.raises(ModelError, match=r"Once has a method again\(\) that returns no"):
        once.again()


def test_pictures_are_lent_not_given() -> None:
    shown = pictures()
    added("judging_mine:Scratches").score(shown, GENOMES)
    assert shown[1].min() == 200


def test_a_name_may_begin_with_a_colon() -> None:
    assert added("judging_mine:Colon").name == ":mine"


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("beauty", "unknown fitness 'beauty': use words, clip, taste, like, lightness, one of"),
        ("judging_none:X", "there is no module 'judging_none' for the scorer judging_none:X: inst"),
        ("judging_mine:X", "the module 'judging_mine' has no 'X'"),
        ("judging_mine:number", "judging_mine:number is not a scorer: give it a method score"),
        ("judging_mine:Nameless", "the scorer judging_mine:Nameless has no name"),
        (
            "judging_mine:Loud",
            "the name of the scorer judging_mine:Loud is not one line of at most",
        ),
        ("judging_mine:Clip", "judging_mine:Clip has the name of a built-in one, 'clip:mine'"),
        ("judging_mine:Needs", r"judging_mine:Needs cannot be loaded \(TypeError: .*'thing'"),
        ("judging_broken:X", r"cannot be loaded \(ModuleNotFoundError: No module named 'there_is"),
        ("judging_quits:X", r"the scorer judging_quits:X cannot be loaded \(SystemExit: 3\)"),
    ],
)
def test_what_is_no_scorer_is_refused_in_a_line(place: str, line: str) -> None:
    with pytest.raises(ModelError, match=line) as raised:
        added(place)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("wide", r"judging_mine:wide answered an array of shape \(2, 2\), not \(2,\): mend it"),
        ("short", r"answered an array of shape \(1,\), not \(2,\)"),
        ("nan", "judging_mine:nan answered nan, which is not a finite number"),
        ("text", r"judging_mine:text failed \(ValueError: could not convert"),
        ("Fails", r"judging_mine:Fails failed \(KeyError: 'no such thing'\): mend it and run the"),
    ],
)
def test_an_answer_that_is_none_is_named_in_a_line(place: str, line: str) -> None:
    scorer = added(f"judging_mine:{place}")
    with pytest.raises(ModelError, match=line):
        scorer.score(pictures(), GENOMES)
