"""What the screens over the gallery use of it, and the screens that it can open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from textual.binding import ActiveBinding

from evolve.genome.masks import Box
from tui.controller.finding.search_terms import Finder
from tui.controller.places.place import Far, Place
from tui.controller.places.region import Cropped, Region
from tui.controller.population_controller import PopulationController
from tui.drawing.blocks import Blocks

Destination = Literal["zoom", "compare", "lineage", "ring", "repaint", "edit", "part", "favourites"]
"""A screen that the gallery can open over itself."""


class GalleryPort(Protocol):
    """The gallery, for modules that must not import the screens that it opens."""

    blocks: Blocks
    aspect: float
    finder: Finder | None
    repainted: tuple[int, Place, Far] | None
    looked_at: Region
    favourites_by: tuple[str, bool]
    part: Cropped | None

    @property
    def active_bindings(self) -> Mapping[str, ActiveBinding]:
        """What each key does there."""

    @property
    def controller(self) -> PopulationController:
        """The population on the screen, and what can be asked of it."""

    @property
    def notice(self) -> str:
        """The notice to show at present; mostly empty."""

    @property
    def heading(self) -> str:
        """The population, and the branch if it is not the main one."""

    @property
    def reads(self) -> bool:
        """Whether pictures are being read."""

    def open(self, destination: Destination) -> None:
        """Open a screen for the picture under the cursor, at once: keys typed ahead are its."""

    def changed(self) -> None:
        """Draw every screen that shows the population."""

    def say(self, text: str) -> None:
        """Show a notice for some seconds."""

    def await_picture(self, individual: int, then: Callable[[], None]) -> None:
        """Do something once a picture can be seen, and hold back keys typed after it."""

    def when_rated(self, then: Callable[[], None]) -> None:
        """Do something once ratings that wait for their pictures count: mostly at once."""

    def read_missing(self, ids: Sequence[int]) -> None:
        """Read pictures that are painted but not at hand."""

    def come_back(self) -> None:
        """Close every screen above the gallery."""

    def come_to_children(self) -> None:
        """Show what happens to children that were asked for."""

    def go_on_in(self, branch: str | None, at: int | None = None) -> None:
        """Go on in another branch."""

    def take_from(self, other: int, shares: Box | None = None) -> None:
        """Mark a place of the picture under the cursor that is taken from another one.

        Args:
            other: The one that it is taken from.
            shares: What is marked at first, as shares of the picture.
        """

    def enlarge(self, box: Region) -> None:
        """Show this part of each picture."""

    def run_worker(self, work: Any, *, group: str = "default", exclusive: bool = False) -> Any:
        """Run a coroutine that goes on when the screen that asked for it is closed."""

    def call_later(self, callback: Callable[..., Any], *args: Any) -> bool:
        """Call back when the messages before this one are handled."""
