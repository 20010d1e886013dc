"""Edits of one place, what becomes of their children, and how they are taken off again."""

from dataclasses import replace

import numpy as np
import pytest

from evolve.errors import BaseMissing, GenomeError
from evolve.genome import Genome, Prompt, noise
from evolve.genome.edit import Base
from evolve.models.catalog import describe
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import WordChange, phrasings
from evolve.search import Search
from evolve.search.edits import DEPTHS, TAKEN_DEPTHS, PaintedPlace, Taken, TakenOff, worded
from evolve.search.individual import Individual
from evolve.search.plan import Plan

SHAPE = (4, 8, 8)
PROMPT = Prompt.parse("a woman without a mouth")
SMILING = Prompt.parse("a woman with a smile")
MASK = np.zeros((8, 8), np.bool_)
MASK[4:6, 2:6] = True
OTHER = np.zeros((8, 8), np.bool_)
OTHER[0:2, 3:5] = True


def picture_of(genome: Genome) -> Base:
    """Return what a fake painter makes: of every genome another, and held as an edit says."""
    latent = np.array(genome.noise)
    cells = np.repeat(np.repeat(latent[:3].astype(np.float64), 8, 1), 8, 2)
    pixels = (np.moveaxis(cells, 0, -1) * 40 + 128).clip(0, 255).astype(np.uint8)
    edit = genome.edit
    if edit is not None and edit.mask is not None and edit.base.picture is not None:
        latent = np.where(edit.mask, latent, edit.base.latent)
        free = edit.mask.repeat(8, 0).repeat(8, 1)[..., None]
        pixels = np.where(free, pixels, edit.base.picture)
    return Base(latent, pixels)


def searching() -> Search:
    search = Search(seed=7, prompt=PROMPT, shape=SHAPE)
    search.base_of = lambda i: picture_of(search.genome(i))
    search.ask(4)
    return search


@pytest.fixture
def search() -> Search:
    return searching()


def smile(search: Search, parent: int = 0, count: int = 6) -> list[Individual]:
    wanted = PaintedPlace(mask=MASK, prompt=SMILING, asked={"add": "a smile"})
    return search.alter(parent, wanted, count)


def differs(a: Base, b: Base) -> tuple[np.ndarray, np.ndarray]:
    """Return where latents (cells) and pictures (pixels) differ."""
    assert a.picture is not None
    assert b.picture is not None
    return (a.latent != b.latent).any(0), (a.picture != b.picture).any(-1)


def came_to(search: Search, individual: int) -> Base:
    return picture_of(search.genome(individual))


def test_a_page_of_an_edit_spans_how_much_and_says_what_was_asked(search):
    page = smile(search, count=12)
    assert [child.origin.params["depth"] for child in page[:3]] == list(DEPTHS)
    assert {child.origin.params["depth"] for child in page} == set(DEPTHS)
    assert [child.origin.params["angle"] for child in page[::3]] == [60, 70, 80, 90]
    assert all(child.origin.params["add"] == "a smile" for child in page)
    assert {child.genome.prompt for child in page} == {SMILING}
    assert len({child.genome.digest for child in page}) == 12
    assert [child.parents for child in page] == [(0,)] * 12


def test_words_in_turn_meet_every_depth_and_keep_a_single_child_at_the_first():
    search, louder = searching(), Prompt.typed("a woman | a smile :1.5")
    change = PaintedPlace(mask=MASK, prompt=SMILING, others=(louder,))
    page = search.alter(0, change, 12)
    met = {(str(c.genome.prompt), c.origin.params["depth"]) for c in page}
    assert met == {(str(words), depth) for words in (SMILING, louder) for depth in DEPTHS}
    assert sum(child.genome.prompt == louder for child in page) == 6
    assert search.alter(0, change, 1)[0].genome.prompt == SMILING


