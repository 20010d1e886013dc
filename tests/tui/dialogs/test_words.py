"""What the app writes: captions, details, the status line, the table of populations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fake_session import PROMPT, FakeSession

from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base, Edit
from evolve.genome.prompt import ADDED, MIXED, SPLIT, WRITTEN
from evolve.rendering.protocol import ModelInfo
from evolve.search.individual import Birth, Origin, Verdict
from evolve.session import events
from evolve.session.archive import Judgement
from populations.core.making import parameter
from tui.controller.cards import Card, State
from tui.controller.population_controller import PopulationController
from tui.drawing.population_table import ago, columns, heading, line
from tui.widgets.details import describe
from tui.widgets.pictures.card_caption import caption
from tui.widgets.status import duration, status_row
from tui.widgets.text_lines import Span, row_width, spread


def card(**changes) -> Card:
    judged = {f: changes.pop(f) for f in ("rating", "rejected", "pinned") if f in changes}
    births = {17: Birth(id=17, origin=Origin("found"))}
    return Card(17, births, Verdict(**judged), **changes)


def controller(session: FakeSession | None = None, clock=lambda: 0.0) -> PopulationController:
    session = session or FakeSession()
    it = PopulationController(session, notify=lambda text: None, clock=clock)
    session.start(it.receive)
    return it


def status(it: PopulationController, notice: str = "", width: int = 120, **more) -> str:
    row, _ = status_row(it, name="faces", notice=notice, width=width, **{"place": "", **more})
    assert row_width(row) <= width
    return " ".join("".join(part.text for part in row).split())


def facts(it: PopulationController, card: Card, genome: Genome | None = None) -> dict[str, str]:
    """Return what the details tell of a picture, by label."""
    lines = describe(it.pages, card, genome or it.genome(card.id), 99)
    return {line.label: line.text for line in lines if line.label}


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({}, "17"),
        ({"rating": 3}, "17 ***"),
        ({"rejected": True}, "17 x"),
        ({"pinned": True}, "17 pin"),
        ({"marked": True}, "+17"),
        ({"rating": 5, "marked": True, "pinned": True, "rejected": True}, "+17 ***** pin x"),
    ],
)
def test_everything_said_about_a_picture_is_in_its_caption_as_text(said, text):
    assert caption(card(**said), width=20).left.strip() == text


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ({"state": State.WAITING}, "waiting"),
        ({"state": State.PAINTING, "step": 3, "steps": 8}, "3/8"),
        ({"state": State.FAILED}, "failed"),
        ({"state": State.UNPAINTED}, "unpainted"),
        ({"state": State.PAINTED}, ""),
    ],
)
def test_the_caption_says_how_far_the_picture_is(state, text):
    assert caption(card(**state), width=20).state == text


def test_the_cursor_is_a_sign_and_not_only_a_colour():
    assert caption(card(), width=20, cursor=True).left == "▸ 17"


def test_a_narrow_caption_drops_the_state_first():
    narrow = caption(card(rating=5, state=State.WAITING), width=16)
    assert (narrow.left.strip(), narrow.state) == ("17 *****", "")


def test_a_mark_is_shown_for_what_it_is_beside_the_rating():
    it = controller(FakeSession((2, 2)))
    it.pages.cards[2].marked = True
    assert facts(it, it.pages.cards[2])["rated"] == "not yet, marked parent"


def test_details_tell_verdict_origin_and_genome():
    session = FakeSession((2, 2))
    it = controller(session)
    session.judge(Judgement(individual=2, kind="rate", value=4))
    it.pages.go(2)
    it.rate(4)
    lines = describe(it.pages, it.pages.cards[2], it.genome(2), 60)
    said = {entry.label: entry.text for entry in lines if entry.label}
    assert lines[0].text == "#2  generation 2"
    assert said["rated"] == "****"
    assert said["made by"] == "variation, 9.5° away"
    assert said["parents"] == "#0 #1"
    assert said["steps"] == "8 dpm++"
    assert " ".join(entry.text for entry in lines).count(PROMPT.split(",")[0]) == 1


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a face | a hat :-0.5", SPLIT, None),
        ("a face | a hat :-0.5", WRITTEN, "subtracted below 0, by an older rule of weights"),
        ("a face | a hat", WRITTEN, None),
        ("a face | a hat | a beard", ADDED, "added one by one, by an older rule of weights"),
        ("a face | a hat", MIXED, "averaged, by the oldest rule of weights"),
    ],
)
def test_details_name_an_older_rule_of_weights_where_it_counts(text, rule, line):
    it = controller()
    genome = replace(it.genome(2), prompt=replace(Prompt.typed(text), rule=rule))
    lines = [entry.text for entry in describe(it.pages, it.pages.cards[2], genome, 60)]
    assert [each for each in lines if "rule of weights" in each] == ([line] if line else [])


def test_details_tell_why_a_picture_is_shown_and_among_how_many_it_was_chosen():
    session = FakeSession((2, 2))
    chosen = session.archive.individuals[3]
    params = {**chosen.origin.params, "role": "unsure", "among": 36}
    session.archive.individuals[3] = replace(chosen, origin=replace(chosen.origin, params=params))
    it = controller(session)
    said = facts(it, it.pages.cards[3])
    assert said["shown as"] == "shown to learn what you think of its kind"
    assert said["chosen"] == "among 36 painted"


def test_details_tell_what_a_picture_is_without_by_its_weights():
    it = controller(FakeSession((2,)))
    prompt = Prompt.typed("a man | glasses :-0.5", "ugly | a hat :0.4")
    told = facts(it, it.pages.cards[0], replace(it.genome(0), prompt=prompt))
    assert told["prompt"] == "a man | glasses :-0.5"
    assert told["without"] == "ugly | a hat :0.4"


def test_details_tell_what_a_picture_starts_from():
    it = controller(FakeSession((2, 2)))
    card, genome = it.pages.cards[2], it.genome(2)
    edited = replace(genome, edit=Edit(Base(genome.noise), depth=0.5))
    assert "starts at" not in facts(it, card)
    assert facts(it, card, edited)["starts at"] == "a picture, 50% of the way back to noise"


def test_details_tell_which_part_of_a_picture_was_painted_again():
    it = controller(FakeSession((2,)))
    genome, mask = it.genome(0), np.zeros((16, 16), np.bool_)
    mask[:2, :4] = True
    edited = replace(genome, edit=Edit(Base(genome.noise), mask=mask))
    made = replace(it.pages.cards.births[0], origin=Origin("edit", {"add": "a smile"}))
    told = facts(it, Card(0, [made]), edited)
    assert told["starts at"] == "a picture: only 'a smile', 3% of it, is painted again"


def test_details_show_the_line_of_main_parents():
    session = FakeSession((2, 2))
    session.archive.add(1, [3])
    it = controller(session)
    assert facts(it, it.pages.cards[4])["line"] == "#4 ← #3 ← #0"


@pytest.mark.parametrize("width", [18, 24, 60])
def test_details_keep_to_their_width(width):
    it = controller(FakeSession((2, 2)))
    for entry in describe(it.pages, it.pages.cards[3], it.genome(3), width):
        assert (10 if not entry.heading else 0) + len(entry.text) <= width


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12345, "0.123"), ([1, 2], "1 2"), ({"3": 0.5}, "3 0.5"), (True, "True"), ("low", "low")],
)
def test_parameters_of_operators_are_readable(value, text):
    assert parameter("share", value) == text


def test_status_tells_place_ratings_and_that_all_is_saved():
    it = controller(FakeSession((12, 12)))
    it.rate(4)
    it.pages.move(1)
    it.mark()
    assert status(it) == "faces generation 2/2 judged 1/12 step 18° marked 1 saved"
    assert "gen 2/2 1-6 of 12 judged 1/12" in status(it, width=80, place="1-6 of 12")


def test_what_is_enlarged_gives_way_to_what_goes_on():
    it = controller(FakeSession((12,)))
    it.rate(5)
    it.ready = events.PaintedAhead(9, 12)
    parts = [
        (160, "1-6 of 12 · the place in each, P: all of it judged 1/12"),
        (80, "1-6 of 12 · the place in each judged 1/12"),
        (60, "1-6 of 12 judged 1/12"),
    ]
    for width, part in parts:
        line = status(it, width=width, place="1-6 of 12", enlarged="the place in each")
        assert part in line
        assert "next 9/12" in line
    assert "· P" not in status(it, place="1-6 of 12")


@pytest.mark.parametrize("kind", ["rate", "reject", "pick", "none", "same"])
def test_every_answer_counts_as_one_and_a_pin_does_not(kind):
    it = controller(FakeSession((3,)))
    it.pin()
    assert "judged 0/3" in status(it)
    it._judge(kind, 1)
    assert "judged 1/3" in status(it)
    it.rate(2)
    assert "judged 1/3" in status(it)


def test_status_says_saving_until_the_session_says_saved():
    session = FakeSession()
    it = controller(session)
    session.holds = True
    it.rate(4)
    assert status(it).endswith("saving")
    session.release()
    assert status(it).endswith("saved")


def test_status_shows_painting_with_the_time_left():
    now = [0.0]
    session = FakeSession((12,))
    it = controller(session, clock=lambda: now[0])
    it.rate(5)
    it.breed()
    assert "loading the model…" in status(it)
    it.receive(events.Notice("measuring (first run only)", preparing=True))
    assert "measuring (first run only)" in status(it)
    session.emit(events.Ready(ModelInfo(name="m", latent=(4, 2, 2), pixels=(32, 32))))
    assert "painting 0/12 ────────" in status(it)
    session.step([12], 1)
    now[0] = 2.0
    session.finish([12, 13])
    assert "painting 2/12 ━───────" in status(it)
    assert it.painting.seconds_left == pytest.approx(2.0 / 1.875 * 10)
    assert "painting 2/12 ━───────" in status(it, width=80)
    crowded = status(it, width=80, place="1-6 of 12 favourites")
    assert "painting 2/12 11 s" in crowded  # rather than cut in the middle of a number
    session.finish(range(14, 24))
    assert "painting" not in status(it)


def test_status_shows_how_long_choosing_still_takes():
    now = [0.0]
    it = controller(clock=lambda: now[0])
    it.breed()
    for seconds, work in ((0.0, 0.0), (1.0, 2.0), (3.0, 8.0)):
        now[0] = seconds
        it.receive(events.DraftsPainted(12, 36, 0, choosing=True, work=work, rest=24.0 - work))
    assert "choosing: painting 12/36 ━━━━──── 5 s saved" in status(it)
    assert "choosing 12/36 5 s saved" in status(it, width=80)
    it.receive(events.DraftsPainted(0, 36, 0, choosing=True, rest=36.0))
    assert "choosing: painting 0/36 saved" in status(it)


def test_a_notice_stands_before_everything_else():
    assert (
        status(controller(), notice="the renderer came back")
        == "faces the renderer came back saved"
    )


def test_keys_that_wait_are_counted_before_what_they_wait_for_at_any_width():
    it = controller()
    it.advances = True
    it.receive(events.DraftsPainted(17, 36, 0, choosing=True))
    wide = status(it, place="7-12 of 12", waiting=2)
    assert "2 keys waiting, escape drops them choosing: painting 17/36" in wide
    assert "1 key waiting, escape drops it" in status(it, waiting=1)
    small = status(it, place="7-12 of 12", width=80, waiting=2)
    assert "2 keys waiting choosing 17/36 saved" in small
    assert "waiting" not in status(it)
    assert status(it, "escape stops painting", width=80, waiting=2) == (
        "faces escape stops painting 2 keys waiting saved"
    )


def test_status_names_what_is_not_painted_and_the_key():
    session = FakeSession()
    it = controller(session)
    session.fail(3, "out of memory")
    assert "1 not painted, r paints" in status(it)


def test_step_and_judgements_give_way_to_what_is_not_painted():
    session = FakeSession((12, 12))
    it = controller(session)
    it.pages.move(1)
    it.mark()
    for id in range(12, 24):
        session.fail(id, "out of memory")
    where, news = "gen 2/2 favourite 1/2, this branch", "marked 1 12 not painted, r paints saved"
    assert status(it, width=95, place=where[8:]) == f"{where} judged 0/12 {news}"
    assert status(it, width=80, place=where[8:]) == f"{where} {news}"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (14, "14 s"), (200, "3 min"), (8000, "2 h")]
)
def test_durations_are_short(seconds, text):
    assert duration(seconds) == text


def test_spread_cuts_the_left_side():
    row = spread((Span("abcdefgh"),), (Span("xy"),), 6)
    assert "".join(part.text for part in row) == "abc…xy"


NOW = datetime(2030, 5, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=7), "7 min ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(days=12), "12 days ago"),
        (timedelta(days=50), "2030-03-31"),
    ],
)
def test_last_use_is_shown_in_words(before, text):
    when = NOW - before
    assert ago(when.isoformat(), NOW) == text


@pytest.mark.parametrize(("when", "text"), [(None, "never"), ("yesterday", "yesterday")])
def test_an_unknown_last_use_is_no_error(when, text):
    assert ago(when, NOW) == text


@pytest.mark.parametrize("width", [56, 76, 116, 196])
def test_the_table_of_populations_fits_its_width(width):
    populations = [
        {
            "name": "n" * 40,
            "prompt": PROMPT + "\n" + PROMPT,
            "model": "m" * 30,
            "individuals": 10**6,
        }
    ]
    widths = columns(populations, width)
    assert len(heading(widths)) <= width
    assert len(line(populations[0], widths, NOW)) == len(heading(widths))
