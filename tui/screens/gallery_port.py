"""What the screens over the gallery use of it, and the screens that it can open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from textual.binding import ActiveBinding

from evolve.genome.masks import Box
from tui.controller.finding.search_terms import Finder
from tui.controller.places.place import Far, Place
from tui.controller.places.region import Cropped, Region
from tui.controller.population_controller import PopulationController
from tui.drawing.blocks import Blocks
from tui.screens.picture_reader import PictureReader

Destination = Literal["zoom", "compare", "lineage", "ring", "repaint", "edit", "part", "favourites"]
"""A screen that the gallery can open over itself."""


class GalleryPort(Protocol):
    """The gallery, for modules that must not import the screens that it opens.

    What is here does what `Gallery` and the classes below it say.
    """

    blocks: Blocks
    reader: PictureReader
    finder: Finder | None
    repainted: tuple[int, Place, Far] | None
    looked_at: Region
    favourites_by: tuple[str, bool]
    part: Cropped | None

    @property
    def active_bindings(self) -> Mapping[str, ActiveBinding]: ...
    @property
    def controller(self) -> PopulationController: ...
    @property
    def notice(self) -> str: ...
    @property
    def heading(self) -> str: ...

    def open(self, destination: Destination) -> None: ...
    def take_from(self, other: int, shares: Box | None = None) -> None: ...
    def enlarge(self, box: Region) -> None: ...
    def come_back(self) -> None: ...
    def come_to_children(self) -> None: ...
    def go_on_in(self, branch: str | None, at: int | None = None) -> None: ...
    def changed(self) -> None: ...
    def say(self, text: str) -> None: ...
    def await_picture(self, individual: int, then: Callable[[], None]) -> None: ...
    def when_rated(self, then: Callable[[], None]) -> None: ...
    def run_worker(self, work: Any, *, group: str = ..., exclusive: bool = ...) -> Any: ...
    def call_later(self, callback: Callable[..., Any], *args: Any) -> bool: ...
