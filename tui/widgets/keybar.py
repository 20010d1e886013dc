"""The keys that work now, the most important ones first, never cut in the middle."""

from __future__ import annotations

from typing import Any, NamedTuple

from textual import events
from textual.binding import Binding
from textual.timer import Timer

from tui import keys
from tui.drawing.cells import MORE, wrapped
from tui.widgets.layer import Layer
from tui.widgets.messages import ActionClicked
from tui.widgets.notices import READ
from tui.widgets.text_lines import Span, TextLine, TextLines, row_width

GAP = 2
"""Cells between two entries."""


class Entry(NamedTuple):
    """A key, or several keys of one action or group, with what they do."""

    keys: str
    text: str
    action: str
    last: bool

    @property
    def row(self) -> TextLine:
        """The entry as it is drawn."""
        return (Span(self.keys, "key"), Span(f" {self.text.lower()}", "label"))


def entries(screen: Layer[Any]) -> list[Entry]:
    """Return what to show for a screen: one entry for each action or group of actions."""
    entries: dict[str, Entry] = {}
    listed = (binding for binding in screen.BINDINGS if isinstance(binding, Binding))
    order = {binding.id: (place, binding.key.split(",")) for place, binding in enumerate(listed)}

    def place_of(binding: Binding) -> tuple[int, bool]:
        place, by_default = order.get(binding.id, (len(order), [""]))
        return place, binding.key != by_default[0]

    # Remapped keys, and those that a base class binds too, would otherwise stand elsewhere.
    active_bindings = screen.active_bindings.values()
    for active in sorted(active_bindings, key=lambda active: place_of(active.binding)):
        binding = active.binding
        if not binding.show or not active.enabled or not screen.offers(binding.action):
            continue
        name = binding.group.description if binding.group else binding.action
        key = screen.app.get_key_display(binding)
        if name not in entries:
            last = binding.id in keys.LAST
            entries[name] = Entry(key, screen.names(binding), binding.action, last)
        elif binding.group and key not in entries[name].keys:
            between = " " * (len(key) > 1)
            entries[name] = entries[name]._replace(keys=f"{entries[name].keys}{between}{key}")
    return [entry._replace(keys=shorten(entry.keys)) for entry in entries.values()]


def shorten(text: str) -> str:
    """Write a run of digits as `1-5`."""
    digits = text.replace(" ", "")
    if len(digits) > 2 and digits in "0123456789":
        return f"{digits[0]}-{digits[-1]}"
    return text


class KeyBar(TextLines):
    """One line of keys, or the end of a long notice. A click on a key does what the key does."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._spans: list[tuple[range, str]] = []
        self._lent = ""
        self._line = 0
        self._turning: Timer | None = None

    def lend(self, text: str) -> None:
        """Show the rest of a notice instead of the keys; they come back when it is empty.

        A text longer than the line is shown line by line, each for as long as reading it takes.
        """
        if text != self._lent:
            self._lent = text
            self._turn_to(0)

    def _turn_to(self, line: int) -> None:
        """Show one line of the rest of a notice, and the next one later."""
        if self._turning is not None:
            self._turning.stop()
            self._turning = None
        self._line = line
        self._lay_out()
        lines = self._lines()
        if line + 1 < len(lines):
            read = len(lines[line]) / READ * (1 if line else 2)  # at first, as much stands above it
            self._turning = self.set_timer(read, lambda: self._turn_to(line + 1))

    def _lines(self) -> list[str]:
        """Return the rest of a notice in lines, with room for the sign that another follows."""
        room = self.size.width - 1 - len(MORE)
        return wrapped(self._lent, room) if room > 1 else []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self._lay_out())

    def on_resize(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        if self._lent:
            self._spans = []
            lines = self._lines()
            at = min(self._line, len(lines) - 1)
            more = MORE if at + 1 < len(lines) else ""
            self.show([(Span(" "), Span(f"{lines[at]}{more}" if lines else "", "warning"))])
            return
        assert isinstance(self.screen, Layer)
        shown = entries(self.screen)
        rear = [entry for entry in shown if entry.last]
        # the help key stands at the very end on every screen
        rear.sort(key=lambda entry: keys.LAST.index("app.help") if entry.action == "help" else 0)
        room = self.size.width - 2 - sum(row_width(entry.row) + GAP for entry in rear)
        front: list[Entry] = []
        for entry in (entry for entry in shown if not entry.last):
            room -= row_width(entry.row) + GAP
            if room < 0:
                break
            front.append(entry)
        self._spans = []
        parts: list[Span] = [Span(" ")]
        for entry in front:
            parts += self._place(parts, entry)
        width = sum(row_width(entry.row) + GAP for entry in rear)
        parts.append(Span(" " * max(0, self.size.width - 1 - row_width(tuple(parts)) - width)))
        for entry in rear:
            parts += self._place(parts, entry)
        self.show([tuple(parts)])

    def _place(self, before: list[Span], entry: Entry) -> list[Span]:
        start = row_width(tuple(before))
        self._spans.append((range(start, start + row_width(entry.row)), entry.action))
        return [*entry.row, Span(" " * GAP)]

    def on_click(self, event: events.Click) -> None:
        for span, action in self._spans:
            if event.x in span:
                self.post_message(ActionClicked(action))
