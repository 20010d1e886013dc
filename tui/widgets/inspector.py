"""What is known about one individual."""

from __future__ import annotations

from evolve.errors import FancierError
from tui.controller.controller import Desk
from tui.drawing.details import LABEL, Line, describe, family
from tui.widgets.text_lines import Part, Rows


class Inspector(Rows):
    """Genome, origin and verdict of the individual under the cursor."""

    def inspect(self, desk: Desk, *, with_family: bool = False) -> None:
        """Show the individual under the cursor, and if wanted what it has of its parents."""
        card = desk.board.current
        if card is None or not self.size.width:
            self.show([])
            return
        try:
            lines = describe(desk.board, card, desk.genome(card.id), self.size.width, desk.seed)
            if with_family and card.birth.parents:
                lines += [Line(), *family(desk.board, card, desk.genome, self.size.width)]
        except FancierError as error:
            self.show([(Part(str(error), "error"),)])
            return
        self.show(
            [
                (
                    Part("" if line.heading else line.label.ljust(LABEL), "label"),
                    Part(line.text, "strong" if line.heading else "text"),
                )
                for line in lines
            ]
        )
