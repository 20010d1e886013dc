"""The saved population: what a person opens, breeds and resumes."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np

from evolve.errors import ArchiveError, FancierError
from evolve.session.archive import Row
from populations.core import load_rows
from populations.core.attempts import Attempts
from populations.core.branches import Branch, leaving, named, there_already
from populations.core.index import Index
from populations.core.reading import Reading
from populations.core.rows import Batch, RenderRow
from populations.core.view import View
from populations.format.failures import OvertakenError, saving_failed
from populations.format.header import Marker, read_header
from populations.format.ledger import Ledger
from populations.format.lock import WriterLock
from populations.format.schema import DROPPED, WITHDRAWN
from populations.home import founding
from populations.home.creation import new_folder


class Population(Reading):
    """An append-only population on disk; implements `evolve.session.archive.Archive`.

    Several threads may read and append. One handle at a time may write, in all processes; any
    number may read beside it, and see what was committed when they were opened or last `refresh`ed.
    """

    def __init__(
        self, path: Path, *, lock: WriterLock | None, marker: Marker | None = None
    ) -> None:
        super().__init__(path, Ledger(path, write=lock is not None, marker=marker))
        if lock is not None:
            self._ledger.discard_dropped()
        self._fixed = marker is not None
        """It shows an earlier commit, and will not show a later one."""
        self._lock = lock
        self._closed = False
        self._appending = threading.Lock()
        self._stale = False
        """A commit failed and the repair after it too: repair again before the next one."""
        self._attempts = Attempts()

    @classmethod
    def create(
        cls, home: Path, name: str, config: Mapping[str, Any], *, rows: Sequence[Row] = ()
    ) -> Self:
        """Make a population with its first rows, all or nothing, and open it for writing.

        Args:
            home: Folder of all populations; it is made if it is not there.
            name: Name of the population and of its folder.
            config: Plain JSON: `model`, `prompt` (of `Prompt.to_json`), `seed`, `page`, ...
            rows: First rows, usually the founders.

        Raises:
            ArchiveError: The name is taken or impossible, or the folder is not usable.
        """
        try:
            json.dumps(dict(config), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ArchiveError(f"config of population '{name}' is not JSON: {error}") from error
        if wrong := founding.problem(config):
            raise ArchiveError(f"population '{name}' cannot be created: {wrong}")
        with new_folder(Path(home), name) as folder:
            Ledger.create(folder, {**config, "name": folder.name})
            with cls.open(folder) as population:
                population.append(rows)
        return cls.open(Path(home) / folder.name)

    @classmethod
    def open(cls, path: Path, *, write: bool = True, patience: float = 0) -> Self:
        """Open the population in the folder `path`, as `population_path(home, name)` gives it.

        Args:
            path: Folder of the population.
            write: Take the writer lock and repair what an interrupted writer left.
            patience: Seconds to wait for another writer.

        Raises:
            LockedError: It is open for writing elsewhere.
            ArchiveError: There is none, or it is foreign, damaged or newer than this program.
        """
        path = Path(path)
        read_header(path)  # refuses what is not a population before a lock is made in it
        lock = WriterLock(path, patience=patience) if write else None
        try:
            return cls(path, lock=lock)
        except BaseException as error:
            if lock:
                lock.release()
            if isinstance(error, OSError):
                raise saving_failed(error, path) from error
            raise

    def as_of(self, commit: int) -> Self:
        """Return the population as it was after a commit, for reading only.

        Raises:
            ArchiveError: There was no such commit.
        """
        then = type(self)(self.path, lock=None, marker=self.history().marker(commit))
        with self._state:
            then._index.forget(self._ledger.given_up(then._ledger.marker.rows.get("renders", 0)))
        return then

    def append(self, rows: Sequence[Row], *, branch: int = 0) -> None:
        """Commit all `rows` together or none; when it returns they are durable.

        Individuals are born in `branch`. An interrupt (ctrl-c) waits until the commit is done.

        Raises:
            ArchiveError: The rows do not fit, or could not be saved: nothing was committed, or the
                disk did not confirm it; the same rows can be appended again and count once.
        """
        self._append(Batch.of(rows, branch=branch))

    def fork(
        self,
        name: str,
        *,
        at: int | None = None,
        commit: int | None = None,
        of: str | None = None,
    ) -> Branch:
        """Make a branch that goes on after the page of individual `at`, or after a commit, or now.

        Now or after a commit it leaves the branch named `of`, after its newest individual by then;
        without a name, that of the newest of all. If that branch was not there yet, it leaves the
        one from which that came.

        Raises:
            ArchiveError: The name is taken, or there was no individual yet, or no branch `of`.
        """
        if at is not None:
            self._require(at)
            page = self._index.generations[at]
            fork = int(np.searchsorted(self._index.generations.values, page, side="right"))
        elif commit is not None:
            rows = self.history().marker(commit).rows
            fork = rows.get("individuals", 0)
            of = of and there_already(self.branches(), of, rows.get("branches", 0)).name
        elif of is not None:
            fork = max(self.branch(of).ids(), default=-1) + 1
        else:
            fork = len(self)
        branch = leaving(self.branches(), self.born_in(), name=name, fork=fork, at=at, of=of)
        self._append(Batch.of([branch]))
        return branch

    def branch(self, name: str) -> View[Population]:
        """Return a branch as an archive of its own, which writes to this population."""
        branch = named(self.branches(), name)
        return View(self, branch, partial(self.append, branch=branch.id))

    def withdraw(self, individuals: Sequence[int], reason: str) -> None:
        """Give up the pictures of `individuals`: they become unpainted again."""
        self._append(_given_up(individuals, WITHDRAWN, reason))

    def drop(self, individuals: Sequence[int]) -> None:
        """Do without the pictures of `individuals` from now on; they count as painted."""
        self._append(_given_up(individuals, DROPPED, "not kept"))
        self._ledger.discard_dropped()  # only now: until then the pictures counted

    def refresh(self) -> bool:
        """Show what another process has committed since; return whether there was anything."""
        if self.writable or self._fixed:
            return False
        with self._state:
            try:
                latest = read_header(self.path).marker
            finally:  # else one that has taken its place would be mixed with it, or called foreign
                self._ledger.store.require_place()
            if latest.seq == self._ledger.marker.seq:
                return False
            ledger, index = Ledger(self.path, write=False), self._index.copy()
            load_rows.load(index, ledger, before=self._ledger.marker.rows)
            self._use(ledger, index)
            return True

    def close(self) -> None:
        """Let others write; a second call does nothing. Reading goes on working."""
        with self._appending:
            self._closed = True
            if self._lock:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def writable(self) -> bool:
        """Whether this handle may append."""
        return self._lock is not None and not self._closed

    def _append(self, batch: Batch) -> None:
        if threading.current_thread() is not threading.main_thread():
            self._commit(batch)
            return
        # Only the main thread is interrupted by ctrl-c, so another one commits.
        with ThreadPoolExecutor(1) as pool:
            commit = pool.submit(self._commit, batch)
            try:
                commit.result()
            except KeyboardInterrupt:
                commit.result()
                raise

    def _commit(self, batch: Batch) -> None:
        with self._appending:
            if not self.writable:
                how = "closed" if self._closed else "open read-only"
                raise ArchiveError(f"population '{self.name}' is {how}: open it for writing first")
            assert self._lock is not None
            self._lock.require_held()
            if self._stale:
                self._reopen()
            if self._is_done(batch):
                return
            batch.check(len(self._index.generations))
            first_render = self._ledger.table("renders").rows
            try:
                columns = batch.columns(self._ledger, self._individuals.bases)
                if not columns:
                    return
                self._ledger.commit(columns, rated=self._index.rated_after(batch.judgements))
            except OvertakenError:
                raise  # to recover would change what another writer saved
            except Exception as error:
                self._attempts.failed(batch, self._ledger)
                self._recover()
                with contextlib.suppress(FancierError):
                    if not self._stale and self._is_done(batch):
                        return  # the rows are among those that were just read
                raise saving_failed(error, self.path) from error
            with self._state:
                batch.add_to(self._index, first_render=first_render)

    def _is_done(self, batch: Batch) -> bool:
        """Return whether an attempt that seemed to fail has saved the batch after all."""
        try:
            return self._attempts.is_done(batch, self._ledger)
        except OSError as error:
            raise saving_failed(error, self.path) from error

    def _recover(self) -> None:
        """Go on from what is on disk after a commit that failed."""
        try:
            self._reopen()
        except Exception:  # a full disk, say; what was committed can still be read
            self._stale = True
            with contextlib.suppress(Exception):
                self._reopen(write=False)

    def _reopen(self, *, write: bool = True) -> None:
        """Read all of it again; `write` also repairs, and is needed before the next commit."""
        try:
            ledger, index = Ledger(self.path, write=write), Index()
            load_rows.load(index, ledger, before={})
        except OSError as error:
            raise saving_failed(error, self.path) from error
        with self._state:
            self._use(ledger, index)
            self._stale = not write


def _given_up(individuals: Sequence[int], length: int, why: str) -> Batch:
    return Batch.of([RenderRow(individual=i, length=length, error=why) for i in individuals])
