"""Ways from one picture to others that are not on its page."""

from __future__ import annotations

from tui.screens.taking import Taking


class Going(Taking):
    """A screen from which one goes to favourites."""

    def action_favourites(self) -> None:
        """Show all that was rated 4 or 5 or pinned."""
        from tui.screens.favourites import Favourites

        screen = Favourites(self.gallery)
        if screen.ids:
            self.app.push_screen(screen)
        else:
            self.say("no favourites yet: those rated 4 or 5, and those pinned with p")
