"""Prompts of other programs: their syntax is taken out, and whatever is lost is named."""

import json
from pathlib import Path

import pytest
from foreign_founders import founder, png

from benchmarks.foreign import written
from evolve.genome import MAX_PROMPT, Concept, Prompt
from populations.exchange.foreign import a1111, invokeai, prompts
from populations.exchange.importing import read


def test_weights_of_invokeai_become_weighted_concepts(tmp_path: Path) -> None:
    found, _ = founder(written.FILES["InvokeAI 2"].save(tmp_path / "a"))
    assert found.genome.prompt.concepts == (Concept("a castle"), Concept("red roof", 0.3))
    blend = {**written.INVOKE_4, "positive_prompt": '("a cat", "a (big)1.2 dog").blend(0.5, 2)'}
    found, note = founder(png(tmp_path / "b.png", invokeai_metadata=json.dumps(blend)))
    assert found.genome.prompt.concepts == (Concept("a cat", 0.5), Concept("a big dog", 2.0))
    assert "emphasis" in note
    found, note = founder(png(tmp_path / "c.png", Dream='"a cat:2 a dog:-0.5 a tree" -s9 -S1'))
    assert found.genome.prompt.concepts == (Concept("a cat", 2.0), Concept("a tree"))
    assert found.genome.prompt.unwanted == "a dog"
    assert "weights below 0" in note


@pytest.mark.parametrize("prompt", [None, "", "  "])
def test_a_prompt_that_is_null_or_empty_is_none(prompt: str | None, tmp_path: Path) -> None:
    data = {**written.INVOKE_3, "positive_prompt": prompt, "negative_prompt": "hat"}
    file = png(tmp_path / "a.png", invokeai_metadata=json.dumps(data))
    assert read(file).prompt is None
    found, note = founder(file)
    assert found.genome.prompt == Prompt.parse("a house", "hat")
    assert "carries no prompt" in note


def test_only_a_line_begins_what_is_not_wanted(tmp_path: Path) -> None:
    text = "a poster that says Negative prompt: no\nNegative prompt: hat\nSteps: 9, Seed: 1"
    found, _ = founder(png(tmp_path / "a.png", parameters=text))
    assert found.genome.prompt == Prompt.parse(
        "a poster that says Negative prompt: no".replace(":", "\\:"), "hat"
    )
    text = "Steps: to heaven\na stair\nSteps: 9, Seed: 1"
    found, _ = founder(png(tmp_path / "a.png", parameters=text))
    assert str(found.genome.prompt) == "Steps: to heaven a stair"


def test_a_bar_and_a_weight_of_others_are_no_syntax_of_ours(tmp_path: Path) -> None:
    text = "a woman | red hair :1.4 | hat\nSteps: 9, Seed: 1"
    found, note = founder(png(tmp_path / "a.png", parameters=text))
    prompt = found.genome.prompt
    assert prompt.concepts == (Concept("a woman | red hair | hat"),)
    assert Prompt.parse(str(prompt)) == prompt
    assert "emphasis" in note


def test_a_long_prompt_is_cut_and_said(tmp_path: Path) -> None:
    file = png(tmp_path / "a.png", parameters=f"{'red hat, ' * 400}\nSteps: 9, Seed: 1")
    found, note = founder(file)
    assert MAX_PROMPT - 20 < len(found.genome.prompt.concepts[0].text) <= MAX_PROMPT
    assert "its prompt has 3598 characters: the first 2000 are used (or import only" in note


