"""Every key of the app.

The order is the order of importance: the key bar shows as many as fit. Ids are for remapping (with
`App.set_keymap`); the part before the dot is the section of the help page.
"""

from __future__ import annotations

from textual.binding import Binding

SECTIONS = {
    "rate": "say what you think",
    "breed": "make new pictures",
    "look": "look closer",
    "move": "move about",
    "list": "populations",
    "app": "everything else",
}
"""Headings of the help page, by the first part of a binding's id."""

_RATE = Binding.Group("Rate", compact=True)
_GENERATION = Binding.Group("Generation", compact=True)

RATE = [
    *(
        Binding(
            str(stars),
            f"rate({stars})",
            "Rate",
            id=f"rate.{stars}",
            tooltip="Rate it, 5 is best",
            group=_RATE,
        )
        for stars in range(1, 6)
    ),
]
VERDICTS = [
    Binding("x", "reject", "Reject", id="rate.reject", tooltip="Reject it: never a parent"),
    Binding("space", "mark", "Mark", id="rate.mark", tooltip="Mark it as a parent"),
    Binding("p", "pin", "Pin", id="rate.pin", tooltip="Pin it: always a parent"),
]
MORE_VERDICTS = [
    Binding("0", "rate(0)", "Clear", id="rate.clear", tooltip="Take its rating back", show=False),
    Binding("u", "undo", "Undo", id="rate.undo", tooltip="Undo"),
    Binding("ctrl+r", "redo", "Redo", id="rate.redo", tooltip="Redo", show=False),
    Binding(
        "a",
        "advance",
        "Auto-advance",
        id="rate.advance",
        tooltip="Auto-advance on or off",
        show=False,
    ),
]
BREED = [
    Binding("b", "breed", "Breed", id="breed.breed", tooltip="Breed the next page"),
    Binding("m", "mutate", "Mutate", id="breed.mutate", tooltip="Breed variations of it"),
]
REPAINT = [
    Binding(
        "r",
        "repaint",
        "Repaint",
        id="breed.repaint",
        tooltip="Paint missing pictures",
        show=False,
    ),
]
STEPS = [
    Binding("left,h", "step(-1)", "Left", id="move.left", tooltip="Picture before", show=False),
    Binding("right,l", "step(1)", "Right", id="move.right", tooltip="Picture after", show=False),
    Binding("up,k", "row(-1)", "Up", id="move.up", tooltip="Row above", show=False),
    Binding("down,j", "row(1)", "Down", id="move.down", tooltip="Row below", show=False),
    Binding("g,home", "first", "First", id="move.first", tooltip="First picture", show=False),
    Binding("G,end", "last", "Last", id="move.last", tooltip="Last picture", show=False),
]
TURNS = [
    Binding(
        "comma",
        "turn(-1)",
        "Generation",
        id="move.before",
        tooltip="Generation before",
        key_display=",",
        group=_GENERATION,
    ),
    Binding(
        "full_stop",
        "turn(1)",
        "Generation",
        id="move.after",
        tooltip="Generation after",
        key_display=".",
        group=_GENERATION,
    ),
]
SCREENS = [
    Binding(
        "left_square_bracket,pageup",
        "screenful(-1)",
        "Back",
        id="move.screen_before",
        tooltip="Screen before",
        show=False,
    ),
    Binding(
        "right_square_bracket,pagedown",
        "screenful(1)",
        "On",
        id="move.screen_after",
        tooltip="Screen after",
        show=False,
    ),
]
ZOOM = [
    Binding("enter,z", "zoom", "Zoom", id="look.zoom", tooltip="Show it large"),
]
COMPARE_KEY = [
    Binding("c", "compare", "Compare", id="look.compare", tooltip="Compare with marked or parent"),
]
INSPECT = [
    Binding(
        "i",
        "inspect",
        "Info",
        id="look.inspect",
        tooltip="Show what it is made of",
        show=False,
    ),
]
LEAVE = [
    Binding("escape", "cancel", "Stop", id="app.cancel", tooltip="Stop painting", show=False),
    Binding("q", "leave", "Quit", id="app.leave", tooltip="Leave, all is saved"),
]
BACK = Binding("escape,q,enter,z", "back", "Back", id="app.back", tooltip="Go back")
CLOSE = Binding("escape,q,enter,i,question_mark,f1", "back", "Close", id="app.close")
QUIT = Binding(
    "ctrl+q,ctrl+c",
    "quit",
    "Quit",
    id="app.quit",
    tooltip="Quit from anywhere",
    show=False,
    priority=True,
)

HELP = Binding(
    "question_mark,f1",
    "help",
    "Help",
    id="app.help",
    tooltip="This page",
    key_display="?",
)
GALLERY = [
    *RATE,
    *BREED,
    *VERDICTS,
    *ZOOM,
    *COMPARE_KEY,
    *TURNS,
    *MORE_VERDICTS,
    *INSPECT,
    *REPAINT,
    *STEPS,
    *SCREENS,
    *LEAVE,
    HELP,
]
ZOOMED = [*RATE, *VERDICTS, *BREED, *COMPARE_KEY, *MORE_VERDICTS, *TURNS, *STEPS, BACK, HELP]
COMPARE = [
    Binding("f", "flicker", "Flicker", id="look.flicker", tooltip="In one place, in turn"),
    Binding("d", "difference", "Difference", id="look.difference", tooltip="What is different"),
    *RATE,
    *VERDICTS,
    *BREED,
    *MORE_VERDICTS,
    *STEPS,
    Binding("escape,q,c,enter", "back", "Back", id="app.back", tooltip="Go back"),
    HELP,
]
HOME = [
    Binding("enter", "open", "Open", id="list.open", tooltip="Open the population"),
    Binding("n", "new", "New", id="list.new", tooltip="Make a new population"),
    Binding("down,j", "move(1)", "Down", id="list.down", tooltip="Next population", show=False),
    Binding("up,k", "move(-1)", "Up", id="list.up", tooltip="Population before", show=False),
    Binding("g,home", "end(0)", "First", id="list.first", tooltip="First", show=False),
    Binding("G,end", "end(-1)", "Last", id="list.last", tooltip="Last", show=False),
    Binding("q,escape", "leave", "Quit", id="list.leave", tooltip="Quit"),
    HELP,
]
LAST = ("app.back", "app.close", "app.leave", "list.leave", "app.help")
"""Ids that stand at the right end of the key bar, where they are never cut off."""
