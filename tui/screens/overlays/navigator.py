"""The screens over the gallery by destination: the only module that imports them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evolve.genome.masks import Box
from evolve.judgements import LIKED, RATINGS
from tui.screens.gallery_port import Destination, GalleryPort
from tui.screens.overlays.compare import Compare, to_compare
from tui.screens.overlays.edit_place import EditPlace
from tui.screens.overlays.favourites import Favourites
from tui.screens.overlays.gallery_overlay import GalleryOverlay
from tui.screens.overlays.lineage import Lineage
from tui.screens.overlays.part_choice import PartChoice
from tui.screens.overlays.repaint import Repaint
from tui.screens.overlays.ring import Ring
from tui.screens.overlays.take_place import TakePlace
from tui.screens.overlays.zoom import Zoom


def screen_for(destination: Destination, gallery: GalleryPort) -> GalleryOverlay | None:
    """Return the screen to open over `gallery`; None if there is nothing to show on it.

    Notify why, unless that is plain to see.
    """
    if gallery.controller.pages.cursor is None and destination not in _OF_THE_PAGE:
        return None
    if destination in _ALTERING and not gallery.controller.can_alter():
        return None
    return _MAKE[destination](gallery)


def taking(gallery: GalleryPort, other: int, shares: Box | None) -> GalleryOverlay | None:
    """Return the screen that takes a part of another picture into the one under the cursor."""
    return TakePlace(gallery, other, shares) if gallery.controller.can_alter() else None


def _compare(gallery: GalleryPort) -> GalleryOverlay | None:
    ids = to_compare(gallery.controller.pages)
    if len(ids) > 1:
        return Compare(gallery, ids)
    gallery.say("there is nothing to compare it with: breed a page first")
    return None


def _favourites(gallery: GalleryPort) -> GalleryOverlay | None:
    screen = Favourites(gallery)
    if screen.ids:
        return screen
    gallery.say(f"no favourites yet: those rated {LIKED} or {RATINGS[-1]}, and those pinned with p")
    return None


_OF_THE_PAGE = ("compare", "favourites")
_ALTERING = ("repaint", "edit")
_MAKE: Mapping[Destination, Callable[[GalleryPort], GalleryOverlay | None]] = {
    "zoom": Zoom,
    "compare": _compare,
    "lineage": Lineage,
    "ring": Ring,
    "repaint": Repaint,
    "edit": EditPlace,
    "part": PartChoice,
    "favourites": _favourites,
}
