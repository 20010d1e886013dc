"""Messages of the app: from the session to the app, and from widgets to their screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from evolve.session.events import Event


@dataclass
class Happened(Message, bubble=False):
    """An event of the session, for those that are reported one by one."""

    event: Event


@dataclass
class PaintingMoved(Message, bubble=False):
    """Painting progressed, or the population was renewed; the event bridge has the details."""


@dataclass
class CardClicked(Message):
    """The mouse was clicked on the card of an individual."""

    individual: int


@dataclass
class ActionClicked(Message):
    """The mouse was clicked on a key in the key bar."""

    action: str
