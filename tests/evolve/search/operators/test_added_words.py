from dataclasses import replace

import numpy as np
import pytest

from evolve.genome import Concept, Genome, Prompt
from evolve.genome.noise import stream
from evolve.genome.prompt import ADDED, SPLIT
from evolve.search import Plan, Search
from evolve.search import operators as op
from evolve.search.operators import word_weights

ASKED = Prompt.typed("a face | red hair :2 | glasses :-0.4", "a hat")


def genome(prompt: Prompt) -> Genome:
    noise = np.random.default_rng(len(str(prompt))).standard_normal((1, 4, 4))
    return Genome(noise.astype(np.float16), prompt)


def varied(prompt: Prompt, times: int = 400) -> list[dict[str, float]]:
    """Return the weights of many children of one parent."""
    return [
        {c.text: c.weight for c in word_weights.vary(stream(1, k, "t"), prompt, ASKED).concepts}
        for k in range(times)
    ]


def test_weights_vary_by_a_fifth_within_their_range_and_the_base_has_none() -> None:
    children = varied(ASKED)
    hair = np.array([child["red hair"] for child in children])
    assert all(child["a face"] == 1 for child in children)
    assert hair.max() == 2.5
    assert hair[hair < 2.5].std() == pytest.approx(0.2, abs=0.04)
    assert np.median(hair) == pytest.approx(2, abs=0.03)


def test_a_word_that_weighs_next_to_nothing_is_dropped() -> None:
    glasses = [child.get("glasses") for child in varied(ASKED)]
    assert all(weight is None or abs(weight) >= 0.1 for weight in glasses)
    assert 0.02 < glasses.count(None) / len(glasses) < 0.2


def test_a_word_that_nobody_asks_for_any_more_does_not_come_back() -> None:
    base = replace(ASKED, concepts=ASKED.concepts[:1])
    asked = replace(ASKED, concepts=(*base.concepts, Concept("hat", 0.0)))
    for k in range(40):
        assert word_weights.vary(stream(1, k, "t"), base, asked).concepts == base.concepts


def test_a_word_that_was_asked_for_comes_back_weakly_and_in_its_direction() -> None:
    children = varied(Prompt.typed("a face | red hair"))
    back = [child["glasses"] for child in children if "glasses" in child]
    assert set(back) == {-0.3}
    assert len(back) / len(children) == pytest.approx(word_weights.RETURNS, abs=0.07)
    assert all("glasses" not in child for child in varied(Prompt.typed("a dog | red hair")))


def test_a_small_change_is_the_same_one_less_far() -> None:
    lost = Prompt.typed("a face | red hair :2")
    for k in range(40):
        usual, less, least = (
            {
                c.text: c.weight
                for c in word_weights.vary(stream(1, k, "t"), lost, ASKED, scale=s).concepts
            }
            for s in (word_weights.SCALE, 0.1, 0.01)
        )
        assert less["red hair"] - 2 == pytest.approx((usual["red hair"] - 2) / 2, abs=2e-3)
        assert ("glasses" in less) == ("glasses" in usual)
        assert least == {"a face": 1, "red hair": pytest.approx(2, abs=0.04)}


def test_a_genome_that_lost_all_words_keeps_its_base_and_gets_them_back() -> None:
    bare = genome(Prompt.typed("a face"))
    children = [op.mutate_weights(stream(2, k, "t"), bare, asked=ASKED).prompt for k in range(99)]
    found = {len(child.concepts) for child in children}
    assert found == {1, 2}
    assert all(child.negative == () for child in children)


def test_nothing_is_drawn_for_a_text_alone_nor_added_to_old_prompts() -> None:
    rng = stream(3, 0, "t")
    alone = genome(Prompt.typed("a face"))
    assert op.mutate_weights(rng, alone, asked=alone.prompt) == alone
    assert rng.random() == stream(3, 0, "t").random()
    old = genome(Prompt.parse("a face | red hair :2"))
    child = op.mutate_weights(rng, old, asked=ASKED).prompt
    assert child.rule == old.prompt.rule
    assert [c.text for c in child.concepts] == ["a face", "red hair"]


@pytest.mark.parametrize("cross", ["slerp", "blend"])
def test_words_cross_over_one_by_one(cross: str) -> None:
    a = genome(Prompt.typed("a face | red hair :2 | a hat :0.2", "fog"))
    b = genome(Prompt.typed("a face | glasses :-1 | red hair :1"))
    child = (
        op.cross_slerp(a, b, share=0.25)
        if cross == "slerp"
        else op.cross_blend([a, b], [0.75, 0.25])
    )
    assert child.prompt.concepts == (
        Concept("a face"),
        Concept("red hair", 1.75),
        Concept("a hat", 0.15),
        Concept("glasses", -0.25),
    )
    assert (child.prompt.negative, child.prompt.rule) == (a.prompt.negative, SPLIT)


def test_words_keep_the_rule_by_which_they_were_typed() -> None:
    old = genome(replace(Prompt.typed("a face | red hair :2 | a hat"), rule=ADDED))
    new = genome(Prompt.typed("a face | glasses | red hair"))
    bare = genome(Prompt.typed("a face"))
    for asked in (old.prompt, new.prompt):
        assert op.mutate_weights(stream(4, 0, "t"), old, asked=asked).prompt.rule == ADDED
        assert op.mutate_weights(stream(4, 0, "t"), new, asked=asked).prompt.rule == SPLIT
    assert op.cross_slerp(old, new, share=0.3).prompt.rule == ADDED
    assert op.cross_slerp(old, new, share=0.7).prompt.rule == SPLIT
    assert op.cross_slerp(bare, old, share=0.3).prompt.rule == ADDED


def test_words_of_different_bases_stay_apart() -> None:
    a, b = genome(Prompt.typed("a face | a hat")), genome(Prompt.typed("a dog | a hat :2"))
    assert op.cross_slerp(a, b, share=0.3).prompt == a.prompt
    assert op.cross_slerp(a, b, share=0.7).prompt == b.prompt
    assert op.cross_blend([a, b], [0.4, 0.6]).prompt == b.prompt


def test_a_search_varies_added_words_and_goes_on_as_if_it_had_never_stopped() -> None:
    plan = Plan(locked=("noise",), step=20.0)
    search = Search(seed=1, prompt=ASKED, shape=(1, 4, 4), plan=plan)
    search.tell({i.id: -float(i.id) for i in search.ask(8)})
    page = search.ask(8, parents=[0, 1, 2])
    again = Search(
        seed=1,
        prompt=ASKED,
        shape=(1, 4, 4),
        plan=plan,
        births=search.births[:8],
        genome_of=search.genome,
    )
    again.tell({i: -float(i) for i in range(8)})
    assert [i.genome for i in again.ask(8, parents=[0, 1, 2])] == [i.genome for i in page]
    assert len({str(i.genome.prompt) for i in page}) > 4
