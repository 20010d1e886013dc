"""Keys that mean the same wherever a picture is under the cursor."""

from __future__ import annotations

from typing import Literal

from evolve.errors import FancierError
from tui.controller import compass
from tui.controller.cards import Card, State
from tui.controller.population_controller import PopulationController
from tui.drawing.blocks import Blocks, Pixels
from tui.screens.find_actions import FindActions
from tui.widgets.details import making


class PictureActions(FindActions):
    """A screen on which pictures are judged."""

    def __init__(self, controller: PopulationController) -> None:
        super().__init__()
        self.controller = controller

    @property
    def is_there(self) -> bool:
        """Whether the screen has its widgets: not yet when it was just opened, nor once closed."""
        return self.is_mounted and self.is_attached

    def draw(self) -> None:
        """Bring this screen up to date; what is the same is not sent again."""
        raise NotImplementedError

    def changed(self) -> None:
        """Something is different: draw every screen that shows the population."""
        raise NotImplementedError

    def picture(self, card: Card) -> Pixels | None:
        """Return what there is to see of an individual."""
        if card.state is State.PAINTED:
            return self.controller.pictures.get(card.id)
        return self.controller.previews.get(card.id)

    def words(self, card: Card) -> str:
        """Return what to write where there is no picture; the caption says the rest."""
        if card.error or self.gallery.blocks is not Blocks.NONE:
            return card.error
        try:
            return f"{making(card.birth.origin)}. {self.controller.genome(card.id).prompt}"
        except FancierError as error:
            return str(error)

    def action_rate(self, value: int) -> None:
        """Rate the picture under the cursor."""
        self.controller.rate(value)
        self._advance()

    def action_reject(self) -> None:
        """Reject the picture under the cursor, or no longer."""
        self.controller.reject()
        self._advance()

    def action_pin(self) -> None:
        """Pin the picture under the cursor, or no longer."""
        self.controller.pin()
        self.changed()

    def action_mark(self) -> None:
        """Mark the picture under the cursor as parent, or no longer."""
        self.controller.mark()
        self.changed()

    def action_pick(self) -> None:
        """Pick the picture under the cursor as the next best of its page, or no longer."""
        self.controller.pick()
        self.changed()

    def action_answer(self, kind: Literal["none", "same"]) -> None:
        """Say something of the whole page, or take it back."""
        self.controller.answer(kind)
        self.changed()

    def action_undo(self) -> None:
        """Take back what was said last."""
        self.controller.undo()
        self.changed()

    def action_redo(self) -> None:
        """Say again what was taken back."""
        self.controller.redo()
        self.changed()

    def _advance(self) -> None:
        if self.controller.advances:
            self.action_step(1)
        else:
            self.changed()

    def action_advance(self) -> None:
        """Go on to the next picture after rating, or no longer."""
        self.controller.advances = not self.controller.advances
        self.say(f"auto-advance is {'on' if self.controller.advances else 'off'}")
        self.changed()

    def action_breed(self) -> None:
        """Breed the next page."""
        self.controller.breed()
        self.changed()

    def action_mutate(self) -> None:
        """Breed variations of the picture under the cursor."""
        self.controller.mutate()
        self.changed()

    def action_another(self) -> None:
        """Choose how many more pictures of this prompt are to be painted, from fresh noise."""
        from tui.dialogs.another_page import AnotherPage

        if self.controller.can_change():
            self.app.push_screen(AnotherPage(self.controller), self._another)

    def _another(self, count: int | None) -> None:
        if count:
            self.controller.newcomers(count)
            self.gallery.come_to_children()

    def action_repaint(self) -> None:
        """Paint again what failed or was stopped."""
        self.controller.paint_missing()
        self.changed()

    def action_compare(self) -> None:
        """Show what is marked side by side, or this picture beside its parent."""
        from tui.screens.compare import Compare, to_compare

        ids = to_compare(self.controller.pages)
        if len(ids) > 1:
            self.app.push_screen(Compare(self.gallery, ids))
        else:
            self.say("there is nothing to compare it with: breed a page first")

    def action_lineage(self) -> None:
        """Show where the picture under the cursor comes from."""
        from tui.screens.lineage import Lineage

        if self.controller.pages.cursor is not None:
            self.app.push_screen(Lineage(self.gallery))

    def action_around(self) -> None:
        """Show steps in all directions around the picture under the cursor."""
        from tui.screens.ring import Ring

        if self.controller.pages.cursor is not None:
            self.app.push_screen(Ring(self.gallery, self.controller.pages.cursor))

    def action_touch(self) -> None:
        """Choose a region of the picture under the cursor to be painted anew."""
        from tui.screens.repaint import Repaint

        if self.controller.pages.cursor is not None and self.controller.can_change():
            self.app.push_screen(Repaint(self.gallery))

    def action_further(self, sign: int) -> None:
        """Go on in the direction that led from the parent to this picture, or the other way."""
        compass.further(self.controller, sign)
        self.gallery.come_to_children()

    def action_remember(self) -> None:
        """Ask for a name for the direction from the parent to this picture."""
        from tui.dialogs.ask import Ask

        card = self.controller.pages.current
        if card is None or not card.birth.parents:
            self.say("it has no parent to lead away from: d looks around it")
            return
        if not self.controller.can_change():
            return
        question = f"A name for the direction from #{card.birth.parents[0]} to #{card.id}"
        problem = lambda name: "" if name else "give it a name, like: older"  # noqa: E731
        self.app.push_screen(Ask(question, problem=problem), self._remember)

    def _remember(self, name: str | None) -> None:
        if name:
            compass.remember(self.controller, name)
            self.say(f"remembered: D turns any picture towards '{name}'")

    def action_directions(self) -> None:
        """Choose a remembered direction for the picture under the cursor."""
        from tui.dialogs.direction_choice import DirectionChoice

        if self.controller.plan.directions:
            self.app.push_screen(DirectionChoice(self.controller), self._turn_to)
        else:
            self.say("no direction is remembered: y remembers the one of this picture")

    def _turn_to(self, name: str | None) -> None:
        if name:
            compass.turn_to(self.controller, name)
            self.gallery.come_to_children()

    def action_recipe(self) -> None:
        """Choose what the next pages are made of."""
        from tui.dialogs.page_recipe import PageRecipe

        if self.controller.can_change():
            self.app.push_screen(PageRecipe(self.controller), self._planned)

    def action_settings(self) -> None:
        """Choose how children are made."""
        from tui.dialogs.breeding_settings import BreedingSettings

        if self.controller.can_change():
            self.app.push_screen(BreedingSettings(self.controller), self._planned)

    def action_words(self) -> None:
        """Edit the words of the picture under the cursor, for all children to come."""
        from tui.dialogs.prompt_editor import PromptEditor

        card = self.controller.pages.current
        if card is not None and self.controller.can_change():
            try:
                prompt = self.controller.genome(card.id).prompt
            except FancierError as error:
                self.say(str(error))
                return
            known, reach = self.gallery.vocabulary, self.gallery.reach
            self.app.push_screen(
                PromptEditor(self.controller, prompt, known, reach), self._reworded
            )

    def _planned(self, breed: bool | None) -> None:
        self.action_breed() if breed else self.changed()

    def _reworded(self, changed: bool | None) -> None:
        if changed:
            self.say("the next page is painted with the new words")

    def action_step(self, by: int) -> None:
        """Move to the picture before or after."""
        self.controller.pages.move(by)
        self.changed()

    def action_first(self) -> None:
        """Move to the first picture of the generation."""
        self.controller.pages.move(-self.controller.pages.index)
        self.changed()

    def action_last(self) -> None:
        """Move to the last picture of the generation."""
        pages = self.controller.pages
        pages.move(len(pages.shown) - 1 - pages.index)
        self.changed()

    def action_turn(self, by: int) -> None:
        """Show another generation."""
        if not self.controller.pages.turn(by):
            self.say("this is the last generation" if by > 0 else "this is the first generation")
        self.changed()
