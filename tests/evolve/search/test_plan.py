"""What a person decided about the pages to come, and what the search makes of it."""

import numpy as np
import pytest

from evolve.errors import GenomeError
from evolve.genome import Prompt
from evolve.genome.noise import correlation
from evolve.genome.settings import Settings
from evolve.search import Search
from evolve.search.individual import Verdict
from evolve.search.plan import LOCKS, Plan

SHAPE = (4, 8, 8)


def judged(plan: Plan | None = None, prompt: str = "a man | red hair :1.4") -> Search:
    search = Search(seed=3, prompt=Prompt.parse(prompt), shape=SHAPE, plan=plan)
    search.ask(12)
    search.tell({0: Verdict(rating=5), 3: Verdict(rating=4), 6: Verdict(rating=4)})
    return search


def made_by(children):
    return [child.origin.operator for child in children]


def test_a_plan_comes_back_from_json():
    plan = Plan(
        prompt=Prompt.parse("a man | hat :2"),
        since=12,
        slots=("keep", "new"),
        page=6,
        step=20.0,
        strengths={"mutate": 0.5},
        locked=("noise",),
        directions={"older": (3, 7)},
        settings={"steps": 20, "sampler": "euler"},
    )
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_json(Plan().to_json() | {"later": 1, "settings": {"later": 1}}) == Plan()
    assert Plan.from_json(Plan().to_json() | {"strengths": {"not_installed": 2.0}}) == Plan()
    assert Plan.from_json(Plan().to_json() | {"size": "bold"}).size == 0.7


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"slots": ("keep", "clone")}, "'clone' is not a place of a page: use auto, keep"),
        ({"locked": ("hair",)}, "'hair' is not a gene to lock"),
        ({"locked": LOCKS}, "every gene is locked"),
        ({"page": 0}, "a page of 0 pictures"),
        ({"page": 2.5}, "a page of 2.5 pictures"),
        ({"step": 0.0}, "a step of 0 degrees"),
        ({"settings": {"hair": 1}}, "'hair' is not a setting for all"),
        ({"settings": {"steps": 0}}, "steps 0 is not between 1 and 150"),
        ({"step": 91.0}, "a step of 91 degrees"),
        ({"strengths": {"mutate": 9.0}}, "strength 9 of mutate"),
    ],
)
def test_a_plan_without_sense_is_refused(wrong, line):
    with pytest.raises(GenomeError, match=line):
        Plan(**wrong)


def test_settings_for_all_are_those_of_every_child_and_of_no_noise():
    chosen = {"guidance_scale": 7.0, "steps": 20, "sampler": "euler"}
    plain, locked = judged(), ("steps", "sampler", "guidance_scale")
    plain.plan = Plan(locked=locked)
    same = judged()
    same.plan = Plan(locked=locked, settings=chosen)
    for children, others in (
        (plain.ask(12), same.ask(12)),
        (plain.newcomers(3), same.newcomers(3)),
    ):
        assert [o.genome.settings for o in others] == [Settings(**chosen)] * len(children)
        for child, other in zip(children, others, strict=True):
            np.testing.assert_array_equal(child.genome.noise, other.genome.noise)


def test_places_of_a_page_are_filled_as_planned():
    slots = ("keep", "keep", "keep", "keep", "mutate", "mutate", "cross", "cross", "new")
    search = judged(Plan(slots=slots))
    children = search.ask(12)
    made = made_by(children)
    assert made[:4] == ["keep"] * 4
    assert all(operator.startswith("mutate") for operator in made[4:6])
    assert all(operator.startswith("cross") for operator in made[6:8])
    assert made[8] == "found"
    kept = [child.parents for child in children[:4]]
    assert kept[:3] == [(0,), (3,), (6,)]  # each parent once before the best comes again
    assert kept[3] == (0,)
    assert children[0].genome == search.genome(0)


