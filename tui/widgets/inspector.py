"""A panel with what is known about one individual."""

from __future__ import annotations

from evolve.errors import FancierError
from tui.controller.population_controller import PopulationController
from tui.widgets.details import LABEL, Line, describe, family
from tui.widgets.text_lines import Span, TextLines


class Inspector(TextLines):
    """Genome, origin and verdict of the individual under the cursor."""

    def inspect(self, controller: PopulationController, *, with_family: bool = False) -> None:
        """Show the individual under the cursor; `with_family` adds how it differs from parents."""
        card = controller.pages.current
        if card is None or not self.size.width:
            self.show([])
            return
        try:
            lines = describe(
                controller.pages,
                card,
                controller.genome(card.id),
                self.size.width,
                controller.source.seed,
                controller.distance(card),
            )
            if with_family and card.birth.parents:
                lines += [
                    Line(),
                    *family(controller.pages, card, controller.genome, self.size.width),
                ]
        except FancierError as error:
            self.show([(Span(str(error), "error"),)])
            return
        self.show(
            [
                (
                    Span("" if line.heading else line.label.ljust(LABEL), "label"),
                    Span(line.text, "strong" if line.heading else "text"),
                )
                for line in lines
            ]
        )
