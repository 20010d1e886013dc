"""The reading half of `Population`."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ArchiveError
from evolve.genome import Genome, Prompt
from evolve.plain_numbers import is_number
from evolve.scoring.looks import appearance
from evolve.scoring.looks.embedding import APPEARANCE, KEY, READING, Embedding, looks
from evolve.scoring.looks.sight import CELLS, Sight
from evolve.search.births import Births
from evolve.search.growable_array import Growing
from evolve.search.individual import Birth
from evolve.search.plan import Plan
from evolve.search.verdicts import Verdicts
from evolve.session.archive import Judgement, Picture
from populations.core import load_rows
from populations.core.branches import Branch, read_branches
from populations.core.captions import known_ids
from populations.core.history import History
from populations.core.index import Index
from populations.core.individuals import Individuals
from populations.format import checksums, picture_bytes
from populations.format.columns.values import ColumnValues
from populations.format.failures import DamagedError
from populations.format.json_texts import SENSELESS, parse_object
from populations.format.ledger import Ledger
from populations.format.schema import DROPPED
from populations.home import founding
from populations.home.moved_model import moved_to


class Reading:
    """Reads what a ledger has committed; several threads may."""

    def __init__(self, path: Path, ledger: Ledger) -> None:
        self.path = path
        self._state = threading.RLock()
        """Guards what `_use` sets; held for moments only, never while files are written."""
        if wrong := founding.problem(ledger.header.config):
            raise DamagedError(path.name, wrong)
        self._use(ledger, Index())
        load_rows.load(self._index, self._ledger, before={})

    def births(self) -> Births:
        """Return every individual without its genome, ordered by id."""
        with self._state:
            generations = self._index.generations.values
            return Births(generations, self._birth, self._individuals.links)

    def genome(self, individual: int) -> Genome:
        """Return the genome of one individual, checked against its CRC-32."""
        with self._state:
            self._require(individual)
            return self._individuals.genome(individual)

    def prompts(self, individuals: Sequence[int]) -> Iterator[str]:
        """Yield what individuals are to show, faster than genomes are read and checked.

        Raises:
            ArchiveError: Their files cannot be read.
        """
        with self._state:
            table = self._ledger.table("individuals")
        blocks = ColumnValues(table)  # its own, so that no other reader waits
        for individual in individuals:
            try:
                prompt = parse_object(blocks.value("genome", individual))["prompt"]
                yield " | ".join(str(text) for text, _ in prompt["concepts"])
            except SENSELESS as error:
                raise DamagedError(self.name, f"the genome of individual {individual}") from error

    def picture(self, individual: int) -> Picture | None:
        """Return the latest picture of one individual, or None if it is not painted."""
        with self._state:
            self._require(individual)
            row, length = self._index.pictures[individual], self._index.lengths[individual]
            if row < 0 or length == DROPPED:
                return None
            renders, record = self._ledger.table("renders"), "{}"
            with contextlib.suppress(DamagedError):  # the picture may be well
                record = self._records.value("record", row)
        try:
            data = renders.read_blob(row, length)
        except DamagedError:
            if self._was_given_up(individual):
                return None
            raise
        try:
            checksums.check_picture(individual, data, record)
            return picture_bytes.decode(data)
        except ValueError as error:
            raise DamagedError(self.name, f"the picture of individual {individual}") from error

    def sound_picture(self, individual: int) -> Picture | None:
        """Return the latest picture of one individual; None, too, if it is damaged."""
        try:
            return self.picture(individual)
        except DamagedError:
            return None

    def painted(self, individual: int) -> Picture:
        """Return the latest picture of one individual.

        Raises:
            ArchiveError: It has none.
        """
        picture = self.picture(individual)
        if picture is None:
            raise ArchiveError(
                f"individual {individual} of '{self.name}' has no picture: "
                f"'fancier paint \"{self.name}\" --ids {individual}' paints it"
            )
        return picture

    def record(self, individual: int) -> Mapping[str, Any]:
        """Return what was recorded of the painting of the latest picture; empty without one."""
        return _of_painting(self._record(individual))

    def embedding(self, individual: int) -> Embedding | None:
        """Return what the latest picture of one individual is like, None if that is not known."""
        return Embedding.from_record(self._record(individual))

    def sight(self, individual: int) -> Sight | None:
        """Return the same for distances, as all embedders see it; None if that is not known."""
        return Sight.from_record(self._record(individual))

    def wanted(self, individual: int) -> float | None:
        """Return how surely the latest picture of one individual shows what its edit asked for.

        None if it has no such edit, or that is not known.
        """
        value = self._record(individual).get("wanted")
        return float(value) if is_number(value) else None

    def looks(self, individual: int) -> tuple[Embedding, ...]:
        """Return all that is known of what the latest picture of one individual is like.

        How it looks as a whole is left out in populations that were made before that was known:
        a taste goes on there as it would have.
        """
        known = looks(self._record(individual))
        counts = self.config.get(APPEARANCE) is True
        return known if counts else tuple(each for each in known if each.of != appearance.NAME)

    def _record(self, individual: int) -> Mapping[str, Any]:
        with self._state:
            self._require(individual)
            row = self._index.pictures[individual]
            return {} if row < 0 else self._recorded(row, individual)

    def _recorded(self, row: int, individual: int) -> Mapping[str, Any]:
        try:
            return parse_object(self._records.value("record", row))
        except ValueError as error:
            what = f"the record of individual {individual}"
            raise DamagedError(self.name, what) from error

    def latest_painting(self) -> tuple[int, Mapping[str, Any]] | None:
        """Return whose picture was saved last, and what was recorded of it; None without any."""
        with self._state:
            rows = self._index.pictures.values
            if not len(rows) or rows[last := int(rows.argmax())] < 0:
                return None
            return last, _of_painting(self._recorded(int(rows[last]), last))

    def unpainted(self) -> list[int]:
        """Return the ids that have no picture and have not failed, in order of birth."""
        with self._state:
            ids: list[int] = np.flatnonzero(self._index.waiting.values).tolist()
            return ids

    def failed(self) -> Mapping[int, str]:
        """Return the ids whose latest attempt failed, with the reason."""
        with self._state:
            return dict(self._index.failed)

    def verdicts(self, scorer: str | None = None) -> Verdicts:
        """Return what is known of every judged individual, with its latest score by `scorer`.

        Without a name it is the scorer that gave the most scores.

        Individuals that have only a score are among them; those that lost all judgements are not.
        """
        with self._state:
            return self._index.verdicts_by(scorer)

    def plan(self) -> Plan:
        """Return the latest plan, or one that leaves everything open."""
        with self._state:
            return self._index.plan

    def notes(self) -> Mapping[int, str]:
        """Return what is written on individuals; those without a note are left out."""
        with self._state:
            return self._index.notes.copy()

    def scores(self) -> Mapping[str, Mapping[int, float]]:
        """Return the latest scores, by scorer and individual."""
        with self._state:
            return {scorer: values.copy() for scorer, values in self._index.scores.items()}

    def judgements(self) -> list[Judgement]:
        """Return every judgement ever made, in order."""
        with self._state:
            return load_rows.judgements(self._ledger)

    def history(self) -> History:
        """Return every commit so far, with the rows that each table had then."""
        with self._state:
            return History(self._ledger)

    def branches(self) -> list[Branch]:
        """Return all branches, the main one first."""
        with self._state:
            return read_branches(self._ledger)

    def born_in(self) -> NDArray[np.int32]:
        """Return the branch that each individual was born in."""
        with self._state:
            if known := len(self._born_in):  # never changed: only what was born since is read
                branch = self._ledger.table("individuals").scan("branch", start=known)
            else:
                branch = self._ledger.whole("individuals", "branch")
            last = self._ledger.table("branches").rows
            if len(branch) and not 0 <= branch.min() <= branch.max() <= last:
                raise DamagedError(self.name, "individuals belong to no branch")
            self._born_in.extend(branch)
            return self._born_in.values[: len(self)]  # a commit may not be in the index yet

    def ids(self) -> Sequence[int]:
        """Return all ids, in order."""
        return range(len(self))

    def kept_pictures(self) -> NDArray[np.int64]:
        """Return the ids whose pictures are there."""
        with self._state:
            return np.flatnonzero(self._index.lengths.values > 0)

    def picture_lengths(self) -> NDArray[np.int64]:
        """Return the bytes of all pictures that are there."""
        with self._state:
            lengths = self._index.lengths.values
            return lengths[lengths > 0].astype(np.int64)

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
    def config(self) -> Mapping[str, Any]:
        """How the population was set up, as given to `create`."""
        return self._ledger.header.config

    @property
    def model(self) -> str:
        """Name of the model that paints it, which may have been moved since it was founded."""
        return moved_to(self.path) or str(self.config["model"])

    @property
    def prompt(self) -> str:
        """The prompt it was begun with, as it is typed."""
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

    def _use(self, ledger: Ledger, index: Index) -> None:
        self._ledger, self._index = ledger, index
        self._individuals = Individuals(ledger)
        self._records = ColumnValues(ledger.table("renders"))
        self._born_in = Growing(np.int32, 0)

    def _was_given_up(self, individual: int) -> bool:
        """Return whether a picture was given up since it was read, maybe by another process."""
        with self._state:
            if self._index.lengths[individual] == DROPPED:
                return True
            seen = self._ledger.marker.rows.get("renders", 0)
        return individual in Ledger(self.path, write=False).given_up(seen)

    def _birth(self, individual: int) -> Birth:
        with self._state:
            return self._individuals.birth(individual)

    def _require(self, individual: int) -> None:
        count = len(self._index.generations)
        if not 0 <= individual < count:
            raise ArchiveError(
                f"there is no individual {individual} in '{self.name}': {known_ids(count)}"
            )


def _of_painting(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the part of a record that is about the painting, not about the picture."""
    return {
        name: value
        for name, value in record.items()
        if name not in ("crc32", KEY, READING, APPEARANCE, CELLS)
    }