def test_a_plan_for_one_page_is_used_up_by_it_and_by_nothing_else():
    plan = Plan(slots=("keep",) * 4, once=True, step=12.0)
    assert Plan.from_json(plan.to_json()) == plan
    search = judged()
    search.plan = plan
    search.look(0)
    search.newcomers(2)
    search.ask(2, parents=[0], by_places=False)
    assert search.plan == plan
    assert made_by(search.ask(4)) == ["keep"] * 4
    assert search.plan == Plan(step=12.0)


def test_what_is_left_of_a_plan_is_saved_with_the_page_it_was_for():
    search = judged()
    search.plan = Plan(slots=("new",) * 4, once=True)
    *born, left = search.bear(lambda it: it.ask(4))
    assert [child.origin.operator for child in born] == ["found"] * 4
    assert left == Plan()
    assert len(search.bear(lambda it: it.ask(4))) == 4


def test_variations_of_one_picture_are_variations_whatever_places_are_planned():
    planned = judged(Plan(slots=("new",) * 12)).ask(12, parents=[0], by_places=False)
    assert planned == judged().ask(12, parents=[0])
    assert all(child.parents == (0,) for child in planned)


def test_newcomers_come_whatever_is_judged_or_planned_and_in_the_words_in_force():
    plan = Plan(prompt=Prompt.parse("a hat"), since=12, slots=("keep",) * 12)
    born = judged(plan).newcomers(24)
    assert {child.origin.operator for child in born} == {"found", "antithetic"}
    assert {(child.parents, child.generation) for child in born} == {((), 1)}
    assert {str(child.genome.prompt) for child in born} == {"a hat"}
    assert len({child.genome.digest for child in born}) == 24
    with pytest.raises(GenomeError, match="0 individuals cannot be bred"):
        judged().newcomers(0)


def test_places_left_open_are_dealt_as_without_a_plan():
    assert judged(Plan(slots=("auto",) * 12)).ask(12) == judged().ask(12)


def test_a_crossing_with_one_parent_falls_to_a_mutation():
    search = judged(Plan(slots=("cross",) * 4))
    assert set(made_by(search.ask(4, parents=[0]))) == {"mutate"}


def test_new_words_reach_the_children_of_older_ones_and_are_inherited_from_there():
    search = judged()
    search.plan = Plan(prompt=Prompt.parse("a man | red hair | hat :2"), since=12, slots=("keep",))
    children = search.ask(12)
    texts = [tuple(c.text for c in child.genome.prompt.concepts) for child in children]
    assert set(texts) == {("a man", "red hair", "hat")}
    assert (children[0].genome.noise == search.genome(0).noise).all()  # the same, in new words
    assert str(search.genome(0).prompt) == "a man | red hair :1.4"
    search.tell({13: Verdict(rating=5)})
    own = search.genome(13).prompt
    assert search.ask(1, parents=[13], strength=0)[0].genome.prompt == own


def test_whoever_is_born_under_new_words_keeps_what_became_of_them():
    genome, words = judged().genome(0), Prompt.parse("a woman | hat")
    plan = Plan(prompt=words, since=12)
    assert plan.reworded(11, genome).prompt == words
    assert plan.reworded(12, genome) is genome


def test_a_prompt_that_others_were_born_under_already_does_not_hold_later():
    plan, old = Plan(prompt=Prompt.parse("a woman"), since=12), Prompt.parse("a hat")
    assert plan.behind(old, first=12, births=24).since == 24
    assert plan.behind(old, first=13, births=24) is plan  # individual 12 was born under it
    assert plan.behind(plan.prompt, first=12, births=24) is plan


def test_a_page_is_of_newcomers_if_all_its_places_are():
    plan = Plan(slots=("new", "new", "keep"))
    assert [plan.is_of_newcomers(page) for page in (1, 2, 3, 4)] == [True, True, False, False]
    assert [Plan(slots=("new",)).is_of_newcomers(page) for page in (1, 2)] == [True, False]


def test_a_planned_step_replaces_the_one_that_adapts():
    children = judged(Plan(step=10.0)).ask(12)
    assert {child.origin.params["step"] for child in children if child.parents} == {10.0}


