"""Errands: tasks for a renderer, each with a function that receives its end."""

from __future__ import annotations

from collections.abc import Callable

from evolve.rendering.painting import task_ids
from evolve.rendering.protocol import Described, Failed, Finished, Task

End = Finished | Described | Failed


class Errands:
    """Tasks that are pending or under way."""

    def __init__(self) -> None:
        self._takers: dict[int, Callable[[End], None]] = {}
        self._new: list[Task] = []
        self.asked = self.done = 0
        """Tasks so far, and those that ended."""

    @property
    def ids(self) -> list[int]:
        """Ids of the tasks that have not ended."""
        return list(self._takers)

    def add(self, task: Callable[[int], Task], take: Callable[[End], None]) -> None:
        """Add the task that `task` returns for an id; `take` receives its end."""
        id = next(task_ids)
        self._takers[id] = take
        self._new.append(task(id))
        self.asked += 1

    def tasks(self) -> list[Task]:
        """Return the new tasks; each once."""
        tasks, self._new = self._new, []
        return tasks

    def take(self, event: End) -> bool:
        """Pass on the end of a task; return False for other tasks."""
        if (take := self._takers.pop(event.id, None)) is None:
            return False
        self.done += 1
        take(event)
        return True