@pytest.mark.parametrize(
    ("chances", "weights"),
    [
        ((), [1]),  # nothing was tried
        ((-0.3, -0.2, -0.1), [1]),  # the weakest that does it
        ((-3.0, -1.0, -0.9), [1.5]),
        ((-4.0, -3.9, -0.5), [2]),
        ((-4.0, -4.1, -2.6), [1, 1.5]),  # none does
    ],
)
def test_a_page_has_the_weakest_words_by_which_a_thing_comes(chances, weights):
    said = phrasings(Prompt.typed("a woman, happy"), WordChange(add="wheels"))
    assert [prompt.concepts[-1].weight for prompt in worded(said, chances)] == weights


def test_hair_and_hats_are_painted_all_anew_and_other_things_to_some_part():
    smile = phrasings(PROMPT, WordChange(add="a smile"))
    place = PaintedPlace(mask=MASK)
    assert place.in_words(smile, ()).depths == DEPTHS
    cap = replace(smile, is_large=True)
    children = searching().alter(0, place.in_words(cap, ()), 6)
    assert {one.origin.params["depth"] for one in children} == {1.0}
    assert len({one.genome.digest for one in children}) == 6


def test_children_begin_near_the_tries_that_showed_the_thing_and_still_differ(search):
    page = search.alter(0, PaintedPlace(mask=MASK, prompt=SMILING, near=(2, 5)), 12)
    tries = {k: noise.numbered(k, SHAPE, noise.TRIES)[:, MASK] for k in (0, 2, 5)}
    assert [child.origin.params["try"] for child in page] == [2] * 3 + [5] * 3 + [2] * 3 + [5] * 3
    for child in page:
        angle, own = child.origin.params["angle"], child.genome.noise[:, MASK]
        apart = np.degrees(noise.angle(own, tries[child.origin.params["try"]]))
        assert 30 <= angle <= 60
        assert apart == pytest.approx(angle, abs=20)
        assert np.array_equal(child.genome.noise[:, ~MASK], search.genome(0).noise[:, ~MASK])
    assert len({child.genome.digest for child in page}) == 12
    asked = PaintedPlace(mask=MASK, prompt=SMILING, near=(2, 5), angle=20)  # from the parent
    plain = PaintedPlace(mask=MASK, prompt=SMILING, angle=20)
    (one,), (other,) = searching().alter(0, asked, 1), searching().alter(0, plain, 1)
    assert one.genome == other.genome


def test_a_page_has_each_kind_of_a_thing_in_turn_as_strong_as_the_tries_showed():
    known = meanings_of(describe("portraits"))
    said = phrasings(Prompt.typed("a woman"), WordChange(add="glasses"), known)
    place = PaintedPlace(mask=MASK).in_words(said, (-4.0, -0.3, -0.2))
    words = [str(one.genome.prompt) for one in searching().alter(0, place, 12)]
    for kind in ("round", "square"):
        assert words.count(f"a woman | {kind} glasses :1.5") == 6
    for chances in ((), (-4.0, -4.0, -4.0)):  # nothing is known of how they come
        assert PaintedPlace(mask=MASK).in_words(said, chances).prompt == said.after


def test_more_guidance_is_of_the_place_alone_and_neither_doubled_nor_inherited(search):
    own = search.genome(0).settings.guidance_scale
    (led,) = search.alter(0, PaintedPlace(mask=MASK, prompt=SMILING, guidance=2 * own), 1)
    assert led.genome.settings.guidance_scale == 2 * own
    assert led.origin.params["own_guidance"] == own
    (again,) = search.alter(led.id, PaintedPlace(mask=OTHER, guidance=2 * own), 1)
    assert again.genome.settings.guidance_scale == 2 * own
    for change in (PaintedPlace(mask=OTHER), TakenOff(), Taken(other=0, mask=MASK)):
        (child,) = search.alter(again.id, change, 1)
        assert child.genome.settings.guidance_scale == own
        assert "own_guidance" not in child.origin.params
    (bred,) = search.ask(1, parents=[led.id])
    assert bred.genome.settings.guidance_scale == pytest.approx(own, rel=0.5)


def test_a_chosen_depth_is_that_of_every_child(search):
    page = search.alter(0, PaintedPlace(mask=MASK, depth=0.5, angle=20), 4)
    assert {(c.genome.edit.depth, c.origin.params["angle"]) for c in page} == {(0.5, 20)}
    assert {child.genome.prompt for child in page} == {PROMPT}


