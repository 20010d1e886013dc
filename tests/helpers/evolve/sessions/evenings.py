"""Evenings: some sittings at one population, and whether what was promised in them was kept."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import sittings
from any_order import ANSWERS, OTHERS, PAGES, PLANS, Branch, Move, Scripted
from fakes import MemoryArchive, Tight

from evolve.genome import Prompt
from evolve.search import Search
from evolve.search.individual import Verdict
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Judgement, Note, Row
from evolve.session.session import Session
from evolve.session.sizing.sized_births import SizedBirths
from evolve.taste.parents import ByTaste

FOUNDERS = 6


class Evening:
    """Sittings at one population, and what is to come of them."""

    def __init__(self, founded: MemoryArchive, mode: str, *, newest: int = 12) -> None:
        """Begin with the founders; they, and as many others at most, are what all is about."""
        self.whole, self.mode, self.most = Tight(founded.commits), mode, FOUNDERS + newest
        first = set(range(FOUNDERS))
        self.branches = [Branch(self.whole, first), Branch(self.whole, {*first})]
        self.at = 0
        self.said: list[Judgement | Note] = [
            row for rows in founded.commits for row in rows if isinstance(row, Judgement)
        ]
        self.decided, self.asked_since = self.whole.plan(), 0
        self.wrong: list[str] = []

    def search(self) -> Search:
        archive = self.branches[self.at]
        if self.mode == "plain":
            return sittings.search_on(archive)
        times = 3 if self.mode == "among" else 1
        by = ByTaste(self.whole.embedding, by="taste", times=times, apart=True)
        return sittings.search_on(archive, rank=by, page=by.page)

    def sit(self, moves: Sequence[Move]) -> None:
        """Sit until all moves are made and all is painted, or it is closed."""
        self.heard: list[events.Event] = []
        self.acknowledged = self.asked = 0
        self.given: list[object] = []
        self.probed: int | None = None
        self.awaited: set[int] = set()
        """Numbers of the pages that are asked for and neither born nor refused."""
        self.cancels: list[set[int]] = []
        self.switches: list[set[int]] = []
        """The pages that were awaited at each."""
        self.stopped: set[int] = set()
        self.place = self.words = False
        branch, search = self.branches[self.at], self.search()
        self.renderer = Scripted(moves, self.ask)
        self.pages = {i.generation for i in self.whole.individuals}
        self.pages |= {each.brood.generation for each in SizedBirths(search).interrupted(branch)}
        self.session = Session(branch, search, lambda: self.renderer, retry=0.0)
        ended = threading.Event()

        def listen(event: events.Event) -> None:
            self.hear(event)
            if isinstance(event, events.Stopped):
                ended.set()

        self.was_closed = False
        self.session.start(listen)
        assert ended.wait(20)

    def ask(self, move: Move) -> None:
        what, n = move
        members = self.branches[self.at].ids()[: self.most]
        i, j = (members[k % len(members)] for k in (n, 3 * n + 1))
        if what in PAGES:
            self.asked += 1
            self.asked_since += 1
            self.awaited.add(PAGES[what](self.session, i, j))
        elif what in OTHERS:
            if what == "cancel":
                self.cancels.append({*self.awaited})
            self.place = what == "locate" or (self.place and what != "stop locating")
            self.words = self.words or what == "weigh"
            OTHERS[what](self.session, i, j)
        elif what in ANSWERS:
            judgement = ANSWERS[what](i, n)
            self.given.append(judgement)
            self.said.append(judgement)
            self.session.judge(judgement)
        elif what == "note":
            note = Note(individual=i, text=str(n) if n % 3 else "")
            self.given.append(note)
            self.said.append(note)
            self.session.note(i, note.text)
        elif what == "plan":
            self.decided, self.asked_since = PLANS[n % len(PLANS)], 0
            self.given.append(self.decided)
            self.session.plan(self.decided)
        elif what == "switch":
            self.at = n % 2
            self.switches.append({*self.awaited})
            self.session.go_on_in(self.branches[self.at], str(self.at))
        elif what == "probe":
            self.asked, self.probed = self.asked + 1, len(self.whole.individuals)
            self.awaited.add(self.session.newcomers(1))
        elif what in ("full", "room"):
            self.whole.is_full = what == "full"
        else:
            assert what == "close"
            self.was_closed = True
            with suppress(RuntimeError):  # a thread cannot wait for its own end
                self.session.close()

    def hear(self, event: events.Event) -> None:
        match event:
            case events.Judged([saved]) | events.Noted(saved) | events.Planned(saved):
                self.acknowledge(saved)
            case events.Born(individuals, request=number):
                self.pages |= {i.generation for i in individuals}
                self.awaited.discard(number)
                if number in self.stopped:
                    self.wrong.append("a page was bred that was asked for before it stopped")
            case events.Refused(_, what, number):
                self.awaited.discard(number)
                self.place = self.place and what != "place"
                self.words = self.words and what != "words"
            case events.PaintingStopped():
                self.stop(self.cancels.pop(0))
                waiting = self.whole.unpainted()  # what ends as it is stopped may be there twice
                if any(job.id < 0 or job.id in waiting for job in self.renderer.queue):
                    self.wrong.append("painting goes on though it was stopped")
            case events.Switched():
                self.stop(self.switches.pop(0))
            case events.PlaceFound():
                self.place = False
            case events.WordsWeighed():
                self.words = False
            case events.Stopped(error):
                if not self.was_closed:
                    self.wrong.append(f"it ended by itself: {error}")
                elif error and not self.whole.is_full:
                    self.wrong.append(f"it ended with an error: {error}")
        self.heard.append(event)

    def stop(self, awaited: set[int]) -> None:
        if self.awaited & awaited:
            self.wrong.append("pages were given up without a word")
        self.stopped |= awaited
        self.pages = {i.generation for i in self.whole.individuals}

    def acknowledge(self, saved: Row) -> None:
        expected = self.given[self.acknowledged]
        self.acknowledged += 1
        if _regardless_of_when(saved) != expected:
            self.wrong.append(f"{saved} is acknowledged in place of {expected}")
        if not any(
            _regardless_of_when(row) == expected for commit in self.whole.commits for row in commit
        ):
            self.wrong.append(f"{saved} is acknowledged, but not saved")

    @property
    def begun(self) -> int:
        """How many pages of those asked for were born, refused, or are decided."""
        brood = self.whole.plan().brood
        return (
            self.asked
            - len(self.awaited)
            + (brood is not None and brood.generation not in self.pages)
        )

    def born(self) -> list[object]:
        """Return all that says who was born."""
        return [
            (
                i.id,
                i.parents,
                i.generation,
                i.origin.operator,
                dict(i.origin.params),
                i.genome.digest,
            )
            for i in self.whole.individuals
        ]

    def check(self, *, settled: bool) -> None:
        """Raise an AssertionError if a promise was broken."""
        assert not self.wrong, self.wrong
        assert [i.id for i in self.whole.individuals] == [*range(len(self.whole.individuals))]
        if self.whole.is_full:
            return
        assert self.acknowledged == len(self.given)
        said = MemoryArchive([self.whole.individuals])
        for each in self.said:
            said.append([each])
        assert (self.whole.judged, self.whole.written) == (said.judged, said.written)
        plans = {False: [self.decided], True: [self.decided, self.decided.used()]}
        assert _regardless_of_when(self.whole.plan()) in plans[self.asked_since > 0]
        if settled:
            assert not self.awaited, "a page was forgotten"
            if self.probed is not None:
                assert not all(i.parents for i in self.whole.individuals[self.probed :])
            self.check_prompt()
            assert not self.place, "a place was forgotten"
            assert not self.words, "weighing words was forgotten"
            assert self.session.search.plan == self.whole.plan()
            known = self.branches[self.at].verdicts()
            assert {
                i: v for i, v in self.session.search.verdicts.items() if v != Verdict()
            } == known

    def check_prompt(self) -> None:
        """Raise an AssertionError if something was born under an older prompt than is claimed."""
        plan = self.whole.plan()
        if plan.prompt is None:
            return
        for one in self.whole.individuals[plan.since :]:
            if one.genome.edit is None:  # an edit has words of its own
                assert _texts(one.genome.prompt) == _texts(plan.prompt), f"{one.id} has others"


def _regardless_of_when(row: object) -> object:
    """Return a row as it was given: the session knows from when on a prompt holds."""
    return replace(row, since=0) if isinstance(row, Plan) else row


def _texts(prompt: Prompt) -> list[str]:
    return [concept.text for concept in prompt.concepts]
