"""One table says what a person can say; verdicts, saved populations and the app follow it."""

import dataclasses
from typing import get_args

import pytest

from evolve.judgements import JUDGEMENTS, KINDS, PLACES, RATINGS, Kind
from evolve.search.individual import Verdict
from evolve.session.archive import Judgement
from populations.core.index import Index
from populations.format import schema
from tui import keys
from tui.controller import picking
from tui.controller.finding.search_terms import parse


def test_saved_kinds_keep_their_order_and_highest_values():
    """Populations of version 1.0 hold these numbers."""
    assert KINDS[:6] == ("rate", "reject", "pin", "pick", "none", "same")
    assert schema.HIGHEST[:6] == (5, 1, 1, 3, 1, 1)
    assert get_args(Kind) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_said_is_known_until_it_is_taken_back(kind):
    said = Verdict().judged(kind, JUDGEMENTS[kind].highest, 2)
    assert said.value(kind) == JUDGEMENTS[kind].highest
    assert [other for other in KINDS if said.value(other)] == [kind]
    assert said.page == (2 if JUDGEMENTS[kind].within_page else None)
    assert said.judged(kind, 0, 2) == Verdict()


@pytest.mark.parametrize("kind", KINDS)
def test_a_population_and_a_verdict_agree_on_what_was_said(kind):
    index = Index()
    index.add_births([4])
    index.add_judgement(Judgement(individual=0, kind=kind, value=1))
    assert index.verdicts == {0: Verdict().judged(kind, 1, 4)}


def test_what_is_said_of_one_kind_leaves_the_others():
    known = Verdict(score=0.5, pinned=True).judged("rate", 4, 1).judged("pick", 2, 3)
    assert known == Verdict(score=0.5, pinned=True, rating=4, place=2, page=3)
    assert known.judged("rate", 0, 5).page == 5  # its place is still compared within a page
    fields = {field.name for field in dataclasses.fields(Verdict)}
    assert {kind.field for kind in JUDGEMENTS.values()} == fields - {"page", "score"}


def test_each_rating_has_a_key_and_each_place_a_name():
    rates = {b.key: b.action for b in keys.screens.GALLERY if b.action.startswith("rate(")}
    assert rates == {str(n): f"rate({n})" for n in (0, *RATINGS)}
    assert len(picking.ORDINALS) == len(PLACES) + 1


def test_a_search_knows_what_can_be_said():
    assert parse("is:pinned is:rejected is:picked").flags == ("pinned", "rejected", "picked")
    with pytest.raises(ValueError, match="rejected, pinned, picked or noted"):
        parse("is:good")
