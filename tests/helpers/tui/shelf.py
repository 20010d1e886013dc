"""A list of populations in memory, and the app at it."""

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fake_session import FakeSession, flat_picture
from stage import CountingApp, until

from evolve.errors import ArchiveError, FancierError, GenomeError
from evolve.session.archive import Picture
from tui.screens.population_list import PopulationList

BEFORE = datetime.now(UTC) - timedelta(days=2)


class Shelf:
    """Populations in memory."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.sessions: list[FakeSession] = []
        self.made: list[tuple[str, str]] = []
        self.tastes: list[str] = []
        self.refusal: FancierError | None = None
        self.viewed: list[str] = []
        self.last = ""
        """The population that was used last."""
        self.topics: dict[str, list[str]] = {}
        """Words that the built-in model knows."""
        self.trash: list[str] = []
        self.old: set[str] = set()
        """Names in the trash from before the app began."""
        self.gate: threading.Event | None = None
        self.opening: list[str] = []
        """Populations that were asked for, and wait for the gate if there is one."""
        self.locked = ""
        """The population that cannot be deleted or taken back."""

    def open(self, name: str) -> FakeSession:
        self.opening.append(name)
        if self.gate:
            self.gate.wait(5)
        if self.refusal:
            raise self.refusal
        self.sessions.append(FakeSession())
        return self.sessions[-1]

    def populations(self) -> list[dict]:
        return [
            {
                "name": name,
                "prompt": "a smiling woman",
                "model": "portraits",
                "individuals": 12,
                "rated": 3,
                "bytes": 1,
                "last_used": "2026-01-31T18:00:00+00:00" if name == self.last else None,
            }
            for name in self.names
        ]

    def state(self) -> object:
        return tuple(self.names)

    def create(
        self, name: str, prompt: str, *, model: str, taste_of: str, images: Sequence[Path]
    ) -> None:
        if images:
            raise ArchiveError(f"there is no file '{images[0]}'")
        if not prompt:
            raise GenomeError("the prompt is empty: describe what to paint in a few words")
        if taste_of and taste_of not in self.names:
            raise GenomeError(f"too little is known of your taste in '{taste_of}'")
        self.tastes.append(taste_of)
        self.made.append((name, prompt, model))
        self.names.append(name)

    def models(self) -> list[str]:
        return []

    def words(self) -> dict[str, list[str]]:
        return self.topics

    def thumbnail(self, name: str) -> Picture | None:
        return flat_picture(3) if name == "faces" else None

    def view(self, name: str) -> FakeSession:
        self.viewed.append(name)
        view = FakeSession()
        view.breeds = False
        return view

    def rename(self, name: str, new: str) -> None:
        if new in self.names:
            raise ArchiveError(f"a population named '{new}' exists already")
        self.names[self.names.index(name)] = new

    def copy(self, name: str, new: str) -> None:
        self.names.append(new)

    def delete(self, name: str) -> None:
        self._require(name)
        self.names.remove(name)
        self.trash.append(name)

    def restore(self, name: str) -> None:
        self._require(name)
        self.trash.remove(name)
        self.names.append(name)

    def trashed(self) -> list[tuple[str, datetime]]:
        now = datetime.now(UTC)
        return [(name, BEFORE if name in self.old else now) for name in reversed(self.trash)]

    def _require(self, name: str) -> None:
        if name == self.locked:
            raise ArchiveError(f"'{name}' is open elsewhere")


@asynccontextmanager
async def at_home(shelf: Shelf, size: tuple[int, int] = (100, 30)) -> AsyncIterator:
    home = PopulationList(shelf)
    app = CountingApp(home)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: home.query_one("#title").text)
        await pilot.pause()
        yield home, app, pilot
