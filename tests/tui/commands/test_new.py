"""`fancier new`: founders, their genes, and notes on the words of a prompt."""

import json

from tui.cli import main


def test_new_makes_a_page_of_individuals(home, answer):
    made = answer("new", "faces", "a man", "--no-open", "--page", "6")
    assert made == {"name": "faces", "created": [0, 1, 2, 3, 4, 5]}


def test_a_size_that_the_model_was_not_trained_for_is_said(home, capsys):
    assert main(["new", "big", "a man", "--no-open", "--page", "1", "--size", "4096x4096"]) == 0
    assert "trained for pictures of 128x128: at 4096x4096 they" in capsys.readouterr().err
    assert main(["new", "own", "a man", "--no-open", "--page", "1", "--size", "128x128"]) == 0
    assert "trained for" not in capsys.readouterr().err


def test_the_same_seed_makes_the_same_founders(home, answer):
    from populations import Population, population_path

    genomes = []
    for name in ("a", "b"):
        answer("new", name, "a man", "--no-open", "--seed", "3")
        with Population.open(population_path(home, name)) as population:
            genomes.append([population.genome(i).digest for i in range(12)])
    assert genomes[0] == genomes[1]


def test_cut_guidance_is_a_gene_of_every_founder(home, answer):
    answer("new", "faces", "a man", "--no-open", "--cut-guidance", "0.3")
    individuals = answer("show", "faces")["individuals"]
    assert {one["genome"]["settings"]["cut_guidance"] for one in individuals} == {0.3}


def test_steps_guidance_and_sampler_of_founders_are_as_asked(home, answer, refusal):
    chosen = ["--steps", "3", "--guidance", "1.5", "--sampler", "Euler"]
    answer("new", "faces", "a man", "--page", "2", "--no-open", *chosen)
    for one in answer("show", "faces")["individuals"]:
        settings = one["genome"]["settings"]
        assert settings == {"guidance_scale": 1.5, "steps": 3, "sampler": "euler"}
    asked = ["--steps", "4", "--steps-budget", "3"]
    line = refusal(1, "run", "more", "--prompt", "a man", *asked)
    assert "takes 4 sampler steps: a budget of 3 is not enough" in line


def test_variety_is_a_gene_of_every_founder_and_off_where_nobody_asks(home, answer):
    for name, options, strength, directions in (
        ("varied", ["--variety", "0.3"], 0.3, 4),
        ("plain", [], None, 0),
        ("none", ["--variety", "0"], None, 0),
    ):
        answer("new", name, "a man", "--page", "4", "--no-open", *options)
        genomes = [one["genome"] for one in answer("show", name)["individuals"]]
        assert {genome["settings"].get("variety") for genome in genomes} == {strength}
        assert len({str(g["variety"]) for g in genomes if "variety" in g}) == directions


def test_words_that_are_not_read_and_weights_that_are_none_are_reported(home, capsys):
    long = "a woman, " * 20 + "with glasses and a hat"
    assert main(["new", "a", long, "--no-open", "--negative", "a hat:2", "--json"]) == 0
    beyond, weight = capsys.readouterr().err.splitlines()
    assert beyond.startswith("note: portraits does not read 'and a hat': its limit is 64 tokens")
    assert weight.startswith("note: 'hat:2' is text here, not a weight")


def test_words_that_the_model_has_never_seen_are_reported_when_a_population_is_made(home, capsys):
    assert main(["new", "dragons", "a smiling dragon", "--no-open", "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["name"] == "dragons"
    assert printed.err.startswith("note: portraits has never seen 'dragon'")
    assert printed.err.count("\n") == 1
