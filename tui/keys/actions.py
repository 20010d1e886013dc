"""What can be done with a picture or a page, and the keys for it.

The part of an id before the dot is the section of the help page.
"""

from __future__ import annotations

from functools import partial

from textual.binding import Binding

from evolve.judgements import RATINGS

hidden = partial(Binding, show=False)
"""A key that is on the help page, and not in the key bar."""

_RATE = Binding.Group("Rate", compact=True)
_GENERATION = Binding.Group("Generation", compact=True)

RATE = [
    *(
        Binding(
            str(stars),
            f"rate({stars})",
            "Rate",
            id=f"rate.{stars}",
            tooltip=f"Rate it, {RATINGS[-1]} is best",
            group=_RATE,
        )
        for stars in RATINGS
    ),
]
VERDICTS = [
    Binding("x", "reject", "Reject", id="rate.reject", tooltip="Reject it: never a parent"),
    Binding("space", "mark", "Mark", id="rate.mark", tooltip="Mark it as a parent"),
    Binding("p", "pin", "Pin", id="rate.pin", tooltip="Pin it: always a parent"),
]
PICK = [
    Binding("o", "pick", "Pick", id="rate.pick", tooltip="Pick it as 1st, then 2nd and 3rd"),
    hidden(
        "n", "answer('none')", "None", id="rate.none", tooltip="None of these: breed from earlier"
    ),
    hidden(
        "equals_sign",
        "answer('same')",
        "Same",
        id="rate.same",
        tooltip="All the same: step further",
        key_display="=",
    ),
]
MORE_VERDICTS = [
    hidden("0", "rate(0)", "Clear", id="rate.clear", tooltip="Take its rating back"),
    Binding("u", "undo", "Undo", id="rate.undo", tooltip="Undo"),
    hidden("ctrl+r", "redo", "Redo", id="rate.redo", tooltip="Redo"),
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
DRAFTS_KEY = hidden(
    "H",
    "drafts",
    "Drafts",
    id="breed.drafts",
    tooltip="A page of drafts: more, sooner",
)
ANOTHER_KEY = Binding(
    "N", "another", "New page", id="breed.another", tooltip="Another page of this prompt"
)
DIRECTIONS_KEYS = [
    Binding("d", "around", "Around", id="look.around", tooltip="Look around it, in 8 directions"),
    Binding(
        "f", "further(1)", "Further", id="look.further", tooltip="Further from parent", show=False
    ),
    hidden("v", "further(-1)", "Reverse", id="look.reverse", tooltip="The other way"),
    hidden(
        "y", "remember", "Remember", id="look.remember", tooltip="Remember its direction by name"
    ),
    hidden(
        "D", "directions", "Turn", id="look.directions", tooltip="Turn it in a remembered direction"
    ),
]
REGION = [
    Binding("R", "touch", "Region", id="breed.touch", tooltip="Repaint a region of it"),
]
EDIT_KEY = Binding(
    "a", "edit", "Add", id="breed.edit", tooltip="Add, remove or exchange something in it"
)
ADD_KEY = Binding(
    "plus",
    "edit",
    "Add",
    id="breed.add",
    tooltip="Add, remove or exchange something in it",
    key_display="+",
)
"""The same where `a` does something else."""
TAKE_KEY = Binding(
    "T", "take", "Take", id="breed.take", tooltip="Take a part of the marked picture into this one"
)
TAKE_OFF_KEY = hidden(
    "X", "take_off", "Take off", id="breed.take_off", tooltip="Take its latest edit off again"
)
PLAN = [
    Binding("w", "recipe", "Next page", id="breed.recipe", tooltip="What the next page is made of"),
    Binding("e", "words", "Words", id="breed.words", tooltip="Edit the words of the pages to come"),
    Binding(
        "s", "settings", "Settings", id="breed.settings", tooltip="Page, step, strengths, locks"
    ),
]
COMPLETES = "e completes"
"""What lists the words that a model knows, in notices of the app."""
REPAINT = [
    hidden("r", "repaint", "Repaint", id="breed.repaint", tooltip="Paint missing pictures"),
]
STEPS = [
    hidden("left,h", "step(-1)", "Left", id="move.left", tooltip="Picture before"),
    hidden("right,l", "step(1)", "Right", id="move.right", tooltip="Picture after"),
    hidden("up,k", "row(-1)", "Up", id="move.up", tooltip="Row above"),
    hidden("down,j", "row(1)", "Down", id="move.down", tooltip="Row below"),
    hidden("g,home", "first", "First", id="move.first", tooltip="First picture"),
    hidden("G,end", "last", "Last", id="move.last", tooltip="Last picture"),
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
    hidden(
        "left_square_bracket,pageup,ctrl+u",
        "screenful(-1)",
        "Back",
        id="move.screen_before",
        tooltip="Screen before",
    ),
    hidden(
        "right_square_bracket,pagedown,ctrl+d",
        "screenful(1)",
        "On",
        id="move.screen_after",
        tooltip="Screen after",
    ),
]
SAVE_KEY = Binding("S", "save", "Save", id="keep.save", tooltip="Save it, and those marked, as PNG")
MORE_KEEP = [
    hidden("C", "copy", "Copy recipe", id="keep.copy", tooltip="Copy its recipe and seed"),
    hidden("A", "note", "Annotate", id="keep.note", tooltip="Annotate it: write a note on it"),
]
KEEP = [SAVE_KEY, *MORE_KEEP]
ZOOM = [
    Binding("enter,z", "zoom", "Zoom", id="look.zoom", tooltip="Show it large"),
]
PART_KEY = hidden(
    "P", "part", "Part", id="look.part", tooltip="Enlarge one part of all pictures, or no longer"
)
COMPARE_KEY = [
    Binding("c", "compare", "Compare", id="look.compare", tooltip="Compare with marked or parent"),
]
FAVOURITES_KEY = [
    hidden(
        "F",
        "favourites",
        "Favourites",
        id="look.favourites",
        tooltip=f"All rated {RATINGS[-2]}-{RATINGS[-1]} or pinned",
    ),
]
FIND = [
    hidden("slash", "find", "Find", id="look.find", tooltip="Find words, #id, rating"),
    hidden("greater_than_sign", "found(1)", "Next", id="look.next", tooltip="Next one found"),
    hidden(
        "less_than_sign", "found(-1)", "Previous", id="look.previous", tooltip="One found before"
    ),
]
TREE = [
    Binding("t", "lineage", "Lineage", id="look.lineage", tooltip="Its ancestors and siblings"),
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
TASTE_KEY = hidden(
    "L", "taste", "Likes", id="look.taste", tooltip="What you like, as learnt from what you said"
)
BRANCHES_KEY = hidden(
    "B", "branches", "Branches", id="look.branches", tooltip="Go on in another branch"
)
LEAVE = [
    hidden(
        "escape",
        "cancel",
        "Stop",
        id="app.cancel",
        tooltip="Drop waiting keys, stop painting, or unmark all",
    ),
    Binding("q", "leave", "Quit", id="app.leave", tooltip="Leave, all is saved"),
]
BACK = Binding("escape,q,enter,z", "back", "Back", id="app.back", tooltip="Go back")
CLOSE = Binding("escape,q,enter,i,question_mark,f1", "back", "Close", id="app.close")
QUIT = hidden(
    "ctrl+q,ctrl+c", "quit", "Quit", id="app.quit", tooltip="Quit from anywhere", priority=True
)

SUSPEND = hidden(
    "ctrl+z",
    "suspend_process",
    "Suspend",
    id="app.suspend",
    tooltip="To the shell; fg comes back",
    priority=True,
)

PALETTE = hidden(
    "ctrl+p",
    "command_palette",
    "Palette",
    id="app.palette",
    tooltip="Find what keys do by name",
    priority=True,
)

COLON = hidden(
    "colon",
    "command_palette",
    "Palette",
    id="app.colon",
    tooltip="Find what keys do by name",
    key_display=":",
)
"""The same where no text is typed."""

HELP = Binding(
    "question_mark,f1", "help", "Help", id="app.help", tooltip="This page", key_display="?"
)
