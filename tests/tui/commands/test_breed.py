"""`fancier breed` and `fancier branch`: what children are made of, and in which branch."""

from tui.cli import main


def test_breed_new_makes_another_page_of_the_prompt_whatever_was_rated(faces, answer):
    answer("rate", faces, "3=5")
    assert answer("breed", faces, "--new")["created"] == list(range(12, 24))
    assert answer("breed", faces, "--new", "2")["created"] == [24, 25]
    assert not any(i["parents"] for i in answer("show", faces)["individuals"])


def test_breed_makes_children_of_what_was_rated(faces, answer):
    answer("rate", faces, "5=5")
    assert answer("breed", faces)["created"] == list(range(12, 24))
    children = answer("show", faces)["individuals"][12:]
    assert sum(5 in c["parents"] for c in children) >= 10


def test_breed_makes_a_page_of_drafts_of_twice_as_many(faces, answer, capsys):
    assert answer("breed", faces, "--drafts", "--parents", "5")["created"] == [*range(12, 36)]
    children = answer("show", faces)["individuals"][12:]
    assert all(child["params"]["draft"] is True for child in children)
    assert main(["breed", faces, "--drafts", "--parents", "5", "--count", "2"]) == 0
    assert "look at them with 'fancier open" in capsys.readouterr().out


def test_a_branch_goes_on_from_an_earlier_page(faces, answer, capsys):
    answer("breed", faces, "--parents", "1", "--count", "2")
    made = answer("branch", faces, "back", "--at", "3")
    assert made == {"name": faces, "branch": "back", "parent": "main", "head": 11}
    born = answer("breed", faces, "--branch", "back", "--parents", "0", "--count", "2")
    assert born["created"] == [14, 15]
    everyone = answer("show", faces)
    assert [i["branch"] for i in everyone["individuals"]] == ["main"] * 14 + ["back"] * 2
    assert [(b["name"], b["head"]) for b in everyone["branches"]] == [("main", 13), ("back", 15)]
    on_branch = answer("show", faces, "--branch", "back")
    assert [i["id"] for i in on_branch["individuals"]] == [*range(12), 14, 15]
    assert on_branch["page"] == [14, 15]
    assert main(["branch", faces]) == 0
    assert "back" in capsys.readouterr().out
    answer("branch", faces, "other", "--at", "3")
    assert main(["tree", faces]) == 0
    drawn = capsys.readouterr().out
    assert "-> [back]  -> [other]" in drawn
    assert "[back]" in drawn.split("● 14")[1].splitlines()[0]


def test_a_branch_that_begins_now_leaves_the_branch_in_use(faces, home, answer):
    from populations import Population
    from populations.home.left import leave

    answer("branch", faces, "back", "--at", "1")
    with Population.open(home / faces) as population:
        leave(population, "back")
    answer("breed", faces, "--new", "1")
    answer("breed", faces, "--new", "1", "--branch", "main")
    made = answer("branch", faces, "now")
    assert (made["parent"], made["head"]) == ("back", 12)
    ids = [i["id"] for i in answer("show", faces, "--branch", "now")["individuals"]]
    assert ids == list(range(13))
    with Population.open(home / faces, write=False) as population:
        commits = len(population.history())
    made = answer("branch", faces, "then", "--at", f"@{commits - 1}")
    assert (made["parent"], made["head"]) == ("back", 13)
    early = answer("branch", faces, "early", "--at", "@1")
    assert early["parent"] == "main"


def test_breeding_and_importing_go_on_in_the_branch_that_was_used_last(
    faces, home, tmp_path, answer, refusal, capsys
):
    from benchmarks.foreign import written
    from populations import Population
    from populations.home.left import leave

    assert answer("breed", faces, "--new", "1")["branch"] == "main"
    answer("branch", faces, "back", "--at", "1")
    with Population.open(home / faces) as population:
        leave(population, "back", 1)
    bred = answer("breed", faces, "--new", "2")
    assert (bred["branch"], bred["created"]) == ("back", [13, 14])
    assert main(["breed", faces, "--new", "2", "--branch", "main"]) == 0
    assert "bred #15 and #16 in branch 'main': paint them" in capsys.readouterr().out
    file = written.FILES["SwarmUI"].save(tmp_path / "swarm")
    assert answer("import", faces, str(file))["branch"] == "back"
    with Population.open(home / faces, write=False) as population:
        assert set(population.branch("back").ids()) >= {13, 14, 17}
        assert set(population.branch("main").ids()) == {*range(13), 15, 16}
    why = refusal(1, "import", "new", str(file), "--branch", "back")
    assert "'new' is new and has only the branch 'main': name no other one" in why