def test_outside_the_place_latent_and_picture_stay_the_parents(search):
    for child in smile(search):
        cells, pixels = differs(came_to(search, 0), came_to(search, child.id))
        assert not cells[~MASK].any()
        assert not pixels[~MASK.repeat(8, 0).repeat(8, 1)].any()
        assert cells[MASK].any()


def test_edits_stack_on_what_the_parent_came_to(search):
    (first,) = smile(search, count=1)
    (second,) = search.alter(first.id, PaintedPlace(mask=OTHER), 1)
    assert second.genome.edit.base == came_to(search, first.id)
    cells, _ = differs(came_to(search, first.id), came_to(search, second.id))
    assert not cells[~OTHER].any()
    assert cells[OTHER].any()


def test_an_edit_on_the_same_place_varies_it_once_more(search):
    (first,) = smile(search, count=1)
    again = smile(search, first.id, 3)
    assert all((child.genome.edit.mask == MASK).all() for child in again)


def test_a_hundred_edits_change_nothing_outside_their_places():
    search, rng, at = searching(), np.random.default_rng(3), 0
    touched = np.zeros((8, 8), np.bool_)
    for _ in range(100):
        mask = np.zeros((8, 8), np.bool_)
        mask[rng.integers(2, 8), rng.integers(2, 8)] = True
        touched |= mask
        at = search.alter(at, PaintedPlace(mask=mask), 1)[0].id
    cells, pixels = differs(came_to(search, 0), came_to(search, at))
    assert not cells[~touched].any()
    assert not pixels[~touched.repeat(8, 0).repeat(8, 1)].any()


@pytest.mark.parametrize("way", ["mutate", "breed", "look", "steer"])
def test_children_of_an_edit_vary_the_whole_picture_from_it(search, way):
    edited = smile(search)[0]
    if way == "mutate":
        page = search.ask(12, parents=[edited.id], by_places=False)
    elif way == "breed":
        page = search.ask(12, parents=[edited.id, 1])
    elif way == "look":
        page = search.look(edited.id)
    else:
        page = search.steer(edited.id, start=1, end=2, angles=(10, 30))
    from_it = [c for c in page if c.parents[0] == edited.id and c.origin.operator != "keep"]
    assert len(from_it) >= 2
    for child in from_it:
        assert child.genome.edit.mask is None
        assert child.genome.edit.base == came_to(search, edited.id)
        assert 0 < child.genome.edit.depth == child.origin.params["depth"] < 1
        if child.origin.operator != "mutate_settings":
            assert (child.genome.noise != edited.genome.noise)[:, ~MASK].any()


def test_a_farther_child_of_an_edit_begins_farther_back_to_noise(search):
    edited = smile(search)[0]
    page = search.ask(12, parents=[edited.id], by_places=False)
    turned = sorted(
        (c.origin.params["angle"], c.genome.edit.depth)
        for c in page
        if c.origin.operator == "mutate"
    )
    assert len(turned) > 2
    for angle, depth in turned:
        assert depth == pytest.approx(np.cbrt(np.sin(np.radians(angle))), abs=0.03)
    assert turned[0][1] < 0.75
    assert turned[-1][1] > 0.9


def test_their_children_go_on_from_the_same_picture_at_least_as_far_back(search):
    edited = smile(search)[0]
    child = search.ask(2, parents=[edited.id], strength=45)[0]
    near, far = (search.ask(1, parents=[child.id], strength=s)[0] for s in (10, 80))
    assert near.genome.edit.base == far.genome.edit.base == child.genome.edit.base
    assert near.genome.edit.depth == child.genome.edit.depth < far.genome.edit.depth


def test_a_copy_of_an_edit_is_that_edit(search):
    edited = smile(search)[0]
    search.plan = Plan(slots=("keep",) * 2)
    assert search.ask(2, parents=[edited.id])[0].genome == edited.genome


def test_without_the_picture_it_came_to_nothing_is_born(search):
    edited = smile(search)[0]

    def missing(individual: int) -> Base:
        raise BaseMissing(individual)

    search.base_of = missing
    before = len(search.births)
    with pytest.raises(BaseMissing, match=f"latent of picture {edited.id} is unknown"):
        search.ask(6, parents=[edited.id])
    assert len(search.births) == before
    assert search.ask(2, parents=[1])[0].genome.edit is None


