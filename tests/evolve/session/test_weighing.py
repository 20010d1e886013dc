"""What words do to a picture: it is painted without each, and nothing of that is saved."""

from dataclasses import replace

import numpy as np
from fakes import FakeRenderer
from sittings import session_with

from evolve.genome import Prompt
from evolve.rendering.protocol import Finished, RenderEvent
from evolve.session import events

WORDS = Prompt.typed("a face | red hair :1.4 | a hat :0 | glasses :-0.5")


class Painter(FakeRenderer):
    """Paints brighter for every text of the prompt, and much brighter for glasses."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        genomes = {job.id: job.genome for job in self.queue}  # type: ignore[union-attr]
        found = super().poll(timeout)
        return [
            self._bright(e, genomes[e.id].prompt) if isinstance(e, Finished) else e for e in found
        ]

    def _bright(self, event: Finished, prompt: Prompt) -> Finished:
        light = 10 * len(prompt.concepts) + 100 * ("glasses" in str(prompt))
        return replace(event, picture=np.full((8, 8, 3), light, np.uint8), record={})


def test_words_are_weighed_by_painting_without_each_and_nothing_of_it_is_saved() -> None:
    with session_with(1, renderer := Painter(), prompt=WORDS) as (session, heard):
        before = [list(commit) for commit in session.archive.commits]  # type: ignore[attr-defined]
        number = session.weigh(0)
        (weighed,) = heard.until(events.WordsWeighed)
        assert (weighed.individual, weighed.request) == (0, number)
        assert [*weighed.effects] == ["red hair", "glasses"]
        assert weighed.effects["glasses"] > 5 * weighed.effects["red hair"] > 0
        assert len(renderer.painted) == 1 + 3
        assert session.archive.commits == before  # type: ignore[attr-defined]
    assert not [e for e in heard.all if isinstance(e, events.Stepped) and e.id < 0]


def test_a_text_alone_has_nothing_that_could_be_left_out() -> None:
    with session_with(1, Painter(), prompt=Prompt.typed("a face")) as (session, heard):
        number = session.weigh(0)
        assert heard.until(events.WordsWeighed) == [events.WordsWeighed(0, {}, number)]


def test_texts_of_older_prompts_are_each_left_out() -> None:
    with session_with(1, Painter(), prompt=Prompt.parse("a face | glasses")) as (session, heard):
        session.weigh(0)
        (weighed,) = heard.until(events.WordsWeighed)
        assert [*weighed.effects] == ["a face", "glasses"]


def test_what_cannot_be_painted_is_a_line() -> None:
    class Poisoned(Painter):
        def submit(self, jobs) -> None:
            self.poison |= {job.id for job in jobs if job.id < 0}
            super().submit(jobs)

    with session_with(1, Poisoned(), prompt=WORDS) as (session, heard):
        number = session.weigh(0)
        assert heard.until(events.Refused) == [
            events.Refused("the words cannot be weighed: poison", "words", number)
        ]


def test_stopping_stops_weighing_too() -> None:
    class Slow(Painter):
        def poll(self, timeout: float) -> list[RenderEvent]:
            return [] if any(job.id < 0 for job in self.queue) else super().poll(timeout)

    with session_with(1, renderer := Slow(), prompt=WORDS) as (session, heard):
        number = session.weigh(0)
        session.cancel()
        (refused,) = heard.until(events.Refused)
        reason = "painting was stopped before the words were weighed"
        assert refused == events.Refused(reason, "words", number)
        assert renderer.queue == []
