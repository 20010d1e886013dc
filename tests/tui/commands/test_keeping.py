"""`fancier copy`, `rename`, `delete`, `trash`, `check` and `import`: whole populations."""

import contextlib
import json

import numpy as np

from evolve.genome.edit import Base
from populations.studio import import_files
from tui.cli import main


def test_populations_are_renamed_copied_thrown_away_and_taken_back(faces, answer, capsys):
    assert answer("copy", faces, "twin") == {"name": "twin"}
    assert answer("rename", "twin", "other") == {"name": "other"}
    assert [p["name"] for p in answer("list")["populations"]] == [faces, "other"]
    assert answer("delete", "other", faces) == {"deleted": ["other", faces]}
    assert {t["name"] for t in answer("trash")["trash"]} == {faces, "other"}
    assert main(["trash"]) == 0
    assert "other" in capsys.readouterr().out
    assert answer("trash", "--restore", faces) == {"restored": faces}
    assert answer("trash", "--empty")["removed"] == ["other"]
    assert [p["name"] for p in answer("list")["populations"]] == [faces]


def test_what_can_be_deleted_is_and_the_rest_is_named(faces, capsys):
    assert main(["delete", "nobody", faces, faces, "../x", "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"deleted": [faces]}
    missing, impossible = printed.err.splitlines()
    assert missing.startswith("fancier: no population named 'nobody'")
    assert "'../x' is a path, not the name" in impossible


def test_a_population_in_the_trash_is_reported_to_be_there(faces, answer, refusal):
    answer("delete", faces)
    for command in ("show", "breed"):
        assert refusal(1, command, faces) == (
            "fancier: population 'faces' is in the trash: "
            "take it back with 'fancier trash --restore \"faces\"'\n"
        )
    answer("trash", "--restore", faces)
    assert answer("show", faces)["name"] == faces


def test_a_fresh_population_checks_clean(faces, answer):
    assert answer("check", faces) == {
        "ok": True,
        "individuals": 12,
        "problems": [],
        "repaired": [],
    }


def test_a_check_names_the_cure_of_what_it_found(faces, home, capsys):
    for file in home.glob(f"{faces}/population.zarr/individuals/*/c.0*"):
        if file.parent.name in ("genome", "parents"):  # nothing else holds the genomes
            file.unlink()
    assert main(["check", faces]) == 1
    cure = f"'fancier check \"{faces}\" --repair' restores what can be restored"
    assert capsys.readouterr().out.endswith(f"12 individuals, 2 problems: {cure}\n")
    assert main(["check", faces, "--repair"]) == 1
    *_, done, last = capsys.readouterr().out.splitlines()
    assert done.startswith("repaired: individuals: parents of rows 0 to 11")
    assert last.endswith("1 problem: what is left cannot be restored here, only from a backup")


def test_an_import_says_what_came_with_a_recipe_and_what_was_lost(
    home, tmp_path, answer, refusal, capsys, monkeypatch
):
    from PIL import Image

    from benchmarks.foreign import written

    base = Base(np.zeros((8, 16, 16), np.float16))  # what a model would come to
    encoder = lambda model: contextlib.nullcontext(lambda picture: base)  # noqa: E731
    monkeypatch.setattr(import_files, "encoder", encoder)

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
    why = refusal(1, "import", "photos", str(tmp_path / "photo.png"))
    assert "photo.png' carries no prompt: 'fancier import --prompt' gives one" in why
    more = ("import", "castles", str(tmp_path / "photo.png"), "--negative", "fog", "--depth", "0.2")
    added = answer(*more)
    assert added["kinds"] == [""]
    assert not any("depth" in note for note in added["notes"])
    recipes = answer("import", "castles", str(files[0]), "--depth", "0.2")["notes"]
    assert "which gives another picture ('fancier import --picture' takes the one" in recipes[0]
    assert recipes[1] == (
        "the depth is not used: every file carries its noise "
        "('fancier import --picture' uses the pictures)"
    )
    shown = answer("show", "castles", "0")["individuals"][0]["genome"]["prompt"]
    assert shown["negative"] == [["people", 1.0], ["fog", 1.0]]