@pytest.mark.parametrize(
    ("prompt", "texts", "lost"),
    [
        ("a (red:1.2) hat", (("a red hat", 1.0),), ("emphasis in its prompt",)),
        (r"a hat \(blue\)", (("a hat (blue)", 1.0),), ()),
        ("[dawn:night:0.4] sky", (("dawn sky", 1.0),), ("prompt editing",)),
        ("[:stars:9] sky", (("stars sky", 1.0),), ("prompt editing",)),
        ("a [cat|dog]", (("a cat", 1.0),), ("prompt editing",)),
        ("a cat BREAK a dog", (("a cat, a dog", 1.0),), ("BREAK",)),
        (
            "a cat :1.2 AND a dog",
            (("a cat", 1.2), ("a dog", 1.0)),
            ("AND (its parts become weighted concepts)",),
        ),
        ("embedding:easy, a cat", (("a cat", 1.0),), ("embedding easy",)),
        ("<hypernet:x:1> a <3 cat", (("a <3 cat", 1.0),), ("hypernetwork x",)),
        ("a ((red) [old]) (hat", (("a red old hat", 1.0),), ("emphasis in its prompt",)),
        (r"a \\(red) hat", ((r"a \red hat", 1.0),), ("emphasis in its prompt",)),
        ("a hat+++ (a, b:1.2)", (("a hat+++ a, b", 1.0),), ("emphasis in its prompt",)),
        ("((hat:-1):-1) man", (("hat man", 1.0),), ("emphasis in its prompt",)),
    ],
)
def test_the_syntax_of_the_web_ui_is_taken_out_and_named(
    prompt: str, texts: tuple[tuple[str, float], ...], lost: tuple[str, ...]
) -> None:
    plain = prompts.web_ui(prompt)
    assert (plain.texts, plain.lost) == (texts, lost)


@pytest.mark.parametrize(
    ("prompt", "negative", "both"),
    [
        ("a man, (hat:-0.5)", "", ("a man", "hat")),
        ("a man (big (hat:1.2): -1), bald", "ugly", ("a man, bald", "ugly, big hat")),
        ("a man, (a hat:-.5), (cat ears :-2.)", "ugly", ("a man", "ugly, a hat, cat ears")),
        (r"a man, (hat \(blue\):-1)", "", ("a man", "hat (blue)")),
        ("a man", "ugly, (hat:-1)", ("a man, hat", "ugly")),
        ("(hat:-1)", "", ("", "hat")),
        ("a man AND a hat :-0.5", "ugly", ("a man", "ugly, a hat")),
        ("a man, (((hat)) and (glasses:1.2):-1)", "", ("a man", "hat and glasses")),
        ("a man, (a (red:-1) hat:-1)", "", ("a man, red", "a, hat")),
        ("a man, (hat:-0.30000000000000004)", "", ("a man", "hat")),
    ],
)
def test_what_a_prompt_leads_away_from_is_imported_as_unwanted(prompt, negative, both):
    recipe = a1111.read(f"{prompt}\nNegative prompt: {negative}\nSteps: 8, Seed: 1")
    assert recipe is not None
    assert tuple(", ".join(t for t, _ in x) for x in (recipe.prompt, recipe.negative)) == both
    assert "weights below 0 (their words are in the opposite prompt)" in recipe.left_out


@pytest.mark.parametrize("zero", ["0", "-0", "+0.0", "-.0", " 0 "])
def test_what_has_the_weight_0_is_left_out_and_named(zero: str) -> None:
    left_out = "parts of its prompt with the weight 0"
    for plainly, prompt in (
        (prompts.web_ui, f"a man, (hat:{zero})"),
        (prompts.web_ui, f"a man, ((red) (hat:1.2):{zero})"),
        (prompts.web_ui, f"a man AND a hat :{zero}"),
        (prompts.plain_text, f"a man, (hat:{zero})"),
        (prompts.novelai, f"a man, {zero.strip()}::hat::"),
    ):
        plain = plainly(prompt)
        assert (plain.texts, plain.away) == ((("a man", 1.0),), ())
        assert left_out in plain.lost
        assert "weights below 0" not in "".join(plain.lost)


def test_in_comfyui_the_nearest_weight_counts_and_square_brackets_are_text() -> None:
    plain = prompts.plain_text("a man, (big (hat:1.2):-1) [old]")
    assert (plain.texts, plain.away) == ((("a man, hat [old]", 1.0),), ("big",))
    for text in ("a [red|blue] [hat]", "a [red:blue:0.5] hat"):
        plain = prompts.plain_text(text)
        assert (plain.texts, plain.lost) == (((text, 1.0),), ())


