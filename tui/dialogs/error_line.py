"""The line of a dialog for errors and remarks."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen
from textual.widgets import Static


def say_in(dialog: Screen[Any], text: str, *, grave: bool = True) -> None:
    """Show an error, or a remark that is not `grave`, in the line `#error` of a dialog."""
    for line in dialog.query("#error").results(Static):  # none once the dialog is gone
        line.set_class(not grave, "-remark")
        line.update(text)
        if text and grave:  # the dialog may be higher than the terminal
            dialog.call_after_refresh(line.scroll_visible, animate=False, immediate=True)
