"""Lines to renderers elsewhere that are in fact here, and can be cut."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fakes import INFO, FakeRenderer

from evolve.rendering.process.device_kind import CHOSEN
from evolve.rendering.protocol import Finished, Ready, RenderEvent, Task
from evolve.rendering.remote.host import Host
from evolve.rendering.remote.remote_renderer import LostError


class Cluster:
    """Hands out lines, and counts all that is painted over any of them, reported or not."""

    def __init__(self, records: Sequence[Mapping[str, Any]] = ({"rows": 4},)) -> None:
        self.records = records
        self.lines: list[CutLine] = []
        self.finished = Counter[int]()

    def hire(self, place: int, like: Mapping[str, Any] | None) -> "CutLine":
        record = dict(self.records[place % len(self.records)])
        for chosen in CHOSEN if like is not None else ():
            record.pop(chosen, None)
            if chosen in like:
                record[chosen] = like[chosen]
        line = CutLine(self, record)
        self.lines.append(line)
        return line


class CutLine:
    """Leads to a fake renderer, until it is cut."""

    def __init__(self, cluster: Cluster, record: Mapping[str, Any]) -> None:
        self.cluster, self.record = cluster, record
        self.cut_after: int | None = None
        self.closed = False
        self._host = Host(FakeRenderer)

    def submit(self, jobs: Sequence[Task]) -> None:
        self._host.submit(jobs)

    def cancel(self, ids: Sequence[int]) -> None:
        self._host.cancel(ids)

    def poll(self, timeout: float) -> list[RenderEvent]:
        if self.closed:
            raise LostError("closed")
        events = self._host.poll(0.001)
        for event in events:
            if isinstance(event, Finished):
                self.cluster.finished[event.id] += 1
        if self.cut_after is not None and sum(self.cluster.finished.values()) >= self.cut_after:
            raise LostError("the cable was cut")  # and with it the events
        info = replace(INFO, record=self.record)
        return [Ready(info) if isinstance(event, Ready) else event for event in events]

    def close(self) -> None:
        self.closed = True