@pytest.mark.parametrize(
    ("prompt", "text", "lost"),
    [
        ("a (hat)0 man", "a man", "parts of its prompt with the weight 0"),
        ("a ((red)1.2 hat)0.0 man", "a man", "parts of its prompt with the weight 0"),
        ("a word-- (hat)-1, (b)--, c+++.", "a word hat, b, c.", "emphasis in its prompt"),
        ("(a cat, a dog)1.2. A (house).", "a cat, a dog. A house.", "emphasis in its prompt"),
        ("a (hat)0.30000000000000004 man", "a hat man", "emphasis in its prompt"),
        ("a (hat)0.5x man", "a hatx man", "emphasis in its prompt"),
        ("(a hat).attend(1.2) there", "a hat there", "emphasis in its prompt"),
        ('a "red hat"1.2 man', "a red hat man", "emphasis in its prompt"),
        ('a ("red (wool)1.1 hat".5 on)2 man', "a red wool hat on man", "emphasis in its prompt"),
        ('a "hat"0 man', "a man", "parts of its prompt with the weight 0"),
        ('a 6" hat, 12"x9" wide', 'a 6" hat, 12"x9" wide', None),
        ('"a cat" "2 dogs"', '"a cat" "2 dogs"', None),
        (r"a hat \(v\)2, well-known", "a hat (v)2, well-known", None),
        ("a hat withLora(old-look, 0.8)", "a hat", "LoRA old-look"),
    ],
)
def test_the_syntax_of_compel_is_taken_out_and_named(
    prompt: str, text: str, lost: str | None
) -> None:
    data = {**written.INVOKE_4, "positive_prompt": prompt, "negative_prompt": ""}
    recipe, plainly = (
        invokeai.read({"invokeai_metadata": json.dumps({**data, "positive_prompt": words})})
        for words in (prompt, "a hat")
    )
    assert recipe is not None
    assert plainly is not None
    assert recipe.prompt == ((text, 1.0),)
    assert {*recipe.left_out} - {*plainly.left_out} == {lost} - {None}


@pytest.mark.parametrize("key", ["invokeai_metadata", "sd-metadata"])
def test_what_a_blend_of_invokeai_leads_away_from_is_imported_as_unwanted(
    key: str, tmp_path: Path
) -> None:
    words = '("a cat", "a dog").blend(1, -0.5)'
    blend = {
        "invokeai_metadata": {**written.INVOKE_4, "positive_prompt": words},
        "sd-metadata": {"image": {**written.INVOKE_2["image"], "prompt": words}},
    }
    found, note = founder(
        png(tmp_path / "a.png", **{key.replace("-", "__"): json.dumps(blend[key])})
    )
    assert found.genome.prompt.concepts == (Concept("a cat"),)
    assert "a dog" in found.genome.prompt.unwanted
    assert "their words are in the opposite prompt" in note


@pytest.mark.parametrize(
    ("prompt", "wanted", "away"),
    [
        ("a man, -1.5::hat, glasses::, 2::smiling::", "a man, smiling", "hat, glasses"),
        ("a man, -1::{{hat}}, [glasses]::", "a man", "hat, glasses"),
        ("a man, -1::hat 2::smiling::", "a man, smiling", "hat"),
        ("a man, -1::hat, glasses", "a man", "hat, glasses"),
        ("a man of 1912-1::hat::", "a man of 1912", "hat"),
    ],
)
def test_novelai_leads_away_with_weights_below_0_too(prompt: str, wanted: str, away: str):
    plain = prompts.novelai(prompt)
    assert plain.texts == ((wanted, 1.0),)
    assert plain.away == (away,)


def test_a_long_prompt_of_brackets_is_read_at_once():
    for piece in ("(", "(a", "(a ", "(a:-", "((", "(a(b)", "(\\", "(a:-1)", "(a:-1", ":  ", "):"):
        prompts.web_ui(piece * (60_000 // len(piece)))
    prompts.web_ui("(" * 9_000 + "a" + ":-1)" * 9_000)
    for piece in ('"', '"a', '\\"', '"a"1', "(", '("'):
        data = {**written.INVOKE_4, "positive_prompt": piece * (60_000 // len(piece))}
        invokeai.read({"invokeai_metadata": json.dumps(data)})
    for piece in ("-1::", "-1::a ", "{-1:", "-1.1"):
        prompts.novelai(piece * (60_000 // len(piece)))
