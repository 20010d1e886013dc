"""Bad input gets one line that names what is wrong, and changes nothing."""

import pytest


@pytest.mark.parametrize(
    ("line", "message"),
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
def test_what_is_missing_is_named_with_its_place(line, message, refusal):
    assert message in refusal(2, *line)


@pytest.mark.parametrize(
    ("argv", "status", "message"),
    [
        (["show", "nobody"], 1, "no population"),
        (["show", "more"], 1, "'fancier list' shows all"),
        (["show", "Facse"], 1, "did you mean 'faces'?"),
        (
            ["show", "pictures/faces/"],
            1,
            "'pictures/faces/' is a path, not the name of a population: use 'faces', and "
            "'fancier --home \"pictures\"' for populations in that folder",
        ),
        (["show", "./faces"], 1, "use 'faces', and 'fancier --home \".\"' for populations"),
        (["show", "../.."], 1, "cannot be named '../..' because of '/'"),
        (["--blocks", "tiles", "list"], 2, "'tiles' (choose from 'auto', 'kitty', 'iterm2', 's"),
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
        (["run", "x", "--images", "2", "--prompt", "a", "--branch", "b"], 1, "only the branch 'ma"),
        (["run", "faces"], 2, "one of the arguments --images --minutes --steps-budget is required"),
        (["run", "faces", "--images", "24", "--prompt", "a dog"], 1, "has prompt"),
        (["run", "faces", "--images", "24", "--seed", "8"], 1, "has seed '7', not '8'"),
        (["run", "faces", "--images", "24", "--fitness", "beauty"], 2, "unknown fitness"),
        (["run", "faces", "--images", "24", "--cut-guidance", "1"], 1, "has cut guidance 'none'"),
        (["new", "x", "a", "--cut-guidance", "9", "--no-open"], 2, "9 is not between 0.01 and 2"),
        (["new", "x", "a", "--steps", "0"], 2, "0 is not between 1 and 150"),
        (["new", "x", "a", "--guidance-scale", "x"], 2, "'x' is not a number"),
        (["new", "x", "a", "--sampler", "Euler a"], 2, "unknown sampler 'Euler a': use dpm++, eul"),
        (
            ["run", "faces", "--images", "24", "--steps", "9"],
            1,
            "has steps '8', not '9': leave --st",
        ),
        (["run", "faces", "--images", "24", "--variety", "0.2"], 1, "has variety 'none'"),
        (["new", "x", "a | b :-2", "--no-open"], 1, "weight -2 of 'b' must be from -1.5 to 2.5"),
        (["new", "x", "a :2 | b", "--no-open"], 1, "weight 2 of 'a' stands before the first bar"),
        (["rate", "faces", "3"], 2, "'3' is not ID=VALUE"),
        (["rate", "faces", "3=6"], 2, "6 is not between 0 and 5"),
        (["completion"], 2, "shell is missing: 'fancier completion {bash,zsh,fish}'"),
        (["rate", "faces", "3=2", "1=5", "3=4"], 2, "individual 3 has two ratings"),
        (["rate", "faces", "12=3"], 1, "there is no individual 12"),
        (["breed", "faces", "--strength", "100"], 2, "not between 0 and 90"),
        (["breed", "faces", "--size", "huge"], 2, "use subtle, visible, bold or a number from"),
        (["breed", "faces", "--by", "luck"], 2, "choose from"),
        (["breed", "faces", "--by", "taste"], 1, "nothing is known of your taste yet"),
        (["breed", "faces", "--among", "24"], 1, "breed by taste for it"),
        (["breed", "faces", "--new", "--by", "taste"], 1, "leave out --by"),
        (["breed", "faces", "--drafts", "--size", "bold"], 1, "which drafts are not"),
        (["breed", "faces", "--drafts", "--new"], 1, "leave out --drafts"),
        (["taste", "nobody"], 1, "nobody"),
        (["breed", "faces", "--size", "2"], 2, "a size of 2 is out of range"),
        (["breed", "faces", "--size", "bold", "--step", "9"], 1, "leave out one of them"),
        (
            ["breed", "faces", "--size", "bold", "--parents", "1", "--depth", "1"],
            1,
            "leave it out, or the region and the depth",
        ),
        (["breed", "faces", "--new", "--size", "bold"], 1, "leave out --size"),
        (["breed", "faces", "--size", "bold", "--parents", "99"], 1, "no individual 99"),
        (["breed", "faces", "--parents", "99"], 1, "there is no individual 99"),
        (["paint", "faces", "--ids", "99"], 1, "there is no individual 99"),
        (["show", "faces", "99"], 1, "there is no individual 99"),
        (["note", "faces", "first"], 2, "'first' is not a whole number"),
        (["lost", "faces", "9", "first"], 2, "'first' is not a whole number"),
        (["locate", "faces", "first", "hat", "--to", "x.png"], 2, "is not a whole number"),
        (["tree", "faces", "--png", "."], 1, "'.' is not the name of a PNG: end it with .png"),
        (["trash", "--restore", ""], 1, "no population named '' in the trash"),
        (["tree", "faces", "99"], 1, "there is no individual 99"),
        (["show", "faces", "--as-of", "9"], 1, "there is no commit 9: commits go from 1 to 1"),
        (["show", "faces", "--as-of", "2001-01-01"], 1, "was not there yet at 2001-01-01"),
        (["show", "faces", "--as-of", "9" * 5000], 1, "is neither a commit nor a time"),
        (["show", "faces", "--as-of", "lunch"], 1, "'lunch' is neither a commit nor a time"),
        (["show", "faces", "--branch", "x"], 1, "no branch named 'x': the branches are main"),
        (["breed", "faces", "--branch", "x"], 1, "no branch named 'x'"),
        (["branch", "faces", "x", "--at", "99"], 1, "there is no individual 99"),
        (["branch", "faces", "x", "--at", "@9"], 1, "there is no commit 9"),
        (["branch", "faces", "main", "--at", "1"], 1, "branch 'main' exists already"),
        (["branch", "faces", "x", "--at", "soon"], 2, "'soon' is not a whole number"),
        (["export", "faces", "--to", "x"], 2, "name the individuals to export"),
        (["export", "faces", "3", "--all", "--to", "x"], 2, "leave out --all or the ids"),
        (["export", "faces", "3"], 2, "say where to write: --to DIR|FILE, or --gallery DIR"),
        (["export", "faces", "--gallery", "x", "--to", "y"], 2, "leave out --to"),
        (["export", "faces", "--gallery", "x", "--sheet"], 2, "not allowed with"),
        (
            ["export", "faces", "--gallery", "x"],
            1,
            "nothing of 'faces' is painted yet: 'fancier paint \"faces\"' paints",
        ),
        (["export", "faces", "3", "--line", "--gallery", "x"], 1, "none of the line of 3 is"),
        (
            ["export", "faces", "1", "2", "3", "--line", "--to", "x"],
            1,
            "a line of descent takes one id, or",
        ),
        (["export", "faces", "0", "3", "--line", "--to", "x"], 1, "3 does not descend from 0"),
        (["export", "faces", "3", "--walk", "--sheet", "--to", "x"], 2, "not allowed with"),
        (["export", "faces", "--all", "--line", "--to", "x"], 2, "name the individuals to export"),
        (["export", "faces", "3", "--walk", "--to", "x.gif"], 1, "give two ids or more"),
        (
            ["export", "faces", "3", "4", "--walk", "--to", "x.png"],
            1,
            "'x.png' is not the name of an animation: end it with .gif, .webp, .mp4",
        ),
        (["lost", "faces", "3", "99"], 1, "there is no individual 99"),
        (["lost", "faces", "0", "3", "--clip", "nowhere"], 1, "0 does not descend from 3"),
        (["import", "faces", "nowhere.png"], 1, "there is no file 'nowhere.png'"),
        (["import", "x", "a.zip", "--prompt", "a", "--seed", "3"], 1, "leave out --seed, --prompt"),
        (["import", "x", "a.zip", "--depth", "0.5"], 1, "it was: leave out --depth"),
        (["new", "x", "a", "--from", "nowhere.png", "--no-open"], 1, "there is no file"),
        (["new", "x", "a", "--from", "y.png", "--depth", "0"], 2, "0 is not between 0.01 and 1"),
        (
            ["export", "faces", "0", "--to", "x"],
            1,
            "individual 0 is not painted: 'fancier paint \"faces\" --ids 0' paints it",
        ),
        (
            ["export", "faces", "--all", "--to", "x.tgz"],
            1,
            "is not the name of an export: end it with .zip",
        ),
        (
            ["export", "faces", "--sheet", "--to", "x.jpg"],
            1,
            "is not the name of an export: end it with .png",
        ),
        (
            ["export", "faces", "0", "--to", "x.JPG"],
            1,
            "is not the name of an export: end it with .png",
        ),
        (
            ["export", "faces", "--all", "--to", "x"],
            1,
            "nothing of 'faces' is painted yet: 'fancier paint \"faces\"' paints",
        ),
        (
            ["replay", "faces"],
            1,
            "nothing of 'faces' is painted yet: 'fancier paint \"faces\"' paints",
        ),
        (["replay", "nowhere.png", "3"], 2, "is one picture: leave the ids out"),
        (["replay", "nowhere.png"], 1, "there is no file"),
        (["replay", "a.png", "b.png"], 2, "'b.png' is another file: name one at a time"),
        (["replay", "./pictures"], 2, "'./pictures' is not a PNG: name one exported picture"),
        (["replay", "photo.JPG"], 2, "'photo.JPG' is not a PNG: name one exported picture"),
        (["models", "dalle"], 1, "unknown model 'dalle'"),
        (
            ["breed", "faces", "--depth", "0.5"],
            1,
            "repaint one picture: name it as the only parent",
        ),
        (["breed", "faces", "--new", "0"], 2, "is not"),
        (["breed", "faces", "--new", "--parents", "1"], 1, "leave out --parents"),
        (["breed", "faces", "--new", "3", "--count", "4"], 1, "leave out --count"),
        (["breed", "faces", "--region", "0,0,1"], 2, "is not X0,Y0,X1,Y1"),
        (
            ["breed", "faces", "--parents", "1", "--region", "0.5,0,0.2,1"],
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
def test_bad_input_gets_one_clear_line(made, monkeypatch, refusal, argv, status, message):
    monkeypatch.setenv("FANCIER_HOME", str(made))  # no copy: nothing may change there
    before = sorted(made.rglob("*"))
    assert message in refusal(status, *argv)
    assert sorted(made.rglob("*")) == before  # nothing half-made


def test_a_picture_of_somebody_else_is_refused_before_anything_is_painted(faces, tmp_path, refusal):
    from PIL import Image

    photo = tmp_path / "photo.png"
    Image.new("RGB", (8, 8)).save(photo)
    before = photo.read_bytes()
    for command in (
        ["lost", faces, "3", "0", "--to"],
        ["locate", faces, "3", "hat", "--to"],
        ["edit", faces, "3", "--add", "a hat", "--show-where"],
    ):
        assert "was not exported by fancier" in refusal(1, *command, str(photo))
    assert photo.read_bytes() == before


def test_a_home_that_cannot_be_made_is_named(tmp_path, refusal):
    (tmp_path / "file").write_text("not a folder")
    line = refusal(1, "new", "x", "a man", "--no-open", "--home", str(tmp_path / "file" / "home"))
    assert str(tmp_path / "file") in line


def test_a_population_open_elsewhere_is_not_written_to(faces, home, answer, refusal):
    from populations import Population, population_path

    with Population.open(population_path(home, faces)):
        assert "open" in refusal(1, "rate", faces, "1=3")
        assert "--read-only" in refusal(1, "open", faces)
        assert "needs a terminal" in refusal(1, "open", faces, "--read-only")
        assert answer("show", faces)["name"] == faces  # reading needs no lock


def test_a_population_that_cannot_be_written_to_can_be_opened_read_only(
    faces, refusal, monkeypatch
):
    from evolve.errors import SavingError
    from populations.studio.showing import saved_session

    def refuse(*_: object, **__: object) -> None:
        raise SavingError("cannot write to faces: make the folder writable", "no writing")

    monkeypatch.setattr(saved_session, "open_session", refuse)
    line = refusal(1, "open", faces)
    assert "make the folder writable, or open it with --read-only" in line


def test_a_foreign_picture_is_refused(tmp_path, refusal):
    from PIL import Image

    Image.new("RGB", (8, 8)).save(tmp_path / "plain.png")
    assert "carries no recipe" in refusal(1, "replay", str(tmp_path / "plain.png"))
    (tmp_path / "cut.png").write_bytes((tmp_path / "plain.png").read_bytes()[:40])
    assert "cannot be read as a PNG" in refusal(1, "replay", str(tmp_path / "cut.png"))
    (tmp_path / "text.png").write_text("no picture at all")
    line = refusal(1, "replay", str(tmp_path / "text.png"))
    assert line.rstrip().endswith("picture: it is something else, or damaged")
