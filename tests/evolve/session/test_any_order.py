"""Whatever is asked for in whatever order, and however it is painted: a session keeps its word."""

from collections.abc import Iterator

import pytest
import sittings
from any_order import ANSWERS, OTHERS, PAGES, PAINTS, Move
from evenings import FOUNDERS, Evening
from fakes import MemoryArchive
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evolve.models.machine import trials
from evolve.session import events
from evolve.session.archive import Judgement
from evolve.session.drafting import is_draft
from evolve.session.sizing.sized_births import SizedBirths


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "user_cache_path", lambda name: folder / name)
        yield


@pytest.fixture(scope="module")
def founded(cache: None) -> MemoryArchive:
    """A page of painted founders, two of them rated, of a model that is measured."""
    archive = MemoryArchive()
    with sittings.session_on(archive) as (session, heard):
        session.breed(FOUNDERS)
        heard.until(events.Painted, FOUNDERS)
        for i in (2, 5):
            session.judge(Judgement(individual=i, kind="rate", value=5, page=0))
        heard.until(events.Judged, 2)
    with sittings.session_on(MemoryArchive(archive.commits)) as (session, heard):
        session.breed(2, size=0.4)
        heard.until(events.Painted, 2)
    return archive


STOPS = ["cancel", "switch", "full", "full", "room"]
MOVES = [*3 * PAINTS, *PAGES, *OTHERS, *ANSWERS, *STOPS, "note", "plan", "lose"]
modes = st.sampled_from(["plain", "taste", "among"])


def some(what: list[str]) -> st.SearchStrategy[Move]:
    return st.tuples(st.sampled_from(what), st.integers(0, 23))


moves = st.lists(some(MOVES), min_size=8, max_size=32)


@settings(max_examples=settings.default.max_examples // 6)
@given(modes, moves, moves, st.booleans())
# A plan that is decided while a page waits is kept, though the page uses up the one before it.
@example("plain", [("size", 0), ("plan", 2), ("breed", 0), ("plan", 1)], [], False)
# A page that is refused uses up nothing of the plan.
@example("plain", [("end", 0), ("plan", 2), ("lose", 0), ("size", 0)], [], False)
# Nothing waits for a page that was refused.
@example("plain", [("alter", 0)], [("end", 0), ("lose", 0), ("size of", 7)], False)
# A page is bred by what was decided before it, though several broods come before it.
@example("plain", [("look by size", 0), ("look by size", 0), ("breed", 0), ("plan", 2)], [], False)
# It is so, too, where the pages before are chosen among candidates,
@example("among", [("breed", 0), ("breed", 0), ("plan", 2)], [], False)
# or where it waits for its parents to be painted once more.
@example("plain", [("alter", 0)], [("breed of", 7), ("plan", 2)], False)
# A page that waited for room when painting was stopped is born before that is reported.
@example(
    "plain", [("full", 0), ("breed", 0), ("nothing", 0), ("cancel", 0), ("nothing", 0)], [], True
)
# What a brood bore is saved before another page is bred, also when both had to wait for room.
@example(
    "taste",
    [
        ("paint", 0),
        ("plan", 2),
        ("breed", 0),
        ("size of", 0),
        ("end", 0),
        ("full", 0),
        ("burst", 0),
    ],
    [],
    False,
)
def test_a_session_keeps_its_word_whatever_is_asked_for_in_whatever_order(
    founded: MemoryArchive, mode: str, before: list[Move], moves: list[Move], closes: bool
) -> None:
    evening = Evening(founded, mode)
    evening.sit([*before, ("room", 0), ("close" if closes else "probe", 0)])
    evening.check(settled=not closes)
    evening.sit([*moves, ("room", 0), ("probe", 0)])
    evening.check(settled=True)
    evening.sit([])
    evening.check(settled=True)
    born, branch = evening.whole.individuals, evening.branches[evening.at]
    assert all(is_draft(born[i].origin) for i in branch.unpainted())
    assert not SizedBirths(evening.search()).interrupted(branch)


WAYS = [what for what in PAINTS if what != "fail"]
paints = st.lists(some(WAYS), max_size=8)
ASKED = [page for page in PAGES if page != "alter"]  # else a page may wait until others are born
answers = st.lists(some([*ANSWERS, "plan"]), max_size=4)
pages = st.lists(some(ASKED), min_size=1, max_size=4)


@settings(max_examples=settings.default.max_examples // 10)
@given(
    modes,
    st.lists(st.tuples(answers, pages, st.lists(paints, max_size=3)), min_size=1, max_size=4),
)
def test_going_on_after_closing_bears_the_same_individuals_as_never_closing(
    founded: MemoryArchive,
    mode: str,
    turns: list[tuple[list[Move], list[Move], list[list[Move]]]],
) -> None:
    whole, parted = Evening(founded, mode, newest=0), Evening(founded, mode, newest=0)
    whole.sit([move for said, asked, _ in turns for move in (*said, *asked, ("settle", 0))])
    whole.check(settled=True)
    for said, asked, parts in turns:
        todo, left = [*said, *asked], [*asked]
        for painted in parts:
            parted.sit([*todo, *painted, ("close", 0)])
            parted.check(settled=False)
            todo = left = left[parted.begun :]
        parted.sit(todo)
        parted.check(settled=True)
    assert parted.born() == whole.born()
    assert parted.whole.plan() == whole.whole.plan()


@settings(max_examples=settings.default.max_examples // 12)
@given(modes, st.lists(st.tuples(some([*ASKED, *ANSWERS, "plan"]), paints), max_size=10))
def test_who_is_born_follows_from_what_was_asked_for_however_fast_it_is_painted(
    founded: MemoryArchive, mode: str, moves: list[tuple[Move, list[Move]]]
) -> None:
    at_once, slowly = Evening(founded, mode, newest=0), Evening(founded, mode, newest=0)
    at_once.sit([asked for asked, _ in moves])
    slowly.sit([move for asked, painted in moves for move in (asked, *painted)])
    at_once.check(settled=True)
    slowly.check(settled=True)
    assert at_once.born() == slowly.born()
    assert at_once.whole.plan() == slowly.whole.plan()
