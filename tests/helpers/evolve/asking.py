"""What is asked of something that paints in random orders: cancelled, and asked for otherwise."""

from collections.abc import Mapping, Sequence
from random import Random

from evolve.rendering.protocol import Task


class Asking:
    """Knows what has no answer yet, by id; subclasses say who paints, and what it may be asked."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.asked: dict[int, Task] = {}
        self.drafts: dict[int, Task] = {}
        """What was answered by a draft that is kept."""
        self.left: dict[int, Task] = {}
        """What was cancelled."""
        self.last_id = 0

    def submit(self, tasks: Sequence[Task]) -> None:
        """Have these painted."""
        raise NotImplementedError

    def withdraw(self, ids: Sequence[int]) -> None:
        """Have these painted no more."""
        raise NotImplementedError

    def otherwise(self, task: Task) -> Task:
        """Return a job as one for a picture or a draft."""
        raise NotImplementedError

    def ask(self, tasks: Sequence[Task]) -> None:
        """Ask for these, perhaps again."""
        for task in tasks:
            self.asked[task.id] = task
            self.drafts.pop(task.id, None)
            self.left.pop(task.id, None)
        self.submit(tasks)

    def ask_again(self) -> None:
        """Ask for some of those that were cancelled, or are drafts."""
        there = {**self.left, **self.drafts}
        self.ask([self.otherwise(there[i]) for i in self._some(there)])

    def cancel_some(self) -> None:
        """Cancel some of those that have no answer, or are drafts."""
        self.cancel(self._some({**self.asked, **self.drafts}))

    def cancel(self, ids: Sequence[int]) -> None:
        """Cancel these."""
        for i in ids:
            self.left[i] = self.drafts.pop(i, None) or self.asked[i]
            self.asked.pop(i, None)
        self.withdraw(ids)

    def _some(self, tasks: Mapping[int, Task]) -> list[int]:
        return [i for i in tasks if self.chance.random() < 0.6]
