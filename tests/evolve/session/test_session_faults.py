"""What goes wrong in a session is refused or reported, and ends it only where nothing can go on."""

from collections.abc import Sequence

import pytest
from fakes import FakeRenderer, Illegible, MemoryArchive
from sittings import painted, session_on, session_with

from evolve.errors import ArchiveError
from evolve.genome import Genome, Prompt
from evolve.models.words.phrasing import Phrasings
from evolve.rendering.protocol import Broken, Job
from evolve.session import events
from evolve.session.archive import Judgement, Picture, Render, Row


def test_an_impossible_request_is_refused_and_the_session_goes_on() -> None:
    with session_on(MemoryArchive()) as (session, heard):
        session.breed(2, parents=[77])
        assert "there is no individual 77" in heard.until(events.Refused)[0].text
        session.breed(2)
        heard.until(events.Painted, 2)


class Damaged(MemoryArchive):
    """Cannot read the genome of the first individual once it is painted."""

    def genome(self, individual: int) -> Genome:
        if individual == 0 and 0 in self.pictures:
            raise ArchiveError("the genome of individual 0 is altered")
        return super().genome(individual)


@pytest.mark.parametrize("what", ["breed", "weigh", "locate"])
def test_what_cannot_be_read_is_refused_and_the_session_goes_on(what: str) -> None:
    phrasings = Phrasings(*(Prompt.parse(text) for text in "abc"))
    with session_with(2, archive=Damaged()) as (session, heard):
        if what == "breed":
            session.breed(2, parents=[0])
        elif what == "weigh":
            session.weigh(0)
        else:
            session.locate(0, phrasings)
        assert "individual 0 is altered" in heard.until(events.Refused)[0].text
        session.breed(2, parents=[1])
        heard.until(events.Painted, 2)


class Spoilt(MemoryArchive):
    """Cannot read the picture of the first individual once it is painted."""

    def picture(self, individual: int) -> Picture | None:
        if individual == 0 and 0 in self.pictures:
            raise ArchiveError("the picture of individual 0 is altered")
        return super().picture(individual)


@pytest.mark.parametrize("what", ["drop", "locate"])
def test_a_damaged_picture_is_no_reason_to_end(what: str) -> None:
    archive = painted(2, Spoilt())
    with session_on(archive) as (session, heard):  # which knows no latents yet
        if what == "drop":
            session.drop([0])
        else:
            session.locate(0, Phrasings(*(Prompt.parse(text) for text in "abc")))
            heard.until(events.PlaceFound)
        session.breed(2, parents=[1])
        heard.until(events.Painted, 2)
    assert archive.failed() == {}


def test_a_place_in_a_picture_that_cannot_be_painted_again_is_refused() -> None:
    archive = painted(1, Damaged())
    phrasings = Phrasings(*(Prompt.parse(text) for text in "abc"))
    with session_on(archive) as (session, heard):
        number = session.locate(0, phrasings)
        assert heard.until(events.Refused) == [
            events.Refused("the genome of individual 0 is altered", "place", number)
        ]


def test_a_damaged_birth_of_what_is_not_painted_is_no_reason_to_end() -> None:
    whole = MemoryArchive()
    with session_on(whole, FakeRenderer(poison=[1])) as (session, heard):
        session.breed(2)
        heard.until(events.Painted)
        session.newcomers(1)
        heard.until(events.Painted)
    archive = Illegible(1, [[r for r in c if not isinstance(r, Render)] for c in whole.commits])
    with session_on(archive) as (session, heard):
        assert heard.until(events.PaintingFailed) == [
            events.PaintingFailed(1, "the origin of individual 1 is damaged")
        ]
        heard.until(events.Painted, 2)


def test_a_failed_picture_can_be_painted_again() -> None:
    archive, renderer = MemoryArchive(), FakeRenderer(poison=[1])
    with session_on(archive, renderer) as (session, heard):
        session.breed(2)
        assert heard.until(events.PaintingFailed)[0] == events.PaintingFailed(1, "poison")
        renderer.poison.clear()
        session.paint([1])
        assert heard.until(events.Painted)[-1].id == 1
    assert not archive.failed()


def test_without_a_renderer_pictures_can_still_be_judged() -> None:
    class Gone(FakeRenderer):
        def poll(self, timeout: float) -> list:
            return [Broken("no memory for the model")] if self.queue and not self.closed else []

        def submit(self, jobs: Sequence[Job]) -> None:
            self.queue = list(jobs)

    archive = MemoryArchive()
    with session_on(archive, Gone()) as (session, heard):
        session.breed(2)
        failed = heard.until(events.PaintingFailed, 2)
        assert [f.error for f in failed] == ["no memory for the model"] * 2
        session.judge(Judgement(individual=1, kind="rate", value=4, page=0))
        heard.until(events.Judged)
    assert archive.verdicts()[1].rating == 4
    assert archive.unpainted() == [0, 1]


def test_a_store_that_cannot_save_ends_the_session_with_its_reason() -> None:
    class Full(MemoryArchive):
        def append(self, rows: Sequence[Row]) -> None:
            raise ArchiveError("no space left on the disk")

    with session_on(Full()) as (session, heard):
        session.breed(2)
        assert heard.until(events.Stopped)[0].error == "no space left on the disk"


def test_a_bug_ends_the_session_with_a_report_instead_of_silence() -> None:
    class Buggy(FakeRenderer):
        def poll(self, timeout: float) -> list:
            raise KeyError("surprise")

    with session_on(MemoryArchive(), Buggy()) as (_, heard):
        assert "surprise" in heard.until(events.Stopped)[0].error
