"""Commands that need no painting: what they print, and how they refuse bad input."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tui.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a population, to be copied."""
    home = tmp_path_factory.mktemp("made") / "home"
    new = ["new", "faces", "a smiling woman", "--seed", "7", "--no-open"]
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["--home", str(home), *new]) == 0
    return home


@pytest.fixture
def faces(made: Path, home: Path) -> str:
    shutil.copytree(made, home)
    return "faces"


def answer(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    """Run a command with --json; returns its object, which must be all it prints."""
    assert main([*argv, "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    data: dict[str, Any] = json.loads(printed.out)
    return data


def refusal(capsys: pytest.CaptureFixture[str], status: int, *argv: str) -> str:
    """Run a command that must fail with `status`; returns its single line on stderr."""
    try:
        code = main(list(argv))
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    printed = capsys.readouterr()
    assert code == status
    assert printed.out == ""
    assert printed.err.startswith("fancier: ")
    assert printed.err.count("\n") == 1
    return printed.err


def test_new_makes_a_page_of_individuals(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answer(capsys, "new", "faces", "a man", "--no-open", "--page", "6")
    assert made == {"name": "faces", "created": [0, 1, 2, 3, 4, 5]}


def test_cut_guidance_is_a_gene_of_every_founder(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "new", "faces", "a man", "--no-open", "--cut-guidance", "0.3")
    told = answer(capsys, "show", "faces")["individuals"]
    assert {one["genome"]["settings"]["cut_guidance"] for one in told} == {0.3}


def test_variety_is_a_gene_of_every_founder_and_off_where_nobody_asks(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, options, strength, directions in (
        ("varied", ["--variety", "0.3"], 0.3, 4),
        ("plain", [], None, 0),
        ("none", ["--variety", "0"], None, 0),
    ):
        answer(capsys, "new", name, "a man", "--page", "4", "--no-open", *options)
        genomes = [one["genome"] for one in answer(capsys, "show", name)["individuals"]]
        assert {genome["settings"].get("variety") for genome in genomes} == {strength}
        assert len({str(g["variety"]) for g in genomes if "variety" in g}) == directions


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["new", "a smiling man"], "PROMPT is missing: 'fancier new NAME PROMPT'"),
        (["new"], "NAME and PROMPT are missing: 'fancier new NAME PROMPT'"),
        (["export"], "NAME is missing: 'fancier export NAME [ID]'"),
        (["rate", "faces"], "ID=VALUE is missing: 'fancier rate NAME ID=VALUE'"),
        (
            ["locate", "faces", "3"],
            "--to is missing: 'fancier locate NAME ID [WORDS] --to FILE.png'",
        ),
        (["run"], "missing: 'fancier run NAME (--images N | --minutes M | --steps-budget N)'"),
    ],
)
def test_what_is_missing_is_named_with_its_place(
    line: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refusal(capsys, 2, *line)


def test_what_can_be_deleted_is_and_the_rest_is_named(
    faces: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["delete", "nobody", faces, "../x", "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"deleted": [faces]}
    missing, impossible = printed.err.splitlines()
    assert missing.startswith("fancier: no population named 'nobody'")
    assert "cannot be named '../x'" in impossible


def test_the_same_seed_makes_the_same_founders(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from populations import Population, population_path

    genomes = []
    for name in ("a", "b"):
        answer(capsys, "new", name, "a man", "--no-open", "--seed", "3")
        with Population.open(population_path(home, name)) as population:
            genomes.append([population.genome(i).digest for i in range(12)])
    assert genomes[0] == genomes[1]


def test_list_names_what_there_is(faces: str, capsys: pytest.CaptureFixture[str]) -> None:
    (population,) = answer(capsys, "list")["populations"]
    assert population["name"] == "faces"
    assert population["individuals"] == 12
    assert population["prompt"] == "a smiling woman"
    assert set(population) >= {"model", "rated", "bytes", "last_used"}


def test_an_empty_home_lists_nothing_and_says_how_to_begin(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "list") == {"populations": []}
    assert main(["list"]) == 0
    assert "fancier new NAME" in capsys.readouterr().out


def test_ratings_are_shown_and_taken_back(faces: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "rate", faces, "3=5", "4=1") == {"rated": 2}
    ratings = {i["id"]: i["rating"] for i in answer(capsys, "show", faces)["individuals"]}
    assert ratings[3] == 5
    assert ratings[4] == 1
    assert ratings[0] is None
    answer(capsys, "rate", faces, "3=0")
    assert answer(capsys, "show", faces, "3")["individuals"][0]["rating"] is None


def test_show_tells_everything_of_an_individual(
    home: Path, faces: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from evolve.session.archive import Judgement
    from populations import Population, population_path

    answer(capsys, "breed", faces, "--parents", "1", "--count", "2", "--strength", "20")
    data = answer(capsys, "show", faces)
    assert data["page"] == [12, 13]
    assert data["seed"] == 7
    (main_branch,) = data["branches"]
    assert (main_branch["name"], main_branch["head"]) == ("main", 13)
    child = data["individuals"][12]
    assert child["parents"] == [1]
    assert child["generation"] == 1
    assert not child["painted"]
    assert child["genome"]["prompt"]["concepts"] == [["a smiling woman", 1.0]]
    answer(capsys, "rate", faces, "12=4")
    with Population.open(population_path(home, faces)) as population:
        population.append([Judgement(individual=12, kind="pin", value=1, page=1)])
    for line, said in (
        (["show", faces], ["mutate"]),
        (["show", faces, "12"], ["variation, 20° away", "4, pinned"]),
    ):
        assert main(line) == 0
        printed = capsys.readouterr().out
        assert all(each in printed for each in said)


def test_breed_new_makes_another_page_of_the_prompt_whatever_was_rated(
    faces: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "rate", faces, "3=5")
    assert answer(capsys, "breed", faces, "--new")["created"] == list(range(12, 24))
    assert answer(capsys, "breed", faces, "--new", "2")["created"] == [24, 25]
    assert not any(i["parents"] for i in answer(capsys, "show", faces)["individuals"])


def test_breed_makes_children_of_what_was_rated(
    faces: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "rate", faces, "5=5")
    assert answer(capsys, "breed", faces)["created"] == list(range(12, 24))
    children = answer(capsys, "show", faces)["individuals"][12:]
    assert sum(5 in c["parents"] for c in children) >= 10


def test_breed_makes_a_page_of_drafts_of_twice_as_many(
    faces: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "breed", faces, "--drafts", "--parents", "5")["created"] == [
        *range(12, 36)
    ]
    children = answer(capsys, "show", faces)["individuals"][12:]
    assert all(child["params"]["draft"] is True for child in children)
    assert main(["breed", faces, "--drafts", "--parents", "5", "--count", "2"]) == 0
    assert "look at them with 'fancier open" in capsys.readouterr().out


def test_tree_draws_who_descends_from_whom(
    faces: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    answer(capsys, "breed", faces, "--parents", "1", "--count", "2")
    everyone = answer(capsys, "tree", faces)
    assert [i["id"] for i in everyone["individuals"]] == list(range(14))
    family = answer(capsys, "tree", faces, "12")
    assert family["individuals"] == [{"id": 1, "parents": []}, {"id": 12, "parents": [1]}]
    assert answer(capsys, "tree", faces, "12", "12") == family
    assert main(["tree", faces, "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "● 1  antithetic  <-"
    assert [line[:6] for line in lines[1:]] == ["├─● 13", "● 12  "]
    assert answer(capsys, "tree", faces, "12", "13")["shared"] == 1
    for two, said in (
        (("12", "13"), "The latest common ancestor of 12 and 13 is 1."),
        (("1", "12"), "12 descends from 1."),
        (("2", "12"), "2 and 12 are not related."),
    ):
        assert main(["tree", faces, *two]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == said
    assert "two ids at most" in refusal(capsys, 1, "tree", faces, "1", "2", "3")
    png, svg = tmp_path / "a" / "tree.png", tmp_path / "tree.svg"
    drawn = answer(capsys, "tree", faces, "--png", str(png), "--svg", str(svg))
    assert drawn["files"] == [str(png), str(svg)]
    assert png.is_file()
    assert svg.is_file()


def test_a_branch_goes_on_from_an_earlier_page(
    faces: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "breed", faces, "--parents", "1", "--count", "2")
    made = answer(capsys, "branch", faces, "back", "--at", "3")
    assert made == {"name": faces, "branch": "back", "parent": "main", "head": 11}
    born = answer(capsys, "breed", faces, "--branch", "back", "--parents", "0", "--count", "2")
    assert born["created"] == [14, 15]
    everyone = answer(capsys, "show", faces)
    assert [i["branch"] for i in everyone["individuals"]] == ["main"] * 14 + ["back"] * 2
    assert [(b["name"], b["head"]) for b in everyone["branches"]] == [("main", 13), ("back", 15)]
    on_branch = answer(capsys, "show", faces, "--branch", "back")
    assert [i["id"] for i in on_branch["individuals"]] == [*range(12), 14, 15]
    assert on_branch["page"] == [14, 15]
    assert main(["branch", faces]) == 0
    assert "back" in capsys.readouterr().out
    assert main(["tree", faces]) == 0
    drawn = capsys.readouterr().out
    assert "-> [back]" in drawn
    assert "[back]" in drawn.split("● 14")[1].splitlines()[0]


def test_earlier_states_are_shown(faces: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer(capsys, "rate", faces, "3=5")
    answer(capsys, "breed", faces)
    now = answer(capsys, "show", faces)
    assert now["commits"] == 3
    then = answer(capsys, "show", faces, "--as-of", "1")
    assert len(then["individuals"]) == 12
    assert then["individuals"][3]["rating"] is None
    assert answer(capsys, "show", faces, "--as-of", "2")["individuals"][3]["rating"] == 5
    late = answer(capsys, "show", faces, "--as-of", "2999-01-01")
    assert late["individuals"] == now["individuals"]


def test_populations_are_renamed_copied_thrown_away_and_taken_back(
    faces: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "copy", faces, "twin") == {"name": "twin"}
    assert answer(capsys, "rename", "twin", "other") == {"name": "other"}
    assert [p["name"] for p in answer(capsys, "list")["populations"]] == [faces, "other"]
    assert answer(capsys, "delete", "other", faces) == {"deleted": ["other", faces]}
    assert {t["name"] for t in answer(capsys, "trash")["trash"]} == {faces, "other"}
    assert main(["trash"]) == 0
    assert "other" in capsys.readouterr().out
    assert answer(capsys, "trash", "--restore", faces) == {"restored": faces}
    assert answer(capsys, "trash", "--empty")["removed"] == ["other"]
    assert [p["name"] for p in answer(capsys, "list")["populations"]] == [faces]


def test_a_fresh_population_checks_clean(faces: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "check", faces) == {
        "ok": True,
        "individuals": 12,
        "problems": [],
        "repaired": [],
    }


def test_models_names_the_embedded_one(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(home / "no-cache"))
    (model,) = answer(capsys, "models")["models"]
    assert model["name"] == "portraits"
    assert model["bytes"] <= 60_000_000
    assert set(model) >= {"kind", "licence", "latent", "pixels", "steps", "guidance_scale"}
    assert model["populations"] == []
    assert main(["models", "portraits"]) == 0
    assert "red" in capsys.readouterr().out


def test_doctor_reports_on_everything(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) in (0, 1)
    checks = json.loads(capsys.readouterr().out)["checks"]
    names = {c["name"] for c in checks}
    assert names >= {"terminal", "colours", "device", "memory", "home", "model", "hub"}
    assert all(c["ok"] or c["cure"] for c in checks)


@pytest.mark.parametrize(
    ("argv", "status", "message"),
    [
        (["show", "nobody"], 1, "no population"),
        (["open", "nobody"], 1, "no population"),
        (["open", "faces"], 1, "the app needs a terminal"),
        (["run", "nobody", "--images", "12"], 1, "a prompt creates it"),
        (["new", "faces", "a man", "--no-open"], 1, "exists already"),
        (["new", "x", "", "--no-open"], 1, "the prompt is empty"),
        (["new", "x", "a", "--model", "dalle", "--no-open"], 1, "unknown model 'dalle'"),
        (["new", "x", "a", "--size", "100x100", "--no-open"], 1, "must be multiples of 32"),
        (["new", "../x", "a", "--no-open"], 1, "../x"),
        (["new", "x", "a :99", "--no-open"], 1, "weight 99"),
        (["run", "faces", "--images", "-3"], 2, "-3 is not between 1 and"),
        (["run", "faces", "--images", "many"], 2, "'many' is not a whole number"),
        (["run", "faces", "--images", "9", "--minutes", "2"], 2, "not allowed with"),
        (["run", "faces"], 2, "one of the arguments --images --minutes --steps-budget is required"),
        (["run", "faces", "--images", "24", "--prompt", "a dog"], 1, "has prompt"),
        (["run", "faces", "--images", "24", "--seed", "8"], 1, "has seed '7', not '8'"),
        (["run", "faces", "--images", "24", "--fitness", "beauty"], 2, "unknown fitness"),
        (["run", "faces", "--images", "24", "--fitness", "clip:"], 2, "unknown fitness"),
        (["run", "faces", "--images", "24", "--cut-guidance", "1"], 1, "has cut guidance 'none'"),
        (["new", "x", "a", "--cut-guidance", "9", "--no-open"], 2, "9 is not between 0.01 and 2"),
        (["new", "x", "a", "--variety", "9", "--no-open"], 2, "9 is not between 0.01 and 2"),
        (["run", "faces", "--images", "24", "--variety", "0.2"], 1, "has variety 'none'"),
        (["new", "x", "a | b :-2", "--no-open"], 1, "weight -2 of 'b' must be from -1.5 to 2.5"),
        (["new", "x", "a :2 | b", "--no-open"], 1, "weight 2 of 'a' stands before the first bar"),
        (["rate", "faces", "3"], 2, "'3' is not ID=VALUE"),
        (["rate", "faces", "3=6"], 2, "6 is not between 0 and 5"),
        (["rate", "faces", "12=3"], 1, "there is no individual 12"),
        (["breed", "faces", "--strength", "100"], 2, "not between 0 and 90"),
        (["breed", "faces", "--size", "huge"], 2, "use subtle, visible, bold or a number from"),
        (["breed", "faces", "--by", "luck"], 2, "choose from"),
        (["breed", "faces", "--by", "taste"], 1, "nothing is known of your taste yet"),
        (["breed", "faces", "--among", "24"], 1, "breed by taste for it"),
        (["breed", "faces", "--new", "--by", "taste"], 1, "leave out --by"),
        (["breed", "faces", "--drafts", "--size", "bold"], 1, "drafts have none"),
        (["breed", "faces", "--drafts", "--new"], 1, "leave out --drafts"),
        (["taste", "nobody"], 1, "nobody"),
        (["breed", "faces", "--size", "2"], 2, "a size of 2 is out of range"),
        (["breed", "faces", "--size", "bold", "--step", "9"], 1, "leave out one of them"),
        (
            ["breed", "faces", "--size", "bold", "--parents", "1", "--depth", "1"],
            1,
            "leave it out where a place is repainted",
        ),
        (["breed", "faces", "--new", "--size", "bold"], 1, "leave out --size"),
        (["breed", "faces", "--size", "bold", "--parents", "99"], 1, "no individual 99"),
        (["breed", "faces", "--parents", "99"], 1, "there is no individual 99"),
        (["paint", "faces", "--ids", "99"], 1, "there is no individual 99"),
        (["show", "faces", "99"], 1, "there is no individual 99"),
        (["tree", "faces", "99"], 1, "there is no individual 99"),
        (["show", "faces", "--as-of", "9"], 1, "there is no commit 9: commits go from 1 to 1"),
        (["show", "faces", "--as-of", "2001-01-01"], 1, "was not there yet at 2001-01-01"),
        (["show", "faces", "--as-of", "lunch"], 1, "'lunch' is neither a commit nor a time"),
        (["show", "faces", "--branch", "x"], 1, "no branch named 'x': the branches are main"),
        (["open", "faces", "--branch", "x"], 1, "no branch named 'x'"),
        (["breed", "faces", "--branch", "x"], 1, "no branch named 'x'"),
        (["branch", "faces", "x", "--at", "99"], 1, "there is no individual 99"),
        (["branch", "faces", "x", "--at", "@9"], 1, "there is no commit 9"),
        (["branch", "faces", "main", "--at", "1"], 1, "branch 'main' exists already"),
        (["branch", "faces", "x", "--at", "soon"], 2, "'soon' is not a whole number"),
        (["export", "faces", "--to", "x"], 2, "name the individuals to export"),
        (["export", "faces", "3"], 2, "say where to write: --to DIR|FILE, or --gallery DIR"),
        (["export", "faces", "--gallery", "x", "--to", "y"], 2, "leave out --to"),
        (["export", "faces", "--gallery", "x", "--sheet"], 2, "not allowed with"),
        (["export", "faces", "--gallery", "x"], 1, "nothing of 'faces' is painted"),
        (["export", "faces", "3", "--line", "--gallery", "x"], 1, "none of the line of 3 is"),
        (["export", "faces", "3", "--line", "--to", "x"], 1, "none of the line of 3 is painted"),
        (
            ["export", "faces", "1", "2", "3", "--line", "--to", "x"],
            1,
            "a line of descent takes one id, or",
        ),
        (["export", "faces", "0", "3", "--line", "--to", "x"], 1, "3 does not descend from 0"),
        (["export", "faces", "3", "--walk", "--sheet", "--to", "x"], 2, "not allowed with"),
        (["export", "faces", "--all", "--line", "--to", "x"], 2, "name the individuals to export"),
        (["export", "faces", "3", "--walk", "--to", "x.gif"], 1, "give two ids or more"),
        (["export", "faces", "3", "4", "--walk", "--to", "x.png"], 1, "is no clip"),
        (["lost", "faces", "3", "99"], 1, "there is no individual 99"),
        (["lost", "faces", "0", "3", "--clip", "nowhere"], 1, "0 does not descend from 3"),
        (["import", "faces", "nowhere.png"], 1, "there is no file nowhere.png"),
        (["import", "x", "nowhere.png"], 1, "there is no file nowhere.png"),
        (["new", "x", "a", "--from", "nowhere.png", "--no-open"], 1, "there is no file"),
        (["new", "x", "a", "--from", "y.png", "--depth", "0"], 2, "0 is not between 0.01 and 1"),
        (["export", "faces", "0", "--to", "x"], 1, "individual 0 is not painted"),
        (
            ["export", "faces", "--all", "--to", "x.tgz"],
            1,
            "is not written: end its name with .zip",
        ),
        (["export", "faces", "0", "--to", "x.JPG"], 1, "is not written: end its name with .png"),
        (["export", "faces", "--all", "--to", "x"], 1, "nothing of 'faces' is painted"),
        (["replay", "faces"], 1, "nothing of 'faces' is painted"),
        (["replay", "nowhere.png"], 1, "there is no file"),
        (["models", "dalle"], 1, "unknown model 'dalle'"),
        (["breed", "faces", "--parents", ""], 2, "no ids given"),
        (
            ["breed", "faces", "--depth", "0.5"],
            1,
            "repaint one picture: name it as the only parent",
        ),
        (["breed", "faces", "--new", "0"], 2, "is not"),
        (["breed", "faces", "--new", "--parents", "1"], 1, "leave out --parents"),
        (["breed", "faces", "--new", "3", "--count", "4"], 1, "leave out --count"),
        (["breed", "faces", "--depth", "0"], 2, "not between 0.01 and 1"),
        (["breed", "faces", "--region", "0,0,1"], 2, "is not X0,Y0,X1,Y1"),
        (
            ["breed", "faces", "--parents", "1", "--region", "0.5,0,0.2,1"],
            1,
            "is not inside the picture",
        ),
        (
            ["breed", "faces", "--parents", "1", "--region", "0,0,999,64"],
            1,
            "is not inside the picture",
        ),
        (["paint", "faces", "--ids", ","], 2, "no ids given"),
        (["run", "faces", "--images", "24", "--negative", "hats"], 1, "(without hats)"),
        (["run", "faces", "--images", "24", "--prompt", ""], 1, "the prompt is empty"),
        (["models", "~nobody/x"], 1, "unknown model"),
        (["models", "owner/never-fetched"], 1, "fancier models --get owner/never-fetched"),
        (["models", "--get"], 2, "name the model to get"),
        (["models", "portraits+"], 1, "is not MODEL+LORA"),
        (["models", "portraits+style:0.5"], 1, "there is no LoRA 'style'"),
        (["new", "x", "a", "--model", "/", "--no-open"], 1, "model '/' has no model_index.json"),
        (["xyz"], 2, "unknown command 'xyz'; see 'fancier --help'"),
        (["opne"], 2, "unknown command 'opne': did you mean 'open'?"),
        (["breed", "faces", "--nosuch"], 2, "arguments: --nosuch; see 'fancier breed --help'"),
        (["--nosuch", "list"], 2, "arguments: --nosuch; see 'fancier --help'"),
    ],
)
def test_bad_input_gets_one_clear_line(
    faces: str,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    argv: list[str],
    status: int,
    message: str,
) -> None:
    before = sorted(home.rglob("*"))
    assert message in refusal(capsys, status, *argv)
    assert sorted(home.rglob("*")) == before  # nothing half-made


def test_a_foreign_folder_is_named_as_such(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "photos").mkdir(parents=True)
    assert "is not a population" in refusal(capsys, 1, "show", "photos")


def test_a_cut_off_store_is_named_as_such(
    faces: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = home / "faces" / "population.zarr" / "zarr.json"
    root.write_bytes(root.read_bytes()[:100])
    assert "cut off or damaged" in refusal(capsys, 1, "show", "faces")


def test_a_home_that_cannot_be_made_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    line = refusal(
        capsys, 1, "new", "x", "a man", "--no-open", "--home", str(tmp_path / "file" / "home")
    )
    assert str(tmp_path / "file") in line


def test_a_population_open_elsewhere_is_not_written_to(
    faces: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from populations import Population, population_path

    with Population.open(population_path(home, faces)):
        assert "open" in refusal(capsys, 1, "rate", faces, "1=3")
        assert "--read-only" in refusal(capsys, 1, "open", faces)
        assert "needs a terminal" in refusal(capsys, 1, "open", faces, "--read-only")
        assert answer(capsys, "show", faces)["name"] == faces  # reading needs no lock


def test_a_foreign_picture_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from PIL import Image

    Image.new("RGB", (8, 8)).save(tmp_path / "plain.png")
    assert "carries no recipe" in refusal(capsys, 1, "replay", str(tmp_path / "plain.png"))
    (tmp_path / "cut.png").write_bytes((tmp_path / "plain.png").read_bytes()[:40])
    assert "cannot be read as a PNG" in refusal(capsys, 1, "replay", str(tmp_path / "cut.png"))
    (tmp_path / "text.png").write_text("no picture at all")
    line = refusal(capsys, 1, "replay", str(tmp_path / "text.png"))
    assert line.rstrip().endswith("picture: it is something else, or damaged")


def test_the_command_line_loads_nothing_heavy() -> None:
    code = (
        "import sys; from tui.cli import build_parser; build_parser().format_help(); "
        "print(sorted({'torch', 'zarr', 'textual', 'numpy', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it takes a disk that is always full")
@pytest.mark.parametrize(
    ("words", "unbuffered"), [("list --json", ""), ("--help", ""), ("--help", "1")]
)
def test_output_that_cannot_be_written_is_no_success(
    home: Path, words: str, unbuffered: str
) -> None:
    line = [sys.executable, "-m", "tui.cli", *words.split()]
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with open("/dev/full", "w") as full:
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, text=True, env=env)
    assert done.returncode == 1
    assert done.stderr == "fancier: could not finish: No space left on device\n"


def test_words_that_are_not_read_and_weights_that_are_none_are_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "a woman, " * 20 + "with glasses and a hat"
    assert main(["new", "a", long, "--no-open", "--negative", "a hat:2", "--json"]) == 0
    beyond, weight = capsys.readouterr().err.splitlines()
    assert beyond.startswith("note: portraits does not read 'and a hat': its limit is 64 tokens")
    assert weight.startswith("note: 'hat:2' is text here, not a weight")


def test_an_import_says_what_came_with_a_recipe_and_what_was_lost(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from PIL import Image

    from benchmarks.foreign import written

    files = [written.FILES[name].save(tmp_path / name) for name in ("SwarmUI", "InvokeAI 3")]
    assert main(["import", "castles", *map(str, files), "--negative", "fog"]) == 0
    done, *notes = capsys.readouterr().out.splitlines()
    assert done == (
        "imported 2 pictures as #0 and #1 of 'castles' (branch main): "
        "1 with a recipe of SwarmUI, 1 with a recipe of InvokeAI"
    )
    assert [note.startswith(f"{file}: left out: ") for file, note in zip(files, notes, strict=True)]
    assert "has never seen 'castle'" in notes[0]
    Image.new("RGB", (8, 8)).save(tmp_path / "photo.png")
    added = answer(capsys, "import", "castles", str(tmp_path / "photo.png"), "--negative", "fog")
    assert added["kinds"] == [""]
    shown = answer(capsys, "show", "castles", "0")["individuals"][0]["genome"]["prompt"]
    assert shown["negative"] == [["people", 1.0], ["fog", 1.0]]


def test_words_that_the_model_has_never_seen_are_told_when_a_population_is_made(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "dragons", "a smiling dragon", "--no-open", "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["name"] == "dragons"
    assert printed.err.startswith("note: portraits has never seen 'dragon'")
    assert printed.err.count("\n") == 1


def test_the_words_a_model_knows_are_listed_by_topic(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "portraits"]) == 0
    printed = capsys.readouterr().out
    assert "hair colour: black, brown" in printed
    assert "beard: no beard" in printed


def test_breeding_and_importing_go_on_in_the_branch_that_was_used_last(
    faces: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks.foreign import written
    from populations import Population
    from populations.home.left import leave

    assert answer(capsys, "breed", faces, "--new", "1")["branch"] == "main"
    answer(capsys, "branch", faces, "back", "--at", "1")
    with Population.open(home / faces) as population:
        leave(population, "back", 1)
    bred = answer(capsys, "breed", faces, "--new", "2")
    assert (bred["branch"], bred["created"]) == ("back", [13, 14])
    assert main(["breed", faces, "--new", "2", "--branch", "main"]) == 0
    assert "bred #15 and #16 in branch 'main': paint them" in capsys.readouterr().out
    file = written.FILES["SwarmUI"].save(tmp_path / "swarm")
    assert answer(capsys, "import", faces, str(file))["branch"] == "back"
    with Population.open(home / faces, write=False) as population:
        assert set(population.branch("back").ids()) >= {13, 14, 17}
        assert set(population.branch("main").ids()) == {*range(13), 15, 16}
    why = refusal(capsys, 1, "import", "new", str(file), "--branch", "back")
    assert "'new' is new and has only the branch 'main': name no other one" in why


def test_a_population_in_the_trash_is_said_to_be_there(
    faces: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "delete", faces)
    for command in ("show", "breed"):
        assert refusal(capsys, 1, command, faces) == (
            "fancier: population 'faces' is in the trash: "
            "take it back with 'fancier trash --restore \"faces\"'\n"
        )
    answer(capsys, "trash", "--restore", faces)
    assert answer(capsys, "show", faces)["name"] == faces


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
        ({"passes": 0}, "nothing to do: 'faces' has 12 pictures already; --images asks for more"),
        (
            {"branch": "back", "stopped": "interrupted", "passes": 0},
            "12 pictures in 1 generation (branch back); "
            "interrupted: run the same command to continue",
        ),
    ],
)
def test_a_run_ends_with_a_line_that_a_person_would_say(result: dict[str, Any], line: str) -> None:
    from tui.commands.breeding.run import Options, in_words

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
    assert in_words(Options({"name": "faces", "steps_budget": None}), {**data, **result}) == line


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        ([3], "#3"),
        ([0, 1], "#0 and #1"),
        (range(3, 15), "#3 to #14"),
        ([3, 7, 8, 9], "#3 and #7 to #9"),
        ([1, 2, 5, 6, 7], "#1, #2, #5 to #7"),
        ([], ""),
    ],
)
def test_individuals_are_numbered_as_people_write(ids: list[int], text: str) -> None:
    from populations.core.captions import numbered

    assert numbered(ids) == text
