"""The saved population: what a person opens, breeds and resumes."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from evolve.archive import Judgement, Picture, Row
from evolve.births import Births
from evolve.errors import ArchiveError
from evolve.genome import Genome, Prompt
from evolve.individual import Birth
from evolve.plan import Plan
from evolve.verdicts import Verdicts
from populations import checksums, loading, pictures
from populations.blocks import Blocks
from populations.branches import Branch, leaving, named, read_branches
from populations.creation import new_folder
from populations.failures import DamagedError, saving_failed
from populations.header import Header, Marker, read_header
from populations.history import History
from populations.index import Index
from populations.individuals import Individuals
from populations.ledger import Ledger
from populations.lock import WriterLock
from populations.rows import Batch, Withdrawal
from populations.schema import DROPPED
from populations.view import View


class Population:
    """An append-only population on disk; implements `evolve.archive.Archive`.

    Several threads may read and append. One handle at a time may write, in all processes; any
    number may read beside it, and see what was committed when they were opened or last `refresh`ed.
    """

    def __init__(
        self, path: Path, *, lock: WriterLock | None, marker: Marker | None = None
    ) -> None:
        self.path = path
        self._fixed = marker is not None
        self._lock = lock
        self._closed = False
        self._appending = threading.Lock()
        self._state = threading.RLock()
        """Guards the five below; held for moments only, never while files are written."""
        self._use(Ledger(path, write=lock is not None, marker=marker), Index())
        self._stale = False
        """A commit failed and the repair after it too: repair again before the next one."""
        loading.load(self._index, self._ledger, before={})

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
        with new_folder(Path(home), name) as folder:
            Ledger.create(folder, {**config, "name": folder.name})
            with cls.open(folder) as population:
                population.append(rows)
        return cls.open(Path(home) / folder.name)

    @classmethod
    def open(cls, path: Path, *, write: bool = True) -> Self:
        """Open the population in the folder `path`, as `population_path(home, name)` gives it.

        Args:
            path: Folder of the population.
            write: Take the writer lock and repair what an interrupted writer left.

        Raises:
            LockedError: It is open for writing elsewhere.
            ArchiveError: There is none, or it is foreign, damaged or newer than this program.
        """
        path = Path(path)
        read_header(path)  # complains about what is not a population before a lock is made in it
        lock = WriterLock(path) if write else None
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
        return type(self)(self.path, lock=None, marker=self.history().marker(commit))

    def append(self, rows: Sequence[Row], *, branch: int = 0) -> None:
        """Commit all `rows` together or none; when it returns they are durable.

        Individuals are born in `branch`. An interrupt (ctrl-c) waits until the commit is done.

        Raises:
            ArchiveError: The rows do not fit, or could not be saved; nothing was committed.
        """
        self._append(Batch.of(rows, branch=branch))

    def fork(self, name: str, *, at: int | None = None, commit: int | None = None) -> Branch:
        """Make a branch that goes on after the page of individual `at`, or after a commit, or now.

        Raises:
            ArchiveError: The name is taken, or nobody had been born by then.
        """
        if at is not None:
            self._require(at)
            page = self._index.generations[at]
            fork = int(np.searchsorted(self._index.generations.values, page, side="right"))
        else:
            rows = self.history().marker(self.commits if commit is None else commit).rows
            fork = rows.get("individuals", 0)
        branch = leaving(self.branches(), self.born_in(), name=name, fork=fork, at=at)
        self._append(Batch.of([branch]))
        return branch

    def branches(self) -> list[Branch]:
        """Return all branches, the main one first."""
        with self._state:
            return read_branches(self._ledger)

    def branch(self, name: str) -> View:
        """Return a branch as an archive of its own, which writes to this population."""
        return View(self, named(self.branches(), name))

    def born_in(self) -> NDArray[np.int32]:
        """Return the branch that each individual was born in."""
        with self._state:
            return self._ledger.table("individuals").scan("branch")

    def ids(self) -> Sequence[int]:
        """Return the ids of everyone, in order."""
        return range(len(self))

    def withdraw(self, individuals: Sequence[int], reason: str) -> None:
        """Give up the pictures of `individuals`: they become unpainted again."""
        self._append(Batch.of([Withdrawal(i, reason) for i in individuals]))

    def drop(self, individuals: Sequence[int]) -> None:
        """Do without the pictures of `individuals` from now on; they count as painted."""
        with self._state:
            rows = [(self._index.pictures[i], self._index.lengths[i]) for i in individuals]
        self._append(Batch.of([Withdrawal(i, "not kept", DROPPED) for i in individuals]))
        renders = self._ledger.table("renders")
        for row, length in rows:  # only now: until then the pictures counted
            renders.discard_blob("data", row, length)

    def kept_pictures(self) -> NDArray[np.int64]:
        """Return the ids whose pictures are there."""
        with self._state:
            return np.flatnonzero(self._index.lengths.values > 0)

    def picture_lengths(self) -> NDArray[np.int64]:
        """Return the bytes of all pictures that are there."""
        with self._state:
            lengths = self._index.lengths.values
            return lengths[lengths > 0].astype(np.int64)

    def births(self) -> Births:
        """Return every individual without its genome, ordered by id."""
        with self._state:
            generations = self._index.generations.values
            return Births(generations, self._birth, self._individuals.mains)

    def genome(self, individual: int) -> Genome:
        """Return the genome of one individual, checked against its CRC-32."""
        with self._state:
            self._require(individual)
            return self._individuals.genome(individual)

    def picture(self, individual: int) -> Picture | None:
        """Return the latest picture of one individual, or None if it is not painted."""
        data = self.encoded_picture(individual)
        if data is None:
            return None
        try:
            return pictures.decode(data)
        except ValueError as error:
            raise self._damaged_picture(individual) from error

    def encoded_picture(self, individual: int) -> bytes | None:
        """Return the latest picture of one individual as its file (lossless WebP), or None."""
        with self._state:
            self._require(individual)
            row, length = self._index.pictures[individual], self._index.lengths[individual]
            if row < 0 or length == DROPPED:
                return None
            renders, record = self._ledger.table("renders"), "{}"
            with contextlib.suppress(DamagedError):  # the picture may be well
                record = self._records.value("record", row)
        data = renders.read_blob("data", row, length)
        try:
            checksums.check_picture(individual, data, record)
        except (ValueError, AttributeError) as error:
            raise self._damaged_picture(individual) from error
        return data

    def record(self, individual: int) -> Mapping[str, Any]:
        """Return what the latest attempt to paint recorded; empty if there was none."""
        with self._state:
            self._require(individual)
            row = self._index.attempts[individual]
            if row < 0:
                return {}
            text = self._records.value("record", row)
        return {name: value for name, value in json.loads(text).items() if name != "crc32"}

    def unpainted(self) -> list[int]:
        """Return the ids that have no picture and have not failed, in order of birth."""
        with self._state:
            return self._index.unpainted()

    def failed(self) -> Mapping[int, str]:
        """Return the ids whose latest attempt failed, with the reason."""
        with self._state:
            return dict(self._index.failed)

    def verdicts(self, scorer: str | None = None) -> Verdicts:
        """Return what is known of every judged individual, with its latest score by `scorer`.

        Without a name it is the scorer that gave the most scores.

        Individuals that have only a score are among them; those of whom all was taken back are not.
        """
        with self._state:
            return self._index.verdicts_by(scorer)

    def plan(self) -> Plan:
        """Return the latest plan, or one that leaves everything open."""
        with self._state:
            return self._index.plan

    def scores(self) -> Mapping[str, Mapping[int, float]]:
        """Return the latest scores, by scorer and individual."""
        with self._state:
            return {scorer: values.copy() for scorer, values in self._index.scores.items()}

    def judgements(self) -> list[Judgement]:
        """Return everything that was ever said, in order."""
        with self._state:
            return loading.judgements(self._ledger)

    def history(self) -> History:
        """Return every commit so far, with the rows that each table had then."""
        with self._state:
            return History(self._ledger)

    def refresh(self) -> bool:
        """Show what another process has committed since; return whether there was anything."""
        if self.writable or self._fixed:
            return False
        with self._state:
            if read_header(self.path).marker.seq == self._ledger.marker.seq:
                return False
            ledger, index = Ledger(self.path, write=False), self._index.copy()
            loading.load(index, ledger, before=self._ledger.marker.rows)
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

    def __len__(self) -> int:
        with self._state:
            return len(self._index.generations)

    def __repr__(self) -> str:
        return f"<Population '{self.name}' of {len(self)}>"

    @property
    def name(self) -> str:
        """Name of the population, which is that of its folder."""
        return self.path.name

    @property
    def writable(self) -> bool:
        """Whether this handle may append."""
        return self._lock is not None and not self._closed

    @property
    def config(self) -> Mapping[str, Any]:
        """How the population was set up, as given to `create`."""
        return self._header.config

    @property
    def model(self) -> str:
        """Name of the model that paints it."""
        return str(self.config["model"])

    @property
    def prompt(self) -> str:
        """The prompt it was begun with, as text that `Prompt.parse` reads."""
        return str(Prompt.from_json(self.config["prompt"]))

    @property
    def seed(self) -> int:
        """Seed of the whole population."""
        return int(self.config["seed"])

    @property
    def page(self) -> int:
        """How many pictures are shown at once: as planned, or as it was founded."""
        return self.plan().page or int(self.config["page"])

    @property
    def commits(self) -> int:
        """Number of commits so far."""
        return self._ledger.marker.seq

    @property
    def _header(self) -> Header:
        return self._ledger.header

    def _damaged_picture(self, individual: int) -> DamagedError:
        return DamagedError(self.name, f"the picture of individual {individual}")

    def _use(self, ledger: Ledger, index: Index) -> None:
        self._ledger, self._index = ledger, index
        self._individuals = Individuals(ledger)
        self._records = Blocks(ledger.table("renders"))

    def _birth(self, individual: int) -> Birth:
        with self._state:
            return self._individuals.birth(individual)

    def _require(self, individual: int) -> None:
        count = len(self._index.generations)
        if not 0 <= individual < count:
            there = f"ids go from 0 to {count - 1}" if count else "there are none yet"
            raise ArchiveError(f"there is no individual {individual} in '{self.name}': {there}")

    def _append(self, batch: Batch) -> None:
        if threading.current_thread() is not threading.main_thread():
            self._commit(batch)
            return
        # Only the main thread is interrupted by ctrl-c, so another one commits, in peace.
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
                how = "closed" if self._closed else "open for reading only"
                raise ArchiveError(f"population '{self.name}' is {how}: open it for writing first")
            if self._stale:
                self._reopen()
            batch.check(len(self._index.generations))
            first_render = self._ledger.table("renders").rows
            try:
                columns = batch.columns(self._ledger, self._individuals.bases)
                if not columns:
                    return
                self._ledger.commit(columns, rated=self._index.rated_after(batch.judgements))
            except Exception as error:
                self._recover()
                raise saving_failed(error, self.path) from error
            with self._state:
                batch.add_to(self._index, first_render=first_render)

    def _recover(self) -> None:
        """Go on from what is on disk after a commit that failed."""
        try:
            self._reopen()
        except Exception:  # a full disk, say; what was committed can still be read
            self._stale = True

    def _reopen(self) -> None:
        try:
            ledger, index = Ledger(self.path, write=True), Index()
            loading.load(index, ledger, before={})
        except OSError as error:
            raise saving_failed(error, self.path) from error
        with self._state:
            self._use(ledger, index)
            self._stale = False
