"""The brood of a session: its drafts, and its births one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from evolve.errors import ArchiveError, BaseMissing, FancierError
from evolve.rendering.protocol import Described, Failed, Finished, ModelInfo, Renderer
from evolve.search import Search
from evolve.search.individual import Birth
from evolve.search.plan import Plan
from evolve.search.sized.brood import Brood, DraftedChild
from evolve.search.sized.conceiving import plan_of
from evolve.session.archive import Archive, Row
from evolve.session.events import DraftsPainted
from evolve.session.requests import Await, Lay, SaveChildren, Size
from evolve.session.sizing.sizing import Sizing


class SizedBirths:
    """The brood that is being decided, if there is one."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._sizing: Sizing | None = None
        self._number = 0
        """Of the request for it."""
        self.plan = Plan()
        """The plan for the pages after the latest brood, which later decisions change."""
        self._decided = deque[Plan]()
        """Saved plans that the search is to learn in their turn."""
        self._unused: Plan | None = None
        """The plan of the search before a brood that is not saved yet."""
        self.is_reserved = False
        """Whether a brood waits for the latents of its parents."""
        self.info: ModelInfo | None = None
        """The model that paints; None until it is loaded."""

    @property
    def is_busy(self) -> bool:
        """Whether there is a brood with unborn children."""
        return self._sizing is not None or self.is_reserved

    @property
    def progress(self) -> DraftsPainted:
        """The progress of its drafts."""
        return DraftsPainted() if self._sizing is None else self._sizing.progress

    def interrupted(self, archive: Archive) -> list[Lay]:
        """Return the interrupted brood of this branch, if there is one."""
        brood, births = archive.plan().brood, self._search.births
        if brood is None or not 0 <= len(births) - brood.first < len(brood.children):
            return []
        born = len(births) - brood.first
        if brood.generation != self._search.next_generation - bool(born):
            return []
        its = births.generations[brood.first :] == brood.generation
        if not its.all() or len(archive.ids()) != brood.among + born or not brood.is_possible:
            return []
        try:
            if not all(map(_may_be, births[brood.first :], brood.children)):
                return []  # something else was bred meanwhile, without this session
        except ArchiveError:  # one is damaged: others can be bred all the same
            return []
        self.plan = replace(archive.plan(), brood=None)
        return [Lay(brood)]

    def conceived(self, archive: Archive, request: Size) -> Lay:
        """Return the brood of a request."""
        before, brood = self._search.plan, request.ask(self._search)
        self._unused = before
        latest = replace(archive.plan(), brood=None)
        self.plan = latest if self.is_decided_since else self._search.plan
        return Lay(replace(brood, among=len(archive.ids())), request.number)

    def awaited(self, request: Lay) -> Lay | Await:
        """Return a brood that can begin, or its wait for the latent of an edited parent.

        Raises:
            ArchiveError: A parent cannot be read.
        """
        brood = request.brood
        try:
            for parent in {*brood.pool, *(child.main for child in brood.children)}:
                self._search.as_parent(parent, plan_of(brood))
        except BaseMissing as missing:
            self.is_reserved = True
            return Await(missing.individual, request)
        except FancierError:
            self.leave()
            raise
        return request

    def begin(self, archive: Archive, request: Lay) -> None:
        """Begin a saved brood, or go on with it where some of its children are born."""
        assert self.info is not None
        self.is_reserved, self._unused, self._number = False, None, request.number
        self._sizing = Sizing(self._search, archive, request.brood, info=self.info)

    def proceed(self, renderer: Renderer) -> SaveChildren | None:
        """Submit new tasks; return the children that can be born now."""
        if self._sizing is None:
            return None
        if tasks := self._sizing.tasks():
            renderer.submit(tasks)
        children = self._sizing.born()
        if not children:
            return None
        before, brood = self.plan, self._sizing.brood
        self._search.accept([child for child, _ in children])
        self._count(brood)
        rows: list[Row] = [child for child, _ in children]
        rows += [render for _, render in children if render is not None]
        if self._sizing.is_done:
            rows.append(self.plan)
            self._sizing = None
        elif self.plan != before:
            rows.append(replace(self.plan, brood=brood))
        return SaveChildren(rows, is_sized=True, number=self._number)

    def take(self, event: Finished | Described | Failed) -> bool:
        """Note the end of a task; return False for tasks of others."""
        return self._sizing is not None and self._sizing.take(event)

    def _count(self, brood: Brood) -> None:
        """Let a prompt that was decided meanwhile hold behind the births of a brood."""
        births = len(self._search.births)
        self._search.plan = self._search.plan.behind(brood.prompt, brood.first, births)
        self.plan = self._following(self.plan)

    def decided(self, archive: Archive, plan: Plan) -> Plan:
        """Return a plan as it is saved: with the brood that is not born yet, if there is one.

        A brood that was left is kept too, for the next start.
        """
        self.plan = self._following(replace(plan, brood=None))
        return replace(self.plan, brood=archive.plan().brood)

    def postponed(self, archive: Archive) -> Plan:
        """Return a plan that is saved but does not hold yet, after further births."""
        return self.decided(archive, archive.plan())

    def _following(self, plan: Plan) -> Plan:
        """Return a plan as it follows that of the search and all that are decided before it."""
        before, births = self._search.plan, len(self._search.births)
        for each in (*self._decided, plan):
            before = each.begun(before, births)
        return before

    @property
    def is_decided_since(self) -> bool:
        """Whether a plan is saved that does not hold yet."""
        return bool(self._decided)

    def give_up(self, renderer: Renderer) -> SaveChildren | None:
        """Leave the rest of the brood unborn; return what is to be saved."""
        if self._sizing is None:
            return None
        renderer.cancel(self._sizing.ids)
        self._sizing = None
        return SaveChildren([self.plan], is_sized=True, number=self._number)

    def leave(self) -> Lay | None:
        """Forget the brood. If it is saved, it goes on when there is a renderer again.

        If it is not, the plan is as it was before.

        Returns:
            The request for it, if it had begun.
        """
        begun = None if self._sizing is None else Lay(self._sizing.brood, self._number)
        self._sizing, self.is_reserved = None, False
        if self._unused is not None:
            self._search.plan = self._unused
            if not self.is_decided_since:
                self.plan = self._unused
            self._unused = None
        return begun

    def learning(self, plan: Plan) -> Callable[[], None]:
        """Return a function that lets the search learn a saved plan, to be called once."""
        self._decided.append(plan)

        def learn() -> None:
            begun = self._decided.popleft().begun(self._search.plan, len(self._search.births))
            self._search.plan, self._unused = begun, None

        return learn

    def unlearn(self) -> None:
        """Forget the plans that were to be learnt: what is saved is read again."""
        self._unused = None
        self._decided.clear()


def _may_be(birth: Birth, child: DraftedChild) -> bool:
    """Return whether an individual may be a child of a brood, by its size and its parent."""
    has_size = birth.origin.params.get("size", 0.0) == abs(child.size)
    return has_size and (not child.size or birth.parents[:1] == (child.main,))
