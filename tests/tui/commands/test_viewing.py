"""`fancier list`, `show` and `tree`: what is known of populations and of individuals."""

from tui.cli import main


def test_list_names_what_there_is(faces, answer):
    (population,) = answer("list")["populations"]
    assert population["name"] == "faces"
    assert population["individuals"] == 12
    assert population["prompt"] == "a smiling woman"
    assert set(population) >= {"model", "rated", "bytes", "last_used"}


def test_an_empty_home_lists_nothing_and_says_how_to_begin(home, answer, capsys):
    assert answer("list") == {"populations": []}
    assert main(["list"]) == 0
    assert "fancier new NAME" in capsys.readouterr().out


def test_ratings_are_shown_and_taken_back(faces, answer):
    assert answer("rate", faces, "3=5", "4=1") == {"rated": 2}
    ratings = {i["id"]: i["rating"] for i in answer("show", faces)["individuals"]}
    assert ratings[3] == 5
    assert ratings[4] == 1
    assert ratings[0] is None
    answer("rate", faces, "3=0")
    assert answer("show", faces, "3")["individuals"][0]["rating"] is None


def test_show_prints_everything_of_an_individual(home, faces, answer, capsys):
    from evolve.session.archive import Judgement
    from populations import Population, population_path

    answer("breed", faces, "--parents", "1", "--count", "2", "--strength", "20")
    data = answer("show", faces)
    assert data["page"] == [12, 13]
    assert data["seed"] == 7
    (main_branch,) = data["branches"]
    assert (main_branch["name"], main_branch["head"]) == ("main", 13)
    child = data["individuals"][12]
    assert child["parents"] == [1]
    assert child["generation"] == 1
    assert not child["painted"]
    assert child["genome"]["prompt"]["concepts"] == [["a smiling woman", 1.0]]
    answer("rate", faces, "12=4")
    with Population.open(population_path(home, faces)) as population:
        population.append([Judgement(individual=12, kind="pin", value=1, page=1)])
    for line, texts in (
        (["show", faces], ["variation, 20° away"]),
        (["show", faces, "12"], ["variation, 20° away", "4, pinned"]),
    ):
        assert main(line) == 0
        printed = capsys.readouterr().out
        assert all(each in printed for each in texts)


def test_show_prints_what_an_individual_is_to_be_without(home, capsys):
    words = ["a man", "--negative", "ugly | a hat :0.4"]
    assert main(["new", "plain", *words, "--no-open", "--page", "2"]) == 0
    capsys.readouterr()
    assert main(["show", "plain", "0"]) == 0
    rows = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert rows["without"] == "ugly | a hat :0.4"


def test_earlier_states_are_shown(faces, answer):
    answer("rate", faces, "3=5")
    answer("breed", faces)
    now = answer("show", faces)
    assert now["commits"] == 3
    then = answer("show", faces, "--as-of", "1")
    assert len(then["individuals"]) == 12
    assert then["individuals"][3]["rating"] is None
    assert answer("show", faces, "--as-of", "2")["individuals"][3]["rating"] == 5
    late = answer("show", faces, "--as-of", "2999-01-01")
    assert late["individuals"] == now["individuals"]


def test_tree_draws_who_descends_from_whom(faces, answer, refusal, capsys, tmp_path):
    answer("breed", faces, "--parents", "1", "--count", "2")
    everyone = answer("tree", faces)
    assert [i["id"] for i in everyone["individuals"]] == list(range(14))
    family = answer("tree", faces, "12")
    assert family["individuals"] == [{"id": 1, "parents": []}, {"id": 12, "parents": [1]}]
    assert answer("tree", faces, "12", "12") == family
    assert main(["tree", faces, "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "● 1  chance, opposite to #0  <-"
    assert [line[:6] for line in lines[1:]] == ["├─● 13", "● 12  "]
    assert answer("tree", faces, "12", "13")["shared"] == 1
    for two, relation in (
        (("12", "13"), "The latest common ancestor of 12 and 13 is 1."),
        (("1", "12"), "12 descends from 1."),
        (("2", "12"), "2 and 12 are not related."),
    ):
        assert main(["tree", faces, *two]) == 0
        assert capsys.readouterr().out.splitlines()[-1] == relation
    assert "two ids at most" in refusal(1, "tree", faces, "1", "2", "3")
    png, svg = tmp_path / "a" / "tree.png", tmp_path / "tree.svg"
    drawn = answer("tree", faces, "--png", str(png), "--svg", str(svg))
    assert drawn["files"] == [str(png), str(svg)]
    assert png.is_file()
    assert svg.is_file()
    other = tmp_path / "tree.jpg"
    for option, kind in (("--png", "a PNG"), ("--svg", "an SVG")):
        assert f"is not the name of {kind}" in refusal(1, "tree", faces, option, str(other))
    assert not other.exists()
    before = png.read_bytes()
    assert "is not the name of an SVG" in refusal(1, "tree", faces, "--svg", str(png))
    assert png.read_bytes() == before


def test_what_is_not_known_of_a_damaged_population_is_left_open(faces, home, capsys):
    (home / faces / "population.zarr" / "zarr.json").write_text("{")
    assert main(["list"]) == 0
    printed = capsys.readouterr().out
    assert "None" not in printed
    assert "cannot be opened" in printed