def test_a_place_is_taken_from_another_picture_and_all_else_stays(search):
    page = search.alter(0, Taken(other=1, mask=MASK), 6)
    assert {child.genome.edit.depth for child in page} == set(TAKEN_DEPTHS)
    for child in page:
        assert child.parents == (0, 1)
        base = child.genome.edit.base
        assert (base.latent[:, MASK] == came_to(search, 1).latent[:, MASK]).all()
        cells, pixels = differs(came_to(search, 0), came_to(search, child.id))
        assert not cells[~MASK].any()
        assert not pixels[~MASK.repeat(8, 0).repeat(8, 1)].any()


def test_what_is_taken_has_its_words_until_it_is_taken_off(search):
    (child,) = search.alter(0, Taken(other=1, mask=MASK, prompt=SMILING), 1)
    assert child.genome.prompt == SMILING
    assert search.alter(child.id, TakenOff(), 1)[0].genome.prompt == PROMPT
    (plain,) = search.alter(0, Taken(other=1, mask=MASK), 1)
    assert plain.genome.prompt == PROMPT


def test_an_edit_that_is_taken_off_leaves_the_bytes_from_before(search):
    (edited,) = smile(search, count=1)
    (plain,) = search.alter(edited.id, TakenOff(), 12)
    assert plain.genome.prompt == PROMPT
    assert came_to(search, plain.id) == came_to(search, 0)


@pytest.mark.parametrize("of", ["x", [0], 10**400, None, True])
def test_a_stranger_may_have_written_what_was_taken_off(search, of: object):
    (edited,) = smile(search, count=1)
    (plain,) = search.alter(edited.id, TakenOff(), 1)
    plain.origin.params["of"] = of
    (again,) = search.alter(plain.id, TakenOff(), 1)  # as if none had been taken off
    assert again.genome.prompt == PROMPT


def test_an_edit_whose_parent_is_lost_cannot_be_taken_off(search):
    (edited,) = smile(search, count=1)
    (kept,) = search.ask(1, parents=[edited.id], strength=40)
    search.births._later[edited.id] = replace(search.births[edited.id], parents=())
    with pytest.raises(GenomeError, match=f"what picture {edited.id} was before its edit is lost"):
        search.alter(kept.id, TakenOff(), 1)


def test_an_earlier_edit_is_taken_off_and_the_later_one_stays(search):
    (first,) = search.alter(0, PaintedPlace(mask=OTHER), 1)
    (second,) = smile(search, first.id, 1)
    (off,) = search.alter(second.id, TakenOff(), 1)
    assert came_to(search, off.id) == came_to(search, first.id)
    (both,) = search.alter(off.id, TakenOff(), 1)
    assert came_to(search, both.id) == came_to(search, 0)
    with pytest.raises(GenomeError, match="no edit that could be taken off"):
        search.alter(both.id, TakenOff(), 1)


def test_after_the_whole_picture_varied_what_was_there_is_blended_in(search):
    (edited,) = smile(search, count=1)
    child = search.ask(1, parents=[edited.id], strength=40)[0]
    page = search.alter(child.id, TakenOff(), 4)
    assert len(page) == 4
    for one in page:
        assert one.origin.operator == "take_off"
        assert one.origin.params["of"] == edited.id
        cells, _ = differs(came_to(search, child.id), came_to(search, one.id))
        assert not cells[~MASK].any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (PaintedPlace(mask=np.zeros((8, 8), np.bool_)), "the place is empty"),
        (PaintedPlace(mask=np.ones((4, 4), np.bool_)), "has 4x4 cells, the picture 8x8"),
        (Taken(other=0, mask=MASK), "cannot take a part of itself"),
        (Taken(other=99, mask=MASK), "no individual 99"),
        (TakenOff(), "no edit that could be taken off"),
    ],
)
def test_what_cannot_be_changed_is_refused(search, change, message):
    with pytest.raises(GenomeError, match=message):
        search.alter(0, change, 2)
    assert len(search.births) == 4
