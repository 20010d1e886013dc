"""Asking for children of the picture under the cursor, and setting how they are made."""

from __future__ import annotations

from functools import partial
from textwrap import shorten

from evolve.errors import FancierError
from tui.controller import compass
from tui.screens.actions.judge_actions import JudgeActions

WORDS = 44
"""Characters of a prompt in a notice."""


class BreedActions(JudgeActions):
    """A screen from which pictures are bred."""

    def action_breed(self) -> None:
        """Breed the next page, once ratings that wait for their pictures count."""
        self.gallery.when_rated(self.breed)

    def breed(self) -> None:
        """Breed the next page now."""
        self.controller.breed()
        self.changed()

    def action_mutate(self) -> None:
        self.controller.mutate()
        self.changed()

    def action_drafts(self) -> None:
        """Breed a page of drafts, as `action_breed`."""
        self.gallery.when_rated(self._draft)

    def _draft(self) -> None:
        self.controller.draft()
        self.gallery.come_to_children()

    def action_another(self) -> None:
        from tui.dialogs.list_choices import AnotherPage  # for a fast start

        if self.controller.can_change():
            self.app.push_screen(AnotherPage(self.controller), self._another)

    def _another(self, count: int | None) -> None:
        if count:
            self.controller.newcomers(count)
            self.gallery.come_to_children()

    def action_repaint(self) -> None:
        self.controller.paint_missing()
        self.changed()

    def action_further(self, sign: int) -> None:
        """Go on in the direction that led from the parent to this picture, or the other way."""
        compass.further(self.controller, sign)
        self.gallery.come_to_children()

    def action_remember(self) -> None:
        """Ask for a name for the direction from the parent to this picture."""
        from tui.dialogs.ask import Ask  # for a fast start

        card = self.controller.pages.current
        lead = None if card is None else compass.direction(card)
        if lead is None:
            self.say(compass.NO_DIRECTION)
        elif self.controller.can_change():
            question = f"A name for the direction from #{lead[0]} to #{lead[1]}"
            problem = lambda name: "" if name else "give it a name, like: older"  # noqa: E731
            self.app.push_screen(Ask(question, problem=problem), partial(self._remember, lead))

    def _remember(self, lead: tuple[int, int], name: str | None) -> None:
        if name and compass.remember(self.controller, lead, name):
            self.say(f"remembered: D turns any picture towards '{name}'")

    def action_directions(self) -> None:
        from tui.dialogs.list_choices import DirectionChoice  # for a fast start

        cursor = self.controller.pages.cursor
        if not self.controller.can_change():
            return
        if not self.controller.plan.directions:
            self.say("no direction is remembered: y remembers the one of this picture")
        elif cursor is not None:
            self.app.push_screen(DirectionChoice(self.controller), partial(self._turn_to, cursor))

    def _turn_to(self, id: int, name: str | None) -> None:
        if name:
            compass.turn_to(self.controller, id, name)
            self.gallery.come_to_children()

    def action_recipe(self) -> None:
        from tui.dialogs.page_recipe import PageRecipe  # for a fast start

        if self.controller.can_change():
            self.app.push_screen(PageRecipe(self.controller), self._planned)

    def action_settings(self) -> None:
        from tui.dialogs.breeding_settings import BreedingSettings  # for a fast start

        if self.controller.can_change():
            self.app.push_screen(BreedingSettings(self.controller), self._planned)

    def action_words(self) -> None:
        """Edit the prompt of all children to come: the one in force, or else this picture's."""
        from tui.dialogs.prompt_editor import PromptEditor  # for a fast start

        card = self.controller.pages.current
        if card is not None and self.controller.can_change():
            try:
                prompt = self.controller.genome(card.id).prompt
            except FancierError as error:
                self.say(str(error))
                return
            self.app.push_screen(PromptEditor(self.controller, card.id, prompt), self._reworded)

    def _planned(self, breed: bool | None) -> None:
        self.action_breed() if breed else self.changed()

    def _reworded(self, changed: bool | None) -> None:
        if changed:
            words = shorten(self.controller.words, WORDS, placeholder=" …")
            self.say(f"from the next page on: '{words}' (b breeds it)")
