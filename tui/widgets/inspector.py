"""A panel with what is known about one individual."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip

from evolve.errors import FancierError
from tui.controller.population_controller import PopulationController
from tui.widgets.details import LABEL, Line, describe, family
from tui.widgets.text_lines import Span, TextLine, TextLines, strip


class Inspector(TextLines):
    """Genome, origin and verdict of the individual under the cursor.

    The last line is an ellipsis where there is no room for all.
    """

    def show(self, rows: Sequence[TextLine]) -> None:
        if len(rows) != len(self._rows):
            self.refresh(Region(0, self.size.height - 1, self.size.width, 1))
        super().show(rows)

    def render_line(self, y: int) -> Strip:
        if y + 1 == self.size.height < len(self._rows):
            more = Span(" " * LABEL), Span("…", "label")
            return strip(more, self.size.width, self.style_of)
        return super().render_line(y)

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
