"""What is known about one individual."""

from __future__ import annotations

from evolve.errors import FancierError
from tui.desk import Desk
from tui.details import LABEL, describe
from tui.widgets.rows import Part, Rows


class Inspector(Rows):
    """Genome, origin and verdict of the individual under the cursor."""

    def inspect(self, desk: Desk) -> None:
        """Show the individual under the cursor."""
        card = desk.board.current
        if card is None or not self.size.width:
            self.show([])
            return
        try:
            genome = desk.genome(card.id)
        except FancierError as error:
            self.show([(Part(str(error), "error"),)])
            return
        lines = describe(desk.board, card, genome, self.size.width)
        self.show(
            [
                (
                    Part("" if line.heading else line.label.ljust(LABEL), "label"),
                    Part(line.text, "strong" if line.heading else "text"),
                )
                for line in lines
            ]
        )
