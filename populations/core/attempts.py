"""Commits that failed after their marker was in place: saved, and not to be saved twice."""

from __future__ import annotations

from populations.core.rows import Batch
from populations.format.header import Header
from populations.format.ledger import Ledger


class Attempts:
    """The outcome of commits that failed; the caller is expected to try again."""

    def __init__(self) -> None:
        self._doubtful: tuple[Batch, Header] | None = None
        """The last that failed, and the header that it was to leave."""
        self._saved: Batch | None = None
        """One that is durable by now, and was reported as not saved."""

    def failed(self, batch: Batch, ledger: Ledger) -> None:
        """Note that `ledger` could not commit `batch`."""
        self._doubtful = (batch, ledger.intended) if ledger.intended else None

    def is_done(self, batch: Batch, ledger: Ledger) -> bool:
        """Return whether an attempt before `ledger` was opened saved `batch`; true once for each.

        Raises:
            OSError: The disk still does not confirm what that attempt left.
        """
        if self._doubtful is not None:
            tried, header = self._doubtful
            if header.data == ledger.header.data:
                ledger.confirm()
                self._saved = tried
            self._doubtful = None
        if self._saved is None:
            return False
        same = self._saved.content() == batch.content()
        # After anything else, the same answer is a new one; the same individuals never are.
        if same or not self._saved.individuals:
            self._saved = None
        return same
