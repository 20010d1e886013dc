"""Room on the disk that a population lies on."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of a population, with a reserve that is not to be used up."""

    path: Path
    """Folder of the population."""
    reserve: int
    """Megabytes."""

    @property
    def free(self) -> int:
        """Bytes that are left."""
        return shutil.disk_usage(self.path).free

    @property
    def is_low(self) -> bool:
        """Whether only the reserve is left."""
        return self.free < self.reserve * 1_000_000

    @property
    def problem(self) -> str:
        """The message when it is low."""
        return (
            f"stopped with {self.free / 1e6:.0f} MB left on the disk of '{self.path.name}', to "
            f"leave {self.reserve} in reserve: everything up to now is saved; free some and start "
            "it again, or keep only the best pictures, or lower the reserve"
        )
