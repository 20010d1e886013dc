"""The palette: what keys do on a screen, found by name; and the themes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.command import CommandPalette
from textual.screen import Screen

from tui import keys
from tui.widgets.layer import Layer


class Palette(CommandPalette, Layer[None]):
    """Textual's, which a second click beside it would close along with the screen below."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action == "escape" or super().check_action(action, parameters)


def commands(app: App[Any], screen: Screen[Any]) -> Iterable[SystemCommand]:
    """Yield the actions of keys on a screen, and the choice of a theme."""
    listed: dict[str, Binding] = {}
    for active in screen.active_bindings.values():
        if _is_command(active.binding):
            listed.setdefault(active.binding.action, active.binding)
    senses = Counter(binding.tooltip for binding in listed.values())
    for binding in listed.values():
        key = app.get_key_display(binding)
        alone = senses[binding.tooltip] == 1 and binding.tooltip
        yield SystemCommand(
            f"{alone or f'{binding.description} {key}'}  ({key})",
            "",
            lambda action=binding.action: screen.run_action(action),
        )
    title = "Change the theme until you quit; 'theme' in the config file is for good"
    yield SystemCommand(title, "", app.action_change_theme)


def _is_command(binding: Binding) -> bool:
    """Return whether the palette offers what a key does; not to open itself."""
    section = (binding.id or "").partition(".")[0]
    listed = section in keys.SECTIONS and section != "move"
    return listed and binding.action != "command_palette"
