"""What can be done with a picture or a page, and the keys for it.

The part of an id before the dot is the section of the help page.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from textual.binding import Binding

from evolve.judgements import RATINGS


def bound(id: str, keys: str, action: str, name: str, sense: str = "", **more: Any) -> Binding:
    """Return keys for an action: its name for the key bar, and what it does for the help page."""
    return Binding(keys, action, name, id=id, tooltip=sense, **more)


hidden = partial(bound, show=False)
"""Keys that are on the help page, and not in the key bar."""

_RATE = Binding.Group("Rate", compact=True)
_GENERATION = Binding.Group("Generation", compact=True)

RATE = [
    bound(
        f"rate.{stars}",
        str(stars),
        f"rate({stars})",
        "Rate",
        f"Rate it, {RATINGS[-1]} is best",
        group=_RATE,
    )
    for stars in RATINGS
]
VERDICTS = [
    bound("rate.reject", "x", "reject", "Reject", "Reject it: never a parent"),
    bound("rate.mark", "space", "mark", "Mark", "Mark it as a parent"),
    bound("rate.pin", "p", "pin", "Pin", "Pin it: always a parent"),
]
PICK = [
    bound("rate.pick", "o", "pick", "Pick", "Pick it as 1st, then 2nd and 3rd"),
    hidden("rate.none", "n", "answer('none')", "None", "None of these: breed from earlier"),
    hidden("rate.same", "equals_sign", "answer('same')", "Same", "All the same: step further"),
]
MORE_VERDICTS = [
    hidden("rate.clear", "0", "rate(0)", "Clear", "Take its rating back"),
    bound("rate.undo", "u", "undo", "Undo", "Undo"),
    hidden("rate.redo", "ctrl+r", "redo", "Redo", "Redo"),
    hidden("rate.advance", "a", "advance", "Auto-advance", "Auto-advance on or off"),
]
BREED = [
    bound("breed.breed", "b", "breed", "Breed", "Breed the next page"),
    bound("breed.mutate", "m", "mutate", "Mutate", "Breed variations of it"),
]
DRAFTS_KEY = hidden("breed.drafts", "H", "drafts", "Drafts", "A page of drafts: more, sooner")
ANOTHER_KEY = bound("breed.another", "N", "another", "New page", "Another page of this prompt")
DIRECTIONS_KEYS = [
    bound("look.around", "d", "around", "Around", "Look around it, in 8 directions"),
    hidden("look.further", "f", "further(1)", "Further", "Further from parent"),
    hidden("look.reverse", "v", "further(-1)", "Reverse", "The other way"),
    hidden("look.remember", "y", "remember", "Remember", "Remember its direction by name"),
    hidden("look.directions", "D", "directions", "Turn", "Turn it in a remembered direction"),
]
REGION_KEY = bound("breed.touch", "R", "touch", "Region", "Repaint a region of it")
EDIT_KEY = bound("breed.edit", "a", "edit", "Add", "Add, remove or exchange something in it")
ADD_KEY = bound("breed.add", "plus", "edit", "Add", "Add, remove or exchange something in it")
"""The same where `a` does something else."""
TAKE_KEY = bound("breed.take", "T", "take", "Take", "Take a part of the marked picture")
TAKE_OFF_KEY = hidden(
    "breed.take_off", "X", "take_off", "Take off", "Take its latest edit off again"
)
PLAN = [
    bound("breed.recipe", "w", "recipe", "Next page", "What the next page is made of"),
    bound("breed.words", "e", "words", "Words", "Edit the words of the pages to come"),
    bound("breed.settings", "s", "settings", "Settings", "Page, step, strengths, locks"),
]
COMPLETES = ("e completes", "a, then → completes")
"""How notices name the keys that complete words: in the gallery, and while something is added."""
REPAINT_KEY = hidden("breed.repaint", "r", "repaint", "Repaint", "Paint missing pictures")
STEPS = [
    hidden("move.left", "left,h", "step(-1)", "Left", "Picture before"),
    hidden("move.right", "right,l", "step(1)", "Right", "Picture after"),
    hidden("move.up", "up,k", "row(-1)", "Up", "Row above"),
    hidden("move.down", "down,j", "row(1)", "Down", "Row below"),
    hidden("move.first", "g,home", "first", "First", "First picture"),
    hidden("move.last", "G,end", "last", "Last", "Last picture"),
]
TURNS = [
    bound("move.before", "comma", "turn(-1)", "Generation", "Generation before", group=_GENERATION),
    bound(
        "move.after", "full_stop", "turn(1)", "Generation", "Generation after", group=_GENERATION
    ),
]
SCREENS = [
    hidden(
        "move.screen_before",
        "left_square_bracket,pageup,ctrl+u",
        "screenful(-1)",
        "Back",
        "Screen before",
    ),
    hidden(
        "move.screen_after",
        "right_square_bracket,pagedown,ctrl+d",
        "screenful(1)",
        "On",
        "Screen after",
    ),
]
SAVE_KEY = bound("keep.save", "S", "save", "Save", "Save it, and those marked, as PNG")
MORE_KEEP = [
    hidden("keep.copy", "C", "copy", "Copy recipe", "Copy its recipe and seed"),
    hidden("keep.note", "A", "note", "Annotate", "Annotate it: write a note on it"),
]
KEEP = [SAVE_KEY, *MORE_KEEP]
ZOOM_KEY = bound("look.zoom", "enter,z", "zoom", "Zoom", "Show it large")
PART_KEY = hidden("look.part", "P", "part", "Part", "Enlarge one part of all, or no longer")
COMPARE_KEY = bound("look.compare", "c", "compare", "Compare", "Compare with marked or parent")
FAVOURITES_KEY = hidden(
    "look.favourites",
    "F",
    "favourites",
    "Favourites",
    f"All rated {RATINGS[-2]}-{RATINGS[-1]} or pinned",
)
FIND = [
    hidden("look.find", "slash", "find", "Find", "Find words, #id, rating"),
    hidden("look.next", "greater_than_sign", "found(1)", "Next", "Next one found"),
    hidden("look.previous", "less_than_sign", "found(-1)", "Previous", "One found before"),
]
TREE_KEY = bound("look.lineage", "t", "lineage", "Lineage", "Its ancestors and siblings")
INSPECT_KEY = hidden("look.inspect", "i", "inspect", "Info", "Show what it is made of")
TASTE_KEY = hidden(
    "look.taste", "L", "taste", "Likes", "What you like, as learnt from your judgements"
)
BRANCHES_KEY = hidden("look.branches", "B", "branches", "Branches", "Go on in another branch")
LEAVE = [
    hidden(
        "app.cancel", "escape", "cancel", "Stop", "Drop waiting keys, stop painting, or unmark all"
    ),
    bound("app.leave", "q", "leave", "Quit", "Leave, all is saved"),
]
BACK = bound("app.back", "escape,q,enter,z", "back", "Back", "Go back")
CLOSE = bound("app.close", "escape,q,enter,i,question_mark,f1", "back", "Close")
QUIT = hidden("app.quit", "ctrl+q,ctrl+c", "quit", "Quit", "Quit from anywhere", priority=True)

SUSPEND = hidden(
    "app.suspend",
    "ctrl+z",
    "suspend_process",
    "Suspend",
    "To the shell; fg comes back",
    priority=True,
)

PALETTE = hidden(
    "app.palette",
    "ctrl+p",
    "command_palette",
    "Palette",
    "Find what keys do by name",
    priority=True,
)

COLON = hidden("app.colon", "colon", "command_palette", "Palette", "Find what keys do by name")
"""The same where no text is typed."""
ANYWHERE = [PALETTE, COLON, SUSPEND, QUIT]

HELP = bound("app.help", "question_mark,f1", "help", "Help", "All keys", key_display="?")