def test_the_strength_of_an_operator_scales_its_angle():
    plain, gentle = judged(), judged(Plan(strengths={"mutate": 0.5}))
    pairs = [
        (a.origin.params["angle"], b.origin.params["angle"])
        for a, b in zip(plain.ask(12), gentle.ask(12), strict=True)
        if a.origin.operator == "mutate"
    ]
    assert pairs
    assert all(b == pytest.approx(a / 2, abs=1e-2) for a, b in pairs)


def test_locked_noise_leaves_words_and_settings_to_vary():
    search = judged(Plan(locked=("noise", "steps", "sampler")))
    for child in search.ask(12):
        if not child.parents:
            continue
        parent = search.genome(child.parents[0])
        assert (child.genome.noise == parent.noise).all()
        if child.origin.operator == "mutate_settings":
            assert child.genome != parent
            assert "angle" not in child.origin.params


def test_locked_weights_and_settings_stay():
    plan = Plan(locked=("weights", "guidance_scale", "steps", "sampler"))
    for child in judged(plan).ask(48):
        assert child.genome.prompt == Prompt.parse("a man | red hair :1.4")
        assert child.genome.settings == Settings()


def test_a_ring_turns_by_one_angle_in_directions_at_right_angles():
    search = judged()
    ring = search.look(0, angle=30)
    z = search.genome(0).noise
    steps = [child.genome.noise.astype(float) - np.cos(np.pi / 6) * z for child in ring]
    assert [child.parents for child in ring] == [(0,)] * 8
    for child in ring:
        assert correlation(z, child.genome.noise) == pytest.approx(np.cos(np.pi / 6), abs=1e-3)
        norms = np.linalg.norm(child.genome.noise.astype(float)), np.linalg.norm(z.astype(float))
        assert norms[0] == pytest.approx(norms[1], rel=1e-3)
    for a in range(8):
        for b in range(a):
            opposite = -1 if a - b == 4 else 0
            assert correlation(steps[a], steps[b]) == pytest.approx(opposite, abs=5e-3)
    assert [child.origin.params["angle"] for child in ring] == [30] * 4 + [-30] * 4


def test_a_ring_takes_the_present_step_and_is_the_same_again():
    assert judged().look(0) == judged().look(0)
    assert judged(Plan(step=20.0)).look(0)[0].origin.params["angle"] == 20.0


def test_steering_goes_on_along_the_circle_and_back():
    search = judged()
    child = search.look(0, angle=20)[2]
    further, back = search.steer(child.id, start=0, end=child.id, angles=[20, -20])
    z = search.genome(0).noise
    assert correlation(z, further.genome.noise) == pytest.approx(np.cos(np.radians(40)), abs=2e-3)
    assert correlation(z, back.genome.noise) == pytest.approx(1, abs=2e-3)
    assert further.parents == (child.id,)
    assert further.origin.params == {"from": 0, "to": child.id, "angle": 20}


def test_a_direction_can_be_applied_to_another_picture():
    search = judged()
    child = search.look(0, angle=20)[0]
    (turned,) = search.steer(5, start=0, end=child.id, angles=[40])
    own = correlation(search.genome(5).noise, turned.genome.noise)
    assert own == pytest.approx(np.cos(np.radians(40)), abs=2e-3)
    before = correlation(search.genome(5).noise, child.genome.noise)
    assert correlation(turned.genome.noise, child.genome.noise) > before + 0.1


def test_no_direction_leads_from_a_picture_to_itself():
    with pytest.raises(GenomeError, match="do not differ in a direction"):
        judged().steer(1, start=0, end=0, angles=[20])
    with pytest.raises(GenomeError, match="there is no individual 99"):
        judged().look(99)


@pytest.mark.parametrize("strategy", [{"start": float("nan")}, ["evolve"], "evolve", 3])
def test_a_strategy_that_could_not_be_saved_again_is_left_out(strategy: object) -> None:
    assert Plan.from_json({**Plan().to_json(), "strategy": strategy}) == Plan()
